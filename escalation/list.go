package escalation

import (
	"context"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

// Which chooses a part of the list.
type Which string

// The parts of the list.
const (
	AllLists  Which = ""
	Mine      Which = "mine"
	Unclaimed Which = "unclaimed"
	Overdue   Which = "overdue"
)

// Lists are the cases that aren't resolved, as somebody sees them: theirs (those
// that they follow or claimed), those that nobody claimed, those that are late. Of
// each part at most [ListShown], the longest open first; More says how many there are
// beyond, at most 1,000.
type Lists struct {
	Which                    Which
	Mine, Unclaimed, Overdue Part
}

// Part is one part of the list.
type Part struct {
	Cases []Case
	More  int
}

// ListShown is how many cases each part shows.
const ListShown = 10

// moreLimit is how many cases beyond those that are shown are counted.
const moreLimit = 1000

// List returns the cases that aren't resolved. Errors: Forbidden, Invalid for a part
// that there isn't, Unavailable.
func (d *Desk) List(ctx context.Context, call actions.Call, which Which) (Lists, error) {
	switch {
	case !actions.May(call.Actor.Roles, actions.ActCaseLook):
		return Lists{}, d.Actions.Refuse(ctx, call, actions.ActCaseLook)
	case !slices.Contains([]Which{AllLists, Mine, Unclaimed, Overdue}, which):
		return Lists{}, actions.Errorf(actions.Invalid, "There is no such list. Please ask for mine, unclaimed or overdue, or for none of them to see all three.")
	}
	lists := Lists{Which: which}
	for _, part := range []struct {
		which  Which
		filter Filter
		into   *Part
	}{
		{Mine, Filter{Mine: call.Actor.ID}, &lists.Mine},
		{Unclaimed, Filter{Unclaimed: true}, &lists.Unclaimed},
		{Overdue, Filter{Overdue: actions.Instant(d.Actions.Now())}, &lists.Overdue},
	} {
		if which != AllLists && which != part.which {
			continue
		}
		var err error
		if *part.into, err = d.part(ctx, part.filter); err != nil {
			return Lists{}, err
		}
	}
	return lists, nil
}

// part reads the cases of a part that are shown, and counts the others.
func (d *Desk) part(ctx context.Context, f Filter) (Part, error) {
	shown, err := d.Store.CaseList(ctx, f, ListShown)
	if err != nil || len(shown) < ListShown {
		return Part{Cases: shown}, err
	}
	n, err := d.Store.CaseCount(ctx, f, ListShown+moreLimit)
	return Part{Cases: shown, More: max(n-len(shown), 0)}, err
}
