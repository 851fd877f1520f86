package escalation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// tooLate is what somebody reads whose act a case doesn't allow, or not any more:
// who was faster, and what to do now.
func (d *Desk) tooLate(ctx context.Context, act actions.Act, c Case, actor string) error {
	events, err := d.Store.EventsOf(ctx, c.ID)
	if err != nil {
		return err
	}
	return &actions.Error{Code: actions.Conflict, Sentence: why(act, c, events, actor, actions.Instant(d.Actions.Now())), Cause: errStale}
}

// why is the sentence of tooLate.
func why(act actions.Act, c Case, events []Event, actor string, now time.Time) string {
	fast := faster{actor: actor, now: now}
	switch {
	case act == actions.ActReopen:
		return fast.reopen(c, events)
	case c.State == Resolved:
		return fast.did(c.ResolvedBy, "resolved", c.ResolvedAt) + afterwards(act)
	case c.State == Open:
		return fast.unclaimed(act, events)
	}
	return fast.did(c.ClaimedBy, "claimed", c.ClaimedAt)
}

// faster puts into words who was, for who wasn't.
type faster struct {
	actor string
	now   time.Time
}

// did says what somebody did with the case.
func (f faster) did(who, what string, at time.Time) string {
	if who == f.actor {
		return fmt.Sprintf("You %s this case already, %s.", what, moment(at, f.now))
	}
	return fmt.Sprintf("<@%s> was faster: they %s this case %s.", who, what, moment(at, f.now))
}

// reopen says why a case can't be opened again.
func (f faster) reopen(c Case, events []Event) string {
	if c.State == Resolved {
		return "This case was resolved more than 14 days ago, so it stays as it is. Please have it escalated anew, and name this one."
	}
	if e, found := newestOf(events, EventReopened); found {
		return f.did(e.Actor, "reopened", e.At)
	}
	return "This case isn't resolved, so there is nothing to reopen."
}

// unclaimed says why nothing can be done that takes a claim.
func (f faster) unclaimed(act actions.Act, events []Event) string {
	e, _ := newestOf(events, EventOpened, EventReopened, EventHandedBack)
	switch {
	case e.Kind != EventHandedBack:
		return "Nobody has claimed this case, so there is nothing to do yet. Please claim it first."
	case act == actions.ActHandBack:
		return f.did(e.Actor, "handed back", e.At)
	}
	return f.did(e.Actor, "handed back", e.At) + " Please claim it first."
}

// afterwards is what to do with a resolved case instead of an act.
func afterwards(act actions.Act) string {
	switch act {
	case actions.ActClaim, actions.ActHandBack, actions.ActAsk, actions.ActDelist:
		return " If it needs more, please reopen it."
	case actions.ActReply, actions.ActCaseHandOver:
		return " If it needs more, please ask L2 to reopen it, or escalate it anew."
	default:
		return ""
	}
}

// newestOf returns the newest event of one of the kinds.
func newestOf(events []Event, kinds ...EventKind) (newest Event, found bool) {
	for _, e := range slices.Backward(events) {
		if slices.Contains(kinds, e.Kind) {
			return e, true
		}
	}
	return Event{}, false
}

// moment names a time in a sentence, with the day when that is another one.
func moment(at, now time.Time) string {
	at, now = at.UTC(), now.UTC()
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return at.Format("at 15:04 UTC")
	}
	return at.Format("on 2 January at 15:04 UTC")
}
