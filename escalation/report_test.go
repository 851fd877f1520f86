package escalation

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// seen is how people see the case of the tests' scenes.
func (s *scene) seen(t testing.TB) Report {
	t.Helper()
	r, err := s.Report(t.Context(), id)
	must(t, err)
	return r
}

func TestReportClocks(t *testing.T) {
	clocks := func(first, resolution time.Duration) func(*Case) {
		return func(c *Case) {
			c.First, c.Resolution = Clock{}, Clock{}
			if first != 0 {
				c.First.EndsAt = noon.Add(first)
			}
			if resolution != 0 {
				c.Resolution.EndsAt = noon.Add(resolution)
			}
		}
	}
	for name, test := range map[string]struct {
		first, resolution time.Duration
		overdue           bool
	}{
		"InTime":         {time.Hour, 2 * time.Hour, false},
		"FirstOver":      {-time.Second, 2 * time.Hour, true},
		"ResolutionOver": {0, -time.Second, true},
		"Now":            {0, time.Nanosecond, false},
		"StandsStill":    {0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := stage(t)
			c := s.has(t, Claimed, clocks(test.first, test.resolution))
			r := s.seen(t)
			if r.Overdue != test.overdue || !r.FirstBy.Equal(c.First.EndsAt) || !r.ResolveBy.Equal(c.Resolution.EndsAt) {
				t.Errorf("%+v", r)
			}
			if !slices.Equal(r.Acts, c.Acts(noon)) || len(r.Events) != 1 || len(r.Followers) != 1 || r.Delisting != nil || r.Before != nil || r.Tell != nil {
				t.Errorf("%+v", r)
			}
		})
	}
	s := stage(t)
	s.has(t, Claimed, clocks(0, time.Hour))
	s.later(time.Hour)
	if !s.seen(t).Overdue {
		t.Error("at its end it isn't overdue")
	}
}

func TestReportRemovable(t *testing.T) {
	on := func(lists ...actions.SuppressionList) func(*Case) {
		return func(c *Case) {
			listing := actions.Listing{Source: "Amazon SES"}
			for _, list := range lists {
				listing.Entries = append(listing.Entries, actions.Suppression{List: list})
			}
			c.Facts.Lists = []actions.Listing{{Source: "latchkey"}, listing}
		}
	}
	for name, test := range map[string]struct {
		changes []func(*Case)
		want    bool
	}{
		"Listed":       {[]func(*Case){on(actions.ListUnsubscribe, actions.ListBlock)}, true},
		"Unsubscribed": {[]func(*Case){on(actions.ListUnsubscribe)}, false},
		"OnNone":       {[]func(*Case){on()}, false},
		"Silent":       {[]func(*Case){func(c *Case) { c.Facts.Lists = []actions.Listing{{Source: "Amazon SES", Silent: true}} }}, true},
		"NobodyKnown":  {[]func(*Case){on(actions.ListBlock), func(c *Case) { c.UserID = "" }}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := stage(t)
			s.has(t, Claimed, test.changes...)
			if got := s.seen(t).Removable; got != test.want {
				t.Errorf("removable is %v", got)
			}
			delisted := func(kind EventKind) bool {
				s.store.state.events[id] = append(s.store.state.events[id], Event{Case: id, Seq: len(s.store.state.events[id]) + 1, Kind: kind})
				return s.seen(t).Removable
			}
			if delisted(EventNotDelisted) != test.want || delisted(EventDelisted) || delisted(EventReplied) {
				t.Error("it is as removable after it was removed")
			}
			if delisted(EventReopened) != test.want || delisted(EventNotDelisted) != test.want {
				t.Error("it can't be listed again")
			}
		})
	}
}

// mails lets a desk send mail.
func mails(t *testing.T, s *scene) {
	t.Helper()
	keys, err := actions.ParseKeyring("k1:" + base64.StdEncoding.EncodeToString(make([]byte, 32)))
	if err != nil {
		t.Fatal(err)
	}
	s.Actions.Keys = keys
	s.Actions.Mailer, s.Actions.Writer = struct{ actions.Mailer }{}, struct{ actions.Writer }{}
}

