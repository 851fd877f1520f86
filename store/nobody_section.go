package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"

	"github.com/latchkey-bot/latchkey/actions"
)

// nobody reads what there is about an identifier that no user has.
func (s *snapshot) nobody(ctx context.Context) error {
	if s.query.UserID != "" || s.query.Identifier == "" {
		return nil
	}
	return s.read(ctx, s.typed, s.nearUsers, s.accounts)
}

// typed reads recent attempts with the identifier that found nobody.
func (s *snapshot) typed(ctx context.Context) error {
	attempts, err := s.unknown(ctx, []string{actions.Key(s.query.Identifier)}, typedLimit)
	for _, a := range attempts {
		if sameName(a.Identifier, s.query.Identifier) {
			s.Typed = append(s.Typed, a)
		}
	}
	return failed("reading attempts with the identifier", err)
}

// sameName reports whether two identifiers mean the same: without regard to
// case, a phone number by its digits.
func sameName(a, b string) bool {
	digits := actions.PhoneDigits(a)
	return actions.Fold(a) == actions.Fold(b) || (digits != "" && digits == actions.PhoneDigits(b))
}

// nearUser is a user whose name may be near.
type nearUser struct {
	ID       string `db:"id"`
	Username string `db:"username"`
	Email    string `db:"email"`
	Seq      int64  `db:"seq"`
	distance int
}

// nearUsers finds users with a name near the identifier, nearest first.
func (s *snapshot) nearUsers(ctx context.Context) error {
	candidates, err := s.nearCandidates(ctx)
	if err != nil {
		return failed("looking for users with a name near the identifier", err)
	}
	var near []nearUser
	for _, c := range candidates {
		if distance, ok := c.from(s.query.Identifier); ok {
			c.distance = distance
			near = append(near, c)
		}
	}
	slices.SortFunc(near, func(a, b nearUser) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.Seq, b.Seq))
	})
	near = slices.CompactFunc(near, func(a, b nearUser) bool { return a.ID == b.ID })
	var ids []string
	for _, n := range near[:min(len(near), actions.NearShown)] {
		ids = append(ids, n.ID)
	}
	users, err := s.usersByID(ctx, ids)
	for _, id := range ids {
		if user, ok := users[id]; ok {
			s.NearUsers = append(s.NearUsers, user)
		}
	}
	return err
}

// from returns how many edits the nearer of the names is away; ok is false
// when neither is near.
func (n nearUser) from(identifier string) (distance int, ok bool) {
	distance = actions.MaxNameDistance + 1
	for _, own := range []string{n.Username, n.Email} {
		if actions.NearName(own, identifier) {
			distance = min(distance, levenshtein.ComputeDistance(actions.Fold(own), actions.Fold(identifier)))
		}
	}
	return distance, distance <= actions.MaxNameDistance
}

// nearCandidates reads users whose names may be near: those of the right
// length, which are all of a small directory; those that begin alike and those
// of the same domain, which are the likeliest of a big one.
func (s *snapshot) nearCandidates(ctx context.Context) ([]nearUser, error) {
	var u union
	branch := actions.NearLimit / 13
	const columns = "id, username, email, seq"
	for length := range nearLengths(s.query.Identifier) {
		for _, column := range []string{"username_key", "email_key"} {
			u.add(`SELECT %s FROM users WHERE length(%s) = %d AND %s IS NOT NULL ORDER BY seq LIMIT %d`,
				columns, column, length, column, branch)
		}
	}
	folded := actions.Fold(s.query.Identifier)
	beginning := []rune(folded)[:(utf8.RuneCountInString(folded)+2)/3]
	from, to := u.arg(string(beginning)), u.arg(string(beginning)+string(utf8.MaxRune))
	for _, column := range []string{"username_key", "email_key"} {
		u.add(`SELECT %s FROM users WHERE %s >= %s AND %s < %s ORDER BY %s LIMIT %d`, columns, column, from, column, to, column, branch)
	}
	if domain := actions.Domain(s.query.Identifier); domain != "" {
		u.add(`SELECT %s FROM users WHERE email_domain = %s ORDER BY seq LIMIT %d`, columns, u.arg(domain), branch)
	}
	var rows []nearUser
	err := s.q.SelectContext(ctx, &rows, u.query("seq", actions.NearLimit), u.args...)
	return rows, err
}

// usersByID reads users by their IDs.
func (s *snapshot) usersByID(ctx context.Context, ids []string) (map[string]actions.User, error) {
	users := make(map[string]actions.User, len(ids))
	if len(ids) == 0 {
		return users, nil
	}
	var rows []userRow
	err := s.q.SelectContext(ctx, &rows, `SELECT `+userColumns+` FROM users WHERE id IN (`+marks(1, len(ids))+`)`, anys(ids)...)
	for _, row := range rows {
		users[row.ID] = row.user()
	}
	return users, failed("reading users", err)
}

// isDomain reports whether the identifier asks for a domain, as in
// "@acme.example".
func isDomain(identifier string) bool {
	return strings.HasPrefix(identifier, "@") && strings.LastIndexByte(identifier, '@') == 0 && len(identifier) > 1
}
