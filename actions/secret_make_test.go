package actions

import (
	"strings"
	"testing"
)

// TestSecretMade: what is sent is opened once by who has the link, and the
// passphrase if there is one; its sender sees how it stands.
func TestSecretMade(t *testing.T) {
	for name, change := range map[string]func(*NewSecret){"without a passphrase": func(*NewSecret) {}, "with words": withWords, "with one's own": withOwn} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			s := d.sends(t, change, forJane)
			passphrase := s.made.Passphrase
			if note(change).Passphrase == PassphraseOwn {
				passphrase = "fille IV café"
			}
			secret := s.stored()
			if secret.State != SecretLive || secret.Actor != "U1" || secret.From != "Ana" || secret.UserID != "u-1" || secret.For != "j•••@a•••.example" ||
				secret.Ticket != "#4711" || !secret.At.Equal(noon) || !secret.ExpiresAt.Equal(noon.Add(hour)) || secret.Protected() != (passphrase != "") {
				t.Errorf("stored is %+v", secret)
			}
			report := s.made.Report
			if report.Secret.LinkProof != nil || report.Secret.ClaimProof != nil || report.Secret.Salt != nil || report.Generated != (s.made.Passphrase != "") {
				t.Errorf("reported is %+v", report)
			}
			if e := d.written(t); e.Act != ActSecret || e.Actor != "U1" || e.Subject != "u-1" || e.Ticket != "#4711" || e.Outcome != ActDone {
				t.Errorf("the audit says %+v", e)
			}
			s.keepsQuiet(t)
			d.wantTold(t, "secret to U1")
			keys := s.keys(t, passphrase)
			if got := s.reads(t, keys, s.opens(t, keys)); got != canary {
				t.Errorf("it reads %q", got)
			}
		})
	}
}

// TestSecretRefused: what can't be sent is refused with a sentence, and nothing is
// stored.
func TestSecretRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*NewSecret)
		want   Code
		about  bool // whom it is for
	}{
		"nothing":                       {func(n *NewSecret) { n.Content = "" }, Invalid, false},
		"more than 16 KB":               {func(n *NewSecret) { n.Content = strings.Repeat("x", ContentLimit+1) }, Invalid, false},
		"NUL":                           {func(n *NewSecret) { n.Content = "a\x00" }, Invalid, false},
		"a lifetime below nothing":      {func(n *NewSecret) { n.Lifetime = -hour }, Invalid, false},
		"a lifetime over 7 days":        {func(n *NewSecret) { n.Lifetime = 8 * aDay }, Invalid, false},
		"a lifetime that overflows":     {func(n *NewSecret) { n.Lifetime = 1<<63 - 1 }, Invalid, false},
		"a lifetime between":            {func(n *NewSecret) { n.Lifetime = 2 * hour }, Invalid, false},
		"no kind of passphrase":         {func(n *NewSecret) { n.Passphrase = "" }, Invalid, false},
		"an unknown kind of passphrase": {func(n *NewSecret) { n.Passphrase = "rot13" }, Invalid, false},
		"a short passphrase":            {func(n *NewSecret) { n.Passphrase, n.Own = PassphraseOwn, "short" }, Invalid, false},
		"mailed without a passphrase":   {func(n *NewSecret) { mailedJane(n); n.Passphrase = PassphraseNone }, Invalid, false},
		"mailed to nobody":              {func(n *NewSecret) { mailedJane(n); n.For = " " }, Invalid, true},
		"a password in whom it is for":  {func(n *NewSecret) { n.For = "joe, password: hunter22" }, Invalid, true},
		"two lines in whom it is for":   {func(n *NewSecret) { n.For = "joe\njane" }, Invalid, true},
		"too long a name":               {func(n *NewSecret) { n.For = strings.Repeat("x", forLimit+1) }, Invalid, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			d.changesNothing(t, func() {
				made, err := d.CreateSecret(t.Context(), agent("k", ""), note(c.change))
				wantCode(t, err, c.want)
				if IsAboutFor(err) != c.about || made.Link != "" {
					t.Errorf("got %+v, %v", made, err)
				}
			})
		})
	}
}

// TestSecretsNotSetUp: without a key or a public address nothing is sent.
func TestSecretsNotSetUp(t *testing.T) {
	for name, spoil := range map[string]func(*desk){
		"no key":            func(d *desk) { d.Keys = Keyring{} },
		"no public address": func(d *desk) { d.PublicURL = "" },
		"no database":       func(d *desk) { d.store.down = Errorf(Unavailable, "The database doesn't answer.") },
	} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			spoil(d)
			_, err := d.CreateSecret(t.Context(), agent("", ""), note())
			wantCode(t, err, Unavailable)
		})
	}
	t.Run("no mail", func(t *testing.T) {
		d := office(t)
		d.Mailer = nil
		_, err := d.CreateSecret(t.Context(), agent("", ""), note(mailedJane))
		wantCode(t, err, Unavailable)
	})
}

