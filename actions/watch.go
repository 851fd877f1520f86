package actions

import (
	"context"
	"crypto/rand"
	"time"
)

// WatchState says what became of a watch.
type WatchState string

// The states of a watch; all but Watching are final.
const (
	Watching     WatchState = "watching"
	WatchIn      WatchState = "in"      // they got in
	WatchFailed  WatchState = "failed"  // they tried and failed
	WatchExpired WatchState = "expired" // they didn't try in time
)

// Judgement is what an agent says about a diagnosis afterwards.
type Judgement string

// The judgements; "" is none yet.
const (
	JudgedRight Judgement = "right"
	JudgedWrong Judgement = "wrong"
)

// Watch is somebody waiting to be told when a customer gets in.
type Watch struct {
	ID     string
	UserID string // of the customer
	Actor  string // who is told
	Ticket string
	// Cause and Grade are of the decisive finding when the watch began; "" when
	// there was none.
	Cause     Cause
	Grade     Grade
	StartedAt time.Time
	Until     time.Time
	State     WatchState
	EndedAt   time.Time // zero while watching
	AttemptAt time.Time // of the attempt that ended it; zero without one
	Outcome   Outcome   // of that attempt
	Judgement Judgement
	JudgedAt  time.Time // zero before
}

// WatchReport is a watch as an agent sees it.
type WatchReport struct {
	Watch   Watch
	Person  Person // masked; only the ID when the customer is gone
	Already bool   // it was being watched already
}

// WatchTx is what the use cases need to keep watches.
type WatchTx interface {
	// WatchesOf returns the actor's watches that haven't ended, newest first.
	WatchesOf(ctx context.Context, actor string) ([]Watch, error)
	// StartWatch stores a new watch. An actor watches a customer once at a time.
	StartWatch(ctx context.Context, w Watch) error
	// EndWatch stores State, EndedAt, AttemptAt and Outcome of a watch that
	// hasn't ended; ended is false when somebody else has ended it.
	EndWatch(ctx context.Context, w Watch) (ended bool, err error)
	// JudgeWatch stores Judgement and JudgedAt. It fails with NotFound when the
	// watch isn't there any more.
	JudgeWatch(ctx context.Context, w Watch) error
}

const (
	// watchTime is how long a watch lasts.
	watchTime = 30 * time.Minute
	// watchLimit is how many watches an agent may have open.
	watchLimit = 20
)

// Watch begins to watch a customer's next attempts for 30 minutes, so that the
// agent is told in their DM when the customer gets in, or what fails now. Who
// is watching the customer already keeps that watch. It is a row of the audit.
//
// Errors: Forbidden for who may not, NotFound when the customer is gone,
// Conflict for a request that was answered before and for more than 20 open
// watches, Unavailable when the directory or the database doesn't answer.
func (a *Actions) Watch(ctx context.Context, call Call, userID string) (WatchReport, error) {
	snapshot, err := a.see(ctx, call, ActWatch, Query{UserID: userID})
	if err != nil {
		return WatchReport{}, err
	}
	if err := a.endOverdue(ctx, call.Actor.ID, userID); err != nil {
		return WatchReport{}, err
	}
	return a.startWatch(ctx, call, a.newWatch(call, snapshot), snapshot.Users[0])
}

// newWatch is a watch of the one user of a snapshot, from its moment on.
func (a *Actions) newWatch(call Call, snapshot Snapshot) Watch {
	w := Watch{
		ID: rand.Text(), UserID: snapshot.Users[0].ID, Actor: call.Actor.ID, State: Watching,
		StartedAt: snapshot.At, Until: snapshot.At.Add(watchTime),
	}
	if findings := Judge(snapshot, a.Rules, a.Directory.Abilities()).Findings; len(findings) > 0 {
		w.Cause, w.Grade = findings[0].Cause, findings[0].Grade
	}
	return w
}

// startWatch stores a watch, unless there is one already. The audit's chain
// has one end, which recording takes: what an actor does at once is done one
// after the other from there on.
func (a *Actions) startWatch(ctx context.Context, call Call, w Watch, user User) (WatchReport, error) {
	report := WatchReport{Person: NewMasker("").person(user)}
	entry := AuditEntry{At: w.StartedAt, Act: ActWatch, Outcome: ActDone, Subject: w.UserID}
	err := a.Store.Tx(ctx, func(tx Tx) error {
		ticket, err := a.RecordUnder(ctx, tx, call, entry)
		if err != nil {
			return err
		}
		open, err := tx.WatchesOf(ctx, w.Actor)
		if err != nil {
			return err
		}
		for _, running := range open {
			if running.UserID == w.UserID {
				report.Watch, report.Already = running, true
				return nil
			}
		}
		if len(open) >= watchLimit {
			return Errorf(Conflict, "You are waiting for %d customers already, and no more are watched at once. Please try again when one of them is in, or in %.0f minutes.",
				watchLimit, watchTime.Minutes())
		}
		report.Watch, report.Already = w, false
		report.Watch.Ticket = ticket
		if err := tx.StartWatch(ctx, report.Watch); err != nil {
			return err
		}
		return a.redrawHome(ctx, tx, w.Actor)
	})
	return report, err
}
