package actions

import "context"

// changesLimit is how many changes are handed out at once.
const changesLimit = 500

// ChangesAfter returns what Latchkey wrote into the embedded directory later than
// the change of the number after, in order, at most 500, and whether there are
// more. Asking for them acknowledges those up to after: the product has them.
//
// Errors: Forbidden without the scope changes, Invalid for a number below 0,
// Unavailable when the database doesn't answer.
func (a *Actions) ChangesAfter(ctx context.Context, holder TokenHolder, after int64) (changes []Recorded, more bool, err error) {
	if !holder.Has(ScopeChanges) {
		return nil, false, Errorf(Forbidden, "This token doesn't open that.")
	}
	if after < 0 {
		return nil, false, Errorf(Invalid, "after must be the number of the last change you have, or 0.")
	}
	return a.Store.Changes(ctx, after, changesLimit)
}
