package escalation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// change is an act of a person on a case.
type change struct {
	act    actions.Act
	reason string // for the audit, where the policy asks for one
	detail string // for the audit, behind what the case is
	// do changes the case, which allows the act, and returns what happened. Nothing
	// happened for a sign of life, which nobody sees.
	do func(ctx context.Context, tx Tx, c *Case, now time.Time) ([]Event, error)
}

// step names the act in [Steps].
func step(act actions.Act) string { return strings.TrimPrefix(string(act), "case_") }

// errStale is for a case whose state doesn't allow an act, or not any more.
var errStale = errors.New("the state of the case doesn't allow it")

// change does what a person wants of a case, all of it in one transaction, which
// holds the case from the first look to the last write.
func (d *Desk) change(ctx context.Context, call actions.Call, id string, ch change) (Report, error) {
	if err := d.admit(ctx, call, ch.act); err != nil {
		return Report{}, err
	}
	d.at(step(ch.act) + ":begun")
	var found Case
	err := d.Store.Cases(ctx, func(tx Tx) error {
		now := actions.Instant(d.Actions.Now())
		c, err := d.hold(ctx, tx, call, ch.act, id, now)
		found = c
		if err != nil {
			return err
		}
		events, err := ch.do(ctx, tx, &c, now)
		if err != nil {
			return err
		}
		c.heard(call.Actor.ID, now)
		if err := d.keepQuietly(ctx, tx, &c, now, events...); err != nil {
			return err
		}
		return d.record(ctx, tx, call, c, ch.entry(c, now)) // last: it makes all others wait
	})
	switch {
	case errors.Is(err, errStale):
		return Report{}, d.tooLate(ctx, ch.act, found, call.Actor.ID)
	case err != nil:
		return Report{}, err
	}
	d.at(step(ch.act) + ":stored")
	return d.Report(ctx, id)
}

// admit refuses who may not do an act, or was stopped.
func (d *Desk) admit(ctx context.Context, call actions.Call, act actions.Act) error {
	if !actions.May(call.Actor.Roles, act) {
		return d.Actions.Refuse(ctx, call, act)
	}
	_, err := d.Actions.Unbraked(ctx, call, act)
	return err
}

// hold returns a case, locked, for who may do an act with it now. Its errors are those
// of allow.
func (d *Desk) hold(ctx context.Context, tx Tx, call actions.Call, act actions.Act, id string, now time.Time) (Case, error) {
	c, found, err := tx.Case(ctx, id)
	if err != nil {
		return c, err
	}
	all, err := tx.FollowersOf(ctx, id)
	if err != nil {
		return c, err
	}
	return c, allow(c, found, all, call.Actor, act, now)
}

// allowed is hold outside a transaction, for an act that isn't done in one of ours,
// and for forms.
func (d *Desk) allowed(ctx context.Context, call actions.Call, act actions.Act, id string) (Case, error) {
	c, found, err := d.Store.CaseByID(ctx, id)
	if err != nil {
		return c, err
	}
	all, err := d.Store.FollowersOf(ctx, id)
	if err != nil {
		return c, err
	}
	err = allow(c, found, all, call.Actor, act, actions.Instant(d.Actions.Now()))
	if errors.Is(err, errStale) {
		err = d.tooLate(ctx, act, c, call.Actor.ID)
	}
	return c, err
}

// allow is the check of every act and of its form: NotFound without a case, errStale
// when its state doesn't allow the act, and Conflict when something else hinders it.
func allow(c Case, found bool, all []Follower, actor actions.Actor, act actions.Act, now time.Time) error {
	switch {
	case !found:
		return errNoCase()
	case !c.allows(act, actor.ID, now):
		return errStale
	}
	if hindrance := c.hindrance(act, actor, all); hindrance != "" {
		return actions.Errorf(actions.Conflict, "%s", hindrance)
	}
	return nil
}

