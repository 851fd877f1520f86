package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/escalation"
)

// caseRow is a case in its table.
type caseRow struct {
	ID         string                     `db:"id"`
	Kind       string                     `db:"kind"`
	UserID     string                     `db:"user_id"`
	Address    string                     `db:"address"`
	At         stamp                      `db:"at"`
	Priority   string                     `db:"priority"`
	State      string                     `db:"state"`
	Agent      string                     `db:"agent"`
	Gateway    string                     `db:"gateway"`
	Reason     string                     `db:"reason"`
	Ticket     string                     `db:"ticket"`
	Channel    string                     `db:"channel"`
	Facts      document[escalation.Facts] `db:"facts"`
	ClaimedBy  string                     `db:"claimed_by"`
	ClaimedAt  stamp                      `db:"claimed_at"`
	Offered    bool                       `db:"offered"`
	HeardAt    stamp                      `db:"heard_at"`
	Outcome    string                     `db:"outcome"`
	Note       string                     `db:"note"`
	ResolvedBy string                     `db:"resolved_by"`
	ResolvedAt stamp                      `db:"resolved_at"`
	Delisting  string                     `db:"delisting"`
	Unreached  string                     `db:"unreached"`
	Events     int                        `db:"events"`
	ChangedAt  stamp                      `db:"changed_at"`
	Due        stamp                      `db:"due"`

	FirstLimit  int64 `db:"first_limit"`
	FirstUsed   int64 `db:"first_used"`
	FirstSince  stamp `db:"first_since"`
	FirstSent   int   `db:"first_sent"`
	FirstEndsAt stamp `db:"first_ends_at"`

	ResolutionLimit  int64 `db:"resolution_limit"`
	ResolutionUsed   int64 `db:"resolution_used"`
	ResolutionSince  stamp `db:"resolution_since"`
	ResolutionSent   int   `db:"resolution_sent"`
	ResolutionEndsAt stamp `db:"resolution_ends_at"`
}

// The columns of a case: those that stay, those that change, and one more that is
// only looked for.
const (
	caseStays   = `id, kind, user_id, address, at`
	caseChanges = `priority, state, agent, gateway, reason, ticket, channel, facts, claimed_by, claimed_at, offered, heard_at,
	outcome, note, resolved_by, resolved_at, delisting, unreached, events, changed_at, due,
	first_limit, first_used, first_since, first_sent, first_ends_at,
	resolution_limit, resolution_used, resolution_since, resolution_sent, resolution_ends_at`
	caseColumns = caseStays + `, ` + caseChanges
)

// unresolved is the condition of the indexes over cases that aren't resolved,
// which a query must repeat word by word; resolved is that of the others.
const (
	unresolved = `state <> 'resolved'`
	resolved   = `state = 'resolved'`
)

func (r caseRow) escalated() escalation.Case {
	return escalation.Case{
		ID: r.ID, Kind: escalation.Kind(r.Kind), Priority: escalation.Priority(r.Priority), State: escalation.State(r.State),
		Agent: r.Agent, UserID: r.UserID, Address: r.Address, Gateway: r.Gateway, Reason: r.Reason, Ticket: r.Ticket,
		Channel: r.Channel, Facts: r.Facts.Content, ClaimedBy: r.ClaimedBy, ClaimedAt: r.ClaimedAt.Time, Offered: r.Offered,
		HeardAt: r.HeardAt.Time, Outcome: escalation.Outcome(r.Outcome), Note: r.Note, ResolvedBy: r.ResolvedBy,
		ResolvedAt: r.ResolvedAt.Time, Delisting: r.Delisting, Unreached: r.Unreached,
		First: escalation.Clock{
			Limit: micros(r.FirstLimit), Used: micros(r.FirstUsed), Since: r.FirstSince.Time,
			Sent: escalation.Reminder(r.FirstSent), EndsAt: r.FirstEndsAt.Time,
		},
		Resolution: escalation.Clock{
			Limit: micros(r.ResolutionLimit), Used: micros(r.ResolutionUsed), Since: r.ResolutionSince.Time,
			Sent: escalation.Reminder(r.ResolutionSent), EndsAt: r.ResolutionEndsAt.Time,
		},
		Events: r.Events, At: r.At.Time, ChangedAt: r.ChangedAt.Time, Due: r.Due.Time,
	}
}

// micros is a duration of so many microseconds.
func micros(n int64) time.Duration { return time.Duration(n) * time.Microsecond }

