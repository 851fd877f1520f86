package actions

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// The times of a deletion: a lease is longer than all its calls together.
const (
	adminLease  = 30 * time.Second
	deleteLimit = 28 * time.Second
	// makingWait is how long a deletion waits for the operation that makes what is to be
	// deleted, before it looks whether that has ended.
	makingWait = time.Minute
)

// deleteSoon deletes a temporary admin that was just ended, and waits a moment for that.
// It goes on when nobody waits any more; what it doesn't get done, the sweep does.
func (a *Actions) deleteSoon(ctx context.Context, id string) {
	done := make(chan struct{})
	going := context.WithoutCancel(ctx)
	go func() {
		defer close(done)
		if err := a.deleteGuarded(going, id); err != nil {
			a.Log.WarnContext(going, "a temporary admin wasn't deleted at once, and is later", "admin", id, "error", err)
		}
	}()
	limit := time.NewTimer(revokeWait)
	defer limit.Stop()
	select {
	case <-done:
	case <-limit.C:
	case <-ctx.Done():
	}
}

func (a *Actions) deleteGuarded(ctx context.Context, id string) (err error) {
	defer recovered(&err)
	err = a.deleteAdmin(ctx, id, new(targetAway))
	if errors.Is(err, errTargetFull) {
		return nil // the sweep's
	}
	return err
}

// errTargetFull is why one isn't deleted now: [SiteCalls] others of its target are, by
// whatever processes. It is still due.
var errTargetFull = errors.New("as many as may be are being deleted on its target")

// deleteAdmin deletes a temporary admin that is to go, under a lease, and looks that it
// is gone (RULES S3.5). What came of it is stored; what the target fails to do is no
// error. away is why the target isn't even asked, and learns of it. Errors: also
// errTargetFull.
func (a *Actions) deleteAdmin(ctx context.Context, id string, away *targetAway) error {
	seen, found, err := a.Store.AdminByID(ctx, id)
	if err != nil || !found {
		return err
	}
	leave, err := a.deletions.enter(ctx, seen.Target)
	if err != nil {
		return err
	}
	defer leave()
	t, leased, err := a.leaseAdmin(ctx, seen)
	if err != nil || !leased {
		return err
	}
	target, err := a.targetOf(ctx, t)
	if err != nil {
		return err
	}
	failed := away.now()
	if failed == nil {
		failed = a.deleteAt(ctx, target, t)
		away.learn(failed)
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err() // nothing is said about the target: the lease runs out
	case failed != nil:
		return a.undeleted(ctx, t, target, failed.error)
	}
	return a.deleted(ctx, t, target)
}

// leaseAdmin takes one that is to be deleted now; leased is false when there is nothing
// to do, or somebody is about it. While the operation runs that makes it, nothing is
// touched. Of one target no more than [SiteCalls] are leased at once, by whatever
// processes: who leases one has its target locked, and counts. Errors: also
// errTargetFull.
func (a *Actions) leaseAdmin(ctx context.Context, seen TempAdmin) (t TempAdmin, leased bool, err error) {
	x := adminAround{admin: seen}
	if err := a.aroundOperations(ctx, &x); err != nil {
		return t, false, err
	}
	full := false
	err = a.Store.Tx(ctx, func(tx Tx) error {
		now := Instant(a.Now())
		full = false
		others, err := tx.AdminsLeased(ctx, seen.Target, now)
		if err != nil {
			return err
		}
		var found bool
		t, found, err = tx.Admin(ctx, seen.ID)
		leased = err == nil && found && taskOf(t, now) == taskDelete && !t.LeasedUntil.After(now)
		switch {
		case !leased:
			return err
		case x.running:
			leased, t.Due = false, now.Add(makingWait)
		case others >= SiteCalls:
			leased, full = false, true
			return nil
		default:
			t.Lease, t.LeasedUntil = rand.Text(), now.Add(adminLease)
		}
		return tx.PutAdmin(ctx, t)
	})
	if err == nil && full {
		err = errTargetFull
	}
	return t, leased && err == nil, err
}

