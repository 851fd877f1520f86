package actions

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// said follows a desk sweep by sweep, minute by minute, until a moment, and returns when
// what was told.
func (d *desk) follows(t testing.TB, until time.Duration) map[string][]time.Duration {
	t.Helper()
	said := map[string][]time.Duration{}
	for ; d.now.Before(noon.Add(until)); d.passes(minute) {
		d.sweeps(t)
		for _, what := range d.saidOf() {
			said[what] = append(said[what], d.now.Sub(noon))
		}
	}
	return said
}

// TestSweepReminds: a day and an hour before the end, once each, both its people; one
// that lives for a day hears the latter alone.
func TestSweepReminds(t *testing.T) {
	for days, want := range map[int]map[string][]time.Duration{
		1: {"hour": {23 * hour}, "gone": {24 * hour}},
		3: {"day": {48 * hour}, "hour": {71 * hour}, "gone": {72 * hour}},
	} {
		t.Run(fmt.Sprint(days), func(t *testing.T) {
			d, site := hosts(t)
			d.lends(t, site, forDays(days))
			all := map[string][]time.Duration{"temp_admin to U1": {time.Duration(days) * aDay}, "temp_admin to U2": {time.Duration(days) * aDay}}
			for news, at := range want {
				all["temp_admin_news to U1 "+news], all["temp_admin_news to U2 "+news] = at, at
			}
			if said := d.follows(t, 4*aDay); fmt.Sprint(said) != fmt.Sprint(all) {
				t.Errorf("said was %v, want %v", said, all)
			}
		})
	}
}

// TestSweepAfterPause: what was missed while the server was off isn't made up for, but
// for the last; what is over is only ended.
func TestSweepAfterPause(t *testing.T) {
	for name, row := range map[string]struct {
		off  time.Duration
		want []string
	}{
		"over the day":  {2*aDay + hour, []string{"temp_admin_news to U1 day", "temp_admin_news to U2 day"}},
		"over both":     {3*aDay - minute, []string{"temp_admin_news to U1 hour", "temp_admin_news to U2 hour"}},
		"over the end":  {6 * aDay, []string{"temp_admin to U1", "temp_admin to U2", "temp_admin_news to U1 gone", "temp_admin_news to U2 gone"}},
		"before it all": {aDay, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			d, site := hosts(t)
			admin := d.lends(t, site, forDays(3))
			d.passes(row.off)
			d.sweeps(t)
			d.wantSaid(t, row.want...)
			d.sweeps(t)
			d.wantSaid(t)
			if over := row.off > 3*aDay; over {
				d.wantState(t, admin.ID, AdminGone, AdminExpired)
				wantSame(t, d.story(admin.ID), []string{"temp_admin_ended by latchkey", "temp_admin_gone by latchkey"})
			} else {
				d.wantState(t, admin.ID, AdminInUse, "")
			}
		})
	}
}

// TestSweepClockSetBack: when the clock of the server is set back by an hour, nothing is
// told twice or undone, and it ends later by as much at most.
func TestSweepClockSetBack(t *testing.T) {
	for _, at := range []time.Duration{2*aDay + minute, 3*aDay - hour + minute, 3*aDay - minute, 3*aDay + minute} {
		t.Run(at.String(), func(t *testing.T) {
			d, site := hosts(t)
			admin := d.lends(t, site, forDays(3))
			said, back := map[string]int{}, false
			for truth := time.Duration(0); truth < 3*aDay+hour+2*minute; truth += minute {
				if !back && truth == at {
					back = true
					d.passes(-hour)
				}
				d.sweeps(t)
				for _, what := range d.saidOf() {
					said[what]++
				}
				d.passes(minute)
			}
			d.wantState(t, admin.ID, AdminGone, AdminExpired)
			for _, news := range []AdminNews{NewsDay, NewsHour, NewsGone} {
				if n := said["temp_admin_news to U1 "+string(news)]; n != 1 {
					t.Errorf("%s was told %d times", news, n)
				}
			}
		})
	}
}

// TestSweepExtendedMeanwhile: one that was extended at the moment of its end lives on.
func TestSweepExtendedMeanwhile(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, func(a *TempAdmin) { a.Told = ToldHour })
	d.passes(aDay)
	d.crossed(func() {
		longer := d.admin(t, admin.ID)
		longer.livesUntil(d.now, d.now.Add(2*aDay))
		must(t, d.store.Tx(t.Context(), func(tx Tx) error { return tx.PutAdmin(t.Context(), longer) }))
	})
	d.sweeps(t)
	d.wantState(t, admin.ID, AdminInUse, "")
	d.wantSaid(t)
	if len(site.logins()) != 1 {
		t.Error("the site has lost it")
	}
}

