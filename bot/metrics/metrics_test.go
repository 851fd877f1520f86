package metrics_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/metrics"
)

// moment is when everything here is scraped.
var moment = time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)

// known are the metrics of a server with little to count.
func known(tallies func(context.Context, time.Time) (actions.Tallies, error)) *metrics.Metrics {
	return metrics.New(metrics.Config{
		Requests: []string{"diagnose"}, Outcomes: []string{"ok", "internal"}, Methods: []string{"chat.postMessage", metrics.ResponseURL},
		Jobs: map[string]time.Duration{"tidy": time.Hour, "sweep": time.Second}, Cases: []string{"open"}, Version: "v1", Revision: "abc",
		Tallies: tallies, Now: func() time.Time { return moment }, Log: slog.New(slog.DiscardHandler),
	})
}

// nothing is a database with nothing in it.
func nothing(context.Context, time.Time) (actions.Tallies, error) { return actions.Tallies{}, nil }

// scrape is what is said.
func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatalf("a scrape is answered %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// wants expects that lines are said.
func wants(t *testing.T, said string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(said, line+"\n") {
			t.Errorf("it doesn't say %s", line)
		}
	}
}

// TestRequest: what isn't known counts as another, so that nobody makes labels.
func TestRequest(t *testing.T) {
	t.Parallel()
	m := known(nothing)
	m.Request("diagnose", "ok", 700*time.Millisecond)
	m.Request("diagnose", "ok", 20*time.Millisecond)
	m.Request("jane@acme.example", "strange", time.Minute)
	said := scrape(t, m)
	wants(t, said, `latchkey_requests_total{command="diagnose",outcome="ok"} 2`, `latchkey_requests_total{command="diagnose",outcome="internal"} 0`,
		`latchkey_requests_total{command="other",outcome="other"} 1`, `latchkey_request_seconds_bucket{command="diagnose",outcome="ok",le="0.5"} 1`,
		`latchkey_request_seconds_bucket{command="diagnose",outcome="ok",le="1"} 2`, `latchkey_build_info{goversion="`+goVersion(said)+`",revision="abc",version="v1"} 1`)
	if strings.Contains(said, "jane") {
		t.Error("a label names a customer")
	}
}

// goVersion is the version of Go that is said.
func goVersion(said string) string {
	_, rest, _ := strings.Cut(said, `latchkey_build_info{goversion="`)
	version, _, _ := strings.Cut(rest, `"`)
	return version
}

// answers is a transport that answers so.
type answers func(*http.Request) (*http.Response, error)

// RoundTrip answers.
func (f answers) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// broken is a body that breaks off.
type broken struct{ io.Reader }

// Read reads until it breaks off.
func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// TestSlackTransport: each call counts by its method and what became of it, and who
// called reads the answer as Slack gave it.
func TestSlackTransport(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		status  int
		body    io.Reader // nil: no answer
		method  string
		outcome string
	}{
		"OK":          {200, strings.NewReader(`{"ok":true,"ts":"1.1"}`), "chat.postMessage", "ok"},
		"Refused":     {200, strings.NewReader(`{"ok":false,"error":"channel_not_found"}`), "chat.postMessage", "refused"},
		"InvalidAuth": {200, strings.NewReader(`{"ok":false,"error":"invalid_auth"}`), "chat.postMessage", "token_refused"},
		"NoAuth":      {200, strings.NewReader(`{"ok":false,"error":"not_authed"}`), "chat.postMessage", "token_refused"},
		"Revoked":     {200, strings.NewReader(`{"ok":false,"error":"token_revoked"}`), "chat.postMessage", "token_refused"},
		"Expired":     {200, strings.NewReader(`{"ok":false,"error":"token_expired"}`), "chat.postMessage", "token_refused"},
		"WrongKind":   {200, strings.NewReader(`{"ok":false,"error":"not_allowed_token_type"}`), "chat.postMessage", "token_refused"},
		"Inactive":    {200, strings.NewReader(`{"ok":false,"error":"account_inactive"}`), "chat.postMessage", "token_refused"},
		"LimitedSaid": {200, strings.NewReader(`{"ok":false,"error":"ratelimited"}`), "chat.postMessage", "rate_limited"},
		"Limited":     {429, strings.NewReader(``), "chat.postMessage", "rate_limited"},
		"Unavailable": {503, strings.NewReader(`<html>`), "chat.postMessage", "unavailable"},
		"NotFound":    {404, strings.NewReader(``), "chat.postMessage", "refused"},
		"Failed":      {0, nil, "chat.postMessage", "failed"},
		"BrokenOff":   {200, broken{strings.NewReader(`{"ok":tr`)}, "chat.postMessage", "failed"},
		"Unknown":     {200, strings.NewReader(`{"ok":true}`), "other", "ok"},
	} {
		m := known(nothing)
		path := row.method
		if path == "other" {
			path = "U0JANE"
		}
		text := ""
		client := &http.Client{Transport: m.SlackTransport(answers(func(*http.Request) (*http.Response, error) {
			if row.body == nil {
				return nil, io.ErrUnexpectedEOF
			}
			return &http.Response{StatusCode: row.status, Body: io.NopCloser(row.body)}, nil
		}))}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://slack.example/api/"+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Do(r)
		if err == nil {
			read, wrong := io.ReadAll(answer.Body)
			text, err = string(read), errors.Join(wrong, answer.Body.Close())
		}
		if failed := row.outcome == "failed"; failed != (err != nil) || name == "OK" && text != `{"ok":true,"ts":"1.1"}` {
			t.Errorf("%s: the caller reads %q, %v", name, text, err)
		}
		wants(t, scrape(t, m), `latchkey_slack_calls_total{method="`+row.method+`",outcome="`+row.outcome+`"} 1`)
	}
}

