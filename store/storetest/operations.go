package storetest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testOperations(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, operationIsWhole) })
	t.Run("Once", func(t *testing.T) { each(t, operationOnce) })
	t.Run("StartedAtOnce", func(t *testing.T) { each(t, operationStartedAtOnce) })
	t.Run("MovedAtOnce", func(t *testing.T) { each(t, operationMovedAtOnce) })
	t.Run("Abandoned", func(t *testing.T) { each(t, operationsAbandoned) })
	t.Run("Counted", func(t *testing.T) { each(t, operationsCounted) })
	t.Run("LookedAt", func(t *testing.T) { each(t, lookedAt) })
}

// operation is one that runs, begun at the moment plus d.
func operation(id string, act actions.Act, subject string, d time.Duration) actions.Operation {
	return actions.Operation{
		ID: id, Act: act, Actor: "U1", Subject: subject, Reason: "they called", Ticket: "#4711", State: actions.OperationRunning,
		At: moment.Add(d), Lease: "lease-" + id, LeasedUntil: moment.Add(d + time.Minute),
	}
}

// start begins an operation.
func (s *site) start(t testing.TB, op actions.Operation) (underWay actions.Operation, started bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) {
		underWay, started, err = tx.StartOperation(t.Context(), op)
		return err
	})
	return underWay, started
}

func (s *site) move(t testing.TB, op actions.Operation, from actions.OperationState, lease string) (moved bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) {
		moved, err = tx.MoveOperation(t.Context(), op, from, lease)
		return err
	})
	return moved
}

// operation reads an operation, in both ways.
func (s *site) operation(t testing.TB, id string) actions.Operation {
	t.Helper()
	op, err := s.OperationByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	s.in(t, func(tx actions.Tx) error {
		locked, err := tx.Operation(t.Context(), id)
		same(t, "the operation in a transaction", locked, op)
		return err
	})
	return op
}

func operationIDs(ops []actions.Operation) string {
	return strings.Join(idsOf(ops, func(op actions.Operation) string { return op.ID }), " ")
}

func operationIsWhole(t *testing.T, s *site) {
	user := sampleUser
	op := operation("op-1", actions.ActReinvite, "user-1", 0)
	op.Attested, op.Reason = true, "it's \"odd\" \\ %_ \t\n 🔑"
	op.Params = actions.Params{
		MailSubject: "Hi", MailText: "[insert link here]", Copy: "cc@acme.example", Locks: []actions.LockKind{actions.LockAttempts},
		Indicated: actions.LockInactivity, Since: ago(day), Then: actions.ActSendReset, Email: "new@acme.example", Mobile: "+1",
		OldEmail: "old@acme.example", OldMobile: "+2", Via: actions.ChannelSMS, Confirmer: "user-2", ByAdmin: true, User: &user,
		Memberships: []actions.Membership{sampleMembership}, NewID: "user-9", Undoes: "op-0",
	}
	if got, started := s.start(t, op); !started {
		t.Errorf("it wasn't started: %+v", got)
	}
	s.restart(t)
	same(t, "the operation", s.operation(t, "op-1"), op)
	op.State, op.Step, op.Why, op.Approver, op.EndedAt = actions.OperationFailed, 2, "The directory\x00 was silent.", "U9", moment.Add(time.Hour)
	op.Until, op.Lease, op.LeasedUntil, op.Params.NewID = moment.Add(2*time.Hour), "", time.Time{}, "user-10"
	if !s.move(t, op, actions.OperationRunning, "lease-op-1") {
		t.Error("it wasn't moved")
	}
	op.Why = "The directory\uFFFD was silent."
	same(t, "the moved operation", s.operation(t, "op-1"), op)
	for _, id := range []string{"op-2", "", "op-1\x00"} {
		if _, err := s.OperationByID(t.Context(), id); actions.CodeOf(err) != actions.NotFound {
			t.Errorf("the operation %q: %v", id, err)
		}
	}
}

func operationOnce(t *testing.T, s *site) {
	first, second := operation("op-1", actions.ActUnlock, "user-1", 0), operation("op-2", actions.ActUnlock, "user-1", time.Second)
	s.start(t, first)
	for _, state := range []actions.OperationState{actions.OperationRunning, actions.OperationAsked, actions.OperationOwner} {
		before := first.State
		first.State = state
		s.move(t, first, before, first.Lease)
		got, started := s.start(t, second)
		same(t, "what is under way when it is "+string(state), got, first)
		same(t, "started when it is "+string(state), started, false)
	}
	for _, op := range []actions.Operation{operation("op-3", actions.ActSendReset, "user-1", 0), operation("op-4", actions.ActUnlock, "user-2", 0)} {
		if _, started := s.start(t, op); !started {
			t.Errorf("%s of %s wasn't started", op.Act, op.Subject)
		}
	}
	ended := first
	ended.State, ended.EndedAt = actions.OperationDone, moment
	s.move(t, ended, first.State, first.Lease)
	if got, started := s.start(t, second); !started || got.ID != "op-2" {
		t.Errorf("after the end it is %s, started %v", got.ID, started)
	}
}

