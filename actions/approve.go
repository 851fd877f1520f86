package actions

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"
)

// newApproval prepares the question to a second person: to those on duty, or,
// with none, to all. Conflict when nobody can be asked.
func (a *Actions) newApproval(ctx context.Context, op Operation) (Approval, error) {
	approval := Approval{
		ID: rand.Text(), Operation: op.ID, State: ApprovalAsked, At: op.At, Until: op.At.Add(approvalTime), WidenAt: op.At.Add(approvalWiden),
	}
	if a.Staff != nil {
		onDuty, others, err := a.Staff.Leads(ctx)
		if err != nil {
			return approval, err
		}
		self := op.concerns
		approval.Asked = slices.DeleteFunc(slices.Clone(onDuty), self)
		if len(approval.Asked) == 0 {
			approval.Asked = slices.DeleteFunc(slices.Clone(others), self)
			approval.WidenAt = time.Time{} // there is nobody else
		}
	}
	if len(approval.Asked) == 0 {
		return approval, Errorf(Conflict, "This needs a second person, and there is no other lead or admin who could be asked. Please ask your Latchkey admin.")
	}
	return approval, nil
}

// concerns reports whether an operation is somebody's own, so that they are no second
// person: they asked for it, or get in by it.
func (op Operation) concerns(id string) bool {
	return id == op.Actor || op.Params.Admin != nil && id == op.Params.Admin.Receiver
}

// approvalOf is the approval of an operation, nil without one.
func (a *Actions) approvalOf(ctx context.Context, op Operation) (*Approval, error) {
	approval, found, err := a.Store.ApprovalOf(ctx, op.ID)
	if err != nil || !found {
		return nil, err
	}
	return &approval, nil
}

// Approve is a second person's yes. The operation is looked at once more, with
// the requester's roles and the customer's state as they are now: what is refused
// now, or would do something else than what was shown, isn't done. The first who
// answers decides; who comes later gets the report of what became of it.
//
// Errors: Forbidden for who may not, Conflict for who asked for it, for a question
// that ran out and for a request that was answered before, NotFound for one that
// isn't there, Unavailable when the directory, Slack or the database doesn't
// answer; nothing is done then.
func (a *Actions) Approve(ctx context.Context, call Call, approvalID string) (OperationReport, error) {
	approval, op, err := a.deciding(ctx, call, ActApprove, approvalID)
	if err != nil || approval.State != ApprovalAsked {
		return a.decidedReport(ctx, op, err)
	}
	approved, confirm, err := a.looked(ctx, op)
	if err != nil {
		return OperationReport{}, err
	}
	approved.Approver = call.Actor.ID
	approval.State, approval.By, approval.DecidedAt = ApprovalGiven, call.Actor.ID, Instant(a.Now())
	if approved.State == OperationRefused {
		return a.decide(ctx, call, approval, approved, nil)
	}
	return a.decide(ctx, call, approval, approved, confirm)
}

// Decline is a second person's no. Errors as of [Actions.Approve].
func (a *Actions) Decline(ctx context.Context, call Call, approvalID string) (OperationReport, error) {
	approval, op, err := a.deciding(ctx, call, ActDecline, approvalID)
	if err != nil || approval.State != ApprovalAsked {
		return a.decidedReport(ctx, op, err)
	}
	op.State, op.Approver = OperationRefused, call.Actor.ID
	op.Why = "<@" + call.Actor.ID + "> declined it, so nothing was done."
	approval.State, approval.By, approval.DecidedAt = ApprovalDeclined, call.Actor.ID, Instant(a.Now())
	return a.decide(ctx, call, approval, op, nil)
}

// deciding reads what a second person decides about, if they may.
func (a *Actions) deciding(ctx context.Context, call Call, act Act, approvalID string) (Approval, Operation, error) {
	if !May(call.Actor.Roles, act) {
		return Approval{}, Operation{}, a.Refuse(ctx, call, act)
	}
	if _, err := a.Unbraked(ctx, call, act); err != nil {
		return Approval{}, Operation{}, err
	}
	approval, err := a.Store.ApprovalByID(ctx, approvalID)
	if err != nil {
		return Approval{}, Operation{}, err
	}
	op, err := a.Store.OperationByID(ctx, approval.Operation)
	switch {
	case err != nil:
		return Approval{}, Operation{}, err
	case op.concerns(call.Actor.ID) && act == ActApprove:
		return Approval{}, Operation{}, a.refuseSelf(ctx, call, op)
	case approval.State == ApprovalAsked && !approval.Until.After(Instant(a.Now())):
		return Approval{}, Operation{}, cmp.Or[error](a.expire(ctx, op),
			Errorf(Conflict, "This question ran out after 30 minutes, so nothing was done. It can be asked again."))
	}
	return approval, op, nil
}