// TestResponseTransport: an answer to a response_url counts as one, whatever its path.
func TestResponseTransport(t *testing.T) {
	t.Parallel()
	m := known(nothing)
	client := &http.Client{Transport: m.ResponseTransport(answers(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("ok"))}, nil
	}))}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://hooks.slack.com/commands/T1/2/secret", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	said := scrape(t, m)
	wants(t, said, `latchkey_slack_calls_total{method="response_url",outcome="ok"} 1`)
	if strings.Contains(said, "secret\"") {
		t.Error("a label has a part of the address")
	}
}

// TestTallies: the database's numbers are said, each state once.
func TestTallies(t *testing.T) {
	t.Parallel()
	said := scrape(t, known(func(context.Context, time.Time) (actions.Tallies, error) {
		return actions.Tallies{
			Outbox: map[actions.OutboxState]int{actions.OutboxDead: 3}, Oldest: moment.Add(-90 * time.Second),
			Jobs:  map[string]time.Time{"tidy": moment.Add(-time.Hour), "gone": moment},
			Cases: map[string]int{"open": 2, "strange": 1, "stranger": 4}, Secrets: map[actions.SecretState]int{actions.SecretRevealed: 5},
		}, nil
	}))
	wants(t, said, `latchkey_database_up 1`, `latchkey_outbox_depth{state="dead"} 3`, `latchkey_outbox_depth{state="waiting"} 0`,
		`latchkey_outbox_age_seconds 90`, `latchkey_cases{state="open"} 2`, `latchkey_cases{state="other"} 5`, `latchkey_secrets{outcome="revealed"} 5`,
		`latchkey_secrets{outcome="live"} 0`, `latchkey_job_last_success_timestamp_seconds{job="tidy"} 1.7731314e+09`,
		`latchkey_job_last_success_timestamp_seconds{job="sweep"} 0`, `latchkey_job_period_seconds{job="tidy"} 3600`)
	if strings.Contains(said, "gone") {
		t.Error("a job is named that there isn't")
	}
}

// TestDatabaseAway: without the database the scrape is answered all the same, with what
// the server itself knows.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	m := known(func(context.Context, time.Time) (actions.Tallies, error) { return actions.Tallies{}, io.ErrClosedPipe })
	m.JobDone("sweep")
	said := scrape(t, m)
	wants(t, said, `latchkey_database_up 0`, `latchkey_job_last_success_timestamp_seconds{job="sweep"} 1.773135e+09`)
	for _, missing := range []string{"latchkey_outbox_depth{", `latchkey_job_last_success_timestamp_seconds{job="tidy"}`} {
		if strings.Contains(said, missing) {
			t.Errorf("it says %s, and can't know it", missing)
		}
	}
}

// TestDatabaseFrozen: a scrape waits two seconds, and the next doesn't ask a second time
// while the first question hangs.
func TestDatabaseFrozen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		thaw := make(chan struct{})
		m := known(func(context.Context, time.Time) (actions.Tallies, error) {
			asked.Add(1)
			<-thaw // not even for its context
			return actions.Tallies{}, nil
		})
		began := time.Now()
		for range 2 {
			wants(t, scrape(t, m), `latchkey_database_up 0`)
		}
		if took := time.Since(began); took != 4*time.Second || asked.Load() != 1 {
			t.Errorf("two scrapes took %s and asked %d times", took, asked.Load())
		}
		close(thaw)
		synctest.Wait()
		wants(t, scrape(t, m), `latchkey_database_up 1`)
	})
}
