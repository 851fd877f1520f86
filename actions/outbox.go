package actions

import (
	"context"
	"crypto/rand"
	"time"
)

// OutgoingKind says what an outgoing message is about, and so what its Ref is
// the ID of.
type OutgoingKind string

// OutgoingWatchEnded tells an agent how a watch ended; Ref is the watch's ID.
const OutgoingWatchEnded OutgoingKind = "watch_ended"

// Outgoing is a message to be delivered later. It names records and never
// holds content: what it says is read when it is delivered, so that nothing of
// a customer's waits in a queue.
type Outgoing struct {
	ID    string
	Kind  OutgoingKind
	To    string    // Slack ID of a user (their DM) or a channel
	Ref   string    // ID of the record it is about
	At    time.Time // when it was enqueued
	Due   time.Time // not before
	Tries int       // deliveries begun, this one included once leased
	Lease string    // proves who holds it; set by leasing, "" before
}

// OutboxTx is how a use case sends something: the row is written with what it
// tells of, or not at all.
type OutboxTx interface {
	// Enqueue stores a message to be delivered. Its Lease and Tries are ignored.
	Enqueue(ctx context.Context, m Outgoing) error
}

// enqueue writes a message that is due at once.
func (a *Actions) enqueue(ctx context.Context, tx Tx, kind OutgoingKind, to, ref string) error {
	now := Instant(a.Now())
	return tx.Enqueue(ctx, Outgoing{ID: rand.Text(), Kind: kind, To: to, Ref: ref, At: now, Due: now})
}
