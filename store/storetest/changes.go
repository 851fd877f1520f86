package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testChanges(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, changesAreWhole) })
	t.Run("ManyAtOnce", func(t *testing.T) { each(t, changesAtOnce) })
	t.Run("SameAtOnce", func(t *testing.T) { each(t, sameChangeAtOnce) })
	t.Run("Forget", func(t *testing.T) { each(t, changesForgotten) })
	t.Run("ContactsSent", func(t *testing.T) { each(t, contactsSent) })
}

// changes reads the changes after a number.
func (s *site) changes(t testing.TB, after int64, limit int) ([]actions.Recorded, bool) {
	t.Helper()
	got, more, err := s.Changes(t.Context(), after, limit)
	if err != nil {
		t.Fatal(err)
	}
	return got, more
}

func changesAreWhole(t *testing.T, s *site) {
	s.put(t, sampleUser)
	user := sampleUser
	user.ID = "user-9"
	unlocked := changing("op-1/unlocked", actions.ChangeUnlocked)
	unlocked.Locks, unlocked.Indicated, unlocked.Since = []actions.LockKind{actions.LockAttempts}, actions.LockInactivity, ago(day)
	contact := changing("op-2/contact", actions.ChangeContact)
	contact.Email, contact.Mobile = "it's \"odd\" \\ 🔑@acme.example", "+1"
	password := changing("op-3/password_set", actions.ChangePasswordSet)
	password.PasswordHash = "$argon2id$v=19$m=65536,t=1,p=4$c2FsdA$aGFzaA"
	created := changing("op-4/user_created", actions.ChangeCreated)
	created.UserID, created.User, created.Memberships = "user-9", &user, []actions.Membership{sampleMembership}
	var want []actions.Recorded
	for i, c := range []actions.Change{unlocked, contact, password, created} {
		if err := s.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		want = append(want, actions.Recorded{Seq: int64(i + 1), Change: c})
	}
	s.restart(t)
	for after := range int64(6) {
		rest := want[min(after, 4):]
		got, more := s.changes(t, after, 2)
		same(t, fmt.Sprint("after ", after), append([]actions.Recorded{}, got...), rest[:min(2, len(rest))])
		same(t, fmt.Sprint("more after ", after), more, len(rest) > 2)
	}
}

// changesAtOnce lets many write while somebody reads on after the last number
// that they have seen: who does so misses none.
func changesAtOnce(t *testing.T, s *site) {
	const writers, each = 6, 15
	bodies := make([]any, writers)
	for i := range writers {
		bodies[i] = person(fmt.Sprint("user-", i), fmt.Sprint("name-", i))
	}
	s.put(t, bodies...)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				c := actions.Change{ID: fmt.Sprint(w, "/", i), Kind: actions.ChangeSessions, UserID: fmt.Sprint("user-", w), At: moment.Add(time.Duration(i))}
				if err := s.Apply(t.Context(), c); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	written := make(chan struct{})
	go func() { all.Wait(); close(written) }()
	var after int64
	seen := map[string]bool{}
	read := func() {
		got, _ := s.changes(t, after, 7)
		for _, one := range got {
			if one.Seq != after+1 {
				t.Errorf("after %d comes %d", after, one.Seq)
			}
			after, seen[one.Change.ID] = one.Seq, true
		}
	}
	for ended := false; !ended && !t.Failed(); {
		select {
		case <-written:
			ended = true
		default:
			read()
		}
	}
	<-written
	for after < writers*each && !t.Failed() {
		before := after
		if read(); after == before {
			t.Fatalf("after %d comes nothing", after)
		}
	}
	same(t, "what was read", len(seen), writers*each)
}

