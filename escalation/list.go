package escalation

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Which chooses a part of the list.
type Which string

// The lists of cases that aren't resolved, those of the cases that [Numbers] counts in some
// days, and those that are shown together.
const (
	AllLists       Which = "" // Mine, Unclaimed and Overdue
	Mine           Which = "mine"
	Unclaimed      Which = "unclaimed"
	Overdue        Which = "overdue"
	OwnOverdue     Which = "own_overdue" // of those that they look after or claimed
	Unsolved       Which = "all"         // whoever has them
	Worked         Which = "worked"      // OpenedIn, ResolvedIn and Unsolved
	OpenedIn       Which = "opened"
	ResolvedIn     Which = "resolved"
	AllLate        Which = "late"            // LateClaim, LateResolution and Overdue
	LateClaim      Which = "late_claim"      // those of MissedFirst
	LateResolution Which = "late_resolution" // those of MissedResolution
)

// together are the lists that are shown together.
var together = map[Which][]Which{
	AllLists: {Mine, Unclaimed, Overdue}, Worked: {OpenedIn, ResolvedIn, Unsolved}, AllLate: {LateClaim, LateResolution, Overdue},
}

// ofDays reports whether a list is about days.
func (w Which) ofDays() bool {
	return slices.Contains([]Which{Worked, OpenedIn, ResolvedIn, AllLate, LateClaim, LateResolution}, w)
}

// Asked is what somebody asks to see.
type Asked struct {
	Which  Which
	Days   actions.Days // of the lists that are about days; else zero
	Offset int          // from which case on; 0 for lists that are shown together
}

// Lists are cases as somebody sees them: a list alone, or several together.
type Lists struct {
	Asked
	Parts []ListPart
}

// ListPart is one list: of those that aren't resolved, theirs (those that they follow or
// claimed), those that nobody claimed, those that are late, or all, the longest open first;
// or those of some days, the newest first.
type ListPart struct {
	Asked
	Part
}

// Part are cases of a list, at most [ListShown].
type Part struct {
	Cases []Case
	More  int // behind these
	// MoreLate is how many of More are late; only of one's own cases it is known.
	MoreLate int
}

// ListShown is how many cases each part shows.
const ListShown = 10

// List returns cases. Errors: Forbidden, Invalid for a list or days that there aren't,
// Unavailable.
func (d *Desk) List(ctx context.Context, call actions.Call, asked Asked) (Lists, error) {
	if !actions.May(call.Actor.Roles, actions.ActCaseLook) {
		return Lists{}, d.Actions.Refuse(ctx, call, actions.ActCaseLook)
	}
	parts, several := together[asked.Which]
	if asked.Offset < 0 || several && asked.Offset > 0 || (asked.Days != actions.Days{}) != asked.Which.ofDays() {
		return Lists{}, errNoList()
	}
	if !several {
		parts = []Which{asked.Which}
	}
	lists := Lists{Asked: asked}
	for _, which := range parts {
		of := Asked{Which: which, Offset: asked.Offset}
		if which.ofDays() {
			of.Days = asked.Days
		}
		part, err := d.listOf(ctx, call, of)
		if err != nil {
			return Lists{}, err
		}
		lists.Parts = append(lists.Parts, ListPart{of, part})
	}
	return lists, nil
}

func errNoList() error {
	return actions.Errorf(actions.Invalid, "There is no such list. Please ask for mine, unclaimed, overdue or all, or for none of them to see the first three.")
}

// listOf reads one list.
func (d *Desk) listOf(ctx context.Context, call actions.Call, asked Asked) (Part, error) {
	switch asked.Which {
	case Mine:
		return d.part(ctx, Filter{Mine: call.Actor.ID}, asked.Offset)
	case Unclaimed:
		return d.part(ctx, Filter{Unclaimed: true}, asked.Offset)
	case Overdue:
		return d.part(ctx, Filter{Overdue: actions.Instant(d.Actions.Now())}, asked.Offset)
	case OwnOverdue:
		return d.part(ctx, Filter{Own: call.Actor.ID, Overdue: actions.Instant(d.Actions.Now())}, asked.Offset)
	case Unsolved:
		return d.part(ctx, Filter{}, asked.Offset)
	case OpenedIn, ResolvedIn, LateClaim, LateResolution:
		return d.listDays(ctx, asked)
	case AllLists, Worked, AllLate:
	}
	return Part{}, errNoList()
}

// listDays reads a list that is about days.
func (d *Desk) listDays(ctx context.Context, asked Asked) (Part, error) {
	in, err := d.Actions.SpanOfDays(asked.Days)
	if err != nil {
		return Part{}, err
	}
	if asked.Which == LateClaim || asked.Which == LateResolution {
		late, err := d.lateIn(ctx, in)
		all := late.of(asked.Which)
		shown := pageOf(all, asked.Offset)
		return Part{Cases: shown, More: max(len(all)-asked.Offset-len(shown), 0)}, err
	}
	total, resolved, err := d.Store.CasesIn(ctx, in)
	if err != nil {
		return Part{}, err
	}
	read := d.Store.CasesOpened
	if asked.Which == ResolvedIn {
		read, total = d.Store.CasesResolved, resolved
	}
	shown, err := read(ctx, in, ListShown, asked.Offset)
	return Part{Cases: shown, More: max(total-asked.Offset-len(shown), 0)}, err
}

// pageOf are those of all cases that are shown from an offset on.
func pageOf(all []Case, offset int) []Case {
	from := min(offset, len(all))
	return all[from:min(from+ListShown, len(all))]
}

// Own returns the actor's own cases that aren't resolved: those that they look after as
// an agent, and those that they claimed, the one whose time runs out first first.
// Errors: Forbidden, Unavailable.
func (d *Desk) Own(ctx context.Context, call actions.Call) (Part, error) {
	if !actions.May(call.Actor.Roles, actions.ActCaseLook) {
		return Part{}, d.Actions.Refuse(ctx, call, actions.ActCaseLook)
	}
	own, err := d.part(ctx, Filter{Own: call.Actor.ID}, 0)
	if err != nil || own.More == 0 {
		return own, err
	}
	now := actions.Instant(d.Actions.Now())
	late, err := d.Store.CaseCount(ctx, Filter{Own: call.Actor.ID, Overdue: now}, math.MaxInt32)
	for _, c := range own.Cases {
		if c.lateAt(now) {
			late--
		}
	}
	own.MoreLate = min(max(late, 0), own.More)
	return own, err
}

// lateAt reports whether a clock of a case that runs ran out by then.
func (c Case) lateAt(now time.Time) bool {
	ends := earliest(c.First.EndsAt, c.Resolution.EndsAt)
	return !ends.IsZero() && !ends.After(now)
}

// part reads the cases of a part that are shown, and counts the others.
func (d *Desk) part(ctx context.Context, f Filter, offset int) (Part, error) {
	shown, err := d.Store.CaseList(ctx, f, ListShown, offset)
	if err != nil || offset == 0 && len(shown) < ListShown {
		return Part{Cases: shown}, err
	}
	n, err := d.Store.CaseCount(ctx, f, math.MaxInt32)
	return Part{Cases: shown, More: max(n-offset-len(shown), 0)}, err
}
