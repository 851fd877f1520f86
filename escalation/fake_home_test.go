package escalation

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Nobody has opened their Home here.

func (t *fakeTx) HomeOpen(context.Context, string, time.Time) (bool, error) { return false, nil }

func (t *fakeTx) EnqueueHomes(context.Context, actions.Outgoing, actions.Roles, time.Time, int) error {
	return nil
}
