package actions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// CheckWatches ends each watch whose customer tried since it began, or whose
// time is over, and sends word to who watches. It is a job of the cron table,
// and runs after records came in. It is safe to run anywhere at any time: each
// watch is ended once, with its message, by whoever is first. With no open
// watch it is one query, and two as long as nobody who is waited for tries.
//
// What hinders one watch doesn't hinder the others; the errors come joined.
func (a *Actions) CheckWatches(ctx context.Context) error {
	open, err := a.Store.Watches(ctx)
	if err != nil {
		return err
	}
	due, err := a.dueWatches(ctx, open)
	var failures []error
	if err != nil {
		failures = append(failures, fmt.Errorf("asking which customers tried: %w", err))
	}
	for _, w := range due {
		if err := a.checkWatch(ctx, w); err != nil {
			failures = append(failures, fmt.Errorf("checking the watch %s: %w", w.ID, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(failures...)
}

// dueWatches returns those watches that may have to end: their time is over, or
// their customer seems to have tried. With an error it returns the former.
func (a *Actions) dueWatches(ctx context.Context, open []Watch) ([]Watch, error) {
	now := Instant(a.Now())
	since := map[string]time.Time{}
	for _, w := range open {
		begun, several := since[w.UserID]
		if !w.over(now) && (!several || w.StartedAt.Before(begun)) {
			since[w.UserID] = w.StartedAt
		}
	}
	var tried map[string]bool
	var err error
	if len(since) > 0 {
		tried, err = a.Directory.Tried(ctx, since, now)
	}
	return slices.DeleteFunc(open, func(w Watch) bool { return !w.over(now) && !tried[w.UserID] }), err
}

// over reports whether the time of a watch is over.
func (w Watch) over(now time.Time) bool { return now.After(w.Until) }

// checkWatch ends a watch when something is to be told.
func (a *Actions) checkWatch(ctx context.Context, w Watch) error {
	now := Instant(a.Now())
	until := now
	if w.over(now) {
		until = w.Until
	}
	attempts, err := a.Directory.AttemptsSince(ctx, w.UserID, w.StartedAt, until)
	if err != nil {
		return err
	}
	if w = w.after(attempts, now); w.State == Watching {
		return nil
	}
	return a.Store.Tx(ctx, func(tx Tx) error {
		ended, err := tx.EndWatch(ctx, w)
		if err != nil || !ended {
			return err
		}
		return a.Enqueue(ctx, tx, OutgoingWatchEnded, w.Actor, w.ID)
	})
}

// after returns the watch as it is at the moment now, given what the customer
// tried since it began, newest first: in with the first success, otherwise
// failed with the newest failure, otherwise over when its time is. It is a
// pure function.
func (w Watch) after(attempts []Attempt, now time.Time) Watch {
	for _, attempt := range slices.Backward(attempts) {
		if !attempt.Failed() {
			return w.ended(WatchIn, attempt, now)
		}
	}
	switch {
	case len(attempts) > 0:
		return w.ended(WatchFailed, attempts[0], now)
	case w.over(now):
		return w.ended(WatchExpired, Attempt{}, now)
	}
	return w
}

// ended is the watch ended by an attempt, or by none.
func (w Watch) ended(state WatchState, by Attempt, now time.Time) Watch {
	w.State, w.EndedAt, w.AttemptAt, w.Outcome = state, now, by.At, by.Outcome
	return w
}

// endOverdue ends the actor's watch of a customer whose time is over and that
// nobody has checked since, so that a new one can begin.
func (a *Actions) endOverdue(ctx context.Context, actor, userID string) error {
	open, err := a.Store.WatchesOf(ctx, actor)
	if err != nil {
		return err
	}
	for _, w := range open {
		if w.UserID == userID && w.over(Instant(a.Now())) {
			return a.checkWatch(ctx, w)
		}
	}
	return nil
}
