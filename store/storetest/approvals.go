package storetest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testApprovals(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, approvalIsWhole) })
	t.Run("Open", func(t *testing.T) { each(t, approvalsOpen) })
	t.Run("DecidedAtOnce", func(t *testing.T) { each(t, approvalDecidedAtOnce) })
}

// approval is a question of an operation, asked at the moment plus d.
func approval(id, operation string, d time.Duration) actions.Approval {
	return actions.Approval{
		ID: id, Operation: operation, Asked: []string{"U8", "U9"}, State: actions.ApprovalAsked, At: moment.Add(d),
		Until: moment.Add(d + 30*time.Minute), WidenAt: moment.Add(d + 10*time.Minute),
	}
}

func (s *site) ask(t testing.TB, approvals ...actions.Approval) {
	t.Helper()
	for _, a := range approvals {
		s.in(t, func(tx actions.Tx) error { return tx.StartApproval(t.Context(), a) })
	}
}

func (s *site) decide(t testing.TB, a actions.Approval) (decided bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) { decided, err = tx.DecideApproval(t.Context(), a); return err })
	return decided
}

// approval reads an approval, in every way.
func (s *site) approval(t testing.TB, id string) actions.Approval {
	t.Helper()
	a, err := s.ApprovalByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	s.in(t, func(tx actions.Tx) error {
		locked, err := tx.Approval(t.Context(), id)
		same(t, "the approval in a transaction", locked, a)
		return err
	})
	return a
}

func approvalIsWhole(t *testing.T, s *site) {
	a := approval("a1", "op-1", 0)
	s.ask(t, approval("a0", "op-1", -time.Hour), a)
	s.restart(t)
	same(t, "the approval", s.approval(t, "a1"), a)
	of, found, err := s.ApprovalOf(t.Context(), "op-1")
	if err != nil || !found {
		t.Errorf("of the operation: %v, %v", found, err)
	}
	same(t, "the newest of the operation", of, a)
	if _, found, err := s.ApprovalOf(t.Context(), "op-2"); found || err != nil {
		t.Errorf("of an operation without one: %v, %v", found, err)
	}
	a.Asked, a.WidenAt = []string{"U7", "U8", "U9"}, time.Time{}
	s.in(t, func(tx actions.Tx) error { return tx.WidenApproval(t.Context(), a) })
	same(t, "the widened approval", s.approval(t, "a1"), a)
	a.State, a.By, a.DecidedAt = actions.ApprovalDeclined, "U9", moment.Add(time.Minute)
	if !s.decide(t, a) {
		t.Error("it wasn't decided")
	}
	same(t, "the decided approval", s.approval(t, "a1"), a)
	for _, id := range []string{"a2", "", "a1\x00"} {
		if _, err := s.ApprovalByID(t.Context(), id); actions.CodeOf(err) != actions.NotFound {
			t.Errorf("the approval %q: %v", id, err)
		}
	}
}

func approvalsOpen(t *testing.T, s *site) {
	expired := approval("expired", "op-0", -time.Hour)
	s.ask(t, expired, approval("second", "op-1", 0), approval("first", "op-2", -time.Second), approval("third", "op-3", time.Second))
	expired.State = actions.ApprovalExpired
	s.decide(t, expired)
	for limit, want := range map[int]string{10: "first second third", 2: "first second"} {
		open, err := s.OpenApprovals(t.Context(), limit)
		if got := strings.Join(idsOf(open, func(a actions.Approval) string { return a.ID }), " "); err != nil || got != want {
			t.Errorf("at most %d: %s, %v; want %s", limit, got, err, want)
		}
	}
}

// approvalDecidedAtOnce lets several people answer: the first decides.
func approvalDecidedAtOnce(t *testing.T, s *site) {
	s.ask(t, approval("a1", "op-1", 0))
	var all sync.WaitGroup
	won := make(chan string, 8)
	for i := range 8 {
		all.Go(func() {
			a := approval("a1", "op-1", 0)
			a.State, a.By, a.DecidedAt = actions.ApprovalGiven, fmt.Sprint("U", i), moment
			if s.decide(t, a) {
				won <- a.By
			}
		})
	}
	all.Wait()
	close(won)
	winner := <-won
	same(t, "others who won", len(won), 0)
	same(t, "who decided", s.approval(t, "a1").By, winner)
}
