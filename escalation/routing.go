package escalation

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// route says where an event is told, besides the cards, which are redrawn after
// every change.
type route struct {
	thread bool // of L2's card
	// agent is whom the agents' side tells of it: the case's own agent, whoever the
	// event names as To, or all followers.
	agent audience
	leads bool
}

// audience is a part of a case's followers.
type audience int

const (
	nobody audience = iota
	ownAgent
	named // Event.To
	followers
)

// routes is the one table of who is told of what. What isn't in it is told by the
// cards alone.
var routes = map[EventKind]route{
	EventOpened:      {thread: true},
	EventJoined:      {thread: true, agent: ownAgent},
	EventHandedBack:  {thread: true},
	EventAsked:       {thread: true, agent: ownAgent},
	EventReplied:     {thread: true},
	EventWaiting:     {thread: true, agent: named},
	EventResolved:    {thread: true, agent: followers},
	EventReopened:    {thread: true, agent: followers},
	EventHandedOver:  {agent: named},
	EventReminded:    {thread: true},
	EventOffered:     {thread: true},
	EventDelisting:   {thread: true},
	EventDelisted:    {thread: true},
	EventNotDelisted: {thread: true},
	EventUnreached:   {agent: followers, leads: true},
	EventReached:     {thread: true, agent: followers},
	EventUrgent:      {thread: true},
	EventNudged:      {thread: true, agent: ownAgent},

	EventAgentUnreached: {thread: true, leads: true},
}

// routeOf is the row of the table; the last reminder goes to the leads instead of
// the thread.
func routeOf(e Event) route {
	if e.Kind == EventReminded && e.Level == ToTheLeads {
		return route{leads: true}
	}
	return routes[e.Kind]
}

// post is one outgoing message.
type post struct {
	kind    actions.OutgoingKind
	to, ref string
}

// cards are the messages that show a case and follow it, L2's first.
func cards(c Case, all []Follower) []post {
	posts := []post{{actions.OutgoingCase, c.Channel, c.ID}}
	for _, f := range all {
		posts = append(posts, post{actions.OutgoingCaseAgent, f.Agent, c.ID})
	}
	for _, f := range all {
		p := post{actions.OutgoingCaseThread, f.Channel, c.ID + "/" + f.Thread}
		if f.Thread != "" && !slices.Contains(posts, p) {
			posts = append(posts, p)
		}
	}
	return posts
}

// told are the messages about an event. Nobody gets news of what they did.
func told(c Case, all []Follower, e Event) []post {
	var posts []post
	r, ref := routeOf(e), eventRef(e)
	if r.thread {
		posts = append(posts, post{actions.OutgoingCaseEvent, c.Channel, ref})
	}
	for _, agent := range r.agents(c, all, e) {
		if agent != "" && agent != e.Actor {
			posts = append(posts, post{actions.OutgoingCaseNews, agent, ref})
		}
	}
	return posts
}

// agents are those of the agents' side whom an event concerns.
func (r route) agents(c Case, all []Follower, e Event) []string {
	switch r.agent {
	case ownAgent:
		return []string{c.Agent}
	case named:
		return []string{e.To}
	case followers:
		agents := make([]string, len(all))
		for i, f := range all {
			agents[i] = f.Agent
		}
		return agents
	case nobody:
	}
	return nil
}

// eventRef names an event in an outgoing message.
func eventRef(e Event) string { return e.Case + "/" + strconv.Itoa(e.Seq) }

// tell has everybody see a case's newest state, and what happened to it: the cards
// first, so that they stand above the events. Events that concern the leads are told
// to them by tellLeads, besides.
func (d *Desk) tell(ctx context.Context, tx Tx, c Case, events ...Event) error {
	all, err := tx.FollowersOf(ctx, c.ID)
	if err != nil {
		return err
	}
	posts := slices.DeleteFunc(cards(c, all), func(p post) bool {
		return slices.ContainsFunc(events, func(e Event) bool { return refusedBy(e, p) })
	})
	for _, e := range events {
		posts = append(posts, told(c, all, e)...)
	}
	return d.enqueue(ctx, tx, posts)
}

// refusedBy reports whether an event says that a card has just been refused, and so
// would be again.
func refusedBy(e Event, card post) bool {
	switch e.Kind {
	case EventUnreached:
		return card.kind == actions.OutgoingCase
	case EventAgentUnreached:
		return card.kind == actions.OutgoingCaseAgent && card.to == e.To
	default:
		return false
	}
}

// enqueue writes messages that are due at once, in their order: a card before what
// stands under it.
func (d *Desk) enqueue(ctx context.Context, tx Tx, posts []post) error {
	now := actions.Instant(d.Actions.Now())
	for i, p := range posts {
		due := now.Add(time.Duration(i) * time.Microsecond)
		if err := d.Actions.EnqueueDue(ctx, tx, p.kind, p.to, p.ref, due); err != nil {
			return err
		}
	}
	return nil
}

// leads returns whom tellLeads tells: the leads' channel, or else the leads on duty,
// or else all of them. It asks Slack, so it stands outside of transactions. Errors:
// Unavailable.
func (d *Desk) leads(ctx context.Context) ([]string, error) {
	if d.Leads != "" {
		return []string{d.Leads}, nil
	}
	if d.Actions.Staff == nil {
		return nil, nil
	}
	onDuty, others, err := d.Actions.Staff.Leads(ctx)
	if err != nil {
		return nil, &actions.Error{
			Code: actions.Unavailable, Sentence: "Slack doesn't say who the leads are, so nothing was done. Please try again in a minute.", Cause: err,
		}
	}
	if len(onDuty) > 0 {
		return onDuty, nil
	}
	return others, nil
}

// tellLeads tells the leads of those events that concern them.
func (d *Desk) tellLeads(ctx context.Context, tx Tx, leads []string, events ...Event) error {
	var posts []post
	for _, e := range events {
		if !routeOf(e).leads {
			continue
		}
		for _, lead := range leads {
			posts = append(posts, post{actions.OutgoingCaseLeads, lead, eventRef(e)})
		}
	}
	return d.enqueue(ctx, tx, posts)
}
