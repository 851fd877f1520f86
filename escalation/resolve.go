package escalation

import (
	"context"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Resolve ends a case with what came of it and a note of what L2 found and did, and with
// it the temporary admins of its ticket (RULES S3.5). Of a case that isn't about lists
// the outcome is OutcomeOther, whatever is given.
func (d *Desk) Resolve(ctx context.Context, call actions.Call, id string, outcome Outcome, note string) (Report, error) {
	note = written(note)
	admins, err := d.adminsOf(ctx, id)
	if err != nil {
		return Report{}, err
	}
	var ended []actions.TempAdmin
	ch := change{act: actions.ActResolve, reason: note, do: func(ctx context.Context, tx Tx, c *Case, now time.Time) (_ []Event, err error) {
		if c.Outcome, err = c.Kind.outcome(outcome); err != nil {
			return nil, err
		}
		c.Note, c.ResolvedBy, c.ResolvedAt, c.Unreached = note, call.Actor.ID, now, ""
		d.enter(c, Resolved, now)
		if ended, err = d.Actions.EndAdminsOf(ctx, tx, admins, call.Actor.ID); err != nil {
			return nil, err
		}
		return []Event{{Kind: EventResolved, Actor: call.Actor.ID, Text: note}}, nil
	}}
	report, err := d.changeSaying(ctx, call, id, note, ch)
	if err == nil {
		d.Actions.DeleteAdmins(ctx, ended)
	}
	return report, err
}

// adminsOf reads the temporary admins of a case's ticket, before the transaction that
// ends them with it.
func (d *Desk) adminsOf(ctx context.Context, id string) (actions.TicketAdmins, error) {
	c, found, err := d.Store.CaseByID(ctx, id)
	if err != nil || !found {
		return actions.TicketAdmins{}, err
	}
	return d.Actions.AdminsOf(ctx, c.Ticket)
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
