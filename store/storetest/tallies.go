package storetest

import (
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testTallies(t *testing.T) {
	t.Run("Nothing", func(t *testing.T) { each(t, talliesOfNothing) })
	t.Run("Outbox", func(t *testing.T) { each(t, talliesOfOutbox) })
	t.Run("Jobs", func(t *testing.T) { each(t, talliesOfJobs) })
	t.Run("States", func(t *testing.T) { each(t, talliesOfStates) })
	t.Run("Requests", func(t *testing.T) { each(t, requestsOfMessages) })
}

// tallies are those of a moment.
func (s *site) tallies(t testing.TB, now time.Time) actions.Tallies {
	t.Helper()
	got, err := s.Tallies(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func talliesOfNothing(t *testing.T, s *site) {
	got := s.tallies(t, moment)
	same(t, "what waits", got.Outbox[actions.OutboxWaiting]+got.Outbox[actions.OutboxUnderWay]+got.Outbox[actions.OutboxDead], 0)
	same(t, "since when", got.Oldest, time.Time{})
	same(t, "the rest", len(got.Jobs)+len(got.Cases)+len(got.Secrets), 0)
}

// talliesOfOutbox: a message is as old as it is due, and once it was tried as it is; one
// that isn't due, that was delivered, or that was given up makes the outbox no older.
func talliesOfOutbox(t *testing.T, s *site) {
	s.enqueue(t, letter("early", "U1", -time.Minute), letter("late", "U2", -time.Second), letter("later", "U3", time.Hour))
	got := s.tallies(t, moment)
	same(t, "what waits", got.Outbox[actions.OutboxWaiting], 3)
	same(t, "since when", got.Oldest, moment.Add(-time.Minute))
	leased := s.lease(t, moment, 1)
	same(t, "what is taken", letterIDs(leased), "early")
	got = s.tallies(t, moment)
	same(t, "what is under way", got.Outbox[actions.OutboxUnderWay], 1)
	same(t, "what waits behind it", got.Outbox[actions.OutboxWaiting], 2)
	same(t, "since when, once it was tried", got.Oldest, leased[0].At)
	s.delivered(t, leased[0])
	got = s.tallies(t, moment)
	same(t, "what is under way once it was delivered", got.Outbox[actions.OutboxUnderWay], 0)
	same(t, "since when the next waits", got.Oldest, moment.Add(-time.Second))
	if err := s.Bury(t.Context(), s.lease(t, moment, 1)[0], moment, "nobody is there"); err != nil {
		t.Fatal(err)
	}
	got = s.tallies(t, moment)
	same(t, "what was given up", got.Outbox[actions.OutboxDead], 1)
	same(t, "since when, with the last not due", got.Oldest, time.Time{})
	same(t, "since when, an hour later", s.tallies(t, moment.Add(2*time.Hour)).Oldest, moment.Add(time.Hour))
}

// talliesOfJobs: a job ended well when its newest run did that didn't fail.
func talliesOfJobs(t *testing.T, s *site) {
	run := func(job string, period time.Duration, why string) {
		r := runOf(job, "a", 0)
		r.Period = moment.Add(period)
		s.claimRun(t, r)
		s.in(t, func(tx actions.Tx) error { return tx.EndRun(t.Context(), r, r.Period.Add(time.Second), why) })
	}
	run("tidy", 0, "")
	run("tidy", time.Hour, "")
	run("tidy", 2*time.Hour, "the disk is full")
	run("digest", 0, "nobody reads it")
	s.claimRun(t, runOf("begun", "a", 0))
	same(t, "when they ended well", s.tallies(t, moment).Jobs, map[string]time.Time{"tidy": moment.Add(time.Hour + time.Second)})
}

// talliesOfStates: a secret that ran out is expired before that is written down.
func talliesOfStates(t *testing.T, s *site) {
	s.secrets(t, secret("s1", "U1"), secret("s2", "U1"), secret("s3", "U1"))
	s.exec(t, `UPDATE secrets SET state = 'revoked' WHERE id = 's3'`)
	s.cases(t, escalated("c1", "U1", 0), escalated("c2", "U1", 0), closed(escalated("c3", "U1", 0), time.Hour))
	got := s.tallies(t, moment)
	same(t, "the secrets", got.Secrets, map[actions.SecretState]int{actions.SecretLive: 2, actions.SecretRevoked: 1})
	same(t, "the cases", got.Cases, map[string]int{"open": 2, "resolved": 1})
	same(t, "the secrets once they ran out", s.tallies(t, moment.Add(time.Hour)).Secrets,
		map[actions.SecretState]int{actions.SecretExpired: 2, actions.SecretRevoked: 1})
}

// requestsOfMessages: a message is delivered under the ID of the request that it comes
// from; one that shows the newest state under that of the newest request.
func requestsOfMessages(t *testing.T, s *site) {
	of := func(id, request string) actions.Outgoing {
		m := card(id, "U1", "op-1")
		m.Request = request
		return m
	}
	taken := func(now time.Time) string {
		t.Helper()
		leased := s.leaseKinds(t, now, actions.OutgoingOperation)
		if len(leased) != 1 {
			t.Fatalf("leased %+v", leased)
		}
		s.delivered(t, leased[0])
		return leased[0].Request
	}
	s.enqueue(t, of("m1", "r1"))
	s.restart(t)
	same(t, "the request", taken(moment), "r1")
	s.enqueue(t, of("m2", "r2"), of("m3", "r3"), of("m4", ""))
	same(t, "the newest of a card's", taken(moment.Add(time.Minute)), "r3")
	s.enqueue(t, of("m5", ""))
	same(t, "without one", taken(moment.Add(2*time.Minute)), "")
}
