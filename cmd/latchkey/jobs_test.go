package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/latchkey-bot/latchkey/actions"
)

// TestJobsOnceInAPeriod holds that a schedule wakes up once in each period: if
// it did twice, one would be for nothing; if it didn't, one would never run. Only what
// depends on others' systems, or waits for nobody, wakes up more often, to try again what
// failed.
func TestJobsOnceInAPeriod(t *testing.T) {
	t.Parallel()
	h := &house{actions: &actions.Actions{Lists: make([]actions.Suppressions, 2)}}
	for _, j := range h.jobs() {
		schedule, err := cron.ParseStandard(j.schedule)
		if err != nil {
			t.Fatalf("%s: %v", j.name, err)
		}
		if j.period == 0 {
			continue
		}
		wakes := j.period
		if j.name == "reconcile_admins" || j.name == "retain" {
			wakes = time.Hour
		}
		tick := schedule.Next(time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC))
		for range 100 { // over the change to summer time, which UTC hasn't
			next := schedule.Next(tick)
			if got := next.Truncate(wakes).Sub(tick.Truncate(wakes)); got != wakes || j.period%wakes != 0 {
				t.Fatalf("%s wakes up at %s and then at %s: %s from one to the next, want %s", j.name, tick, next, got, wakes)
			}
			tick = next
		}
	}
}

// jobHouse is a house on a new database, at a time that stands.
func jobHouse(t *testing.T) *house {
	t.Helper()
	h, err := openHouse(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "jobs.db"), actions.Keyring{}, actions.Rules{}, quiet(terminal{err: io.Discard}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.close(); err != nil {
			t.Error(err)
		}
	})
	at := time.Date(2026, 3, 10, 9, 30, 59, 0, time.UTC)
	h.actions.Now = func() time.Time { return at }
	return h
}

func TestAttempt(t *testing.T) {
	t.Parallel()
	h, log, ran := jobHouse(t), &bytes.Buffer{}, 0
	once := job{"digest", "* * * * *", time.Minute, func(context.Context) error { ran++; return nil }}
	always := job{"watch", "@every 5s", 0, once.run}
	for _, step := range []struct {
		job  job
		at   time.Time
		want int
	}{
		{once, h.actions.Now(), 1}, {once, h.actions.Now(), 1}, {once, h.actions.Now().Add(time.Second), 2},
		{always, h.actions.Now(), 3}, {always, h.actions.Now(), 4},
	} {
		h.actions.Now = func() time.Time { return step.at }
		h.attempt(t.Context(), step.job, slog.New(slog.NewTextHandler(log, nil)))
		if ran != step.want {
			t.Errorf("%s at %s: %d runs so far, want %d", step.job.name, step.at, ran, step.want)
		}
	}
	if log.Len() > 0 {
		t.Errorf("the log says %s", log)
	}
}

// TestAttemptFailed: a failure is in the log, and doesn't use the period up.
func TestAttemptFailed(t *testing.T) {
	t.Parallel()
	h, log, ran := jobHouse(t), &bytes.Buffer{}, 0
	broken := job{"digest", "* * * * *", time.Minute, func(context.Context) error { ran++; return errors.New("out of paper") }}
	for range 2 {
		h.attempt(t.Context(), broken, slog.New(slog.NewTextHandler(log, nil)))
	}
	if said := log.String(); ran != 2 || strings.Count(said, "job=digest") != 2 || !strings.Contains(said, "out of paper") {
		t.Errorf("%d runs, and the log says %s", ran, said)
	}
}

// TestStartJobs runs the whole table once, as every start does, and stops it.
func TestStartJobs(t *testing.T) {
	t.Parallel()
	h, log := jobHouse(t), &bytes.Buffer{}
	stop, err := h.startJobs(t.Context(), slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	stop()
	if log.Len() > 0 {
		t.Errorf("the log says %s", log)
	}
	for _, j := range h.jobs() {
		if j.period == 0 {
			continue
		}
		ran, err := h.actions.RunOnce(t.Context(), j.name, h.actions.Now().Truncate(j.period), time.Minute, j.run)
		if ran || err != nil {
			t.Errorf("%s hadn't run at the start: %v", j.name, err)
		}
	}
}
