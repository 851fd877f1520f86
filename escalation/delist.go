package escalation

import (
	"context"
	"errors"
	"fmt"

	"github.com/latchkey-bot/latchkey/actions"
)

// Delist takes the case's address off the lists that hold mail back, by an operation
// ([actions.ActDelist]) that is read back; for a protected customer it waits for a
// second person. The case must be claimed. What became of it is an event.
func (d *Desk) Delist(ctx context.Context, call actions.Call, id string) (Report, error) {
	if err := d.admit(ctx, call, actions.ActDelist); err != nil {
		return Report{}, err
	}
	c, err := d.allowed(ctx, call, actions.ActDelist, id)
	if err != nil {
		return Report{}, err
	}
	if err := d.delistable(ctx, c); err != nil {
		return Report{}, err
	}
	d.at("delist:begun")
	if call.Ticket == "" {
		call.Ticket = c.Ticket // the operation is kept under the ticket of the case
	}
	ordered, err := d.Actions.Do(ctx, call, actions.Order{
		Act: actions.ActDelist, UserID: c.UserID, Reason: "case " + c.Short(), Params: actions.Params{Email: c.Address, Case: c.ID},
	})
	if err != nil {
		return Report{}, err
	}
	if other := ordered.Operation.Params.Case; other != c.ID {
		return Report{}, actions.Errorf(actions.Conflict, "Their address is being taken off lists already, for the case %s. Please look there what becomes of it.", short(other))
	}
	if op := ordered.Operation; ordered.Already && op.Actor != call.Actor.ID {
		return Report{}, actions.Errorf(actions.Conflict, "<@%s> was faster: they are taking the address off its lists already.", op.Actor)
	}
	d.at(stepOrdered)
	if err := d.ordered(ctx, call.Actor.ID, ordered.Operation); err != nil {
		return Report{}, err
	}
	d.at("delist:stored")
	return d.Report(ctx, id)
}

// delistable says why the address can't be taken off lists, nil when it can.
func (d *Desk) delistable(ctx context.Context, c Case) error {
	events, err := d.Store.EventsOf(ctx, c.ID)
	if err != nil || c.removable(events) {
		return err
	}
	if e, _ := newestOf(events, EventOpened, EventReopened, EventDelisted); e.Kind == EventDelisted {
		return actions.Errorf(actions.Conflict, "<@%s> took the address off its lists already, %s, and each list was read again. Nothing was done twice.",
			e.Actor, moment(e.At, actions.Instant(d.Actions.Now())))
	}
	return actions.Errorf(actions.Conflict, "No list that Latchkey can change is known to hold this address back, so there is nothing to take it off.")
}

// ordered notes that an address is being taken off lists, unless that has ended: then
// the case knows of it (see Ended). It is a sign of life of whoever claimed the case.
func (d *Desk) ordered(ctx context.Context, actor string, op actions.Operation) error {
	return d.Store.Cases(ctx, func(tx Tx) error {
		c, found, err := tx.Case(ctx, op.Params.Case)
		if err != nil || !found {
			return err
		}
		now, offered := actions.Instant(d.Actions.Now()), c.Offered
		c.heard(actor, now)
		switch underWay := !op.State.Final() && c.Delisting != op.ID; {
		case underWay && op.State == actions.OperationAsked:
			c.Delisting = op.ID
			_, err = d.keep(ctx, tx, &c, now, Event{Kind: EventDelisting, Actor: op.Actor})
		case underWay: // the cards show it
			c.Delisting = op.ID
			_, err = d.keep(ctx, tx, &c, now)
		case c.Offered != offered:
			_, err = d.keep(ctx, tx, &c, now)
		default:
			err = d.save(ctx, tx, &c, now)
		}
		return err
	})
}

// errNoCaseTx is for a transaction of a store that keeps no cases.
var errNoCaseTx = errors.New("escalation: the transaction keeps no cases")

// Ended writes down what became of an operation of a case, in the transaction that
// ends it. It is what [actions.Actions.Ended] is set to. A case that is gone, or was
// resolved meanwhile, hinders nothing.
func (d *Desk) Ended(ctx context.Context, tx actions.Tx, op actions.Operation) error {
	if op.Act != actions.ActDelist || op.Params.Case == "" || !op.State.Final() {
		return nil
	}
	cases, ok := tx.(Tx)
	if !ok {
		return fmt.Errorf("%w: %T", errNoCaseTx, tx)
	}
	c, found, err := cases.Case(ctx, op.Params.Case)
	if err != nil || !found {
		return err
	}
	c.Delisting = op.ID
	e := Event{Kind: EventDelisted, Actor: op.Actor}
	if op.State != actions.OperationDone {
		e.Kind, e.Text = EventNotDelisted, op.Why
	}
	_, err = d.keep(ctx, cases, &c, actions.Instant(d.Actions.Now()), e)
	return err
}
