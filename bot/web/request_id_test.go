package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/web"
)

// TestIdentified: a request keeps the ID that its sender gave it, unless that would forge
// a line of the log, and the answer says which it is.
func TestIdentified(t *testing.T) {
	t.Parallel()
	var served string
	handler := web.Identified(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { served = actions.RequestID(r.Context()) }))
	for sent, kept := range map[string]bool{"order-42_a.B": true, "": false, "a b": false, "x\"y": false, strings.Repeat("x", 65): false} {
		r, w := httptest.NewRequest(http.MethodGet, "/v1/changes", http.NoBody), httptest.NewRecorder()
		r.Header.Set("X-Request-Id", sent)
		handler.ServeHTTP(w, r)
		if told := w.Header().Get("X-Request-Id"); told != served || !actions.ValidRequestID(served) || (served == sent) != kept {
			t.Errorf("a request that is sent as %q is served as %q, and the answer says %q", sent, served, told)
		}
	}
}

// TestNumbered: a customer names no request of ours, and is told no name.
func TestNumbered(t *testing.T) {
	t.Parallel()
	var served string
	handler := web.Numbered(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { served = actions.RequestID(r.Context()) }))
	r, w := httptest.NewRequest(http.MethodGet, "/s/1", http.NoBody), httptest.NewRecorder()
	r.Header.Set("X-Request-Id", "mine")
	handler.ServeHTTP(w, r)
	if served == "mine" || !actions.ValidRequestID(served) || w.Header().Get("X-Request-Id") != "" {
		t.Errorf("the request is served as %q, and the answer says %q", served, w.Header().Get("X-Request-Id"))
	}
}

// TestLeaving: a server that is about to stop isn't ready, whatever else is there.
func TestLeaving(t *testing.T) {
	t.Parallel()
	var l web.Leaving
	ready := l.Before(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	if got := get(ready, http.MethodGet); got.Code != http.StatusNoContent {
		t.Errorf("a server that stays answers %d", got.Code)
	}
	l.Leave()
	if got := get(ready, http.MethodGet); got.Code != http.StatusServiceUnavailable || !strings.Contains(got.Body.String(), "about to stop") {
		t.Errorf("a server that is about to stop answers %d %s", got.Code, got.Body)
	}
	if got := get(ready, http.MethodPost); got.Code != http.StatusMethodNotAllowed {
		t.Errorf("a POST is answered %d", got.Code)
	}
}
