package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

// TestNewLog: a line names the request that it is about, also of a log with attributes
// of its own, and no line names one that there isn't.
func TestNewLog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := newLog(&out)
	ctx := actions.WithRequestID(t.Context(), "r1")
	log.InfoContext(ctx, "one")
	log.With("part", "database").WarnContext(ctx, "two")
	log.InfoContext(t.Context(), "three")
	lines := json.NewDecoder(&out)
	for _, want := range []string{"r1", "r1", ""} {
		var line struct{ Msg, Request string }
		if err := lines.Decode(&line); err != nil || line.Request != want {
			t.Errorf("the line %q has the request %q, %v; want %q", line.Msg, line.Request, err, want)
		}
	}
}
