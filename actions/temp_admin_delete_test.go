package actions

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestDeleteTroubles: whatever a target does when something is deleted there, nothing is
// announced that isn't so, nothing is forgotten, and a sentence says what to do.
func TestDeleteTroubles(t *testing.T) {
	type wrong struct {
		trouble siteTrouble
		on      string
		wait    time.Duration // until it is tried again
		said    string        // is part of the sentence
	}
	table := map[string]wrong{
		"look/down":      {siteDown, callLook, minute, "doesn't answer"},
		"look/slow":      {siteSlow, callLook, minute, "doesn't answer"},
		"look/away":      {siteAway, callLook, minute, "new application password"},
		"look/busy":      {siteBusy, callLook, 5 * minute, "too much to do"},
		"look/garbage":   {siteGarbage, callLook, minute, "doesn't answer"},
		"delete/down":    {siteDown, callDelete, minute, "doesn't answer"},
		"delete/slow":    {siteSlow, callDelete, minute, "doesn't answer"},
		"delete/away":    {siteAway, callDelete, minute, "new application password"},
		"delete/busy":    {siteBusy, callDelete, 5 * minute, "too much to do"},
		"delete/garbage": {siteGarbage, callDelete, minute, "doesn't answer"},
		"delete/lies":    {siteLies, callDelete, minute, "said yes, and still shows the user support-temp-ta1. Please delete it there by hand"},
	}
	for name, row := range table {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, site := hosts(t)
				site.later = 5 * minute
				admin := d.lends(t, site)
				d.passes(aDay)
				d.saidOf()
				site.breaks(row.trouble, row.on)
				d.sweeps(t)
				got := d.admin(t, admin.ID)
				if got.State != AdminEnding || got.Tries != 1 || !got.TroubleSince.Equal(d.now) || !got.Due.Equal(d.now.Add(row.wait)) || got.Lease != "" {
					t.Errorf("it is %+v", got)
				}
				if !strings.Contains(got.Trouble, row.said) {
					t.Errorf("the trouble is %q, want it to say %q", got.Trouble, row.said)
				}
				if len(site.logins()) != 1 {
					t.Error("the site has lost it")
				}
				d.wantSaid(t, "temp_admin to U1", "temp_admin to U2")
				d.changesNothing(t, func() { d.passes(row.wait - tick); d.sweeps(t) })
				site.breaks("", row.on)
				d.passes(tick)
				d.sweeps(t)
				d.wantGone(t, site, admin, AdminExpired)
				wantSame(t, d.story(admin.ID), []string{"temp_admin_ended by latchkey", "temp_admin_gone by latchkey"})
			})
		})
	}
}

// wantGone checks that a temporary admin is gone, from the site and on record, and that
// its people know; who ended it a moment ago read so in the answer.
func (d *desk) wantGone(t testing.TB, site *fakeSite, admin TempAdmin, end AdminEnd) {
	t.Helper()
	got := d.admin(t, admin.ID)
	if got.State != AdminGone || got.End != end || !got.EndedAt.Equal(d.now) || !got.Due.IsZero() || got.Trouble != "" || !got.TroubleSince.IsZero() || got.Lease != "" {
		t.Errorf("it is %+v", got)
	}
	for _, login := range site.logins() {
		if login == admin.Login {
			t.Error("the site still has it")
		}
	}
	told := strings.Join(d.saidOf(), "; ")
	for _, who := range []string{"U1", "U2"} {
		knows := who == got.EndedBy && got.EndedAt.Sub(got.EndingAt) < atOnce
		if !strings.Contains(told, "temp_admin to "+who) || strings.Contains(told, "temp_admin_news to "+who+" gone") == knows {
			t.Errorf("%s isn't told: %s", who, told)
		}
	}
}

// TestDeleteGone: what isn't there any more is gone, without being deleted.
func TestDeleteGone(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, toGo)
	site.loses(admin.Login)
	d.sweeps(t)
	d.wantGone(t, site, admin, AdminRevoked)
	if n := site.called(callDelete); n != 0 {
		t.Errorf("it was deleted %d times", n)
	}
}

// TestDeleteAnswerLost: what the site shows counts, not what it answers.
func TestDeleteAnswerLost(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, toGo)
	site.breaks(siteLost, callDelete)
	d.sweeps(t)
	d.wantGone(t, site, admin, AdminRevoked)
}

