package escalation

import (
	"context"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Report is a case as people see it.
type Report struct {
	Case      Case
	Events    []Event // oldest first
	Followers []Follower
	// Acts are what can be done with it now, by who may: at most three, in the order
	// of their buttons (see [Case.Acts]).
	Acts []actions.Act
	// FirstBy and ResolveBy are when its clocks end; zero when that was met, or one
	// stands still. Overdue: one of them ended.
	FirstBy, ResolveBy time.Time
	Overdue            bool
	// Removable: the address stands, or may stand, on a list that L2 can take it off.
	Removable bool
	// Delisting is the newest operation that takes it off lists, nil without one.
	Delisting *actions.OperationReport
	// Tell is what to say to the customer of a resolved case: in English, and then in
	// their language when it is another one that we speak.
	Tell []Saying
	// Resettable: a fresh reset may help the customer of a resolved case.
	Resettable bool
	// Before is the case about the same that was resolved lately, nil without one.
	Before *Case
}

// Saying is a text for a customer, in a language ("en").
type Saying struct{ Language, Text string }

// EventReport is one event of a case, with the case as it is now.
type EventReport struct {
	Event  Event
	Report Report
}

// Report returns a case for its cards. Errors: NotFound, Unavailable.
func (d *Desk) Report(ctx context.Context, id string) (Report, error) {
	c, found, err := d.Store.CaseByID(ctx, id)
	if err == nil && !found {
		err = errNoCase()
	}
	if err != nil {
		return Report{}, err
	}
	r := c.report(actions.Instant(d.Actions.Now()))
	if r.Events, err = d.Store.EventsOf(ctx, id); err != nil {
		return Report{}, err
	}
	if r.Followers, err = d.Store.FollowersOf(ctx, id); err != nil {
		return Report{}, err
	}
	r.Removable, r.Resettable = c.removable(r.Events), r.Resettable && d.Actions.CanMail()
	if r.Delisting, err = d.delistingOf(ctx, c); err != nil {
		return Report{}, err
	}
	r.Before, err = d.beforeOf(ctx, c)
	return r, err
}

// errNoCase is for a case that isn't there, as after its customer was forgotten.
func errNoCase() error {
	return actions.Errorf(actions.NotFound, "That case isn't on record any more, so nothing was done.")
}

// report is what people see of a case by itself at a moment.
func (c Case) report(now time.Time) Report {
	r := Report{Case: c, Acts: c.Acts(now), FirstBy: c.First.EndsAt, ResolveBy: c.Resolution.EndsAt}
	for _, end := range []time.Time{r.FirstBy, r.ResolveBy} {
		r.Overdue = r.Overdue || !end.IsZero() && !end.After(now)
	}
	if c.State != Resolved {
		return r
	}
	locale := ""
	if c.Facts.Person != nil {
		locale = c.Facts.Person.Locale
	}
	r.Tell = TellCustomer(c.Kind, c.Outcome, locale)
	r.Resettable = (c.Kind.Listed() || c.Kind == Account) && c.UserID != "" && c.Outcome != ListedKept
	return r
}

// removable reports whether the address stood on a list that L2 can take it off, or
// may have, since a system didn't answer, and wasn't taken off since the case was
// opened, the last time: it can be listed again.
func (c Case) removable(events []Event) bool {
	held := slices.ContainsFunc(c.Facts.Lists, func(l actions.Listing) bool { return l.Silent || actions.HeldBack(l.Entries) })
	last, _ := newestOf(events, EventOpened, EventReopened, EventDelisted)
	return held && last.Kind != EventDelisted && c.UserID != "" && c.Address != ""
}

// delistingOf returns the newest operation that takes the address off lists, nil
// without one, and when it isn't kept any more.
func (d *Desk) delistingOf(ctx context.Context, c Case) (*actions.OperationReport, error) {
	if c.Delisting == "" {
		return nil, nil //nolint:nilnil // most cases have none
	}
	report, err := d.Actions.Report(ctx, c.Delisting)
	switch {
	case actions.CodeOf(err) == actions.NotFound:
		return nil, nil //nolint:nilnil // it was tidied away
	case err != nil:
		return nil, err
	}
	return &report, nil
}

// beforeOf returns the case about the same that was resolved lately when this one
// was opened, nil without one.
func (d *Desk) beforeOf(ctx context.Context, c Case) (*Case, error) {
	if c.Facts.Before == "" {
		return nil, nil //nolint:nilnil // most cases have none
	}
	before, found, err := d.Store.CaseByID(ctx, c.Facts.Before)
	if err != nil || !found {
		return nil, err
	}
	return &before, nil
}

// EventReport returns an event of a case by its number. Errors: NotFound,
// Unavailable.
func (d *Desk) EventReport(ctx context.Context, id string, seq int) (EventReport, error) {
	r, err := d.Report(ctx, id)
	if err != nil {
		return EventReport{}, err
	}
	i := slices.IndexFunc(r.Events, func(e Event) bool { return e.Seq == seq })
	if i < 0 {
		return EventReport{}, errNoCase()
	}
	return EventReport{Event: r.Events[i], Report: r}, nil
}
