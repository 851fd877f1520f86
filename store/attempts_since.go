package store

import (
	"context"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// AttemptsSince returns the attempts of a user later than after and not later
// than until, newest first, without those that staff made. At most
// AttemptLimit: when there are more, failures are left out first.
func (s *Store) AttemptsSince(ctx context.Context, userID string, after, until time.Time) ([]actions.Attempt, error) {
	begun, err := s.read.BeginTxx(ctx, s.dialect.snapshot)
	if err != nil {
		return nil, failed("beginning to read a user's attempts", err)
	}
	defer func() { _ = begun.Rollback() }() // it only read
	return attemptsSince(ctx, begun, userID, after, until)
}

func attemptsSince(ctx context.Context, q queryer, userID string, after, until time.Time) ([]actions.Attempt, error) {
	look := &snapshot{q: q, query: actions.Query{UserID: storable(userID), At: until}}
	if err := look.read(ctx, look.match, look.staff); err != nil || len(look.Users) == 0 {
		return nil, err
	}
	of := userSection{snapshot: look, who: look.Users[0]}
	attempts, err := of.since(ctx, 1, after, until, actions.AttemptLimit)
	if err != nil {
		return nil, err
	}
	failures, err := of.since(ctx, 0, after, until, actions.AttemptLimit-len(attempts))
	attempts = append(attempts, failures...)
	slices.SortFunc(attempts, func(a, b actions.Attempt) int { return b.Compare(a) })
	return attempts, err
}

// since reads the newest successes (inside 1) or failures (0) of a time.
func (s userSection) since(ctx context.Context, inside int, after, until time.Time, limit int) ([]actions.Attempt, error) {
	var u union
	from, to := u.arg(at(after)), u.arg(at(until))
	for _, who := range customersOf(s.who) {
		u.add(`SELECT %s FROM attempts WHERE %s = %s AND %s = %d AND at > %s AND at <= %s ORDER BY %s LIMIT %d`,
			attemptColumns, customerColumn, u.arg(who), insideColumn, inside, from, to, byIndex, limit)
	}
	var rows []attemptRow
	err := s.q.SelectContext(ctx, &rows, u.query(newestFirst, limit), u.args...)
	return attemptsOf(rows, func(a actions.Attempt) bool { return s.mine(a) && s.counts(a) }), failed("reading a user's new attempts", err)
}
