package actions

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// The bounds of a sweep.
const (
	sweepBatch   = 2000 // temporary admins
	sweepWorkers = 64   // of which something is done at once, over all targets
	// sweepTime is how long a sweep begins something on a target: of a slow one the rest
	// waits for the next sweep, and others don't wait for it.
	sweepTime = 20 * time.Second
)

// SweepAdmins does all that is due of temporary admins: it ends those whose time is
// over, deletes what is to go and looks that it is gone, tries again what failed,
// reminds owners, and customers. It is a job of the cron table, safe to run anywhere
// at any time: who leases one first is about it. At most [SiteCalls] are deleted at
// once on each target, wherever that runs. What hinders one doesn't hinder the others: what a
// target fails to do is no error, but stands on its temporary admin.
func (a *Actions) SweepAdmins(ctx context.Context) error {
	due, err := a.Store.AdminsDue(ctx, Instant(a.Now()), sweepBatch)
	if err != nil {
		return fmt.Errorf("looking for temporary admins of which something is due: %w", err)
	}
	targets := map[string][]TempAdmin{}
	for _, t := range due {
		targets[t.Target] = append(targets[t.Target], t)
	}
	s := &adminSweep{Actions: a, places: make(chan struct{}, sweepWorkers)}
	var working sync.WaitGroup
	for _, all := range targets {
		of := s.target(all)
		for range min(SiteCalls, len(all)) {
			working.Go(func() { of.work(ctx) })
		}
	}
	working.Wait()
	return errors.Join(s.failures...)
}

// adminSweep is one run of [Actions.SweepAdmins].
type adminSweep struct {
	*Actions
	places   chan struct{} // one for each that something is done of
	mu       sync.Mutex
	failures []error
}

// failed notes what hindered a temporary admin, besides its target.
func (s *adminSweep) failed(t TempAdmin, err error) {
	if err == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = append(s.failures, fmt.Errorf("the temporary admin %s: %w", t.ID, err))
}

// targetSweep is what is due on one target.
type targetSweep struct {
	*adminSweep
	due   chan TempAdmin // those that nobody took yet
	begun time.Time
	away  targetAway
}

// target is what is due on one target, in that order.
func (s *adminSweep) target(due []TempAdmin) *targetSweep {
	of := &targetSweep{adminSweep: s, due: make(chan TempAdmin, len(due)), begun: time.Now()}
	for _, t := range due {
		of.due <- t
	}
	close(of.due)
	return of
}

// work does what is due on the target, one after the other, until there is no more, or
// no time, or others delete as many there as may be: the rest is theirs, or the next
// sweep's.
func (s *targetSweep) work(ctx context.Context) {
	for t := range s.due {
		if ctx.Err() != nil || time.Since(s.begun) > sweepTime {
			return
		}
		err := s.guarded(ctx, t)
		if errors.Is(err, errTargetFull) {
			return
		}
		s.failed(t, err)
	}
}

// guarded does what is due of one, in its place. A defect that one meets doesn't end the
// others' sweep.
func (s *targetSweep) guarded(ctx context.Context, t TempAdmin) (err error) {
	s.places <- struct{}{}
	defer func() { <-s.places }()
	defer recovered(&err)
	return s.sweepAdmin(ctx, t, &s.away)
}

// recovered makes an error of a panic.
func recovered(err *error) {
	if defect := recover(); defect != nil {
		*err = fmt.Errorf("a defect: %v\n%s", defect, debug.Stack())
	}
}

// sweepAdmin does what is due of a temporary admin.
func (a *Actions) sweepAdmin(ctx context.Context, t TempAdmin, away *targetAway) error {
	switch taskOf(t, Instant(a.Now())) {
	case taskTellDay, taskTellHour, taskAsk, taskNone:
		return a.goOn(ctx, t.ID)
	case taskExpire:
		deletes, err := a.endOne(ctx, t, adminOver{end: AdminExpired, by: clockActor, act: ActAdminEnded})
		if err != nil || !deletes {
			return err
		}
	case taskDelete:
	}
	return a.deleteAdmin(ctx, t.ID, away)
}

// goOn tells what is to be told of a temporary admin, once, asks the customer, and works
// out the next moment: all of it in the transaction that holds it.
func (a *Actions) goOn(ctx context.Context, id string) error {
	return a.Store.Tx(ctx, func(tx Tx) error {
		now := Instant(a.Now())
		t, found, err := tx.Admin(ctx, id)
		if err != nil || !found || t.Due.IsZero() || t.Due.After(now) {
			return err // somebody was faster
		}
		var news AdminNews
		switch taskOf(t, now) {
		case taskTellDay:
			t.Told, news = t.Told|ToldDay, NewsDay
		case taskTellHour:
			t.Told, news = t.Told|ToldHour, NewsHour
		case taskAsk:
			if err := a.remindCustomer(ctx, tx, &t); err != nil {
				return err
			}
			return tx.PutAdmin(ctx, t)
		case taskExpire, taskDelete:
			return nil // for the next sweep: it changed at this moment
		case taskNone:
		}
		t.Due = nextDue(t)
		if err := tx.PutAdmin(ctx, t); err != nil || news == "" {
			return err
		}
		return a.tellAdmin(ctx, tx, t, news, t.people()...)
	})
}