// TestSweepTwice: of two sweeps at once over one store each does what the other doesn't.
func TestSweepTwice(t *testing.T) {
	d, site := hosts(t)
	const many = 20
	var admins []TempAdmin
	for range many {
		admins = append(admins, d.lends(t, site))
	}
	d.passes(aDay)
	other := &Actions{
		Store: d.store, Directory: d.directory, Keys: d.Keys, Sites: d.Sites, Staff: d.Staff,
		Now: d.Now, Log: d.Log, Writer: d.Writer, Mailer: d.Mailer,
	}
	var both sync.WaitGroup
	for _, a := range []*Actions{d.Actions, other} {
		both.Go(func() {
			if err := a.SweepAdmins(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	// Each leaves to the other what the target has no room for at that moment: the next tick
	// has it.
	if err := d.SweepAdmins(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, admin := range admins {
		d.wantState(t, admin.ID, AdminGone, AdminExpired)
		wantSame(t, d.story(admin.ID), []string{"temp_admin_ended by latchkey", "temp_admin_gone by latchkey"})
	}
	if n := site.called(callDelete); n != many {
		t.Errorf("the site deleted %d times, want %d", n, many)
	}
}

// takes waits, as a site does.
func takes(ctx context.Context, how time.Duration) {
	limit := time.NewTimer(how)
	defer limit.Stop()
	select {
	case <-ctx.Done():
	case <-limit.C:
	}
}

// TestSweepSlowDeletes: a target whose deletions take long doesn't make a sweep long, and
// what was left waits for the next.
func TestSweepSlowDeletes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, site := hosts(t)
		for range 40 {
			d.lends(t, site, toGo)
		}
		site.before = func(ctx context.Context, method string) {
			if method == callDelete {
				takes(ctx, 7*time.Second)
			}
		}
		for left := 40; left > 0; {
			begun := time.Now()
			d.sweeps(t)
			if took := time.Since(begun); took > sweepTime+adminLease {
				t.Fatalf("the sweep took %s", took)
			}
			now := len(site.logins())
			if now >= left {
				t.Fatalf("%d are left, before it were %d", now, left)
			}
			left = now
		}
		if site.most > SiteCalls {
			t.Errorf("%d calls were at once", site.most)
		}
	})
}

// TestSweepFull: of a target on which others delete as many as may be nothing is begun,
// and nobody waits for it; the next sweep does it.
func TestSweepFull(t *testing.T) {
	d, site := hosts(t)
	for range SiteCalls {
		d.lends(t, site, toGo, func(a *TempAdmin) { a.Lease, a.LeasedUntil = "another's", d.now.Add(adminLease) })
	}
	admin := d.lends(t, site, toGo)
	elsewhere := d.site1(t, "Other shop")
	other := d.lends(t, elsewhere, toGo, func(a *TempAdmin) { a.Target = "target of Other shop" })
	d.sweeps(t)
	d.deleteSoon(t.Context(), admin.ID)
	if len(site.calls) != 0 {
		t.Errorf("it was asked %v", site.calls)
	}
	if got := d.admin(t, admin.ID); got.State != AdminEnding || got.Trouble != "" || got.Lease != "" || !got.Due.Equal(admin.Due) {
		t.Errorf("it is %+v", got)
	}
	d.wantState(t, other.ID, AdminGone, AdminRevoked)
	d.passes(adminLease)
	d.sweeps(t)
	if left := site.logins(); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
}

// TestSweepDatabase: an error of the database is the sweep's.
func TestSweepDatabase(t *testing.T) {
	d, site := hosts(t)
	d.lends(t, site, toGo)
	d.store.down = errBroken
	if err := d.SweepAdmins(t.Context()); err == nil {
		t.Error("it says nothing")
	}
	d.store.down = nil
	d.Store = &crossing{fakeStore: d.store, lost: errBroken}
	if err := d.SweepAdmins(t.Context()); err == nil {
		t.Error("it says nothing of a lost commit")
	}
}

// TestSweepCustomers: when the time of a customer's own is over they are asked to delete
// it, and reminded after 1, 3 and 7 days, and then each week, for ever.
func TestSweepCustomers(t *testing.T) {
	d := office(t)
	admin := d.keepsAdmin(t, func(a *TempAdmin) {
		a.Site, a.Target, a.Login, a.UserID, a.Receiver = SiteCustomer, "", "", "u-1", a.Actor
		a.Due = nextDue(*a)
	})
	var asked []time.Duration
	for ; d.now.Before(noon.Add(25 * aDay)); d.passes(hour) {
		before := len(d.store.state.mails)
		d.sweeps(t)
		for range len(d.store.state.mails) - before {
			asked = append(asked, d.now.Sub(noon))
		}
	}
	want := []time.Duration{aDay, 2 * aDay, 4 * aDay, 8 * aDay, 15 * aDay, 22 * aDay}
	if fmt.Sprint(asked) != fmt.Sprint(want) {
		t.Errorf("they were asked after %v, want %v", asked, want)
	}
	d.wantState(t, admin.ID, AdminEnding, AdminExpired)
	if rows := d.story("u-1"); len(rows) != 1 || rows[0] != "temp_admin_ended by latchkey" {
		t.Errorf("the audit says %q", rows)
	}
}
