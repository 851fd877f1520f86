package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testTokens(t *testing.T) {
	t.Run("RoundTrip", func(t *testing.T) { each(t, tokenRoundTrip) })
	t.Run("OneOfAName", func(t *testing.T) { each(t, tokenNames) })
	t.Run("UsedOnceAMinute", func(t *testing.T) { each(t, tokenUse) })
	t.Run("RevokedStaysRevoked", func(t *testing.T) { each(t, tokenRevoked) })
	t.Run("Order", func(t *testing.T) { each(t, tokenOrder) })
	t.Run("ManyAtOnce", func(t *testing.T) { each(t, tokensAtOnce) })
	t.Run("RolledBack", func(t *testing.T) { each(t, tokenRolledBack) })
}

// sampleToken is a token of that name.
func sampleToken(name string) actions.Token {
	return actions.Token{
		Name: name, Scopes: []actions.Scope{actions.ScopeEvents, actions.ScopeDirectory}, CreatedAt: ago(day), CreatedBy: "terminal:root",
	}
}

// addToken adds a token by the hash, in a transaction of its own.
func (s *site) addToken(t testing.TB, token actions.Token, hash string) (added bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) {
		added, err = tx.AddToken(t.Context(), token, []byte(hash))
		return err
	})
	return added
}

func (s *site) useToken(t testing.TB, hash string, at time.Time) {
	t.Helper()
	s.in(t, func(tx actions.Tx) error { return tx.UseToken(t.Context(), []byte(hash), at, at.Add(-time.Minute)) })
}

func (s *site) revokeToken(t testing.TB, name string, at time.Time) (revoked bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) {
		revoked, err = tx.RevokeToken(t.Context(), name, at)
		return err
	})
	return revoked
}

func (s *site) token(t testing.TB, hash string) (token actions.Token, kept string) {
	t.Helper()
	token, raw, err := s.Token(t.Context(), []byte(hash))
	if err != nil {
		t.Fatal(err)
	}
	return token, string(raw)
}

func tokenRoundTrip(t *testing.T, s *site) {
	const hash = "\x00\xff of a token"
	if !s.addToken(t, sampleToken("crm"), hash) {
		t.Fatal("it isn't added")
	}
	token, kept := s.token(t, hash)
	same(t, "the token", token, sampleToken("crm"))
	same(t, "its hash", kept, hash)
	for _, other := range []string{"\x00\xff of a toke", "\x00\xff of a token ", "", "crm"} {
		token, kept := s.token(t, other)
		same(t, "nobody's token", token, actions.Token{})
		same(t, "nobody's hash", kept, "")
	}
}

func tokenNames(t *testing.T, s *site) {
	for _, step := range []struct {
		name, hash string
		added      bool
	}{{"crm", "1", true}, {"crm", "2", false}, {"CRM", "3", true}} {
		if added := s.addToken(t, sampleToken(step.name), step.hash); added != step.added {
			t.Errorf("%s by the hash %s is added: %t", step.name, step.hash, added)
		}
	}
	if _, kept := s.token(t, "2"); kept != "" {
		t.Error("the second of a name is kept")
	}
	if !s.revokeToken(t, "crm", moment) || !s.addToken(t, sampleToken("crm"), "4") || s.addToken(t, sampleToken("crm"), "5") {
		t.Error("a name is free once its token was revoked, for one")
	}
}

func tokenUse(t *testing.T, s *site) {
	s.addToken(t, sampleToken("crm"), "1")
	s.addToken(t, sampleToken("other"), "2")
	for _, step := range []struct{ at, noted time.Time }{
		{ago(time.Hour), ago(time.Hour)}, {ago(time.Hour - time.Minute + time.Microsecond), ago(time.Hour)},
		{ago(time.Hour - time.Minute), ago(time.Hour - time.Minute)}, {ago(2 * time.Hour), ago(time.Hour - time.Minute)},
	} {
		s.useToken(t, "1", step.at)
		token, _ := s.token(t, "1")
		same(t, "the use noted", token.LastUsedAt, step.noted)
	}
	s.useToken(t, "nobody's", moment)
	token, _ := s.token(t, "2")
	same(t, "the other's use", token.LastUsedAt, time.Time{})
}

func tokenRevoked(t *testing.T, s *site) {
	s.addToken(t, sampleToken("crm"), "1")
	if s.revokeToken(t, "crmm", moment) || s.revokeToken(t, "\x00", moment) {
		t.Error("nobody's token is revoked")
	}
	if !s.revokeToken(t, "crm", ago(time.Hour)) || s.revokeToken(t, "crm", moment) {
		t.Error("a token is revoked once")
	}
	s.useToken(t, "1", moment)
	want := sampleToken("crm")
	want.RevokedAt = ago(time.Hour)
	token, _ := s.token(t, "1")
	same(t, "the revoked token", token, want)
}

func tokenOrder(t *testing.T, s *site) {
	for i, name := range []string{"b", "old", "a", "older"} {
		s.addToken(t, sampleToken(name), fmt.Sprint(i))
	}
	s.revokeToken(t, "older", ago(2*time.Hour))
	s.revokeToken(t, "old", ago(time.Hour))
	all, err := s.Tokens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the tokens", idsOf(all, func(token actions.Token) string { return token.Name }), []string{"a", "b", "old", "older"})
}

// tokensAtOnce makes tokens of one name at the same time: one of them is.
func tokensAtOnce(t *testing.T, s *site) {
	var all sync.WaitGroup
	var added atomic.Int64
	for i := range 8 {
		all.Go(func() {
			err := s.Tx(t.Context(), func(tx actions.Tx) error {
				ok, err := tx.AddToken(t.Context(), sampleToken("crm"), fmt.Append(nil, i))
				if ok {
					added.Add(1)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	same(t, "how many were added", added.Load(), 1)
	same(t, "how many there are", s.value(t, `SELECT count(*) FROM tokens`), "1")
}

func tokenRolledBack(t *testing.T, s *site) {
	err := s.Tx(t.Context(), func(tx actions.Tx) error {
		if _, err := tx.AddToken(t.Context(), sampleToken("crm"), []byte("1")); err != nil {
			return err
		}
		return errOnPurpose
	})
	if err != errOnPurpose { //nolint:errorlint // it comes back as it is
		t.Fatal(err)
	}
	if _, kept := s.token(t, "1"); kept != "" {
		t.Error("a token that was rolled back is there")
	}
}