// TestDeleteLateAppearance: what a target was asked to make, and didn't answer, isn't
// gone before it can't appear any more.
func TestDeleteLateAppearance(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, toGo, func(a *TempAdmin) { a.UnsureUntil = a.At.Add(10 * minute) })
	site.late = append(site.late, site.users[admin.Login])
	site.loses(admin.Login)
	d.sweeps(t)
	if got := d.admin(t, admin.ID); got.State != AdminEnding || !got.Due.Equal(noon.Add(10*minute)) || got.Trouble != "" || got.Lease != "" {
		t.Errorf("it is %+v", got)
	}
	d.wantSaid(t, "temp_admin to U1", "temp_admin to U2")
	d.passes(5 * minute)
	site.appear()
	d.changesNothing(t, func() { d.sweeps(t) })
	d.passes(5 * minute)
	d.sweeps(t)
	d.wantGone(t, site, admin, AdminRevoked)
	if n := site.called(callDelete); n != 1 {
		t.Errorf("it was deleted %d times", n)
	}
}

// TestDeleteWaitsForMaking: while the operation runs that makes it, nothing is touched.
func TestDeleteWaitsForMaking(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, toGo)
	must(t, d.store.Tx(t.Context(), func(tx Tx) error {
		_, _, err := tx.StartOperation(t.Context(), Operation{ID: "op-1", Act: ActTempAdmin, Subject: admin.ID, State: OperationRunning, At: d.now})
		return err
	}))
	d.sweeps(t)
	if got := d.admin(t, admin.ID); got.State != AdminEnding || !got.Due.Equal(d.now.Add(minute)) || site.called(callLook) != 0 {
		t.Errorf("it is %+v, and the site was called %q", got, site.calls)
	}
}

// TestDeleteTroubleTold: the owner hears after an hour, the leads after four, each once;
// it is tried for ever.
func TestDeleteTroubleTold(t *testing.T) {
	for name, channel := range map[string]string{"channel": "CLEADS", "each": ""} {
		t.Run(name, func(t *testing.T) {
			d, site := hosts(t)
			d.LeadsChannel = channel
			admin := d.lends(t, site, toGo)
			site.breaks(siteDown)
			said := map[string][]time.Duration{}
			for d.now.Before(noon.Add(2 * aDay)) {
				d.sweeps(t)
				for _, what := range d.saidOf() {
					said[what] = append(said[what], d.now.Sub(noon))
				}
				d.passes(minute)
			}
			got := d.admin(t, admin.ID)
			if got.State != AdminEnding || got.Tries != 6+47 || !got.Told.Has(ToldTrouble) || !got.Told.Has(ToldLeads) {
				t.Errorf("it is %+v", got)
			}
			want := map[string][]time.Duration{
				"temp_admin_news to U1 trouble": {hour}, "temp_admin to U1": {0, hour, 4 * hour}, "temp_admin to U2": {0, hour, 4 * hour},
			}
			if channel != "" {
				want["temp_admin_leads to CLEADS"] = []time.Duration{4 * hour}
			} else {
				want["temp_admin_leads to U8"], want["temp_admin_leads to U9"] = []time.Duration{4 * hour}, []time.Duration{4 * hour}
			}
			if fmt.Sprint(said) != fmt.Sprint(want) {
				t.Errorf("said was %v, want %v", said, want)
			}
			site.breaks("")
			d.passes(hour)
			d.sweeps(t)
			if got := d.admin(t, admin.ID); got.State != AdminGone {
				t.Errorf("it is %+v", got)
			}
			if told := strings.Join(d.saidOf(), "; "); !strings.Contains(told, "temp_admin_leads to ") {
				t.Errorf("the leads' card isn't redrawn: %s", told)
			}
		})
	}
}

// TestDeleteTroubleLeadsUnknown: when nobody knows who the leads are, the owner hears all
// the same, and the leads later.
func TestDeleteTroubleLeadsUnknown(t *testing.T) {
	d, site := hosts(t)
	staff := d.staffed(t)
	admin := d.lends(t, site, toGo, func(a *TempAdmin) { a.TroubleSince = a.At.Add(-5 * hour) })
	site.breaks(siteDown)
	staff.down = errBroken
	d.sweeps(t)
	d.wantSaid(t, "temp_admin to U1", "temp_admin to U2", "temp_admin_news to U1 trouble")
	staff.down = nil
	d.now = d.admin(t, admin.ID).Due
	d.sweeps(t)
	d.wantSaid(t, "temp_admin to U1", "temp_admin to U2", "temp_admin_leads to U8", "temp_admin_leads to U9")
}

// TestDeleteOthers: no user is deleted but a temporary admin.
func TestDeleteOthers(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, toGo)
	d.sites[admin.Target] = nil
	d.Sites[TargetWordPress] = func(Target, string) (Site, error) { return liar{site}, nil }
	d.sweeps(t)
	if got := d.admin(t, admin.ID); got.State != AdminEnding || !strings.Contains(got.Trouble, "nothing was deleted") || site.called(callDelete) != 0 {
		t.Errorf("it is %+v, the calls %q", got, site.calls)
	}
}

// reused has another temporary admin on the site under the ID that one has, or had.
func (d *desk) reused(t testing.TB, site *fakeSite, admin TempAdmin) TempAdmin {
	t.Helper()
	other := d.lends(t, site)
	other.RemoteID = admin.RemoteID
	must(t, d.store.Tx(t.Context(), func(tx Tx) error { return tx.PutAdmin(t.Context(), other) }))
	site.loses(other.Login)
	return other
}