// heard notes a sign of life of whoever claimed the case: nobody else has to take it
// on. Of others it notes nothing.
func (c *Case) heard(actor string, now time.Time) {
	if c.ClaimedBy == actor && c.State != Resolved {
		c.HeardAt, c.Offered = now, false
	}
}

// entry is the act's row of the audit.
func (ch change) entry(c Case, now time.Time) actions.AuditEntry {
	return actions.AuditEntry{
		At: now, Act: ch.act, Subject: c.UserID, Outcome: actions.ActDone, Reason: ch.reason,
		Detail: "case " + c.Short() + ": " + string(c.Kind) + ch.detail,
	}
}

// record writes the row of the audit under the ticket of the request, or else of
// the case, or else the one remembered for the actor. A request that was answered
// before is a Conflict.
func (d *Desk) record(ctx context.Context, tx Tx, call actions.Call, c Case, entry actions.AuditEntry) error {
	call.About = c.Ticket
	_, err := d.Actions.RecordUnder(ctx, tx, call, entry)
	return err
}

// keep is the end of whatever changes a case: it stores the case with its events, all
// at the moment now, and tells whom that concerns (but for the leads: see
// tellLeads). A case that isn't resolved moves to L2's channel, when that is another
// one now: the card and the details stand there, too, from then on. It returns the
// events as they were numbered. Conflict when the case would be open beside another
// one about the same.
func (d *Desk) keep(ctx context.Context, tx Tx, c *Case, now time.Time, events ...Event) ([]Event, error) {
	kept := slices.Clone(events)
	moves := d.moves(*c)
	if moves {
		c.Channel, c.Unreached = d.Channel, ""
		kept = slices.Insert(kept, 0, Event{Kind: EventReached, To: c.Channel})
	}
	for i := range kept {
		kept[i].At = now
		kept[i] = c.number(kept[i])
	}
	c.ChangedAt = now
	if err := d.save(ctx, tx, c, now); err != nil {
		return nil, err
	}
	for _, e := range kept {
		if err := tx.AddEvent(ctx, e); err != nil {
			return nil, err
		}
	}
	told := kept
	if moves {
		told = slices.Insert(slices.Clone(kept), 0, Event{Case: c.ID, Seq: 1, Kind: EventOpened})
	}
	return kept, d.tell(ctx, tx, *c, told...)
}

// moves reports whether L2's channel is another one than the one in which the case
// stands, and the case isn't over.
func (d *Desk) moves(c Case) bool {
	return d.Channel != "" && c.Channel != d.Channel && c.State != Resolved
}

// keepQuietly is keep for what may have been a sign of life only: then no card
// changes.
func (d *Desk) keepQuietly(ctx context.Context, tx Tx, c *Case, now time.Time, events ...Event) error {
	if len(events) == 0 {
		return d.save(ctx, tx, c, now)
	}
	_, err := d.keep(ctx, tx, c, now, events...)
	return err
}

// number makes an event the case's next one.
func (c *Case) number(e Event) Event {
	c.Events++
	e.Case, e.Seq = c.ID, c.Events
	return e
}

// save stores a case. Conflict when it would be open beside another one about the
// same.
func (d *Desk) save(ctx context.Context, tx Tx, c *Case, now time.Time) error {
	d.reckon(c, now)
	saved, err := tx.SaveCase(ctx, *c)
	if err != nil || saved {
		return err
	}
	newer, found, err := tx.OpenCase(ctx, c.Key())
	which := ""
	if found {
		which = " (" + newer.Short() + ")"
	}
	if err == nil {
		err = actions.Errorf(actions.Conflict, "There is a newer case about the same%s, and it isn't resolved. Please go on with that one.", which)
	}
	return err
}

// Short is how people call a case: the first characters of its ID.
func (c Case) Short() string { return short(c.ID) }

// short is how people call the case with an ID.
func short(id string) string { return id[:min(len(id), 6)] }
