package storetest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
)

func testWatches(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, watchIsWhole) })
	t.Run("Open", func(t *testing.T) { each(t, watchesOpen) })
	t.Run("Once", func(t *testing.T) { each(t, watchOnce) })
	t.Run("Restart", func(t *testing.T) { each(t, watchOverARestart) })
	t.Run("EndedAtOnce", func(t *testing.T) { each(t, watchEndedAtOnce) })
	t.Run("StartedAtOnce", func(t *testing.T) { each(t, watchStartedAtOnce) })
	t.Run("ForgottenMeanwhile", func(t *testing.T) { each(t, watchForgottenMeanwhile) })
	t.Run("Forget", func(t *testing.T) { each(t, watchesForgotten) })
}

// watch is a watch begun at the moment plus d.
func watch(id, actor, user string, d time.Duration) actions.Watch {
	return actions.Watch{
		ID: id, UserID: user, Actor: actor, Ticket: "#4711", Cause: actions.CauseWrongPassword, Grade: actions.Proven,
		StartedAt: moment.Add(d), Until: moment.Add(d + 30*time.Minute), State: actions.Watching,
	}
}

func (s *site) startWatches(t testing.TB, watches ...actions.Watch) {
	t.Helper()
	for _, w := range watches {
		s.in(t, func(tx actions.Tx) error { return tx.StartWatch(t.Context(), w) })
	}
}

func (s *site) endWatch(t testing.TB, w actions.Watch) (ended bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) { ended, err = tx.EndWatch(t.Context(), w); return err })
	return ended
}

