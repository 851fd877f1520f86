package escalation

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// NewCase is what an agent escalates.
type NewCase struct {
	Kind     Kind
	Priority Priority // "": the usual one of the kind
	Whom     Whom
	Gateway  string
	Reason   string
	// Channel and Thread are where it is escalated from, when that is a thread.
	Channel, Thread string
}

// Escalated is what became of it.
type Escalated struct {
	Report Report
	Joined bool // there was an open case about the same
	// Already: the actor followed that one before.
	Already bool
	// Known are sentences about what is on record, as [Preparation] has them.
	Known []string
}

// blocklistReason is why an address is looked for on the blocklist, unless the agent
// says more.
const blocklistReason = "The password-reset e-mail doesn't arrive."

// openQuota is how many cases somebody opens in an hour.
const openQuota = 20

// Escalate opens a case for L2, or joins the one that is open about the same, and
// tells both sides. Who follows that one already, and gives another reason, adds it to
// the case; who is in a hurry makes it urgent. What L2 can't help yet is refused, and
// so recorded: the sentence says what helps first. An agent opens at most 20 cases in
// an hour. It is a row of the audit.
//
// Errors: Forbidden for who may not, or was stopped; Invalid for a reason, a Gateway
// ID or an address that can't be; NotFound for a user who isn't on record; Conflict
// when it is premature ([IsPremature] with the act that helps first), when there is
// no channel, after too many cases, and for a request that was answered before;
// Unavailable.
func (d *Desk) Escalate(ctx context.Context, call actions.Call, n NewCase) (Escalated, error) {
	ticket, err := d.mayEscalate(ctx, call)
	if err != nil {
		return Escalated{}, err
	}
	if err := n.check(call.Actor.Roles); err != nil {
		return Escalated{}, err
	}
	now := actions.Instant(d.Actions.Now())
	k, err := d.look(ctx, n.Kind, n.Whom, now)
	if err != nil {
		return Escalated{}, err
	}
	if why := k.premature(n.Kind); why != nil {
		return Escalated{}, d.refuse(ctx, call, k, n, why)
	}
	if n.Gateway, err = chooseGateway(k.gateways, n.Gateway); err != nil {
		return Escalated{}, err
	}
	if err := d.lookFurther(ctx, &k, n.Kind, now); err != nil { // last: it takes a while
		return Escalated{}, err
	}
	made, err := d.openOrJoin(ctx, call, d.newCase(call.Actor.ID, ticket, k, n, now), n)
	made.Known = k.sentences()
	return made, err
}

// IsPremature reports whether an error says that L2 can't help yet, and which act
// helps first, "" for none.
func IsPremature(err error) (instead actions.Act, premature bool) {
	var why prematurely
	premature = errors.As(err, &why)
	return why.instead, premature
}

// check trims and bounds what comes from outside.
func (n *NewCase) check(roles actions.Roles) error {
	if !slices.Contains(Kinds(), n.Kind) {
		return errKind()
	}
	n.Priority = cmp.Or(n.Priority, usual(n.Kind))
	if n.Priority != Normal && n.Priority != Urgent {
		return actions.Errorf(actions.Invalid, "There is no such priority. Please choose normal or urgent.")
	}
	if n.Reason = strings.TrimSpace(n.Reason); n.Reason == "" && n.Kind == Blocklist {
		n.Reason = blocklistReason
	}
	asked := actions.Situated{Act: actions.ActEscalate, Roles: roles, Reason: n.Reason != ""}
	if actions.Decide(asked) == actions.NeedsReason {
		return actions.Errorf(actions.Invalid, "Please say why, and what was tried; L2 reads it, and it stands in the audit.")
	}
	if n.Channel == "" || n.Thread == "" {
		n.Channel, n.Thread = "", ""
	}
	return actions.CheckReason(n.Reason)
}

// refuse records that somebody escalated what L2 can't help yet. It returns why.
func (d *Desk) refuse(ctx context.Context, call actions.Call, k known, n NewCase, why *actions.Error) error {
	entry := actions.AuditEntry{
		At: actions.Instant(d.Actions.Now()), Act: actions.ActEscalate, Subject: k.whom.UserID, Outcome: actions.ActRefused,
		Reason: n.Reason, Detail: string(n.Kind) + ": locked, so it is too early",
	}
	err := d.Store.Tx(ctx, func(tx actions.Tx) error {
		_, err := d.Actions.RecordUnder(ctx, tx, call, entry)
		return err
	})
	if err != nil {
		return err
	}
	return why
}

// newCase is a case as it is opened, if nobody else has opened one about the same.
func (d *Desk) newCase(agent, ticket string, k known, n NewCase, now time.Time) Case {
	c := k.start(n.Kind)
	c.ID, c.Priority, c.State, c.Agent = rand.Text(), n.Priority, Open, agent
	c.Gateway, c.Reason, c.Ticket, c.Channel, c.Facts = n.Gateway, n.Reason, ticket, d.Channel, k.facts
	c.At, c.ChangedAt = now, now
	d.begin(&c, now)
	d.reckon(&c, now)
	return c
}

