package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testSealed(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, sealedIsWhole) })
	t.Run("Dropped", func(t *testing.T) { each(t, sealedDropped) })
	t.Run("TakenAtOnce", func(t *testing.T) { each(t, sealedTakenAtOnce) })
	t.Run("Handouts", func(t *testing.T) { each(t, handoutsOver) })
	t.Run("Big", func(t *testing.T) { each(t, sealedBig) })
}

// sealed is something sealed with a key; its body says what it is.
func sealed(purpose actions.Purpose, id, kid string) actions.Sealed {
	return actions.Sealed{Purpose: purpose, ID: id, KeyID: kid, Body: []byte("\x00\xff" + string(purpose) + " of " + id + " by " + kid)}
}

func (s *site) seal(t testing.TB, things ...actions.Sealed) {
	t.Helper()
	for _, one := range things {
		s.in(t, func(tx actions.Tx) error { return tx.PutSealed(t.Context(), one) })
	}
}

// sealed reads a sealed thing and leaves it.
func (s *site) sealed(t testing.TB, purpose actions.Purpose, id string) (found actions.Sealed, there bool) {
	t.Helper()
	found, there, err := s.SealedByID(t.Context(), purpose, id)
	if err != nil {
		t.Fatal(err)
	}
	return found, there
}

func (s *site) take(t testing.TB, purpose actions.Purpose, id string) (taken actions.Sealed, there bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) {
		taken, there, err = tx.TakeSealed(t.Context(), purpose, id)
		return err
	})
	return taken, there
}

func sealedIsWhole(t *testing.T, s *site) {
	body, key := sealed(actions.SealSecret, "a", "test"), sealed(actions.SealRequest, "a", "test")
	s.seal(t, body, key)
	s.restart(t)
	for range 2 { // reading leaves it
		got, _ := s.sealed(t, actions.SealSecret, "a")
		same(t, "what was sealed", got, body)
	}
	for _, id := range []string{"b", "", "a\x00", "A"} {
		if got, found := s.take(t, actions.SealSecret, id); found {
			t.Errorf("what was sealed for %q: %+v", id, got)
		}
	}
	if got, found := s.take(t, actions.SealAnswer, "a"); found {
		t.Errorf("what was sealed for another purpose: %+v", got)
	}
	if err := s.Tx(t.Context(), func(tx actions.Tx) error { return tx.PutSealed(t.Context(), body) }); err == nil {
		t.Error("a second thing of the same purpose and ID was kept")
	}
	got, found := s.take(t, actions.SealSecret, "a")
	same(t, "what was taken", got, body)
	same(t, "whether it was there", found, true)
	if got, found := s.take(t, actions.SealSecret, "a"); found {
		t.Errorf("it was taken twice: %+v", got)
	}
	if got, found := s.sealed(t, actions.SealSecret, "a"); found {
		t.Errorf("it is still there: %+v", got)
	}
	got, _ = s.sealed(t, actions.SealRequest, "a")
	same(t, "what was sealed for another purpose", got, key)
}

// kept names what lies sealed, in order.
func (s *site) kept(t testing.TB) string {
	t.Helper()
	names := `purpose || ' ' || id || ' ' || kid AS name FROM secret_bodies ORDER BY purpose, id`
	if s.postgres {
		return s.value(t, `SELECT coalesce(string_agg(name, ', '), '') FROM (SELECT `+names+`) AS n`)
	}
	return s.value(t, `SELECT coalesce(group_concat(name, ', '), '') FROM (SELECT `+names+`)`)
}

func sealedDropped(t *testing.T, s *site) {
	for _, purpose := range []actions.Purpose{actions.SealSecret, actions.SealPassphrase, actions.SealMail} {
		s.seal(t, sealed(purpose, "a", "k"), sealed(purpose, "b", "k"))
	}
	drop := func(id string, purposes ...actions.Purpose) string {
		s.in(t, func(tx actions.Tx) error { return tx.DropSealed(t.Context(), id, purposes...) })
		return s.kept(t)
	}
	all := "mail a k, mail b k, passphrase a k, passphrase b k, secret a k, secret b k"
	same(t, "without a purpose", drop("a"), all)
	same(t, "of nobody", drop("c", actions.SealSecret), all)
	same(t, "of two purposes", drop("a", actions.SealSecret, actions.SealPassphrase), "mail a k, mail b k, passphrase b k, secret b k")
	same(t, "of what isn't there", drop("a", actions.SealSecret, actions.SealAnswer), "mail a k, mail b k, passphrase b k, secret b k")
	same(t, "of all", drop("b", actions.SealSecret, actions.SealPassphrase, actions.SealMail), "mail a k")
}

func sealedTakenAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	s.seal(t, sealed(actions.SealSecret, "a", "test"))
	taken := timesAtOnce(crowd, func(i int) bool { _, found := servers[i%len(servers)].take(t, actions.SealSecret, "a"); return found })
	same(t, "who took it", taken, 1)
}

// sealedBig: the most that a secret may hold, and what sealing adds, twice.
func sealedBig(t *testing.T, s *site) {
	big := actions.Sealed{Purpose: actions.SealSecret, ID: "a", KeyID: "test", Body: []byte(strings.Repeat("\x00\xfe\x01", actions.ContentLimit/2))}
	s.seal(t, big)
	got, _ := s.take(t, actions.SealSecret, "a")
	same(t, "a big thing", got, big)
}

// handoutsOver: of the operations that ended, those whose password still lies
// sealed, and not before their moment.
func handoutsOver(t *testing.T, s *site) {
	for id, d := range map[string]time.Duration{"late": -day, "now": 0, "soon": time.Microsecond, "taken": -day, "none": -day} {
		op := operation(id, actions.ActUnlock, id, -2*day)
		op.State, op.EndedAt = actions.OperationDone, moment.Add(d)
		s.start(t, op)
		if id != "none" {
			s.seal(t, sealed(actions.SealHandout, id, "test"))
		}
	}
	s.start(t, operation("runs", actions.ActUnlock, "runs", -2*day))
	s.seal(t, sealed(actions.SealHandout, "runs", "test"), sealed(actions.SealPassphrase, "none", "test"))
	s.take(t, actions.SealHandout, "taken")
	for limit, want := range map[int]string{10: "late now", 1: "late"} {
		over, err := s.HandoutsOver(t.Context(), moment, limit)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "whose password waits too long", strings.Join(over, " "), want)
	}
}
