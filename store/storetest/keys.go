package storetest

import (
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
)

// anotherKey is 32 bytes that aren't those of testKey.
const anotherKey = "YW5vdGhlci10ZXN0LWtleS1hbm90aGVyLXRlc3Qta2U="

func testKeys(t *testing.T) {
	t.Run("Start", func(t *testing.T) { each(t, keysAtStart) })
	t.Run("NewSealingKey", func(t *testing.T) { each(t, keysRotated) })
	t.Run("NeverAny", func(t *testing.T) { each(t, keysNeverAny, Keys(actions.Keyring{})) })
}

// reopen opens the site's database once more, with other keys.
func (s *site) reopen(t testing.TB, keys string) (*site, actions.Keyring) {
	t.Helper()
	ring, err := actions.ParseKeyring(keys)
	if err != nil {
		t.Fatal(err)
	}
	again, err := store.Open(t.Context(), s.url, store.Options{Keys: ring})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Close() })
	return &site{Store: again, url: s.url, postgres: s.postgres}, ring
}

func keysAtStart(t *testing.T, s *site) {
	for _, start := range []struct{ name, keys, says string }{
		{"the same key", testKey, ""},
		{"the same and another", testKey + ",other:" + anotherKey, ""},
		{"another key of that name", "test:" + anotherKey, `"test"`},
		{"another key of that name, kept", "new:" + anotherKey + ",test:" + anotherKey, `"test"`},
		{"no key", "", `"test"`},
	} {
		again, _ := s.reopen(t, start.keys)
		err := again.UseKeys(t.Context())
		switch {
		case start.says == "" && err != nil:
			t.Errorf("%s: %v", start.name, err)
		case start.says != "" && (actions.CodeOf(err) != actions.Unavailable || !strings.Contains(err.Error(), start.says) ||
			!strings.Contains(err.Error(), "LATCHKEY_SECRET_KEY")):
			t.Errorf("%s: %v; want an Unavailable error with LATCHKEY_SECRET_KEY and %s", start.name, err, start.says)
		}
	}
	same(t, "the keys that the database remembers", s.value(t, `SELECT count(*) FROM keys`), "1")
}

func keysRotated(t *testing.T, s *site) {
	s.audit(t, acts()...)
	again, both := s.reopen(t, "new:"+anotherKey+","+testKey)
	for range 2 {
		if err := again.UseKeys(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	again.audit(t, acts()...)
	verify(t, again, both, 10)
	rows := auditRows(t, again, 0)
	same(t, "the keys of the rows", rows[4].Link.KeyID+" "+rows[5].Link.KeyID, "test new")
	same(t, "the pseudonym of a user", rows[6].Link.Subject, rows[1].Link.Subject)

	onlyNew, ring := s.reopen(t, "new:"+anotherKey)
	err := onlyNew.UseKeys(t.Context())
	if actions.CodeOf(err) != actions.Unavailable || !strings.Contains(err.Error(), `"test"`) {
		t.Errorf("starting with the new key alone: %v; want an Unavailable error that names the old one", err)
	}
	_, err = actions.VerifyAudit(t.Context(), onlyNew, ring)
	if actions.CodeOf(err) != actions.Unavailable || !strings.Contains(err.Error(), `"test"`) {
		t.Errorf("checking without the old key: %v; want an Unavailable error that names it", err)
	}
	if _, err := actions.VerifyAudit(t.Context(), s, Keyring(t)); actions.CodeOf(err) != actions.Unavailable {
		t.Errorf("checking without the new key: %v; want an Unavailable error", err)
	}
}

func keysNeverAny(t *testing.T, s *site) {
	if err := s.UseKeys(t.Context()); err != nil {
		t.Errorf("no key on a database that never saw one: %v", err)
	}
	same(t, "the keys that the database remembers", s.value(t, `SELECT count(*) FROM keys`), "0")
	s.put(t, samples()...)
	same(t, "who is found without a key", userIDs(s.look(t, "jane.doe").Users), []string{"user-1"})
}
