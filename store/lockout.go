package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// triesPortion is how many customers' attempts are read at once.
const triesPortion = 400

// EachTries calls yield with what was tried, some hundred customers at a time and each
// customer once, until it returns an error, which comes back as it is. Nothing is held
// open meanwhile.
func (s *Store) EachTries(ctx context.Context, q actions.TriesQuery, yield func([]actions.Tries) error) error {
	return eachTries(ctx, s.read, s.dialect.moments, q, yield)
}

func eachTries(ctx context.Context, q queryer, moments string, ask actions.TriesQuery, yield func([]actions.Tries) error) error {
	staff, err := staffPrefixes(ctx, q)
	if err != nil {
		return err
	}
	who, err := whoFailed(ctx, q, ask)
	if err != nil {
		return err
	}
	r := &triesReader{q: q, moments: moments, ask: ask, staff: staff, failed: who, seen: map[string]bool{}}
	if ask.Account != "" {
		if r.members, err = membersOf(ctx, q, ask.Account); err != nil {
			return err
		}
	}
	for portion := range slices.Chunk(slices.Sorted(maps.Keys(who)), triesPortion) {
		tries, err := r.read(ctx, portion)
		if err != nil {
			return failed("reading who was locked out", err)
		}
		if err := yield(tries); err != nil {
			return err
		}
	}
	return nil
}

// failedHours is that a customer failed in some hours.
type failedHours struct {
	Customer string `db:"customer"`
	First    stamp  `db:"first"`
	Twice    bool   `db:"twice"`
}

// failedSince is when a customer failed first, and whether that alone is asked for: not of
// who failed once where twice is asked for. They may go by other names, too.
type failedSince struct {
	first  time.Time
	enough bool
}

// whoFailed returns the customers who failed as it is asked for, or may have, as their
// attempts are filed. The hours at the ends of a span count as far as they lie in it.
func whoFailed(ctx context.Context, q queryer, ask actions.TriesQuery) (map[string]failedSince, error) {
	failures := map[string]failedSince{}
	for _, part := range []struct {
		spans []actions.Span
		once  bool // is enough
	}{
		{joined(ask.Failed), true},
		{[]actions.Span{ask.Twice}, false},
	} {
		var u union
		for _, span := range part.spans {
			from, until := u.arg(at(span.From)), u.arg(at(span.Until))
			u.add(`SELECT customer, first_at, last_at FROM hourly_outcomes
				WHERE outcome IN (%s) AND hour >= %s AND hour <= %s AND last_at >= %s AND first_at < %s`,
				failureOutcomes, u.arg(hourOf(span.From)), u.arg(hourOf(span.Until.Add(-time.Microsecond))), from, until)
		}
		var found []failedHours
		query := `SELECT customer, min(first_at) AS first, (count(*) > 1 OR min(first_at) < max(last_at)) AS twice
			FROM (` + u.all() + `) AS spans GROUP BY customer`
		if err := q.SelectContext(ctx, &found, query, u.args...); err != nil {
			return nil, failed("looking who failed", err)
		}
		for _, one := range found {
			before, there := failures[one.Customer]
			now := failedSince{one.First.Time, before.enough || part.once || one.Twice}
			if there && before.first.Before(now.first) {
				now.first = before.first
			}
			failures[one.Customer] = now
		}
	}
	return failures, nil
}

// failureOutcomes are the outcomes of failures, as SQL lists them.
var failureOutcomes = func() string {
	var names []string
	for _, outcome := range actions.Outcomes {
		if outcome != actions.Success {
			names = append(names, "'"+string(outcome)+"'")
		}
	}
	return strings.Join(names, ", ")
}()

// joined are spans in order, without overlaps.
func joined(spans []actions.Span) []actions.Span {
	sorted := slices.SortedFunc(slices.Values(spans), func(a, b actions.Span) int { return a.From.Compare(b.From) })
	var apart []actions.Span
	for _, span := range sorted {
		if last := len(apart) - 1; last >= 0 && !span.From.After(apart[last].Until) {
			if span.Until.After(apart[last].Until) {
				apart[last].Until = span.Until
			}
			continue
		}
		apart = append(apart, span)
	}
	return apart
}

// triesReader reads what customers tried, portion by portion.
type triesReader struct {
	q       queryer
	moments string
	ask     actions.TriesQuery
	staff   []netip.Prefix
	failed  map[string]failedSince
	members map[string]bool // of the account that is asked for; nil: anybody
	seen    map[string]bool // users who were read, or needn't be
}

