package store

import (
	"context"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

const (
	// nearNameLimit is how many near names are followed up, nearMissLimit how
	// many attempts with them are read.
	nearNameLimit, nearMissLimit = 100, 200
	// typedLimit is how many attempts of nobody with an identifier are read.
	typedLimit = 200
)

// nearMisses reads recent attempts of nobody with a name near the user's.
func (s userSection) nearMisses(ctx context.Context) error {
	names, err := s.nearNames(ctx)
	if err != nil || len(names) == 0 {
		return failed("looking for names near the user's", err)
	}
	owners, err := s.owners(ctx, names)
	if err != nil {
		return failed("looking who has the names near the user's", err)
	}
	misses, err := s.unknown(ctx, names, nearMissLimit)
	for _, a := range misses {
		if a.UserID == "" && s.near(a.Identifier) && !answered(owners, a.Identifier) {
			s.NearMisses = append(s.NearMisses, a)
		}
	}
	return failed("reading attempts with a name near the user's", err)
}

// near reports whether what was typed is nearly the user's name or e-mail.
func (s userSection) near(typed string) bool {
	return actions.NearName(s.who.Username, typed) || actions.NearName(s.who.Email, typed)
}

func answered(users []actions.User, identifier string) bool {
	for _, user := range users {
		if user.Answers(identifier) {
			return true
		}
	}
	return false
}

// nearNames returns the keys of unknown names near the user's, who was typed
// last first.
func (s userSection) nearNames(ctx context.Context) ([]string, error) {
	var u union
	from, to := u.arg(at(s.recent())), u.arg(at(s.At))
	for length := range nearLengths(s.who.Username, s.who.Email) {
		u.add(`SELECT name, last_at FROM unknown_names WHERE length = %d AND last_at > %s AND first_at <= %s
			ORDER BY last_at DESC LIMIT %d`, length, from, to, actions.NearLimit)
	}
	if len(u.branches) == 0 {
		return nil, nil
	}
	var rows []struct {
		Name   string `db:"name"`
		LastAt stamp  `db:"last_at"`
	}
	if err := s.q.SelectContext(ctx, &rows, u.query("last_at DESC, name", actions.NearLimit), u.args...); err != nil {
		return nil, err
	}
	var keys []string
	for _, row := range rows {
		if s.near(row.Name) && len(keys) < nearNameLimit {
			keys = append(keys, actions.Key(row.Name))
		}
	}
	return keys, nil
}

// nearLengths are the lengths in letters of what is near one of the names.
func nearLengths(names ...string) map[int]bool {
	lengths := map[int]bool{}
	for _, name := range names {
		own := utf8.RuneCountInString(actions.Fold(name))
		if own == 0 {
			continue
		}
		for length := max(1, own-actions.MaxNameDistance); length <= own+actions.MaxNameDistance; length++ {
			lengths[length] = true
		}
	}
	return lengths
}

// owners reads users who have one of the keys.
func (s *snapshot) owners(ctx context.Context, keys []string) ([]actions.User, error) {
	var u union
	places := marks(1, len(keys))
	u.args = anys(keys)
	for _, column := range []string{"username_key", "email_key", "mobile_key"} {
		u.add(`SELECT %s FROM users WHERE %s IN (%s) LIMIT %d`, userColumns, column, places, actions.RecordLimit)
	}
	var rows []userRow
	err := s.q.SelectContext(ctx, &rows, u.query("seq", 3*actions.RecordLimit), u.args...)
	var users []actions.User
	for _, row := range rows {
		users = append(users, row.user())
	}
	return users, err
}

// unknown reads recent attempts that ended unknown_username with one of the
// keys, newest first.
func (s *snapshot) unknown(ctx context.Context, keys []string, limit int) ([]actions.Attempt, error) {
	var u union
	from, to := u.arg(at(s.recent())), u.arg(at(s.At))
	for _, key := range keys {
		u.add(`SELECT %s FROM attempts WHERE identifier_key = %s AND outcome = 'unknown_username' AND at > %s AND at <= %s
			ORDER BY %s LIMIT %d`, attemptColumns, u.arg(key), from, to, byIndex, limit)
	}
	var rows []attemptRow
	err := s.q.SelectContext(ctx, &rows, u.query(newestFirst, limit), u.args...)
	return attemptsOf(rows, func(actions.Attempt) bool { return true }), err
}
