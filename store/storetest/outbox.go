package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
)

func testOutbox(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, outboxIsWhole) })
	t.Run("RolledBack", func(t *testing.T) { each(t, outboxRolledBack) })
	t.Run("Order", func(t *testing.T) { each(t, outboxOrder) })
	t.Run("OneUnderWay", func(t *testing.T) { each(t, outboxOneUnderWay) })
	t.Run("OtherKinds", func(t *testing.T) { each(t, outboxOtherKinds) })
	t.Run("OtherKindRanOut", func(t *testing.T) { each(t, outboxOtherKindRanOut) })
	t.Run("Backlog", func(t *testing.T) { each(t, outboxBacklog) })
	t.Run("RanOut", func(t *testing.T) { each(t, outboxRanOut) })
	t.Run("Late", func(t *testing.T) { each(t, outboxLate) })
	t.Run("Retry", func(t *testing.T) { each(t, outboxRetry) })
	t.Run("Bury", func(t *testing.T) { each(t, outboxBury) })
	t.Run("ManyAtOnce", func(t *testing.T) { each(t, outboxAtOnce) })
	t.Run("Pace", func(t *testing.T) { each(t, outboxPace) })
	t.Run("Together", func(t *testing.T) { each(t, outboxTogether) })
	t.Run("Unclear", func(t *testing.T) { each(t, outboxUnclear) })
	t.Run("Places", func(t *testing.T) { each(t, outboxPlaces) })
	t.Run("GivenBackOnce", func(t *testing.T) { each(t, outboxGivenBackOnce) })
	t.Run("SettlesMany", func(t *testing.T) { each(t, outboxSettlesMany) })
	t.Run("DeadLetters", func(t *testing.T) { each(t, outboxDeadLetters) })
	t.Run("WhileImporting", func(t *testing.T) { each(t, outboxWhileImporting) })
}

// known are the kinds that are delivered.
var known = []actions.OutgoingKind{actions.OutgoingWatchEnded}

// letter is a message for a receiver, due at the moment plus d.
func letter(id, to string, d time.Duration) actions.Outgoing {
	return actions.Outgoing{
		ID: id, Kind: actions.OutgoingWatchEnded, To: to, Ref: "about " + id, At: ago(time.Hour), Due: moment.Add(d),
	}
}

// enqueue puts messages into the outbox.
func (s *site) enqueue(t testing.TB, letters ...actions.Outgoing) {
	t.Helper()
	s.in(t, func(tx actions.Tx) error {
		for _, m := range letters {
			if err := tx.Enqueue(t.Context(), m); err != nil {
				return err
			}
		}
		return nil
	})
}

// lease takes messages for a minute.
func (s *site) lease(t testing.TB, now time.Time, limit int) []actions.Outgoing {
	t.Helper()
	leased, err := s.Lease(t.Context(), now, time.Minute, limit, known)
	if err != nil {
		t.Fatal(err)
	}
	return leased
}

func letterIDs(letters []actions.Outgoing) string {
	return strings.Join(idsOf(letters, func(m actions.Outgoing) string { return m.ID }), " ")
}

// restart closes the database and opens it again, as a restart does.
func (s *site) restart(t testing.TB) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s.Store = open(t, s.url)
}

func outboxIsWhole(t *testing.T, s *site) {
	sent := letter("a", "U1\x00", 0)
	sent.Tries, sent.Lease = 7, "stolen"
	s.enqueue(t, sent)
	s.restart(t)
	leased := s.lease(t, moment, 10)
	if len(leased) != 1 || len(leased[0].Lease) < 20 {
		t.Fatalf("leased %+v", leased)
	}
	want := letter("a", "U1\uFFFD", 0)
	want.Tries, want.Lease = 1, leased[0].Lease
	same(t, "the message", leased[0], want)
	same(t, "when its lease ran out, with nothing else there", letterIDs(s.lease(t, moment.Add(time.Minute), 10)), "a")
}

func outboxRolledBack(t *testing.T, s *site) {
	err := s.Tx(t.Context(), func(tx actions.Tx) error {
		return errors.Join(tx.Enqueue(t.Context(), letter("a", "U1", 0)), errOnPurpose)
	})
	if !errors.Is(err, errOnPurpose) {
		t.Fatal(err)
	}
	same(t, "what is sent of what never was", letterIDs(s.lease(t, moment, 10)), "")
}