// read reads a portion of customers: users whom nobody read before, and names that
// nobody has.
func (r *triesReader) read(ctx context.Context, customers []string) ([]actions.Tries, error) {
	users, known, err := r.users(ctx, customers)
	if err != nil {
		return nil, err
	}
	asked := map[string]time.Time{}
	file := func(who string, from time.Time) {
		if before, there := asked[who]; !there || from.Before(before) {
			asked[who] = from
		}
	}
	for _, user := range users {
		from := r.from(user)
		for _, who := range customersOf(user) {
			file(who, from)
		}
	}
	for _, who := range customers {
		if strings.HasPrefix(who, customerKey("")) && !known[who] && r.failed[who].enough && r.members == nil {
			file(who, r.ask.Names)
		}
	}
	rows, err := filedAttempts(ctx, r.q, r.moments, asked, r.ask.To, 0)
	if err != nil {
		return nil, err
	}
	older, err := r.began(ctx, users, asked, rows)
	if err != nil {
		return nil, err
	}
	return r.sorted(users, known, append(rows, older...)), nil
}

// from is when the attempts of a user are read from, however they are filed.
func (r *triesReader) from(user actions.User) time.Time {
	first := r.ask.To
	for _, who := range customersOf(user) {
		if failed, ever := r.failed[who]; ever && failed.first.Before(first) {
			first = failed.first
		}
	}
	return first.Add(-r.ask.Before)
}

// meant reports whether a user failed as it is asked for, with all the names they go by.
func (r *triesReader) meant(user actions.User) bool {
	if r.members != nil && !r.members[user.ID] {
		return false
	}
	names := 0
	for _, who := range customersOf(user) {
		failed, ever := r.failed[who]
		if failed.enough {
			return true
		}
		if ever {
			names++
		}
	}
	return names > 1
}

// filedUser is a user, as far as it says which attempts are theirs.
type filedUser struct {
	ID       string `db:"id"`
	Username string `db:"username"`
	Email    string `db:"email"`
	Mobile   string `db:"mobile"`
}

func (f filedUser) user() actions.User {
	return actions.User{ID: f.ID, Username: f.Username, Email: f.Email, Mobile: f.Mobile}
}

// Users by their IDs and by what they type. CROSS JOIN makes SQLite begin with what is
// asked for.
const (
	usersFiledQuery = `WITH asked AS (%s) SELECT users.id, username, email, mobile FROM asked CROSS JOIN users WHERE users.id = asked.id`
	keysFiledQuery  = `WITH asked AS (%s)
		SELECT users.id, username, email, mobile FROM asked CROSS JOIN users WHERE username_key = asked.id
		UNION SELECT users.id, username, email, mobile FROM asked CROSS JOIN users WHERE email_key IS NOT NULL AND email_key = asked.id
		UNION SELECT users.id, username, email, mobile FROM asked CROSS JOIN users WHERE mobile_key IS NOT NULL AND mobile_key = asked.id`
)

// users returns the users among customers who are meant and weren't read before, and
// which customers are users' at all.
func (r *triesReader) users(ctx context.Context, customers []string) (users []actions.User, known map[string]bool, err error) {
	var ids, keys []string
	for _, who := range customers {
		if id, ok := strings.CutPrefix(who, customerUser("")); ok {
			ids = append(ids, id)
		} else {
			keys = append(keys, strings.TrimPrefix(who, customerKey("")))
		}
	}
	var rows []filedUser
	for query, names := range map[string][]string{usersFiledQuery: ids, keysFiledQuery: keys} {
		if len(names) == 0 {
			continue
		}
		var found []filedUser
		if err := r.q.SelectContext(ctx, &found, fmt.Sprintf(query, r.moments), momentsOf(names)); err != nil {
			return nil, nil, err
		}
		rows = append(rows, found...)
	}
	known = map[string]bool{}
	for _, row := range rows {
		user := row.user()
		for _, who := range customersOf(user) {
			known[who] = true
		}
		if !r.seen[user.ID] && r.meant(user) {
			users = append(users, user)
		}
		r.seen[user.ID] = true
	}
	return users, known, nil
}

