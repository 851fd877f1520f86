package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-bot/latchkey/bot/web"
)

var (
	there   = func(context.Context) error { return nil }
	missing = func(context.Context) error { return errors.New("dial tcp 10.0.0.7:5432: connection refused") }
	silent  = slog.New(slog.DiscardHandler)
)

func get(h http.Handler, method string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, httptest.NewRequest(method, "/", nil))
	return answer
}

func TestHealthz(t *testing.T) {
	if answer := get(web.Healthz(), http.MethodGet); answer.Code != http.StatusOK || answer.Body.String() != "ok\n" {
		t.Errorf("got %d %q", answer.Code, answer.Body)
	}
	answer := get(web.Healthz(), http.MethodPost)
	if answer.Code != http.StatusMethodNotAllowed || answer.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: got %d, Allow %q", answer.Code, answer.Header().Get("Allow"))
	}
	if answer.Header().Get("X-Content-Type-Options") != "nosniff" || answer.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("headers: %v", answer.Header())
	}
}

func TestReadyz(t *testing.T) {
	for name, test := range map[string]struct {
		database, slack web.Check
		status          int
		want            map[string]string
	}{
		"OK":           {there, there, 200, map[string]string{"database": "ok", "slack": "ok"}},
		"WithoutSlack": {there, nil, 200, map[string]string{"database": "ok"}},
		"DatabaseDown": {missing, there, 503, map[string]string{"database": "The database doesn't answer.", "slack": "ok"}},
		"SlackDown":    {there, missing, 503, map[string]string{"database": "ok", "slack": "Slack doesn't answer, or refuses the token."}},
	} {
		t.Run(name, func(t *testing.T) {
			answer := get(web.Readyz(test.database, test.slack, silent), http.MethodGet)
			var got map[string]string
			if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); answer.Code != test.status || diff != "" {
				t.Errorf("got %d, want %d\n%s", answer.Code, test.status, diff)
			}
		})
	}
}

func TestReadyzWaitsTwoSecondsAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		frozen := make(chan struct{})
		answer := get(web.Readyz(func(context.Context) error { <-frozen; return nil }, nil, silent), http.MethodGet)
		if took := time.Since(begin); answer.Code != http.StatusServiceUnavailable || took > 2*time.Second {
			t.Errorf("got %d after %s", answer.Code, took)
		}
		close(frozen)
	})
}

func TestReadyzRemembersSlackForHalfAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked, down := 0, false
		ready := web.Readyz(there, func(context.Context) error {
			asked++
			if down {
				return errors.New("down")
			}
			return nil
		}, silent)
		status := func() int { return get(ready, http.MethodGet).Code }
		steps := []struct {
			wait   time.Duration
			down   bool
			status int
			asked  int
		}{
			{0, false, 200, 1},
			{29 * time.Second, true, 200, 1},
			{time.Second, true, 503, 2},
			{4 * time.Second, false, 503, 2},
			{time.Second, false, 200, 3},
		}
		for i, step := range steps {
			<-time.After(step.wait) // in the bubble nobody waits for it
			down = step.down
			if got := status(); got != step.status || asked != step.asked {
				t.Errorf("step %d: got %d and asked %d times, want %d and %d", i, got, asked, step.status, step.asked)
			}
		}
	})
}