func outboxOrder(t *testing.T, s *site) {
	s.enqueue(t, letter("third", "U3", -time.Second), letter("first", "U1", -time.Minute), letter("not yet", "U4", time.Microsecond),
		letter("second", "U2", -2*time.Second), letter("at the moment", "U5", 0))
	same(t, "before any is due", letterIDs(s.lease(t, ago(time.Hour), 10)), "")
	same(t, "the first two", letterIDs(s.lease(t, moment, 2)), "first second")
	same(t, "the others", letterIDs(s.lease(t, moment, 10)), "third at the moment")
	same(t, "the last", letterIDs(s.lease(t, moment.Add(time.Microsecond), 10)), "not yet")
}

// outboxOneUnderWay: a receiver gets one message after the other.
func outboxOneUnderWay(t *testing.T, s *site) {
	s.enqueue(t, letter("a2", "U1", -time.Second), letter("a1", "U1", -time.Minute), letter("a3", "U1", 0), letter("b1", "U2", 0))
	leased := s.lease(t, moment, 10)
	same(t, "one for each receiver", letterIDs(leased), "a1 b1")
	same(t, "while they are under way", letterIDs(s.lease(t, moment, 10)), "")
	s.delivered(t, leased[0])
	leased = s.lease(t, moment, 10)
	same(t, "the next", letterIDs(leased), "a2")
	s.delivered(t, leased[0])
	s.restart(t)
	same(t, "the last", letterIDs(s.lease(t, moment, 10)), "a3")
}

func (s *site) delivered(t testing.TB, m actions.Outgoing) {
	t.Helper()
	if err := s.Delivered(t.Context(), m, moment); err != nil {
		t.Fatal(err)
	}
}

// ofKind is a message of another kind.
func ofKind(kind actions.OutgoingKind, m actions.Outgoing) actions.Outgoing {
	m.Kind = kind
	return m
}

// leaseKinds takes messages of some kinds for a minute.
func (s *site) leaseKinds(t testing.TB, now time.Time, kinds ...actions.OutgoingKind) []actions.Outgoing {
	t.Helper()
	leased, err := s.Lease(t.Context(), now, time.Minute, 10, kinds)
	if err != nil {
		t.Fatal(err)
	}
	return leased
}

// outboxOtherKinds: what a version doesn't know waits untouched, and those that
// it knows pass it, one after the other.
func outboxOtherKinds(t *testing.T, s *site) {
	s.enqueue(t, ofKind("newer", letter("n1", "U1", -time.Hour)), ofKind("newest", letter("m1", "U2", -time.Hour)),
		letter("a1", "U1", 0), letter("b1", "U2", 0))
	same(t, "no kinds", letterIDs(s.leaseKinds(t, moment)), "")
	same(t, "a kind without messages", letterIDs(s.leaseKinds(t, moment, "watch")), "")
	leased := s.lease(t, moment, 10)
	same(t, "what is known", letterIDs(leased), "a1 b1")
	same(t, "while they are under way", letterIDs(s.leaseKinds(t, moment, "newer", "newest")), "")
	s.delivered(t, leased[0])
	s.delivered(t, leased[1])
	same(t, "what is known afterwards", letterIDs(s.lease(t, moment, 10)), "")
	untouched := ofKind("newer", letter("n1", "U1", -time.Hour))
	leased = s.leaseKinds(t, moment, actions.OutgoingWatchEnded, "newer")
	untouched.Tries, untouched.Lease = 1, leased[0].Lease
	same(t, "what a newer version takes", leased, []actions.Outgoing{untouched})
	s.enqueue(t, letter("a2", "U1", 0))
	same(t, "while that is under way", letterIDs(s.lease(t, moment, 10)), "")
	same(t, "what the newest takes", letterIDs(s.leaseKinds(t, moment, "newest")), "m1")
}

// outboxOtherKindRanOut: a message of a newer version that nobody ended any
// more holds nobody up, and is still there when that comes back.
func outboxOtherKindRanOut(t *testing.T, s *site) {
	s.enqueue(t, ofKind("newer", letter("n1", "U1", 0)), letter("a1", "U1", 0), letter("a2", "U1", time.Second))
	same(t, "what a newer version takes", letterIDs(s.leaseKinds(t, moment, "newer")), "n1")
	same(t, "just before that runs out", letterIDs(s.lease(t, moment.Add(time.Minute-time.Microsecond), 10)), "")
	later := moment.Add(time.Minute)
	leased := s.lease(t, later, 10)
	same(t, "when that ran out", letterIDs(leased), "a1")
	same(t, "what the newer version gets meanwhile", letterIDs(s.leaseKinds(t, later, "newer", actions.OutgoingWatchEnded)), "")
	s.delivered(t, leased[0])
	same(t, "what comes first for the newer version", letterIDs(s.leaseKinds(t, later, actions.OutgoingWatchEnded, "newer")), "n1")
}

