package actions

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func (d *desk) reconciles(t testing.TB) {
	t.Helper()
	must(t, d.ReconcileAdmins(t.Context()))
}

// strangers puts a temporary admin on a site that Latchkey doesn't know.
func strangers(site *fakeSite) string {
	login := AdminPrefix + "stranger"
	site.has(SiteUser{ID: "99", Login: login, Admin: true})
	return login
}

// TestReconcileStray: what nobody knows is reported to the leads, once, and not deleted.
func TestReconcileStray(t *testing.T) {
	d, site := hosts(t)
	d.LeadsChannel = "CLEADS"
	login := strangers(site)
	d.reconciles(t)
	found, known, err := d.store.AdminAt(t.Context(), "target of Acme shop", login)
	if err != nil || !known || found.State != AdminStray || found.RemoteID != "99" || !found.At.Equal(d.now) || found.Actor != "" || !found.Due.IsZero() {
		t.Fatalf("it is %+v, %v", found, err)
	}
	d.wantSaid(t, "temp_admin_leads to CLEADS")
	wantSame(t, d.story(found.ID), []string{"temp_admin_found by latchkey"})
	if e := d.written(t); e.Detail != login+" on Acme shop: found there, and nobody knows it" {
		t.Errorf("the row is %+v", e)
	}
	d.changesNothing(t, func() { d.reconciles(t); d.sweeps(t) })
	if site.called(callDelete) != 0 {
		t.Error("it was deleted")
	}
	site.loses(login)
	d.reconciles(t)
	d.wantState(t, found.ID, AdminGone, AdminByHand)
	d.wantSaid(t, "temp_admin_leads to CLEADS")
	wantSame(t, d.story(found.ID), []string{"temp_admin_found by latchkey", "temp_admin_gone by latchkey"})
}

// TestReconcileBack: what was gone, or never was, and is there, is a stray again.
func TestReconcileBack(t *testing.T) {
	for _, state := range []AdminState{AdminGone, AdminRefused} {
		t.Run(string(state), func(t *testing.T) {
			d, site := hosts(t)
			admin := d.lends(t, site, func(a *TempAdmin) {
				a.State, a.End, a.EndedBy, a.EndedAt, a.EndingAt = state, AdminRevoked, "U1", a.At, a.At
			})
			d.reconciles(t)
			got := d.admin(t, admin.ID)
			if got.State != AdminStray || got.End != "" || !got.EndedAt.IsZero() || !got.EndingAt.IsZero() || got.RemoteID != admin.RemoteID {
				t.Errorf("it is %+v", got)
			}
			d.wantSaid(t, "temp_admin to U1", "temp_admin to U2", "temp_admin_leads to U8", "temp_admin_leads to U9")
			d.changesNothing(t, func() { d.reconciles(t) })
		})
	}
}

// TestReconcileFine: what should be there, or is to go, or is being made, is fine.
func TestReconcileFine(t *testing.T) {
	for _, state := range []AdminState{AdminAsked, AdminInUse, AdminEnding} {
		t.Run(string(state), func(t *testing.T) {
			d, site := hosts(t)
			d.lends(t, site, func(a *TempAdmin) { a.State = state })
			d.changesNothing(t, func() { d.reconciles(t) })
		})
	}
}

// TestReconcileMissing: what should be there and isn't is gone, and its people hear.
func TestReconcileMissing(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site)
	asked := d.lends(t, site, func(a *TempAdmin) { a.State = AdminAsked })
	ending := d.lends(t, site, toGo)
	for _, gone := range []TempAdmin{admin, asked, ending} {
		site.loses(gone.Login)
	}
	d.passes(hour)
	d.reconciles(t)
	d.wantGone(t, site, admin, AdminByHand)
	wantSame(t, d.story(admin.ID), []string{"temp_admin_gone by latchkey"})
	d.wantState(t, asked.ID, AdminAsked, "")
	d.wantState(t, ending.ID, AdminEnding, AdminRevoked)
}

