package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// FailedAlike counts, for each outcome of failure that 10 or more customers had in the
// hour before at, how many those were, and how many in the same hour of each of the 7
// days before.
func (s *Store) FailedAlike(ctx context.Context, at time.Time) ([]actions.AlikeCounts, error) {
	return failedAlikeAt(ctx, s.read, at)
}

func failedAlikeAt(ctx context.Context, q queryer, at time.Time) ([]actions.AlikeCounts, error) {
	var u union
	for i, outcome := range actions.Outcomes[1:] { // all but success
		// A customer is in at most two hours of the clock.
		u.add(`SELECT %d AS nth, count(DISTINCT customer) AS customers FROM (%s LIMIT %d) AS o%d`,
			i, inHour(&u, outcome, failedAlike{at: at}.hour(0)), 2*alikeFew, i)
	}
	var rows []struct {
		Nth       int `db:"nth"`
		Customers int `db:"customers"`
	}
	if err := q.SelectContext(ctx, &rows, u.query("nth", len(u.branches)), u.args...); err != nil {
		return nil, failed("counting who failed alike", err)
	}
	var many []actions.AlikeCounts
	for _, row := range rows {
		if row.Customers < alikeFew {
			continue
		}
		counts, err := failedAlike{q: q, outcome: actions.Outcomes[1+row.Nth], at: at}.counts(ctx)
		if err != nil {
			return nil, err
		}
		many = append(many, counts)
	}
	return many, nil
}

// hadOutcome is the condition on hourly_outcomes of who had an outcome ($1) in a time:
// of its first hour of the clock the end counts, of its last the beginning.
const hadOutcome = `outcome = $1 AND hour >= $2 AND hour <= $3 AND last_at >= $4 AND first_at <= $5`

// hadArgs are its arguments.
func hadArgs(outcome actions.Outcome, since, until time.Time) []any {
	return []any{string(outcome), hourOf(since), hourOf(until), at(since), at(until)}
}

// IncidentSpan returns when somebody first had an outcome, not before since and not after until,
// and how many customers had it, each user once under whatever name they tried; zero for
// nobody. Of more than IncidentMost names it counts the names.
func (s *Store) IncidentSpan(ctx context.Context, outcome actions.Outcome, since, until time.Time) (time.Time, int, error) {
	return incidentSpan(ctx, s.read, s.dialect.texts, outcome, since, until)
}

func incidentSpan(
	ctx context.Context, q queryer, texts string, outcome actions.Outcome, since, until time.Time,
) (time.Time, int, error) {
	var rows []struct {
		First stamp `db:"first"`
		Names int   `db:"names"`
	}
	err := q.SelectContext(ctx, &rows, `SELECT min(first_at) AS first, count(DISTINCT customer) AS names FROM hourly_outcomes
		WHERE `+hadOutcome, hadArgs(outcome, since, until)...)
	if err != nil || len(rows) == 0 || rows[0].Names == 0 {
		return time.Time{}, 0, failed("counting the customers of an incident", err)
	}
	first := rows[0].First.Time
	if first.Before(since) { // and again in time, but when, the hours don't say
		first = actions.Instant(since)
	}
	if rows[0].Names > actions.IncidentMost {
		return first, rows[0].Names, nil
	}
	customers, err := incidentCustomers(ctx, q, texts, outcome, since, until, actions.IncidentMost)
	return first, len(customers), err
}

// IncidentCustomers returns who had an outcome in that time, each user once, who had it
// last first, at most limit.
func (s *Store) IncidentCustomers(
	ctx context.Context, outcome actions.Outcome, since, until time.Time, limit int,
) ([]actions.IncidentCustomer, error) {
	return incidentCustomers(ctx, s.read, s.dialect.texts, outcome, since, until, limit)
}

func incidentCustomers(
	ctx context.Context, q queryer, texts string, outcome actions.Outcome, since, until time.Time, limit int,
) ([]actions.IncidentCustomer, error) {
	var rows []struct {
		Customer string `db:"customer"`
		At       stamp  `db:"at"`
	}
	err := q.SelectContext(ctx, &rows, `SELECT customer, max(last_at) AS at FROM hourly_outcomes WHERE `+hadOutcome+`
		GROUP BY customer ORDER BY at DESC, customer LIMIT $6`, append(hadArgs(outcome, since, until), limit)...)
	if err != nil {
		return nil, failed("reading the customers of an incident", err)
	}
	var names []string
	for _, row := range rows {
		if name, named := strings.CutPrefix(row.Customer, customerKey("")); named {
			names = append(names, name)
		}
	}
	users, err := usersNamed(ctx, q, texts, names)
	if err != nil {
		return nil, err
	}
	var found []actions.IncidentCustomer
	seen := map[string]bool{}
	for _, row := range rows {
		for _, c := range customersBehind(row.Customer, row.At.Time, users) {
			if c.UserID == "" || !seen[c.UserID] {
				seen[c.UserID] = true
				found = append(found, c)
			}
		}
	}
	return found, nil
}

