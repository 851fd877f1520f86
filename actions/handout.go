package actions

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"
)

// Handout says what became of a password that was set by hand.
type Handout string

// What becomes of it.
const (
	HandoutNone  Handout = ""      // no password was set
	HandoutWaits Handout = "waits" // sealed, for who asked for it
	HandoutMade  Handout = "made"  // it is a one-time secret now
	HandoutGone  Handout = "gone"  // nobody handed it out in time, or another was set since
)

// handoutTime is how long a password waits to be handed out.
const handoutTime = 24 * time.Hour

// HandoutReads is how passwords are found that nobody handed out.
type HandoutReads interface {
	// HandoutsOver returns the operations whose password still lies sealed
	// (SealHandout) and that ended at or before at, at most limit IDs.
	HandoutsOver(ctx context.Context, at time.Time, limit int) ([]string, error)
}

// passwordOf returns the password of an operation that runs under our lease, made
// and sealed for a purpose at first need: whoever carries on sets the same one.
func (a *Actions) passwordOf(ctx context.Context, op Operation, purpose Purpose) (string, error) {
	sealed, found, err := a.Store.SealedByID(ctx, purpose, op.ID)
	if err != nil {
		return "", err
	}
	if found {
		password, err := a.Keys.Unseal(sealed)
		return string(password), err
	}
	password := GeneratePassword()
	if sealed, err = a.Keys.Seal(purpose, op.ID, []byte(password)); err != nil {
		return "", err
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		now, err := tx.Operation(ctx, op.ID)
		if err != nil || now.State != OperationRunning || now.Lease != op.Lease {
			return cmp.Or[error](err, errOvertaken)
		}
		return tx.PutSealed(ctx, sealed)
	})
	if err != nil {
		return "", err
	}
	a.reach(op, stepSealed)
	return password, nil
}

// replacedBy are the operations whose password waits to be handed out, and is none
// any more, since this one gave the login another.
func (a *Actions) replacedBy(ctx context.Context, op Operation) ([]Operation, error) {
	steps := stepsOf(op)
	replaced := slices.ContainsFunc(steps[:min(op.Step, len(steps))], func(s step) bool {
		return s.kind == ChangePasswordSet || s.kind == ChangeDeleted
	})
	if !replaced {
		return nil, nil
	}
	before, err := a.Store.OperationsOf(ctx, op.Subject, Instant(a.Now()).Add(-2*handoutTime), operationsRead)
	return slices.DeleteFunc(before, func(old Operation) bool {
		return old.ID == op.ID || old.State != OperationDone || !procedures[old.Act].handsOut()
	}), err
}

// dropPasswords drops what must not be handed out once an operation has ended: its
// own password when it failed, and those that it replaced.
func (a *Actions) dropPasswords(ctx context.Context, tx Tx, op Operation, replaced []Operation) error {
	if procedures[op.Act].handsOut() && op.State != OperationDone {
		if err := tx.DropSealed(ctx, op.ID, SealHandout); err != nil {
			return err
		}
	}
	for _, old := range replaced {
		if err := a.dropPassword(ctx, tx, old, "another was set since"); err != nil {
			return err
		}
	}
	return nil
}

// dropPassword deletes a password that waits to be handed out, if it still does,
// with a row of the audit, and redraws the card.
func (a *Actions) dropPassword(ctx context.Context, tx Tx, op Operation, why string) error {
	_, waited, err := tx.TakeSealed(ctx, SealHandout, op.ID)
	if err != nil || !waited {
		return err
	}
	entry := AuditEntry{
		At: Instant(a.Now()), Act: ActSecretEnded, Actor: clockActor, Subject: op.Subject, Outcome: ActDone, Ticket: op.Ticket,
		Detail: "a password that was set by hand was deleted before it was handed out: " + why,
	}
	if err := tx.Audit(ctx, entry); err != nil {
		return err
	}
	return a.cards(ctx, tx, op, nil)
}

// expireHandouts deletes passwords that nobody handed out in time.
func (a *Actions) expireHandouts(ctx context.Context) error {
	ids, err := a.Store.HandoutsOver(ctx, Instant(a.Now()).Add(-handoutTime), carryBatch)
	failures := []error{err}
	for _, id := range ids {
		failures = append(failures, a.Store.Tx(ctx, func(tx Tx) error {
			op, err := tx.Operation(ctx, id)
			if err != nil {
				return err
			}
			return a.dropPassword(ctx, tx, op, "nobody did within 24 hours")
		}))
	}
	return errors.Join(failures...)
}

// handoutOf says what became of the password of an operation.
func (a *Actions) handoutOf(ctx context.Context, op Operation) (Handout, error) {
	if !procedures[op.Act].handsOut() || op.State != OperationDone {
		return HandoutNone, nil
	}
	_, made, err := a.Store.SecretOf(ctx, op.ID)
	if err != nil || made {
		return HandoutMade, err
	}
	_, waits, err := a.Store.SealedByID(ctx, SealHandout, op.ID)
	if err != nil || !waits || !op.EndedAt.Add(handoutTime).After(Instant(a.Now())) {
		return HandoutGone, err
	}
	return HandoutWaits, nil
}

