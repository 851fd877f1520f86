package actions

import (
	"cmp"
	"context"
	"strings"
	"time"
)

// revokeWait is how long who revokes a temporary admin waits to read that it is gone:
// deleting it goes on after that.
const revokeWait = 8 * time.Second

// RevokeAdmin ends a temporary admin now: one on a site that we manage is deleted at
// once, and again and again until its target shows that it is gone; the customer is
// asked to delete theirs. A stray is deleted, too. One that still waits for a second
// person is refused. What has ended already stays as it is, and the report says so;
// one that couldn't be deleted yet is tried at once.
//
// Errors: Forbidden for who may not, or was stopped; Invalid without a reason;
// NotFound; Conflict for a request that was answered before; Unavailable.
func (a *Actions) RevokeAdmin(ctx context.Context, call Call, id, reason string) (AdminReport, error) {
	if !May(call.Actor.Roles, ActRevokeAdmin) {
		return AdminReport{}, a.Refuse(ctx, call, ActRevokeAdmin)
	}
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return AdminReport{}, aboutAdmin("reason", Errorf(Invalid, "Please say why; it stands in the audit."))
	}
	if err := CheckReason(reason); err != nil {
		return AdminReport{}, aboutAdmin("reason", err)
	}
	t, found, err := a.Store.AdminByID(ctx, id)
	if err != nil || !found {
		return AdminReport{}, cmp.Or[error](err, errNoAdmin())
	}
	over := adminOver{end: AdminRevoked, by: call.Actor.ID, act: ActRevokeAdmin, reason: reason, call: &call}
	deletes, err := a.endOne(ctx, t, over)
	if err != nil {
		return AdminReport{}, a.stopped(ctx, call, ActRevokeAdmin, err)
	}
	if deletes {
		a.deleteSoon(ctx, t.ID)
	}
	return a.AdminReport(ctx, id)
}

// adminOver is how a temporary admin comes to its end.
type adminOver struct {
	end    AdminEnd
	by     string // a Slack user, clockActor, or the name of a token
	actor  string // whom the audit names, when that isn't by
	act    Act    // the audit's
	reason string
	call   *Call // of what a person asked for
}

// adminAround is what is read of a temporary admin, before the transaction that changes
// it: nothing else is read inside.
type adminAround struct {
	admin   TempAdmin
	target  Target         // of a managed site
	waiting []waitingAdmin // operations on it that wait for a second person
	running bool           // one is being carried out
	leads   []string       // where they are told, once they were
}

// waitingAdmin is an operation on a temporary admin that waits.
type waitingAdmin struct {
	op       Operation
	approval *Approval
}

// around reads all that ending a temporary admin needs. Errors: Unavailable.
func (a *Actions) around(ctx context.Context, t TempAdmin) (adminAround, error) {
	x := adminAround{admin: t}
	var err error
	if x.target, err = a.targetOf(ctx, t); err != nil || t.Site != SiteManaged {
		return x, err
	}
	if err := a.aroundOperations(ctx, &x); err != nil {
		return x, err
	}
	if t.Told.leads() {
		x.leads, err = a.toLeads(ctx)
	}
	return x, err
}

// targetOf is the target of a managed site, the zero Target for the customer's own, or
// when it isn't on record.
func (a *Actions) targetOf(ctx context.Context, t TempAdmin) (Target, error) {
	if t.Site != SiteManaged {
		return Target{}, nil
	}
	target, _, err := a.Store.TargetByID(ctx, t.Target)
	return target, err
}

// aroundOperations reads the operations on a temporary admin that haven't ended.
func (a *Actions) aroundOperations(ctx context.Context, x *adminAround) error {
	ops, err := a.Store.OperationsOf(ctx, x.admin.ID, time.Time{}, operationsRead)
	if err != nil {
		return err
	}
	for _, op := range ops {
		switch op.State {
		case OperationRunning:
			x.running = true
		case OperationAsked:
			approval, err := a.approvalOf(ctx, op)
			if err != nil {
				return err
			}
			x.waiting = append(x.waiting, waitingAdmin{op, approval})
		case OperationOwner, OperationDone, OperationFailed, OperationRefused: // nothing is to be ended
		}
	}
	return nil
}

