package escalation

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// fakeStore is a Store in memory, as far as the tests need one. A transaction works
// on a copy, which replaces the state when it is committed.
type fakeStore struct {
	actions.Store // what no test here uses
	state         fakeState
	down          error // what every call fails with, unless nil
	// again has each transaction run twice, as a database does after a deadlock.
	again bool
	// places are where L2's cards stand.
	places map[actions.Posted]string
}

type fakeState struct {
	cases     map[string]Case
	events    map[string][]Event
	followers map[string][]Follower
	audit     []actions.AuditEntry
	outbox    []actions.Outgoing // in the order in which they were written
	claims    map[string]bool
	tickets   map[string]string
	brakes    map[string]actions.Brake
	refusals  map[string]int
	fakeOperations
	fakeAdmins
}

func newFakeStore() *fakeStore {
	return &fakeStore{places: map[actions.Posted]string{}, state: fakeState{
		cases: map[string]Case{}, events: map[string][]Event{}, followers: map[string][]Follower{},
		claims: map[string]bool{}, tickets: map[string]string{}, brakes: map[string]actions.Brake{}, refusals: map[string]int{},
		fakeOperations: fakeOperations{map[string]actions.Operation{}, map[string]actions.Approval{}},
		fakeAdmins:     fakeAdmins{map[string]actions.TempAdmin{}},
	}}
}

func (s fakeState) clone() fakeState {
	s.cases, s.claims, s.tickets = maps.Clone(s.cases), maps.Clone(s.claims), maps.Clone(s.tickets)
	s.brakes, s.refusals, s.fakeOperations = maps.Clone(s.brakes), maps.Clone(s.refusals), s.fakeOperations.clone()
	s.fakeAdmins = s.fakeAdmins.clone()
	s.audit, s.outbox = slices.Clone(s.audit), slices.Clone(s.outbox)
	s.events, s.followers = maps.Clone(s.events), maps.Clone(s.followers)
	for id, events := range s.events {
		s.events[id] = slices.Clone(events)
	}
	for id, followers := range s.followers {
		s.followers[id] = slices.Clone(followers)
	}
	return s
}

func (s *fakeStore) Cases(_ context.Context, fn func(Tx) error) error {
	return s.transact(func(tx *fakeTx) error { return fn(tx) })
}

func (s *fakeStore) Tx(_ context.Context, fn func(actions.Tx) error) error {
	return s.transact(func(tx *fakeTx) error { return fn(tx) })
}

// transact forgets what a transaction did that fails, or that is run again.
func (s *fakeStore) transact(fn func(*fakeTx) error) error {
	if s.down != nil {
		return s.down
	}
	if s.again {
		_ = fn(&fakeTx{fakeState: s.state.clone()})
	}
	tx := &fakeTx{fakeState: s.state.clone()}
	if err := fn(tx); err != nil {
		return err
	}
	s.state = tx.fakeState
	return nil
}

func (s *fakeStore) Keyed() bool                { return true }
func (s *fakeStore) Ping(context.Context) error { return s.down }

func (s *fakeStore) CaseByID(_ context.Context, id string) (Case, bool, error) {
	c, found := s.state.cases[id]
	return c, found && s.down == nil, s.down
}

func (s *fakeStore) OpenCaseOf(ctx context.Context, key string) (Case, bool, error) {
	tx := fakeTx{fakeState: s.state}
	c, found, _ := tx.OpenCase(ctx, key)
	return c, found && s.down == nil, s.down
}

func (s *fakeStore) EventsOf(_ context.Context, id string) ([]Event, error) {
	return slices.Clone(s.state.events[id]), s.down
}

func (s *fakeStore) FollowersOf(_ context.Context, id string) ([]Follower, error) {
	return slices.Clone(s.state.followers[id]), s.down
}

func (s *fakeStore) CasesDue(_ context.Context, at time.Time, limit int) ([]string, error) {
	var due []Case
	for _, c := range s.state.cases {
		if !c.Due.IsZero() && !c.Due.After(at) {
			due = append(due, c)
		}
	}
	slices.SortFunc(due, func(a, b Case) int { return cmp.Or(a.Due.Compare(b.Due), strings.Compare(a.ID, b.ID)) })
	var ids []string
	for _, c := range due[:min(len(due), limit)] {
		ids = append(ids, c.ID)
	}
	return ids, s.down
}

func (s *fakeStore) CaseList(_ context.Context, f Filter, limit, offset int) ([]Case, error) {
	fits := func(c Case) bool {
		follows := func(o Follower) bool { return o.Agent == f.Mine }
		own := f.Own == "" || c.ClaimedBy == f.Own || c.Agent == f.Own
		mine := f.Mine == "" || c.ClaimedBy == f.Mine || slices.ContainsFunc(s.state.followers[c.ID], follows)
		ends := c.First.EndsAt
		if c.State != Open {
			ends = c.Resolution.EndsAt
		}
		late := f.Overdue.IsZero() || !ends.IsZero() && !ends.After(f.Overdue)
		return c.State != Resolved && mine && own && (!f.Unclaimed || c.State == Open) && late
	}
	all := slices.DeleteFunc(s.oldest(), func(c Case) bool { return !fits(c) })
	if f.Own != "" {
		slices.SortStableFunc(all, func(a, b Case) int {
			x, y := earliest(a.First.EndsAt, a.Resolution.EndsAt), earliest(b.First.EndsAt, b.Resolution.EndsAt)
			if x.IsZero() != y.IsZero() {
				return y.Compare(x)
			}
			return x.Compare(y)
		})
	}
	return fakePage(all, limit, offset), s.down
}

