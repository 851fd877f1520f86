package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// settle writes down what became of messages.
func (s *site) settle(t testing.TB, endings ...actions.Ending) {
	t.Helper()
	if err := s.Settle(t.Context(), moment, endings...); err != nil {
		t.Fatal(err)
	}
}

// outboxPace: after one message a receiver gets the next when it is free, which
// whoever delivers it hears a second before.
func outboxPace(t *testing.T, s *site) {
	s.enqueue(t, letter("a1", "U1", -2*time.Second), letter("a2", "U1", -time.Second), letter("b1", "U2", 0))
	leased := s.lease(t, moment, 10)
	free := moment.Add(30 * time.Second)
	s.settle(t, actions.Ending{Message: leased[0], Free: free}, actions.Ending{Message: leased[1], Free: moment.Add(-time.Second)})
	s.enqueue(t, letter("b2", "U2", 0))
	leased = s.lease(t, moment, 10)
	same(t, "who is free", letterIDs(leased), "b2")
	same(t, "since when", leased[0].NotBefore, moment.Add(-time.Second))
	s.settle(t, actions.Ending{Message: leased[0], Free: moment.Add(time.Hour)})
	same(t, "long before", letterIDs(s.lease(t, free.Add(-time.Second-time.Microsecond), 10)), "")
	leased = s.lease(t, free.Add(-time.Second), 10)
	same(t, "a second before", letterIDs(leased), "a2")
	same(t, "when it is free", leased[0].NotBefore, free)
	s.in(t, func(tx actions.Tx) error {
		return tx.Forget(t.Context(), actions.Keep{Requests: moment.Add(time.Minute)})
	})
	same(t, "what is remembered", s.value(t, `SELECT count(*) FROM paces`), "1")
}

// outboxTogether: e-mails don't wait for one another, nor for cards.
func outboxTogether(t *testing.T, s *site) {
	var mails []actions.Outgoing
	for i := range 5 {
		mails = append(mails, ofKind(actions.OutgoingMail, letter(fmt.Sprint("m", i), "email", time.Duration(i-5)*time.Second)))
	}
	s.enqueue(t, append(mails, letter("a1", "U1", -4500*time.Millisecond))...)
	both := []actions.OutgoingKind{actions.OutgoingMail, actions.OutgoingWatchEnded}
	leased, err := s.Lease(t.Context(), moment, time.Minute, 4, both)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the oldest", letterIDs(leased), "m0 a1 m1 m2")
	same(t, "the others", letterIDs(s.leaseKinds(t, moment, both...)), "m3 m4")
	same(t, "what ran out", letterIDs(s.leaseKinds(t, moment.Add(time.Minute), both...)), "m0 a1 m1 m2 m3 m4")
}

// outboxUnclear: a message says that an earlier try may have delivered it, also
// when nobody came back from that.
func outboxUnclear(t *testing.T, s *site) {
	s.enqueue(t, letter("a", "U1", 0))
	for _, step := range []struct {
		name           string
		unclear, wants bool
	}{{"at first", true, false}, {"after an unclear try", false, true}, {"after a clear one", false, false}} {
		leased := s.lease(t, moment, 10)
		if len(leased) != 1 || leased[0].Unclear != step.wants {
			t.Fatalf("%s: leased %+v", step.name, leased)
		}
		s.settle(t, actions.Ending{Message: leased[0], Due: moment, Why: "busy", Unclear: step.unclear})
	}
	s.lease(t, moment, 10)
	leased := s.lease(t, moment.Add(time.Minute), 10)
	if len(leased) != 1 || !leased[0].Unclear {
		t.Errorf("after a lease that ran out: %+v", leased)
	}
}

// outboxPlaces: where a card stands is known for its receiver and record, until
// it hasn't been written for long.
func outboxPlaces(t *testing.T, s *site) {
	place := func(to, ref string) string {
		found, there, err := s.Place(t.Context(), actions.OutgoingOperation, to, ref)
		if err != nil || there != (found != actions.Posted{}) {
			t.Fatalf("found %+v, %v, %v", found, there, err)
		}
		return found.Channel + " " + found.TS
	}
	m := ofKind(actions.OutgoingOperation, letter("a", "U1", 0))
	s.enqueue(t, m)
	m.Lease = "nobody's"
	s.settle(t, actions.Ending{Message: m, Posted: actions.Posted{Channel: "D1", TS: "1.000001"}})
	same(t, "where it stands", place("U1", m.Ref), "D1 1.000001")
	same(t, "somebody else's", place("U2", m.Ref), " ")
	same(t, "of something else", place("U1", "another"), " ")
	leased := s.leaseKinds(t, moment, actions.OutgoingOperation)
	s.settle(t, actions.Ending{Message: leased[0], Posted: actions.Posted{Channel: "D1", TS: "2.000002"}})
	s.restart(t)
	same(t, "where it stands now", place("U1", m.Ref), "D1 2.000002")
	s.in(t, func(tx actions.Tx) error { return tx.Forget(t.Context(), actions.Keep{Runs: moment}) })
	same(t, "at the limit", place("U1", m.Ref), "D1 2.000002")
	s.in(t, func(tx actions.Tx) error { return tx.Forget(t.Context(), actions.Keep{Runs: moment.Add(day)}) })
	same(t, "long afterwards", place("U1", m.Ref), " ")
}