// openOrJoin opens a case, or joins the one that is open about the same: of two
// agents who escalate the same at once, one opens it and the other joins.
func (d *Desk) openOrJoin(ctx context.Context, call actions.Call, c Case, n NewCase) (Escalated, error) {
	d.at("open:begun")
	var id string
	var made Escalated
	err := d.Store.Cases(ctx, func(tx Tx) error {
		made = Escalated{}
		open, err := d.startOrFind(ctx, tx, c)
		if err != nil {
			return err
		}
		id, made.Joined = open.ID, open.ID != c.ID
		if made.Already, err = d.follow(ctx, tx, open, c, n); err != nil {
			return err
		}
		entry := change{act: actions.ActEscalate, reason: c.Reason, detail: c.joining(open)}.entry(open, c.At)
		entry.Subject = c.UserID                             // one who has the same address may have been meant before
		_, err = d.Actions.RecordUnder(ctx, tx, call, entry) // last: it makes all others wait
		return err
	})
	if err != nil {
		return Escalated{}, err
	}
	d.at("open:stored")
	made.Report, err = d.Report(ctx, id)
	return made, err
}

// joining says for the audit what became of a new case when there was an open one.
func (c Case) joining(open Case) string {
	switch {
	case open.ID == c.ID:
		return ""
	case c.raises(open):
		return ", joined and made urgent"
	}
	return ", joined"
}

// raises reports whether a new case makes the open one about the same urgent.
func (c Case) raises(open Case) bool { return c.Priority == Urgent && open.Priority == Normal }

// follow has the agent of a new case follow it, or the open one in its stead, and
// tells both sides. already is true when they did before: then only what they say
// anew is told; but the thread that they escalate from gets its card, if they had
// none. Who is in a hurry makes the open one urgent.
func (d *Desk) follow(ctx context.Context, tx Tx, open, c Case, n NewCase) (already bool, err error) {
	before, err := tx.FollowersOf(ctx, open.ID)
	if err != nil {
		return false, err
	}
	fresh, err := tx.Follow(ctx, Follower{Case: open.ID, Agent: c.Agent, Channel: n.Channel, Thread: n.Thread, Ticket: c.Ticket, At: c.At})
	threadless := func(f Follower) bool { return f.Agent == c.Agent && f.Thread == "" }
	switch {
	case err != nil:
		return false, err
	case open.ID == c.ID:
		return false, d.opened(ctx, tx, open)
	}
	events := c.saysAnew(open, fresh)
	if c.raises(open) {
		d.raise(&open)
	}
	switch {
	case len(events) > 0:
		_, err = d.keep(ctx, tx, &open, c.At, events...)
	case n.Thread != "" && slices.ContainsFunc(before, threadless):
		err = d.enqueue(ctx, tx, []post{{actions.OutgoingCaseThread, n.Channel, open.ID + "/" + n.Thread}})
	}
	return !fresh, err
}

// saysAnew is what happens to the open case when somebody escalates the same: that
// they joined, or, when they follow it already, what they say now that nobody said
// before; and that they are in a hurry.
func (c Case) saysAnew(open Case, joins bool) []Event {
	var events []Event
	switch said := c.Reason == open.Reason || c.Reason == blocklistReason; {
	case joins:
		events = append(events, Event{Kind: EventJoined, Actor: c.Agent, Text: c.Reason})
	case !said:
		events = append(events, Event{Kind: EventReplied, Actor: c.Agent, Text: c.Reason})
	}
	if c.raises(open) {
		events = append(events, Event{Kind: EventUrgent, Actor: c.Agent})
	}
	return events
}

// startOrFind stores a new case, unless there is an open one about the same, which
// it returns. Who joins one isn't counted among those who open many.
func (d *Desk) startOrFind(ctx context.Context, tx Tx, c Case) (Case, error) {
	for range 2 { // it may be resolved between the two questions
		open, found, err := tx.OpenCase(ctx, c.Key())
		if found || err != nil {
			return open, err
		}
		if err := d.notTooMany(ctx, tx, c); err != nil {
			return Case{}, err
		}
		c.Events = 1 // that it was opened
		if started, err := tx.StartCase(ctx, c); started || err != nil {
			return c, err
		}
	}
	return Case{}, actions.Errorf(actions.Conflict, "Others are changing a case about the same just now, so nothing was done. Please try again.")
}

// notTooMany refuses who opened openQuota cases within an hour.
func (d *Desk) notTooMany(ctx context.Context, tx Tx, c Case) error {
	opened, err := tx.OpenedSince(ctx, c.Agent, c.At.Add(-time.Hour))
	if err == nil && opened >= openQuota {
		return actions.Errorf(actions.Conflict, "You opened %d cases within an hour, and that is the most. Nothing was escalated; please try again later, or ask your lead.", openQuota)
	}
	return err
}

// opened writes down that a case was opened, and tells both sides.
func (d *Desk) opened(ctx context.Context, tx Tx, c Case) error {
	e := Event{Case: c.ID, Seq: c.Events, Kind: EventOpened, Actor: c.Agent, At: c.At, Text: c.Reason}
	if err := tx.AddEvent(ctx, e); err != nil {
		return err
	}
	return d.tell(ctx, tx, c, e)
}
