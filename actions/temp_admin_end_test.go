package actions

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestRevoke: it is gone at once, with what was sealed of it, and the audit has who and
// why.
func TestRevoke(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, func(a *TempAdmin) { a.Operation = "op-1" })
	sealed, err := d.Keys.Seal(SealAdmin, "op-1", []byte(canary))
	must(t, err)
	must(t, d.store.Tx(t.Context(), func(tx Tx) error { return tx.PutSealed(t.Context(), sealed) }))
	report, err := d.RevokeAdmin(t.Context(), d.as(t, "U3"), admin.ID, " they are done ")
	must(t, err)
	if report.Admin.State != AdminGone || report.Admin.EndedBy != "U3" {
		t.Errorf("the report is %+v", report.Admin)
	}
	d.wantGone(t, site, admin, AdminRevoked)
	d.holdsSealed(t, "op-1")
	wantSame(t, d.story(admin.ID), []string{"revoke_temp_admin by U3", "temp_admin_gone by latchkey"})
	row := d.store.state.audit[0]
	if row.Reason != "they are done" || row.Ticket != "#4711" || row.Detail != "support-temp-ta1 on Acme shop: revoked" {
		t.Errorf("the row is %+v", row)
	}
	d.changesNothing(t, func() {
		report, err := d.RevokeAdmin(t.Context(), d.as(t, "U3"), admin.ID, "again")
		if err != nil || report.Admin.State != AdminGone {
			t.Errorf("the second time it is %+v, %v", report.Admin, err)
		}
	})
}

// TestRevokeRefused: who may not, why not said, what isn't there.
func TestRevokeRefused(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site)
	_, err := d.RevokeAdmin(t.Context(), Call{Actor: Actor{ID: "U5"}}, admin.ID, "done")
	wantCode(t, err, Forbidden)
	_, err = d.RevokeAdmin(t.Context(), d.as(t, "U1"), admin.ID, "  ")
	if wantCode(t, err, Invalid); AdminField(err) != "reason" {
		t.Errorf("it is about %q", AdminField(err))
	}
	_, err = d.RevokeAdmin(t.Context(), d.as(t, "U1"), admin.ID, "the password is Hunter2!x")
	wantCode(t, err, Invalid)
	_, err = d.RevokeAdmin(t.Context(), d.as(t, "U1"), "nobody", "done")
	wantCode(t, err, NotFound)
	d.wantState(t, admin.ID, AdminInUse, "")
	if site.calls != nil {
		t.Errorf("the site was called %q", site.calls)
	}
}

// TestRevokeOnce: a request that was answered before does nothing.
func TestRevokeOnce(t *testing.T) {
	d, site := hosts(t)
	admin, other := d.lends(t, site), d.lends(t, site)
	call := d.as(t, "U1")
	call.Key = "k-1"
	_, err := d.RevokeAdmin(t.Context(), call, admin.ID, "done")
	must(t, err)
	_, err = d.RevokeAdmin(t.Context(), call, other.ID, "done")
	wantCode(t, err, Conflict)
	d.wantState(t, other.ID, AdminInUse, "")
}

// TestRevokeSlow: who revokes one doesn't wait for a slow target; it goes on.
func TestRevokeSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, site := hosts(t)
		admin := d.lends(t, site)
		site.breaks(siteSlow, callDelete)
		begun := time.Now()
		report, err := d.RevokeAdmin(t.Context(), d.as(t, "U1"), admin.ID, "done")
		must(t, err)
		if took := time.Since(begun); took != revokeWait || report.Admin.State != AdminEnding {
			t.Errorf("after %s it is %+v", took, report.Admin)
		}
		site.breaks("", callDelete)
		takes(t.Context(), time.Minute)
		if got := d.admin(t, admin.ID); got.Lease != "" || got.Tries != 1 || got.Trouble == "" {
			t.Errorf("it is %+v", got)
		}
	})
}

// TestRevokeLate: who ended one, and waited no longer, is told when it is gone.
func TestRevokeLate(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site)
	site.before = func(_ context.Context, method string) {
		if method == callDelete {
			d.passes(revokeWait)
		}
	}
	_, err := d.RevokeAdmin(t.Context(), d.as(t, "U1"), admin.ID, "done")
	must(t, err)
	d.wantState(t, admin.ID, AdminGone, AdminRevoked)
	d.wantSaid(t, "temp_admin to U1", "temp_admin to U2", "temp_admin_news to U1 gone", "temp_admin_news to U2 gone")
}

// TestRevokeInTrouble: one that couldn't be deleted is tried at once, and who tries is on
// record.
func TestRevokeInTrouble(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, toGo)
	site.breaks(siteDown)
	d.sweeps(t)
	site.breaks("")
	report, err := d.RevokeAdmin(t.Context(), d.as(t, "U2"), admin.ID, "it is up again")
	if err != nil || report.Admin.State != AdminGone || report.Admin.EndedBy != "U1" {
		t.Errorf("it is %+v, %v", report.Admin, err)
	}
	wantSame(t, d.story(admin.ID), []string{"revoke_temp_admin by U2", "temp_admin_gone by latchkey"})
}

