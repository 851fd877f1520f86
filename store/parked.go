package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// parkedRow is a parked request in its table.
type parkedRow struct {
	ID      string `db:"id"`
	Actor   string `db:"actor"`
	Command string `db:"command"`
	Text    string `db:"text"`
	Action  string `db:"action"`
	Value   string `db:"value"`
	At      stamp  `db:"at"`
}

const parkedColumns = `id, actor, command, text, action, value, at`

// Park stores a request that is to be carried out elsewhere.
func (t *tx) Park(ctx context.Context, p actions.Parked) error {
	_, err := t.exec(ctx, `INSERT INTO parked (`+parkedColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		p.ID, storable(p.Actor), storable(p.Command), storable(p.Text), storable(p.Action), storable(p.Value), at(p.At))
	return failed("keeping a request", err)
}

// Unpark removes and returns the actor's request of that ID, made later than
// since.
func (t *tx) Unpark(ctx context.Context, id, actor string, since time.Time) (p actions.Parked, found bool, err error) {
	var row parkedRow
	found, err = t.get(ctx, &row, `DELETE FROM parked WHERE id = $1 AND actor = $2 AND at > $3 RETURNING `+parkedColumns,
		storable(id), storable(actor), at(since))
	if err != nil || !found {
		return actions.Parked{}, false, failed("fetching a request", err)
	}
	return actions.Parked{
		ID: row.ID, Actor: row.Actor, Command: row.Command, Text: row.Text, Action: row.Action, Value: row.Value, At: row.At.Time,
	}, true, nil
}