// outboxBacklog: behind very many for one receiver, some of them due at the
// same moment, the others are found, in their order.
func outboxBacklog(t *testing.T, s *site) {
	var letters []actions.Outgoing
	for i := range 500 {
		letters = append(letters, letter(fmt.Sprintf("x%03d", i), "UX", -time.Hour+time.Duration(i/100)*time.Second))
	}
	for i := range 200 {
		letters = append(letters, letter(fmt.Sprintf("y%03d", i), fmt.Sprint("UY", i%2), -time.Minute))
	}
	s.enqueue(t, append(letters, ofKind("other", letter("o", "UO", -2*time.Minute)), letter("z1", "UZ", -time.Second), letter("z2", "UZ", 0))...)
	kinds := []actions.OutgoingKind{"other", actions.OutgoingWatchEnded}
	same(t, "the oldest of each", letterIDs(s.leaseKinds(t, moment, kinds...)), "x000 o y000 y001 z1")
	same(t, "while they are under way", letterIDs(s.leaseKinds(t, moment, kinds...)), "")
	same(t, "in a minute, one", letterIDs(s.lease(t, moment.Add(time.Minute), 1)), "x000")
	same(t, "in a minute, the others", letterIDs(s.lease(t, moment.Add(time.Minute), 10)), "y000 y001 z1")
}

// outboxRanOut: a lease that ran out is handed out again, before anything else
// for its receiver, and who had it can do nothing any more.
func outboxRanOut(t *testing.T, s *site) {
	s.enqueue(t, letter("a1", "U1", 0))
	old := s.lease(t, moment, 10)
	s.enqueue(t, letter("a0", "U1", -time.Hour))
	same(t, "just before it runs out", letterIDs(s.lease(t, moment.Add(time.Minute-time.Microsecond), 10)), "")
	s.restart(t)
	later := moment.Add(time.Minute)
	leased := s.lease(t, later, 10)
	same(t, "when it ran out", letterIDs(leased), "a1")
	if leased[0].Tries != 2 || leased[0].Lease == old[0].Lease {
		t.Errorf("leased again: %+v", leased[0])
	}
	s.delivered(t, old[0])
	for doing, err := range map[string]error{
		"Retry": s.Retry(t.Context(), old[0], moment, "late"), "Bury": s.Bury(t.Context(), old[0], moment, "late"),
	} {
		if err != nil {
			t.Errorf("%s without the lease: %v", doing, err)
		}
	}
	same(t, "while somebody else has it", letterIDs(s.lease(t, later, 10)), "")
	s.delivered(t, leased[0])
	same(t, "afterwards", letterIDs(s.lease(t, later, 10)), "a0")
}

