package actions

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// crowdedStore is a fakeStore whose transactions work on the state itself: they are
// quick, however much there is, and must not fail.
type crowdedStore struct{ *fakeStore }

func (s crowdedStore) Tx(_ context.Context, fn func(Tx) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	tx := &fakeTx{fakeState: s.state, keyed: true}
	err := fn(tx)
	s.state = tx.fakeState
	return err
}

func (s crowdedStore) AdminByID(ctx context.Context, id string) (TempAdmin, bool, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.fakeStore.AdminByID(ctx, id)
}

func (s crowdedStore) AdminsDue(ctx context.Context, now time.Time, limit int) ([]TempAdmin, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.fakeStore.AdminsDue(ctx, now, limit)
}

func (s crowdedStore) TargetByID(ctx context.Context, id string) (Target, bool, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.fakeStore.TargetByID(ctx, id)
}

func (s crowdedStore) OperationsOf(ctx context.Context, subject string, since time.Time, limit int) ([]Operation, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.fakeStore.OperationsOf(ctx, subject, since, limit)
}

func (s crowdedStore) SealedByID(ctx context.Context, purpose Purpose, id string) (Sealed, bool, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.fakeStore.SealedByID(ctx, purpose, id)
}

// TestSweepCrowd: 1,000 temporary admins on 50 targets are gone within two minutes, with
// at most 4 calls at once for each target, whatever another target does.
func TestSweepCrowd(t *testing.T) {
	for name, trouble := range map[string]siteTrouble{"all well": "", "one is down": siteSlow} {
		t.Run(name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { crowd(t, trouble) }) })
	}
}

func crowd(t *testing.T, trouble siteTrouble) {
	d, _ := hosts(t)
	const targets, each = 50, 20
	sites := make([]*fakeSite, targets)
	for i := range sites {
		sites[i] = d.site1(t, fmt.Sprint("Site ", i))
		sites[i].before = func(ctx context.Context, _ string) { takes(ctx, 5*time.Millisecond) }
		for n := range each {
			sites[i].has(d.crowds(i, n))
		}
	}
	sites[0].breaks(trouble)
	d.Store = crowdedStore{d.store}
	begun := time.Now()
	d.sweeps(t)
	if took := time.Since(begun); took > 30*time.Second {
		t.Errorf("the sweep took %s", took)
	}
	for i, site := range sites {
		if left := len(site.logins()); (trouble == "" || i > 0) && left > 0 {
			t.Errorf("site %d still has %d", i, left)
		}
		if site.most > SiteCalls {
			t.Errorf("site %d had %d calls at once", i, site.most)
		}
	}
	for _, admin := range d.store.state.admins {
		away := trouble != "" && admin.Target == "target of Site 0"
		if away && (admin.State != AdminEnding || admin.Trouble == "" || !admin.Due.Equal(d.now.Add(minute))) || !away && admin.State != AdminGone {
			t.Errorf("one is %+v", admin)
		}
	}
	if n := sites[0].called(callLook); trouble != "" && n != SiteCalls {
		t.Errorf("a target that doesn't answer was asked %d times", n)
	}
}

// crowds puts a temporary admin on one of many sites into the store, whose time is over,
// and returns the user that it is there.
func (d *desk) crowds(site, n int) SiteUser {
	admin := living(1, func(a *TempAdmin) {
		a.ID, a.Target, a.Login = fmt.Sprint("ta-", site, "-", n), fmt.Sprint("target of Site ", site), fmt.Sprint(AdminPrefix, n)
		a.Actor, a.Receiver, a.At = "U1", "U2", noon.Add(-aDay)
		a.BegunAt, a.ExpiresAt, a.Due = noon.Add(-aDay), noon, noon
	})
	d.store.state.admins[admin.ID] = admin
	return SiteUser{ID: "id of " + admin.Login, Login: admin.Login, Admin: true}
}
