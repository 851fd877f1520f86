package actions

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"
)

// fakeIncidents is what a fakeStore keeps of incidents and bulk unlocks, and what it is
// told of who fails.
type fakeIncidents struct {
	incidents map[string]Incident
	items     []BulkItem
	// failing is who failed, as the hours of a database have it; last week nobody did but
	// usual in each hour.
	failing []fakeFailing
	usual   int
	states  map[string]CustomerState
	account Account // that everybody is a member of
}

// fakeFailing is a customer who failed once.
type fakeFailing struct {
	IncidentCustomer
	attempt Attempt
}

func newFakeIncidents() fakeIncidents {
	return fakeIncidents{incidents: map[string]Incident{}, states: map[string]CustomerState{}}
}

func (f fakeIncidents) clone() fakeIncidents {
	f.incidents, f.items, f.states = maps.Clone(f.incidents), slices.Clone(f.items), maps.Clone(f.states)
	return f
}

// had are who had an outcome in a time, each once, who had it last first.
func (f fakeIncidents) had(outcome Outcome, since, until time.Time) []fakeFailing {
	var found []fakeFailing
	for _, one := range f.failing {
		if one.attempt.Outcome == outcome && !one.At.Before(since) && !one.At.After(until) {
			found = append(found, one)
		}
	}
	slices.SortStableFunc(found, func(a, b fakeFailing) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Who, b.Who)) })
	seen := map[string]bool{}
	return slices.DeleteFunc(found, func(one fakeFailing) bool {
		again := seen[one.Who]
		seen[one.Who] = true
		return again
	})
}

// customers are who had it, each user once under whatever name.
func (f fakeIncidents) customers(outcome Outcome, since, until time.Time) []IncidentCustomer {
	var found []IncidentCustomer
	for _, one := range f.had(outcome, since, until) {
		if one.UserID == "" || !slices.ContainsFunc(found, func(c IncidentCustomer) bool { return c.UserID == one.UserID }) {
			found = append(found, one.IncidentCustomer)
		}
	}
	return found
}

func (s *fakeStore) FailedAlike(_ context.Context, at time.Time) ([]AlikeCounts, error) {
	var many []AlikeCounts
	for _, outcome := range Outcomes[1:] {
		counts := AlikeCounts{Outcome: outcome, LastHour: len(s.current().had(outcome, at.Add(-time.Hour), at))}
		for day := range counts.Before {
			counts.Before[day] = s.current().usual
		}
		if counts.LastHour >= alikeLeast {
			many = append(many, counts)
		}
	}
	return many, s.down
}

func (s *fakeStore) IncidentsIn(_ context.Context, from, until time.Time, limit int) ([]Incident, error) {
	var found []Incident
	for _, i := range s.current().incidents {
		if i.At.Before(until) && (i.EndedAt.IsZero() || !i.SeenAt.Before(from)) {
			found = append(found, i)
		}
	}
	slices.SortFunc(found, func(a, b Incident) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return found[:min(limit, len(found))], s.down
}

func (s *fakeStore) OpenIncidents(context.Context) ([]Incident, error) {
	var open []Incident
	for _, i := range s.current().incidents {
		if i.EndedAt.IsZero() {
			open = append(open, i)
		}
	}
	slices.SortFunc(open, func(a, b Incident) int { return a.At.Compare(b.At) })
	return open, nil // no test lets this fail
}

func (s *fakeStore) IncidentByID(_ context.Context, id string) (Incident, error) {
	i, found := s.current().incidents[id]
	if !found && s.down == nil {
		return i, Errorf(NotFound, "There is no incident %s.", id)
	}
	return i, s.down
}

func (s *fakeStore) IncidentSpan(_ context.Context, outcome Outcome, since, until time.Time) (time.Time, int, error) {
	had := s.current().had(outcome, since, until)
	if len(had) == 0 {
		return time.Time{}, 0, s.down
	}
	return had[len(had)-1].At, len(s.current().customers(outcome, since, until)), s.down
}

func (s *fakeStore) IncidentCustomers(_ context.Context, outcome Outcome, since, until time.Time, limit int) ([]IncidentCustomer, error) {
	found := s.current().customers(outcome, since, until)
	return found[:min(limit, len(found))], s.down
}

func (s *fakeStore) IncidentTraces(_ context.Context, outcome Outcome, who []string, since, until time.Time) ([]IncidentTrace, error) {
	var traces []IncidentTrace
	for _, one := range s.current().had(outcome, since, until) {
		if slices.Contains(who, one.Who) {
			traces = append(traces, IncidentTrace{Who: one.Who, Attempt: one.attempt})
		}
	}
	return traces, s.down
}

func (s *fakeStore) SharedAccount(_ context.Context, users []string) (Account, int, bool, error) {
	account := s.current().account
	if account.ID == "" || len(users) == 0 {
		return Account{}, 0, false, s.down
	}
	return account, len(users), true, s.down
}

func (s *fakeStore) CustomerStates(_ context.Context, users []string, _, _, _ time.Time) ([]CustomerState, error) {
	var states []CustomerState
	for _, id := range users {
		if state, known := s.current().states[id]; known {
			states = append(states, state)
		}
	}
	return states, s.down
}

func (s *fakeStore) BulkItems(_ context.Context, operation string, after, limit int, states ...BulkState) ([]BulkItem, error) {
	var found []BulkItem
	for _, item := range s.current().items {
		if item.Operation == operation && item.Seq > after && (len(states) == 0 || slices.Contains(states, item.State)) {
			found = append(found, item)
		}
	}
	return found[:min(limit, len(found))], s.down
}

func (s *fakeStore) BulkTally(_ context.Context, operation string) (BulkTally, error) {
	return s.current().tally(operation), s.down
}

func (f fakeIncidents) tally(operation string) BulkTally {
	var tally BulkTally
	counts := map[BulkState]*int{BulkWaiting: &tally.Waiting, BulkDone: &tally.Done, BulkLeftOut: &tally.LeftOut, BulkFailed: &tally.Failed}
	for _, item := range f.items {
		if item.Operation == operation {
			*counts[item.State]++
		}
	}
	return tally
}

func (t *fakeTx) BulkTally(_ context.Context, operation string) (BulkTally, error) {
	return t.tally(operation), nil
}

func (t *fakeTx) StartIncident(_ context.Context, i Incident) (bool, error) {
	for _, other := range t.incidents {
		if other.Outcome == i.Outcome && other.EndedAt.IsZero() {
			return false, nil
		}
	}
	t.incidents[i.ID] = i
	return true, nil
}

func (t *fakeTx) MoveIncident(_ context.Context, i Incident) (bool, error) {
	kept, found := t.incidents[i.ID]
	if !found || !kept.EndedAt.IsZero() || kept.SeenAt.After(i.SeenAt) {
		return false, nil
	}
	i.Outcome, i.At = kept.Outcome, kept.At
	t.incidents[i.ID] = i
	return true, nil
}

func (t *fakeTx) StartBulk(_ context.Context, items []BulkItem) error {
	t.items = append(t.items, items...)
	return nil
}

func (t *fakeTx) SettleItem(_ context.Context, item BulkItem) (bool, error) {
	for i := range t.items {
		if kept := &t.items[i]; kept.Operation == item.Operation && kept.UserID == item.UserID && kept.State == BulkWaiting {
			kept.State, kept.Why = item.State, item.Why
			return true, nil
		}
	}
	return false, nil
}

func (t *fakeTx) EndBulk(_ context.Context, operation string) error {
	t.items = slices.DeleteFunc(t.items, func(item BulkItem) bool { return item.Operation == operation && item.State == BulkWaiting })
	return nil
}
