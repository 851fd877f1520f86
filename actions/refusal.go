package actions

import (
	"context"
	"fmt"
	"time"
)

// RefusalHour counts an actor's refusals in the hour from Since on.
type RefusalHour struct {
	Actor string
	Since time.Time
	Count int
}

// over reports whether the hour had ended at the moment at.
func (h RefusalHour) over(at time.Time) bool { return !h.Since.Add(time.Hour).After(at) }

// Refuse records that a call was refused and returns the error for the actor.
// An actor's first refusal in an hour is a row of the audit; the others are
// counted, and their count is a row when the hour is over. What was asked is
// not written down: whoever has no role leaves no text behind.
func (a *Actions) Refuse(ctx context.Context, call Call, act Act) error {
	recorded := make(chan error, 1) // buffered: nobody may be left to read it
	go func() { recorded <- a.recordRefusal(ctx, call, act) }()
	limit := time.NewTimer(refusalLimit)
	defer limit.Stop()
	var err error
	select {
	case err = <-recorded:
	case <-limit.C:
		err = Errorf(Unavailable, "the database took too long")
	}
	if err != nil {
		a.Log.ErrorContext(ctx, "a refusal could not be recorded", "actor", call.Actor.ID, "act", act, "error", err)
	}
	if rule, _ := RuleFor(act); call.Actor.Roles.Has(RoleAgent) && !rule.Allows(call.Actor.Roles) {
		return errBeyond(act)
	}
	return ErrRefused()
}

// errBeyond is what somebody reads who has a role, and it isn't enough: who may
// do it instead. Whoever has none never learns that much.
func errBeyond(act Act) *Error {
	rule, _ := RuleFor(act)
	who := "nobody"
	switch {
	case rule.Allows(Roles(RoleL2)) && rule.Allows(Roles(RoleLead)):
		who = "L2 or a lead"
	case rule.Allows(Roles(RoleL2)):
		who = "L2"
	case rule.Allows(Roles(RoleLead)):
		who = "a lead"
	case rule.Allows(Roles(RoleAdmin)):
		who = "an admin"
	}
	return Errorf(Forbidden, "That takes %s, so nothing was done. Please pass it on, with the ticket at hand.", who)
}

// refusalLimit is how long somebody who is refused waits for the record: they
// read the same sentence whatever becomes of it, and in the same time as
// everybody.
const refusalLimit = time.Second

// recordLimit is how long the record of a refusal may take.
const recordLimit = 30 * time.Second

// recordRefusal goes on when nobody waits for it any more.
func (a *Actions) recordRefusal(ctx context.Context, call Call, act Act) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordLimit)
	defer cancel()
	at := Instant(a.Now())
	return a.Store.Tx(ctx, func(tx Tx) error {
		fresh, err := tx.Claim(ctx, call.Key, at)
		if err != nil || !fresh {
			return err
		}
		hour, err := tx.CountRefusal(ctx, call.Actor.ID, at)
		if err != nil {
			return err
		}
		if hour.Count > 1 && !hour.over(at) {
			return nil
		}
		if hour.Count > 1 {
			hour.Count-- // the one at hand belongs to the next hour
			if err := a.closeRefusals(ctx, tx, hour); err != nil {
				return err
			}
			if err := tx.RestartRefusals(ctx, call.Actor.ID, at); err != nil {
				return err
			}
		}
		return tx.Audit(ctx, AuditEntry{At: at, Act: act, Actor: call.Actor.ID, Outcome: ActRefused})
	})
}

// CloseRefusals records the count of refusals for every actor whose hour is
// over. It is a job of the cron table, safe to run anywhere at any time.
func (a *Actions) CloseRefusals(ctx context.Context) error {
	at := Instant(a.Now())
	return a.Store.Tx(ctx, func(tx Tx) error {
		hours, err := tx.TakeRefusals(ctx, at.Add(-time.Hour))
		if err != nil {
			return err
		}
		for _, hour := range hours {
			if err := a.closeRefusals(ctx, tx, hour); err != nil {
				return err
			}
		}
		return nil
	})
}

// closeRefusals writes the row that counts the refusals after the first one.
func (a *Actions) closeRefusals(ctx context.Context, tx Tx, hour RefusalHour) error {
	if hour.Count < 2 {
		return nil
	}
	return tx.Audit(ctx, AuditEntry{
		At: Instant(a.Now()), Act: ActRefusals, Actor: hour.Actor, Outcome: ActRefused,
		Detail: fmt.Sprintf("%d more refused in the hour from %s", hour.Count-1, hour.Since.Format(time.RFC3339)),
	})
}
