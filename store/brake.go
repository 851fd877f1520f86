package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// brakeRow is a brake in its table.
type brakeRow struct {
	Actor      string `db:"actor"`
	At         stamp  `db:"at"`
	Why        string `db:"why"`
	ReleasedAt stamp  `db:"released_at"`
	ReleasedBy string `db:"released_by"`
}

func (r brakeRow) brake() actions.Brake {
	return actions.Brake{Actor: r.Actor, Why: r.Why, At: r.At.Time, ReleasedAt: r.ReleasedAt.Time, ReleasedBy: r.ReleasedBy}
}

// holds is the condition of the index over brakes that hold, which a query must
// repeat word by word.
const holds = `released_at IS NULL`

// Brake returns the actor's newest brake; found is false without one.
func (t *tx) Brake(ctx context.Context, actor string) (b actions.Brake, found bool, err error) {
	return newestBrake(ctx, t, actor)
}

func newestBrake(ctx context.Context, q queryer, actor string) (actions.Brake, bool, error) {
	b, err := one(all(ctx, q, brakeRow.brake,
		`SELECT actor, at, why, released_at, released_by FROM brakes WHERE actor = $1 ORDER BY at DESC LIMIT 1`, storable(actor)))
	return perhaps(b, err, "looking whether somebody was stopped")
}

// PullBrake stores a new brake, unless one holds already.
func (t *tx) PullBrake(ctx context.Context, b actions.Brake) error {
	rows, err := t.exec(ctx, `INSERT INTO brakes (actor, at, why, released_by) VALUES ($1, $2, $3, '')
		ON CONFLICT (actor) WHERE `+holds+` DO NOTHING`, storable(b.Actor), at(b.At), brief(b.Why))
	if err == nil && rows == 1 {
		// The cards of an earlier one are not edited: nobody would notice.
		_, err = t.exec(ctx, `DELETE FROM places WHERE kind = $1 AND ref = $2`, string(actions.OutgoingBrake), storable(b.Actor))
	}
	return failed("stopping somebody", err)
}

// ReleaseBrake stores ReleasedAt and ReleasedBy of the brake that holds; released
// is false without one.
func (t *tx) ReleaseBrake(ctx context.Context, b actions.Brake) (released bool, err error) {
	rows, err := t.exec(ctx, `UPDATE brakes SET released_at = $1, released_by = $2 WHERE actor = $3 AND `+holds,
		at(b.ReleasedAt), storable(b.ReleasedBy), storable(b.Actor))
	return rows == 1, failed("letting somebody go on", err)
}
