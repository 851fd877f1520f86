package actions

import (
	"context"
	"time"
)

// adminUnsure is how long a user may still appear on a target that was asked to make
// it, and didn't answer.
const adminUnsure = 10 * time.Minute

// leadsOf is where the leads see what an operation is about: the temporary admin that
// somebody wants to adopt, or an incident; nobody for any other. Their card follows the
// question as well as it can: only what was done fails when Slack doesn't say who they
// are.
func (a *Actions) leadsOf(ctx context.Context, op Operation) ([]string, error) {
	if op.Act != ActAdoptAdmin && op.Act.about() != anIncident {
		return nil, nil
	}
	leads, err := a.toLeads(ctx)
	if err != nil && (op.State != OperationDone || op.Act.about() == anIncident) {
		a.Log.WarnContext(ctx, "the leads' card of what an operation is about can't follow", "operation", op.ID, "error", err)
		return nil, nil
	}
	return leads, err
}

// showSubject has the cards of the temporary admin or the incident that an operation is
// about show that it is asked for, or what came of it.
func (a *Actions) showSubject(ctx context.Context, tx Tx, op Operation, leads []string) error {
	switch op.Act.about() {
	case aCustomer:
		return nil
	case anIncident:
		return a.showIncident(ctx, tx, op.Subject, leads)
	case aTempAdmin:
	}
	return a.showAdminOf(ctx, tx, op, leads)
}

// showAdminOf is showSubject for a temporary admin.
func (a *Actions) showAdminOf(ctx context.Context, tx Tx, op Operation, leads []string) error {
	t, found, err := tx.Admin(ctx, op.Subject)
	if err != nil || !found {
		return err
	}
	return a.showAdmin(ctx, tx, t, leads...)
}

// settleOperation has the record that an operation is about, or the bulk unlock that it
// is a part of, follow it, in the transaction that ends the operation. What can't be
// done any more fails the operation after all.
func (a *Actions) settleOperation(ctx context.Context, tx Tx, op *Operation, leads []string) error {
	p := procedures[op.Act]
	if op.Bulk != "" {
		return settlePart(ctx, tx, *op)
	}
	if p == nil || p.settle == nil {
		return nil
	}
	ended := op.State
	if err := p.settle(ctx, a, tx, op, leads); err != nil || op.State == ended {
		return err
	}
	moved, err := tx.MoveOperation(ctx, *op, ended, "")
	if err == nil && !moved {
		err = errOvertaken
	}
	return err
}

// settleCreated has a temporary admin follow the operation that was to make it.
func settleCreated(ctx context.Context, a *Actions, tx Tx, op *Operation, _ []string) error {
	t, found, err := tx.Admin(ctx, op.Subject)
	if err != nil || !found {
		return err
	}
	t.Approver = op.Approver
	switch untouched := op.State == OperationRefused || adminParams(*op).Untouched; {
	case op.State == OperationDone && t.State == AdminAsked:
		t.begins(op.EndedAt, op.EndedAt.Add(time.Duration(t.Days)*adminDay))
	case untouched:
		t.neverWas(op)
	case t.End == AdminTargetRemoved: // nobody can ask for it any more
	default:
		t.mustGo(op)
	}
	if t.State != AdminInUse {
		if err := a.dropAdminPassword(ctx, tx, t); err != nil {
			return err
		}
	}
	if err := tx.PutAdmin(ctx, t); err != nil || op.State == OperationRefused {
		return err // it never was: the operation's card tells
	}
	return a.showAdmin(ctx, tx, t)
}

// begins puts a temporary admin to use, until a moment.
func (t *TempAdmin) begins(now, until time.Time) {
	t.State, t.BegunAt, t.Told = AdminInUse, now, 0
	t.livesUntil(now, until)
}

// neverWas is for one of which its target surely has nothing.
func (t *TempAdmin) neverWas(op *Operation) {
	end := AdminFailed
	if op.State == OperationRefused {
		end = AdminDeclined
	}
	if t.End == "" {
		t.End, t.EndedBy = end, clockActor
	}
	t.State, t.EndedAt, t.Due = AdminRefused, op.EndedAt, time.Time{}
}

// mustGo is for one that failed half way, or was ended while it was made: what there
// may be of it goes.
func (t *TempAdmin) mustGo(op *Operation) {
	if t.End == "" {
		t.End, t.EndedBy = AdminFailed, clockActor
	}
	if t.EndingAt.IsZero() {
		t.EndingAt = op.EndedAt
	}
	t.UnsureUntil = op.EndedAt.Add(adminUnsure) // also when it was made: it may have been asked for twice
	t.State, t.EndedAt, t.Due = AdminEnding, time.Time{}, op.EndedAt
}

// settleExtended lets a temporary admin live longer, once that is decided.
func settleExtended(ctx context.Context, a *Actions, tx Tx, op *Operation, _ []string) error {
	if op.State != OperationDone {
		return a.showAdminOf(ctx, tx, *op, nil)
	}
	t, found, err := tx.Admin(ctx, op.Subject)
	until := adminParams(*op).Until
	switch {
	case err != nil:
		return err
	case !found || t.State != AdminInUse || !until.After(t.ExpiresAt):
		op.State, op.Why = OperationFailed, "It ended, or was extended, before this was decided, so nothing was changed."
		return nil
	}
	t.livesUntil(op.EndedAt, until)
	if err := tx.PutAdmin(ctx, t); err != nil {
		return err
	}
	return a.showAdmin(ctx, tx, t)
}

// settleAdopted has a stray be somebody's, once that is decided.
func settleAdopted(ctx context.Context, a *Actions, tx Tx, op *Operation, leads []string) error {
	if op.State != OperationDone {
		return a.showAdminOf(ctx, tx, *op, leads)
	}
	t, found, err := tx.Admin(ctx, op.Subject)
	switch {
	case err != nil:
		return err
	case !found || t.State != AdminStray:
		op.State, op.Why = OperationFailed, "It was deleted, or adopted, before this was decided, so nothing was changed."
		return nil
	}
	admin := adminParams(*op)
	t.Actor, t.Receiver, t.Approver, t.Reason, t.Ticket, t.Operation, t.Days = op.Actor, admin.Receiver, op.Approver, op.Reason, op.Ticket, op.ID, admin.Days
	t.EndingAt, t.EndedAt, t.End, t.EndedBy = time.Time{}, time.Time{}, "", ""
	t.Tries, t.Trouble, t.TroubleSince, t.UnsureUntil = 0, "", time.Time{}, time.Time{}
	t.begins(op.EndedAt, admin.Until)
	if err := tx.PutAdmin(ctx, t); err != nil {
		return err
	}
	t.Told |= ToldFound // who were told that it was found see who adopted it
	return a.showAdmin(ctx, tx, t, leads...)
}

// dropAdminPassword drops the password of a temporary admin that ends: what lies
// sealed of it, and the one-time secret that it was handed out by, unless that was
// opened. t is locked.
func (a *Actions) dropAdminPassword(ctx context.Context, tx Tx, t TempAdmin) error {
	if t.Operation == "" {
		return nil
	}
	if err := tx.DropSealed(ctx, t.Operation, SealAdmin); err != nil {
		return err
	}
	s, made, err := tx.SecretOf(ctx, t.Operation)
	if err != nil || !made {
		return err
	}
	_, _, err = a.endSecret(ctx, tx, s, ending{
		state: SecretRevoked, why: "The temporary admin whose password it was has ended.", at: Instant(a.Now()),
		what: "revoked, since its temporary admin ended", actor: clockActor,
	})
	return err
}
