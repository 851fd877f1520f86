package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// crowd is how many come at once for what only one, or a few, may have.
const crowd = 50

func testSecrets(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, secretIsWhole) })
	t.Run("Bare", func(t *testing.T) { each(t, secretIsBare) })
	t.Run("Ends", func(t *testing.T) { each(t, secretEnds) })
	t.Run("EndedAtOnce", func(t *testing.T) { each(t, secretEndedAtOnce) })
	t.Run("OpenedAtOnce", func(t *testing.T) { each(t, secretOpenedAtOnce) })
	t.Run("Tries", func(t *testing.T) { each(t, secretTries) })
	t.Run("TriedAtOnce", func(t *testing.T) { each(t, secretTriedAtOnce) })
	t.Run("AskedAgain", func(t *testing.T) { each(t, secretAskedAgain) })
	t.Run("Over", func(t *testing.T) { each(t, secretsOver) })
	t.Run("By", func(t *testing.T) { each(t, secretsBy) })
	t.Run("OfAnOperation", func(t *testing.T) { each(t, secretOfOperation) })
	t.Run("Counted", func(t *testing.T) { each(t, secretsCounted) })
}

// secret is a live one with a passphrase, made at the moment, for an hour.
func secret(id, actor string) actions.Secret {
	return actions.Secret{
		ID: id, State: actions.SecretLive, Actor: actor, From: "Maria", For: "j•••@acme.example", UserID: "user-1", Ticket: "#4711",
		Operation: "op-1", Mail: "mail-1", Salt: []byte{0, 1, 255}, LinkProof: []byte{0, 2, 254}, ClaimProof: []byte{0, 3, 253},
		KeyID: "test", At: moment, ExpiresAt: moment.Add(time.Hour),
	}
}

func (s *site) secrets(t testing.TB, secrets ...actions.Secret) {
	t.Helper()
	for _, one := range secrets {
		s.in(t, func(tx actions.Tx) error { return tx.StartSecret(t.Context(), one) })
	}
}

// secret reads a secret, in both ways.
func (s *site) secret(t testing.TB, id string) (found actions.Secret, there bool) {
	t.Helper()
	found, there, err := s.SecretByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	s.in(t, func(tx actions.Tx) error {
		locked, lockedThere, err := tx.Secret(t.Context(), id)
		same(t, "the secret in a transaction", locked, found)
		same(t, "there in a transaction", lockedThere, there)
		return err
	})
	return found, there
}

func (s *site) endSecret(t testing.TB, id string, state actions.SecretState, why string, at time.Time) (ended bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) {
		ended, err = tx.EndSecret(t.Context(), id, state, why, at)
		return err
	})
	return ended
}

func (s *site) spendTry(t testing.TB, id string, at time.Time) (tries int, spent bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) { tries, spent, err = tx.SpendTry(t.Context(), id, 5, at); return err })
	return tries, spent
}

// servers are the site and, on PostgreSQL, a second server process on its
// database.
func (s *site) servers(t testing.TB) []*site {
	t.Helper()
	if !s.postgres {
		return []*site{s}
	}
	another, _ := s.reopen(t, testKey)
	return []*site{s, another}
}

func secretIsWhole(t *testing.T, s *site) {
	one := secret("s1", "U1")
	one.State, one.Wrong, one.Why, one.EndedAt, one.AgainAt = actions.SecretRevoked, 3, "The mail failed.", moment.Add(time.Minute), moment.Add(2*time.Minute)
	s.secrets(t, one)
	s.restart(t)
	got, _ := s.secret(t, "s1")
	same(t, "the secret", got, one)
	for _, id := range []string{"s2", "", "s1\x00", "S1"} {
		if got, found := s.secret(t, id); found {
			t.Errorf("the secret %q: %+v", id, got)
		}
	}
	if err := s.Tx(t.Context(), func(tx actions.Tx) error { return tx.StartSecret(t.Context(), secret("s1", "U2")) }); err == nil {
		t.Error("a second secret of the same ID was kept")
	}
}

// secretIsBare: what isn't there comes back as nothing, not as empty.
func secretIsBare(t *testing.T, s *site) {
	one := actions.Secret{
		ID: "s1", State: actions.SecretLive, Actor: "U1", From: "Maria\x00\xff", LinkProof: []byte{1}, ClaimProof: []byte{2},
		KeyID: "test", At: moment, ExpiresAt: moment.Add(time.Hour),
	}
	s.secrets(t, one)
	one.From = "Maria\uFFFD\uFFFD"
	got, _ := s.secret(t, "s1")
	same(t, "the secret", got, one)
	same(t, "whether it has a passphrase", got.Protected(), false)
}

