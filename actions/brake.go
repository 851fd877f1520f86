package actions

import (
	"context"
	"time"
)

// Brake stops an actor who did unusually much, until a lead releases them.
type Brake struct {
	Actor      string
	Why        string // a sentence
	At         time.Time
	ReleasedAt time.Time // zero while it holds
	ReleasedBy string
}

// The brakes: more in an hour stops the actor.
const (
	lookBrake  = 60 // different customers looked at
	writeBrake = 20 // writing acts
	brakeHour  = time.Hour
)

// BrakeTx is how brakes are kept.
type BrakeTx interface {
	// Brake returns the actor's newest brake; found is false without one.
	Brake(ctx context.Context, actor string) (b Brake, found bool, err error)
	// PullBrake stores a new one, unless one holds already.
	PullBrake(ctx context.Context, b Brake) error
	// ReleaseBrake releases the one that holds; released is false without one.
	ReleaseBrake(ctx context.Context, b Brake) (released bool, err error)
}