// deleteError is why a target still has a temporary admin, or may.
type deleteError struct {
	error
	// all: it would happen with every other user of the target now.
	all bool
}

// deleteAt deletes a temporary admin at its target, and looks that it is gone; nil when
// it is.
func (a *Actions) deleteAt(ctx context.Context, target Target, t TempAdmin) *deleteError {
	ctx, cancel := context.WithTimeout(ctx, deleteLimit)
	defer cancel()
	if target.ID == "" {
		return &deleteError{error: Errorf(Unavailable, "Its target isn't on record any more. Please delete the user %s there by hand.", t.shownLogin())}
	}
	site, err := a.site(ctx, target)
	if err != nil {
		return &deleteError{error: err}
	}
	began := time.Now()
	user, there, err := a.lookFor(ctx, site, t)
	if err != nil {
		turned := errors.Is(err, ErrTurnedAway) && !errors.As(err, new(notAskedError))
		return &deleteError{error: err, all: turned || time.Since(began) >= SiteLimit/2}
	}
	if there {
		if failed := a.deleteThere(ctx, site, target, t, user); failed != nil {
			return failed
		}
	}
	a.at(stepAdminLooked)
	return nil
}

// lookFor looks whether a target shows a temporary admin. Its ID there may be that of
// another by now, who is on record as such: that one isn't it.
func (a *Actions) lookFor(ctx context.Context, site Site, t TempAdmin) (user SiteUser, there bool, err error) {
	user, there, err = site.Look(ctx, t.Login, t.RemoteID)
	if err != nil || !there || strings.EqualFold(user.Login, t.Login) {
		return user, there, err
	}
	other, known, err := a.Store.AdminAt(ctx, t.Target, user.Login)
	return user, !known || other.ID == t.ID, err
}

// deleteThere deletes a user that its target shows. Whatever that answers, what it shows
// then counts: a yes is no proof, and an answer that got lost is no failure.
func (a *Actions) deleteThere(ctx context.Context, site Site, target Target, t TempAdmin, user SiteUser) *deleteError {
	if !IsAdminLogin(user.Login) {
		return &deleteError{error: Errorf(Unavailable, "%s shows a user that isn't a temporary admin where %s was, so nothing was deleted. Please look there.", target.Name, t.shownLogin())}
	}
	refused := site.Delete(ctx, user.Login)
	switch {
	case errors.Is(refused, ErrTurnedAway):
		return &deleteError{error: refused, all: Later(refused) > 0}
	case refused == nil:
		a.at(stepAdminDeleted)
	}
	_, there, err := a.lookFor(ctx, site, t)
	if err == nil && !there {
		return nil
	}
	lies := Errorf(Unavailable, "%s said yes, and still shows the user %s. Please delete it there by hand, and see what keeps it or brings it back.", target.Name, shownLogin(user.Login))
	return &deleteError{error: cmp.Or[error](refused, err, lies)}
}

// targetAway is why a target can't be asked at all for a while, as who asked it found out:
// those who come next needn't wait for the same answer. The zero value is ready.
type targetAway struct {
	mu  sync.Mutex
	why *deleteError
}

func (s *targetAway) now() *deleteError {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.why
}

