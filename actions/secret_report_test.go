package actions

import (
	"testing"
	"time"
)

// TestShowPassphrase: only its sender sees it, while the secret is live, and it is
// recorded.
func TestShowPassphrase(t *testing.T) {
	d := office(t)
	s := d.sends(t, withWords)
	got, err := d.ShowPassphrase(t.Context(), agent("k", ""), s.id)
	if err != nil || got != s.made.Passphrase || got == "" {
		t.Errorf("it is shown %q, %v; it is %q", got, err, s.made.Passphrase)
	}
	if e := d.written(t); e.Act != ActSecretShow || e.Actor != "U1" || e.Detail != "its passphrase was shown to who sent it: secret "+shortHash(s.id) {
		t.Errorf("the audit says %+v", e)
	}
	s.keepsQuiet(t)
	for name, call := range map[string]Call{
		"to a colleague":  {Actor: Actor{ID: "U2", Roles: RolesOf(RoleAdmin)}},
		"at the terminal": {Actor: Actor{ID: "terminal:ana", Roles: RolesOf(RoleAdmin)}},
	} {
		t.Run(name, func(t *testing.T) {
			d.changesNothing(t, func() {
				got, err := d.ShowPassphrase(t.Context(), call, s.id)
				wantCode(t, err, NotFound)
				if got != "" {
					t.Errorf("it is shown %q", got)
				}
			})
		})
	}
}

// TestShowNoPassphrase: one that there isn't, or isn't any more, isn't shown.
func TestShowNoPassphrase(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*NewSecret)
		before func(*testing.T, sentSecret)
	}{
		"of a secret without one": {func(*NewSecret) {}, func(*testing.T, sentSecret) {}},
		"of one's own":            {withOwn, func(*testing.T, sentSecret) {}},
		"once it was opened":      {withWords, func(t *testing.T, s sentSecret) { s.opens(t, s.keys(t, s.made.Passphrase)) }},
		"once it was revoked":     {withWords, func(t *testing.T, s sentSecret) { s.revokes(t) }},
		"once it ran out":         {withWords, func(_ *testing.T, s sentSecret) { s.d.passes(hour) }},
		"revoked in the same moment": {withWords, func(t *testing.T, s sentSecret) {
			s.d.crossed(func() { s.revokes(t) })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := office(t).sends(t, c.change)
			c.before(t, s)
			got, err := s.d.ShowPassphrase(t.Context(), agent("k", ""), s.id)
			wantCode(t, err, Conflict)
			if got != "" {
				t.Errorf("it is shown %q", got)
			}
		})
	}
}

// TestSecretReported: a card has all but what is secret.
func TestSecretReported(t *testing.T) {
	d := office(t)
	d.Zone = time.FixedZone("somewhere", 3600)
	s := d.sends(t, withWords, forJane)
	for _, read := range []func() (SecretReport, error){
		func() (SecretReport, error) { return d.SecretReport(t.Context(), s.id) },
		func() (SecretReport, error) { return d.SecretFor(t.Context(), agent("", ""), s.id) },
	} {
		r, err := read()
		if err != nil || !r.Generated || r.Secret.State != SecretLive || !r.Since.Equal(noon) || r.Zone != d.Zone || r.Mail != nil ||
			r.Secret.Salt != nil || r.Secret.LinkProof != nil || r.Secret.ClaimProof != nil || r.Secret.For != "j•••@a•••.example" {
			t.Errorf("got %+v, %v", r, err)
		}
	}
	d.passes(hour)
	if r, err := d.SecretReport(t.Context(), s.id); err != nil || r.Secret.State != SecretExpired || !r.Since.Equal(noon.Add(hour)) || r.Generated {
		t.Errorf("once it ran out: %+v, %v", r, err)
	}
	_, err := d.SecretReport(t.Context(), randomText(16))
	wantCode(t, err, NotFound)
}

// TestSecretsOf: my newest secrets and requests, and nobody else's.
func TestSecretsOf(t *testing.T) {
	d := office(t)
	other := agent("", "")
	other.Actor.ID = "U2"
	d.sendsAs(t, other)
	first := d.sends(t)
	d.passes(minute)
	asked := d.asks(t)
	last := d.sends(t, withWords)
	list, err := d.SecretsOf(t.Context(), agent("", ""), 0)
	must(t, err)
	if len(list.Secrets) != 2 || list.Secrets[0].Secret.ID != last.id || list.Secrets[1].Secret.ID != first.id || !list.Secrets[0].Generated ||
		list.Secrets[0].Secret.Salt != nil || len(list.Requests) != 1 || list.Requests[0].Request.ID != asked.id || list.Total != 3 {
		t.Errorf("the list is %+v", list)
	}
}

// TestSecretsOfInPages: what still waits comes first, however old it is, and every one is on
// one page.
func TestSecretsOfInPages(t *testing.T) {
	d := office(t)
	first := d.sends(t, func(n *NewSecret) { n.Lifetime = aDay })
	asked := d.asks(t, func(n *NewRequest) { n.Lifetime = aDay })
	const later = listLimit + 5
	for range later {
		d.passes(4 * minute)
		over := d.sends(t)
		_, err := d.RevokeSecret(t.Context(), agent("revoke "+over.id, ""), over.id)
		must(t, err)
	}
	seen := map[string]bool{}
	for offset := 0; offset < later+2; offset += listLimit {
		list, err := d.SecretsOf(t.Context(), agent("", ""), offset)
		must(t, err)
		if list.Total != later+2 || list.Offset != offset || len(list.Secrets)+len(list.Requests) != min(listLimit, later+2-offset) {
			t.Errorf("from %d: %d and %d of %d", offset, len(list.Secrets), len(list.Requests), list.Total)
		}
		if offset == 0 && (list.Secrets[0].Secret.ID != first.id || len(list.Requests) != 1 || list.Requests[0].Request.ID != asked.id) {
			t.Errorf("what waits isn't first: %+v", list)
		}
		for _, r := range list.Secrets {
			seen[r.Secret.ID] = true
		}
	}
	if len(seen) != later+1 {
		t.Errorf("%d secrets are on the pages", len(seen))
	}
	if list, err := d.SecretsOf(t.Context(), agent("", ""), 5000); err != nil || len(list.Secrets)+len(list.Requests) > 0 {
		t.Errorf("beyond the last: %+v, %v", list, err)
	}
	_, err := d.SecretsOf(t.Context(), agent("", ""), -1)
	wantCode(t, err, Invalid)
}
