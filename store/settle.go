package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Delivered ends a message that was delivered. This and what follows do
// nothing once somebody else has the message.
func (s *Store) Delivered(ctx context.Context, m actions.Outgoing, when time.Time) error {
	return s.Settle(ctx, when, actions.Ending{Message: m})
}

// Retry gives a message back, to be delivered from due on; why says to leads
// why it failed and holds no content.
func (s *Store) Retry(ctx context.Context, m actions.Outgoing, due time.Time, why string) error {
	return s.Settle(ctx, due, actions.Ending{Message: m, Due: due, Why: why})
}

// Bury ends a message that can't be delivered: a dead letter, which stays.
func (s *Store) Bury(ctx context.Context, m actions.Outgoing, when time.Time, why string) error {
	return s.Settle(ctx, when, actions.Ending{Message: m, Buried: true, Why: why})
}

// settleMost is how many messages are settled in one transaction.
const settleMost = 500

// Settle writes down what became of messages, all or, of very many, as many as
// are settled together. A message that somebody else has by now stays as it is.
func (s *Store) Settle(ctx context.Context, when time.Time, endings ...actions.Ending) error {
	for some := range slices.Chunk(endings, settleMost) {
		err := s.persistently(ctx, func(t *tx) error { return t.settle(ctx, at(when), lastOf(some)) })
		if err != nil {
			return failed("writing down what became of messages", err)
		}
	}
	return nil
}

// lastOf leaves the last ending for each receiver of those that have a place or
// a pace: one statement can't write a row twice.
func lastOf(endings []actions.Ending) []actions.Ending {
	last := map[string]int{}
	for i, e := range endings {
		last[e.Message.To] = i
	}
	kept := slices.Clone(endings)
	for i := range kept {
		if last[kept[i].Message.To] != i {
			kept[i].Free, kept[i].Posted = time.Time{}, actions.Posted{}
		}
	}
	return kept
}

// settle writes down what became of messages. Most were delivered, and those
// are one statement however many they are.
func (t *tx) settle(ctx context.Context, when stamp, endings []actions.Ending) error {
	var delivered []actions.Outgoing
	for _, e := range endings {
		if e.Due.IsZero() && !e.Buried {
			delivered = append(delivered, e.Message)
			continue
		}
		if err := t.giveBack(ctx, when, e); err != nil {
			return err
		}
	}
	if err := t.deliver(ctx, when, delivered); err != nil {
		return err
	}
	if err := t.keepPlaces(ctx, when, endings); err != nil {
		return err
	}
	return t.keepPaces(ctx, endings)
}

// deliver ends messages that were delivered. Those that were leased together
// have one lease.
func (t *tx) deliver(ctx context.Context, when stamp, delivered []actions.Outgoing) error {
	ids := map[string][]any{}
	for _, m := range delivered {
		ids[m.Lease] = append(ids[m.Lease], m.ID)
	}
	for lease, together := range ids {
		_, err := t.exec(ctx, `UPDATE outbox SET lease = NULL, leased_until = NULL, delivered_at = $1
			WHERE lease = $2 AND `+waits+` AND id IN (`+marks(3, len(together))+`)`, append([]any{when, lease}, together...)...)
		if err != nil {
			return err
		}
	}
	return nil
}

// giveBack ends the lease of a message that wasn't delivered. Of a kind that
// follows its record, what was enqueued meanwhile about the same has nothing to
// say any more: this one will show the newest state, and is as young as that.
func (t *tx) giveBack(ctx context.Context, when stamp, e actions.Ending) error {
	m, buried := e.Message, stamp{}
	if e.Buried {
		buried, e.Due = when, m.Due
	}
	n, err := t.exec(ctx, `UPDATE outbox SET lease = NULL, leased_until = NULL, due = $3, buried_at = $4, why = $5, unclear = $6
		WHERE id = $1 AND lease = $2 AND `+waits, m.ID, m.Lease, at(e.Due), buried, brief(e.Why), e.Unclear)
	if err != nil || n == 0 || e.Buried || !m.Kind.Follows() {
		return err
	}
	var newer []stamp
	err = t.SelectContext(ctx, &newer, `UPDATE outbox SET delivered_at = $1
		WHERE receiver = $2 AND kind = $3 AND ref = $4 AND id <> $5 AND `+untaken+` RETURNING at`,
		when, storable(m.To), string(m.Kind), storable(m.Ref), m.ID)
	for _, one := range newer {
		if err == nil {
			_, err = t.exec(ctx, `UPDATE outbox SET at = $2 WHERE id = $1 AND at < $2`, m.ID, one)
		}
	}
	return err
}

// values are rows of a statement.
type values struct {
	args []any
	rows []string
}

// row adds a row.
func (v *values) row(args ...any) {
	v.rows = append(v.rows, "("+marks(len(v.args)+1, len(args))+")")
	v.args = append(v.args, args...)
}

// exec runs a statement whose %s stands for the rows; without any it does nothing.
func (v *values) exec(ctx context.Context, t *tx, format string) error {
	if len(v.rows) == 0 {
		return nil
	}
	_, err := t.exec(ctx, fmt.Sprintf(format, strings.Join(v.rows, ", ")), v.args...)
	return err
}