// TestReconcileMeanwhile: what is made or deleted while a target answers isn't taken for
// something else.
func TestReconcileMeanwhile(t *testing.T) {
	t.Run("Made", func(t *testing.T) {
		d, site := hosts(t)
		made := false
		site.before = func(_ context.Context, method string) {
			if method == callLook && !made {
				made = true
				site.has(SiteUser{ID: "id of support-temp-ta1", Login: "support-temp-ta1", Admin: true})
			}
		}
		admin := d.keepsAdmin(t, nil)
		d.reconciles(t)
		d.wantState(t, admin.ID, AdminInUse, "")
	})
	t.Run("Deleted", func(t *testing.T) {
		d, site := hosts(t)
		admin := d.lends(t, site, func(a *TempAdmin) { a.State, a.End = AdminGone, AdminRevoked })
		site.before = func(_ context.Context, method string) {
			if method == callLook {
				site.loses(admin.Login)
			}
		}
		d.changesNothing(t, func() { d.reconciles(t) })
	})
}

// TestReconcileTroubles: a target that doesn't answer changes nothing, and the others are
// looked at.
func TestReconcileTroubles(t *testing.T) {
	for _, trouble := range []siteTrouble{siteDown, siteAway, siteBusy, siteGarbage} {
		t.Run(string(trouble), func(t *testing.T) {
			d, site := hosts(t)
			admin := d.lends(t, site)
			other := d.site1(t, "Other shop")
			strangers(other)
			site.breaks(trouble, callList)
			err := d.ReconcileAdmins(t.Context())
			if err == nil || !strings.Contains(err.Error(), "comparing the temporary admins of Acme shop") || strings.Contains(err.Error(), "Other shop") {
				t.Errorf("it says %v", err)
			}
			d.wantState(t, admin.ID, AdminInUse, "")
			if n := len(d.store.current().adminsThat(func(a TempAdmin) bool { return a.State == AdminStray })); n != 1 {
				t.Errorf("%d were found on the other", n)
			}
		})
	}
}

// TestReconcileReusedID: one whose ID is another's by now isn't there any more.
func TestReconcileReusedID(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site)
	other := d.reused(t, site, admin)
	site.loses(admin.Login)
	site.has(SiteUser{ID: admin.RemoteID, Login: other.Login, Admin: true})
	d.reconciles(t)
	d.wantState(t, admin.ID, AdminGone, AdminByHand)
	d.wantState(t, other.ID, AdminInUse, "")
}

// TestReconcileOddLogins: capitals and length hide nobody; what is shown of a long login
// is cut, and it can be deleted.
func TestReconcileOddLogins(t *testing.T) {
	for name, login := range map[string]string{
		"capitals": "Support-TEMP-evil", "characters of several bytes": AdminPrefix + strings.Repeat("é", 47), "long": AdminPrefix + strings.Repeat("x", 200),
	} {
		t.Run(name, func(t *testing.T) {
			d, site := hosts(t)
			site.has(SiteUser{ID: "99", Login: login, Admin: true})
			d.reconciles(t)
			stray, known, err := d.store.AdminAt(t.Context(), "target of Acme shop", login)
			if err != nil || !known || stray.State != AdminStray {
				t.Fatalf("it is %+v, %v", stray, err)
			}
			shown := shownLogin(login)
			if n := utf8.RuneCountInString(shown); n > loginShown+1 || name != "long" && shown != login {
				t.Errorf("%q is shown", shown)
			}
			if e := d.written(t); !strings.HasPrefix(e.Detail, shown+" on Acme shop: found") {
				t.Errorf("the row is %+v", e)
			}
			report, err := d.RevokeAdmin(t.Context(), d.as(t, "U1"), stray.ID, "nobody needs it")
			if err != nil || report.Admin.State != AdminGone || len(site.logins()) != 0 {
				t.Errorf("it is %+v, %v; the site has %q", report.Admin, err, site.logins())
			}
		})
	}
}