// endOne ends a temporary admin in a transaction of its own; deletes is true when it is
// to be deleted now.
func (a *Actions) endOne(ctx context.Context, t TempAdmin, over adminOver) (deletes bool, err error) {
	x, err := a.around(ctx, t)
	if err != nil {
		return false, err
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		came, changed, err := a.endAdmin(ctx, tx, x, over)
		deletes = changed && came.State == AdminEnding && came.Site == SiteManaged
		return err
	})
	if err == nil && deletes {
		a.at(stepAdminEnding)
	}
	return deletes && err == nil, err
}

// endAdmin ends a temporary admin, if it hasn't, with all that goes with it: it is to
// go, or never was. changed is false when there was nothing to do. Its row of the audit
// is written last: who appends to it makes all others wait.
func (a *Actions) endAdmin(ctx context.Context, tx Tx, x adminAround, over adminOver) (t TempAdmin, changed bool, err error) {
	now := Instant(a.Now())
	t, found, err := tx.Admin(ctx, x.admin.ID)
	again := t.State == AdminEnding && t.Site == SiteManaged && over.call != nil
	switch {
	case err != nil || !found || t.State.Final():
		return t, false, err
	case t.State == AdminEnding && !again:
		return t, false, nil
	}
	switch {
	case again:
		t.Due = now
	case over.end == AdminExpired && taskOf(t, now) != taskExpire:
		return t, false, nil // it was extended meanwhile
	default:
		was := t.State
		t.toEnd(over, now)
		if err := a.letGo(ctx, tx, &t, was, x, over, now); err != nil {
			return t, false, err
		}
	}
	if err := tx.PutAdmin(ctx, t); err != nil {
		return t, false, err
	}
	if t.Site == SiteManaged {
		if err := a.showAdmin(ctx, tx, t, x.leads...); err != nil {
			return t, false, err
		}
	}
	return t, true, a.recordAdmin(ctx, tx, t, x.target, over, now)
}

// toEnd makes it one that is to go.
func (t *TempAdmin) toEnd(over adminOver, now time.Time) {
	if t.State == AdminStray && over.call != nil { // nobody answers for it but who does this
		t.Actor = over.by
	}
	t.State, t.End, t.EndedBy, t.EndingAt, t.Due = AdminEnding, over.end, over.by, now, now
	t.Tries, t.Trouble, t.TroubleSince, t.Told = 0, "", time.Time{}, t.Told&^(ToldTrouble|ToldLeads)
}

// notMade makes it one that never was.
func (t *TempAdmin) notMade(end AdminEnd, now time.Time) {
	t.State, t.End, t.EndedAt, t.Due = AdminRefused, end, now, time.Time{}
}

// letGo ends what hangs on a temporary admin that is to go: its password, what waits
// for a second person. The customer is asked to delete theirs. One that wasn't begun is
// refused; of one that is being made at this moment the sweep waits for the outcome.
func (a *Actions) letGo(ctx context.Context, tx Tx, t *TempAdmin, was AdminState, x adminAround, over adminOver, now time.Time) error {
	if t.Site == SiteCustomer {
		return a.letCustomersGo(ctx, tx, t, over.by, now)
	}
	refused, err := a.refuseAll(ctx, tx, x, over, now)
	if err != nil {
		return err
	}
	begun := was != AdminAsked || x.running || len(x.waiting) == 0 || !refused
	if !begun {
		end := over.end
		if end == AdminRevoked {
			end = AdminDeclined
		}
		t.notMade(end, now)
	}
	return a.dropAdminPassword(ctx, tx, *t)
}

