package actions

import (
	"reflect"
	"slices"
	"sync"
	"testing"
)

// TestSecretOpens: the body goes with the answer, and all that lay sealed with it.
func TestSecretOpens(t *testing.T) {
	d := office(t)
	s := d.sends(t, withWords, forJane)
	d.holdsSealed(t, s.id, SealPassphrase, SealSecret)
	d.told()
	keys := s.keys(t, s.made.Passphrase)
	status := s.status(t)
	if status.State != SecretLive || !status.At.Equal(noon) || status.From != "Ana" || !status.Protected || len(status.Salt) != 16 ||
		status.Rounds != 600_000 || status.Left != 5 || !status.ExpiresAt.Equal(noon.Add(hour)) {
		t.Errorf("the page tells %+v", status)
	}
	d.passes(minute)
	opened := s.opens(t, keys)
	if s.reads(t, keys, opened) != canary || opened.State != SecretRevealed || !opened.At.Equal(noon.Add(minute)) || len(opened.Nonce) != 12 {
		t.Errorf("opened is %+v", opened)
	}
	d.holdsSealed(t, s.id)
	d.wantTold(t, "secret to U1", "secret_news to U1")
	if e := d.written(t); e.Act != ActSecretEnded || e.Actor != "link" || e.Subject != "u-1" || e.Ticket != "#4711" ||
		e.Detail != "opened: secret "+shortHash(s.id)+", for j•••@a•••.example" {
		t.Errorf("the audit says %+v", e)
	}
	s.keepsQuiet(t)
	d.passes(minute)
	d.changesNothing(t, func() {
		again := s.opens(t, keys)
		if again.State != SecretRevealed || again.Body != nil || !again.At.Equal(noon.Add(minute)) {
			t.Errorf("a second time it is %+v", again)
		}
		if status := s.status(t); status.State != SecretRevealed || status.Salt != nil || status.Left != 0 || status.Rounds != 0 {
			t.Errorf("then the page tells %+v", status)
		}
	})
}

// TestSecretWrongLink: who has only the ID learns nothing and spends nothing.
func TestSecretWrongLink(t *testing.T) {
	d := office(t)
	s, other := d.sends(t), d.sends(t)
	keys := s.keys(t, "")
	for name, c := range map[string]struct {
		id          string
		link, claim []byte
	}{
		"a wrong link":             {s.id, noProof, keys.claim},
		"the claim as the link":    {s.id, keys.claim, keys.claim},
		"another secret's link":    {s.id, other.link(t), keys.claim},
		"another secret's ID":      {other.id, keys.link, keys.claim},
		"an ID that nobody has":    {randomText(16), keys.link, keys.claim},
		"an ID of a wrong length":  {"abc", keys.link, keys.claim},
		"a link of a wrong length": {s.id, keys.link[:31], keys.claim},
		"no link":                  {s.id, nil, keys.claim},
	} {
		t.Run(name, func(t *testing.T) {
			d.changesNothing(t, func() {
				opened, err := d.OpenSecret(t.Context(), c.id, c.link, c.claim)
				if err != nil || !reflect.DeepEqual(opened, SecretOpened{}) {
					t.Errorf("it opens to %+v, %v", opened, err)
				}
				status, err := d.SecretStatus(t.Context(), c.id, c.link)
				if err != nil || !reflect.DeepEqual(status, SecretStatus{}) {
					t.Errorf("the page tells %+v, %v", status, err)
				}
				known, err := d.AskSecretAgain(t.Context(), c.id, c.link)
				if err != nil || known {
					t.Errorf("it is known: %v, %v", known, err)
				}
			})
		})
	}
	t.Run("a claim of a wrong length", func(t *testing.T) {
		d.changesNothing(t, func() {
			_, err := d.OpenSecret(t.Context(), s.id, keys.link, keys.claim[:31])
			wantCode(t, err, Invalid)
		})
	})
}

