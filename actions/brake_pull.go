package actions

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Why a brake is pulled.
var (
	tooManyLooks = fmt.Sprintf("They looked at more than %d different customers within an hour.", lookBrake)
	tooManyActs  = fmt.Sprintf("They asked for more than %d changes within an hour.", writeBrake)
)

// errStopped is what somebody reads who was stopped.
var errStopped = &Error{
	Code: Forbidden,
	Sentence: "You did unusually much within an hour, so Latchkey stopped you, and nothing was done. " +
		"The leads were told; please ask one of them to release you.",
}

// stoppedNow fails with errStopped for who was stopped, in the transaction of
// what they ask for.
func stoppedNow(ctx context.Context, tx Tx, actor string) error {
	if atTerminal(actor) {
		return nil // who sits there can do everything anyway
	}
	brake, found, err := tx.Brake(ctx, actor)
	if err == nil && found && brake.ReleasedAt.IsZero() {
		return errStopped
	}
	return err
}

// Unbraked refuses who was stopped, and returns the ticket that the call works
// on: its own or the one remembered.
func (a *Actions) Unbraked(ctx context.Context, call Call, act Act) (ticket string, err error) {
	err = a.Store.Tx(ctx, func(tx Tx) (err error) {
		if err := stoppedNow(ctx, tx, call.Actor.ID); err != nil {
			return err
		}
		ticket, err = call.ticket(ctx, tx, Instant(a.Now()))
		return err
	})
	if errors.Is(err, errStopped) {
		_ = a.Refuse(ctx, call, act) // is counted; the answer says why
	}
	return ticket, err
}

// since is from when on what an actor did counts: an hour ago, or since they
// were released.
func (a *Actions) since(ctx context.Context, tx Tx, actor string) (time.Time, error) {
	since := Instant(a.Now()).Add(-brakeHour)
	brake, found, err := tx.Brake(ctx, actor)
	if found && brake.ReleasedAt.After(since) {
		since = brake.ReleasedAt
	}
	return since, err
}

// notTooManyLooks fails with errTooMuch when the look at hand is one too many.
func (a *Actions) notTooManyLooks(ctx context.Context, tx Tx, actor string) error {
	if atTerminal(actor) {
		return nil
	}
	since, err := a.since(ctx, tx, actor)
	if err != nil {
		return err
	}
	looked, err := tx.LookedAt(ctx, actor, since)
	if err == nil && looked > lookBrake {
		return errTooMuch
	}
	return err
}

// notTooMuch fails with errTooMuch when the operation at hand is one too many.
func (a *Actions) notTooMuch(ctx context.Context, tx Tx, op Operation) error {
	if atTerminal(op.Actor) {
		return nil
	}
	if err := stoppedNow(ctx, tx, op.Actor); err != nil {
		return err
	}
	since, err := a.since(ctx, tx, op.Actor)
	if err != nil {
		return err
	}
	acts, err := tx.WritingActs(ctx, op.Actor, since)
	if err == nil && acts > writeBrake {
		return errTooMuch
	}
	return err
}

// pullBrake stops an actor, tells the leads and records it, with what they asked
// for. Its error is for the actor.
func (a *Actions) pullBrake(ctx context.Context, call Call, act Act, subject, why string) error {
	leads, err := a.leadsBut(ctx, call.Actor.ID)
	if err != nil { // they are stopped all the same
		a.Log.WarnContext(ctx, "the leads can't be told that somebody was stopped", "actor", call.Actor.ID, "error", err)
	}
	now := Instant(a.Now())
	err = a.Store.Tx(ctx, func(tx Tx) error {
		if fresh, err := tx.Claim(ctx, call.Key, now); err != nil || !fresh {
			return err
		}
		if err := tx.PullBrake(ctx, Brake{Actor: call.Actor.ID, Why: why, At: now}); err != nil {
			return err
		}
		for _, lead := range leads {
			if err := a.Enqueue(ctx, tx, OutgoingBrake, lead, call.Actor.ID); err != nil {
				return err
			}
		}
		return tx.Audit(ctx, AuditEntry{
			At: now, Act: ActBraked, Actor: call.Actor.ID, Subject: subject, Outcome: ActRefused, Ticket: call.Ticket,
			Detail: why + " They were stopped when they asked for: " + strings.ReplaceAll(string(act), "_", " ") + ".",
		})
	})
	return firstOf(err, errStopped)
}

// leadsBut are the leads and admins, those on duty first, without one of them.
func (a *Actions) leadsBut(ctx context.Context, but string) ([]string, error) {
	if a.Staff == nil {
		return nil, nil
	}
	onDuty, others, err := a.Staff.Leads(ctx)
	leads := slices.Concat(onDuty, others)
	return slices.DeleteFunc(leads, func(lead string) bool { return lead == but }), err
}

// ReleaseBrake lets somebody go on who was stopped. Nobody releases themselves.
//
// Errors: Forbidden for who may not, Invalid without a reason, Conflict when
// nobody is stopped by that ID or for a request that was answered before,
// Unavailable when the database doesn't answer.
func (a *Actions) ReleaseBrake(ctx context.Context, call Call, actor, reason string) (Brake, error) {
	reason = strings.TrimSpace(reason)
	switch {
	case !May(call.Actor.Roles, ActReleaseBrake):
		return Brake{}, a.Refuse(ctx, call, ActReleaseBrake)
	case reason == "":
		return Brake{}, Errorf(Invalid, "Please say why; it stands in the audit.")
	case actor == call.Actor.ID:
		_, err := a.Unbraked(ctx, call, ActReleaseBrake)
		return Brake{}, cmp.Or[error](err, Errorf(Conflict, "Nobody releases themselves. Please ask another lead."))
	}
	if err := CheckReason(reason); err != nil {
		return Brake{}, err
	}
	leads, err := a.leadsBut(ctx, "")
	if err != nil {
		return Brake{}, err
	}
	now := Instant(a.Now())
	err = a.Store.Tx(ctx, func(tx Tx) error {
		entry := AuditEntry{At: now, Act: ActReleaseBrake, Outcome: ActDone, Reason: reason, Detail: "released <@" + actor + ">"}
		if err := a.record(ctx, tx, call, entry); err != nil {
			return err
		}
		released, err := tx.ReleaseBrake(ctx, Brake{Actor: actor, ReleasedAt: now, ReleasedBy: call.Actor.ID})
		switch {
		case err != nil:
			return err
		case !released:
			return Errorf(Conflict, "<@%s> isn't stopped any more, so there was nothing to release.", actor)
		}
		for _, lead := range leads {
			if err := a.Enqueue(ctx, tx, OutgoingBrake, lead, actor); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Brake{}, err
	}
	return a.BrakeReport(ctx, actor)
}

// BrakeReport returns the newest brake of an actor, for its card. Errors:
// NotFound, Unavailable.
func (a *Actions) BrakeReport(ctx context.Context, actor string) (Brake, error) {
	var brake Brake
	err := a.Store.Tx(ctx, func(tx Tx) error {
		newest, found, err := tx.Brake(ctx, actor)
		if err == nil && !found {
			err = Errorf(NotFound, "<@%s> was never stopped.", actor)
		}
		brake = newest
		return err
	})
	return brake, err
}