func (s *targetAway) learn(failed *deleteError) {
	if failed == nil || !failed.all {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.why = failed
}

// underLease changes a temporary admin that is being deleted under our lease, which ends
// with that; changed is false when it isn't ours any more.
func (a *Actions) underLease(ctx context.Context, mine TempAdmin, change func(tx Tx, t TempAdmin, now time.Time) error) (changed bool, err error) {
	err = a.Store.Tx(ctx, func(tx Tx) error {
		t, found, err := tx.Admin(ctx, mine.ID)
		changed = err == nil && found && t.Lease == mine.Lease && t.deletable()
		if !changed {
			return err
		}
		t.Lease, t.LeasedUntil = "", time.Time{}
		return change(tx, t, Instant(a.Now()))
	})
	return changed && err == nil, err
}

// deleted stores that a target hasn't a temporary admin, which is gone then, unless what
// made it may still bring it there.
func (a *Actions) deleted(ctx context.Context, mine TempAdmin, target Target) error {
	x, err := a.around(ctx, mine)
	if err != nil {
		return err
	}
	gone := false
	changed, err := a.underLease(ctx, mine, func(tx Tx, t TempAdmin, now time.Time) error {
		if gone = !now.Before(t.UnsureUntil); gone {
			return a.gone(ctx, tx, t, x, "it is gone", now)
		}
		t.Due, t.Trouble, t.TroubleSince = t.UnsureUntil, "", time.Time{}
		if err := tx.PutAdmin(ctx, t); err != nil {
			return err
		}
		return a.showAdmin(ctx, tx, t, x.leads...)
	})
	if err == nil && changed && gone {
		a.at(stepAdminGone)
	}
	return err
}

// gone ends the record of a temporary admin that its target hasn't any more, with what
// may be left of its password, tells its people, and records it, in the words of what.
func (a *Actions) gone(ctx context.Context, tx Tx, t TempAdmin, x adminAround, what string, now time.Time) error {
	t.State, t.EndedAt, t.Due, t.Trouble, t.TroubleSince = AdminGone, now, time.Time{}, "", time.Time{}
	if err := a.dropAdminPassword(ctx, tx, t); err != nil {
		return err
	}
	if err := tx.PutAdmin(ctx, t); err != nil {
		return err
	}
	if err := a.showAdmin(ctx, tx, t, x.leads...); err != nil {
		return err
	}
	if err := a.tellAdmin(ctx, tx, t, NewsGone, t.awaitGone()...); err != nil {
		return err
	}
	return tx.Audit(ctx, t.entry(x.target, now, ActAdminGone, clockActor, what))
}

// undeleted stores that a deletion failed, when it is tried again, and whom that is told
// now: the owner after an hour, the leads after four.
func (a *Actions) undeleted(ctx context.Context, mine TempAdmin, target Target, failed error) error {
	a.Log.WarnContext(ctx, "a temporary admin couldn't be deleted", "admin", mine.ID, "target", mine.Target, "tries", mine.Tries+1, "error", failed)
	leads := a.leadsOfTrouble(ctx, mine)
	_, err := a.underLease(ctx, mine, func(tx Tx, t TempAdmin, now time.Time) error {
		said := troubleOf(target, failed)
		changed := said != t.Trouble
		t.Tries, t.Trouble = t.Tries+1, said
		t.Due = now.Add(backOff(t.Tries, Later(failed)))
		if t.TroubleSince.IsZero() {
			t.TroubleSince = now
		}
		tell := troubleToTell(t, now)
		if len(leads) == 0 {
			tell &^= ToldLeads // at the next try
		}
		t.Told |= tell
		if err := tx.PutAdmin(ctx, t); err != nil {
			return err
		}
		if changed || tell != 0 {
			if err := a.showAdmin(ctx, tx, t, leads...); err != nil {
				return err
			}
		}
		if !tell.Has(ToldTrouble) {
			return nil
		}
		return a.tellAdmin(ctx, tx, t, NewsTrouble, t.owner()...)
	})
	return err
}

// leadsOfTrouble is where the leads are told of one that can't be deleted, nowhere while
// they needn't be. That they can't be found out keeps nobody else from hearing.
func (a *Actions) leadsOfTrouble(ctx context.Context, t TempAdmin) []string {
	if !t.Told.leads() && !troubleToTell(t, Instant(a.Now())).Has(ToldLeads) {
		return nil
	}
	leads, err := a.toLeads(ctx)
	if err != nil {
		a.Log.WarnContext(ctx, "the leads can't be told of a temporary admin", "admin", t.ID, "error", err)
		return nil
	}
	return leads
}

// troubleOf is what people read of a deletion that failed: what happened, and what to do.
func troubleOf(target Target, failed error) string {
	if ours := new(Error); errors.As(failed, &ours) && ours.Code != Internal {
		return ours.Sentence
	}
	return fmt.Sprintf("%s answered with something that makes no sense. Latchkey tries again by itself; if it stays like this, please delete the user by hand.",
		cmp.Or(target.Name, "The target"))
}