func TestReportResolved(t *testing.T) {
	german := func(c *Case) { c.Facts.Person = &actions.Person{ID: "u-1", Locale: "de-AT"} }
	kind := func(kind Kind, outcome Outcome) func(*Case) {
		return func(c *Case) { c.Kind, c.Outcome = kind, outcome }
	}
	for name, test := range map[string]struct {
		changes    []func(*Case)
		resettable bool
		tell       []string // languages
	}{
		"NotListed":  {nil, true, []string{"en"}},
		"Removed":    {[]func(*Case){kind(Blocklist, ListedRemoved), german}, true, []string{"en", "de"}},
		"Kept":       {[]func(*Case){kind(Delivery, ListedKept)}, false, []string{"en"}},
		"Account":    {[]func(*Case){kind(Account, OutcomeOther)}, true, []string{"en"}},
		"Security":   {[]func(*Case){kind(Security, OutcomeOther)}, false, []string{"en"}},
		"Other":      {[]func(*Case){kind(Other, OutcomeOther)}, false, []string{"en"}},
		"NobodyHere": {[]func(*Case){func(c *Case) { c.UserID = "" }}, false, []string{"en"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := stage(t)
			s.has(t, Resolved, test.changes...)
			if s.seen(t).Resettable {
				t.Error("a reset is offered, and no mail can be sent")
			}
			mails(t, s)
			r := s.seen(t)
			var languages []string
			for _, saying := range r.Tell {
				languages = append(languages, saying.Language)
			}
			if r.Resettable != test.resettable || !slices.Equal(languages, test.tell) {
				t.Errorf("resettable is %v, tells in %q", r.Resettable, languages)
			}
		})
	}
}

// operations is a store with an operation, or with an error instead.
type operations struct {
	*fakeStore
	op  actions.Operation
	err error
}

func (o operations) OperationByID(_ context.Context, id string) (actions.Operation, error) {
	if o.err != nil {
		return actions.Operation{}, o.err
	}
	o.op.ID = id
	return o.op, nil
}

func (operations) MailsOf(context.Context, string) ([]actions.Mail, error) { return nil, nil }

func (operations) Held(context.Context, string, string, string, time.Time) (actions.Verification, bool, error) {
	return actions.Verification{}, false, nil
}

func (operations) ApprovalOf(context.Context, string) (actions.Approval, bool, error) {
	return actions.Approval{}, false, nil
}

func TestReportDelisting(t *testing.T) {
	gone, broken := actions.Errorf(actions.NotFound, "It was tidied away."), errors.New("broken")
	for name, test := range map[string]struct{ err, want error }{"UnderWay": {nil, nil}, "Tidied": {gone, nil}, "Broken": {broken, broken}} {
		t.Run(name, func(t *testing.T) {
			s := stage(t)
			s.knows(t)
			s.has(t, Claimed, func(c *Case) { c.Delisting = "op-1" })
			s.Actions.Store = operations{s.store, actions.Operation{Act: actions.ActDelist, Subject: "u-1", State: actions.OperationRunning}, test.err}
			r, err := s.Report(t.Context(), id)
			if !errors.Is(err, test.want) {
				t.Fatalf("the error is %v", err)
			}
			if got := r.Delisting; (got != nil) != (test.err == nil) || got != nil && got.Operation.ID != "op-1" {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestReportBefore(t *testing.T) {
	s := stage(t)
	s.has(t, Resolved)
	s.store.state.cases["NEXT"] = Case{ID: "NEXT", State: Open, Facts: Facts{Before: id}}
	s.store.state.cases["LAST"] = Case{ID: "LAST", State: Open, Facts: Facts{Before: "FORGOTTEN"}}
	if r, err := s.Report(t.Context(), "NEXT"); err != nil || r.Before == nil || r.Before.ID != id {
		t.Errorf("%+v, %v", r.Before, err)
	}
	if r, err := s.Report(t.Context(), "LAST"); err != nil || r.Before != nil {
		t.Errorf("%+v, %v", r.Before, err)
	}
}

func TestReportOfNothing(t *testing.T) {
	s := stage(t)
	_, err := s.Report(t.Context(), id)
	wantCode(t, err, actions.NotFound)
	_, err = s.EventReport(t.Context(), id, 1)
	wantCode(t, err, actions.NotFound)
	s.has(t, Open)
	for _, seq := range []int{0, 2, -1} {
		_, err = s.EventReport(t.Context(), id, seq)
		wantCode(t, err, actions.NotFound)
	}
	e, err := s.EventReport(t.Context(), id, 1)
	if must(t, err); e.Event.Kind != EventOpened || e.Report.Case.ID != id {
		t.Errorf("%+v", e)
	}
	s.store.down = actions.Errorf(actions.Unavailable, "It doesn't answer.")
	_, err = s.Report(t.Context(), id)
	wantCode(t, err, actions.Unavailable)
}
