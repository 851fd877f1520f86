package metrics

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/singleflight"

	"github.com/latchkey-bot/latchkey/actions"
)

// scrapeLimit is how long a scrape waits for the database.
const scrapeLimit = 2 * time.Second

// errSlow says that the database didn't answer within the limit.
var errSlow = errors.New("the database didn't answer within two seconds")

// tallies are what is read from the database at each scrape, and when jobs ended well
// here that every server runs.
type tallies struct {
	known Config
	// reading: whoever scrapes while another does waits for the same look. One that
	// hangs isn't followed by a second.
	reading singleflight.Group

	mu   sync.Mutex
	here map[string]time.Time // when jobs ended well in this process
}

func newTallies(known Config) *tallies {
	return &tallies{known: known, here: map[string]time.Time{}}
}

// done notes that a job ended well.
func (t *tallies) done(job string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.here[job] = t.known.Now()
}

var (
	databaseUp  = describe("database_up", "Whether the database answered this scrape: 1 or 0. Without it the numbers that it knows are missing.")
	outboxDepth = describe("outbox_depth", "Messages that aren't delivered: waiting, under way, or dead letters.", "state")
	outboxAge   = describe("outbox_age_seconds", "How long the oldest message has waited that isn't delivered; 0 without one.")
	jobSuccess  = describe("job_last_success_timestamp_seconds", "When a job last ended well; 0: never.", "job")
	jobPeriod   = describe("job_period_seconds", "How often a job should end well.", "job")
	cases       = describe("cases", "Cases for L2, by state.", "state")
	secrets     = describe("secrets", "One-time secrets that aren't forgotten yet, by what became of them.", "outcome")
)

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("latchkey_"+name, help, labels, nil)
}

// Describe tells what there is.
func (t *tallies) Describe(descriptions chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{databaseUp, outboxDepth, outboxAge, jobSuccess, jobPeriod, cases, secrets} {
		descriptions <- d
	}
}

// Collect asks the database.
func (t *tallies) Collect(metrics chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		metrics <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	now := t.known.Now()
	got, err := t.read(now)
	if err != nil {
		t.known.Log.Warn("the database couldn't be counted for the metrics", "error", err)
		gauge(databaseUp, 0)
	} else {
		gauge(databaseUp, 1)
		t.counted(gauge, got, now)
	}
	t.jobs(gauge, got, err == nil)
}

// read asks the database, for as long as the limit.
func (t *tallies) read(now time.Time) (actions.Tallies, error) {
	look := t.reading.DoChan("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.Background(), scrapeLimit)
		defer cancel()
		return t.known.Tallies(ctx, now)
	})
	limit := time.NewTimer(scrapeLimit)
	defer limit.Stop()
	select {
	case r := <-look:
		got, _ := r.Val.(actions.Tallies)
		return got, r.Err
	case <-limit.C:
		return actions.Tallies{}, errSlow
	}
}

// counted says what the database has, every state that there is, and nothing twice.
func (t *tallies) counted(gauge func(*prometheus.Desc, float64, ...string), got actions.Tallies, now time.Time) {
	for _, state := range actions.OutboxStates {
		gauge(outboxDepth, float64(got.Outbox[state]), string(state))
	}
	age := time.Duration(0)
	if !got.Oldest.IsZero() {
		age = max(now.Sub(got.Oldest), 0)
	}
	gauge(outboxAge, age.Seconds())
	unknown := 0
	for state, n := range got.Cases {
		if !slices.Contains(t.known.Cases, state) {
			unknown += n
		}
	}
	for _, state := range t.known.Cases {
		gauge(cases, float64(got.Cases[state]), state)
	}
	gauge(cases, float64(unknown), other)
	for _, state := range actions.SecretStates {
		gauge(secrets, float64(got.Secrets[state]), string(state))
	}
}

// jobs says when each job last ended well: here, or anywhere. Without the database only
// those are said that it doesn't know.
func (t *tallies) jobs(gauge func(*prometheus.Desc, float64, ...string), got actions.Tallies, up bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for job, period := range t.known.Jobs {
		gauge(jobPeriod, period.Seconds(), job)
		last := t.here[job]
		if anywhere := got.Jobs[job]; anywhere.After(last) {
			last = anywhere
		}
		switch {
		case !last.IsZero():
			gauge(jobSuccess, float64(last.UnixMilli())/1000, job)
		case up:
			gauge(jobSuccess, 0, job)
		}
	}
}
