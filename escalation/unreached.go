package escalation

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// CardRefused notes that L2's channel, by its Slack ID, doesn't take a case's card, and
// why, and tells its agents and the leads. The same again changes nothing, and nothing
// does of a case that is resolved: nobody has to see it. What a channel refuses that
// isn't L2's any more isn't news: a case that still stands there moves. Errors:
// Unavailable.
func (d *Desk) CardRefused(ctx context.Context, id, channel, why string) error {
	news := func(c Case, _ []Event) bool {
		return c.State != Resolved && c.Channel == channel && (d.moves(c) || c.Unreached != why) && why != ""
	}
	return d.refused(ctx, id, refusal{step: "refused_card", event: Event{Kind: EventUnreached, Text: why}, news: news})
}

// AgentUnreached notes that an agent can't be reached any more, as when they left the
// company, and why: a card for them was refused for good. When they are the agent whose
// case it is, L2 and the leads are told, so that somebody answers for the customer;
// once, until the case is handed over. Nothing changes of a case that is resolved, and
// for who only follows it. Errors: Unavailable.
func (d *Desk) AgentUnreached(ctx context.Context, id, agent, why string) error {
	news := func(c Case, events []Event) bool {
		last, _ := newestOf(events, EventAgentUnreached, EventHandedOver)
		said := last.Kind == EventAgentUnreached && last.To == agent
		return c.State != Resolved && c.Agent == agent && agent != "" && !said
	}
	return d.refused(ctx, id, refusal{step: "refused_agent", event: Event{Kind: EventAgentUnreached, To: agent, Text: why}, news: news})
}

// refusal is a card that Slack refused.
type refusal struct {
	step  string
	event Event
	// news reports whether that has to be told. It is asked before Slack is, which says
	// who the leads are, and then of the case as it is locked.
	news func(Case, []Event) bool
}

// refused writes down that Slack refused a card, and tells whom that concerns.
func (d *Desk) refused(ctx context.Context, id string, r refusal) error {
	c, found, err := d.Store.CaseByID(ctx, id)
	if err != nil || !found {
		return err
	}
	events, err := d.Store.EventsOf(ctx, id)
	if err != nil || !r.news(c, events) {
		return err
	}
	leads, err := d.leads(ctx)
	if err != nil {
		return err
	}
	d.at(r.step + ":begun")
	err = d.Store.Cases(ctx, func(tx Tx) error { return d.refusedIn(ctx, tx, id, r, leads) })
	if err == nil {
		d.at(r.step + ":stored")
	}
	return err
}

// refusedIn is refused in its transaction.
func (d *Desk) refusedIn(ctx context.Context, tx Tx, id string, r refusal, leads []string) error {
	c, found, err := tx.Case(ctx, id)
	if err != nil || !found {
		return err
	}
	events, err := tx.EventsOf(ctx, id)
	if err != nil || !r.news(c, events) {
		return err
	}
	var happened []Event
	switch {
	case r.event.Kind != EventUnreached:
		happened = []Event{r.event}
	case !d.moves(c): // the channel that it moves to may take it
		c.Unreached, happened = r.event.Text, []Event{r.event}
	}
	kept, err := d.keep(ctx, tx, &c, actions.Instant(d.Actions.Now()), happened...)
	if err != nil {
		return err
	}
	return d.tellLeads(ctx, tx, leads, kept...)
}

// CardTaken notes that L2's channel, by its Slack ID, took the card. Unless it hadn't
// before, nothing changes, and nothing does when a channel takes it that isn't L2's any
// more. Errors: Unavailable.
func (d *Desk) CardTaken(ctx context.Context, id, channel string) error {
	news := func(c Case) bool { return c.Unreached != "" && c.Channel == channel }
	c, found, err := d.Store.CaseByID(ctx, id)
	if err != nil || !found || !news(c) {
		return err
	}
	d.at("taken_card:begun")
	err = d.Store.Cases(ctx, func(tx Tx) error {
		c, found, err := tx.Case(ctx, id)
		if err != nil || !found || !news(c) {
			return err
		}
		c.Unreached = ""
		var happened []Event
		if !d.moves(c) { // which says it, too
			happened = []Event{{Kind: EventReached}}
		}
		_, err = d.keep(ctx, tx, &c, actions.Instant(d.Actions.Now()), happened...)
		return err
	})
	if err == nil {
		d.at("taken_card:stored")
	}
	return err
}

// CardReplaced tells both sides of a case anew whose card was gone from L2's channel,
// and stands there again: the details were under the one before, and the others'
// cards lead there. Errors: Unavailable.
func (d *Desk) CardReplaced(ctx context.Context, id string) error {
	return d.Store.Cases(ctx, func(tx Tx) error {
		c, found, err := tx.Case(ctx, id)
		if err != nil || !found {
			return err
		}
		return d.tell(ctx, tx, c, Event{Case: c.ID, Seq: 1, Kind: EventOpened})
	})
}

// Heard notes that L2 wrote in the thread of a card: a sign of life of whoever
// claimed the case. The call's key names the message, so that it counts once. What
// was written isn't kept. Nothing happens in a thread of another message, for who may
// not claim cases, and for a case that somebody else claimed, or nobody. Errors:
// Unavailable.
func (d *Desk) Heard(ctx context.Context, call actions.Call, place actions.Posted) error {
	if !actions.May(call.Actor.Roles, actions.ActClaim) {
		return nil
	}
	id, found, err := d.Store.CaseAt(ctx, place)
	if err != nil || !found {
		return err
	}
	d.at("heard:begun")
	err = d.Store.Cases(ctx, func(tx Tx) error {
		c, found, err := tx.Case(ctx, id)
		if err != nil || !found || c.ClaimedBy != call.Actor.ID || c.State == Resolved {
			return err
		}
		now := actions.Instant(d.Actions.Now())
		fresh, err := tx.Claim(ctx, call.Key, now)
		if err != nil || !fresh {
			return err
		}
		return d.hear(ctx, tx, c, now)
	})
	if err == nil {
		d.at("heard:stored")
	}
	return err
}

// hear writes down a sign of life. The cards show none, but that the case is no
// longer offered to others.
func (d *Desk) hear(ctx context.Context, tx Tx, c Case, now time.Time) error {
	e := Event{Kind: EventHeard, Actor: c.ClaimedBy, At: now}
	offered := c.Offered
	c.heard(c.ClaimedBy, now)
	if offered {
		_, err := d.keep(ctx, tx, &c, now, e)
		return err
	}
	e = c.number(e)
	if err := d.save(ctx, tx, &c, now); err != nil {
		return err
	}
	return tx.AddEvent(ctx, e)
}
