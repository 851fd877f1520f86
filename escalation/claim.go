package escalation

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Claim makes a case the actor's: one that is open, or that was offered because
// whoever had it wasn't heard of. Claiming one's own says that one is still at it.
//
// Errors, here and of the others that change a case: Forbidden for who may not, or
// was stopped; NotFound for a case that isn't there; Conflict when its state doesn't
// allow it any more, in a sentence that says who was faster and what they did, and
// for a request that was answered before; Invalid for a text that can't be taken;
// Unavailable.
func (d *Desk) Claim(ctx context.Context, call actions.Call, id string) (Report, error) {
	actor := call.Actor.ID
	return d.change(ctx, call, id, change{act: actions.ActClaim, do: func(_ context.Context, _ Tx, c *Case, now time.Time) ([]Event, error) {
		before := c.ClaimedBy
		switch {
		case before == actor && !c.Offered:
			return nil, nil // a sign of life
		case before == actor:
			before = ""
		default:
			c.ClaimedBy, c.ClaimedAt = actor, now
		}
		d.enter(c, Claimed, now)
		return []Event{{Kind: EventClaimed, Actor: actor, To: before}}, nil
	}})
}

// HandBack lets a claimed case go, so that anybody can claim it.
func (d *Desk) HandBack(ctx context.Context, call actions.Call, id string) (Report, error) {
	return d.change(ctx, call, id, change{act: actions.ActHandBack, do: func(_ context.Context, _ Tx, c *Case, now time.Time) ([]Event, error) {
		had := c.ClaimedBy
		c.unclaim()
		d.enter(c, Open, now)
		return []Event{{Kind: EventHandedBack, Actor: call.Actor.ID, To: had}}, nil
	}})
}

// Reopen opens a resolved case again, within [ReopenTime], unless there is a newer
// one about the same. Its clocks begin anew.
func (d *Desk) Reopen(ctx context.Context, call actions.Call, id string) (Report, error) {
	return d.change(ctx, call, id, change{act: actions.ActReopen, do: func(_ context.Context, _ Tx, c *Case, now time.Time) ([]Event, error) {
		c.unclaim()
		c.Outcome, c.Note, c.ResolvedBy, c.ResolvedAt = "", "", "", time.Time{}
		c.State = Open
		d.begin(c, now)
		return []Event{{Kind: EventReopened, Actor: call.Actor.ID}}, nil
	}})
}

// unclaim lets a case be nobody's. Its events still say whose it was.
func (c *Case) unclaim() {
	c.ClaimedBy, c.ClaimedAt, c.HeardAt, c.Offered = "", time.Time{}, time.Time{}, false
}

// Look returns a case for the form of an act, after the checks that the act itself
// makes, too. It records nothing.
func (d *Desk) Look(ctx context.Context, call actions.Call, act actions.Act, id string) (Report, error) {
	if err := d.admit(ctx, call, act); err != nil {
		return Report{}, err
	}
	if _, err := d.allowed(ctx, call, act, id); err != nil {
		return Report{}, err
	}
	return d.Report(ctx, id)
}
