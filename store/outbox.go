package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// outgoingRow is a message in the outbox.
type outgoingRow struct {
	ID       string   `db:"id"`
	Kind     string   `db:"kind"`
	Receiver string   `db:"receiver"`
	Ref      string   `db:"ref"`
	At       stamp    `db:"at"`
	Due      stamp    `db:"due"`
	Tries    int      `db:"tries"`
	Lease    optional `db:"lease"`
}

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

// What a message must be to be leased at $1; a queue's claim says it twice.
const (
	waits    = `delivered_at IS NULL AND buried_at IS NULL`
	leasable = waits + ` AND due <= $1 AND (lease IS NULL OR leased_until <= $1)`
)

// Lease hands out at most limit messages that are due at now, oldest first, at
// most one for each receiver and none for one that has a message under way,
// until now + hold. A lease that ran out is handed out again, before anything
// else for its receiver.
func (s *Store) Lease(ctx context.Context, now time.Time, hold time.Duration, limit int) ([]actions.Outgoing, error) {
	// With nothing to do, which is nearly always, nobody waits for a writer.
	if due, err := anyDue(ctx, s.read, now); err != nil || !due {
		return nil, err
	}
	var rows []outgoingRow
	err := s.Tx(ctx, func(unit actions.Tx) (err error) {
		rows, err = unit.(*tx).lease(ctx, now, hold, limit) //nolint:forcetypeassert // it is this store's own
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

// anyDue reports whether there is a message to lease.
func anyDue(ctx context.Context, q queryer, now time.Time) (bool, error) {
	var due []int
	err := q.SelectContext(ctx, &due, `SELECT 1 FROM outbox WHERE `+leasable+` LIMIT 1`, at(now))
	return len(due) > 0, failed("looking into the outbox", err)
}

// lease takes messages. Who takes waits for who takes already: two who choose
// from what they see at the same moment could choose two for one receiver.
func (t *tx) lease(ctx context.Context, now time.Time, hold time.Duration, limit int) (rows []outgoingRow, err error) {
	if alone := t.store.dialect.leaseAlone; alone != "" {
		if _, err := t.exec(ctx, alone); err != nil {
			return nil, failed("waiting for others who take from the outbox", err)
		}
	}
	err = t.SelectContext(ctx, &rows, `UPDATE outbox SET lease = $2, leased_until = $3, tries = tries + 1
		WHERE `+leasable+` AND id IN (SELECT id FROM (
			SELECT id, due, at, row_number() OVER (PARTITION BY receiver ORDER BY lease IS NULL, due, at, id) AS place
			FROM outbox WHERE `+leasable+`
				AND receiver NOT IN (SELECT receiver FROM outbox WHERE lease IS NOT NULL AND leased_until > $1)
		) AS first WHERE place = 1 ORDER BY due, at, id LIMIT $4)
		RETURNING id, kind, receiver, ref, at, due, tries, lease`, at(now), rand.Text(), at(now.Add(hold)), limit)
	return rows, failed("taking messages from the outbox", err)
}

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