// HandOut makes a one-time secret of the password that an operation set, with a
// generated passphrase and the default lifetime, for who asked for the operation
// and nobody else, not even who approved it. It happens once, and is a row of the
// audit. from is the name that the page shows.
//
// Errors: Forbidden for who may not, was stopped, or didn't ask for it; NotFound
// for an operation that isn't there, or sets no password; Conflict when the
// password doesn't wait any more, and for a request that was answered before;
// Unavailable.
func (a *Actions) HandOut(ctx context.Context, call Call, operationID, from string) (SecretMade, error) {
	op, err := a.handingOut(ctx, call, operationID)
	if err != nil {
		return SecretMade{}, err
	}
	made, err := a.passwordSecret(ctx, op, from)
	if err != nil {
		return SecretMade{}, err
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		_, waits, err := tx.TakeSealed(ctx, SealHandout, op.ID)
		if err != nil || !waits {
			return cmp.Or[error](err, errHandedOut(HandoutMade))
		}
		if err := a.record(ctx, tx, call, made.secret.entry(made.secret.At, ActSecretHandout, "a password that was set by hand is handed out")); err != nil {
			return err
		}
		if err := a.startSecret(ctx, tx, made); err != nil {
			return err
		}
		return a.cards(ctx, tx, op, nil)
	})
	if err != nil {
		return SecretMade{}, a.stopped(ctx, call, ActSecretHandout, err)
	}
	return a.handedOver(made), nil
}

// handingOut reads the operation whose password somebody hands out, if they may and
// it waits.
func (a *Actions) handingOut(ctx context.Context, call Call, operationID string) (Operation, error) {
	if !May(call.Actor.Roles, ActSecretHandout) {
		return Operation{}, a.Refuse(ctx, call, ActSecretHandout)
	}
	op, err := a.Store.OperationByID(ctx, operationID)
	switch {
	case err != nil:
		return Operation{}, err
	case !procedures[op.Act].handsOut():
		return Operation{}, Errorf(NotFound, "No password was set there, so there is none to hand out.")
	case op.Actor != call.Actor.ID:
		return Operation{}, a.refuseHandout(ctx, call, op)
	}
	handout, err := a.handoutOf(ctx, op)
	if err == nil && handout != HandoutWaits {
		err = errHandedOut(handout)
	}
	return op, err
}

// refuseHandout records that somebody tried to hand out another's password.
func (a *Actions) refuseHandout(ctx context.Context, call Call, op Operation) error {
	refusal := Errorf(Forbidden, "Only who asked for the new password can hand it out, so nothing was done.")
	return a.refuseAnothers(ctx, call, refusal, AuditEntry{Act: ActSecretHandout, Subject: op.Subject, Detail: "tried to hand out a password that somebody else asked for"})
}

// refuseAnothers records that somebody tried to hand out a password that isn't theirs
// to hand out.
func (a *Actions) refuseAnothers(ctx context.Context, call Call, refusal *Error, entry AuditEntry) error {
	entry.At, entry.Outcome = Instant(a.Now()), ActRefused
	err := a.Store.Tx(ctx, func(tx Tx) error { return a.record(ctx, tx, call, entry) })
	return firstOf(a.stopped(ctx, call, entry.Act, err), refusal)
}

// errHandedOut says why a password can't be handed out.
func errHandedOut(handout Handout) error {
	switch handout {
	case HandoutMade:
		return Errorf(Conflict, "The link for this password was made already, and such a link is shown once. If it got lost, revoke it on its card, and set another password.")
	case HandoutGone:
		return Errorf(Conflict, "This password isn't there any more: it wasn't handed out within 24 hours, or another was set since. Please set a new one.")
	case HandoutNone, HandoutWaits:
	}
	return Errorf(Conflict, "The password isn't set, so there is none to hand out.")
}

// passwordSecret makes the secret that hands out the password of an operation.
func (a *Actions) passwordSecret(ctx context.Context, op Operation, from string) (*newborn, error) {
	made, err := a.sealedPassword(ctx, SealHandout, op.ID, op.Actor, from)
	if err != nil || made == nil {
		return nil, cmp.Or[error](err, errHandedOut(HandoutMade))
	}
	user, err := a.user(ctx, op.Subject)
	if err != nil && CodeOf(err) != NotFound {
		return nil, err
	}
	made.secret.UserID, made.secret.Ticket, made.secret.For = op.Subject, op.Ticket, user.masked()
	return made, nil
}

// sealedPassword makes a secret, which actor sends, of the password of an operation
// that lies sealed for a purpose; nil when it doesn't any more.
func (a *Actions) sealedPassword(ctx context.Context, purpose Purpose, operation, actor, from string) (*newborn, error) {
	sealed, found, err := a.Store.SealedByID(ctx, purpose, operation)
	if err != nil || !found {
		return nil, err
	}
	password, err := a.Keys.Unseal(sealed)
	if err != nil {
		return nil, err
	}
	made, err := a.newSecret(ctx, actor, NewSecret{Content: string(password), Passphrase: PassphraseWords, From: from})
	if err != nil {
		return nil, err
	}
	made.secret.Operation = operation
	return made, nil
}