func (s *fakeStore) CaseCount(ctx context.Context, f Filter, limit int) (int, error) {
	fit, err := s.CaseList(ctx, f, limit, 0)
	return len(fit), err
}

// oldest returns all cases, the oldest first.
func (s *fakeStore) oldest() []Case {
	return slices.SortedFunc(maps.Values(s.state.cases), func(a, b Case) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID))
	})
}

func (s *fakeStore) CaseAt(_ context.Context, place actions.Posted) (string, bool, error) {
	id, found := s.places[place]
	return id, found, s.down
}

func (s *fakeStore) ResolvedLately(_ context.Context, key string, since time.Time) (Case, bool, error) {
	var last Case
	for _, c := range s.oldest() {
		if c.Key() == key && c.State == Resolved && c.ResolvedAt.After(since) && c.ResolvedAt.After(last.ResolvedAt) {
			last = c
		}
	}
	return last, last.ID != "", s.down
}

func (s *fakeStore) EachCase(_ context.Context, since, until time.Time, yield func(Case) error) error {
	for _, c := range s.oldest() {
		if c.At.Before(since) || !until.IsZero() && !c.At.Before(until) {
			continue
		}
		if err := yield(c); err != nil {
			return err
		}
	}
	return s.down
}

// fakeTx is a transaction of a fakeStore.
type fakeTx struct {
	actions.Tx // what no test here uses
	fakeState
}

func (t *fakeTx) StartCase(_ context.Context, c Case) (bool, error) {
	if t.openBeside(c) {
		return false, nil
	}
	t.cases[c.ID] = c
	return true, nil
}

// openBeside reports whether another case about the same isn't resolved.
func (t *fakeTx) openBeside(c Case) bool {
	for _, other := range t.cases {
		if other.ID != c.ID && other.Key() == c.Key() && other.State != Resolved {
			return true
		}
	}
	return false
}

func (t *fakeTx) Case(_ context.Context, id string) (Case, bool, error) {
	c, found := t.cases[id]
	return c, found, nil
}

func (t *fakeTx) OpenCase(_ context.Context, key string) (Case, bool, error) {
	for _, c := range t.cases {
		if c.Key() == key && c.State != Resolved {
			return c, true, nil
		}
	}
	return Case{}, false, nil
}

func (t *fakeTx) SaveCase(_ context.Context, c Case) (bool, error) {
	if c.State != Resolved && t.openBeside(c) {
		return false, nil
	}
	old := t.cases[c.ID]
	c.Kind, c.UserID, c.Address, c.At = old.Kind, old.UserID, old.Address, old.At
	t.cases[c.ID] = c
	return true, nil
}

func (t *fakeTx) AddEvent(_ context.Context, e Event) error {
	if e.Seq != len(t.events[e.Case])+1 {
		return actions.Errorf(actions.Internal, "event %d of %s isn't the next", e.Seq, e.Case)
	}
	t.events[e.Case] = append(t.events[e.Case], e)
	return nil
}

func (t *fakeTx) Follow(_ context.Context, f Follower) (bool, error) {
	for i, old := range t.followers[f.Case] {
		if old.Agent != f.Agent {
			continue
		}
		if old.Thread == "" {
			t.followers[f.Case][i].Channel, t.followers[f.Case][i].Thread = f.Channel, f.Thread
		}
		return false, nil
	}
	t.followers[f.Case] = append(t.followers[f.Case], f)
	return true, nil
}

func (t *fakeTx) EventsOf(_ context.Context, id string) ([]Event, error) {
	return slices.Clone(t.events[id]), nil
}

func (t *fakeTx) FollowersOf(_ context.Context, id string) ([]Follower, error) {
	return slices.Clone(t.followers[id]), nil
}

func (t *fakeTx) OpenedSince(_ context.Context, agent string, since time.Time) (int, error) {
	n := 0
	for _, c := range t.cases {
		if events := t.events[c.ID]; c.At.After(since) && len(events) > 0 && events[0].Actor == agent {
			n++
		}
	}
	return n, nil
}

func (t *fakeTx) Claim(_ context.Context, key string, _ time.Time) (bool, error) {
	fresh := key == "" || !t.claims[key]
	t.claims[key] = true
	return fresh, nil
}

func (t *fakeTx) Audit(_ context.Context, entry actions.AuditEntry) error {
	t.audit = append(t.audit, entry)
	return nil
}

// Enqueue leaves out an edit that would show what another one that waits shows.
func (t *fakeTx) Enqueue(_ context.Context, m actions.Outgoing) error {
	same := func(o actions.Outgoing) bool { return o.Kind == m.Kind && o.To == m.To && o.Ref == m.Ref }
	if !m.Kind.Follows() || !slices.ContainsFunc(t.outbox, same) {
		t.outbox = append(t.outbox, m)
	}
	return nil
}

func (t *fakeTx) RememberTicket(_ context.Context, actor, ticket string, _ time.Time) error {
	t.tickets[actor] = ticket
	return nil
}

func (t *fakeTx) Ticket(_ context.Context, actor string, _ time.Time) (string, error) {
	return t.tickets[actor], nil
}

func (t *fakeTx) Brake(_ context.Context, actor string) (actions.Brake, bool, error) {
	brake, found := t.brakes[actor]
	return brake, found, nil
}

func (t *fakeTx) CountRefusal(_ context.Context, actor string, at time.Time) (actions.RefusalHour, error) {
	t.refusals[actor]++
	return actions.RefusalHour{Actor: actor, Since: at, Count: t.refusals[actor]}, nil
}

func (t *fakeTx) RestartRefusals(_ context.Context, actor string, _ time.Time) error {
	t.refusals[actor] = 1
	return nil
}

// must ends the test on an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
