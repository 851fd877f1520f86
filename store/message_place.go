package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/latchkey-bot/latchkey/actions"
)

// postedRow is where a message stands.
type postedRow struct {
	Channel string `db:"channel"`
	TS      string `db:"ts"`
}

// Place returns where the message of a kind for a receiver about a record stands
// in Slack; found is false when there is none yet.
func (s *Store) Place(ctx context.Context, kind actions.OutgoingKind, to, ref string) (place actions.Posted, found bool, err error) {
	var row postedRow
	err = s.read.GetContext(ctx, &row, `SELECT channel, ts FROM places WHERE kind = $1 AND receiver = $2 AND ref = $3`,
		string(kind), storable(to), storable(ref))
	if errors.Is(err, sql.ErrNoRows) {
		return actions.Posted{}, false, nil
	}
	return actions.Posted(row), err == nil, failed("looking where a message stands", err)
}

// keepPlaces remembers where messages stand.
func (t *tx) keepPlaces(ctx context.Context, when stamp, endings []actions.Ending) error {
	var v values
	for _, e := range endings {
		if m := e.Message; e.Posted != (actions.Posted{}) {
			v.row(string(m.Kind), storable(m.To), storable(m.Ref), storable(e.Posted.Channel), storable(e.Posted.TS), when)
		}
	}
	return v.exec(ctx, t, `INSERT INTO places (kind, receiver, ref, channel, ts, at) VALUES %s
		ON CONFLICT (kind, receiver, ref) DO UPDATE SET channel = excluded.channel, ts = excluded.ts, at = excluded.at`)
}

// keepPaces remembers when receivers may get the next message.
func (t *tx) keepPaces(ctx context.Context, endings []actions.Ending) error {
	var v values
	for _, e := range endings {
		if !e.Free.IsZero() {
			v.row(storable(e.Message.To), at(e.Free))
		}
	}
	return v.exec(ctx, t, `INSERT INTO paces (receiver, free_at) VALUES %s
		ON CONFLICT (receiver) DO UPDATE SET free_at = excluded.free_at`)
}
