// Package metrics counts what a server does, and says so to Prometheus.
//
// metrics.go has the registry and what is counted as it happens; slack.go counts calls of
// Slack on their way; tallies.go is what the database is asked for at each scrape.
//
// Every value of a label is known from the start and begins at 0, so that a rule sees the
// first of something, too; what isn't known counts as "other". No label says anything of a
// customer.
package metrics

import (
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/latchkey-bot/latchkey/actions"
)

// other is the value of a label that isn't known.
const other = "other"

// Config is what is known from the start.
type Config struct {
	Requests []string // what can be asked for, as the log names it
	Outcomes []string // of a request
	Methods  []string // of Slack's API that are called
	// Jobs are the jobs of the cron table, and how often each should end well.
	Jobs  map[string]time.Duration
	Cases []string // the states of a case
	// Version and Revision are those of the program.
	Version, Revision string
	// Tallies asks the database for what it knows; see [actions.Tallies]. It may ignore
	// its context: no scrape waits longer than two seconds.
	Tallies func(ctx context.Context, now time.Time) (actions.Tallies, error)
	Now     func() time.Time
	Log     *slog.Logger
}

// Metrics are the numbers of one server, in a registry of their own.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	calls    *prometheus.CounterVec
	tallies  *tallies
	known    Config
}

// New makes the metrics of a server.
func New(known Config) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "latchkey_requests_total", Help: "Requests of people in Slack, by what was asked for and how that went.",
		}, []string{"command", "outcome"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "latchkey_request_seconds", Help: "How long requests took until their answer was there.",
			Buckets: []float64{0.1, 0.5, 1, 2, 3, 10}, // 2 is what an answer inline has, 3 what Slack waits
		}, []string{"command", "outcome"}),
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "latchkey_slack_calls_total", Help: "Calls of Slack, by method and how that went.",
		}, []string{"method", "outcome"}),
		tallies: newTallies(known), known: known,
	}
	m.registry.MustRegister(m.requests, m.seconds, m.calls, m.tallies, build(known),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.preset()
	return m
}

// build says which program runs.
func build(known Config) prometheus.Collector {
	info := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "latchkey_build_info", Help: "1, with the version of the program and of Go.",
	}, []string{"version", "revision", "goversion"})
	info.WithLabelValues(known.Version, known.Revision, runtime.Version()).Set(1)
	return info
}

// preset begins every counter at 0. Of the histogram, which has many times as many series,
// it begins one; each of the others begins when something is measured.
func (m *Metrics) preset() {
	for _, command := range append(slices.Clone(m.known.Requests), other) {
		for _, outcome := range append(slices.Clone(m.known.Outcomes), other) {
			m.requests.WithLabelValues(command, outcome)
		}
	}
	m.seconds.WithLabelValues(other, other)
	for _, method := range append(slices.Clone(m.known.Methods), other) {
		for _, outcome := range CallOutcomes() {
			m.calls.WithLabelValues(method, outcome)
		}
	}
}

// Request counts a request that was answered.
func (m *Metrics) Request(command, outcome string, took time.Duration) {
	command, outcome = oneOf(m.known.Requests, command), oneOf(m.known.Outcomes, outcome)
	m.requests.WithLabelValues(command, outcome).Inc()
	m.seconds.WithLabelValues(command, outcome).Observe(took.Seconds())
}

// JobDone notes that a job ended well here. Of a job that runs once in a period the
// database knows it, whichever server ran it.
func (m *Metrics) JobDone(job string) { m.tallies.done(job) }

// oneOf is a value of a label if it is known.
func oneOf(known []string, value string) string {
	if slices.Contains(known, value) {
		return value
	}
	return other
}

// scrapesAtOnce is how many may wait for one look into the database.
const scrapesAtOnce = 8

// Handler answers GET /metrics in Prometheus' format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		Registry: m.registry, MaxRequestsInFlight: scrapesAtOnce, ErrorHandling: promhttp.ContinueOnError,
		ErrorLog: slog.NewLogLogger(m.known.Log.Handler(), slog.LevelWarn),
	})
}