// TestReconcileFlood: a target that shows very many doesn't flood anybody, and what can't
// be one isn't taken in.
func TestReconcileFlood(t *testing.T) {
	d, site := hosts(t)
	d.LeadsChannel = "CLEADS"
	for i := range strayLimit + 50 {
		site.has(SiteUser{ID: fmt.Sprint(i), Login: fmt.Sprintf("%s%04d", AdminPrefix, i)})
	}
	if err := d.ReconcileAdmins(t.Context()); err == nil || len(d.store.state.admins) != strayLimit {
		t.Errorf("%d were taken in: %v", len(d.store.state.admins), err)
	}
	d.reconciles(t)
	if n := len(d.store.state.admins); n != strayLimit+50 {
		t.Errorf("after another night it is %d", n)
	}
	site.has(SiteUser{ID: "long", Login: AdminPrefix + strings.Repeat("x", loginLimit)})
	if err := d.ReconcileAdmins(t.Context()); err == nil || len(d.store.state.admins) != strayLimit+50 {
		t.Errorf("%d were taken in: %v", len(d.store.state.admins), err)
	}
}

// TestReconcileLeadsUnknown: while Slack doesn't say who the leads are, targets are
// compared all the same, and the leads hear of what was found once it does, once.
func TestReconcileLeadsUnknown(t *testing.T) {
	d, site := hosts(t)
	staff := d.staffed(t)
	missing := d.lends(t, site)
	site.loses(missing.Login)
	staff.down = errBroken
	d.reconciles(t) // there is nothing to tell them
	d.wantState(t, missing.ID, AdminGone, AdminByHand)
	login := strangers(site)
	for range 2 {
		if err := d.ReconcileAdmins(t.Context()); err == nil || !strings.Contains(err.Error(), "telling of the temporary admins of Acme shop") {
			t.Errorf("it says %v", err)
		}
	}
	found, known, err := d.store.AdminAt(t.Context(), "target of Acme shop", login)
	if err != nil || !known || found.State != AdminStray || found.Told != 0 {
		t.Fatalf("it is %+v, %v", found, err)
	}
	d.wantSaid(t, "temp_admin to U1", "temp_admin to U2", "temp_admin_news to U1 gone", "temp_admin_news to U2 gone")
	staff.down = nil
	d.reconciles(t)
	d.wantSaid(t, "temp_admin_leads to U8", "temp_admin_leads to U9")
	wantSame(t, d.story(found.ID), []string{"temp_admin_found by latchkey"})
	d.changesNothing(t, func() { d.reconciles(t) })
}

// TestReconcileAgain: a run that failed for one target is run again in its period, and
// what was reported in the first isn't in the second.
func TestReconcileAgain(t *testing.T) {
	d, site := hosts(t)
	d.LeadsChannel = "CLEADS"
	other := d.site1(t, "Other shop")
	strangers(other)
	run := func() (ran, failed bool) {
		ran, err := d.RunOnce(t.Context(), "reconcile_admins", d.now.Truncate(aDay), 5*time.Minute, d.ReconcileAdmins)
		return ran, err != nil
	}
	site.breaks(siteDown, callList)
	if ran, failed := run(); !ran || !failed {
		t.Errorf("it ran %v, failed %v", ran, failed)
	}
	d.wantSaid(t, "temp_admin_leads to CLEADS")
	strangers(site)
	site.breaks("")
	d.passes(hour)
	if ran, failed := run(); !ran || failed {
		t.Errorf("an hour later it ran %v, failed %v", ran, failed)
	}
	strays := d.store.current().adminsThat(func(a TempAdmin) bool { return a.State == AdminStray })
	if sent := d.sentOf(OutgoingAdminLeads); len(strays) != 2 || len(sent) != 1 {
		t.Errorf("of %d, told again are %v", len(strays), sent)
	}
	if ran, _ := run(); ran {
		t.Error("it ran though it had succeeded")
	}
}

// TestReconcileUnsearchable: a login that no search finds hides nobody: the ID that the
// list says does.
func TestReconcileUnsearchable(t *testing.T) {
	d, site := hosts(t)
	login := AdminPrefix + "odd@acme.example"
	site.has(SiteUser{ID: "98", Login: login, Name: unsearchable, Admin: true})
	d.reconciles(t)
	if found, known, err := d.store.AdminAt(t.Context(), "target of Acme shop", login); err != nil || !known || found.State != AdminStray || found.RemoteID != "98" {
		t.Errorf("it is %+v, %v", found, err)
	}
}