// TestSecretLocks: the fifth wrong passphrase deletes the body.
func TestSecretLocks(t *testing.T) {
	d := office(t)
	s := d.sends(t, withWords)
	keys := s.keys(t, s.made.Passphrase)
	d.told()
	for left := 4; left > 0; left-- {
		if got := s.guesses(t); got.State != SecretLive || got.Left != left || got.Body != nil {
			t.Fatalf("with %d left it is %+v", left, got)
		}
		if got := s.status(t).Left; got != left {
			t.Errorf("the page tells %d left, want %d", got, left)
		}
	}
	d.wantTold(t, "secret to U1", "secret to U1", "secret to U1", "secret to U1")
	d.passes(minute)
	if got := s.guesses(t); got.State != SecretLocked || got.Left != 0 || !got.At.Equal(d.now) {
		t.Fatalf("at the fifth it is %+v", got)
	}
	d.holdsSealed(t, s.id)
	d.wantTold(t, "secret to U1", "secret_news to U1")
	if e := d.written(t); e.Act != ActSecretEnded || e.Actor != "link" || e.Detail != "locked after 5 wrong passphrases: secret "+shortHash(s.id) {
		t.Errorf("the audit says %+v", e)
	}
	d.changesNothing(t, func() {
		for _, keys := range []secretKeys{keys, {link: keys.link, claim: noProof}} {
			if got := s.opens(t, keys); got.State != SecretLocked || got.Body != nil {
				t.Errorf("then it is %+v", got)
			}
		}
	})
	s.keepsQuiet(t)
}

// TestSecretGuessed: wrong passphrases leave the right one good, up to the fourth.
func TestSecretGuessed(t *testing.T) {
	s := office(t).sends(t, withOwn)
	for range 4 {
		s.guesses(t)
	}
	keys := s.keys(t, ownWords)
	if got := s.reads(t, keys, s.opens(t, keys)); got != canary {
		t.Errorf("it reads %q", got)
	}
}

// TestSecretStatesTold: with the right link the page tells what became of it, and
// when.
func TestSecretStatesTold(t *testing.T) {
	for state, end := range map[SecretState]func(*testing.T, sentSecret){
		SecretRevealed: func(t *testing.T, s sentSecret) { s.opens(t, s.keys(t, "")) },
		SecretRevoked:  func(t *testing.T, s sentSecret) { s.revokes(t) },
		SecretLocked: func(t *testing.T, s sentSecret) {
			for range secretTries {
				s.guesses(t)
			}
		},
	} {
		t.Run(string(state), func(t *testing.T) {
			d := office(t)
			s := d.sends(t)
			d.passes(minute)
			end(t, s)
			d.passes(2 * hour)
			if got := s.status(t); got.State != state || !got.At.Equal(noon.Add(minute)) || got.From != "Ana" {
				t.Errorf("the page tells %+v", got)
			}
			if got := s.opens(t, s.keys(t, "")); got.State != state || !got.At.Equal(noon.Add(minute)) || got.Body != nil {
				t.Errorf("it opens to %+v", got)
			}
		})
	}
	t.Run("expired, whether or not it was written down", func(t *testing.T) {
		d := office(t)
		s := d.sends(t)
		d.passes(hour - tick)
		if got := s.status(t).State; got != SecretLive {
			t.Errorf("at the last moment it is %s", got)
		}
		d.passes(tick)
		for range 2 {
			for _, keys := range []secretKeys{s.keys(t, ""), {link: s.link(t), claim: noProof}} {
				if got := s.opens(t, keys); got.State != SecretExpired || !got.At.Equal(noon.Add(hour)) || got.Body != nil {
					t.Errorf("it opens to %+v", got)
				}
			}
			if got := s.status(t); got.State != SecretExpired || !got.At.Equal(noon.Add(hour)) {
				t.Errorf("the page tells %+v", got)
			}
			must(t, d.ExpireSecrets(t.Context()))
		}
	})
}

// TestSecretOvertaken: who was a moment too late reads what came before them.
func TestSecretOvertaken(t *testing.T) {
	for state, before := range map[SecretState]func(*testing.T, sentSecret){
		SecretRevealed: func(t *testing.T, s sentSecret) { s.opens(t, s.keys(t, "")) },
		SecretRevoked:  func(t *testing.T, s sentSecret) { s.revokes(t) },
		SecretExpired:  func(_ *testing.T, s sentSecret) { s.d.passes(hour) },
		SecretLocked: func(t *testing.T, s sentSecret) {
			for range secretTries {
				s.guesses(t)
			}
		},
	} {
		for what, claim := range map[string]func(secretKeys) secretKeys{
			"the right passphrase": func(k secretKeys) secretKeys { return k },
			"a wrong one":          func(k secretKeys) secretKeys { k.claim = noProof; return k },
		} {
			t.Run(string(state)+" before "+what, func(t *testing.T) {
				d := office(t)
				s := d.sends(t)
				keys := claim(s.keys(t, ""))
				d.crossed(func() { before(t, s) })
				got := s.opens(t, keys)
				if got.State != state || got.Body != nil || got.Left != 0 {
					t.Errorf("it opens to %+v", got)
				}
			})
		}
	}
}

