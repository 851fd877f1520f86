package actions

import (
	"context"
	"time"
)

// Nobody has opened their Home here.

func (t *fakeTx) HomeOpen(context.Context, string, time.Time) (bool, error) { return false, nil }

func (t *fakeTx) EnqueueHomes(context.Context, Outgoing, Roles, time.Time, int) error { return nil }