// operationStartedAtOnce lets many start the same: one begins.
func operationStartedAtOnce(t *testing.T, s *site) {
	var all sync.WaitGroup
	var guard sync.Mutex
	begun, ids := 0, map[string]bool{}
	for i := range 8 {
		all.Go(func() {
			got, started := s.start(t, operation(fmt.Sprint("op-", i), actions.ActUnlock, "user-1", 0))
			guard.Lock()
			defer guard.Unlock()
			ids[got.ID] = true
			if started {
				begun++
			}
		})
	}
	all.Wait()
	same(t, "how many began, and what all were told of", []int{begun, len(ids)}, []int{1, 1})
}

// operationMovedAtOnce lets many take a step: one does, and nobody with the
// lease or the state of before.
func operationMovedAtOnce(t *testing.T, s *site) {
	op := operation("op-1", actions.ActUnlock, "user-1", 0)
	s.start(t, op)
	var all sync.WaitGroup
	moved := make(chan string, 8)
	for i := range 8 {
		all.Go(func() {
			mine := op
			mine.Lease = fmt.Sprint("mine-", i)
			if s.move(t, mine, actions.OperationRunning, op.Lease) {
				moved <- mine.Lease
			}
		})
	}
	all.Wait()
	close(moved)
	winner := <-moved
	same(t, "other winners", len(moved), 0)
	same(t, "the lease", s.operation(t, "op-1").Lease, winner)
	if s.move(t, op, actions.OperationAsked, winner) || s.move(t, op, actions.OperationRunning, "") {
		t.Error("it was moved from a state, or with a lease, that it hasn't")
	}
}

func operationsAbandoned(t *testing.T, s *site) {
	put := func(id string, d time.Duration, change func(*actions.Operation)) {
		op := operation(id, actions.ActUnlock, id, d)
		change(&op)
		s.start(t, op)
	}
	put("late", -3*time.Minute, func(*actions.Operation) {})
	put("edge", -time.Minute, func(*actions.Operation) {})
	put("leased", 0, func(*actions.Operation) {})
	put("never", -2*time.Minute, func(op *actions.Operation) { op.Lease, op.LeasedUntil = "", time.Time{} })
	for _, state := range []actions.OperationState{actions.OperationAsked, actions.OperationOwner} {
		put(string(state), -4*time.Minute, func(op *actions.Operation) { op.State, op.Until = state, moment })
		put(string(state)+"-waits", -5*time.Minute, func(op *actions.Operation) { op.State, op.Until = state, moment.Add(time.Microsecond) })
	}
	put("done", -6*time.Minute, func(op *actions.Operation) { op.State, op.EndedAt, op.Until = actions.OperationDone, moment, moment })
	found := func(limit int) string {
		t.Helper()
		ops, err := s.Abandoned(t.Context(), moment, limit)
		if err != nil {
			t.Fatal(err)
		}
		return operationIDs(ops)
	}
	same(t, "what is abandoned", found(10), "asked owner late never edge")
	same(t, "the oldest of them", found(2), "asked owner")
}

func operationsCounted(t *testing.T, s *site) {
	for i := range 4 {
		op := operation(fmt.Sprint("op-", i), actions.ActUnlock, "user-1", -time.Duration(i)*time.Minute)
		op.State, op.EndedAt = actions.OperationRefused, moment
		s.start(t, op)
	}
	other := operation("other", actions.ActUnlock, "user-2", 0)
	other.Actor = "U2"
	s.start(t, other)
	counts := map[string]int{}
	s.in(t, func(tx actions.Tx) (err error) {
		for _, actor := range []string{"U1", "U2", "U3"} {
			if counts[actor], err = tx.WritingActs(t.Context(), actor, ago(3*time.Minute)); err != nil {
				return err
			}
		}
		return nil
	})
	same(t, "what they began", counts, map[string]int{"U1": 3, "U2": 1, "U3": 0})
	ops, err := s.OperationsOf(t.Context(), "user-1", ago(3*time.Minute), 2)
	if err != nil || operationIDs(ops) != "op-0 op-1" {
		t.Errorf("the newest two of the customer: %s, %v", operationIDs(ops), err)
	}
	ops, err = s.OperationsOf(t.Context(), "user-1", ago(3*time.Minute), 10)
	if err != nil || operationIDs(ops) != "op-0 op-1 op-2" {
		t.Errorf("those later than the moment: %s, %v", operationIDs(ops), err)
	}
	ops, err = s.OperationsOf(t.Context(), "user-1", time.Time{}, 10)
	if err != nil || operationIDs(ops) != "op-0 op-1 op-2 op-3" {
		t.Errorf("all of them: %s, %v", operationIDs(ops), err)
	}
}

func lookedAt(t *testing.T, s *site) {
	for i, subject := range []string{"user-1", "user-2", "user-1", "", "user-3"} {
		s.audit(t, actions.AuditEntry{
			At: ago(time.Duration(i) * time.Minute), Act: actions.ActDiagnose, Actor: "U1", Subject: subject, Outcome: actions.ActDone,
		})
	}
	s.audit(t, actions.AuditEntry{At: moment, Act: actions.ActDiagnose, Actor: "U2", Subject: "user-4", Outcome: actions.ActDone})
	for since, want := range map[time.Duration]int{time.Hour: 3, 4 * time.Minute: 2, 0: 0} {
		s.in(t, func(tx actions.Tx) error {
			n, err := tx.LookedAt(t.Context(), "U1", ago(since))
			same(t, "customers in "+since.String(), n, want)
			return err
		})
	}
}
