package actions

import (
	"context"
	"fmt"
)

// Find returns the users whom the identifiers name exactly, in their order,
// each once, masked but for the identifier they were found by, and how many
// identifiers name nobody. Nothing is diagnosed; the look-up is a row of the
// audit.
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
	entry := AuditEntry{
		At: Instant(a.Now()), Act: ActDiagnose, Outcome: ActDone,
		Detail: fmt.Sprintf("asked which of %s have a user", count(len(identifiers), "address", "addresses")),
	}
	if len(people) == 1 {
		entry.Subject = people[0].ID // one customer looked at counts for the brake
	}
	if !a.Store.Keyed() {
		return people, unknown, nil
	}
	if _, err := a.recordLooked(ctx, call, ActDiagnose, entry); err != nil {
		return nil, 0, err
	}
	return people, unknown, nil
}
