package actions

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// mishap is what went wrong with a step.
type mishap struct {
	why  string
	out  bool     // whom it was to let in surely isn't in
	done []string // what the step did before, and read back
	// untouched: of a temporary admin, its target surely has nothing.
	untouched bool
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
	// lacks is a sentence that is said instead of otherwise, "" for none.
	lacks string
	// contrary is a sentence that is said when it turned Latchkey away, and shows what it
	// was asked for all the same; "" for none.
	contrary string
	// untouched says of a target that surely nothing happened there; nil: it doesn't say.
	untouched func() bool
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

// tryStep takes a step of an operation, and says what went wrong, nil for nothing. Its
// errors leave the operation as it is.
func (a *Actions) tryStep(ctx context.Context, op Operation, s step) (*mishap, error) {
	wrong, err := a.tryOpened(ctx, op, s)
	if errors.Is(err, errUnsealed) {
		return &mishap{why: "what was sealed for it was changed. Please tell your Latchkey admin.", out: true}, nil
	}
	return wrong, err
}

func (a *Actions) tryOpened(ctx context.Context, op Operation, s step) (*mishap, error) {
	switch {
	case s.site:
		return a.takeSiteStep(ctx, op, s)
	case s.each:
		return nil, a.takeEach(ctx, op)
	}
	change, err := a.changeOf(ctx, op, s)
	if err != nil {
		return nil, err
	}
	return a.takeStep(ctx, op, s, change), nil
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
	said := cmp.Or(t.lacks, t.name+" said yes, and "+t.otherwise+".")
	switch {
	case errors.Is(failed, ErrTurnedAway) && shown:
		said = cmp.Or(t.contrary, spoken(t.name, failed))
	case errors.Is(failed, ErrTurnedAway):
		said = spoken(t.name, failed)
	case err != nil:
		said = t.name + " doesn't answer, so it may have happened or not. " + t.again
	case failed != nil:
		said = spoken(t.name, failed)
	}
	out := change.Kind != ChangeEnabled || err == nil && !shown
	return &mishap{why: said, out: out, untouched: t.untouched != nil && t.untouched()}
}

// make makes a change, and tries once more when the answer may have got lost: the
// same change has no second effect. Who is gone needs no deleting.
func (t target) make(ctx context.Context, change Change) error {
	ctx, cancel := context.WithTimeout(ctx, t.limit)
	defer cancel()
	err := t.apply(ctx, change)
	if code := CodeOf(err); (code == Unavailable || code == Internal) && !errors.Is(err, ErrTurnedAway) && ctx.Err() == nil {
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
