package actions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// carryBatch is how much is carried on at once.
const carryBatch = 100

// CarryOn carries on with operations that were left half way, refuses those
// that waited too long for somebody, and asks more people when the first
// didn't answer. It is a job of the cron table, safe to run anywhere at any time:
// who is first takes the lease.
//
// What hinders one doesn't hinder the others; the errors come joined.
func (a *Actions) CarryOn(ctx context.Context) error {
	left, err := a.Store.Abandoned(ctx, Instant(a.Now()), carryBatch)
	var failures []error
	if err != nil {
		failures = append(failures, fmt.Errorf("looking for what was left half way: %w", err))
	}
	for _, op := range left {
		if ctx.Err() != nil {
			break
		}
		if err := a.carryOnWith(ctx, op); err != nil {
			failures = append(failures, fmt.Errorf("carrying on with the operation %s: %w", op.ID, err))
		}
	}
	return errors.Join(append(failures, a.widenApprovals(ctx))...)
}

// unknownWaits is how long an act that this version doesn't know waits for a
// replica that does: while a newer version is rolled out both are there.
const unknownWaits = time.Hour

// carryOnWith takes over what was left, or ends what waited too long.
func (a *Actions) carryOnWith(ctx context.Context, op Operation) error {
	_, known := procedures[op.Act]
	switch {
	case op.State != OperationRunning:
		return a.expire(ctx, op)
	case !known && a.Now().Sub(op.At) < unknownWaits:
		return nil
	}
	mine := op
	a.lease(&mine)
	err := a.move(ctx, mine, op.Lease)
	switch {
	case errors.Is(err, errOvertaken):
		return nil
	case err != nil:
		return err
	}
	if !known {
		mine.State, mine.Why = OperationFailed, "This version of Latchkey doesn't know how to do that."
		_, err := a.end(ctx, mine, OperationRunning, nil)
		return err
	}
	a.carryOut(ctx, mine)
	return nil
}

// expire refuses an operation that nobody answered in time.
func (a *Actions) expire(ctx context.Context, op Operation) error {
	from := op.State
	op.State, op.Why = OperationRefused, "Nobody approved it within 30 minutes, so nothing was done. Please ask again."
	if from == OperationOwner {
		op.Why = "Nobody confirmed it within 24 hours, so nothing was changed. Please ask again."
	}
	approval, err := a.approvalOf(ctx, op)
	if err != nil {
		return err
	}
	_, err = a.end(ctx, op, from, func(tx Tx) error {
		if approval == nil || from != OperationAsked {
			return nil
		}
		expired := *approval
		expired.State, expired.DecidedAt = ApprovalExpired, Instant(a.Now())
		decided, err := tx.DecideApproval(ctx, expired)
		if err == nil && !decided {
			return errOvertaken // somebody answers at this moment
		}
		return err
	})
	return err
}

// widenApprovals asks everybody else about what those who were asked first
// didn't answer.
func (a *Actions) widenApprovals(ctx context.Context) error {
	open, err := a.Store.OpenApprovals(ctx, carryBatch)
	if err != nil {
		return fmt.Errorf("looking for what waits for a second person: %w", err)
	}
	now := Instant(a.Now())
	due := slices.DeleteFunc(open, func(p Approval) bool { return p.WidenAt.IsZero() || p.WidenAt.After(now) || !p.Until.After(now) })
	if len(due) == 0 || a.Staff == nil {
		return nil
	}
	onDuty, others, err := a.Staff.Leads(ctx)
	if err != nil {
		return fmt.Errorf("looking for who else may approve: %w", err)
	}
	var failures []error
	for _, approval := range due {
		if err := a.widen(ctx, approval.ID, slices.Concat(onDuty, others)); err != nil {
			failures = append(failures, fmt.Errorf("asking others about the approval %s: %w", approval.ID, err))
		}
	}
	return errors.Join(failures...)
}

// widen asks those of the leads who weren't asked yet.
func (a *Actions) widen(ctx context.Context, id string, leads []string) error {
	return a.Store.Tx(ctx, func(tx Tx) error {
		approval, err := tx.Approval(ctx, id)
		if err != nil || approval.State != ApprovalAsked || approval.WidenAt.IsZero() {
			return err
		}
		op, err := tx.Operation(ctx, approval.Operation)
		if err != nil {
			return err
		}
		var more []string
		for _, lead := range leads {
			if !op.concerns(lead) && !slices.Contains(approval.Asked, lead) && !slices.Contains(more, lead) {
				more = append(more, lead)
			}
		}
		approval.Asked = append(approval.Asked, more...)
		if err := tx.WidenApproval(ctx, approval); err != nil {
			return err
		}
		for _, lead := range more {
			if err := a.Enqueue(ctx, tx, OutgoingApproval, lead, approval.ID); err != nil {
				return err
			}
		}
		return nil
	})
}
