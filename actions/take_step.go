package actions

import (
	"context"
	"errors"
	"time"
)

// mishap is what went wrong with a step.
type mishap struct {
	why  string
	out  bool     // whom it was to let in surely isn't in
	done []string // what the step did before, and read back
}

// target is a system that a step goes to.
type target struct {
	name  string // "the directory"
	limit time.Duration
	apply func(context.Context, Change) error
	// shows reads the state back (RULES S0.9); unless it does, the system still is as
	// it says in otherwise.
	shows     func(context.Context, Change) (bool, error)
	otherwise string
	// again is what to do when nobody knows whether it happened.
	again string
}

// targetsOf are the systems that a step goes to, in this order.
func (a *Actions) targetsOf(s step) []target {
	if !s.lists {
		return []target{{
			name: "the directory", limit: carryLimit, apply: a.Directory.Apply, shows: a.Directory.Applied,
			otherwise: "doesn't show it", again: "Please look the customer up before you try again.",
		}}
	}
	var targets []target
	for i, system := range a.Lists {
		targets = append(targets, target{
			name: system.Name(), limit: delistLimit, otherwise: "still lists it", again: "Trying again does no harm.",
			apply: func(ctx context.Context, c Change) error { return a.delistAt(ctx, i, c) },
			shows: func(ctx context.Context, c Change) (bool, error) { return a.delistedAt(ctx, i, c) },
		})
	}
	return targets
}

// takeStep makes the change of a step in each system that it goes to and reads it
// back there (RULES S0.9); nil when nothing went wrong.
func (a *Actions) takeStep(ctx context.Context, op Operation, s step, change Change) *mishap {
	targets := a.targetsOf(s)
	if len(targets) == 0 {
		return &mishap{why: noLists, out: true}
	}
	var done []string
	for _, t := range targets {
		if wrong := a.takeStepAt(ctx, op, t, change); wrong != nil {
			wrong.done = done
			return wrong
		}
		done = append(done, s.what+" of "+t.name)
	}
	return nil
}

// takeStepAt makes a change in one system and reads it back.
func (a *Actions) takeStepAt(ctx context.Context, op Operation, t target, change Change) *mishap {
	failed := t.make(ctx, change)
	shown, err := t.shows(ctx, change)
	if failed == nil && err == nil && shown {
		return nil
	}
	a.Log.WarnContext(ctx, "a step of an operation failed", "operation", op.ID, "step", change.Kind, "system", t.name, "error", errors.Join(failed, err))
	said := t.name + " said yes, and " + t.otherwise + "."
	switch {
	case errors.Is(failed, ErrTurnedAway):
		said = spoken(t.name, failed)
	case err != nil:
		said = t.name + " doesn't answer, so it may have happened or not. " + t.again
	case failed != nil:
		said = spoken(t.name, failed)
	}
	out := change.Kind != ChangeEnabled || err == nil && !shown
	return &mishap{why: said, out: out}
}

// make makes a change, and tries once more when the answer may have got lost: the
// same change has no second effect. Who is gone needs no deleting.
func (t target) make(ctx context.Context, change Change) error {
	ctx, cancel := context.WithTimeout(ctx, t.limit)
	defer cancel()
	err := t.apply(ctx, change)
	if code := CodeOf(err); (code == Unavailable || code == Internal) && !errors.Is(err, ErrTurnedAway) {
		err = t.apply(ctx, change)
	}
	if change.Kind == ChangeDeleted && CodeOf(err) == NotFound {
		return nil
	}
	return err
}

// spoken is what an agent reads of a system's error.
func spoken(system string, err error) string {
	if ours := new(Error); errors.As(err, &ours) && ours.Code != Internal {
		return ours.Sentence
	}
	return system + " answered with an error. Please try again, or tell your Latchkey admin."
}
