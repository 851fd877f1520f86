package store

import (
	"context"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

const (
	// candidateLimit is how many users with the same key are looked at: with
	// 4 keys each and 2 branches a key, SQLite's limit of 500 branches holds.
	candidateLimit = 60
	// staffHeadroom is how many attempts are read where the newest that counts
	// is wanted: staff's can't be left out in SQL.
	staffHeadroom = 20
)

// match finds the users that the query names.
func (s *snapshot) match(ctx context.Context) error {
	candidates, err := s.candidates(ctx)
	if err != nil {
		return failed("looking for the user", err)
	}
	for _, row := range candidates {
		if user := row.user(); s.fits(user) {
			s.Users = append(s.Users, user)
		}
	}
	if len(s.Users) < 2 {
		return nil
	}
	return s.sortUsers(ctx)
}

// fits reports whether the user is meant, exactly.
func (s *snapshot) fits(user actions.User) bool {
	if s.query.UserID != "" {
		return user.ID == s.query.UserID
	}
	return means(user, s.query.Identifier)
}

// means reports whether an identifier is the user's, exactly.
func means(user actions.User, identifier string) bool {
	return user.Answers(identifier) || actions.Fold(user.ID) == actions.Fold(identifier)
}

// candidates reads users by their keys, in the order of import.
func (s *snapshot) candidates(ctx context.Context) ([]userRow, error) {
	var rows []userRow
	if s.query.UserID != "" {
		return rows, s.q.SelectContext(ctx, &rows, `SELECT `+userColumns+` FROM users WHERE id = $1`, s.query.UserID)
	}
	rows, err := usersByKey(ctx, s.q, []string{s.query.Identifier})
	return rows[:min(len(rows), candidateLimit)], err
}

// usersByKey reads the users whose keys are those of the identifiers, each
// once, in the order of import.
func usersByKey(ctx context.Context, q queryer, identifiers []string) ([]userRow, error) {
	var u union
	for _, identifier := range identifiers {
		key := actions.Key(identifier)
		if key == "" {
			continue
		}
		place := u.arg(key)
		for _, column := range []string{"id_key", "username_key", "email_key", "mobile_key"} {
			u.add(`SELECT %s FROM users WHERE %s = %s ORDER BY seq LIMIT %d`, userColumns, column, place, candidateLimit)
		}
	}
	if len(u.branches) == 0 {
		return nil, nil
	}
	var rows []userRow
	err := q.SelectContext(ctx, &rows, u.query("seq", len(u.branches)*candidateLimit), u.args...)
	// One who fits by several keys comes several times, one after the other.
	return slices.CompactFunc(rows, func(a, b userRow) bool { return a.ID == b.ID }), err
}

// sortUsers puts who tried last first; who never tried keeps the order of
// import, at the end.
func (s *snapshot) sortUsers(ctx context.Context) error {
	newest, err := s.newestOf(ctx, s.Users)
	if err != nil {
		return failed("looking who tried last", err)
	}
	slices.SortStableFunc(s.Users, func(a, b actions.User) int { return newest[b.ID].Compare(newest[a.ID]) })
	s.Users = s.Users[:min(len(s.Users), actions.MatchLimit)]
	return nil
}

// newestOf returns the newest attempt that counts of each user who has one.
func (s *snapshot) newestOf(ctx context.Context, users []actions.User) (map[string]actions.Attempt, error) {
	var u union
	moment := u.arg(at(s.At))
	seen := map[string]bool{}
	for _, user := range users {
		for _, who := range customersOf(user) {
			if seen[who] {
				continue
			}
			seen[who] = true
			place := u.arg(who)
			for inside := range 2 {
				u.add(`SELECT %s FROM attempts WHERE %s = %s AND %s = %d AND at <= %s ORDER BY %s LIMIT %d`,
					attemptColumns, customerColumn, place, insideColumn, inside, moment, byIndex, staffHeadroom)
			}
		}
	}
	var rows []attemptRow
	if err := s.q.SelectContext(ctx, &rows, u.query(newestFirst, len(u.branches)*staffHeadroom), u.args...); err != nil {
		return nil, err
	}
	return newestByUser(users, attemptsOf(rows, s.counts)), nil
}

// newestByUser picks each user's newest of attempts that come newest first.
func newestByUser(users []actions.User, attempts []actions.Attempt) map[string]actions.Attempt {
	newest := map[string]actions.Attempt{}
	for _, user := range users {
		for _, a := range attempts {
			if belongs(user, a) {
				newest[user.ID] = a
				break
			}
		}
	}
	return newest
}
