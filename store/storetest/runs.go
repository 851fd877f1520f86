package storetest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
)

func testRuns(t *testing.T) {
	t.Run("Claim", func(t *testing.T) { each(t, runClaimed) })
	t.Run("TakenOver", func(t *testing.T) { each(t, runTakenOver) })
	t.Run("ManyAtOnce", func(t *testing.T) { each(t, runsAtOnce) })
	t.Run("Forget", func(t *testing.T) { each(t, runsForgotten) })
}

// runOf is a minute's run of a job that begins at the moment plus d.
func runOf(job, claim string, d time.Duration) actions.JobRun {
	begun := moment.Add(d)
	return actions.JobRun{Job: job, Period: moment, Claim: claim, Started: begun, Until: begun.Add(time.Minute)}
}

func (s *site) claimRun(t testing.TB, run actions.JobRun) (claimed bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) { claimed, err = tx.ClaimRun(t.Context(), run); return err })
	return claimed
}

func (s *site) endRun(t testing.TB, run actions.JobRun, why string) {
	t.Helper()
	s.in(t, func(tx actions.Tx) error { return tx.EndRun(t.Context(), run, moment.Add(time.Second), why) })
}

func runClaimed(t *testing.T, s *site) {
	next := runOf("digest", "b", 0)
	next.Period = moment.Add(time.Microsecond)
	for _, step := range []struct {
		what    string
		run     actions.JobRun
		claimed bool
	}{
		{"nobody's", runOf("digest", "a", 0), true}, {"somebody's", runOf("digest", "b", 0), false},
		{"one's own", runOf("digest", "a", 0), false}, {"another job's", runOf("tidy", "b", 0), true}, {"another period's", next, true},
	} {
		if claimed := s.claimRun(t, step.run); claimed != step.claimed {
			t.Errorf("%s run is claimed: %t", step.what, claimed)
		}
	}
	s.endRun(t, runOf("digest", "a", 0), "")
	s.restart(t)
	if s.claimRun(t, runOf("digest", "b", day)) {
		t.Error("a run that ended well is claimed again")
	}
	same(t, "when it ended", s.value(t, `SELECT count(*) FROM job_runs WHERE ended_at IS NOT NULL AND why = ''`), "1")
}

func runTakenOver(t *testing.T, s *site) {
	first := runOf("digest", "a", 0)
	s.claimRun(t, first)
	if s.claimRun(t, runOf("digest", "b", time.Minute-time.Microsecond)) {
		t.Error("claimed before its time was over")
	}
	second := runOf("digest", "b", time.Minute)
	if !s.claimRun(t, second) {
		t.Error("can't be claimed when its time is over")
	}
	s.endRun(t, first, "too late")
	if s.claimRun(t, runOf("digest", "c", time.Minute)) {
		t.Error("who lost the run ended it")
	}
	s.endRun(t, second, "it broke")
	same(t, "why", s.value(t, `SELECT why FROM job_runs`), "it broke")
	third := runOf("digest", "c", time.Minute)
	if !s.claimRun(t, third) {
		t.Error("a run that failed can't be claimed")
	}
	s.endRun(t, second, "it broke again")
	s.endRun(t, third, "")
	s.endRun(t, third, "it broke after all")
	same(t, "how it ended", s.value(t, `SELECT claim || why FROM job_runs`), "c")
}

// runsAtOnce wakes two replicas up, each several times.
func runsAtOnce(t *testing.T, s *site) {
	var all sync.WaitGroup
	var ran, said atomic.Int64
	for _, replica := range []*store.Store{s.Store, open(t, s.url)} {
		a := &actions.Actions{Store: replica, Now: func() time.Time { return moment }}
		for range 4 {
			all.Go(func() {
				ok, err := a.RunOnce(t.Context(), "digest", moment, time.Minute, func(context.Context) error { ran.Add(1); return nil })
				if ok {
					said.Add(1)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	same(t, "how often it ran", ran.Load(), 1)
	same(t, "how many say so", said.Load(), 1)
}

func runsForgotten(t *testing.T, s *site) {
	s.claimRun(t, runOf("digest", "a", 0))
	forget := func(before time.Time) {
		s.in(t, func(tx actions.Tx) error {
			return errors.Join(tx.Forget(t.Context(), actions.Keep{Requests: moment.Add(day), Runs: before, Watches: moment.Add(day)}))
		})
	}
	forget(moment)
	same(t, "runs of the limit", s.value(t, `SELECT count(*) FROM job_runs`), "1")
	forget(moment.Add(time.Microsecond))
	same(t, "older runs", s.value(t, `SELECT count(*) FROM job_runs`), "0")
}