// customersBehind are who attempts are filed under: a user, those whose name it is, or
// nobody.
func customersBehind(who string, last time.Time, named map[string][]string) []actions.IncidentCustomer {
	if id, isUser := strings.CutPrefix(who, customerUser("")); isUser {
		return []actions.IncidentCustomer{{Who: who, UserID: id, At: last}}
	}
	name := strings.TrimPrefix(who, customerKey(""))
	if len(named[name]) == 0 {
		return []actions.IncidentCustomer{{Who: who, Name: name, At: last}}
	}
	var found []actions.IncidentCustomer
	for _, id := range named[name] {
		found = append(found, actions.IncidentCustomer{Who: who, UserID: id, At: last})
	}
	return found
}

// usersNamed returns whose user name, e-mail or mobile names are, as attempts are filed.
func usersNamed(ctx context.Context, q queryer, texts string, names []string) (map[string][]string, error) {
	if len(names) == 0 {
		return nil, nil
	}
	var rows []struct {
		Name string `db:"name"`
		ID   string `db:"id"`
	}
	err := q.SelectContext(ctx, &rows, `WITH asked AS (`+texts+`)
		SELECT name, id FROM asked CROSS JOIN users WHERE username_key = name
		UNION SELECT name, id FROM asked CROSS JOIN users WHERE email_key = name
		UNION SELECT name, id FROM asked CROSS JOIN users WHERE mobile_key = name ORDER BY name, id`, jsonList(names))
	users := map[string][]string{}
	for _, row := range rows {
		users[row.Name] = append(users[row.Name], row.ID)
	}
	return users, failed("looking whose names those are", err)
}

// jsonList is a list of texts as an argument of a dialect's texts.
func jsonList(texts []string) string {
	if texts == nil {
		return "[]"
	}
	list, _ := json.Marshal(texts) //nolint:errchkjson // texts can always be written
	return string(list)
}

// tracesRead is how many failures of a customer are looked through.
const tracesRead = 50

// IncidentTraces returns how customers had an outcome in that time last, each once. Of
// whom that was staff's, there is none (RULES S0.4).
func (s *Store) IncidentTraces(
	ctx context.Context, outcome actions.Outcome, who []string, since, until time.Time,
) ([]actions.IncidentTrace, error) {
	return incidentTraces(ctx, s.read, s.dialect.texts, outcome, who, since, until)
}

// traceQuery asks the index on attempts for each customer; of a join, PostgreSQL may read
// all that was tried in that time. A trace is one text, as far as $5 parts it.
const traceQuery = `WITH asked AS (%[1]s)
	SELECT name AS who, (SELECT trace FROM (
		SELECT outcome, ip || $5 || country || $5 || CASE WHEN vpn THEN 'vpn' ELSE '' END || $5 || user_agent AS trace FROM attempts
		WHERE %[2]s = name AND %[3]s = 0 AND at >= $2 AND at <= $3 ORDER BY at DESC LIMIT %[4]d
	) AS failures WHERE outcome = $4 LIMIT 1) AS trace FROM asked ORDER BY name`

// tracePart parts a trace. No address and no country has it.
const tracePart = "\n"

func incidentTraces(
	ctx context.Context, q queryer, texts string, outcome actions.Outcome, who []string, since, until time.Time,
) ([]actions.IncidentTrace, error) {
	staff, err := staffPrefixes(ctx, q)
	if err != nil {
		return nil, failed("reading the staff's networks", err)
	}
	var rows []struct {
		Who   string   `db:"who"`
		Trace optional `db:"trace"`
	}
	query := fmt.Sprintf(traceQuery, texts, customerColumn, insideColumn, tracesRead)
	err = q.SelectContext(ctx, &rows, query, jsonList(who), at(since), at(until), string(outcome), tracePart)
	var traces []actions.IncidentTrace
	for _, row := range rows {
		parts := strings.SplitN(string(row.Trace), tracePart, 4)
		if len(parts) < 4 {
			continue
		}
		a := actions.Attempt{Outcome: outcome, IP: parts[0], Country: parts[1], VPN: parts[2] != "", UserAgent: parts[3]}
		if !actions.FromStaff(staff, a) {
			traces = append(traces, actions.IncidentTrace{Who: row.Who, Attempt: a})
		}
	}
	return traces, failed("reading how the customers of an incident failed", err)
}

// SharedAccount returns the account that most of the users are members of, and how many
// of them are; found is false when none is in any.
func (s *Store) SharedAccount(ctx context.Context, users []string) (actions.Account, int, bool, error) {
	return sharedAccount(ctx, s.read, s.dialect.texts, users)
}

func sharedAccount(ctx context.Context, q queryer, texts string, users []string) (actions.Account, int, bool, error) {
	var rows []struct {
		ID      string `db:"id"`
		Name    string `db:"name"`
		Members int    `db:"members"`
	}
	err := q.SelectContext(ctx, &rows, `WITH asked AS (`+texts+`),
		shared AS (SELECT account_id, count(DISTINCT user_id) AS members FROM asked CROSS JOIN memberships
			WHERE user_id = name GROUP BY account_id ORDER BY members DESC, account_id LIMIT 1)
		SELECT accounts.id, accounts.name, members FROM shared CROSS JOIN accounts WHERE accounts.id = account_id`, jsonList(users))
	if err != nil || len(rows) == 0 {
		return actions.Account{}, 0, false, failed("looking for an account that the customers of an incident share", err)
	}
	return actions.Account{ID: rows[0].ID, Name: rows[0].Name}, rows[0].Members, true, nil
}