// momentsOf is a list of IDs for a dialect's moments, which they don't need.
func momentsOf(ids []string) string {
	pairs := make([][2]any, len(ids))
	for i, id := range ids {
		pairs[i] = [2]any{0, storable(id)}
	}
	return pairsOf(pairs)
}

// pairsOf is a list for a dialect's moments.
func pairsOf(pairs [][2]any) string {
	list, err := json.Marshal(pairs)
	if err != nil {
		panic(err) // numbers and texts
	}
	return string(list)
}

// filedAttempt is an attempt, as far as lockouts are told by it.
type filedAttempt struct {
	Who        string   `db:"who"`
	At         stamp    `db:"at"`
	Seq        int64    `db:"seq"`
	Outcome    string   `db:"outcome"`
	UserID     optional `db:"user_id"`
	Identifier string   `db:"identifier"`
	IP         string   `db:"ip"`
}

func (f filedAttempt) attempt() actions.Attempt {
	return actions.Attempt{At: f.At.Time, Seq: f.Seq, Outcome: actions.Outcome(f.Outcome), UserID: string(f.UserID), Identifier: f.Identifier, IP: f.IP}
}

// filedAttemptsQuery reads attempts under what they are filed under, failures and
// successes each from the newest on, up to a limit, so that one who is under attack costs
// no more than others (see triedQuery).
const filedAttemptsQuery = `WITH asked AS (%[1]s),
	bounded AS MATERIALIZED (
		SELECT id AS who, ended.inside, coalesce((SELECT at FROM attempts
			WHERE %[2]s = asked.id AND %[3]s = ended.inside AND at >= asked.at AND at <= $2 ORDER BY at DESC LIMIT 1 OFFSET %[4]d), asked.at) AS since
		FROM asked CROSS JOIN (SELECT 0 AS inside UNION ALL SELECT 1 AS inside) AS ended WHERE ended.inside >= $3)
	SELECT who, attempts.at, seq, outcome, user_id, CASE WHEN user_id IS NULL THEN identifier ELSE '' END AS identifier, ip
	FROM bounded CROSS JOIN attempts
	WHERE %[2]s = who AND %[3]s = bounded.inside AND attempts.at >= since AND attempts.at <= $2`

// filedAttempts reads attempts by what they are filed under, from a moment each on;
// with inside 1, successes alone.
func filedAttempts(ctx context.Context, q queryer, moments string, since map[string]time.Time, to time.Time, inside int) ([]filedAttempt, error) {
	if len(since) == 0 {
		return nil, nil
	}
	filed := make([][2]any, 0, len(since))
	for who, from := range since {
		filed = append(filed, [2]any{at(from).UnixMicro(), who})
	}
	var rows []filedAttempt
	query := fmt.Sprintf(filedAttemptsQuery, moments, customerColumn, insideColumn, actions.AttemptLimit-1)
	err := q.SelectContext(ctx, &rows, query, pairsOf(filed), at(to), inside)
	return rows, err
}

// sorted gives each attempt that counts to whose it is.
func (r *triesReader) sorted(users []actions.User, known map[string]bool, rows []filedAttempt) []actions.Tries {
	tries := attemptsByUser(users, r.staff, rows)
	names := map[string]*actions.Tries{}
	for _, row := range rows {
		key, typed := strings.CutPrefix(row.Who, customerKey(""))
		a := row.attempt()
		if !typed || known[row.Who] || actions.FromStaff(r.staff, a) {
			continue
		}
		if names[key] == nil {
			names[key] = &actions.Tries{Name: key}
		}
		names[key].Attempts = append(names[key].Attempts, a)
	}
	for _, name := range names {
		tries = append(tries, *name)
	}
	for i := range tries {
		slices.SortFunc(tries[i].Attempts, actions.Attempt.Compare)
	}
	return tries
}

// attemptsByUser gives each attempt that counts to the users whose it is.
func attemptsByUser(users []actions.User, staff []netip.Prefix, rows []filedAttempt) []actions.Tries {
	byWho := map[string][]int{}
	tries := make([]actions.Tries, len(users))
	for i, user := range users {
		tries[i].UserID = user.ID
		for _, who := range customersOf(user) {
			byWho[who] = append(byWho[who], i)
		}
	}
	for _, row := range rows {
		a := row.attempt()
		for _, i := range byWho[row.Who] {
			if belongs(users[i], a) && !actions.FromStaff(staff, a) {
				tries[i].Attempts = append(tries[i].Attempts, a)
			}
		}
	}
	return tries
}
