package escalation

import (
	"fmt"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Acts are what can be done with a case at a moment, by who may: at most three, in
// the order of their buttons. It is a pure function of the state.
func (c Case) Acts(now time.Time) []actions.Act {
	switch c.State {
	case Open:
		return []actions.Act{actions.ActClaim}
	case Claimed:
		if c.Offered {
			return []actions.Act{actions.ActClaim, actions.ActResolve, actions.ActHandBack}
		}
		return []actions.Act{actions.ActResolve, actions.ActAsk, actions.ActHandBack}
	case WaitingAgent, WaitingCustomer:
		return []actions.Act{actions.ActResolve, actions.ActAsk, actions.ActHandBack}
	case Resolved:
		if c.reopens(now) {
			return []actions.Act{actions.ActReopen}
		}
	}
	return nil
}

// States in which acts are possible.
var (
	taken      = []State{Claimed, WaitingAgent, WaitingCustomer}
	unresolved = []State{Open, Claimed, WaitingAgent, WaitingCustomer}
)

// possible is the one table of what can be done in which state. Claiming what
// somebody has, and reopening, ask for more: see allows.
var possible = map[actions.Act][]State{
	actions.ActCaseLook:     {Open, Claimed, WaitingAgent, WaitingCustomer, Resolved},
	actions.ActClaim:        unresolved,
	actions.ActHandBack:     taken,
	actions.ActAsk:          taken,
	actions.ActResolve:      taken,
	actions.ActDelist:       taken,
	actions.ActReply:        unresolved,
	actions.ActCaseHandOver: unresolved,
	actions.ActReopen:       {Resolved},
}

// allows reports whether somebody can do an act in the state that a case is in.
func (c Case) allows(act actions.Act, actor string, now time.Time) bool {
	switch {
	case !slices.Contains(possible[act], c.State):
		return false
	case act == actions.ActClaim:
		return c.State == Open || c.State == Claimed && c.Offered || c.ClaimedBy == actor
	case act == actions.ActReopen:
		return c.reopens(now)
	}
	return true
}

// reopens reports whether a resolved case can be opened again.
func (c Case) reopens(now time.Time) bool { return now.Before(c.reopenUntil()) }

// hindrance says why somebody can't do what the state of a case allows, and what to
// do; "" when they can.
func (c Case) hindrance(act actions.Act, actor actions.Actor, all []Follower) string {
	follows := func(f Follower) bool { return f.Agent == actor.ID }
	lead := actor.Roles.Has(actions.RoleLead)
	switch {
	case act == actions.ActReply && !lead && !slices.ContainsFunc(all, follows):
		return "Only the agents who follow this case answer L2, and leads. Please escalate the same, and you follow it, too."
	case act == actions.ActCaseHandOver && !lead && !slices.ContainsFunc(all, follows):
		return fmt.Sprintf("Only the agents who follow this case hand it over, and leads. Please ask <@%s>, whose case it is.", c.Agent)
	case act == actions.ActDelist && (c.UserID == "" || c.Address == ""):
		return "Nobody on record has this address, so Latchkey can't take it off a list. Please do it in the system that has the list, and say so when you resolve the case."
	}
	return ""
}

// enter puts a case into a state, with its clocks: the one for the resolution stands
// still while the customer has to answer, and nobody is offered what waits.
func (d *Desk) enter(c *Case, to State, now time.Time) {
	switch c.State = to; to {
	case Open:
		d.beginFirst(c, now)
		d.goOn(c, now)
	case Claimed, WaitingAgent:
		d.stopFirst(c, now)
		d.goOn(c, now)
	case WaitingCustomer:
		d.stopResolution(c, now)
	case Resolved:
		d.stopFirst(c, now)
		d.stopResolution(c, now)
	}
	c.Offered = c.Offered && to == Claimed
}