// TestDeleteReusedID: who has the ID of one that is to go, and is another on record,
// isn't it: not before it is deleted, and not after.
func TestDeleteReusedID(t *testing.T) {
	for name, when := range map[string]string{"before": callLook, "after": callDelete} {
		t.Run(name, func(t *testing.T) {
			d, site := hosts(t)
			admin := d.lends(t, site, toGo)
			other := d.reused(t, site, admin)
			site.before = func(_ context.Context, method string) {
				if method != when {
					return
				}
				if when == callLook {
					site.loses(admin.Login)
				}
				site.has(SiteUser{ID: admin.RemoteID, Login: other.Login, Admin: true})
			}
			d.sweeps(t)
			d.wantGone(t, site, admin, AdminRevoked)
			d.wantState(t, other.ID, AdminInUse, "")
			wantSame(t, site.logins(), []string{other.Login})
		})
	}
}

// TestDeleteRenamed: one that has another login there now, which nobody else has on
// record, is deleted by that.
func TestDeleteRenamed(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, toGo)
	site.loses(admin.Login)
	site.has(SiteUser{ID: admin.RemoteID, Login: AdminPrefix + "renamed", Admin: true})
	d.sweeps(t)
	d.wantGone(t, site, admin, AdminRevoked)
	wantSame(t, site.logins(), []string{})
}

// liar is a site that shows another user than the one that was asked for.
type liar struct{ *fakeSite }

func (l liar) Look(context.Context, string, string) (SiteUser, bool, error) {
	return SiteUser{ID: "1", Login: "owner"}, true, nil
}

// TestDeleteNoWords: an error without words for people becomes some.
func TestDeleteNoWords(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, toGo)
	d.Sites[TargetWordPress] = func(Target, string) (Site, error) { return nil, errBroken }
	d.sweeps(t)
	got := d.admin(t, admin.ID).Trouble
	if !strings.HasPrefix(got, "Acme shop answered with") || strings.Contains(got, errBroken.Error()) {
		t.Errorf("the trouble is %q", got)
	}
}

// TestDeleteCarriesOn: a process may end at each named step; whoever sweeps next, once
// the lease ran out, carries on, and nothing is done or written twice.
func TestDeleteCarriesOn(t *testing.T) {
	for _, step := range AdminSteps() {
		t.Run(step, func(t *testing.T) {
			d, site := hosts(t)
			admin := d.lends(t, site)
			d.passes(aDay)
			crash := errors.New("the process ends at " + step)
			ended := 0
			d.Reached = func(reached string) {
				if reached == step && ended == 0 {
					ended++
					panic(crash)
				}
			}
			if err := d.SweepAdmins(t.Context()); err == nil || !strings.Contains(err.Error(), crash.Error()) {
				t.Fatalf("the sweep says %v", err)
			}
			d.sweeps(t) // while the lease still holds
			d.passes(adminLease)
			d.sweeps(t)
			d.sweeps(t)
			d.wantState(t, admin.ID, AdminGone, AdminExpired)
			if len(site.logins()) != 0 || site.called(callDelete) != 1 {
				t.Errorf("the site has %q, and was called %q", site.logins(), site.calls)
			}
			wantSame(t, d.story(admin.ID), []string{"temp_admin_ended by latchkey", "temp_admin_gone by latchkey"})
			news := 0
			for _, m := range d.store.state.outbox {
				if m.Kind == OutgoingAdminNews {
					news++
				}
			}
			if news != 2 {
				t.Errorf("news were told %d times", news)
			}
		})
	}
}

// TestDeleteOvertaken: who lost the lease changes nothing.
func TestDeleteOvertaken(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, toGo)
	site.before = func(_ context.Context, method string) {
		if method == callDelete {
			stolen := d.admin(t, admin.ID)
			stolen.Lease = "another's"
			_ = d.store.Tx(t.Context(), func(tx Tx) error { return tx.PutAdmin(t.Context(), stolen) })
		}
	}
	d.sweeps(t)
	if got := d.admin(t, admin.ID); got.State != AdminEnding || got.Lease != "another's" || len(d.story(admin.ID)) != 0 {
		t.Errorf("it is %+v", got)
	}
}

// TestDeleteStopped: a server that is shut down says nothing about its targets.
func TestDeleteStopped(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, toGo)
	ctx, cancel := context.WithCancel(t.Context())
	site.before = func(context.Context, string) { cancel() }
	site.breaks(siteSlow)
	if err := d.SweepAdmins(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("it says %v", err)
	}
	if got := d.admin(t, admin.ID); got.Trouble != "" || got.Tries != 0 {
		t.Errorf("it is %+v", got)
	}
}