// outboxLate: who delivered after the lease ran out still ends the message, as
// long as nobody else has it: it isn't sent twice for nothing.
func outboxLate(t *testing.T, s *site) {
	s.enqueue(t, letter("a", "U1", 0))
	leased := s.lease(t, moment, 10)
	if err := s.Delivered(t.Context(), leased[0], moment.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	same(t, "an hour later", letterIDs(s.lease(t, moment.Add(time.Hour), 10)), "")
}

func outboxRetry(t *testing.T, s *site) {
	s.enqueue(t, letter("a", "U1", 0), letter("b", "U1", time.Second))
	leased := s.lease(t, moment, 10)
	why := strings.Repeat("ü", 600) + "\x00"
	if err := s.Retry(t.Context(), leased[0], moment.Add(time.Minute), why); err != nil {
		t.Fatal(err)
	}
	same(t, "the reason", s.value(t, `SELECT why FROM outbox WHERE id = 'a'`), strings.Repeat("ü", 500))
	same(t, "meanwhile", letterIDs(s.lease(t, moment.Add(time.Second), 10)), "b")
	s.in(t, func(tx actions.Tx) error { return tx.Forget(t.Context(), actions.Keep{Requests: moment.Add(day)}) })
	again := s.lease(t, moment.Add(2*time.Minute), 10)
	same(t, "later", letterIDs(again), "b")
	s.delivered(t, again[0])
	again = s.lease(t, moment.Add(2*time.Minute), 10)
	want := letter("a", "U1", time.Minute)
	want.Tries, want.Lease = 2, again[0].Lease
	same(t, "the message", again, []actions.Outgoing{want})
}

// outboxBury: a dead letter stays, and keeps nobody else from being told.
func outboxBury(t *testing.T, s *site) {
	s.enqueue(t, letter("dead", "U1", 0), letter("next", "U1", time.Second))
	leased := s.lease(t, moment, 10)
	if err := s.Bury(t.Context(), leased[0], moment, "channel_not_found"); err != nil {
		t.Fatal(err)
	}
	s.delivered(t, leased[0]) // too late: it has ended
	leased = s.lease(t, moment.Add(day), 10)
	same(t, "what is left", letterIDs(leased), "next")
	s.delivered(t, leased[0])
	s.in(t, func(tx actions.Tx) error { return tx.Forget(t.Context(), actions.Keep{Requests: moment}) })
	same(t, "delivered at the limit", s.value(t, `SELECT count(*) FROM outbox WHERE id = 'next'`), "1")
	s.in(t, func(tx actions.Tx) error { return tx.Forget(t.Context(), actions.Keep{Requests: moment.Add(day)}) })
	same(t, "what stays for leads", s.value(t, `SELECT id || ': ' || why FROM outbox`), "dead: channel_not_found")
}

// underWay notes who is told what, and fails when that is two things at once.
type underWay struct {
	guard sync.Mutex
	by    map[string]string // receiver → message
	ended map[string]int    // message → how often it was delivered
}

func (u *underWay) begin(t testing.TB, m actions.Outgoing) {
	u.guard.Lock()
	defer u.guard.Unlock()
	if other := u.by[m.To]; other != "" {
		t.Errorf("%s and %s are under way to %s at once", other, m.ID, m.To)
	}
	u.by[m.To] = m.ID
}

func (u *underWay) end(m actions.Outgoing, delivered bool) (all int) {
	u.guard.Lock()
	defer u.guard.Unlock()
	delete(u.by, m.To)
	if delivered {
		u.ended[m.ID]++
	}
	return len(u.ended)
}

// outboxAtOnce lets two replicas deliver, each with several hands, while
// messages come in that are ever more urgent. Every second message is given
// back once. SQLite has one server, which all the hands are of.
func outboxAtOnce(t *testing.T, s *site) {
	const messages, receivers = 60, 3
	seen := &underWay{by: map[string]string{}, ended: map[string]int{}}
	ctx, finish := context.WithCancel(t.Context())
	defer finish()
	var all sync.WaitGroup
	second := s.Store
	if s.postgres {
		second = open(t, s.url)
	}
	for _, replica := range []*store.Store{s.Store, second} {
		for range 4 {
			all.Go(func() {
				for ctx.Err() == nil && !t.Failed() {
					if deliver(t, replica, seen) == messages {
						finish()
					}
				}
			})
		}
	}
	for i := range messages {
		s.enqueue(t, letter(fmt.Sprintf("m%02d", i), fmt.Sprint("U", i%receivers), -time.Duration(i)*time.Second))
	}
	all.Wait()
	for id, times := range seen.ended {
		if times != 1 {
			t.Errorf("%s was delivered %d times", id, times)
		}
	}
	same(t, "tries", s.value(t, `SELECT sum(tries) FROM outbox`), fmt.Sprint(messages+messages/2))
}

// deliver takes a few messages and ends them. It returns how many have been
// delivered.
func deliver(t testing.TB, replica *store.Store, seen *underWay) (all int) {
	leased, err := replica.Lease(t.Context(), moment, time.Minute, 3, known)
	if err != nil {
		t.Error(err)
	}
	for _, m := range leased {
		seen.begin(t, m)
	}
	for _, m := range leased {
		again := m.Tries == 1 && m.ID[2]%2 == 0
		all = seen.end(m, !again) // before the row says so, or the next could begin too early
		if again {
			err = replica.Retry(t.Context(), m, moment, "busy")
		} else {
			err = replica.Delivered(t.Context(), m, moment)
		}
		if err != nil {
			t.Error(err)
		}
	}
	return all
}

// outboxWhileImporting: an empty outbox is seen to be empty while somebody
// else writes.
func outboxWhileImporting(t *testing.T, s *site) {
	err := s.Import(t.Context(), func(tx actions.ImportTx) error {
		if _, err := tx.Put(t.Context(), records(samples()...)); err != nil {
			return err
		}
		same(t, "what is leased", letterIDs(s.lease(t, moment, 10)), "")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
