package actions

import (
	"cmp"
	"context"
	"time"
)

// RemoveTarget removes a target with its password. Errors: Forbidden; NotFound;
// Conflict while it has temporary admins that aren't gone; Unavailable.
func (a *Actions) RemoveTarget(ctx context.Context, call Call, name string) (Target, error) {
	t, _, err := a.removeTarget(ctx, call, name, false)
	return t, err
}

// ForceRemoveTarget removes a target that is gone for good, with its password and all
// that isn't final of its temporary admins. Nobody asks it whether they are gone: those
// that it may still have are left, and come back for somebody to look. What waits for
// a second person is refused. Each is a row of the audit, failed for those left.
//
// Errors: Forbidden; NotFound; Conflict when somebody began one at this moment;
// Unavailable.
func (a *Actions) ForceRemoveTarget(ctx context.Context, call Call, name string) (t Target, left []TempAdmin, err error) {
	return a.removeTarget(ctx, call, name, true)
}

func (a *Actions) removeTarget(ctx context.Context, call Call, name string, force bool) (t Target, left []TempAdmin, err error) {
	if !May(call.Actor.Roles, ActTargetRemove) {
		return Target{}, nil, a.Refuse(ctx, call, ActTargetRemove)
	}
	if t, err = a.targetCalled(ctx, name); err != nil {
		return Target{}, nil, err
	}
	r := targetRemoval{Target: t, by: call.Actor.ID, now: Instant(a.Now())}
	if force {
		if r.around, err = a.aroundTarget(ctx, t); err != nil {
			return Target{}, nil, err
		}
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		left, err = a.endTarget(ctx, tx, &r)
		if err != nil {
			return err
		}
		for _, entry := range r.entries { // last: who appends makes all others wait
			if err := tx.Audit(ctx, entry); err != nil {
				return err
			}
		}
		return a.record(ctx, tx, call, t.entry(r.now, ActTargetRemove, ActDone))
	})
	if err != nil {
		return Target{}, nil, err
	}
	return t, left, nil
}

// targetRemoval is a target that is removed.
type targetRemoval struct {
	Target
	by      string
	now     time.Time
	around  map[string]adminAround // its temporary admins, by ID; nil when they keep it
	entries []AuditEntry           // of those that end with it
}

// aroundTarget reads all that ending the temporary admins of a target needs.
func (a *Actions) aroundTarget(ctx context.Context, target Target) (map[string]adminAround, error) {
	open, err := a.Store.AdminList(ctx, AdminFilter{Open: true, Target: target.ID}, sweepBatch)
	if err != nil {
		return nil, err
	}
	around := make(map[string]adminAround, len(open))
	for _, t := range open {
		if around[t.ID], err = a.around(ctx, t); err != nil {
			return nil, err
		}
	}
	return around, nil
}

// endTarget removes a target, with what hangs on it, and returns the temporary admins
// that it may still have.
func (a *Actions) endTarget(ctx context.Context, tx Tx, r *targetRemoval) (left []TempAdmin, err error) {
	r.entries = nil
	open, err := tx.AdminsLeft(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	for _, t := range open {
		x, read := r.around[t.ID]
		switch {
		case r.around == nil:
			return nil, Errorf(Conflict,
				"%s has temporary admins that aren't gone (%d), so it stays. Please end them first: /tempadmin list. If the site is gone for good: latchkey targets remove --force %q",
				r.Name, len(open), r.Name)
		case !read:
			return nil, Errorf(Conflict, "A temporary admin was begun on %s at this moment, so it stays. Please try again.", r.Name)
		}
		if err := a.leave(ctx, tx, r, &t, x); err != nil {
			return nil, err
		}
		if t.State == AdminGone {
			left = append(left, t)
		}
	}
	ended, err := tx.EndTarget(ctx, r.ID)
	if err == nil && !ended {
		err = Errorf(NotFound, "There is no target %q any more.", r.Name)
	}
	if err != nil {
		return nil, err
	}
	return left, tx.DropSealed(ctx, r.ID, SealTarget)
}

// leave ends the record of a temporary admin whose target is removed. One that nobody
// approved yet never was; of any other nobody knows whether the target has it.
func (a *Actions) leave(ctx context.Context, tx Tx, r *targetRemoval, t *TempAdmin, x adminAround) error {
	over := adminOver{end: AdminTargetRemoved, by: r.by, act: ActAdminEnded}
	refused, err := a.refuseAll(ctx, tx, x, over, r.now)
	if err != nil {
		return err
	}
	outcome, what := ActFailed, "its target was removed, and nobody looked whether it is gone"
	if t.State == AdminAsked && !x.running && len(x.waiting) > 0 && refused {
		t.notMade(AdminDeclined, r.now)
		outcome, what = ActDone, "its target was removed before it was made"
	} else {
		t.State, t.End, t.EndedAt, t.Due = AdminGone, over.end, r.now, time.Time{}
	}
	if t.EndingAt.IsZero() {
		t.EndingAt = r.now
	}
	t.EndedBy, t.Where = over.by, r.Name+", "+cmp.Or(r.URL, "account "+r.Account)
	t.Trouble, t.TroubleSince, t.UnsureUntil = "", time.Time{}, time.Time{}
	t.Lease, t.LeasedUntil = "", time.Time{}
	entry := t.entry(r.Target, r.now, over.act, over.by, what)
	entry.Outcome = outcome
	r.entries = append(r.entries, entry)
	if err := a.dropAdminPassword(ctx, tx, *t); err != nil {
		return err
	}
	if err := tx.PutAdmin(ctx, *t); err != nil {
		return err
	}
	if err := a.showAdmin(ctx, tx, *t, x.leads...); err != nil || t.State != AdminGone {
		return err
	}
	return a.tellAdmin(ctx, tx, *t, NewsGone, t.people()...)
}
