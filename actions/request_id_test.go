package actions

import (
	"strings"
	"testing"
)

// TestValidRequestID: what a system may call its request, and what would forge a line
// of the log.
func TestValidRequestID(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]bool{
		"a": true, "Req-42_a.B": true, strings.Repeat("x", 64): true, NewRequestID(): true,
		"": false, strings.Repeat("x", 65): false, "a b": false, "a\nb": false, "a\"b": false, "é": false, "a=b": false,
	} {
		if got := ValidRequestID(id); got != want {
			t.Errorf("%q may name a request: %t, want %t", id, got, want)
		}
	}
}

// TestRequestID: a context keeps the ID, and those made of it do.
func TestRequestID(t *testing.T) {
	t.Parallel()
	if got := RequestID(t.Context()); got != "" {
		t.Errorf("a context without a request has %q", got)
	}
	if got := RequestID(WithRequestID(t.Context(), "r1")); got != "r1" {
		t.Errorf("the request is %q", got)
	}
}