// refuseSelf records that somebody tried to approve what they asked for, or what lets
// them in.
func (a *Actions) refuseSelf(ctx context.Context, call Call, op Operation) error {
	refusal := Errorf(Conflict, "You asked for this yourself, so another lead or admin has to approve it. Nothing was done.")
	if op.Actor != call.Actor.ID {
		refusal.Sentence = "You would get in by this yourself, so another lead or admin has to approve it. Nothing was done."
	}
	entry := AuditEntry{
		At: Instant(a.Now()), Act: ActApprove, Subject: op.Subject, Outcome: ActRefused, Detail: "tried to approve their own " + string(op.Act.Recorded()),
	}
	return firstOf(a.Store.Tx(ctx, func(tx Tx) error { return a.record(ctx, tx, call, entry) }), refusal)
}

// decidedReport is for who comes when it is decided, or an error.
func (a *Actions) decidedReport(ctx context.Context, op Operation, err error) (OperationReport, error) {
	if err != nil {
		return OperationReport{}, err
	}
	return a.reportOf(ctx, op)
}

// looked looks at an operation once more before it is carried out: it comes back
// running, waiting for its owner (with the mail that asks), or refused.
func (a *Actions) looked(ctx context.Context, op Operation) (Operation, *Mail, error) {
	rule, _ := RuleFor(op.Act)
	fresh, why, err := a.changedSince(ctx, op)
	switch {
	case err != nil:
		return op, nil, err
	case why != "":
		op.State, op.Why = OperationRefused, why
		return op, nil, nil
	}
	op.Params = fresh
	if rule.Owner {
		op.State, op.Until = OperationOwner, Instant(a.Now()).Add(confirmTime)
		mail, err := a.confirmMail(ctx, op)
		return op, &mail, err
	}
	a.lease(&op)
	return op, nil, nil
}

// changedSince says why an operation isn't carried out that waited for somebody:
// the requester may not any more or was stopped, or the customer's state has
// changed. "" when it is, with the parameters as they are now.
func (a *Actions) changedSince(ctx context.Context, op Operation) (fresh Params, why string, err error) {
	if a.Staff == nil {
		return fresh, "", Errorf(Unavailable, "Slack doesn't say who may do what, so nothing was done. Please try again in a minute.")
	}
	roles, err := a.Staff.RolesOf(ctx, op.Actor)
	if err != nil {
		return fresh, "", err
	}
	p, err := a.planned(ctx, op.Act.Recorded(), op.Subject, roles, op.Params)
	switch {
	case CodeOf(err) == NotFound:
		return fresh, "The customer isn't on record any more, so nothing was done.", nil
	case err != nil:
		return fresh, "", err
	}
	// Who proved themselves, or confirmed by link, did so for this.
	verified, err := a.verified(ctx, op.Subject, op.Actor, op.Ticket)
	if err != nil {
		return fresh, "", err
	}
	s := p.situated(op.Reason, verified, op.Attested)
	s.Verified = s.Verified || op.State == OperationOwner
	s.Approved = op.State == OperationAsked || op.Approver != "" // the owner's yes is no second person's
	verdict := p.decide(s)
	refusal := p.refusal(verdict)
	switch {
	case refusal != nil:
		return fresh, "When it was looked at once more: " + refusal.Sentence, nil //nolint:nilerr // it is the answer, not a failure
	case verdict != Granted:
		return fresh, "When it was looked at once more, it took a second person, and nobody had approved it. Please ask again.", nil
	case p.isOther(op):
		return fresh, "The customer's state has changed since it was asked for, so nothing was done. Please look them up and ask again.", nil
	}
	why, err = a.stoppedSince(ctx, op)
	return p.params, why, err
}

// isOther reports whether a plan would do something else than the operation was
// asked for, or to somebody whose contact isn't the same any more: masked, the
// new one may look like the old.
func (p *plan) isOther(op Operation) bool {
	now, changed := Operation{Act: p.row, Subject: op.Subject, Params: p.params}, p.Users[0].ContactChangedAt
	return p.row != op.Act || !slices.Equal(doesOf(now), doesOf(op)) || changed.After(op.At) && !changed.After(p.At)
}

