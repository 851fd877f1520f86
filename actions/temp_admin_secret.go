package actions

import (
	"cmp"
	"context"
)

// HandOutAdmin makes a one-time secret, with a generated passphrase, of the password
// of a temporary admin, for who gets in and nobody else. It happens once. from is the
// name that the page shows. Errors: as of [Actions.HandOut].
func (a *Actions) HandOutAdmin(ctx context.Context, call Call, id, from string) (SecretMade, error) {
	t, err := a.handingOutAdmin(ctx, call, id)
	if err != nil {
		return SecretMade{}, err
	}
	made, err := a.adminSecret(ctx, t, from)
	if err != nil {
		return SecretMade{}, err
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		now, found, err := tx.Admin(ctx, t.ID)
		if err != nil {
			return err
		}
		if !found || now.State != AdminInUse || now.Operation != t.Operation || !now.ExpiresAt.After(made.secret.At) {
			return errNoHandout(HandoutGone)
		}
		if _, waits, err := tx.TakeSealed(ctx, SealAdmin, t.Operation); err != nil || !waits {
			return cmp.Or[error](err, errNoHandout(HandoutMade))
		}
		entry := made.secret.entry(made.secret.At, ActAdminSecret, "the password of a temporary admin is handed out")
		entry.Subject = t.ID
		if err := a.startSecret(ctx, tx, made); err != nil {
			return err
		}
		if err := a.showAdmin(ctx, tx, now); err != nil {
			return err
		}
		return a.record(ctx, tx, call, entry)
	})
	if err != nil {
		return SecretMade{}, a.stopped(ctx, call, ActAdminSecret, err)
	}
	return a.handedOver(made), nil
}

// handingOutAdmin reads the temporary admin whose password somebody hands out, if they
// may and it waits.
func (a *Actions) handingOutAdmin(ctx context.Context, call Call, id string) (TempAdmin, error) {
	if !May(call.Actor.Roles, ActAdminSecret) {
		return TempAdmin{}, a.Refuse(ctx, call, ActAdminSecret)
	}
	t, found, err := a.Store.AdminByID(ctx, id)
	switch {
	case err != nil:
		return t, err
	case !found:
		return t, errNoAdmin()
	case t.Receiver != call.Actor.ID:
		return t, a.refuseAdminSecret(ctx, call, t)
	}
	handout, err := a.adminHandout(ctx, t)
	if err == nil && (handout != HandoutWaits || !t.ExpiresAt.After(Instant(a.Now()))) {
		err = errNoHandout(handout)
	}
	return t, err
}

// refuseAdminSecret records that somebody tried to hand out the password of another's
// temporary admin.
func (a *Actions) refuseAdminSecret(ctx context.Context, call Call, t TempAdmin) error {
	refusal := Errorf(Forbidden, "Only who gets in with it can have its password, so nothing was done.")
	return a.refuseAnothers(ctx, call, refusal, AuditEntry{Act: ActAdminSecret, Subject: t.ID, Detail: "tried to hand out the password of another's temporary admin"})
}

// errNoHandout says why the password of a temporary admin can't be handed out.
func errNoHandout(handout Handout) error {
	switch handout {
	case HandoutMade:
		return Errorf(Conflict, "The link for this password was made already, and such a link is shown once. If it got lost, revoke it on its card, end this temporary admin, and ask for another.")
	case HandoutNone:
		return Errorf(Conflict, "Latchkey doesn't have the password of this temporary admin, so there is none to hand out.")
	case HandoutGone, HandoutWaits:
	}
	return Errorf(Conflict, "This temporary admin has ended, and its password with it. Please ask for a new one, if you still need it.")
}

// adminSecret makes the secret that hands out the password of a temporary admin. It
// lives no longer than that.
func (a *Actions) adminSecret(ctx context.Context, t TempAdmin, from string) (*newborn, error) {
	made, err := a.sealedPassword(ctx, SealAdmin, t.Operation, t.Receiver, from)
	if err != nil || made == nil {
		return nil, cmp.Or[error](err, errNoHandout(HandoutMade))
	}
	s := &made.secret
	s.Ticket, s.For = t.Ticket, t.Login
	if s.ExpiresAt.After(t.ExpiresAt) {
		s.ExpiresAt = t.ExpiresAt
	}
	return made, nil
}
