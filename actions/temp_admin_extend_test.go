package actions

import (
	"slices"
	"strings"
	"testing"
)

// TestExtendAdmin: it ends so many days after it was asked, however late it is
// approved, and its people are reminded anew.
func TestExtendAdmin(t *testing.T) {
	d, site := hosts(t)
	made := d.madeAdmin(t)
	calls := len(site.calls)
	d.now = made.ExpiresAt.Add(-hour / 2)
	must(t, d.store.Tx(t.Context(), func(tx Tx) error {
		made.Told |= ToldHour
		return tx.PutAdmin(t.Context(), made)
	}))
	report, err := d.ExtendAdmin(t.Context(), d.as(t, "U3"), made.ID, "not done yet", 3)
	must(t, err)
	until := d.now.Add(3 * aDay)
	if report.Operation.State != OperationAsked || !slices.Equal(report.Approval.Asked, []string{"U8"}) || !strings.Contains(report.Does[0], "Saturday 14 March 2026, 11:30 UTC") {
		t.Fatalf("got %+v", report)
	}
	shown, err := d.AdminReport(t.Context(), made.ID)
	if err != nil || shown.Waits == nil || shown.Waits.Operation.ID != report.Operation.ID || shown.Waits.Admin.Waits != nil {
		t.Errorf("it waits for %+v, %v", shown.Waits, err)
	}
	d.now = d.now.Add(20 * minute)
	d.approves(t, report)
	longer := d.admin(t, made.ID)
	if !longer.ExpiresAt.Equal(until) || longer.Told.Has(ToldHour) || !longer.Due.Equal(until.Add(-aDay)) || longer.State != AdminInUse || len(site.calls) != calls {
		t.Errorf("got %+v", longer)
	}
}

// TestExtendAdminBounds: 1 to 7 days, on a weekend, too; later than now, and of one in
// use only.
func TestExtendAdminBounds(t *testing.T) {
	d, _ := hosts(t)
	made := d.madeAdmin(t, func(n *NewAdmin) { n.Days = 2 })
	for _, days := range []int{-1, 8} {
		_, err := d.ExtendAdmin(t.Context(), d.as(t, "U1"), made.ID, "not done yet", days)
		if CodeOf(err) != Invalid || AdminField(err) != "days" {
			t.Errorf("%d days: %v", days, err)
		}
	}
	_, err := d.ExtendAdmin(t.Context(), d.as(t, "U1"), made.ID, "not done yet", 1)
	wantCode(t, err, Conflict) // it ends later already
	_, err = d.ExtendAdmin(t.Context(), d.as(t, "U1"), "nobody", "not done yet", 1)
	wantCode(t, err, NotFound)
	_, err = d.ExtendAdmin(t.Context(), d.as(t, "U1"), made.ID, "", 7)
	if AdminField(err) != "reason" {
		t.Errorf("without a reason: %v", err)
	}
	_, err = d.ExtendAdmin(t.Context(), d.as(t, "U-STRANGER"), made.ID, "not done yet", 7)
	wantCode(t, err, Forbidden)
	own := d.keepsAdmin(t, func(a *TempAdmin) { a.Site, a.Target, a.Login = SiteCustomer, "", "" })
	_, err = d.ExtendAdmin(t.Context(), d.as(t, "U1"), own.ID, "not done yet", 7)
	wantCode(t, err, Conflict)
	ending := d.keepsAdmin(t, func(a *TempAdmin) { a.State = AdminEnding })
	_, err = d.ExtendAdmin(t.Context(), d.as(t, "U1"), ending.ID, "not done yet", 7)
	wantCode(t, err, Conflict)
}

// TestExtendAdminEnded: one that ended before it was approved isn't brought back.
func TestExtendAdminEnded(t *testing.T) {
	d, _ := hosts(t)
	made := d.madeAdmin(t)
	report, err := d.ExtendAdmin(t.Context(), d.as(t, "U1"), made.ID, "not done yet", 7)
	must(t, err)
	end := func(a TempAdmin) {
		must(t, d.store.Tx(t.Context(), func(tx Tx) error {
			a.State = AdminEnding
			return tx.PutAdmin(t.Context(), a)
		}))
	}
	d.Reached = func(step string) { // between the look and the end
		if step == "extend_temp_admin:outcome" {
			end(made)
		}
	}
	got := d.approves(t, report)
	left := d.admin(t, made.ID)
	if got.Operation.State != OperationFailed || left.State != AdminEnding || !left.ExpiresAt.Equal(made.ExpiresAt) {
		t.Errorf("%+v, %+v", got.Operation, left)
	}
	rows := d.store.current().audit
	if row := rows[len(rows)-1]; row.Outcome != ActFailed || !strings.Contains(row.Detail, "nothing was changed") {
		t.Errorf("the audit says %+v", row)
	}
}

// TestAdoptAdmin: who adopts a stray answers for it from then on.
func TestAdoptAdmin(t *testing.T) {
	d, site := hosts(t)
	d.LeadsChannel = "C-LEADS"
	stray := d.keepsAdmin(t, func(a *TempAdmin) {
		a.State, a.Actor, a.Receiver, a.BegunAt, a.ExpiresAt, a.Told = AdminStray, "", "", noon.Add(-aDay), noon, ToldFound
	})
	site.has(SiteUser{ID: "17", Login: stray.Login, Admin: true})
	report, err := d.AdoptAdmin(t.Context(), d.as(t, "U3"), stray.ID, "it is of our migration", 2)
	must(t, err)
	d.approves(t, report)
	kept := d.admin(t, stray.ID)
	if kept.State != AdminInUse || kept.Actor != "U3" || kept.Receiver != "U3" || kept.RemoteID != "17" || !kept.ExpiresAt.Equal(noon.Add(2*aDay)) || kept.Told != 0 {
		t.Errorf("got %+v", kept)
	}
	asked, answered := "temp_admin_leads to C-LEADS: "+kept.ID, []string{"temp_admin to U3: " + kept.ID, "temp_admin_leads to C-LEADS: " + kept.ID}
	want := append([]string{asked}, answered...)
	if got := d.sentOf(OutgoingAdmin, OutgoingAdminLeads, OutgoingAdminNews); !slices.Equal(got, want) {
		t.Errorf("told %v", got)
	}
	shown, err := d.AdminReport(t.Context(), kept.ID)
	if err != nil || shown.Handout != HandoutNone {
		t.Errorf("its password %s, %v", shown.Handout, err)
	}
	_, err = d.AdoptAdmin(t.Context(), d.as(t, "U1"), stray.ID, "me, too", 2)
	wantCode(t, err, Conflict)
}

// TestAdoptAdminGone: one that isn't there any more can't be adopted, and stays a
// stray.
func TestAdoptAdminGone(t *testing.T) {
	d, _ := hosts(t)
	stray := d.keepsAdmin(t, func(a *TempAdmin) { a.State = AdminStray })
	report, err := d.AdoptAdmin(t.Context(), d.as(t, "U3"), stray.ID, "it is of our migration", 2)
	must(t, err)
	got := d.approves(t, report)
	if got.Operation.State != OperationFailed || !strings.Contains(got.Operation.Why, "Looking for the user failed: Acme shop doesn't show the user as an administrator.") {
		t.Errorf("got %+v", got.Operation)
	}
	if left := d.admin(t, stray.ID); left.State != AdminStray {
		t.Errorf("it is %s", left.State)
	}
}
