package actions

import (
	"slices"
	"strings"
	"testing"
)

// TestSecretRevoked: its sender takes it back, and so may who sits at the terminal.
func TestSecretRevoked(t *testing.T) {
	terminal := Call{Actor: Actor{ID: "terminal:ana", Roles: RolesOf(RoleAdmin)}}
	for name, call := range map[string]Call{"by its sender": agent("k", ""), "at the terminal": terminal} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			s := d.sends(t, withWords)
			keys := s.keys(t, s.made.Passphrase)
			d.told()
			d.passes(minute)
			report, err := d.RevokeSecret(t.Context(), call, s.id)
			if err != nil || report.Secret.State != SecretRevoked || !report.Since.Equal(d.now) || report.Secret.Why != "" || report.Generated {
				t.Errorf("got %+v, %v", report, err)
			}
			d.holdsSealed(t, s.id)
			d.wantTold(t, "secret to U1")
			if e := d.written(t); e.Act != ActSecretRevoke || e.Actor != call.Actor.ID || e.Detail != "revoked: secret "+shortHash(s.id) {
				t.Errorf("the audit says %+v", e)
			}
			if got := s.opens(t, keys); got.State != SecretRevoked || got.Body != nil {
				t.Errorf("it opens to %+v", got)
			}
			s.keepsQuiet(t)
		})
	}
}

// TestSecretRevokedByOthers: for anybody else there is no such secret.
func TestSecretRevokedByOthers(t *testing.T) {
	d := office(t)
	s := d.sends(t)
	lead := Call{Actor: Actor{ID: "U2", Roles: RolesOf(RoleAdmin)}}
	d.changesNothing(t, func() {
		_, err := d.RevokeSecret(t.Context(), lead, s.id)
		wantCode(t, err, NotFound)
		_, err = d.SecretFor(t.Context(), lead, s.id)
		wantCode(t, err, NotFound)
		_, unknown := d.SecretFor(t.Context(), lead, randomText(16))
		if unknown == nil || err == nil || unknown.Error() != err.Error() {
			t.Errorf("%v, and of one that nobody sent %v", err, unknown)
		}
	})
}

// TestSecretRevokedTooLate: who comes too late reads what has become of it.
func TestSecretRevokedTooLate(t *testing.T) {
	for state, before := range map[SecretState]func(*testing.T, sentSecret){
		SecretRevealed: func(t *testing.T, s sentSecret) { s.opens(t, s.keys(t, "")) },
		SecretExpired:  func(_ *testing.T, s sentSecret) { s.d.passes(hour) },
	} {
		t.Run(string(state), func(t *testing.T) {
			d := office(t)
			s := d.sends(t)
			before(t, s)
			d.changesNothing(t, func() {
				report, err := d.RevokeSecret(t.Context(), agent("k", ""), s.id)
				if err != nil || report.Secret.State != state {
					t.Errorf("got %+v, %v", report, err)
				}
			})
		})
	}
	t.Run("in the same moment", func(t *testing.T) {
		d := office(t)
		s := d.sends(t)
		keys := s.keys(t, "")
		d.crossed(func() { s.reads(t, keys, s.opens(t, keys)) })
		report, err := d.RevokeSecret(t.Context(), agent("k", ""), s.id)
		if err != nil || report.Secret.State != SecretRevealed {
			t.Errorf("got %+v, %v", report, err)
		}
	})
}

// TestSecretsExpire: what ran out goes, and who sent it hears; nothing else does.
func TestSecretsExpire(t *testing.T) {
	d := office(t)
	short := d.sends(t, withWords, func(n *NewSecret) { n.Lifetime = 15 * minute })
	long := d.sends(t)
	d.told()
	d.passes(15*minute - tick)
	d.changesNothing(t, func() { must(t, d.ExpireSecrets(t.Context())) })
	d.passes(minute)
	must(t, d.ExpireSecrets(t.Context()))
	if s := short.stored(); s.State != SecretExpired || !s.EndedAt.Equal(noon.Add(15*minute)) {
		t.Errorf("stored is %+v", s)
	}
	d.holdsSealed(t, short.id)
	d.holdsSealed(t, long.id, SealSecret)
	d.wantTold(t, "secret to U1", "secret_news to U1")
	if e := d.written(t); e.Act != ActSecretEnded || e.Actor != "latchkey" || !e.At.Equal(d.now) || e.Detail != "expired unopened: secret "+shortHash(short.id) {
		t.Errorf("the audit says %+v", e)
	}
	d.changesNothing(t, func() { must(t, d.ExpireSecrets(t.Context())) })
}

// TestSecretsExpireMany: however many ran out while nothing ran, all go at once.
func TestSecretsExpireMany(t *testing.T) {
	d := office(t)
	terminal := Call{Actor: Actor{ID: "terminal:ana", Roles: RolesOf(RoleAdmin)}}
	for range 2*expireBatch + 1 {
		d.sendsAs(t, terminal)
	}
	d.passes(hour)
	must(t, d.ExpireSecrets(t.Context()))
	if len(d.store.state.sealed) != 0 {
		t.Errorf("%d still lie sealed", len(d.store.state.sealed))
	}
	d.wantTold(t)
}

// TestSecretSteps: what is told of is listed, in the order in which it happens.
func TestSecretSteps(t *testing.T) {
	d, _ := posts(t)
	var reached []string
	d.Reached = func(step string) { reached = append(reached, step) }
	s := d.sends(t)
	s.opens(t, s.keys(t, ""))
	d.sends(t).revokes(t)
	mailed := d.sends(t, mailedJane)
	must(t, d.SendMail(t.Context(), mailed.stored().Mail))
	d.passes(aDay)
	must(t, d.ExpireSecrets(t.Context()))
	want := strings.Fields("secret_create:sealed secret_create:stored secret_open:taken secret_open:done " +
		"secret_create:sealed secret_create:stored secret_revoke:ended secret_revoke:done " +
		"secret_create:sealed secret_create:stored secret_mail:unsealed secret_mail:sent secret_mail:wiped secret_expire:ended")
	if !slices.Equal(reached, want) {
		t.Errorf("reached were %q, want %q", reached, want)
	}
	for _, step := range reached {
		if !slices.Contains(SecretSteps(), step) {
			t.Errorf("%q isn't listed", step)
		}
	}
}
