package escalation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// watchedStore is a store that counts, and in which some cases can't be read.
type watchedStore struct {
	*fakeStore
	queries, transactions int
	broken                map[string]bool
	tries                 map[string]int
}

// watched puts such a store into the scene.
func (s *scene) watched() *watchedStore {
	w := &watchedStore{fakeStore: s.store, broken: map[string]bool{}, tries: map[string]int{}}
	s.Store = w
	return w
}

func (w *watchedStore) CasesDue(ctx context.Context, at time.Time, limit int) ([]string, error) {
	w.queries++
	return w.fakeStore.CasesDue(ctx, at, limit)
}

func (w *watchedStore) Cases(ctx context.Context, fn func(Tx) error) error {
	w.transactions++
	return w.fakeStore.Cases(ctx, func(tx Tx) error { return fn(watchedTx{tx, w}) })
}

type watchedTx struct {
	Tx
	store *watchedStore
}

var errBroken = errors.New("it can't be read")

func (t watchedTx) Case(ctx context.Context, id string) (Case, bool, error) {
	t.store.tries[id]++
	if t.store.broken[id] {
		return Case{}, false, errBroken
	}
	return t.Tx.Case(ctx, id)
}

func TestWatchWithNothingDue(t *testing.T) {
	s := stage(t)
	w := s.watched()
	s.timed(t, Open)
	nothing(t, s.watches(t))
	if w.queries != 1 || w.transactions != 0 {
		t.Errorf("%d queries and %d transactions", w.queries, w.transactions)
	}
}

// crowd has so many open cases, each due a moment after the one before it.
func (s *scene) crowd(t testing.TB, many int) []string {
	t.Helper()
	c := s.timed(t, Open)
	delete(s.store.state.cases, c.ID)
	var ids []string
	for i := range many {
		c.ID, c.Address, c.Due = fmt.Sprintf("CASE%04d", i), fmt.Sprintf("u%d@acme.example", i), c.Due.Add(tick)
		s.store.state.cases[c.ID], s.store.state.events[c.ID] = c, []Event{{Case: c.ID, Seq: 1}}
		ids = append(ids, c.ID)
	}
	return ids
}

// TestWatchGoesOn holds that cases that fail, however many, are tried once, are said,
// and keep nobody else from their reminder.
func TestWatchGoesOn(t *testing.T) {
	const many = watchBatch + watchBatch/2
	s := stage(t)
	w := s.watched()
	for i, id := range s.crowd(t, 2*many) {
		w.broken[id] = i < many
	}
	s.later(90 * time.Minute)
	err := s.Watch(t.Context())
	if !errors.Is(err, errBroken) || strings.Count(err.Error(), "\n") != many-1 || !strings.Contains(err.Error(), "CASE0000") {
		t.Fatalf("the error is %v", err)
	}
	if sent := s.news(); len(sent) != many {
		t.Errorf("%d reminders were sent", len(sent))
	}
	if most := slices.Max(slices.Collect(maps.Values(w.tries))); len(w.tries) != 2*many || most != 1 || w.queries > 6 {
		t.Errorf("%d cases were tried, up to %d times, with %d queries", len(w.tries), most, w.queries)
	}
}

func TestWatchWhileTheStoreIsDown(t *testing.T) {
	s := stage(t)
	s.timed(t, Open)
	s.later(time.Hour)
	s.store.down = actions.Errorf(actions.Unavailable, "The database doesn't answer.")
	if err := s.Watch(t.Context()); actions.CodeOf(err) != actions.Unavailable {
		t.Errorf("the error is %v", err)
	}
	s.store.down = nil
	only(t, s.watches(t), inThread(2))
}

// TestWatchStops holds that a server that is stopped doesn't go through all that is
// due first.
func TestWatchStops(t *testing.T) {
	s := stage(t)
	w := s.watched()
	for _, id := range s.crowd(t, 3) {
		w.broken[id] = true
	}
	s.later(90 * time.Minute)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Watch(ctx); !errors.Is(err, errBroken) || w.transactions != 1 {
		t.Errorf("%d cases were tried: %v", w.transactions, err)
	}
}

// TestWatchReckonsAnew holds that a case that is looked at too early, since the
// company's hours changed, waits for its moment, and nobody sees it.
func TestWatchReckonsAnew(t *testing.T) {
	s := stage(t)
	s.timed(t, Open)
	s.later(time.Hour)
	s.Hours = worked(t, "UTC", "wed 08:00-18:00", "")
	must(t, s.Watch(t.Context()))
	nothing(t, s.sent())
	if due := instant(t, "2026-03-11 09:00 +0000"); !s.the().Due.Equal(due) || s.the().ChangedAt != noon {
		t.Errorf("due %s", s.the().Due)
	}
}

func TestWatchWithoutTheCase(t *testing.T) {
	s := stage(t)
	s.watched()
	must(t, s.pass(t.Context(), "GONE", func() ([]string, error) { t.Error("the leads were looked up"); return nil, nil }))
}

