package actions

import "context"

// Again shows somebody's diagnosis again for another purpose: a ticket note, or
// to share it. It is diagnosed anew, since a message may be old, and recorded
// under that act with the user as its subject. Everything is masked, also what
// the agent once asked by: who reads it now may not have it (RULES S1.2).
//
// Errors: Forbidden for who may not do the act, NotFound for a user who isn't on
// record, Conflict for a request that was answered before, Unavailable when the
// directory or the database doesn't answer.
func (a *Actions) Again(ctx context.Context, call Call, act Act, userID string) (Diagnosis, error) {
	snapshot, ticket, err := a.lookAgain(ctx, call, act, userID)
	if err != nil {
		return Diagnosis{}, err
	}
	return a.judged(ctx, call, snapshot, ticket), nil
}

// lookAgain looks up a user whom the actor chose by a button. Nobody asked by a
// name, so a [Masker] of the snapshot's identifier masks every one.
func (a *Actions) lookAgain(ctx context.Context, call Call, act Act, userID string) (Snapshot, string, error) {
	snapshot, ticket, err := a.look(ctx, call, act, Query{UserID: userID})
	snapshot.Identifier = ""
	return snapshot, ticket, err
}
