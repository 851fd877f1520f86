package store

import (
	"context"
	"fmt"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// HeldBy returns the verifications of an actor that hold since later than since, the
// newest first, at most limit.
func (s *Store) HeldBy(ctx context.Context, actor string, since time.Time, limit int) ([]actions.Verification, error) {
	return heldBy(ctx, s.read, actor, since, limit)
}

func heldBy(ctx context.Context, q queryer, actor string, since time.Time, limit int) ([]actions.Verification, error) {
	held, err := verifications(ctx, q, `actor = $1 AND held_at > $2 AND state = 'holds' ORDER BY held_at DESC, id DESC LIMIT $3`,
		storable(actor), at(since), limit)
	return held, failed("looking for whom somebody has proven", err)
}

// homesDrawn selects columns of those whose Home is to be redrawn; homeWaits is what the
// message must be that does it for one of them and waits untaken.
const (
	homesDrawn = `SELECT %s FROM homes WHERE opened_at > $1 AND ($2 = 0 OR (roles & $2) <> 0) ORDER BY actor LIMIT $3`
	homeWaits  = `kind = '` + string(actions.OutgoingHome) + `' AND ref = receiver AND ` + untaken
)

// EnqueueHomes has the Homes redrawn of those who opened theirs later than since and hold
// one of the roles, with one message each, as Enqueue would. What waits for them untaken
// stays so until the transaction ends, and is held in the order of who gets it: two that
// hold several wait for each other in turn.
func (t *tx) EnqueueHomes(ctx context.Context, m actions.Outgoing, roles actions.Roles, since time.Time, limit int) error {
	args := []any{at(since), int(roles), limit, at(m.At), storable(m.Request)}
	_, err := t.exec(ctx, `UPDATE outbox SET at = CASE WHEN at < $4 THEN $4 ELSE at END, request = CASE WHEN $5 = '' THEN request ELSE $5 END
		WHERE id IN (SELECT id FROM outbox WHERE receiver IN (`+fmt.Sprintf(homesDrawn, "actor")+`) AND `+homeWaits+`
			ORDER BY receiver, id `+t.store.dialect.locking+`)`, args...)
	if err != nil {
		return failed("looking into the outbox", err)
	}
	// A time that stands alone has no type in PostgreSQL; opened_at gives it its own.
	_, err = t.exec(ctx, `INSERT INTO outbox (receiver, id, kind, ref, at, due, tries, why, request)
		SELECT actor, CAST($7 AS text) || '-' || actor, '`+string(actions.OutgoingHome)+`', actor,
			coalesce($4, opened_at), coalesce($6, opened_at), 0, '', CAST($5 AS text)
		FROM (`+fmt.Sprintf(homesDrawn, "actor, opened_at")+`) AS drawn
		WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE receiver = drawn.actor AND `+homeWaits+`)`, append(args, at(m.Due), m.ID)...)
	return failed("putting messages into the outbox", err)
}

// OpenHome remembers that somebody opened their Home, and which roles they hold.
func (t *tx) OpenHome(ctx context.Context, actor string, roles actions.Roles, when time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO homes (actor, roles, opened_at) VALUES ($1, $2, $3)
		ON CONFLICT (actor) DO UPDATE SET roles = excluded.roles, opened_at = excluded.opened_at`,
		storable(actor), int(roles), at(when))
	return failed("remembering who opened their Home", err)
}

// CloseHome forgets that somebody opened their Home.
func (t *tx) CloseHome(ctx context.Context, actor string) error {
	_, err := t.exec(ctx, `DELETE FROM homes WHERE actor = $1`, storable(actor))
	return failed("forgetting who opened their Home", err)
}

// HomeOpen reports whether somebody opened their Home later than since.
func (t *tx) HomeOpen(ctx context.Context, actor string, since time.Time) (bool, error) {
	n, err := counted(ctx, t, `SELECT count(*) FROM homes WHERE actor = $1 AND opened_at > $2`, storable(actor), at(since))
	return n > 0, failed("looking whether somebody's Home is open", err)
}