// TestSecretRolledBack: what the database didn't keep wasn't opened.
func TestSecretRolledBack(t *testing.T) {
	d := office(t)
	s := d.sends(t)
	keys := s.keys(t, "")
	d.Store = &crossing{fakeStore: d.store, lost: errBroken}
	d.changesNothing(t, func() {
		if opened, err := d.OpenSecret(t.Context(), s.id, keys.link, keys.claim); err == nil || opened.Body != nil {
			t.Errorf("it opens to %+v, %v", opened, err)
		}
	})
	d.Store = d.store
	if got := s.reads(t, keys, s.opens(t, keys)); got != canary {
		t.Errorf("afterwards it reads %q", got)
	}
}

// TestSecretPasted: a body that lies where another belongs opens nothing, and the
// secret stays as it is.
func TestSecretPasted(t *testing.T) {
	d := office(t)
	s, other := d.sends(t), d.sends(t)
	sealed := d.store.state.sealed[sealedName(SealSecret, other.id)]
	sealed.ID = s.id
	d.store.state.sealed[sealedName(SealSecret, s.id)] = sealed
	keys := s.keys(t, "")
	d.changesNothing(t, func() {
		if opened, err := d.OpenSecret(t.Context(), s.id, keys.link, keys.claim); err == nil || opened.Body != nil {
			t.Errorf("it opens to %+v, %v", opened, err)
		}
	})
}

// TestSecretOfAnOlderKey: a newer server key leaves what was sent openable, as long
// as the older one is there; once it isn't, nobody's link is known.
func TestSecretOfAnOlderKey(t *testing.T) {
	d := office(t)
	s := d.sends(t)
	keys := s.keys(t, "")
	d.Keys = ring(t, "new:"+key(9))
	d.changesNothing(t, func() {
		if opened := s.opens(t, keys); opened.State != "" || opened.Body != nil {
			t.Errorf("without the older key it opens to %+v", opened)
		}
	})
	d.Keys = ring(t, "new:"+key(9)+","+firstKey)
	if got := s.reads(t, keys, s.opens(t, keys)); got != canary {
		t.Errorf("it reads %q", got)
	}
}

// TestSecretAskedAgain: the sender hears once that somebody needs a new one,
// whatever became of the first.
func TestSecretAskedAgain(t *testing.T) {
	for name, end := range map[string]func(*testing.T, sentSecret){
		"live": func(*testing.T, sentSecret) {}, "opened": func(t *testing.T, s sentSecret) { s.opens(t, s.keys(t, "")) },
		"expired": func(_ *testing.T, s sentSecret) { s.d.passes(aDay) },
	} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			s := d.sends(t, forJane)
			end(t, s)
			d.told()
			known, err := d.AskSecretAgain(t.Context(), s.id, s.link(t))
			if err != nil || !known || !s.stored().AgainAt.Equal(d.now) {
				t.Errorf("it is known: %v, %v", known, err)
			}
			d.wantTold(t, "secret to U1", "secret_news to U1")
			if e := d.written(t); e.Act != ActSecretAgain || e.Actor != "link" || e.Subject != "u-1" {
				t.Errorf("the audit says %+v", e)
			}
			d.changesNothing(t, func() {
				known, err := d.AskSecretAgain(t.Context(), s.id, s.link(t))
				if err != nil || !known {
					t.Errorf("a second time it is known: %v, %v", known, err)
				}
			})
		})
	}
}

// TestStretchingTogether: however many passphrases are stretched at once, each comes
// out as it does alone, and who doesn't wait is let go.
func TestStretchingTogether(t *testing.T) {
	salt := make([]byte, saltBytes)
	alone, err := stretchPassphrase(t.Context(), "garden", salt)
	must(t, err)
	var all sync.WaitGroup
	var lock sync.Mutex
	var made [][]byte
	for range 6 {
		all.Go(func() {
			got, err := stretchPassphrase(t.Context(), " garden ", salt)
			lock.Lock()
			defer lock.Unlock()
			if err == nil {
				made = append(made, got)
			}
		})
	}
	all.Wait()
	if len(made) != 6 || slices.ContainsFunc(made, func(b []byte) bool { return string(b) != string(alone) }) {
		t.Errorf("%d came out, or not the same", len(made))
	}
}
