package actions

import (
	"cmp"
	"context"
)

// Withdraw takes back an operation that waits for a second person or for the
// owner of a contact: who asked for it can, and any lead. It is refused then with
// its row of the audit, the question to the second person is over, and a link that
// would confirm it confirms nothing. What doesn't wait any more stays as it is, and
// the report says what became of it.
//
// Errors: Forbidden for who may not, or was stopped; Conflict for who didn't ask
// for it, which is a row of the audit, and for a request that was answered before;
// NotFound for an operation that isn't there; Unavailable when the database doesn't
// answer.
func (a *Actions) Withdraw(ctx context.Context, call Call, id string) (OperationReport, error) {
	if !May(call.Actor.Roles, ActWithdraw) {
		return OperationReport{}, a.Refuse(ctx, call, ActWithdraw)
	}
	if _, err := a.Unbraked(ctx, call, ActWithdraw); err != nil {
		return OperationReport{}, err
	}
	op, err := a.Store.OperationByID(ctx, id)
	switch {
	case err != nil:
		return OperationReport{}, err
	case op.Actor != call.Actor.ID && !call.Actor.Roles.Has(RoleLead):
		return OperationReport{}, a.refuseWithdrawal(ctx, call, op)
	case op.State != OperationAsked && op.State != OperationOwner:
		return a.reportOf(ctx, op)
	}
	if op, err = a.takeBack(ctx, call, op); err != nil {
		return OperationReport{}, err
	}
	return a.reportOf(ctx, op)
}

// refuseWithdrawal records that somebody tried to take back what others asked for.
func (a *Actions) refuseWithdrawal(ctx context.Context, call Call, op Operation) error {
	refusal := Errorf(Conflict, "Only <@%s>, who asked for it, or a lead can take it back. Nothing was changed.", op.Actor)
	entry := AuditEntry{
		At: Instant(a.Now()), Act: ActWithdraw, Subject: op.Subject, Outcome: ActRefused, Detail: "tried to take back another's " + string(op.Act.Recorded()),
	}
	return firstOf(a.Store.Tx(ctx, func(tx Tx) error { return a.record(ctx, tx, call, entry) }), refusal)
}

// takeBack ends an operation that waits, with the question to the second person.
// When somebody was faster it returns what they made of it.
func (a *Actions) takeBack(ctx context.Context, call Call, op Operation) (Operation, error) {
	approval, err := a.approvalOf(ctx, op)
	if err != nil {
		return op, err
	}
	from := op.State
	op.State, op.Why = OperationRefused, "<@"+call.Actor.ID+"> took it back, so nothing was done."
	return a.end(ctx, op, from, func(tx Tx) error {
		now := Instant(a.Now())
		fresh, err := tx.Claim(ctx, call.Key, now)
		if err != nil || !fresh {
			return cmp.Or[error](err, errAnswered())
		}
		if approval == nil || from != OperationAsked {
			return nil
		}
		over := *approval
		over.State, over.By, over.DecidedAt = ApprovalExpired, call.Actor.ID, now
		decided, err := tx.DecideApproval(ctx, over)
		if err == nil && !decided {
			return errOvertaken // somebody answers at this moment
		}
		return err
	})
}
