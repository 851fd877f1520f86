package escalation

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Numbers are how many cases there were in some days, and are.
type Numbers struct {
	Opened, Resolved int // in the days
	// Of the cases whose time ran out in the days: not claimed, or not resolved in time.
	MissedFirst, MissedResolution int
	Open, Unclaimed, Overdue      int // now
}

// Timed is a case whose time may have run out, with those of its events that say so or
// that began a clock anew.
type Timed struct {
	Case   Case
	Events []Event // reminders, handed back, reopened; oldest first
}

// NumberReads is how cases are counted.
type NumberReads interface {
	// CasesIn counts the cases that were opened in a span, and those that were resolved in
	// it and still are.
	CasesIn(ctx context.Context, in actions.Span) (opened, resolved int, err error)
	// CasesOpened returns those that were opened, the newest first, at most limit from
	// offset on.
	CasesOpened(ctx context.Context, in actions.Span, limit, offset int) ([]Case, error)
	// CasesResolved returns those that were resolved, likewise.
	CasesResolved(ctx context.Context, in actions.Span, limit, offset int) ([]Case, error)
	// CasesTimed returns the cases of which a clock may have run out in a span.
	CasesTimed(ctx context.Context, in actions.Span) ([]Timed, error)
	// CaseQueue returns the cases that nobody claimed or that are late at a moment, the one
	// whose time runs out first first, those without one last, at most limit.
	CaseQueue(ctx context.Context, at time.Time, limit int) ([]Case, error)
	// CaseQueueCount counts them, up to limit.
	CaseQueueCount(ctx context.Context, at time.Time, limit int) (int, error)
}

// Numbers counts cases from one moment until another (not in it), and those that are
// open now. Errors: Unavailable.
func (d *Desk) Numbers(ctx context.Context, from, until time.Time) (Numbers, error) {
	now := actions.Instant(d.Actions.Now())
	in := actions.Span{From: actions.Instant(from), Until: actions.Instant(until)}
	var n Numbers
	for _, part := range []struct {
		filter Filter
		into   *int
	}{{Filter{}, &n.Open}, {Filter{Unclaimed: true}, &n.Unclaimed}, {Filter{Overdue: now}, &n.Overdue}} {
		var err error
		if *part.into, err = d.Store.CaseCount(ctx, part.filter, math.MaxInt32); err != nil {
			return Numbers{}, err
		}
	}
	var err error
	if n.Opened, n.Resolved, err = d.Store.CasesIn(ctx, in); err != nil {
		return Numbers{}, err
	}
	late, err := d.lateIn(ctx, in)
	n.MissedFirst, n.MissedResolution = len(late.first), len(late.resolution)
	return n, err
}

// missed are cases whose time ran out in some days, the newest first.
type missed struct {
	first, resolution []Case // not claimed, not resolved in time
}

// of are those of a list.
func (m missed) of(which Which) []Case {
	if which == LateClaim {
		return m.first
	}
	return m.resolution
}

// lateIn returns the cases whose time ran out in a span.
func (d *Desk) lateIn(ctx context.Context, in actions.Span) (late missed, err error) {
	now := actions.Instant(d.Actions.Now())
	timed, err := d.Store.CasesTimed(ctx, in)
	slices.SortFunc(timed, func(a, b Timed) int {
		return cmp.Or(b.Case.At.Compare(a.Case.At), strings.Compare(a.Case.ID, b.Case.ID))
	})
	for _, t := range timed {
		if slices.ContainsFunc(t.ranOut(FirstClock, now), in.In) {
			late.first = append(late.first, t.Case)
		}
		if slices.ContainsFunc(t.ranOut(ResolutionClock, now), in.In) {
			late.resolution = append(late.resolution, t.Case)
		}
	}
	return late, err
}

// ranOut returns when a clock of a case ran out by now, each time that it ran: it begins
// anew when the case is handed back (the one until the first claim) or reopened. It is a
// pure function.
func (t Timed) ranOut(clock string, now time.Time) []time.Time {
	var all []time.Time
	var late time.Time // in this round
	for _, e := range t.Events {
		switch {
		case e.Kind == EventReopened, e.Kind == EventHandedBack && clock == FirstClock:
			if !late.IsZero() {
				all = append(all, late)
			}
			late = time.Time{}
		case e.Kind == EventReminded && e.Clock == clock && e.Level >= AtTheEnd && late.IsZero():
			late = e.At
		}
	}
	if late = t.lateNow(clock, late); !late.IsZero() && !late.After(now) {
		all = append(all, late)
	}
	return all
}

// lateNow is when a clock ran out in the round that is under way, or was the last, given
// when a reminder said so: a clock that runs knows it better, and of one that was stopped
// before the reminder was sent it is the moment at which it was.
func (t Timed) lateNow(clock string, reminded time.Time) time.Time {
	c := t.Case
	k, stopped := c.First, c.ClaimedAt
	if clock == ResolutionClock {
		k, stopped = c.Resolution, c.ChangedAt
	}
	if c.State == Resolved && (clock == ResolutionClock || stopped.IsZero()) {
		stopped = c.ResolvedAt
	}
	switch {
	case !k.Since.IsZero():
		return earliest(reminded, k.EndsAt)
	case reminded.IsZero() && k.Limit > 0 && k.Used >= k.Limit:
		return stopped
	}
	return reminded
}

// Queue returns the cases that L2 should look at first: those that nobody has claimed and
// those that are late, the one whose time runs out first first; More says how many there
// are beyond. Who may see it is for the caller to ask. Errors: Unavailable.
func (d *Desk) Queue(ctx context.Context, limit int) (Part, error) {
	now := actions.Instant(d.Actions.Now())
	shown, err := d.Store.CaseQueue(ctx, now, limit)
	if err != nil || len(shown) < limit {
		return Part{Cases: shown}, err
	}
	n, err := d.Store.CaseQueueCount(ctx, now, math.MaxInt32)
	return Part{Cases: shown, More: max(n-len(shown), 0)}, err
}
