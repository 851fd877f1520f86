package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testCoalescing(t *testing.T) {
	t.Run("Once", func(t *testing.T) { each(t, coalesced) })
	t.Run("Young", func(t *testing.T) { each(t, coalescedIsYoung) })
	t.Run("NewestState", func(t *testing.T) { each(t, coalescedShowsNewest) })
}

// card is a message that follows its record.
func card(id, to, ref string) actions.Outgoing {
	return actions.Outgoing{ID: id, Kind: actions.OutgoingOperation, To: to, Ref: ref, At: moment, Due: moment}
}

func (s *site) waiting(t testing.TB) string {
	t.Helper()
	return s.value(t, `SELECT count(*) FROM outbox WHERE lease IS NULL AND delivered_at IS NULL AND buried_at IS NULL`)
}

func coalesced(t *testing.T, s *site) {
	approval, told := card("c5", "U1", "op-1"), card("c6", "U1", "op-1")
	approval.Kind, told.Kind = actions.OutgoingApproval, actions.OutgoingHandOver
	s.enqueue(t, card("c1", "U1", "op-1"), card("c2", "U1", "op-1"), card("c3", "U2", "op-1"), card("c4", "U1", "op-2"), approval, told)
	same(t, "what waits", s.waiting(t), "5")
	told.ID = "c7"
	s.enqueue(t, told, card("c8", "U1", "op-1"))
	same(t, "what waits after another round", s.waiting(t), "6") // what doesn't follow a record is said twice
	s.exec(t, `DELETE FROM outbox WHERE id <> 'c1'`)
	leased := s.leaseKinds(t, moment, actions.OutgoingOperation)
	same(t, "what is taken", letterIDs(leased), "c1")
	s.enqueue(t, card("c9", "U1", "op-1"), card("c10", "U1", "op-1"))
	same(t, "what waits behind it", s.waiting(t), "1")
	s.delivered(t, leased[0])
	s.enqueue(t, card("c11", "U1", "op-1"))
	same(t, "what waits after it", s.waiting(t), "1")
}

// coalescedIsYoung: a card is as young as the newest state that it will show, also
// when it comes back, so that it isn't given up for the age of the first; its turn
// stays.
func coalescedIsYoung(t *testing.T, s *site) {
	at := func(id string, d time.Duration) actions.Outgoing {
		m := card(id, "U1", "op-1")
		m.At, m.Due = moment.Add(d), moment.Add(d)
		return m
	}
	taken := func(now time.Time, young time.Time) actions.Outgoing {
		t.Helper()
		leased := s.leaseKinds(t, now, actions.OutgoingOperation)
		same(t, "what is taken", letterIDs(leased), "c1")
		same(t, "how young it is", leased[0].At, young)
		return leased[0]
	}
	s.enqueue(t, at("c1", 0), at("c2", time.Hour), at("c3", time.Minute), at("other", -time.Minute))
	another := at("another", time.Second)
	another.Ref = "op-2"
	s.enqueue(t, another)
	m := taken(moment, moment.Add(time.Hour))
	s.enqueue(t, at("c4", 2*time.Hour), at("c5", 3*time.Hour))
	s.settle(t, actions.Ending{Message: m, Due: moment.Add(-time.Second), Why: "busy"})
	m = taken(moment, moment.Add(3*time.Hour))
	s.enqueue(t, at("c6", time.Minute))
	s.settle(t, actions.Ending{Message: m, Due: moment.Add(-time.Second), Why: "busy"})
	m = taken(moment, moment.Add(3*time.Hour))
	s.settle(t, actions.Ending{Message: m})
	leased := s.leaseKinds(t, moment.Add(day), actions.OutgoingOperation)
	same(t, "what is left", letterIDs(leased), "another")
	same(t, "how young that is", leased[0].At, another.At)
}

// coalescedShowsNewest: what is enqueued while somebody takes the message that
// waits is shown: by that one, or by another.
func coalescedShowsNewest(t *testing.T, s *site) {
	for round := range 20 {
		op := operation(fmt.Sprint("op-", round), actions.ActUnlock, fmt.Sprint("user-", round), 0)
		s.start(t, op)
		s.enqueue(t, card(fmt.Sprint("a", round), "U1", op.ID))
		shown := make(chan int)
		go func() {
			steps := -1
			for _, m := range s.leaseKinds(t, moment.Add(time.Hour), actions.OutgoingOperation) {
				if seen, err := s.OperationByID(t.Context(), m.Ref); err == nil {
					steps = seen.Step
				}
				s.delivered(t, m)
			}
			shown <- steps
		}()
		s.in(t, func(tx actions.Tx) error {
			moved := op
			moved.Step = 1
			if _, err := tx.MoveOperation(t.Context(), moved, op.State, op.Lease); err != nil {
				return err
			}
			return tx.Enqueue(t.Context(), card(fmt.Sprint("b", round), "U1", op.ID))
		})
		if <-shown != 1 && s.waiting(t) != "1" {
			t.Fatalf("in round %d nobody shows the newest state", round)
		}
		s.exec(t, `DELETE FROM outbox`, `DELETE FROM paces`)
	}
}
