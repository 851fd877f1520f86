package store

import (
	"context"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// CasesDue returns the IDs of cases whose Due is at or before a moment, the
// longest due first, at most limit.
func (s *Store) CasesDue(ctx context.Context, when time.Time, limit int) ([]string, error) {
	return casesDue(ctx, s.read, when, limit)
}

func casesDue(ctx context.Context, q queryer, when time.Time, limit int) ([]string, error) {
	var ids []string
	err := q.SelectContext(ctx, &ids, `SELECT id FROM cases WHERE due IS NOT NULL AND due <= $1 ORDER BY due, id LIMIT $2`, at(when), limit)
	return ids, failed("looking for cases whose time has come", err)
}

// CaseList returns cases that aren't resolved and fit, in the order of the filter, at
// most limit from offset on.
func (s *Store) CaseList(ctx context.Context, f escalation.Filter, limit, offset int) ([]escalation.Case, error) {
	return caseList(ctx, s.read, f, limit, offset)
}

func caseList(ctx context.Context, q queryer, f escalation.Filter, limit, offset int) ([]escalation.Case, error) {
	var u union
	order := oldestFirst
	if f.Own != "" {
		order = endsFirst
	}
	where := thatFit(&u, f) + order + ` LIMIT ` + u.arg(limit) + ` OFFSET ` + u.arg(offset)
	found, err := cases(ctx, q, where, u.args...)
	return found, failed("reading the cases", err)
}

// CaseCount returns how many cases aren't resolved and fit, counting up to limit.
func (s *Store) CaseCount(ctx context.Context, f escalation.Filter, limit int) (int, error) {
	return caseCount(ctx, s.read, f, limit)
}

func caseCount(ctx context.Context, q queryer, f escalation.Filter, limit int) (int, error) {
	var u union
	where := thatFit(&u, f) + oldestFirst + ` LIMIT ` + u.arg(limit)
	n, err := counted(ctx, q, `SELECT count(*) FROM (SELECT 1 FROM cases WHERE `+where+`) AS few`, u.args...)
	return n, failed("counting the cases", err)
}

// The orders of a list of cases.
const (
	oldestFirst = ` ORDER BY at, id`
	// endsFirst: the one whose time runs out first first, those without one last.
	endsFirst = ` ORDER BY CASE WHEN ends_at IS NULL THEN 1 ELSE 0 END, ends_at, at, id`
)

// thatFit chooses the cases that aren't resolved and fit.
func thatFit(u *union, f escalation.Filter) string {
	where := []string{unresolved}
	if f.Mine != "" {
		mine := u.arg(storable(f.Mine))
		where = append(where, `(claimed_by = `+mine+` OR EXISTS
			(SELECT 1 FROM case_followers WHERE case_id = cases.id AND case_followers.agent = `+mine+`))`)
	}
	if f.Own != "" {
		own := u.arg(storable(f.Own))
		where = append(where, `(claimed_by = `+own+` OR cases.agent = `+own+`)`)
	}
	if f.Unclaimed {
		where = append(where, `state = 'open'`)
	}
	if !f.Overdue.IsZero() {
		where = append(where, `ends_at <= `+u.arg(at(f.Overdue)))
	}
	return strings.Join(where, ` AND `)
}

// CaseAt returns the ID of the case whose card of L2 stands there, in a thread of
// which somebody wrote; found is false for no card of a case.
func (s *Store) CaseAt(ctx context.Context, place actions.Posted) (id string, found bool, err error) {
	return caseAt(ctx, s.read, place)
}

func caseAt(ctx context.Context, q queryer, place actions.Posted) (id string, found bool, err error) {
	var ids []string
	err = q.SelectContext(ctx, &ids, `SELECT ref FROM places WHERE kind = '`+string(actions.OutgoingCase)+`' AND channel = $1 AND ts = $2 LIMIT 1`,
		storable(place.Channel), storable(place.TS))
	if err != nil || len(ids) == 0 {
		return "", false, failed("looking whose card a thread belongs to", err)
	}
	return ids[0], true, nil
}

// ResolvedLately returns the case of that key that was resolved last, later than
// since; found is false without one.
func (s *Store) ResolvedLately(ctx context.Context, key string, since time.Time) (c escalation.Case, found bool, err error) {
	return resolvedLately(ctx, s.read, key, since)
}

func resolvedLately(ctx context.Context, q queryer, key string, since time.Time) (escalation.Case, bool, error) {
	found, err := one(cases(ctx, q, `key = $1 AND resolved_at > $2 AND `+resolved+` ORDER BY resolved_at DESC, id DESC LIMIT 1`,
		storable(key), at(since)))
	return perhaps(found, err, "looking for an earlier case")
}

// OpenedSince counts the cases that somebody opened later than since, those they
// handed over since included.
func (t *tx) OpenedSince(ctx context.Context, agent string, since time.Time) (int, error) {
	return openedSince(ctx, t, agent, since)
}

func openedSince(ctx context.Context, q queryer, agent string, since time.Time) (int, error) {
	n, err := counted(ctx, q, `SELECT count(*) FROM cases WHERE opened_by = $1 AND at > $2`, storable(agent), at(since))
	return n, failed("counting the cases that somebody opened", err)
}

// casePage is how many cases are read at once.
const casePage = 200

// EachCase calls yield with each case opened at since or later and before until
// (zero: no bound), oldest first, until it returns an error. Nothing is held open
// meanwhile: what changes is seen as it is when its page is read.
func (s *Store) EachCase(ctx context.Context, since, until time.Time, yield func(escalation.Case) error) error {
	last := escalation.Case{At: since}
	for {
		page, err := caseFrom(ctx, s.read, last, until)
		if err != nil {
			return err
		}
		for _, c := range page {
			if err := yield(c); err != nil {
				return err
			}
		}
		if len(page) < casePage {
			return nil
		}
		last = page[len(page)-1]
	}
}

// caseFrom reads the page of cases that follow another one; without an ID, those
// of its At follow it, too.
func caseFrom(ctx context.Context, q queryer, last escalation.Case, until time.Time) ([]escalation.Case, error) {
	if last.At.IsZero() {
		last.At = time.Unix(0, 0)
	}
	if until.IsZero() {
		until = farthest
	}
	found, err := cases(ctx, q, `(at, id) > ($1, $2) AND at < $3 ORDER BY at, id LIMIT $4`, at(last.At), last.ID, at(until), casePage)
	return found, failed("reading all cases", err)
}

// farthest is later than anything on record.
var farthest = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
