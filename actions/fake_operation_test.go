package actions

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// fakeOperations is what a fakeStore keeps of operations and their approvals.
type fakeOperations struct {
	operations map[string]Operation
	approvals  map[string]Approval // by the ID of their operation
}

func newFakeOperations() fakeOperations {
	return fakeOperations{map[string]Operation{}, map[string]Approval{}}
}

func (o fakeOperations) clone() fakeOperations {
	return fakeOperations{maps.Clone(o.operations), maps.Clone(o.approvals)}
}

// operationsThat are some operations, newest first.
func (o fakeOperations) operationsThat(match func(Operation) bool) []Operation {
	found := slices.DeleteFunc(slices.Collect(maps.Values(o.operations)), func(op Operation) bool { return !match(op) })
	slices.SortFunc(found, func(a, b Operation) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return found
}

// OperationsOf returns what was begun, and what the test says was, newest first.
func (s *fakeStore) OperationsOf(_ context.Context, subject string, since time.Time, limit int) ([]Operation, error) {
	of := func(op Operation) bool { return op.Subject == subject && op.At.After(since) }
	found := s.current().operationsThat(of)
	for _, op := range s.begun {
		if of(op) {
			found = append(found, op)
		}
	}
	return found[:min(limit, len(found))], s.down
}

func (s *fakeStore) OperationByID(_ context.Context, id string) (Operation, error) {
	op, found := s.current().operations[id]
	if !found && s.down == nil {
		return op, Errorf(NotFound, "There is no operation %s.", id)
	}
	return op, s.down
}

func (s *fakeStore) Abandoned(_ context.Context, now time.Time, limit int) ([]Operation, error) {
	found := s.current().operationsThat(func(op Operation) bool {
		switch op.State {
		case OperationRunning:
			return !op.LeasedUntil.After(now)
		case OperationAsked, OperationOwner:
			return !op.Until.After(now)
		case OperationDone, OperationFailed, OperationRefused:
		}
		return false
	})
	slices.Reverse(found)
	return found[:min(limit, len(found))], s.down
}

func (s *fakeStore) ApprovalOf(_ context.Context, operation string) (Approval, bool, error) {
	approval, found := s.current().approvals[operation]
	return approval, found, s.down
}

func (s *fakeStore) ApprovalByID(_ context.Context, id string) (Approval, error) {
	for _, approval := range s.current().approvals {
		if approval.ID == id {
			return approval, s.down
		}
	}
	return Approval{}, firstOf(s.down, Errorf(NotFound, "There is no approval %s.", id))
}

func (s *fakeStore) OpenApprovals(_ context.Context, limit int) ([]Approval, error) {
	var open []Approval
	for _, approval := range s.current().approvals {
		if approval.State == ApprovalAsked {
			open = append(open, approval)
		}
	}
	slices.SortFunc(open, func(a, b Approval) int { return a.At.Compare(b.At) })
	return open[:min(limit, len(open))], s.down
}

func (s *fakeStore) MailsOf(_ context.Context, operation string) ([]Mail, error) {
	var mails []Mail
	for _, mail := range s.current().mails {
		if mail.Operation == operation {
			mails = append(mails, mail)
		}
	}
	return mails, s.down
}

func (t *fakeTx) StartOperation(_ context.Context, op Operation) (Operation, bool, error) {
	underWay := t.operationsThat(func(other Operation) bool {
		return other.Act == op.Act && other.Subject == op.Subject && !other.State.Final()
	})
	if len(underWay) > 0 {
		return underWay[0], false, nil
	}
	t.operations[op.ID] = op
	return op, true, nil
}

func (t *fakeTx) Operation(_ context.Context, id string) (Operation, error) {
	op, found := t.operations[id]
	if !found {
		return op, Errorf(NotFound, "There is no operation %s.", id)
	}
	return op, nil
}

func (t *fakeTx) MoveOperation(_ context.Context, op Operation, from OperationState, lease string) (bool, error) {
	old, found := t.operations[op.ID]
	if !found || old.State != from || old.Lease != lease {
		return false, nil
	}
	t.operations[op.ID] = op
	return true, nil
}

func (t *fakeTx) WritingActs(_ context.Context, actor string, since time.Time) (int, error) {
	return len(t.operationsThat(func(op Operation) bool { return op.Actor == actor && op.Bulk == "" && op.At.After(since) })), nil
}

func (t *fakeTx) StartApproval(_ context.Context, a Approval) error {
	t.approvals[a.Operation] = a
	return nil
}

func (t *fakeTx) Approval(_ context.Context, id string) (Approval, error) {
	for _, approval := range t.approvals {
		if approval.ID == id {
			return approval, nil
		}
	}
	return Approval{}, Errorf(NotFound, "There is no approval %s.", id)
}

func (t *fakeTx) DecideApproval(_ context.Context, a Approval) (bool, error) {
	if t.approvals[a.Operation].State != ApprovalAsked {
		return false, nil
	}
	t.approvals[a.Operation] = a
	return true, nil
}

func (t *fakeTx) WidenApproval(_ context.Context, a Approval) error {
	t.approvals[a.Operation] = a
	return nil
}

// fakeStaff are the company's people, by the roles that they hold.
type fakeStaff struct {
	roles         map[string]Roles
	onDuty, other []string // leads and admins
	down          error
}

func (s *fakeStaff) RolesOf(_ context.Context, id string) (Roles, error) { return s.roles[id], s.down }

func (s *fakeStaff) Leads(context.Context) (onDuty, others []string, err error) {
	return s.onDuty, s.other, s.down
}

// staffed gives a desk its people: the agents U1, U2 and U3, and the leads U8, on
// duty, and U9.
func (d *desk) staffed(t testing.TB) *fakeStaff {
	t.Helper()
	agents, leads := RolesOf(RoleAgent), RolesOf(RoleLead)
	staff := &fakeStaff{
		roles:  map[string]Roles{"U1": agents, "U2": agents, "U3": agents, "U8": leads, "U9": leads},
		onDuty: []string{"U8"}, other: []string{"U9"},
	}
	d.Staff = staff
	return staff
}

// as is a call of somebody with the roles that the staff says they have.
func (d *desk) as(t testing.TB, id string) Call {
	t.Helper()
	roles, err := d.Staff.RolesOf(t.Context(), id)
	must(t, err)
	return Call{Actor: Actor{ID: id, Roles: roles}}
}
