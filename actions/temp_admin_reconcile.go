package actions

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// The bounds of a reconciliation.
const (
	reconcileLimit = 4 * time.Minute // for one target
	strayLimit     = 200             // new ones of one target that are taken in at once
	loginLimit     = 1000            // bytes of a login that is kept; systems have 60 characters and fewer
)

// ReconcileAdmins asks every target which temporary admins it has, and reports those
// that Latchkey doesn't know, or thought gone, to the leads. Those that should be there
// and aren't are gone: somebody deleted them by hand. It is a job of the cron table. A
// target that doesn't answer doesn't keep the others; the errors come joined, and then
// it is run again: nothing is reported twice. That Slack doesn't say who the leads are
// is an error only when there is something to report, which is kept until it does.
func (a *Actions) ReconcileAdmins(ctx context.Context) error {
	targets, err := a.Store.Targets(ctx)
	if err != nil {
		return fmt.Errorf("reading the targets: %w", err)
	}
	leads := sync.OnceValues(func() ([]string, error) { return a.toLeads(ctx) })
	failures := make([]error, len(targets))
	places := make(chan struct{}, sweepWorkers)
	var working sync.WaitGroup
	for i, target := range targets {
		working.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			failures[i] = a.reconcileGuarded(ctx, target, leads)
		})
	}
	working.Wait()
	return errors.Join(failures...)
}

// reconcileGuarded compares what a target has, and tells the leads what they don't know
// yet of it, from whatever run.
func (a *Actions) reconcileGuarded(ctx context.Context, target Target, leads func() ([]string, error)) (err error) {
	defer recovered(&err)
	bounded, cancel := context.WithTimeout(ctx, reconcileLimit)
	defer cancel()
	failed := a.reconcile(bounded, target)
	if failed != nil {
		failed = fmt.Errorf("comparing the temporary admins of %s: %w", target.Name, failed)
	}
	if err := a.tellStrays(ctx, target, leads); err != nil {
		return errors.Join(failed, fmt.Errorf("telling of the temporary admins of %s that nobody answers for: %w", target.Name, err))
	}
	return failed
}

