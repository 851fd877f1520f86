package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// deadLetterRow is a message that could not be delivered.
type deadLetterRow struct {
	ID       string `db:"id"`
	Kind     string `db:"kind"`
	Receiver string `db:"receiver"`
	Why      string `db:"why"`
	BuriedAt stamp  `db:"buried_at"`
}

// DeadLetters returns what could not be delivered, the newest first, at most
// limit.
func (s *Store) DeadLetters(ctx context.Context, limit int) ([]actions.DeadLetter, error) {
	var rows []deadLetterRow
	err := s.read.SelectContext(ctx, &rows, `SELECT id, kind, receiver, why, buried_at FROM outbox
		WHERE buried_at IS NOT NULL ORDER BY buried_at DESC, id LIMIT $1`, limit)
	letters := make([]actions.DeadLetter, len(rows))
	for i, r := range rows {
		letters[i] = actions.DeadLetter{ID: r.ID, Kind: actions.OutgoingKind(r.Kind), To: r.Receiver, Why: r.Why, At: r.BuriedAt.Time}
	}
	return letters, failed("reading the dead letters", err)
}

// Requeue makes a dead letter a message again.
func (t *tx) Requeue(ctx context.Context, m actions.Outgoing) (letter actions.Outgoing, found bool, err error) {
	var row outgoingRow
	found, err = t.get(ctx, &row, `UPDATE outbox SET buried_at = NULL, at = $2, due = $3
		WHERE id = $1 AND buried_at IS NOT NULL RETURNING `+outgoingColumns, storable(m.ID), at(m.At), at(m.Due))
	return row.outgoing(), found, failed("retrying a dead letter", err)
}