// secretEnds: to its last microsecond a secret is opened, revoked and locked, and
// from its end on it only expires.
func secretEnds(t *testing.T, s *site) {
	end := moment.Add(time.Hour)
	last := end.Add(-time.Microsecond)
	for _, try := range []struct {
		name  string
		state actions.SecretState
		at    time.Time
		ends  bool
	}{
		{"opened in time", actions.SecretRevealed, last, true}, {"opened at its end", actions.SecretRevealed, end, false},
		{"revoked in time", actions.SecretRevoked, last, true}, {"revoked at its end", actions.SecretRevoked, end, false},
		{"locked in time", actions.SecretLocked, last, true}, {"locked at its end", actions.SecretLocked, end, false},
		{"expired too early", actions.SecretExpired, last, false}, {"expired at its end", actions.SecretExpired, end, true},
		{"expired after its end", actions.SecretExpired, end.Add(day), true},
	} {
		t.Run(try.name, func(t *testing.T) {
			one := secret(try.name, "U1")
			s.secrets(t, one)
			same(t, "whether it ended", s.endSecret(t, one.ID, try.state, "so", try.at), try.ends)
			if try.ends {
				one.State, one.Why, one.EndedAt = try.state, "so", try.at
			}
			got, _ := s.secret(t, one.ID)
			same(t, "the secret", got, one)
			if !try.ends {
				return
			}
			for _, state := range []actions.SecretState{actions.SecretRevealed, actions.SecretRevoked, actions.SecretLocked} {
				same(t, "whether it ended again, "+string(state), s.endSecret(t, one.ID, state, "", moment), false)
			}
			same(t, "whether it expired afterwards", s.endSecret(t, one.ID, actions.SecretExpired, "", end.Add(day)), false)
			got, _ = s.secret(t, one.ID)
			same(t, "the secret in the end", got, one)
		})
	}
	same(t, "whether one that nobody has ended", s.endSecret(t, "nobody's", actions.SecretRevoked, "", moment), false)
}

// secretEndedAtOnce: of many who open, revoke and lock it at once, one does.
func secretEndedAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	states := []actions.SecretState{actions.SecretRevealed, actions.SecretRevoked, actions.SecretLocked}
	s.secrets(t, secret("s1", "U1"))
	ended := timesAtOnce(crowd, func(i int) bool {
		return servers[i%len(servers)].endSecret(t, "s1", states[i%len(states)], "", moment)
	})
	same(t, "who ended it", ended, 1)
}

// secretOpenedAtOnce: of many who open it in a whole transaction each, one gets
// the body.
func secretOpenedAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	s.secrets(t, secret("s1", "U1"))
	s.seal(t, sealed(actions.SealSecret, "s1", "test"), sealed(actions.SealPassphrase, "s1", "test"))
	opened := timesAtOnce(crowd, func(i int) bool { return servers[i%len(servers)].open(t, "s1") })
	same(t, "who got the body", opened, 1)
	same(t, "what is left", s.value(t, `SELECT count(*) FROM secret_bodies`), "0")
}

// open takes a secret's body as an opening does.
func (s *site) open(t testing.TB, id string) (got bool) {
	t.Helper()
	ctx := t.Context()
	s.in(t, func(tx actions.Tx) error {
		got = false
		if _, _, err := tx.Secret(ctx, id); err != nil {
			return err
		}
		ended, err := tx.EndSecret(ctx, id, actions.SecretRevealed, "", moment)
		if err != nil || !ended {
			return err
		}
		if _, got, err = tx.TakeSealed(ctx, actions.SealSecret, id); err != nil {
			return err
		}
		return tx.DropSealed(ctx, id, actions.SealPassphrase)
	})
	return got
}

func secretTries(t *testing.T, s *site) {
	one := secret("s1", "U1")
	s.secrets(t, one, secret("s2", "U1"))
	for i := range 5 {
		tries, spent := s.spendTry(t, "s1", one.ExpiresAt.Add(-time.Microsecond))
		same(t, "a try in time", [2]any{tries, spent}, [2]any{i + 1, true})
	}
	if tries, spent := s.spendTry(t, "s1", moment); spent {
		t.Errorf("a sixth try was spent: %d", tries)
	}
	one.Wrong = 5
	got, _ := s.secret(t, "s1")
	same(t, "the secret", got, one)
	if _, spent := s.spendTry(t, "s2", one.ExpiresAt); spent {
		t.Error("a try was spent at its end")
	}
	s.endSecret(t, "s2", actions.SecretRevoked, "", moment)
	if _, spent := s.spendTry(t, "s2", moment); spent {
		t.Error("a try was spent when it was revoked")
	}
	if _, spent := s.spendTry(t, "nobody's", moment); spent {
		t.Error("a try was spent at what nobody has")
	}
	got, _ = s.secret(t, "s2")
	same(t, "the wrong passphrases of the other", got.Wrong, 0)
}

func secretTriedAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	s.secrets(t, secret("s1", "U1"))
	spent := timesAtOnce(crowd, func(i int) bool { _, spent := servers[i%len(servers)].spendTry(t, "s1", moment); return spent })
	same(t, "how many were spent", spent, 5)
	got, _ := s.secret(t, "s1")
	same(t, "how many are written down", got.Wrong, 5)
}

func secretAskedAgain(t *testing.T, s *site) {
	one := secret("s1", "U1")
	s.secrets(t, one)
	s.endSecret(t, "s1", actions.SecretRevealed, "", moment)
	first := timesAtOnce(crowd, func(int) (first bool) {
		s.in(t, func(tx actions.Tx) (err error) {
			first, err = tx.AskAgain(t.Context(), "s1", moment.Add(day))
			return err
		})
		return first
	})
	same(t, "who was first", first, 1)
	one.State, one.EndedAt, one.AgainAt = actions.SecretRevealed, moment, moment.Add(day)
	got, _ := s.secret(t, "s1")
	same(t, "the secret", got, one)
	s.in(t, func(tx actions.Tx) error {
		first, err := tx.AskAgain(t.Context(), "nobody's", moment)
		same(t, "whether somebody was first for what nobody has", first, false)
		return err
	})
}

// secretIDs names secrets in their order.
func secretIDs(secrets []actions.Secret) string {
	return strings.Join(idsOf(secrets, func(s actions.Secret) string { return s.ID }), " ")
}

func secretsOver(t *testing.T, s *site) {
	for id, d := range map[string]time.Duration{"long": -day, "now": 0, "still": time.Microsecond, "opened": -time.Hour} {
		one := secret(id, "U1")
		one.At, one.ExpiresAt = ago(2*day), moment.Add(d)
		s.secrets(t, one)
	}
	s.endSecret(t, "opened", actions.SecretRevealed, "", ago(day))
	for limit, want := range map[int]string{10: "long now", 1: "long"} {
		over, err := s.SecretsOver(t.Context(), moment, limit)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "what ran out", secretIDs(over), want)
	}
	s.endSecret(t, "long", actions.SecretExpired, "", moment)
	over, err := s.SecretsOver(t.Context(), moment, 10)
	if err != nil || len(over) != 1 {
		t.Fatal(over, err)
	}
	want := secret("now", "U1")
	want.At, want.ExpiresAt = ago(2*day), moment
	same(t, "the secret that ran out", over[0], want)
}

func secretsBy(t *testing.T, s *site) {
	for id, d := range map[string]time.Duration{"a": -day, "b": -time.Hour, "c": -time.Hour, "d": 0} {
		one := secret(id, "U1")
		one.At = moment.Add(d)
		s.secrets(t, one)
	}
	s.secrets(t, secret("another's", "U2"))
	s.endSecret(t, "c", actions.SecretRevoked, "", moment)
	for limit, want := range map[int]string{10: "d c b a", 2: "d c"} {
		mine, err := s.SecretsBy(t.Context(), "U1", limit)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "my secrets", secretIDs(mine), want)
	}
	nobodys, err := s.SecretsBy(t.Context(), "U3", 10)
	if err != nil || len(nobodys) != 0 {
		t.Errorf("the secrets of somebody who has none: %v, %v", nobodys, err)
	}
}

func secretOfOperation(t *testing.T, s *site) {
	old, none := secret("old", "U1"), secret("none", "U1")
	old.At, none.Operation = ago(time.Hour), ""
	s.secrets(t, secret("new", "U1"), old, none)
	got, _, err := s.SecretOf(t.Context(), "op-1")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the newest", got, secret("new", "U1"))
	for _, operation := range []string{"op-2", ""} {
		if got, found, err := s.SecretOf(t.Context(), operation); found || err != nil {
			t.Errorf("the secret of the operation %q: %+v, %v", operation, got, err)
		}
	}
}

func secretsCounted(t *testing.T, s *site) {
	since := ago(time.Hour)
	for id, at := range map[string]time.Time{"before": since, "first": since.Add(time.Microsecond), "last": moment} {
		one, asked := secret(id, "U1"), request(id, "U1")
		one.At, asked.At = at, at
		s.secrets(t, one)
		s.requests(t, asked)
	}
	s.secrets(t, secret("another's", "U2"))
	s.endSecret(t, "last", actions.SecretRevoked, "", moment)
	for actor, want := range map[string]int{"U1": 4, "U2": 1, "U3": 0} {
		s.in(t, func(tx actions.Tx) error {
			made, err := tx.MadeSince(t.Context(), actor, since)
			same(t, "how many "+actor+" made", made, want)
			return err
		})
	}
}