// stoppedSince says that who asked for an operation was stopped, "" when they
// weren't: an account that somebody hijacked may have asked for much before.
func (a *Actions) stoppedSince(ctx context.Context, op Operation) (why string, err error) {
	err = a.Store.Tx(ctx, func(tx Tx) error { return stoppedNow(ctx, tx, op.Actor) })
	if errors.Is(err, errStopped) {
		return "<@" + op.Actor + "> did unusually much and was stopped after they had asked for it, so nothing was done. Somebody else can ask for it.", nil
	}
	return "", err
}

// decide stores a second person's answer, and carries the operation out when it
// was a yes. When somebody was faster, what they decided is reported.
func (a *Actions) decide(ctx context.Context, call Call, approval Approval, op Operation, confirm *Mail) (OperationReport, error) {
	lease := "" // of what waits
	var leads []string
	var err error
	if op.State == OperationRefused {
		op.EndedAt = Instant(a.Now())
		if leads, err = a.leadsOf(ctx, op); err != nil {
			return OperationReport{}, err
		}
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		if fresh, err := tx.Claim(ctx, call.Key, approval.DecidedAt); err != nil || !fresh {
			return cmp.Or[error](err, errAnswered())
		}
		decided, err := tx.DecideApproval(ctx, approval)
		if err != nil || !decided {
			return cmp.Or[error](err, errOvertaken)
		}
		moved, err := tx.MoveOperation(ctx, op, OperationAsked, lease)
		if err != nil || !moved {
			return cmp.Or[error](err, errOvertaken)
		}
		if confirm != nil {
			if err := tx.StartMail(ctx, *confirm); err != nil {
				return err
			}
		}
		if op.State == OperationRefused {
			if err := a.settleOperation(ctx, tx, &op, leads); err != nil {
				return err
			}
		}
		if err := a.show(ctx, tx, op, &approval); err != nil || op.State != OperationRefused {
			return err
		}
		return tx.Audit(ctx, op.entry()) // last: it makes all others wait
	})
	switch {
	case errors.Is(err, errOvertaken):
		return a.Report(ctx, op.ID)
	case err != nil:
		return OperationReport{}, err
	}
	if op.State == OperationRunning {
		a.reach(op, stepIntent)
		op = a.carryOut(ctx, op)
	}
	return a.reportOf(ctx, op)
}

// confirmed carries the answer of who owns a contact, or of the account's admin,
// to the operation that waits for it (RULES S4.12): it is looked at once more and
// carried out, or refused, and then the leads hear of it. spend spends the link
// in the transaction that takes the answer. An operation that doesn't wait any
// more stays as it is, and so does the link.
//
// Errors: those of spend, NotFound, Unavailable.
func (a *Actions) confirmed(ctx context.Context, op Operation, answer LinkAnswer, spend func(Tx) error) error {
	if answer != LinkGoOn {
		return a.denied(ctx, op, spend)
	}
	fresh, why, err := a.changedSince(ctx, op)
	if err != nil {
		return err
	}
	if why != "" {
		op.State, op.Why = OperationRefused, why
		_, err := a.end(ctx, op, OperationOwner, spend)
		return err
	}
	op.Params = fresh
	a.lease(&op)
	err = a.Store.Tx(ctx, func(tx Tx) error {
		moved, err := tx.MoveOperation(ctx, op, OperationOwner, "")
		if err != nil || !moved {
			return cmp.Or[error](err, errOvertaken)
		}
		return spend(tx)
	})
	switch {
	case errors.Is(err, errOvertaken):
		return nil
	case err != nil:
		return err
	}
	a.reach(op, stepIntent)
	a.carryOut(ctx, op)
	return nil
}

// denied refuses a change that its owner says wasn't theirs, and tells the leads.
func (a *Actions) denied(ctx context.Context, op Operation, spend func(Tx) error) error {
	leads, err := a.leadsBut(ctx, op.Actor)
	if err != nil { // the answer counts all the same
		a.Log.WarnContext(ctx, "the leads can't be told that a change was denied", "operation", op.ID, "error", err)
	}
	op.State = OperationRefused
	op.Why = "Whoever owns the contact says that this wasn't them, so nothing was changed. Be wary of who called: somebody may be trying to take the login over."
	_, err = a.end(ctx, op, OperationOwner, func(tx Tx) error {
		if err := spend(tx); err != nil {
			return err
		}
		for _, lead := range leads {
			if err := a.Enqueue(ctx, tx, OutgoingOperation, lead, op.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}
