package actions

import (
	"cmp"
	"context"
	"time"
)

// adminOperation is the report of an operation on a temporary admin.
func (a *Actions) adminOperation(ctx context.Context, op Operation) (OperationReport, error) {
	r := OperationReport{Operation: op.shown(), Does: doesOf(op)}
	var err error
	if r.Approval, err = a.approvalOf(ctx, op); err != nil {
		return OperationReport{}, err
	}
	if op.State == OperationAsked {
		if r.Mind, err = a.askedBefore(ctx, op); err != nil {
			return OperationReport{}, err
		}
	}
	t, found, err := a.Store.AdminByID(ctx, op.Subject)
	if err != nil {
		return OperationReport{}, err
	}
	if !found { // it is so long ago that the record is gone
		admin := adminParams(op)
		t = TempAdmin{
			ID: op.Subject, Site: SiteManaged, State: AdminGone, Target: admin.Target, Login: admin.Login, Actor: op.Actor,
			Receiver: admin.Receiver, Reason: op.Reason, Ticket: op.Ticket, Days: admin.Days,
		}
	}
	report, err := a.reportAdmin(ctx, t)
	report.Target.Name = cmp.Or(report.Target.Name, adminParams(op).TargetName)
	r.Admin = &report
	return r, err
}

// reportAdmin adds to a temporary admin what people need to see of it, without what
// waits for a second person and its messages.
func (a *Actions) reportAdmin(ctx context.Context, t TempAdmin) (AdminReport, error) {
	r := AdminReport{Admin: t, Now: Instant(a.Now()), Zone: a.zone()}
	r.Admin.Lease, r.Admin.LeasedUntil = "", time.Time{}
	if t.Site != SiteManaged {
		return r, nil
	}
	var err error
	if r.Target, _, err = a.Store.TargetByID(ctx, t.Target); err != nil {
		return AdminReport{}, err
	}
	r.ByHand = byHand(t, r.Target)
	r.Handout, err = a.adminHandout(ctx, t)
	return r, err
}

// adminHandout says what became of the password of a temporary admin.
func (a *Actions) adminHandout(ctx context.Context, t TempAdmin) (Handout, error) {
	if t.Operation == "" || t.BegunAt.IsZero() {
		return HandoutNone, nil
	}
	if _, made, err := a.Store.SecretOf(ctx, t.Operation); err != nil || made {
		return HandoutMade, err
	}
	_, waits, err := a.Store.SealedByID(ctx, SealAdmin, t.Operation)
	switch {
	case err != nil:
		return HandoutNone, err
	case waits && t.State == AdminInUse:
		return HandoutWaits, nil
	case t.State == AdminInUse: // it was adopted: Latchkey doesn't know its password
		return HandoutNone, nil
	}
	return HandoutGone, nil
}