// outboxGivenBackOnce: an edit that was enqueued while one was under way, which
// then failed, is said by that one.
func outboxGivenBackOnce(t *testing.T, s *site) {
	card := func(id, ref string) actions.Outgoing {
		m := ofKind(actions.OutgoingOperation, letter(id, "U1", 0))
		m.Ref = ref
		return m
	}
	s.enqueue(t, card("a1", "one"))
	leased := s.leaseKinds(t, moment, actions.OutgoingOperation)
	s.enqueue(t, card("a2", "one"), card("b1", "two"))
	later := moment.Add(time.Minute)
	s.settle(t, actions.Ending{Message: leased[0], Due: later, Why: "busy"})
	leased = s.leaseKinds(t, moment, actions.OutgoingOperation)
	same(t, "what is due", letterIDs(leased), "b1")
	s.settle(t, actions.Ending{Message: leased[0]})
	leased = s.leaseKinds(t, later, actions.OutgoingOperation)
	same(t, "later", letterIDs(leased), "a1")
	s.enqueue(t, card("a3", "one"))
	s.settle(t, actions.Ending{Message: leased[0]})
	same(t, "after it was delivered", letterIDs(s.leaseKinds(t, later, actions.OutgoingOperation)), "a3")
}

// outboxSettlesMany settles more than go into one transaction.
func outboxSettlesMany(t *testing.T, s *site) {
	const many = 1100
	var letters []actions.Outgoing
	for i := range many {
		letters = append(letters, letter(fmt.Sprintf("m%04d", i), fmt.Sprint("U", i), 0))
	}
	s.enqueue(t, letters...)
	leased := s.lease(t, moment, many)
	endings := make([]actions.Ending, len(leased))
	for i, m := range leased {
		endings[i] = actions.Ending{Message: m, Free: moment.Add(time.Second), Posted: actions.Posted{Channel: "C1", TS: m.ID}}
	}
	s.settle(t, endings...)
	same(t, "delivered", s.value(t, `SELECT count(*) FROM outbox WHERE delivered_at IS NOT NULL AND lease IS NULL`), fmt.Sprint(many))
	same(t, "places", s.value(t, `SELECT count(*) FROM places`), fmt.Sprint(many))
}

// outboxDeadLetters: what could not be delivered is listed, the newest first,
// and can be tried once more.
func outboxDeadLetters(t *testing.T, s *site) {
	s.enqueue(t, letter("a", "U1", 0), letter("b", "U2", 0), letter("c", "U3", 0))
	for i, m := range s.lease(t, moment, 10) {
		if err := s.Bury(t.Context(), m, moment.Add(time.Duration(i)*time.Second), "why "+m.ID); err != nil {
			t.Fatal(err)
		}
	}
	dead, err := s.DeadLetters(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	of := func(id, to string, at time.Duration) actions.DeadLetter {
		return actions.DeadLetter{ID: id, Kind: actions.OutgoingWatchEnded, To: to, Why: "why " + id, At: moment.Add(at)}
	}
	same(t, "the newest", dead, []actions.DeadLetter{of("c", "U3", 2*time.Second), of("b", "U2", time.Second)})
	later := moment.Add(day)
	requeue := func(id string) (letter actions.Outgoing, found bool) {
		s.in(t, func(tx actions.Tx) (err error) {
			letter, found, err = tx.Requeue(t.Context(), actions.Outgoing{ID: id, At: later, Due: later})
			return err
		})
		return letter, found
	}
	want := letter("b", "U2", day)
	want.At, want.Tries = later, 1
	again, found := requeue("b")
	same(t, "it is a message again", again, want)
	same(t, "found", found, true)
	_, found = requeue("b")
	same(t, "found a second time", found, false)
	same(t, "before it is due", letterIDs(s.lease(t, moment, 10)), "")
	same(t, "what is delivered", letterIDs(s.lease(t, later, 10)), "b")
}
