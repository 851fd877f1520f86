package actions

import (
	"context"
	"strings"
)

// lettersShown is how many dead letters are shown, the newest.
const lettersShown = 20

// LetterReads is how dead letters are read outside a transaction.
type LetterReads interface {
	// DeadLetters returns what could not be delivered, the newest first, at most
	// limit.
	DeadLetters(ctx context.Context, limit int) ([]DeadLetter, error)
}

// LetterTx is how dead letters are tried again.
type LetterTx interface {
	// Requeue makes a dead letter a message again: enqueued at m.At, and due at
	// m.Due. It returns the whole; found is false when there is no dead letter of
	// that ID (any more).
	Requeue(ctx context.Context, m Outgoing) (letter Outgoing, found bool, err error)
}

// DeadLetters returns what could not be delivered, the newest first, at most 20,
// each with why and what to do about it. It names no customer.
//
// Errors: Forbidden for who may not, Conflict for a request that was answered
// before, Unavailable when the database doesn't answer.
func (a *Actions) DeadLetters(ctx context.Context, call Call) ([]DeadLetter, error) {
	if !May(call.Actor.Roles, ActOutbox) {
		return nil, a.Refuse(ctx, call, ActOutbox)
	}
	letters, err := a.Store.DeadLetters(ctx, lettersShown)
	if err != nil {
		return nil, err
	}
	entry := AuditEntry{At: Instant(a.Now()), Act: ActOutbox, Outcome: ActDone}
	return letters, a.Store.Tx(ctx, func(tx Tx) error { return a.record(ctx, tx, call, entry) })
}

// RetryLetter lets a dead letter be delivered once more, for another day. What it
// says is read when it is delivered, so it says how things are then. Who retries
// it stands in the audit, with the reason.
//
// Errors: Forbidden for who may not, Invalid without a reason or with one that is
// too long, NotFound when there is no such dead letter any more, Conflict for a
// request that was answered before, Unavailable when the database doesn't answer.
func (a *Actions) RetryLetter(ctx context.Context, call Call, id, reason string) error {
	reason = strings.TrimSpace(reason)
	switch Decide(Situated{Act: ActRetryLetter, Roles: call.Actor.Roles, Reason: reason != ""}) {
	case Granted:
	case NeedsReason:
		return Errorf(Invalid, "Please say why it should be delivered once more.")
	default:
		return a.Refuse(ctx, call, ActRetryLetter)
	}
	if err := CheckReason(reason); err != nil {
		return err
	}
	now := Instant(a.Now())
	return a.Store.Tx(ctx, func(tx Tx) error {
		letter, found, err := tx.Requeue(ctx, Outgoing{ID: id, At: now, Due: now})
		if err != nil {
			return err
		}
		if !found {
			return Errorf(NotFound, "That message isn't a dead letter any more, so nothing was done: somebody else has retried it, perhaps.")
		}
		return a.record(ctx, tx, call, AuditEntry{
			At: now, Act: ActRetryLetter, Outcome: ActDone, Reason: reason,
			Detail: "the message " + letter.ID + " (" + string(letter.Kind) + ") to " + letter.To,
		})
	})
}
