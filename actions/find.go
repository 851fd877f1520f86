package actions

import (
	"context"
	"fmt"
)

// Find returns the users whom the identifiers name exactly, in their order,
// each once, masked but for the identifier they were found by, and how many
// identifiers name nobody. Nothing is diagnosed; each user who is
// found is a row of the audit, and so is a look-up that finds none.
//
// Errors: Forbidden for who may not look, or was stopped; Conflict for a request
// that was answered before; Unavailable when directory or database doesn't answer.
func (a *Actions) Find(ctx context.Context, call Call, identifiers []string) (people []Person, unknown int, err error) {
	if !May(call.Actor.Roles, ActDiagnose) {
		return nil, 0, a.Refuse(ctx, call, ActDiagnose)
	}
	users, err := a.Directory.Users(ctx, nil, identifiers)
	if err != nil {
		return nil, 0, err
	}
	known := map[string]bool{}
	for _, identifier := range identifiers {
		found := false
		for _, user := range users {
			if !user.Answers(identifier) {
				continue
			}
			if found = true; !known[user.ID] {
				known[user.ID] = true
				people = append(people, NewMasker(identifier).person(user))
			}
		}
		if !found {
			unknown++
		}
	}
	if !a.Store.Keyed() {
		return people, unknown, nil
	}
	looks := a.looksAt(people, len(identifiers))
	if _, err := a.recordLooked(ctx, call, ActDiagnose, looks[0], looks[1:]...); err != nil {
		return nil, 0, err
	}
	return people, unknown, nil
}

// looksAt are the rows of a look at people, each of whom counts for the brake;
// there is one at least.
func (a *Actions) looksAt(people []Person, asked int) []AuditEntry {
	look := AuditEntry{
		At: Instant(a.Now()), Act: ActDiagnose, Outcome: ActDone,
		Detail: fmt.Sprintf("asked which of %s have a user", count(asked, "address", "addresses")),
	}
	if len(people) == 0 {
		return []AuditEntry{look}
	}
	looks := make([]AuditEntry, len(people))
	for i, person := range people {
		looks[i] = look
		looks[i].Subject = person.ID
	}
	return looks
}