// TestRevokeStray: who has a stray deleted answers for it.
func TestRevokeStray(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, func(a *TempAdmin) {
		a.State, a.Actor, a.Receiver, a.Told, a.Due, a.ExpiresAt = AdminStray, "", "", ToldFound, time.Time{}, time.Time{}
	})
	site.breaks(siteDown)
	_, err := d.RevokeAdmin(t.Context(), d.as(t, "U1"), admin.ID, "nobody needs it")
	must(t, err)
	if got := d.admin(t, admin.ID); got.State != AdminEnding || got.Actor != "U1" || got.Receiver != "" {
		t.Errorf("it is %+v", got)
	}
	site.breaks("")
	d.saidOf()
	d.passes(minute)
	d.sweeps(t)
	d.wantState(t, admin.ID, AdminGone, AdminRevoked)
	d.wantSaid(t, "temp_admin to U1", "temp_admin_news to U1 gone", "temp_admin_leads to U8", "temp_admin_leads to U9")
}

// TestStrayInTrouble: who has a stray deleted hears that it can't be, and so do the
// leads, though they were told of it before.
func TestStrayInTrouble(t *testing.T) {
	d, site := hosts(t)
	d.LeadsChannel = "CLEADS"
	login := strangers(site)
	d.reconciles(t)
	site.breaks(siteDown)
	stray, _, err := d.store.AdminAt(t.Context(), "target of Acme shop", login)
	must(t, err)
	stray.Told |= ToldLeads // of trouble that is over
	must(t, d.store.Tx(t.Context(), func(tx Tx) error { return tx.PutAdmin(t.Context(), stray) }))
	_, err = d.RevokeAdmin(t.Context(), d.as(t, "U1"), stray.ID, "nobody needs it")
	must(t, err)
	d.saidOf()
	told := map[string][]time.Duration{}
	for began := d.now; d.now.Before(began.Add(aDay)); d.passes(minute) {
		d.sweeps(t)
		for _, what := range d.saidOf() {
			told[what] = append(told[what], d.now.Sub(began))
		}
	}
	want := map[string][]time.Duration{
		"temp_admin to U1": {hour, 4 * hour}, "temp_admin_leads to CLEADS": {hour, 4 * hour}, "temp_admin_news to U1 trouble": {hour},
	}
	if fmt.Sprint(told) != fmt.Sprint(want) {
		t.Errorf("told was %v, want %v", told, want)
	}
	if got := d.admin(t, stray.ID); !got.Told.Has(ToldLeads) || !got.Told.Has(ToldFound) {
		t.Errorf("it is %+v", got)
	}
}

// TestRevokeWaiting: one that waits for a second person is refused, and so is the
// question; somebody who says yes at that moment doesn't have it live.
func TestRevokeWaiting(t *testing.T) {
	d, site := hosts(t)
	admin := d.waits(t)
	report, err := d.RevokeAdmin(t.Context(), d.as(t, "U1"), admin.ID, "not needed")
	must(t, err)
	d.wantState(t, admin.ID, AdminRefused, AdminDeclined)
	if op := d.store.state.operations["op-1"]; op.State != OperationRefused || op.Why != "<@U1> took it back, so nothing was done." {
		t.Errorf("the operation is %+v", op)
	}
	if site.calls != nil || report.Admin.State != AdminRefused {
		t.Errorf("the site was called %q; the report is %+v", site.calls, report.Admin)
	}
	t.Run("approved at this moment", func(t *testing.T) {
		d, _ := hosts(t)
		admin := d.waits(t)
		d.crossed(func() {
			op := d.store.state.operations["op-1"]
			op.State, op.Lease = OperationRunning, "theirs"
			must(t, d.store.Tx(t.Context(), func(tx Tx) error {
				_, err := tx.MoveOperation(t.Context(), op, OperationAsked, "")
				return err
			}))
		})
		_, err := d.RevokeAdmin(t.Context(), d.as(t, "U1"), admin.ID, "not needed")
		must(t, err)
		if got := d.admin(t, admin.ID); got.State != AdminEnding || !got.Due.Equal(d.now.Add(makingWait)) {
			t.Errorf("it is %+v", got)
		}
	})
}

// TestRevokeCarriesOn: a process may end at each named step.
func TestRevokeCarriesOn(t *testing.T) {
	for _, step := range AdminSteps() {
		t.Run(step, func(t *testing.T) {
			d, site := hosts(t)
			admin := d.lends(t, site)
			ended := 0
			d.Reached = func(reached string) {
				if reached == step && ended == 0 {
					ended++
					panic("the process ends at " + step)
				}
			}
			func() {
				defer func() { _ = recover() }()
				_, _ = d.RevokeAdmin(t.Context(), d.as(t, "U1"), admin.ID, "done")
			}()
			d.passes(adminLease)
			d.sweeps(t)
			d.wantState(t, admin.ID, AdminGone, AdminRevoked)
			wantSame(t, d.story(admin.ID), []string{"revoke_temp_admin by U1", "temp_admin_gone by latchkey"})
			if len(site.logins()) != 0 || ended != 1 {
				t.Errorf("the site has %q", site.logins())
			}
		})
	}
}

// TestEndRevokesSecret: the one-time secret of its password ends with it.
func TestEndRevokesSecret(t *testing.T) {
	d, site := hosts(t)
	s := d.sends(t)
	secret := s.stored()
	secret.Operation = "op-1"
	d.store.state.secrets[s.id] = secret
	admin := d.lends(t, site, func(a *TempAdmin) { a.Operation = "op-1" })
	d.store.state.secrets[s.id] = func() Secret { s := secret; s.ExpiresAt = d.now.Add(7 * aDay); return s }()
	d.passes(aDay)
	d.sweeps(t)
	d.wantState(t, admin.ID, AdminGone, AdminExpired)
	if got := s.stored(); got.State != SecretRevoked || !strings.Contains(got.Why, "temporary admin") {
		t.Errorf("the secret is %s: %q", got.State, got.Why)
	}
	d.holdsSealed(t, s.id)
}
