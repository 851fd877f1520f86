package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// What a message must be that nobody has taken yet; the index outbox_due is
// over those, so a query must repeat it word by word.
const untaken = `lease IS NULL AND ` + waits

// lookAhead is how many messages are read at once to choose from: far more
// than are taken, since several may be for one receiver.
const lookAhead = 64

// Lease hands out at most limit messages of those kinds that are due at now,
// oldest first, until now + hold: at most one for each receiver and none for
// one that has a message under way, of whatever kind. Messages of other kinds
// wait untouched for whoever knows them. A lease that ran out is handed out
// again, before what nobody had yet; one of another kind holds nobody up.
func (s *Store) Lease(
	ctx context.Context, now time.Time, hold time.Duration, limit int, kinds []actions.OutgoingKind,
) ([]actions.Outgoing, error) {
	// With nothing to do, which is nearly always, nobody waits for a writer.
	if due, err := anyDue(ctx, s.read, now, kinds); err != nil || !due {
		return nil, err
	}
	var rows []outgoingRow
	err := s.Tx(ctx, func(unit actions.Tx) (err error) {
		rows, err = unit.(*tx).lease(ctx, now, hold, limit, kinds) //nolint:forcetypeassert // it is this store's own
		return err
	})
	slices.SortFunc(rows, func(a, b outgoingRow) int {
		return cmp.Or(a.Due.Compare(b.Due.Time), a.At.Compare(b.At.Time), cmp.Compare(a.ID, b.ID))
	})
	messages := make([]actions.Outgoing, len(rows))
	for i, row := range rows {
		messages[i] = row.outgoing()
	}
	return messages, err
}

// anyDue reports whether there is a message that could be leased, if its
// receiver has none under way.
func anyDue(ctx context.Context, q queryer, now time.Time, kinds []actions.OutgoingKind) (bool, error) {
	var u union
	to := u.arg(at(now))
	for _, kind := range kinds {
		place := u.arg(string(kind))
		u.add(`SELECT 1 FROM outbox WHERE kind = %s AND due <= %s AND %s ORDER BY due LIMIT 1`, place, to, untaken)
		u.add(`SELECT 1 FROM outbox WHERE kind = %s AND leased_until <= %s AND lease IS NOT NULL LIMIT 1`, place, to)
	}
	if len(kinds) == 0 {
		return false, nil
	}
	var due []int
	err := q.SelectContext(ctx, &due, u.all()+` LIMIT 1`, u.args...)
	return len(due) > 0, failed("looking into the outbox", err)
}

// lease takes messages. Who takes waits for who takes already: two who choose
// from what they see at the same moment could choose two for one receiver.
func (t *tx) lease(
	ctx context.Context, now time.Time, hold time.Duration, limit int, kinds []actions.OutgoingKind,
) (rows []outgoingRow, err error) {
	if alone := t.store.dialect.leaseAlone; alone != "" {
		if _, err := t.exec(ctx, alone); err != nil {
			return nil, failed("waiting for others who take from the outbox", err)
		}
	}
	chosen := choice{now: now, kinds: kinds, limit: limit}
	if err := chosen.choose(ctx, t); err != nil || len(chosen.ids) == 0 {
		return nil, failed("choosing messages from the outbox", err)
	}
	args := []any{at(now), rand.Text(), at(now.Add(hold))}
	for _, kind := range kinds {
		args = append(args, string(kind))
	}
	err = t.SelectContext(ctx, &rows, `UPDATE outbox SET lease = $2, leased_until = $3, tries = tries + 1
		WHERE `+waits+` AND due <= $1 AND (lease IS NULL OR leased_until <= $1)
			AND kind IN (`+marks(4, len(kinds))+`) AND id IN (`+marks(4+len(kinds), len(chosen.ids))+`)
		RETURNING `+outgoingColumns, append(args, anys(chosen.ids)...)...)
	return rows, failed("taking messages from the outbox", err)
}

// choice chooses messages to be leased.
type choice struct {
	now   time.Time
	kinds []actions.OutgoingKind
	limit int
	ids   []string // chosen
	busy  []string // receivers who have a message under way, or one chosen
}

// choose chooses messages.
func (c *choice) choose(ctx context.Context, q queryer) error {
	if err := c.abandoned(ctx, q); err != nil {
		return err
	}
	return c.oldest(ctx, q)
}

// take chooses a message, unless its receiver is busy.
func (c *choice) take(row outgoingRow) {
	if len(c.ids) < c.limit && !slices.Contains(c.busy, row.Receiver) {
		c.ids, c.busy = append(c.ids, row.ID), append(c.busy, row.Receiver)
	}
}

// abandoned finds who is busy, and chooses messages whose lease ran out. There are
// never many under way.
func (c *choice) abandoned(ctx context.Context, q queryer) error {
	var rows []outgoingRow
	err := q.SelectContext(ctx, &rows, `SELECT `+outgoingColumns+` FROM outbox WHERE lease IS NOT NULL ORDER BY due, at, id`)
	for _, row := range rows {
		if row.LeasedUntil.After(c.now) {
			c.busy = append(c.busy, row.Receiver)
		}
	}
	for _, row := range rows {
		if !row.LeasedUntil.After(c.now) && slices.Contains(c.kinds, actions.OutgoingKind(row.Kind)) {
			c.take(row)
		}
	}
	return err
}

// oldest chooses the oldest message of each receiver. A window over all that
// wait would number them all, thousands for one receiver among them, to take a
// few. This reads a few from the old end of the index; when all of those are
// for the same receivers, it goes on from there, without these.
func (c *choice) oldest(ctx context.Context, q queryer) error {
	from := time.Unix(0, 0)
	for len(c.ids) < c.limit {
		rows, err := c.waiting(ctx, q, from)
		if err != nil {
			return err
		}
		for _, row := range rows {
			c.take(row)
			from = row.Due.Time
		}
		if len(rows) < lookAhead {
			break
		}
	}
	return nil
}

// waiting reads the oldest messages due from a moment on that are for nobody
// busy.
func (c *choice) waiting(ctx context.Context, q queryer, from time.Time) (rows []outgoingRow, err error) {
	var u union
	since, to, idle := u.arg(at(from)), u.arg(at(c.now)), ""
	if len(c.busy) > 0 {
		idle = "AND receiver NOT IN (" + marks(len(u.args)+1, len(c.busy)) + ")"
		u.args = append(u.args, anys(c.busy)...)
	}
	for _, kind := range c.kinds {
		u.add(`SELECT id, receiver, at, due FROM outbox WHERE kind = %s AND due >= %s AND due <= %s %s AND %s ORDER BY due, at, id LIMIT %d`,
			u.arg(string(kind)), since, to, idle, untaken, lookAhead)
	}
	return rows, q.SelectContext(ctx, &rows, u.query("due, at, id", lookAhead), u.args...)
}
