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
	d := Judge(snapshot, a.Rules, a.Directory.Abilities())
	d.Ticket, d.Unrecorded = ticket, !a.Store.Keyed()
	return d, nil
}

// lookAgain reads the snapshot of a user whom the actor chose by a button, and
// records the look under the act. Nobody asked by a name, so a [Masker] of the
// snapshot's identifier masks every one.
func (a *Actions) lookAgain(ctx context.Context, call Call, act Act, userID string) (Snapshot, string, error) {
	if !May(call.Actor.Roles, act) {
		return Snapshot{}, "", a.Refuse(ctx, call, act)
	}
	query, err := a.normalise(Query{UserID: userID})
	if err != nil {
		return Snapshot{}, "", err
	}
	snapshot, err := a.Directory.Snapshot(ctx, query)
	if err != nil {
		return Snapshot{}, "", err
	}
	if len(snapshot.Users) != 1 {
		return Snapshot{}, "", errGone()
	}
	snapshot.Identifier, snapshot.At = "", query.At
	if !a.Store.Keyed() {
		return snapshot, "", nil
	}
	ticket, err := a.recordLook(ctx, call, act, snapshot)
	return snapshot, ticket, err
}

// errGone is for a user who was there when the button was made.
func errGone() error {
	return Errorf(NotFound, "That person isn't on record any more. Please look them up again.")
}