// refuseAll ends what waits for a second person; refused is false when somebody answered
// some of it at this moment.
func (a *Actions) refuseAll(ctx context.Context, tx Tx, x adminAround, over adminOver, now time.Time) (refused bool, err error) {
	refused = true
	for _, w := range x.waiting {
		one, err := a.refuseWaiting(ctx, tx, w, over, now)
		if err != nil {
			return false, err
		}
		refused = refused && one
	}
	return refused, nil
}

// refuseWaiting ends an operation that waits, with the question to the second person;
// refused is false when somebody answered it at this moment.
func (a *Actions) refuseWaiting(ctx context.Context, tx Tx, w waitingAdmin, over adminOver, now time.Time) (refused bool, err error) {
	op := w.op
	op.State, op.Why, op.EndedAt, op.Until = OperationRefused, over.why(), now, time.Time{}
	moved, err := tx.MoveOperation(ctx, op, OperationAsked, op.Lease)
	if err != nil || !moved {
		return false, err
	}
	if w.approval != nil {
		asked := *w.approval
		asked.State, asked.DecidedAt = ApprovalExpired, now
		if over.end == AdminRevoked { // by a person, and not by a ticket or by time
			asked.By = over.by
		}
		if _, err := tx.DecideApproval(ctx, asked); err != nil {
			return false, err
		}
	}
	if err := a.show(ctx, tx, op, w.approval); err != nil {
		return false, err
	}
	return true, tx.Audit(ctx, op.entry())
}

// why says of an operation that waited why nothing was done.
func (o adminOver) why() string {
	switch o.end {
	case AdminSolved:
		return "Its ticket was solved before anybody approved it, so nothing was done."
	case AdminResolved:
		return "The case of its ticket was resolved before anybody approved it, so nothing was done."
	case AdminTargetRemoved:
		return "Its target was removed from Latchkey before anybody approved it, so nothing was done."
	case AdminExpired, AdminByHand:
		return "The temporary admin ended before anybody approved it, so nothing was done."
	default:
		return "<@" + o.by + "> took it back, so nothing was done."
	}
}

// letCustomersGo ends one on the customer's own site: they are asked to delete it, and
// what they sent and nobody opened is dropped; before they sent anything there is none.
func (a *Actions) letCustomersGo(ctx context.Context, tx Tx, t *TempAdmin, by string, now time.Time) error {
	if !t.BegunAt.IsZero() {
		return a.remindCustomer(ctx, tx, t)
	}
	t.notMade(AdminUnsent, now)
	if err := a.closeRequest(ctx, tx, *t); err != nil {
		return err
	}
	return a.tellOwn(ctx, tx, *t, NewsUnsent, by)
}

// audited is whom the audit names.
func (o adminOver) audited() string { return cmp.Or(o.actor, o.by) }

// recordAdmin writes the row of the audit about the end of a temporary admin: under the
// request of a person, and its ticket, or else the ticket of the temporary admin.
func (a *Actions) recordAdmin(ctx context.Context, tx Tx, t TempAdmin, target Target, over adminOver, now time.Time) error {
	entry := t.entry(target, now, over.act, over.audited(), over.end.said())
	entry.Reason = over.reason
	if over.call == nil {
		return tx.Audit(ctx, entry)
	}
	call := *over.call
	call.About = t.Ticket
	return a.record(ctx, tx, call, entry)
}

// said is the reason for the audit.
func (e AdminEnd) said() string { return strings.ReplaceAll(string(e), "_", " ") }

// entry is a row of the audit about a temporary admin: its subject is the customer, or,
// on a site that we manage, itself.
func (t TempAdmin) entry(target Target, at time.Time, act Act, actor, what string) AuditEntry {
	if t.Site == SiteCustomer {
		return t.ownEntry(at, act, actor, what)
	}
	detail := t.shownLogin() + " on " + cmp.Or(target.Name, "a target that isn't on record") + ": " + what
	return AuditEntry{At: at, Act: act, Actor: actor, Subject: t.ID, Outcome: ActDone, Ticket: t.Ticket, Detail: detail}
}
