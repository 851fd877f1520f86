package escalation

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// fakeOperations is what a fakeStore keeps of operations and their approvals.
type fakeOperations struct {
	operations map[string]actions.Operation
	approvals  map[string]actions.Approval // by the ID of their operation
}

func (o fakeOperations) clone() fakeOperations {
	return fakeOperations{maps.Clone(o.operations), maps.Clone(o.approvals)}
}

func (s *fakeStore) OperationByID(_ context.Context, id string) (actions.Operation, error) {
	op, found := s.state.operations[id]
	if !found && s.down == nil {
		return op, actions.Errorf(actions.NotFound, "There is no operation %s.", id)
	}
	return op, s.down
}

func (s *fakeStore) OperationsOf(_ context.Context, subject string, since time.Time, limit int) ([]actions.Operation, error) {
	var found []actions.Operation
	for _, op := range s.state.operations {
		if op.Subject == subject && op.At.After(since) {
			found = append(found, op)
		}
	}
	slices.SortFunc(found, func(a, b actions.Operation) int { return b.At.Compare(a.At) })
	return found[:min(len(found), limit)], s.down
}

func (s *fakeStore) ApprovalOf(_ context.Context, operation string) (actions.Approval, bool, error) {
	approval, found := s.state.approvals[operation]
	return approval, found, s.down
}

func (s *fakeStore) ApprovalByID(_ context.Context, id string) (actions.Approval, error) {
	for _, approval := range s.state.approvals {
		if approval.ID == id {
			return approval, s.down
		}
	}
	return actions.Approval{}, actions.Errorf(actions.NotFound, "There is no approval %s.", id)
}

func (s *fakeStore) MailsOf(context.Context, string) ([]actions.Mail, error) { return nil, s.down }

func (s *fakeStore) Held(context.Context, string, string, string, time.Time) (actions.Verification, bool, error) {
	return actions.Verification{}, false, s.down
}

func (t *fakeTx) StartOperation(_ context.Context, op actions.Operation) (actions.Operation, bool, error) {
	for _, other := range t.operations {
		if other.Act == op.Act && other.Subject == op.Subject && !other.State.Final() {
			return other, false, nil
		}
	}
	t.operations[op.ID] = op
	return op, true, nil
}

func (t *fakeTx) Operation(_ context.Context, id string) (actions.Operation, error) {
	return t.operations[id], nil
}

func (t *fakeTx) MoveOperation(_ context.Context, op actions.Operation, from actions.OperationState, lease string) (bool, error) {
	old := t.operations[op.ID]
	if old.State != from || old.Lease != lease {
		return false, nil
	}
	t.operations[op.ID] = op
	return true, nil
}

func (t *fakeTx) WritingActs(context.Context, string, time.Time) (int, error) { return 1, nil }

func (t *fakeTx) StartApproval(_ context.Context, a actions.Approval) error {
	t.approvals[a.Operation] = a
	return nil
}

func (t *fakeTx) DecideApproval(_ context.Context, a actions.Approval) (bool, error) {
	if t.approvals[a.Operation].State != actions.ApprovalAsked {
		return false, nil
	}
	t.approvals[a.Operation] = a
	return true, nil
}

// Delist takes an address off the list, unless it is down or does nothing.
func (l *fakeLists) Delist(_ context.Context, c actions.Change) error {
	if l.down == nil && !l.deaf {
		delete(l.listed, c.Email)
	}
	return l.down
}
