package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testClaims(t *testing.T) {
	t.Run("Once", func(t *testing.T) { each(t, claimOnce) })
	t.Run("RolledBack", func(t *testing.T) { each(t, claimRolledBack) })
	t.Run("ManyAtOnce", func(t *testing.T) { each(t, claimAtOnce) })
	t.Run("Forget", func(t *testing.T) { each(t, forget) })
}

// in runs fn in a transaction that has to succeed.
func (s *site) in(t testing.TB, fn func(actions.Tx) error) {
	t.Helper()
	if err := s.Tx(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// claim claims a key in a transaction of its own.
func (s *site) claim(t testing.TB, key string, at time.Time) (fresh bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) {
		fresh, err = tx.Claim(t.Context(), key, at)
		return err
	})
	return fresh
}

func claimOnce(t *testing.T, s *site) {
	for _, step := range []struct {
		key   string
		fresh bool
	}{{"a", true}, {"a", false}, {"A", true}, {"a ", true}, {"", true}, {"", true}, {"\x00", true}, {"\x00", false}} {
		if fresh := s.claim(t, step.key, moment); fresh != step.fresh {
			t.Errorf("the key %q is fresh: %t; want %t", step.key, fresh, step.fresh)
		}
	}
}

func claimRolledBack(t *testing.T, s *site) {
	err := s.Tx(t.Context(), func(tx actions.Tx) error {
		if _, err := tx.Claim(t.Context(), "a", moment); err != nil {
			return err
		}
		fresh, err := tx.Claim(t.Context(), "a", moment)
		if fresh {
			t.Error("the key is fresh twice in one transaction")
		}
		return errors.Join(err, errOnPurpose)
	})
	if !errors.Is(err, errOnPurpose) {
		t.Fatal(err)
	}
	if !s.claim(t, "a", moment) {
		t.Error("a claim that was rolled back still counts")
	}
}

func claimAtOnce(t *testing.T, s *site) {
	var all sync.WaitGroup
	var fresh atomic.Int64
	for range 16 {
		all.Go(func() {
			err := s.Tx(t.Context(), func(tx actions.Tx) error {
				ok, err := tx.Claim(t.Context(), "a", moment)
				if ok {
					fresh.Add(1)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	same(t, "how many found the key fresh", fresh.Load(), 1)
}

func forget(t *testing.T, s *site) {
	s.claim(t, "old", ago(2*time.Hour+time.Microsecond))
	s.claim(t, "kept", ago(2*time.Hour))
	s.in(t, func(tx actions.Tx) error {
		return errors.Join(tx.RememberTicket(t.Context(), "U1", "#1", ago(3*time.Hour)), tx.RememberTicket(t.Context(), "U2", "#2", ago(time.Hour)),
			tx.Forget(t.Context(), actions.Keep{Requests: ago(2 * time.Hour)}))
	})
	if !s.claim(t, "old", moment) || s.claim(t, "kept", moment) {
		t.Error("what is older than the limit is forgotten, and nothing else")
	}
	same(t, "the forgotten ticket", s.ticket(t, "U1", ago(10*time.Hour)), "")
	same(t, "the kept ticket", s.ticket(t, "U2", ago(10*time.Hour)), "#2")
}

// ticket reads the ticket of an actor.
func (s *site) ticket(t testing.TB, actor string, since time.Time) (ticket string) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) {
		ticket, err = tx.Ticket(t.Context(), actor, since)
		return err
	})
	return ticket
}

func testTickets(t *testing.T) { each(t, tickets) }

func tickets(t *testing.T, s *site) {
	remember := func(actor, ticket string, at time.Time) {
		s.in(t, func(tx actions.Tx) error { return tx.RememberTicket(t.Context(), actor, ticket, at) })
	}
	same(t, "nobody's ticket", s.ticket(t, "U1", ago(time.Hour)), "")
	remember("U1", "#4711", ago(time.Minute))
	remember("U2", "#1", ago(time.Minute))
	same(t, "the ticket", s.ticket(t, "U1", ago(time.Hour)), "#4711")
	same(t, "the ticket since its moment", s.ticket(t, "U1", ago(time.Minute)), "")
	remember("U1", "#4712\x00", moment)
	same(t, "the next ticket", s.ticket(t, "U1", ago(time.Second)), "#4712\uFFFD")
	same(t, "the other's ticket", s.ticket(t, "U2", ago(time.Hour)), "#1")
}

func testRefusals(t *testing.T) { each(t, refusals) }

func refusals(t *testing.T, s *site) {
	count := func(actor string, at time.Time) (hour actions.RefusalHour) {
		s.in(t, func(tx actions.Tx) (err error) { hour, err = tx.CountRefusal(t.Context(), actor, at); return err })
		return hour
	}
	take := func(since time.Time) (hours []actions.RefusalHour) {
		s.in(t, func(tx actions.Tx) (err error) { hours, err = tx.TakeRefusals(t.Context(), since); return err })
		return hours
	}
	same(t, "the first", count("U1", ago(2*time.Hour)), actions.RefusalHour{Actor: "U1", Since: ago(2 * time.Hour), Count: 1})
	same(t, "the second", count("U1", ago(time.Hour)), actions.RefusalHour{Actor: "U1", Since: ago(2 * time.Hour), Count: 2})
	same(t, "another's first", count("U2", ago(3*time.Hour)), actions.RefusalHour{Actor: "U2", Since: ago(3 * time.Hour), Count: 1})
	s.in(t, func(tx actions.Tx) error { return tx.RestartRefusals(t.Context(), "U2", ago(time.Minute)) })
	s.in(t, func(tx actions.Tx) error { return tx.RestartRefusals(t.Context(), "U3", ago(2*time.Hour)) })
	same(t, "after the restart", count("U2", moment), actions.RefusalHour{Actor: "U2", Since: ago(time.Minute), Count: 2})
	same(t, "taken too early", len(take(ago(2*time.Hour+time.Microsecond))), 0)
	same(t, "taken", take(ago(2*time.Hour)), []actions.RefusalHour{
		{Actor: "U1", Since: ago(2 * time.Hour), Count: 2}, {Actor: "U3", Since: ago(2 * time.Hour), Count: 1},
	})
	same(t, "taken again", len(take(ago(2*time.Hour))), 0)
	same(t, "what is left", take(moment), []actions.RefusalHour{{Actor: "U2", Since: ago(time.Minute), Count: 2}})
}