// sameChangeAtOnce: one effect and one number, and nobody is told otherwise.
func sameChangeAtOnce(t *testing.T, s *site) {
	s.put(t, sampleUser)
	user := sampleUser
	created := changing("op-2/user_created", actions.ChangeCreated)
	created.User = &user
	for _, c := range []actions.Change{changing("op-1/user_deleted", actions.ChangeDeleted), created} {
		well := atOnce(func(int) bool {
			err := s.Apply(t.Context(), c)
			if err != nil {
				t.Errorf("%s: %v", c.Kind, err)
			}
			return err == nil
		})
		same(t, "told well of "+c.ID, well, 8)
	}
	got, _ := s.changes(t, 0, 10)
	same(t, "changes", len(got), 2)
	same(t, "the head", s.value(t, `SELECT last FROM change_head`), "2")
}

func changesForgotten(t *testing.T, s *site) {
	s.put(t, sampleUser)
	for i := range 4 {
		c := changing(fmt.Sprint("op-", i), actions.ChangeSessions)
		c.At = ago(time.Duration(4-i) * day)
		if err := s.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	forget := func(before time.Time, want int) {
		t.Helper()
		s.in(t, func(tx actions.Tx) error { return tx.Forget(t.Context(), actions.Keep{Changes: before}) })
		got, _ := s.changes(t, 0, 10)
		same(t, "changes that are kept", len(got), want)
	}
	forget(moment, 4) // nobody has read them
	s.changes(t, 99, 10)
	forget(moment, 4) // nobody can have read what isn't there
	s.changes(t, 3, 10)
	forget(time.Time{}, 4)
	forget(ago(3*day), 3) // older than that
	forget(moment, 1)     // the last wasn't acknowledged
	s.changes(t, 4, 10)
	forget(moment, 0)
	if err := s.Apply(t.Context(), changing("op-9", actions.ChangeSessions)); err != nil {
		t.Fatal(err)
	}
	if got, _ := s.changes(t, 4, 10); len(got) != 1 || got[0].Seq != 5 {
		t.Errorf("the next is %+v", got)
	}
}

// contactsSent: the import learns whose contacts a token's records replaced, and
// of nothing else.
func contactsSent(t *testing.T, s *site) {
	old := jane(func(*actions.User) {})
	s.imported(t, old)
	mail := jane(func(u *actions.User) { u.Email = "new@acme.example" })
	contacts := func(records []actions.Record) []actions.ContactChange {
		t.Helper()
		var got []actions.ContactChange
		err := s.Import(t.Context(), func(tx actions.ImportTx) error {
			if _, err := tx.Put(t.Context(), records); err != nil {
				return err
			}
			var err error
			if got, err = tx.ContactsChanged(t.Context()); err != nil {
				return err
			}
			again, err := tx.ContactsChanged(t.Context())
			same(t, "asked again", len(again), 0)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	same(t, "of the same", len(contacts(sentUsers(moment, old))), 0)
	same(t, "of another name", len(contacts(sentUsers(moment, jane(func(u *actions.User) { u.FirstName = "Jane" })))), 0)
	same(t, "of somebody new", len(contacts(sentUsers(moment, person("user-2", "joe")))), 0)
	got := contacts(sentUsers(moment, mail))
	if len(got) != 1 || got[0].Before.Email != old.Email || got[0].After.Email != mail.Email || !got[0].After.ContactChangedAt.Equal(moment) {
		t.Errorf("of another e-mail: %+v", got)
	}
	same(t, "of an import", len(contacts(sentUsers(time.Time{}, old))), 0)
	// What Latchkey changed isn't replaced by what was sent before.
	c := changing("op-1/contact", actions.ChangeContact)
	c.Email = "ours@acme.example"
	s.apply(t, c)
	same(t, "of what came before", len(contacts(sentUsers(moment, old))), 0)
	same(t, "the e-mail", s.user(t, "user-1").Email, c.Email)
	// An import that brings the change back doesn't forget when it was made.
	s.imported(t, jane(func(u *actions.User) { u.Email = c.Email }))
	same(t, "when it changed, after an import of it", s.user(t, "user-1").ContactChangedAt, c.At)
	s.imported(t, old)
	same(t, "when it changed, after an import of another", s.user(t, "user-1").ContactChangedAt, old.ContactChangedAt)
}
