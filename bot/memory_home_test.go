package bot

import (
	"context"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Whoever opened their Home here has it open for ever.

func (tx memoryTx) OpenHome(_ context.Context, actor string, _ actions.Roles, _ time.Time) error {
	tx.m.homes = append(tx.m.homes, actor)
	return nil
}

func (tx memoryTx) CloseHome(_ context.Context, actor string) error {
	tx.m.homes = slices.DeleteFunc(tx.m.homes, func(a string) bool { return a == actor })
	return nil
}

func (tx memoryTx) HomeOpen(_ context.Context, actor string, _ time.Time) (bool, error) {
	return slices.Contains(tx.m.homes, actor), nil
}

func (tx memoryTx) EnqueueHomes(context.Context, actions.Outgoing, actions.Roles, time.Time, int) error {
	return nil
}

func (m *memory) HeldBy(context.Context, string, time.Time, int) ([]actions.Verification, error) {
	return nil, nil
}

func (m *memory) SecretsBy(context.Context, string, int) ([]actions.Secret, error) {
	return nil, m.down
}

func (m *memory) RequestsBy(context.Context, string, int) ([]actions.SecretRequest, error) {
	return nil, m.down
}

func (m *memory) OpenApprovals(context.Context, int) ([]actions.Approval, error) { return nil, m.down }
