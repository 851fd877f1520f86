package actions

import (
	"context"
	"strings"
	"time"
)

// Look is one of an agent's own look-ups.
type Look struct {
	At  time.Time
	Act Act
	// Person is who was found, masked; nil when it was nobody or several, or when
	// they are gone.
	Person *Person
	Asked  string // what was asked by when it found nobody or several; "" otherwise
	Ticket string
}

const (
	// looksShown is how many look-ups are shown.
	looksShown = 10
	// looksRead is how far back they are looked for: among that many of the
	// agent's newest, however often one customer is among them.
	looksRead = 500
)

// askedFor begins the detail of a look-up that found nobody or several.
const askedFor = "asked for "

// Last returns the caller's last ten diagnoses, newest first, each customer
// once. Asking is a row of the audit, like all that shows customers. Without a
// key there is no audit, and so nothing to show.
//
// Errors: Forbidden for who may not, Conflict for a request that was answered
// before, Unavailable when the directory or the database doesn't answer.
func (a *Actions) Last(ctx context.Context, call Call) ([]Look, error) {
	if !May(call.Actor.Roles, ActLast) {
		return nil, a.Refuse(ctx, call, ActLast)
	}
	if !a.Store.Keyed() {
		return nil, nil
	}
	rows, err := a.Store.Looks(ctx, call.Actor.ID, looksRead)
	if err != nil {
		return nil, err
	}
	looks, err := a.looks(ctx, newestLooks(rows))
	if err != nil {
		return nil, err
	}
	entry := AuditEntry{At: Instant(a.Now()), Act: ActLast, Outcome: ActDone}
	return looks, a.Store.Tx(ctx, func(tx Tx) error { return a.record(ctx, tx, call, entry) })
}

// newestLooks picks the newest look-up of each customer, and of each name that
// wasn't one customer's. It is a pure function.
func newestLooks(rows []AuditRow) []AuditRow {
	var newest []AuditRow
	seen := map[string]bool{}
	for _, row := range rows {
		// The pseudonym in the chain stays when the name beside it is deleted.
		of := row.Link.Subject + " " + Fold(asked(row))
		if of == " " || seen[of] {
			continue
		}
		seen[of] = true
		if newest = append(newest, row); len(newest) == looksShown {
			break
		}
	}
	return newest
}

// asked is what was asked by, when it found nobody or several.
func asked(row AuditRow) string {
	name, found := strings.CutPrefix(row.Entry.Detail, askedFor)
	if !found {
		return ""
	}
	return name
}

// looks shows look-ups to the agent whose they are.
func (a *Actions) looks(ctx context.Context, rows []AuditRow) ([]Look, error) {
	var ids []string
	for _, row := range rows {
		if row.Entry.Subject != "" {
			ids = append(ids, row.Entry.Subject)
		}
	}
	people, err := a.peopleOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	looks := make([]Look, len(rows))
	for i, row := range rows {
		looks[i] = Look{At: row.Entry.At, Act: row.Entry.Act, Asked: asked(row), Ticket: row.Entry.Ticket}
		if person, there := people[row.Entry.Subject]; there {
			looks[i].Person = &person
		}
	}
	return looks, nil
}
