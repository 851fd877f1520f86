package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// meteredHouse is a house on a new database whose server is watched.
func meteredHouse(t *testing.T) *house {
	t.Helper()
	h := jobHouse(t)
	h.meter = metered(h, quiet(terminal{err: io.Discard}))
	return h
}

// scraped is what /metrics says.
func scraped(t *testing.T, h *house) string {
	t.Helper()
	mux, w := http.NewServeMux(), httptest.NewRecorder()
	new(Config).watched(mux, h)
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatalf("/metrics answers %d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// TestMetricsPreset: what can be counted is there from the start, at 0.
func TestMetricsPreset(t *testing.T) {
	t.Parallel()
	said := scraped(t, meteredHouse(t))
	for _, line := range []string{
		`latchkey_requests_total{command="diagnose",outcome="ok"} 0`,
		`latchkey_requests_total{command="unlock (button)",outcome="unavailable"} 0`,
		`latchkey_request_seconds_count{command="other",outcome="other"} 0`,
		`latchkey_slack_calls_total{method="chat.postMessage",outcome="rate_limited"} 0`,
		`latchkey_slack_calls_total{method="response_url",outcome="ok"} 0`,
		`latchkey_outbox_depth{state="under_way"} 0`, `latchkey_outbox_age_seconds 0`, `latchkey_database_up 1`,
		`latchkey_job_last_success_timestamp_seconds{job="tidy"} 0`, `latchkey_job_period_seconds{job="carry_on"} 5`,
		`latchkey_job_period_seconds{job="tidy"} 600`,
		`latchkey_cases{state="waiting_agent"} 0`, `latchkey_secrets{outcome="locked"} 0`,
	} {
		if !strings.Contains(said, line+"\n") {
			t.Errorf("it doesn't say %s", line)
		}
	}
	for _, name := range []string{"latchkey_build_info{", "go_goroutines ", "process_start_time_seconds "} {
		if !strings.Contains(said, "\n"+name) {
			t.Errorf("it doesn't say %s", name)
		}
	}
}

// TestMetricsOfJobs: a job that ran says when, whoever ran it.
func TestMetricsOfJobs(t *testing.T) {
	t.Parallel()
	h := meteredHouse(t)
	stop, err := h.startJobs(t.Context(), quiet(terminal{err: t.Output()}))
	if err != nil {
		t.Fatal(err)
	}
	stop()
	other := *h
	other.meter = metered(&other, quiet(terminal{err: io.Discard})) // as after a restart, or on another server
	for job, period := range h.jobPeriods() {
		zero := `latchkey_job_last_success_timestamp_seconds{job="` + job + `"} 0` + "\n"
		if strings.Contains(scraped(t, h), zero) {
			t.Errorf("%s hasn't ended well", job)
		}
		if known := !strings.Contains(scraped(t, &other), zero); known != (h.claimed(job)) {
			t.Errorf("%s, every %s: another server knows of it: %t", job, period, known)
		}
	}
}

// claimed reports whether a job runs once in a period.
func (h *house) claimed(name string) bool {
	for _, j := range h.jobs() {
		if j.name == name {
			return j.period > 0
		}
	}
	return false
}
