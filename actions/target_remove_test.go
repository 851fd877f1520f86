package actions

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// TestForceRemoveTarget: a target that is gone for good goes with all that isn't final
// on it; nobody claims that it was asked, and nothing waits any more.
func TestForceRemoveTarget(t *testing.T) {
	d, site := hosts(t)
	d.LeadsChannel = "CLEADS"
	used := d.lends(t, site)
	ending := d.lends(t, site, toGo, func(a *TempAdmin) {
		a.Trouble, a.TroubleSince, a.Lease, a.LeasedUntil = "It is down.", d.now, "l", d.now.Add(hour)
	})
	stray := d.lends(t, site, func(a *TempAdmin) { a.State, a.Actor, a.Receiver, a.Told = AdminStray, "", "", ToldFound })
	gone := d.lends(t, site, func(a *TempAdmin) { a.State, a.End = AdminGone, AdminRevoked })
	elsewhere := d.lends(t, d.site1(t, "Other shop"), func(a *TempAdmin) { a.Target = "target of Other shop" })
	asked, err := d.CreateAdmin(t.Context(), d.as(t, "U1"), NewAdmin{Target: "Acme shop", Reason: "The cart is empty."})
	must(t, err)
	longer, err := d.ExtendAdmin(t.Context(), d.as(t, "U1"), used.ID, "The cart is still empty.", 3)
	must(t, err)
	d.saidOf()
	_, err = d.RemoveTarget(t.Context(), atTheTerminal(), "acme shop")
	wantCode(t, err, Conflict)
	if said := err.Error(); !strings.Contains(said, "(4)") || !strings.Contains(said, "latchkey targets remove --force") {
		t.Errorf("it says %s", said)
	}
	_, left, err := d.ForceRemoveTarget(t.Context(), atTheTerminal(), "acme shop")
	must(t, err)
	if len(left) != 3 || len(site.calls) != 0 {
		t.Errorf("left are %v; the site was asked %v", left, site.calls)
	}
	for _, admin := range []TempAdmin{used, ending, stray} {
		got := d.admin(t, admin.ID)
		if got.State != AdminGone || got.End != AdminTargetRemoved || got.Trouble != "" || got.Lease != "" || !got.Due.IsZero() ||
			!got.EndedAt.Equal(d.now) || got.Where != "Acme shop, https://shop.example" {
			t.Errorf("it is %+v", got)
		}
		row := slices.IndexFunc(d.store.current().audit, func(e AuditEntry) bool {
			return e.Subject == admin.ID && e.Act == ActAdminEnded && e.Outcome == ActFailed && e.Actor == atTheTerminal().Actor.ID
		})
		if row < 0 {
			t.Errorf("the audit doesn't say that %s is left", admin.Login)
		}
	}
	d.wantState(t, asked.Admin.Admin.ID, AdminRefused, AdminDeclined)
	d.wantState(t, gone.ID, AdminGone, AdminRevoked)
	d.wantState(t, elsewhere.ID, AdminInUse, "")
	for _, op := range []string{asked.Operation.ID, longer.Operation.ID} {
		ended, err := d.store.OperationByID(t.Context(), op)
		if err != nil || ended.State != OperationRefused || !strings.Contains(ended.Why, "target was removed") {
			t.Errorf("the operation is %+v, %v", ended, err)
		}
	}
	for kind, sent := range map[OutgoingKind]int{OutgoingAdminLeads: 1, OutgoingAdminNews: 4} {
		if got := d.sentOf(kind); len(got) != sent {
			t.Errorf("told %v", got)
		}
	}
	d.changesNothing(t, func() { d.sweeps(t) })
}

// TestRemoveTargetMeanwhile: what is begun at the same moment keeps the target, and
// nothing is begun on one that was removed.
func TestRemoveTargetMeanwhile(t *testing.T) {
	d, site := hosts(t)
	late := &beginning{fakeStore: d.store, begin: func() { d.lends(t, site) }}
	d.Store = late
	_, err := d.RemoveTarget(t.Context(), atTheTerminal(), "Acme shop")
	wantCode(t, err, Conflict)
	late.begin = func() { d.lends(t, site) }
	_, _, err = d.ForceRemoveTarget(t.Context(), atTheTerminal(), "Acme shop")
	wantCode(t, err, Conflict)
	late.begin = func() {
		_, _, err := d.ForceRemoveTarget(t.Context(), atTheTerminal(), "Acme shop")
		must(t, err)
	}
	_, err = d.CreateAdmin(t.Context(), d.as(t, "U1"), NewAdmin{Target: "Acme shop", Reason: "The cart is empty."})
	if code := CodeOf(err); code != NotFound && code != Conflict {
		t.Errorf("got %v", err)
	}
	if n := len(d.store.current().adminsThat(func(a TempAdmin) bool { return !a.State.Final() })); n != 0 {
		t.Errorf("%d are on record", n)
	}
}

// beginning is a fakeStore before whose next transaction something happens.
type beginning struct {
	*fakeStore
	begin func()
}

// Tx has it happen.
func (s *beginning) Tx(ctx context.Context, fn func(Tx) error) error {
	if begin := s.begin; begin != nil {
		s.begin = nil
		begin()
	}
	return s.fakeStore.Tx(ctx, fn)
}

// TestRemoveTargetWhileMaking: one that is being made when its target is removed stays
// ended, whatever came of it.
func TestRemoveTargetWhileMaking(t *testing.T) {
	d, site := hosts(t)
	asked, err := d.CreateAdmin(t.Context(), d.as(t, "U1"), NewAdmin{Target: "Acme shop", Reason: "The cart is empty."})
	must(t, err)
	removed := false
	site.before = func(_ context.Context, method string) {
		if method == callMake && !removed {
			removed = true
			_, left, err := d.ForceRemoveTarget(t.Context(), atTheTerminal(), "Acme shop")
			if err != nil || len(left) != 1 {
				t.Errorf("left are %v, %v", left, err)
			}
		}
	}
	_, err = d.Approve(t.Context(), d.as(t, "U8"), asked.Approval.ID)
	must(t, err)
	if !removed {
		t.Fatal("it wasn't made")
	}
	d.wantState(t, asked.Admin.Admin.ID, AdminGone, AdminTargetRemoved)
	d.changesNothing(t, func() { d.sweeps(t) })
}
