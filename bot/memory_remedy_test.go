package bot

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// What a database knows of remedies in which nobody was helped yet: nothing.

func (m *memory) OperationByID(context.Context, string) (actions.Operation, error) {
	return actions.Operation{}, errGone
}

func (m *memory) OperationsOf(context.Context, string, time.Time, int) ([]actions.Operation, error) {
	return nil, nil
}

func (m *memory) ApprovalByID(context.Context, string) (actions.Approval, error) {
	return actions.Approval{}, errGone
}

func (m *memory) VerificationByID(context.Context, string) (actions.Verification, error) {
	return actions.Verification{}, errGone
}

func (m *memory) Held(context.Context, string, string, string, time.Time) (actions.Verification, bool, error) {
	return actions.Verification{}, false, nil
}

func (m *memory) DeadLetters(context.Context, int) ([]actions.DeadLetter, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var dead []actions.DeadLetter
	for _, k := range m.outbox {
		if k.buried != "" {
			dead = append(dead, actions.DeadLetter{ID: k.ID, Kind: k.Kind, To: k.To, Why: k.buried})
		}
	}
	return dead, nil
}

func (tx memoryTx) Requeue(_ context.Context, m actions.Outgoing) (actions.Outgoing, bool, error) {
	for i := range tx.m.outbox {
		if k := &tx.m.outbox[i]; k.ID == m.ID && k.buried != "" {
			k.buried, k.At, k.Due = "", m.At, m.Due
			return k.Outgoing, true, nil
		}
	}
	return actions.Outgoing{}, false, nil
}

func (tx memoryTx) Brake(_ context.Context, actor string) (actions.Brake, bool, error) {
	brake, found := tx.m.brakes[actor]
	return brake, found, nil
}

func (tx memoryTx) LookedAt(context.Context, string, time.Time) (int, error) { return 0, nil }

func (tx memoryTx) WritingActs(context.Context, string, time.Time) (int, error) { return 0, nil }

func (tx memoryTx) Approval(context.Context, string) (actions.Approval, error) {
	return actions.Approval{}, errGone
}

func (tx memoryTx) Operation(context.Context, string) (actions.Operation, error) {
	return actions.Operation{}, errGone
}

func (tx memoryTx) Verification(context.Context, string) (actions.Verification, error) {
	return actions.Verification{}, errGone
}

var errGone = actions.Errorf(actions.NotFound, "That isn't there any more.")