// tellStrays tells the leads of the strays of a target that they weren't told of.
func (a *Actions) tellStrays(ctx context.Context, target Target, leads func() ([]string, error)) error {
	strays, err := a.Store.AdminList(ctx, AdminFilter{Target: target.ID, State: AdminStray}, sweepBatch)
	if err != nil {
		return err
	}
	strays = slices.DeleteFunc(strays, func(t TempAdmin) bool { return t.Told.Has(ToldFound) })
	if len(strays) == 0 {
		return nil
	}
	ids, err := leads()
	if err != nil || len(ids) == 0 {
		return err
	}
	for _, stray := range strays {
		err := a.Store.Tx(ctx, func(tx Tx) error {
			t, found, err := tx.Admin(ctx, stray.ID)
			if err != nil || !found || t.State != AdminStray || t.Told.Has(ToldFound) {
				return err
			}
			t.Told |= ToldFound
			if err := tx.PutAdmin(ctx, t); err != nil {
				return err
			}
			return a.showLeads(ctx, tx, t, ids...)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// reconcile compares what a target has with what is on record.
func (a *Actions) reconcile(ctx context.Context, target Target) error {
	site, err := a.site(ctx, target)
	if err != nil {
		return err
	}
	there, err := site.Temporary(ctx)
	if err != nil {
		return err
	}
	var failures []error
	strays := 0
	for _, user := range there {
		if strays == strayLimit {
			failures = append(failures, fmt.Errorf("it has more than %d that nobody answers for; the others are for the next time", strayLimit))
			break
		}
		found, err := a.answersNobody(ctx, site, target, user)
		if found {
			strays++
		}
		failures = append(failures, err)
	}
	failures = append(failures, a.missing(ctx, site, target, there))
	return errors.Join(failures...)
}

// answersNobody takes a user of a target in as a stray, when nobody answers for it;
// found is true then.
func (a *Actions) answersNobody(ctx context.Context, site Site, target Target, user SiteUser) (found bool, err error) {
	if !IsAdminLogin(user.Login) || len(user.Login) > loginLimit {
		return false, fmt.Errorf("it says that a user of the login %.40q is a temporary admin, and that can't be", user.Login)
	}
	t, known, err := a.Store.AdminAt(ctx, target.ID, user.Login)
	if err != nil || known && !t.State.Final() {
		return false, err
	}
	// It may have been deleted since the target was asked; the ID finds it whatever its
	// login is.
	user, there, err := site.Look(ctx, user.Login, user.ID)
	if err != nil || !there {
		return false, err
	}
	if !known {
		t = TempAdmin{ID: rand.Text(), Site: SiteManaged, Target: target.ID, Login: user.Login, At: Instant(a.Now())}
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		found = false
		stray, err := heldFinal(ctx, tx, t, known)
		if err != nil || stray == nil {
			return err
		}
		now := Instant(a.Now())
		stray.strays(user, now)
		if known {
			err = tx.PutAdmin(ctx, *stray)
		} else {
			err = tx.StartAdmin(ctx, *stray)
		}
		if err != nil {
			return err
		}
		found = true
		return a.recordStray(ctx, tx, *stray, target, known, now)
	})
	if code := CodeOf(err); code == Conflict || code == NotFound {
		return false, nil // somebody else found it, too, or the target was removed
	}
	return found && err == nil, err
}

// heldFinal is a temporary admin as it is stored now, locked, if it is one that was
// thought gone; nil when it isn't. One that isn't known is as it is given.
func heldFinal(ctx context.Context, tx Tx, t TempAdmin, known bool) (*TempAdmin, error) {
	if !known {
		return &t, nil
	}
	t, found, err := tx.Admin(ctx, t.ID)
	if err != nil || !found || !t.State.Final() {
		return nil, err //nolint:nilnil // none, and no error
	}
	return &t, nil
}

// strays makes it one that nobody answers for.
func (t *TempAdmin) strays(user SiteUser, now time.Time) {
	t.State, t.RemoteID, t.Told = AdminStray, user.ID, 0
	t.BegunAt, t.ExpiresAt, t.EndingAt, t.EndedAt = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	t.End, t.EndedBy, t.Due, t.Tries = "", "", time.Time{}, 0
	t.Trouble, t.TroubleSince, t.UnsureUntil = "", time.Time{}, time.Time{}
	if t.At.IsZero() {
		t.At = now
	}
}

// recordStray shows a stray to who asked for it once; it is a row of the audit.
func (a *Actions) recordStray(ctx context.Context, tx Tx, t TempAdmin, target Target, known bool, now time.Time) error {
	if err := a.showAdmin(ctx, tx, t); err != nil {
		return err
	}
	what := "found there, and nobody knows it"
	if known {
		what = "found there, though it was gone"
	}
	return tx.Audit(ctx, t.entry(target, now, ActAdminFound, clockActor, what))
}

// missing ends the records of those that should be on a target, or were found there,
// and aren't any more. Those that are to go are the sweep's.
func (a *Actions) missing(ctx context.Context, site Site, target Target, there []SiteUser) error {
	var failures []error
	for _, state := range []AdminState{AdminInUse, AdminStray} {
		kept, err := a.Store.AdminList(ctx, AdminFilter{Target: target.ID, State: state}, sweepBatch)
		if err != nil {
			return errors.Join(append(failures, err)...)
		}
		for _, t := range kept {
			seen := slices.ContainsFunc(there, func(user SiteUser) bool { return user.Login == t.Login })
			if seen {
				continue
			}
			// It may have been made since the target was asked, or have another name there.
			_, there, err := a.lookFor(ctx, site, t)
			if err == nil && !there {
				err = a.vanished(ctx, t)
			}
			failures = append(failures, err)
		}
	}
	return errors.Join(failures...)
}

// vanished ends the record of one that somebody deleted on its target.
func (a *Actions) vanished(ctx context.Context, seen TempAdmin) error {
	x, err := a.around(ctx, seen)
	if err != nil {
		return err
	}
	return a.Store.Tx(ctx, func(tx Tx) error {
		t, found, err := tx.Admin(ctx, seen.ID)
		if err != nil || !found || t.State != seen.State {
			return err
		}
		now := Instant(a.Now())
		over := adminOver{end: AdminByHand, by: clockActor}
		if _, err := a.refuseAll(ctx, tx, x, over, now); err != nil {
			return err
		}
		t.End, t.EndedBy, t.EndingAt = over.end, over.by, now
		return a.gone(ctx, tx, t, x, "somebody deleted it there", now)
	})
}
