package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testRekey(t *testing.T) {
	t.Run("Batches", func(t *testing.T) { each(t, rekeyBatches) })
	t.Run("UndoneBatch", func(t *testing.T) { each(t, rekeyUndone) })
	t.Run("WhileOpening", func(t *testing.T) { each(t, rekeyWhileOpening) })
	t.Run("StillNamed", func(t *testing.T) { each(t, keysStillNamed) })
	t.Run("RetiredMakesNothing", func(t *testing.T) { each(t, retiredMakesNothing) })
	t.Run("Retired", func(t *testing.T) { each(t, keyRetired) })
	t.Run("RetiredSealsAgain", func(t *testing.T) { each(t, retiredSealsAgain) })
	t.Run("Kept", func(t *testing.T) { each(t, auditKeysKept) })
	t.Run("AuditOfRetired", func(t *testing.T) { each(t, auditOfRetired) })
}

// elsewhere counts what isn't sealed with a key.
func (s *site) elsewhere(t testing.TB, kid string) int {
	t.Helper()
	n, err := s.SealedElsewhere(t.Context(), kid)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// reseal seals at most limit things anew with a key, and says how many.
func reseal(t testing.TB, tx actions.Tx, kid string, limit int) (int, error) {
	t.Helper()
	found, err := tx.SealedBefore(t.Context(), kid, limit)
	if err != nil {
		return 0, err
	}
	for _, one := range found {
		same(t, "what another key sealed", one, sealed(one.Purpose, one.ID, one.KeyID))
		if err := tx.Reseal(t.Context(), sealed(one.Purpose, one.ID, kid)); err != nil {
			return 0, err
		}
	}
	return len(found), nil
}

// threeKeys seals things with a key that comes before "k", with it, and with one
// that comes after it.
func (s *site) threeKeys(t testing.TB) {
	t.Helper()
	for i, kid := range []string{"a", "k", "z", "z", "a", "k", "z"} {
		s.seal(t, sealed(actions.SealSecret, fmt.Sprint(i), kid))
	}
	s.seal(t, sealed(actions.SealMail, "0", "z"))
}

func rekeyBatches(t *testing.T, s *site) {
	s.threeKeys(t)
	same(t, "sealed elsewhere", s.elsewhere(t, "k"), 6)
	same(t, "sealed elsewhere than with a key that sealed nothing", s.elsewhere(t, "b"), 8)
	batch := func() (n int) {
		s.in(t, func(tx actions.Tx) (err error) { n, err = reseal(t, tx, "k", 4); return err })
		return n
	}
	same(t, "the first batch", batch(), 4)
	same(t, "left", s.elsewhere(t, "k"), 2)
	s.restart(t)
	same(t, "the second batch", batch(), 2)
	same(t, "the third batch", batch(), 0)
	same(t, "left in the end", s.elsewhere(t, "k"), 0)
	same(t, "what lies sealed", s.kept(t), "mail 0 k, secret 0 k, secret 1 k, secret 2 k, secret 3 k, secret 4 k, secret 5 k, secret 6 k")
	for i := range 7 {
		got, _ := s.sealed(t, actions.SealSecret, fmt.Sprint(i))
		same(t, "what was sealed anew", got, sealed(actions.SealSecret, fmt.Sprint(i), "k"))
	}
}

// rekeyUndone: a batch that fails changes nothing, and the next does it.
func rekeyUndone(t *testing.T, s *site) {
	s.threeKeys(t)
	before := s.kept(t)
	err := s.Tx(t.Context(), func(tx actions.Tx) error {
		if _, err := reseal(t, tx, "k", 100); err != nil {
			return err
		}
		return errOnPurpose
	})
	if err != errOnPurpose { //nolint:errorlint // it comes back as it is
		t.Errorf("the error is %v, not the one that fn returned", err)
	}
	same(t, "what lies sealed", s.kept(t), before)
	s.in(t, func(tx actions.Tx) error { _, err := reseal(t, tx, "k", 100); return err })
	same(t, "left", s.elsewhere(t, "k"), 0)
}

// rekeyWhileOpening: while things are sealed anew, each is still opened exactly
// once, and none that was opened comes back.
func rekeyWhileOpening(t *testing.T, s *site) {
	servers := s.servers(t)
	for i := range crowd {
		s.secrets(t, secret(fmt.Sprint(i), "U1"))
		s.seal(t, sealed(actions.SealSecret, fmt.Sprint(i), "old"), sealed(actions.SealPassphrase, fmt.Sprint(i), "old"))
	}
	opened := timesAtOnce(crowd, func(i int) bool {
		one := servers[i%len(servers)]
		if i%5 > 0 {
			return one.open(t, fmt.Sprint(i))
		}
		one.in(t, func(tx actions.Tx) error { _, err := reseal(t, tx, "new", 20); return err })
		return false
	})
	same(t, "how many were opened", opened, crowd*4/5)
	same(t, "how many are left", s.value(t, `SELECT count(*) FROM secret_bodies`), fmt.Sprint(crowd/5*2))
}

// named asks what names keys at the moment.
func (s *site) named(t testing.TB, current string) []actions.Named {
	t.Helper()
	named, err := s.StillNamed(t.Context(), current, moment)
	if err != nil {
		t.Fatal(err)
	}
	return named
}

// retire retires a key at the moment.
func (s *site) retire(t testing.TB, kid string) {
	t.Helper()
	s.in(t, func(tx actions.Tx) error { return tx.RetireKey(t.Context(), kid, moment) })
}

// keysStillNamed: what is good and names a key counts, and neither what ended nor
// what ran out does.
func keysStillNamed(t *testing.T, s *site) {
	same(t, "with the current key alone", len(s.named(t, "test")), 0)
	again, _ := s.reopen(t, "new:"+anotherKey+","+testKey)
	if err := again.UseKeys(t.Context()); err != nil {
		t.Fatal(err)
	}
	same(t, "before anything names it", s.named(t, "new"), []actions.Named{{KeyID: "test"}})
	same(t, "the other way round", s.named(t, "test"), []actions.Named{{KeyID: "new"}})

	over := secret("over", "U1")
	over.ExpiresAt = moment
	s.secrets(t, secret("s1", "U1"), secret("s2", "U1"), secret("ended", "U1"), over)
	s.endSecret(t, "ended", actions.SecretRevoked, "", moment)
	late, gone, withdrawn := request("late", "U1"), request("gone", "U1"), request("withdrawn", "U1")
	late.ExpiresAt, gone.ExpiresAt = moment.Add(2*day), moment
	s.requests(t, request("asked", "U1"), late, gone, withdrawn)
	s.receive(t, "asked", moment, moment.Add(3*day))
	s.endRequest(t, "withdrawn", fromAsked, actions.RequestWithdrawn, moment)
	link, spent, old := oneTimeLink("l1", "user-1", actions.LinkReset), oneTimeLink("l2", "user-1", actions.LinkReset), oneTimeLink("l3", "user-1", actions.LinkReset)
	link.KeyID, spent.KeyID, old.KeyID, old.ExpiresAt = "test", "test", "test", moment
	s.links(t, link, spent, old)
	s.spend(t, "l2", moment)
	same(t, "once something does", s.named(t, "new"), []actions.Named{{KeyID: "test", Live: 5, Last: moment.Add(3 * day)}})
	same(t, "the key that nothing names", s.named(t, "test"), []actions.Named{{KeyID: "new"}})
	s.retire(t, "test")
	same(t, "retired, and named all the same", s.named(t, "new"), []actions.Named{{KeyID: "test", Live: 5, Last: moment.Add(3 * day)}})
	same(t, "retired, and the other is current", s.named(t, "test"), []actions.Named{{KeyID: "new"}})
}

// retiredMakesNothing: what a server makes that wasn't restarted nobody could open
// once the retired key is gone.
func retiredMakesNothing(t *testing.T, s *site) {
	s.retire(t, "test")
	same(t, "retired, and named by nothing", len(s.named(t, "new")), 0)
	link := oneTimeLink("l1", "user-1", actions.LinkReset)
	link.KeyID = "test"
	for name, makes := range map[string]func(actions.Tx) error{
		"a secret":  func(tx actions.Tx) error { return tx.StartSecret(t.Context(), secret("s1", "U1")) },
		"a request": func(tx actions.Tx) error { return tx.StartRequest(t.Context(), request("r1", "U1")) },
		"a link":    func(tx actions.Tx) error { return tx.StartLink(t.Context(), link) },
	} {
		if err := s.Tx(t.Context(), makes); actions.CodeOf(err) != actions.Unavailable {
			t.Errorf("%s with a retired key: %v", name, err)
		}
	}
}

// keyRetired: a key that was retired needn't be given, and is still recognised
// when it is.
func keyRetired(t *testing.T, s *site) {
	both, _ := s.reopen(t, "new:"+anotherKey+","+testKey)
	if err := both.UseKeys(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.retire(t, "test")
	retired := s.value(t, `SELECT retired_at FROM keys WHERE kid = 'test'`)
	s.in(t, func(tx actions.Tx) error { return tx.RetireKey(t.Context(), "test", moment.Add(time.Hour)) })
	same(t, "when it was retired, after the second time", s.value(t, `SELECT retired_at FROM keys WHERE kid = 'test'`), retired)
	for _, start := range []struct {
		name, keys string
		opens      bool
	}{
		{"the new key alone", "new:" + anotherKey, true},
		{"both", "new:" + anotherKey + "," + testKey, true},
		{"another key by the name of the retired one", "new:" + anotherKey + ",test:" + anotherKey, false},
		{"no key", "", false},
		{"another new key alone", "newer:" + anotherKey, false},
	} {
		again, _ := s.reopen(t, start.keys)
		if err := again.UseKeys(t.Context()); (err == nil) != start.opens {
			t.Errorf("%s: %v; want it to open: %v", start.name, err, start.opens)
		}
	}
	same(t, "when it was retired, in the end", s.value(t, `SELECT retired_at FROM keys WHERE kid = 'test'`), retired)
}

// retiredSealsAgain: a retired key that seals again is needed again.
func retiredSealsAgain(t *testing.T, s *site) {
	both, _ := s.reopen(t, "new:"+anotherKey+","+testKey)
	if err := both.UseKeys(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.retire(t, "test")
	back, _ := s.reopen(t, testKey+",new:"+anotherKey)
	if err := back.UseKeys(t.Context()); err != nil {
		t.Fatal(err)
	}
	onlyNew, _ := s.reopen(t, "new:"+anotherKey)
	if err := onlyNew.UseKeys(t.Context()); actions.CodeOf(err) != actions.Unavailable {
		t.Errorf("starting without a key that seals again: %v; want an Unavailable error", err)
	}
}

func auditKeysKept(t *testing.T, s *site) {
	s.seal(t, sealed(actions.SealAudit, "older", "new"), sealed(actions.SealAudit, "old", "new"), sealed(actions.SealSecret, "s1", "new"))
	kept, err := s.KeysKept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the audit's keys", kept, []actions.Sealed{sealed(actions.SealAudit, "old", "new"), sealed(actions.SealAudit, "older", "new")})
}

// auditOfRetired: with the audit's key of a retired key kept, the whole audit is
// checked without that key, and without it, it isn't.
func auditOfRetired(t *testing.T, s *site) {
	s.audit(t, acts()...)
	both, ring := s.reopen(t, "new:"+anotherKey+","+testKey)
	if err := both.UseKeys(t.Context()); err != nil {
		t.Fatal(err)
	}
	both.audit(t, acts()...)
	key, err := ring.Derive("test", actions.AuditPurpose)
	if err != nil {
		t.Fatal(err)
	}
	lies, err := ring.Seal(actions.SealAudit, "test", key)
	if err != nil {
		t.Fatal(err)
	}
	both.seal(t, lies)
	both.retire(t, "test")
	onlyNew, alone := s.reopen(t, "new:"+anotherKey)
	if err := onlyNew.UseKeys(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := actions.VerifyAudit(t.Context(), onlyNew, alone); actions.CodeOf(err) != actions.Unavailable {
		t.Errorf("checking without what was kept: %v; want an Unavailable error", err)
	}
	kept, err := onlyNew.KeysKept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if alone, err = alone.Keep(kept); err != nil {
		t.Fatal(err)
	}
	verify(t, onlyNew, alone, 10)
}
