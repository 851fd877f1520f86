package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// What a message must be that nobody has taken yet; the indexes outbox_due and
// outbox_turn are over those, so a query must repeat it word by word.
const untaken = `lease IS NULL AND ` + waits

// ahead is how long before its receiver is free a message is handed out, so
// that whoever delivers it loses no time then.
const ahead = time.Second

// Lease hands out at most limit messages of those kinds that are due at now,
// oldest first, until now + hold: at most one for each receiver and none for
// one that has a message under way, of whatever kind, or that isn't free for
// another second; NotBefore says when it is. Of kinds that go together any
// number. Messages of other kinds wait untouched for whoever knows them. A
// lease that ran out is handed out again, before what nobody had yet; one of
// another kind holds nobody up.
func (s *Store) Lease(
	ctx context.Context, now time.Time, hold time.Duration, limit int, kinds []actions.OutgoingKind,
) ([]actions.Outgoing, error) {
	if len(kinds) == 0 || limit <= 0 {
		return nil, nil
	}
	// With nothing to do, which is nearly always, nobody waits for a writer.
	if due, err := anyDue(ctx, s.read, now, kinds); err != nil || !due {
		return nil, err
	}
	var messages []actions.Outgoing
	err := s.persistently(ctx, func(t *tx) (err error) {
		chosen := choice{now: now, kinds: kinds, limit: limit, free: map[string]time.Time{}}
		messages, err = t.lease(ctx, chosen, hold)
		return err
	})
	return messages, err
}

// anyDue reports whether there is a message that could be leased, if its
// receiver has none under way.
func anyDue(ctx context.Context, q queryer, now time.Time, kinds []actions.OutgoingKind) (bool, error) {
	var u union
	to := u.arg(at(now))
	for _, kind := range kinds {
		u.add(`SELECT 1 FROM outbox WHERE kind = %s AND due <= %s AND %s ORDER BY due LIMIT 1`, u.arg(string(kind)), to, untaken)
	}
	u.add(`SELECT 1 FROM outbox WHERE leased_until <= %s AND lease IS NOT NULL LIMIT 1`, to)
	var due []int
	err := q.SelectContext(ctx, &due, u.all()+` LIMIT 1`, u.args...)
	return len(due) > 0, failed("looking into the outbox", err)
}

// lease takes messages. Who takes waits for who takes already: two who choose
// from what they see at the same moment could choose two for one receiver.
func (t *tx) lease(ctx context.Context, chosen choice, hold time.Duration) ([]actions.Outgoing, error) {
	if alone := t.store.dialect.leaseAlone; alone != "" {
		if _, err := t.exec(ctx, alone); err != nil {
			return nil, failed("waiting for others who take from the outbox", err)
		}
	}
	if err := chosen.choose(ctx, t); err != nil || len(chosen.ids) == 0 {
		return nil, failed("choosing messages from the outbox", err)
	}
	args := []any{at(chosen.now), rand.Text(), at(chosen.now.Add(hold))}
	var rows []outgoingRow
	// What had a lease that ran out may have been delivered.
	err := t.SelectContext(ctx, &rows, `UPDATE outbox SET unclear = (unclear OR lease IS NOT NULL), lease = $2, leased_until = $3, tries = tries + 1
		WHERE `+waits+` AND due <= $1 AND (lease IS NULL OR leased_until <= $1) AND id IN (`+marks(len(args)+1, len(chosen.ids))+`)
		RETURNING `+outgoingColumns, append(args, anys(chosen.ids)...)...)
	slices.SortFunc(rows, func(a, b outgoingRow) int {
		return cmp.Or(a.Due.Compare(b.Due.Time), a.At.Compare(b.At.Time), cmp.Compare(a.ID, b.ID))
	})
	messages := make([]actions.Outgoing, len(rows))
	for i, row := range rows {
		messages[i] = row.outgoing()
		messages[i].NotBefore = chosen.free[row.ID]
	}
	return messages, failed("taking messages from the outbox", err)
}

// choice chooses messages to be leased.
type choice struct {
	now   time.Time
	kinds []actions.OutgoingKind
	limit int
	ids   []string // chosen
	busy  map[string]bool
	free  map[string]time.Time // when the receiver of a chosen message is
}

// candidate is a message that could be leased.
type candidate struct {
	ID       string `db:"id"`
	Kind     string `db:"kind"`
	Receiver string `db:"receiver"`
	Due      stamp  `db:"due"`
	At       stamp  `db:"at"`
	FreeAt   stamp  `db:"free_at"`
}