// caseChanging are the values of what changes of a case, in the order of
// caseChanges, and of ends_at.
func caseChanging(c escalation.Case) []any {
	values := []any{
		string(c.Priority), string(c.State), storable(c.Agent), storable(c.Gateway), storable(c.Reason), storable(c.Ticket),
		storable(c.Channel), document[escalation.Facts]{c.Facts}, storable(c.ClaimedBy), at(c.ClaimedAt), c.Offered, at(c.HeardAt),
		string(c.Outcome), storable(c.Note), storable(c.ResolvedBy), at(c.ResolvedAt), c.Delisting, brief(c.Unreached), c.Events,
		at(c.ChangedAt), at(c.Due),
	}
	for _, clock := range []escalation.Clock{c.First, c.Resolution} {
		values = append(values, clock.Limit.Microseconds(), clock.Used.Microseconds(), at(clock.Since), int(clock.Sent), at(clock.EndsAt))
	}
	return append(values, at(endsAt(c)))
}

// endsAt is when the first of a case's clocks that run runs out, zero when none
// does.
func endsAt(c escalation.Case) time.Time {
	first, resolution := c.First.EndsAt, c.Resolution.EndsAt
	if first.IsZero() || (!resolution.IsZero() && resolution.Before(first)) {
		return resolution
	}
	return first
}

// cases reads cases by q; where continues the query.
func cases(ctx context.Context, q queryer, where string, args ...any) ([]escalation.Case, error) {
	return all(ctx, q, caseRow.escalated, `SELECT `+caseColumns+` FROM cases WHERE `+where, args...)
}

// StartCase stores a new case; started is false when an open one has its key.
// Whoever stores one of the same key at the same moment is waited for.
func (t *tx) StartCase(ctx context.Context, c escalation.Case) (started bool, err error) {
	c.UserID, c.Address = storable(c.UserID), storable(c.Address)
	values := append([]any{c.ID, string(c.Kind), c.UserID, c.Address, at(c.At)}, caseChanging(c)...)
	values = append(values, c.Key(), storable(c.Agent))
	rows, err := t.exec(ctx, fmt.Sprintf(`INSERT INTO cases (%s, ends_at, key, opened_by) VALUES (%s)
		ON CONFLICT (key) WHERE %s DO NOTHING`, caseColumns, marks(1, len(values)), unresolved), values...)
	return rows == 1, failed("opening a case", err)
}

// Case returns a case, locked until the transaction ends; found is false without
// one.
func (t *tx) Case(ctx context.Context, id string) (c escalation.Case, found bool, err error) {
	return caseByID(ctx, t, t.store.dialect.locking, id)
}

// CaseByID returns a case; found is false without one.
func (s *Store) CaseByID(ctx context.Context, id string) (c escalation.Case, found bool, err error) {
	return caseByID(ctx, s.read, "", id)
}

func caseByID(ctx context.Context, q queryer, locking, id string) (escalation.Case, bool, error) {
	found, err := one(cases(ctx, q, `id = $1 `+locking, storable(id)))
	return perhaps(found, err, "looking for a case")
}

// OpenCase returns the case of that key that isn't resolved, locked until the
// transaction ends; found is false without one.
func (t *tx) OpenCase(ctx context.Context, key string) (c escalation.Case, found bool, err error) {
	return openCase(ctx, t, t.store.dialect.locking, key)
}

// OpenCaseOf returns the case of that key that isn't resolved; found is false without
// one.
func (s *Store) OpenCaseOf(ctx context.Context, key string) (c escalation.Case, found bool, err error) {
	return openCase(ctx, s.read, "", key)
}

func openCase(ctx context.Context, q queryer, locking, key string) (escalation.Case, bool, error) {
	found, err := one(cases(ctx, q, `key = $1 AND `+unresolved+` `+locking, storable(key)))
	return perhaps(found, err, "looking for an open case")
}

// SaveCase stores what changed of a case that Case or OpenCase returned: all but
// its ID, Kind, UserID, Address and At. saved is false when it would be open
// beside another one of its key; the transaction goes on all the same.
func (t *tx) SaveCase(ctx context.Context, c escalation.Case) (saved bool, err error) {
	if c.State == escalation.Resolved {
		return t.saveCase(ctx, c)
	}
	// Only the index knows of a case that somebody opens at the same moment, and on
	// PostgreSQL its no would end the transaction.
	if _, err := t.exec(ctx, `SAVEPOINT saving`); err != nil {
		return false, failed("saving a case", err)
	}
	saved, err = t.saveCase(ctx, c)
	end := `RELEASE SAVEPOINT saving`
	if taken(err) {
		saved, err, end = false, nil, `ROLLBACK TO SAVEPOINT saving`
	}
	if err != nil {
		return false, err
	}
	_, err = t.exec(ctx, end)
	return saved, failed("saving a case", err)
}

func (t *tx) saveCase(ctx context.Context, c escalation.Case) (saved bool, err error) {
	values := append(caseChanging(c), c.ID)
	rows, err := t.exec(ctx, savingCase, values...)
	return rows == 1, failed("saving a case", err)
}

// savingCase is the statement of SaveCase; the ID comes last.
var savingCase = func() string {
	n := strings.Count(caseChanges, ",") + 2
	return fmt.Sprintf(`UPDATE cases SET (%s, ends_at) = (%s) WHERE id = $%d`, caseChanges, marks(1, n), n+1)
}()