// TestWatchTellsLeads holds whom the last reminder goes to without a channel of
// theirs, and that Slack is asked once, and only for that one.
func TestWatchTellsLeads(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*scene)
		want   []string
	}{
		"OnDuty":  {func(s *scene) { s.Leads, s.staff.onDuty = "", []string{lea, ada} }, []string{"case_leads ULEA " + id + "/2", "case_leads UADA " + id + "/2"}},
		"OffDuty": {func(s *scene) { s.Leads, s.staff.onDuty = "", nil }, []string{"case_leads UADA " + id + "/2"}},
		"Channel": {func(s *scene) { s.staff.down = errBroken }, []string{toLeads(2)}},
		"NoStaff": {func(s *scene) { s.Leads, s.Actions.Staff = "", nil }, nil},
		"Again":   {func(s *scene) { s.store.again = true }, []string{toLeads(2)}},
	} {
		t.Run(name, func(t *testing.T) {
			s := stage(t)
			s.timed(t, Open)
			c.change(s)
			s.later(3 * time.Hour)
			only(t, s.watches(t), c.want...)
			if s.the().First.Sent != ToTheLeads || s.newest().Level != ToTheLeads {
				t.Errorf("%d was sent", s.the().First.Sent)
			}
			nothing(t, s.watches(t))
		})
	}
}

// TestWatchWhileSlackIsDown holds that what the leads have to be told waits until Slack
// says who they are, and comes then; others get their reminders meanwhile.
func TestWatchWhileSlackIsDown(t *testing.T) {
	s := stage(t)
	s.Leads, s.staff.down = "", errBroken
	ids := s.crowd(t, 2)
	late, other := ids[0], s.store.state.cases[ids[1]]
	s.later(time.Hour)
	s.begin(&other, s.now)
	s.reckon(&other, s.now)
	s.store.state.cases[other.ID] = other
	s.later(2 * time.Hour)
	for range 2 {
		if err := s.Watch(t.Context()); actions.CodeOf(err) != actions.Unavailable || !strings.Contains(err.Error(), late) {
			t.Fatalf("the error is %v", err)
		}
		if c := s.store.state.cases[late]; c.First.Sent != NoReminder || c.Events != 1 || c.Due.After(s.now) {
			t.Fatalf("while Slack is down the case is %+v", c)
		}
	}
	only(t, s.news(), "case_event "+l2+" "+other.ID+"/2")
	s.staff.down = nil
	only(t, s.watches(t), "case_leads ULEA "+late+"/2")
	nothing(t, s.watches(t))
}

// countedStaff counts how often it is asked for the leads.
type countedStaff struct {
	*fakeStaff
	asked int
}

func (c *countedStaff) Leads(ctx context.Context) (onDuty, others []string, err error) {
	c.asked++
	return c.fakeStaff.Leads(ctx)
}

func TestWatchAsksForLeadsOnce(t *testing.T) {
	s := stage(t)
	staff := &countedStaff{fakeStaff: s.staff}
	s.Leads, s.Actions.Staff = "", staff
	s.crowd(t, 2)
	s.later(2*time.Hour + time.Minute)
	if sent := s.watches(t); len(sent) != 2 || staff.asked != 0 {
		t.Fatalf("for %q the leads were looked up %d times", sent, staff.asked)
	}
	s.later(time.Hour)
	if sent := s.watches(t); len(sent) != 2 || staff.asked != 1 {
		t.Errorf("for %q the leads were looked up %d times", sent, staff.asked)
	}
}

// sharedStore is what two replicas share: each has looked for what is due before
// one of them does it.
type sharedStore struct {
	*fakeStore
	mutex  sync.Mutex
	looked sync.WaitGroup
}

func (s *sharedStore) CasesDue(ctx context.Context, at time.Time, limit int) ([]string, error) {
	s.mutex.Lock()
	ids, err := s.fakeStore.CasesDue(ctx, at, limit)
	s.mutex.Unlock()
	s.looked.Done()
	s.looked.Wait()
	return ids, err
}

func (s *sharedStore) Cases(ctx context.Context, fn func(Tx) error) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.fakeStore.Cases(ctx, fn)
}

func TestWatchInTwoReplicas(t *testing.T) {
	s := stage(t)
	s.timed(t, Claimed)
	s.later(4 * time.Hour)
	shared := &sharedStore{fakeStore: s.store}
	shared.looked.Add(2)
	var replicas sync.WaitGroup
	for range 2 {
		desk := *s.Desk
		desk.Store, desk.Reached = shared, nil
		replicas.Go(func() {
			if err := desk.Watch(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	replicas.Wait()
	only(t, s.news(), inThread(2), inThread(3))
}

// TestWatchSteps holds that a process that ends at a step of a reminder leaves it to
// the next one, or has sent it.
func TestWatchSteps(t *testing.T) {
	for step, want := range map[string]int{"watch:begun": 1, "watch:stored": 2} {
		s := stage(t)
		s.timed(t, Open)
		s.later(time.Hour)
		died := errors.New("it died")
		s.Reached = func(at string) {
			if at == step {
				panic(died)
			}
		}
		func() {
			defer func() {
				if recovered := recover(); recovered != died { //nolint:errorlint // a panic is no error that is wrapped
					t.Errorf("%s wasn't reached: %v", step, recovered)
				}
			}()
			_ = s.Watch(t.Context())
		}()
		if got := s.the().Events; got != want {
			t.Errorf("after %s, %d events happened", step, got)
		}
		s.Reached = nil
		must(t, s.Watch(t.Context()))
		only(t, s.news(), inThread(2))
	}
}
