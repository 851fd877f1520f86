package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// HandoutsOver returns the IDs of the operations whose password still lies sealed
// and that ended at or before a moment, the one that did so first first, at most
// limit.
func (s *Store) HandoutsOver(ctx context.Context, when time.Time, limit int) ([]string, error) {
	return handoutsOver(ctx, s.read, when, limit)
}

func handoutsOver(ctx context.Context, q queryer, when time.Time, limit int) ([]string, error) {
	var found []string
	err := q.SelectContext(ctx, &found, `SELECT secret_bodies.id FROM secret_bodies JOIN operations ON operations.id = secret_bodies.id
		WHERE secret_bodies.purpose = $1 AND operations.ended_at <= $2 ORDER BY operations.ended_at LIMIT $3`,
		string(actions.SealHandout), at(when), limit)
	return found, failed("looking for passwords that nobody handed out", err)
}
