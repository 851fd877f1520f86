package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// outgoingRow is a message in the outbox.
type outgoingRow struct {
	ID          string   `db:"id"`
	Kind        string   `db:"kind"`
	Receiver    string   `db:"receiver"`
	Ref         string   `db:"ref"`
	At          stamp    `db:"at"`
	Due         stamp    `db:"due"`
	Tries       int      `db:"tries"`
	Lease       optional `db:"lease"`
	LeasedUntil stamp    `db:"leased_until"`
}

const outgoingColumns = `id, kind, receiver, ref, at, due, tries, lease, leased_until`

func (r outgoingRow) outgoing() actions.Outgoing {
	return actions.Outgoing{
		ID: r.ID, Kind: actions.OutgoingKind(r.Kind), To: r.Receiver, Ref: r.Ref, At: r.At.Time, Due: r.Due.Time,
		Tries: r.Tries, Lease: string(r.Lease),
	}
}

// Enqueue stores a message to be delivered.
func (t *tx) Enqueue(ctx context.Context, m actions.Outgoing) error {
	_, err := t.exec(ctx, `INSERT INTO outbox (id, kind, receiver, ref, at, due, tries, why) VALUES ($1, $2, $3, $4, $5, $6, 0, '')`,
		m.ID, string(m.Kind), storable(m.To), storable(m.Ref), at(m.At), at(m.Due))
	return failed("putting a message into the outbox", err)
}

// waits is what a message must be that hasn't ended.
const waits = `delivered_at IS NULL AND buried_at IS NULL`

// Delivered ends a message that was delivered. This and what follows do
// nothing once somebody else has the message.
func (s *Store) Delivered(ctx context.Context, m actions.Outgoing, when time.Time) error {
	return s.settle(ctx, "ending a message", `delivered_at = $3`, m, at(when))
}

// Retry gives a message back, to be delivered from due on; why says to leads
// why it failed and holds no content.
func (s *Store) Retry(ctx context.Context, m actions.Outgoing, due time.Time, why string) error {
	return s.settle(ctx, "giving a message back", `due = $3, why = $4`, m, at(due), brief(why))
}

// Bury ends a message that can't be delivered: a dead letter, which stays.
func (s *Store) Bury(ctx context.Context, m actions.Outgoing, when time.Time, why string) error {
	return s.settle(ctx, "burying a message", `buried_at = $3, why = $4`, m, at(when), brief(why))
}

// settle changes a message as long as its lease is the caller's.
func (s *Store) settle(ctx context.Context, doing, set string, m actions.Outgoing, args ...any) error {
	return s.Tx(ctx, func(unit actions.Tx) error {
		_, err := unit.(*tx).exec(ctx, //nolint:forcetypeassert // it is this store's own
			`UPDATE outbox SET lease = NULL, leased_until = NULL, `+set+` WHERE id = $1 AND lease = $2 AND `+waits,
			append([]any{m.ID, m.Lease}, args...)...)
		return failed(doing, err)
	})
}

// briefLimit is how much of a reason is kept, in characters.
const briefLimit = 500

// brief is a reason as it is kept.
func brief(why string) string {
	runes := []rune(storable(why))
	return string(runes[:min(len(runes), briefLimit)])
}
