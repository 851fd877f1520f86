package escalation

import (
	"context"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Resolve ends a case with what came of it and a note of what L2 found and did. Of
// a case that isn't about lists the outcome is OutcomeOther, whatever is given.
func (d *Desk) Resolve(ctx context.Context, call actions.Call, id string, outcome Outcome, note string) (Report, error) {
	note = written(note)
	ch := change{act: actions.ActResolve, reason: note, do: func(_ context.Context, _ Tx, c *Case, now time.Time) ([]Event, error) {
		var err error
		if c.Outcome, err = c.Kind.outcome(outcome); err != nil {
			return nil, err
		}
		c.Note, c.ResolvedBy, c.ResolvedAt, c.Unreached = note, call.Actor.ID, now, ""
		d.enter(c, Resolved, now)
		return []Event{{Kind: EventResolved, Actor: call.Actor.ID, Text: note}}, nil
	}}
	return d.changeSaying(ctx, call, id, note, ch)
}

// outcome is what came of a case of the kind. Errors: Invalid, about the outcome.
func (k Kind) outcome(given Outcome) (Outcome, error) {
	switch {
	case !k.Listed():
		return OutcomeOther, nil
	case !slices.Contains([]Outcome{ListedRemoved, ListedKept, NotListed, OutcomeOther}, given):
		return "", &actions.Error{
			Code: actions.Invalid, Cause: errOutcome,
			Sentence: "Please say what came of it: listed and removed, listed and kept, not listed, or other.",
		}
	}
	return given, nil
}
