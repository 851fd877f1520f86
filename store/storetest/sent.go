package storetest

import (
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testSent(t *testing.T) {
	t.Run("KeepsProtection", func(t *testing.T) { each(t, sentKeepsProtection) })
	t.Run("HoldsAChangedContact", func(t *testing.T) { each(t, sentHoldsContact) })
	t.Run("TwiceInABatch", func(t *testing.T) { each(t, sentTwiceInABatch) })
	t.Run("Many", func(t *testing.T) { each(t, sentMany) })
	t.Run("WhileAnImportProtects", func(t *testing.T) { onPostgres(t, sentWhileProtecting) })
}

// send stores users that a token sent at a moment.
func (s *site) send(t testing.TB, at time.Time, users ...actions.User) actions.Count {
	t.Helper()
	n, err := s.trySend(t, at, users...)
	if err != nil {
		t.Fatalf("sending: %v", err)
	}
	return n
}

func (s *site) trySend(t testing.TB, at time.Time, users ...actions.User) (actions.Count, error) {
	t.Helper()
	var tally actions.Tally
	err := s.Import(t.Context(), func(tx actions.ImportTx) (err error) {
		tally, err = tx.Put(t.Context(), sentUsers(at, users...))
		return err
	})
	return tally["user"], err
}

// sentUsers are records of users that a token sent.
func sentUsers(at time.Time, users ...actions.User) []actions.Record {
	var sent []actions.Record
	for i, user := range users {
		sent = append(sent, actions.Record{Body: user, Digest: actions.Digest(user), File: "-", Line: i + 1, SentAt: at})
	}
	return sent
}

// imported stores a user as an import brings it.
func (s *site) imported(t testing.TB, user actions.User) actions.Count {
	t.Helper()
	return s.send(t, time.Time{}, user)
}

// jane is a user with contacts.
func jane(change func(*actions.User)) actions.User {
	user := person("user-1", "jane")
	user.Email, user.Mobile = "jane@acme.example", "+61 400 000 001"
	change(&user)
	return user
}

func (s *site) user(t testing.TB, id string) actions.User {
	t.Helper()
	found := s.lookBy(t, actions.Query{UserID: id, At: moment}).Users
	if len(found) != 1 {
		t.Fatalf("%d users have the ID %s", len(found), id)
	}
	return found[0]
}

func sentKeepsProtection(t *testing.T, s *site) {
	protected := jane(func(u *actions.User) { u.Protected = true })
	s.imported(t, protected)
	same(t, "the same, sent", s.send(t, moment, jane(func(*actions.User) {})), actions.Count{Unchanged: 1})
	renamed := jane(func(u *actions.User) { u.FirstName = "Jane" })
	same(t, "another, sent", s.send(t, moment, renamed), actions.Count{Changed: 1})
	same(t, "the same again", s.send(t, moment, renamed), actions.Count{Unchanged: 1})
	renamed.Protected = true
	same(t, "what is stored", s.user(t, "user-1"), renamed)
	same(t, "the same, imported", s.imported(t, renamed), actions.Count{Unchanged: 1})
	renamed.Protected = false
	same(t, "an import without protection", s.imported(t, renamed), actions.Count{Changed: 1})
	same(t, "what is stored then", s.user(t, "user-1"), renamed)
}

func sentHoldsContact(t *testing.T, s *site) {
	same(t, "somebody new", s.send(t, ago(day), jane(func(*actions.User) {})), actions.Count{New: 1})
	same(t, "their contact changed", s.user(t, "user-1").ContactChangedAt, time.Time{})
	moved := jane(func(u *actions.User) { u.Email = "eve@acme.example" })
	same(t, "another address", s.send(t, ago(time.Hour), moved), actions.Count{Changed: 1})
	same(t, "the same again", s.send(t, moment, moved), actions.Count{Unchanged: 1})
	moved.LastLoginAt = ago(time.Minute)
	same(t, "something else", s.send(t, moment, moved), actions.Count{Changed: 1})
	moved.ContactChangedAt = ago(time.Hour)
	same(t, "what is stored", s.user(t, "user-1"), moved)
}

// sentTwiceInABatch sends two changes of one user: the later one counts.
func sentTwiceInABatch(t *testing.T, s *site) {
	first := jane(func(u *actions.User) { u.Email = "eve@acme.example" })
	last := jane(func(u *actions.User) { u.Mobile = "" })
	s.imported(t, jane(func(*actions.User) {}))
	same(t, "the tally", s.send(t, ago(time.Hour), first, last), actions.Count{Changed: 2})
	same(t, "the tally of the same again", s.send(t, moment, first, last), actions.Count{Unchanged: 2})
	last.ContactChangedAt = ago(time.Hour)
	same(t, "what is stored", s.user(t, "user-1"), last)
}

// sentMany sends more than is worth another way of storing: new ones, old ones
// and changed ones.
func sentMany(t *testing.T, s *site) {
	var users, changed []actions.User
	for i := range bigBatch {
		user := person("many-"+time.Duration(i).String(), "many")
		user.Email = "old@acme.example"
		users = append(users, user)
		if i%3 == 0 {
			user.Email = "new@acme.example"
		}
		changed = append(changed, user)
	}
	changed = append(changed, person("another", "many"))
	s.send(t, ago(day), users...)
	n := (bigBatch + 2) / 3
	same(t, "the tally", s.send(t, moment, changed...), actions.Count{New: 1, Changed: n, Unchanged: bigBatch - n})
	held := s.value(t, `SELECT count(*) FROM users WHERE email = 'new@acme.example' AND contact_changed_at IS NOT NULL`)
	all := s.value(t, `SELECT count(*) FROM users WHERE contact_changed_at IS NOT NULL`)
	same(t, "the holds, and those of changed contacts", []string{all, held}, []string{fmt.Sprint(n), fmt.Sprint(n)})
}

// sentWhileProtecting sends a user whom nobody had yet while an import is just
// bringing them, protected: who sends waits, and then finds them protected.
func sentWhileProtecting(t *testing.T, s *site) {
	protected := jane(func(u *actions.User) { u.Protected = true })
	sent := make(chan error, 1)
	err := s.Import(t.Context(), func(tx actions.ImportTx) error {
		if _, err := tx.Put(t.Context(), sentUsers(time.Time{}, protected)); err != nil {
			return err
		}
		go func() {
			_, err := s.trySend(t, moment, jane(func(u *actions.User) { u.Email = "eve@acme.example" }))
			sent <- err
		}()
		s.waitForAWaiter(t, func() bool { return len(sent) > 0 })
		return nil
	})
	if err := errors.Join(err, <-sent); err != nil {
		t.Fatal(err)
	}
	got := s.user(t, "user-1")
	if !got.Protected || got.Email != "eve@acme.example" || !got.ContactChangedAt.Equal(moment) {
		t.Errorf("what is stored: %+v", got)
	}
}

// waitForAWaiter returns when somebody waits for a lock in this database, or
// when it is done.
func (s *site) waitForAWaiter(t testing.TB, done func() bool) {
	t.Helper()
	const waiters = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
	for !done() && s.value(t, waiters) == "0" {
		runtime.Gosched()
	}
}