// TestSecretPolicy: who has no role makes, sees and revokes none; it is recorded.
func TestSecretPolicy(t *testing.T) {
	nobody := Call{Actor: Actor{ID: "U9"}}
	for name, do := range map[string]func(*testing.T, sentSecret) error{
		"send": func(t *testing.T, s sentSecret) error {
			_, err := s.d.CreateSecret(t.Context(), nobody, note())
			return err
		},
		"look": func(t *testing.T, s sentSecret) error { _, err := s.d.SecretFor(t.Context(), nobody, s.id); return err },
		"list": func(t *testing.T, s sentSecret) error { _, err := s.d.SecretsOf(t.Context(), nobody, 0); return err },
		"revoke": func(t *testing.T, s sentSecret) error {
			_, err := s.d.RevokeSecret(t.Context(), nobody, s.id)
			return err
		},
		"passphrase": func(t *testing.T, s sentSecret) error {
			_, err := s.d.ShowPassphrase(t.Context(), nobody, s.id)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := office(t).sends(t)
			wantCode(t, do(t, s), Forbidden)
			if e := s.d.written(t); e.Actor != "U9" || e.Outcome != ActRefused || e.Detail != "" {
				t.Errorf("the audit says %+v", e)
			}
			if s.stored().State != SecretLive {
				t.Error("the secret isn't live any more")
			}
		})
	}
}

// TestSecretStopped: who did unusually much sends none, and is counted.
func TestSecretStopped(t *testing.T) {
	d := office(t)
	d.store.state.brakes["U1"] = Brake{Actor: "U1", At: noon}
	_, err := d.CreateSecret(t.Context(), agent("", ""), note())
	wantCode(t, err, Forbidden)
	if len(d.store.state.secrets) != 0 || d.store.state.hours["U1"].Count != 1 {
		t.Error("it was made, or isn't counted")
	}
}

// TestSecretAgain: a request that comes twice makes one secret.
func TestSecretAgain(t *testing.T) {
	d := office(t)
	d.sendsAs(t, agent("once", ""))
	d.changesNothing(t, func() {
		made, err := d.CreateSecret(t.Context(), agent("once", ""), note())
		wantCode(t, err, Conflict)
		if made.Link != "" {
			t.Error("it has a link")
		}
	})
}

// TestSecretQuota: a Slack user makes 20 secrets and requests in an hour; terminals
// and systems make as many as they like.
func TestSecretQuota(t *testing.T) {
	d := office(t)
	for range secretQuota - 1 {
		d.sends(t)
	}
	d.asks(t)
	d.changesNothing(t, func() {
		_, err := d.CreateSecret(t.Context(), agent("", ""), note())
		wantCode(t, err, Conflict)
	})
	other := agent("", "")
	other.Actor.ID = "U2"
	d.sendsAs(t, other)
	terminal := Call{Actor: Actor{ID: "terminal:ana", Roles: RolesOf(RoleAdmin)}}
	crm := TokenHolder{Name: "crm", Scopes: []Scope{ScopeSecrets}}
	for range secretQuota + 1 {
		d.sendsAs(t, terminal)
		_, err := d.CreateSecretFor(t.Context(), crm, note(), "")
		must(t, err)
	}
	d.passes(hour - tick)
	_, err := d.CreateSecret(t.Context(), agent("", ""), note())
	wantCode(t, err, Conflict)
	d.passes(tick)
	d.sends(t)
}

// TestSecretFor: a system sends under its own name, without cards and mail.
func TestSecretForSystem(t *testing.T) {
	d := office(t)
	crm := TokenHolder{Name: "crm", Scopes: []Scope{ScopeSecrets}}
	made, err := d.CreateSecretFor(t.Context(), crm, note(func(n *NewSecret) { n.From = "" }), "#1")
	must(t, err)
	if s := made.Report.Secret; s.Actor != "token:crm" || s.From != "crm" || s.Ticket != "#1" || !strings.Contains(made.Link, "/s/"+s.ID+"#") {
		t.Errorf("made is %+v", s)
	}
	if e := d.written(t); e.Actor != "token:crm" || e.Act != ActSecret || e.Ticket != "#1" {
		t.Errorf("the audit says %+v", e)
	}
	d.wantTold(t)
	d.changesNothing(t, func() {
		_, err := d.CreateSecretFor(t.Context(), TokenHolder{Name: "crm", Scopes: []Scope{ScopeLinks}}, note(), "")
		wantCode(t, err, Forbidden)
		_, err = d.CreateSecretFor(t.Context(), crm, note(mailedJane), "")
		wantCode(t, err, Invalid)
		_, err = d.CreateSecretFor(t.Context(), crm, note(), "#1\n")
		wantCode(t, err, Invalid)
	})
}

// TestSecretLifetimes: a default by the weekend rule, and each that can be chosen.
func TestSecretLifetimes(t *testing.T) {
	d := office(t)
	for _, lifetime := range Lifetimes {
		s := d.sends(t, func(n *NewSecret) { n.Lifetime = lifetime })
		if got := s.stored().ExpiresAt.Sub(noon); got != lifetime {
			t.Errorf("it lives %v, want %v", got, lifetime)
		}
	}
	d.passes(4 * aDay) // a Saturday
	s := d.sends(t, func(n *NewSecret) { n.Lifetime = 0 })
	if got := s.stored().ExpiresAt.Sub(d.now); got != 3*aDay {
		t.Errorf("by default it lives %v", got)
	}
}

// TestShownFrom: the page shows one clean line.
func TestShownFrom(t *testing.T) {
	d := office(t)
	for _, c := range [][3]string{
		{"U1", "Ana", "Ana"}, {"U1", " Ana\n\u202eMaria ", "AnaMaria"}, {"U1", "", "Acme"}, {"terminal:root", "", "root"},
		{"terminal:root", "Ana", "Ana"}, {"U1", strings.Repeat("é", 101), strings.Repeat("é", 100)},
	} {
		if got := d.shownFrom(c[0], c[1]); got != c[2] {
			t.Errorf("%q of %s is shown as %q, want %q", c[1], c[0], got, c[2])
		}
	}
}
