package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// refusalRow is an hour of refusals in its table.
type refusalRow struct {
	Actor string `db:"actor"`
	Since stamp  `db:"since"`
	Count int    `db:"count"`
}

func (r refusalRow) hour() actions.RefusalHour {
	return actions.RefusalHour{Actor: r.Actor, Since: r.Since.Time, Count: r.Count}
}

// CountRefusal adds one to an actor's running hour of refusals, which it starts
// at Since = when if there is none, and returns it.
func (t *tx) CountRefusal(ctx context.Context, actor string, when time.Time) (actions.RefusalHour, error) {
	var row refusalRow
	err := t.GetContext(ctx, &row, `INSERT INTO refusals (actor, since, count) VALUES ($1, $2, 1)
		ON CONFLICT (actor) DO UPDATE SET count = refusals.count + 1
		RETURNING actor, since, count`, actor, at(when))
	return row.hour(), failed("counting a refusal", err)
}

// RestartRefusals starts the actor's hour anew: Since = when, Count = 1.
func (t *tx) RestartRefusals(ctx context.Context, actor string, when time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO refusals (actor, since, count) VALUES ($1, $2, 1)
		ON CONFLICT (actor) DO UPDATE SET since = excluded.since, count = 1`, actor, at(when))
	return failed("counting refusals anew", err)
}

// TakeRefusals removes and returns the hours that started at or before since,
// the oldest first.
func (t *tx) TakeRefusals(ctx context.Context, since time.Time) ([]actions.RefusalHour, error) {
	var rows []refusalRow
	err := t.SelectContext(ctx, &rows, `DELETE FROM refusals WHERE since <= $1 RETURNING actor, since, count`, at(since))
	if err != nil {
		return nil, failed("closing hours of refusals", err)
	}
	slices.SortFunc(rows, func(a, b refusalRow) int {
		return cmp.Or(a.Since.Compare(b.Since.Time), cmp.Compare(a.Actor, b.Actor))
	})
	hours := make([]actions.RefusalHour, len(rows))
	for i, row := range rows {
		hours[i] = row.hour()
	}
	return hours, nil
}
