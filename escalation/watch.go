package escalation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// watchBatch is how many cases are looked for at once.
const watchBatch = 100

// Watch does what time alone does: reminders, the offer of a claimed case whose
// engineer wasn't heard of, the nudge of an agent whose customer doesn't answer, the
// end of reopening. A case that is due moves to L2's channel, when that is another one
// now. It is a job of the cron table, safe to run anywhere at any time; each is done
// once, by whoever is first. With nothing due it is one query.
//
// What hinders one case doesn't hinder the others: it is tried once in a run, and
// those behind it have their turn in the same one. The errors come joined.
func (d *Desk) Watch(ctx context.Context) error {
	var failures []error
	tried := map[string]bool{}
	leads := sync.OnceValues(func() ([]string, error) { return d.leads(ctx) })
	for {
		limit := watchBatch + len(failures) // which are still due, and come first
		due, err := d.Store.CasesDue(ctx, actions.Instant(d.Actions.Now()), limit)
		if err != nil {
			return errors.Join(append(failures, fmt.Errorf("looking for cases that time changes: %w", err))...)
		}
		fresh := slices.DeleteFunc(slices.Clone(due), func(id string) bool { return tried[id] })
		for _, id := range fresh {
			tried[id] = true
			if err := d.pass(ctx, id, leads); err != nil {
				failures = append(failures, fmt.Errorf("seeing what time does to the case %s: %w", id, err))
			}
			if ctx.Err() != nil {
				return errors.Join(failures...)
			}
		}
		if len(fresh) == 0 || len(due) < limit {
			return errors.Join(failures...)
		}
	}
}

// errLeads says that the leads have to be told, and weren't looked up yet: Slack
// isn't asked inside a transaction.
var errLeads = errors.New("the leads weren't looked up")

// pass does what time alone does to one case. While Slack doesn't say who the leads
// are, what they have to be told waits: the case stays as it is, and due.
func (d *Desk) pass(ctx context.Context, id string, leads func() ([]string, error)) error {
	now := actions.Instant(d.Actions.Now())
	err := d.passTelling(ctx, id, now, false, nil)
	if !errors.Is(err, errLeads) {
		return err
	}
	whom, err := leads()
	if err != nil {
		return err
	}
	return d.passTelling(ctx, id, now, true, whom)
}

// passTelling does so with the leads, or, before they were looked up, returns errLeads
// when they have to be told.
func (d *Desk) passTelling(ctx context.Context, id string, now time.Time, lookedUp bool, leads []string) error {
	d.at("watch:begun")
	err := d.Store.Cases(ctx, func(tx Tx) error {
		before, found, err := tx.Case(ctx, id)
		if err != nil || !found {
			return err
		}
		c, events := before.passed(d.Hours, now)
		switch {
		case !lookedUp && slices.ContainsFunc(events, func(e Event) bool { return routeOf(e).leads }):
			return errLeads
		case len(events) == 0 && c.Due.Equal(before.Due) && !d.moves(c):
			return nil // somebody else was first
		case len(events) == 0 && c.State != Resolved && !d.moves(c): // nothing that anybody sees
			return d.save(ctx, tx, &c, now)
		}
		events, err = d.keep(ctx, tx, &c, now, events...)
		if err != nil {
			return err
		}
		return d.tellLeads(ctx, tx, leads, events...)
	})
	if err == nil {
		d.at("watch:stored")
	}
	return err
}