// choose chooses messages: first those whose lease ran out, then the oldest.
func (c *choice) choose(ctx context.Context, q queryer) error {
	c.busy = map[string]bool{}
	if err := c.abandoned(ctx, q); err != nil {
		return err
	}
	turns, err := c.turns(ctx, q)
	if err != nil {
		return err
	}
	posts, err := c.together(ctx, q)
	if err != nil {
		return err
	}
	all := append(turns, posts...)
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(a.Due.Compare(b.Due.Time), a.At.Compare(b.At.Time), cmp.Compare(a.ID, b.ID))
	})
	for _, row := range all {
		c.take(row)
	}
	return nil
}

// take chooses a message, unless its receiver has one already.
func (c *choice) take(row candidate) {
	together := actions.OutgoingKind(row.Kind).Together()
	if len(c.ids) == c.limit || (c.busy[row.Receiver] && !together) {
		return
	}
	c.ids, c.busy[row.Receiver] = append(c.ids, row.ID), !together
	c.free[row.ID] = row.FreeAt.Time
}

// idle is that a receiver, in the column named, has no message under way at $1.
func idle(receiver string) string {
	return `NOT EXISTS (SELECT 1 FROM outbox u WHERE u.receiver = ` + receiver + ` AND u.lease IS NOT NULL
		AND u.kind <> 'mail' AND u.leased_until > $1)`
}

// abandoned chooses messages whose lease ran out.
func (c *choice) abandoned(ctx context.Context, q queryer) error {
	args := []any{at(c.now)}
	for _, kind := range c.kinds {
		args = append(args, string(kind))
	}
	var rows []candidate
	err := q.SelectContext(ctx, &rows, `SELECT id, kind, receiver, due, at FROM outbox o
		WHERE lease IS NOT NULL AND leased_until <= $1 AND kind IN (`+marks(2, len(c.kinds))+`) AND `+idle("o.receiver")+`
		ORDER BY due, at, id`, args...)
	for _, row := range rows {
		c.take(row)
	}
	return err
}

// turns finds the oldest message of each receiver who is idle and free. It goes
// from receiver to receiver by the index, so that thousands which wait for one
// of them cost no more than one does, and what was delivered costs nothing.
func (c *choice) turns(ctx context.Context, q queryer) (rows []candidate, err error) {
	args, kinds := []any{at(c.now), at(c.now.Add(ahead))}, []string{}
	for _, kind := range c.kinds {
		if !kind.Together() {
			args = append(args, string(kind))
			kinds = append(kinds, fmt.Sprintf("(CAST($%d AS text))", len(args)))
		}
	}
	if len(kinds) == 0 {
		return nil, nil
	}
	const next = `(SELECT o.receiver FROM outbox o WHERE o.kind = %s AND o.receiver %s AND ` + untaken + ` ORDER BY o.receiver LIMIT 1)`
	err = q.SelectContext(ctx, &rows, `WITH RECURSIVE turn (kind, receiver) AS (
			SELECT known.column1, `+fmt.Sprintf(next, "known.column1", ">= ''")+` FROM (VALUES `+strings.Join(kinds, ", ")+`) AS known
			UNION ALL
			SELECT turn.kind, `+fmt.Sprintf(next, "turn.kind", "> turn.receiver")+` FROM turn WHERE turn.receiver IS NOT NULL
		)
		SELECT m.id, m.kind, m.receiver, m.due, m.at, p.free_at FROM turn
			LEFT JOIN paces p ON p.receiver = turn.receiver
			JOIN outbox m ON m.id = (SELECT o.id FROM outbox o
				WHERE o.kind = turn.kind AND o.receiver = turn.receiver AND o.due <= $1 AND `+untaken+` ORDER BY o.due, o.at, o.id LIMIT 1)
		WHERE turn.receiver IS NOT NULL AND (p.free_at IS NULL OR p.free_at <= $2) AND `+idle("turn.receiver"), args...)
	return rows, err
}

// together finds the oldest messages of the kinds of which several may be under
// way to one receiver.
func (c *choice) together(ctx context.Context, q queryer) (rows []candidate, err error) {
	var u union
	to := u.arg(at(c.now))
	for _, kind := range c.kinds {
		if kind.Together() {
			u.add(`SELECT id, kind, receiver, due, at FROM outbox WHERE kind = %s AND due <= %s AND %s ORDER BY due, at, id LIMIT %d`,
				u.arg(string(kind)), to, untaken, c.limit)
		}
	}
	if u.branches == nil {
		return nil, nil
	}
	return rows, q.SelectContext(ctx, &rows, u.all(), u.args...)
}
