package escalation

import (
	"context"
	"regexp"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// HandOver makes a case another agent's, who follows it from then on. Whoever follows
// it may, since its own agent may be away, and a lead. The colleague must hold the
// role of an agent now.
func (d *Desk) HandOver(ctx context.Context, call actions.Call, id, to string) (Report, error) {
	if !actions.May(call.Actor.Roles, actions.ActCaseHandOver) {
		return Report{}, d.Actions.Refuse(ctx, call, actions.ActCaseHandOver)
	}
	if err := d.checkColleague(ctx, to); err != nil {
		return Report{}, err
	}
	return d.handOver(ctx, call, id, "", to)
}

// handOver makes a case a colleague's who can take it; from is whose it must be, "" for
// anybody's.
func (d *Desk) handOver(ctx context.Context, call actions.Call, id, from, to string) (Report, error) {
	ch := change{act: actions.ActCaseHandOver, detail: ", to <@" + to + ">"}
	ch.do = func(ctx context.Context, tx Tx, c *Case, now time.Time) ([]Event, error) {
		switch {
		case c.Agent == to:
			return nil, actions.Errorf(actions.Conflict, "This is the case of <@%s> already. Please choose another colleague.", to)
		case from != "" && c.Agent != from:
			return nil, actions.Errorf(actions.Conflict, "This is the case of <@%s> by now, so it stays theirs.", c.Agent)
		}
		c.Agent = to
		_, err := tx.Follow(ctx, Follower{Case: c.ID, Agent: to, Ticket: c.Ticket, At: now})
		return []Event{{Kind: EventHandedOver, Actor: call.Actor.ID, To: to}}, err
	}
	return d.change(ctx, call, id, ch)
}

// slackUser is the form of a Slack user's ID.
var slackUser = regexp.MustCompile(`^[UW][A-Z0-9]{1,30}$`)

// checkColleague asks whether somebody holds the role of an agent now. Errors: Invalid
// for what is no user's ID, Conflict for who doesn't, Unavailable.
func (d *Desk) checkColleague(ctx context.Context, to string) error {
	if !slackUser.MatchString(to) {
		return actions.Errorf(actions.Invalid, "Please choose a colleague to hand this case over to.")
	}
	down := actions.Errorf(actions.Unavailable, "Slack doesn't say now who <@%s> is, so nothing was handed over. Please try again in a minute.", to)
	if d.Actions.Staff == nil {
		return down
	}
	roles, err := d.Actions.Staff.RolesOf(ctx, to)
	switch down.Cause = err; {
	case err != nil:
		return down
	case !roles.Has(actions.RoleAgent):
		return actions.Errorf(actions.Conflict, "<@%s> isn't set up as an agent, so they can't take the case on. Please choose another colleague.", to)
	}
	return nil
}
