package escalation

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// shiftLimit is how many cases go over at once; who has more hands over again.
const shiftLimit = 200

// Shift is what became of somebody's cases at the end of their shift.
type Shift struct {
	To    string
	Moved int
	// Left are those that stay, because the colleague has no role of L2, or because
	// somebody was faster.
	Left []Case
	More bool // there are more than were looked at
}

// HandShift makes all open cases of the actor's a colleague's: those that they opened
// or look after as an agent, and, when the colleague is of L2, those that they
// claimed. Each is a row of the audit, as if it were handed over alone. Errors:
// Forbidden; Invalid or Conflict for a colleague who can't; Conflict when there is
// nothing to hand over; Unavailable.
func (d *Desk) HandShift(ctx context.Context, call actions.Call, to string) (Shift, error) {
	if err := d.admit(ctx, call, actions.ActHandShift); err != nil {
		return Shift{}, err
	}
	if to == call.Actor.ID {
		return Shift{}, actions.Errorf(actions.Conflict, "These are your cases already. Please choose a colleague.")
	}
	if err := d.checkColleague(ctx, to); err != nil {
		return Shift{}, err
	}
	roles, err := d.Actions.Staff.RolesOf(ctx, to)
	if err != nil {
		return Shift{}, err
	}
	mine, err := d.Store.CaseList(ctx, Filter{Own: call.Actor.ID}, shiftLimit+1, 0)
	if err != nil {
		return Shift{}, err
	}
	shift := Shift{To: to, More: len(mine) > shiftLimit}
	for _, c := range mine[:min(len(mine), shiftLimit)] {
		if err := d.handOne(ctx, call, c, roles, &shift); err != nil {
			return shift, err
		}
	}
	if shift.Moved == 0 && len(shift.Left) == 0 {
		return shift, actions.Errorf(actions.Conflict, "You have no open case, so there is nothing to hand over.")
	}
	return shift, nil
}

// handOne hands over what somebody has of a case. That its state doesn't allow it any
// more leaves it where it is.
func (d *Desk) handOne(ctx context.Context, call actions.Call, c Case, roles actions.Roles, shift *Shift) error {
	var acts []func() error
	each := call
	each.Key += " " + c.ID // the request is one, and each case has its own row
	if c.Agent == call.Actor.ID {
		acts = append(acts, func() error { _, err := d.handOver(ctx, each, c.ID, c.Agent, shift.To); return err })
	}
	if c.ClaimedBy == call.Actor.ID {
		claimed := each
		claimed.Key += " claim"
		acts = append(acts, func() error { return d.passOn(ctx, claimed, c.ID, shift.To, roles) })
	}
	left := false
	for _, act := range acts {
		switch err := act(); actions.CodeOf(err) {
		case "":
		case actions.Conflict, actions.NotFound:
			left = true
		default:
			return err
		}
	}
	if left {
		shift.Left = append(shift.Left, c)
	} else {
		shift.Moved++
	}
	return nil
}

// passOn makes a case that the actor claimed another engineer's.
func (d *Desk) passOn(ctx context.Context, call actions.Call, id, to string, roles actions.Roles) error {
	if !roles.Has(actions.RoleL2) || !actions.May(call.Actor.Roles, actions.ActHandBack) {
		return actions.Errorf(actions.Conflict, "Only L2 hands what it claimed to L2, so this case stays yours.")
	}
	pass := change{act: actions.ActHandBack, detail: ", to <@" + to + ">"}
	pass.do = func(_ context.Context, _ Tx, c *Case, now time.Time) ([]Event, error) {
		had := c.ClaimedBy
		if had != call.Actor.ID { // since the list was read
			return nil, actions.Errorf(actions.Conflict, "<@%s> has this case now, so it stays theirs.", had)
		}
		c.ClaimedBy, c.ClaimedAt, c.HeardAt, c.Offered = to, now, now, false
		return []Event{{Kind: EventClaimed, Actor: to, To: had}}, nil
	}
	_, err := d.change(ctx, call, id, pass)
	return err
}