// watch reads a watch.
func (s *site) watch(t testing.TB, id string) actions.Watch {
	t.Helper()
	w, err := s.Watch(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func watchIsWhole(t *testing.T, s *site) {
	w := watch("w1", "U1", "user-1", 0)
	s.startWatches(t, w)
	s.restart(t)
	same(t, "the watch", s.watch(t, "w1"), w)
	w.State, w.EndedAt, w.AttemptAt, w.Outcome = actions.WatchFailed, moment.Add(2*time.Minute), moment.Add(time.Minute), actions.MFAFailed
	if !s.endWatch(t, w) {
		t.Error("it wasn't ended")
	}
	same(t, "the ended watch", s.watch(t, "w1"), w)
	other := w
	other.State, other.Outcome = actions.WatchIn, actions.Success
	if s.endWatch(t, other) {
		t.Error("it was ended twice")
	}
	w.Judgement, w.JudgedAt = actions.JudgedWrong, moment.Add(time.Hour)
	s.in(t, func(tx actions.Tx) error { return tx.JudgeWatch(t.Context(), w) })
	same(t, "the judged watch", s.watch(t, "w1"), w)
	for _, id := range []string{"w2", "", "w1\x00"} {
		if _, err := s.Watch(t.Context(), id); actions.CodeOf(err) != actions.NotFound {
			t.Errorf("the watch %q: %v", id, err)
		}
	}
}

func watchesOpen(t *testing.T, s *site) {
	ended := watch("ended", "U1", "user-9", -time.Hour)
	s.startWatches(t, ended, watch("second", "U1", "user-1", 0), watch("third", "U2", "user-1", time.Second),
		watch("first", "U1", "user-2", -time.Second))
	ended.State = actions.WatchExpired
	s.endWatch(t, ended)
	ids := func(watches []actions.Watch, err error) string {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
		return strings.Join(idsOf(watches, func(w actions.Watch) string { return w.ID }), " ")
	}
	same(t, "everybody's, oldest first", ids(s.Watches(t.Context())), "first second third")
	same(t, "U1's, newest first", ids(s.WatchesOf(t.Context(), "U1")), "second first")
	same(t, "nobody's", ids(s.WatchesOf(t.Context(), "U3")), "")
	s.in(t, func(tx actions.Tx) error {
		if err := tx.StartWatch(t.Context(), watch("new", "U1", "user-3", time.Minute)); err != nil {
			return err
		}
		same(t, "U1's in the transaction", ids(tx.WatchesOf(t.Context(), "U1")), "new second first")
		return nil
	})
}

// watchOnce: the database itself refuses a second watch.
func watchOnce(t *testing.T, s *site) {
	first := watch("w1", "U1", "user-1", 0)
	s.startWatches(t, first)
	err := s.Tx(t.Context(), func(tx actions.Tx) error { return tx.StartWatch(t.Context(), watch("w2", "U1", "user-1", 0)) })
	if err == nil {
		t.Error("the same agent watches the same customer twice")
	}
	first.State = actions.WatchIn
	s.endWatch(t, first)
	s.startWatches(t, watch("w3", "U1", "user-1", time.Minute))
}

// replicas are the use cases on two connections to the same database, at the
// moment plus d.
func (s *site) replicas(t testing.TB, d time.Duration) []*actions.Actions {
	t.Helper()
	var all []*actions.Actions
	for _, one := range []*store.Store{s.Store, open(t, s.url)} {
		all = append(all, &actions.Actions{Store: one, Directory: one, Now: func() time.Time { return moment.Add(d) }})
	}
	return all
}

// watchOverARestart: what was begun before is told of afterwards, once.
func watchOverARestart(t *testing.T, s *site) {
	s.put(t, sampleUser)
	before := &actions.Actions{Store: s.Store, Directory: s.Store, Now: func() time.Time { return moment }}
	agent := actions.Call{Actor: actions.Actor{ID: "U1", Roles: actions.RolesOf(actions.RoleAgent)}, Key: "click"}
	begun, err := before.Watch(t.Context(), agent, "user-1")
	if err != nil {
		t.Fatal(err)
	}
	s.restart(t)
	later := moment.Add(5 * time.Minute)
	afterwards := &actions.Actions{Store: s.Store, Directory: s.Store, Now: func() time.Time { return later }}
	check := func() string {
		t.Helper()
		if err := afterwards.CheckWatches(t.Context()); err != nil {
			t.Fatal(err)
		}
		return s.value(t, `SELECT count(*) FROM outbox`)
	}
	same(t, "messages before anybody tried", check(), "0")
	s.put(t, try("in", "user-1", moment.Add(4*time.Minute), actions.Success))
	same(t, "messages when they are in", check(), "1")
	s.restart(t)
	afterwards.Store, afterwards.Directory = s.Store, s.Store
	same(t, "messages after another check", check(), "1")
	leased := s.lease(t, later, 10)
	if len(leased) != 1 || leased[0].To != "U1" || leased[0].Ref != begun.Watch.ID || leased[0].Kind != actions.OutgoingWatchEnded {
		t.Fatalf("leased %+v", leased)
	}
	report, err := afterwards.WatchReport(t.Context(), leased[0].Ref)
	if err != nil || report.Watch.State != actions.WatchIn || !report.Watch.AttemptAt.Equal(moment.Add(4*time.Minute)) {
		t.Errorf("the message says %+v, %v", report, err)
	}
	same(t, "whom it is about", report.Person.Email, "J•••@A•••.example")
}

// watchEndedAtOnce lets two replicas check the watches, each several times.
func watchEndedAtOnce(t *testing.T, s *site) {
	s.put(t, sampleUser, person("user-2", "joe"), try("in", "user-1", moment.Add(time.Minute), actions.Success))
	s.startWatches(t, watch("w1", "U1", "user-1", 0), watch("w2", "U2", "user-1", 0), watch("w3", "U1", "user-2", 0))
	var all sync.WaitGroup
	for _, replica := range s.replicas(t, 2*time.Minute) {
		for range 4 {
			all.Go(func() {
				if err := replica.CheckWatches(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	same(t, "messages", s.value(t, `SELECT count(*) FROM outbox`), "2")
	same(t, "what they are about", s.value(t, `SELECT min(ref || receiver) || ' ' || max(ref || receiver) FROM outbox`), "w1U1 w2U2")
	for id, state := range map[string]actions.WatchState{"w1": actions.WatchIn, "w2": actions.WatchIn, "w3": actions.Watching} {
		same(t, "the state of "+id, s.watch(t, id).State, state)
	}
}

// watchStartedAtOnce lets an agent click on two replicas at once: one watch a
// customer, and no more than there may be.
func watchStartedAtOnce(t *testing.T, s *site) {
	const most = 20
	s.put(t, sampleUser, person("user-2", "joe"))
	for i := range most - 1 {
		s.startWatches(t, watch(fmt.Sprint("w", i), "U1", fmt.Sprint("other-", i), 0))
	}
	var all sync.WaitGroup
	var guard sync.Mutex
	codes := map[string]int{}
	for r, replica := range s.replicas(t, 0) {
		for i := range 4 {
			user := fmt.Sprint("user-", 1+i%2)
			call := actions.Call{Actor: actions.Actor{ID: "U1", Roles: actions.RolesOf(actions.RoleAgent)}, Key: fmt.Sprint(r, i)}
			all.Go(func() {
				report, err := replica.Watch(t.Context(), call, user)
				guard.Lock()
				defer guard.Unlock()
				codes[fmt.Sprint(actions.CodeOf(err), report.Already && err == nil)]++
			})
		}
	}
	all.Wait()
	same(t, "what they were told", codes, map[string]int{"false": 1, "true": 3, "conflictfalse": 4})
	same(t, "watches", s.value(t, `SELECT count(*) FROM watches`), fmt.Sprint(most))
}

func watchesForgotten(t *testing.T, s *site) {
	running, judged, old := watch("running", "U1", "user-1", -900*day), watch("judged", "U1", "user-2", -900*day), watch("old", "U1", "user-3", -900*day)
	edge := watch("edge", "U1", "user-4", -900*day)
	s.startWatches(t, running, judged, old, edge)
	for _, w := range []actions.Watch{judged, old, edge} {
		w.State, w.EndedAt = actions.WatchIn, ago(30*day+time.Microsecond)
		if w.ID == "edge" {
			w.EndedAt = ago(30 * day)
		}
		s.endWatch(t, w)
	}
	judged.Judgement, judged.JudgedAt = actions.JudgedRight, ago(30*day)
	s.in(t, func(tx actions.Tx) error { return tx.JudgeWatch(t.Context(), judged) })
	forget := func(judged time.Time, gone string, kept ...string) {
		t.Helper()
		s.in(t, func(tx actions.Tx) error {
			return tx.Forget(t.Context(), actions.Keep{Requests: moment, Runs: moment, Watches: ago(30 * day), Judged: judged})
		})
		for _, id := range kept {
			s.watch(t, id)
		}
		if _, err := s.Watch(t.Context(), gone); actions.CodeOf(err) != actions.NotFound {
			t.Errorf("the watch that should be %s and gone: %v", gone, err)
		}
	}
	forget(ago(30*day+time.Microsecond), "old", "running", "judged", "edge")
	forget(ago(30*day), "judged", "running", "edge")
}

// watchForgottenMeanwhile: what is said about a watch that is gone isn't kept,
// and neither is what was written with it.
func watchForgottenMeanwhile(t *testing.T, s *site) {
	err := s.Tx(t.Context(), func(tx actions.Tx) error {
		if err := tx.Audit(t.Context(), acts()[0]); err != nil {
			return err
		}
		return tx.JudgeWatch(t.Context(), watch("gone", "U1", "user-1", 0))
	})
	if actions.CodeOf(err) != actions.NotFound {
		t.Errorf("judging it: %v", err)
	}
	same(t, "rows of the audit", s.value(t, `SELECT count(*) FROM audit`), "0")
}
