package storetest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testParked(t *testing.T) {
	t.Run("Once", func(t *testing.T) { each(t, parkedOnce) })
	t.Run("ManyAtOnce", func(t *testing.T) { each(t, parkedAtOnce) })
	t.Run("Forget", func(t *testing.T) { each(t, parkedForgotten) })
}

// parked is a request with every field set.
func parked(id string, at time.Time) actions.Parked {
	return actions.Parked{
		ID: id, Actor: "U1", Command: "/diagnose", Text: "jane's “odd” name \\ %_ 🔑", Action: "share", Value: "user-1", At: at,
	}
}

func (s *site) park(t testing.TB, p actions.Parked) {
	t.Helper()
	s.in(t, func(tx actions.Tx) error { return tx.Park(t.Context(), p) })
}

func (s *site) unpark(t testing.TB, id, actor string, since time.Time) (p actions.Parked, found bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) { p, found, err = tx.Unpark(t.Context(), id, actor, since); return err })
	return p, found
}

func parkedOnce(t *testing.T, s *site) {
	want := parked("p1", moment)
	s.park(t, want)
	s.restart(t)
	for what, asked := range map[string]struct {
		id, actor string
		since     time.Time
	}{
		"another ID": {"p2", "U1", ago(time.Hour)}, "somebody else": {"p1", "U2", ago(time.Hour)}, "too late": {"p1", "U1", moment},
	} {
		if p, found := s.unpark(t, asked.id, asked.actor, asked.since); found || p != (actions.Parked{}) {
			t.Errorf("%s: fetched %+v", what, p)
		}
	}
	p, found := s.unpark(t, "p1", "U1", moment.Add(-time.Microsecond))
	same(t, "the request", p, want)
	if _, again := s.unpark(t, "p1", "U1", ago(time.Hour)); !found || again {
		t.Errorf("fetched: %t, and again: %t", found, again)
	}
}

func parkedAtOnce(t *testing.T, s *site) {
	s.park(t, parked("p1", moment))
	var all sync.WaitGroup
	var fetched atomic.Int64
	for range 8 {
		all.Go(func() {
			err := s.Tx(t.Context(), func(tx actions.Tx) error {
				_, found, err := tx.Unpark(t.Context(), "p1", "U1", ago(time.Hour))
				if found {
					fetched.Add(1)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	same(t, "how many fetched it", fetched.Load(), 1)
}

func parkedForgotten(t *testing.T, s *site) {
	s.park(t, parked("old", ago(2*time.Hour+time.Microsecond)))
	s.park(t, parked("kept", ago(2*time.Hour)))
	s.in(t, func(tx actions.Tx) error { return tx.Forget(t.Context(), actions.Keep{Requests: ago(2 * time.Hour)}) })
	same(t, "what is left", s.value(t, `SELECT min(id) || count(*) FROM parked`), "kept1")
}
