package actions

import (
	"slices"
	"strings"
	"testing"
)

// TestAdminSecondPerson: neither who asks nor who gets in is asked, or may approve.
func TestAdminSecondPerson(t *testing.T) {
	d, site := hosts(t)
	staff := d.staffed(t)
	staff.onDuty, staff.other = []string{"U7", "U8"}, []string{"U9"}
	staff.roles["U7"] = RolesOf(RoleLead)
	report, asked := d.asksAdmin(t, func(n *NewAdmin) { n.Receiver = "U7" })
	if !slices.Equal(report.Approval.Asked, []string{"U8"}) {
		t.Errorf("asked are %v", report.Approval.Asked)
	}
	_, err := d.Approve(t.Context(), d.as(t, "U7"), report.Approval.ID)
	if CodeOf(err) != Conflict || !strings.Contains(err.Error(), "get in by this yourself") {
		t.Errorf("who gets in: %v", err)
	}
	rows := d.store.current().audit
	if row := rows[len(rows)-1]; row.Act != ActApprove || row.Outcome != ActRefused || row.Actor != "U7" || row.Subject != asked.ID {
		t.Errorf("the audit says %+v", row)
	}
	staff.roles["U1"] = RolesOf(RoleLead)
	_, err = d.Approve(t.Context(), d.as(t, "U1"), report.Approval.ID)
	wantCode(t, err, Conflict)
	_, err = d.Approve(t.Context(), d.as(t, "U2"), report.Approval.ID)
	wantCode(t, err, Forbidden)
	d.now = d.now.Add(11 * minute)
	must(t, d.CarryOn(t.Context()))
	if approval := d.store.current().approvals[report.Operation.ID]; !slices.Equal(approval.Asked, []string{"U8", "U9"}) {
		t.Errorf("asked are %v by now", approval.Asked)
	}
	if len(site.logins()) != 0 {
		t.Error("somebody approved it")
	}
}

// TestAdminNobodyToAsk: with no other lead nothing is begun.
func TestAdminNobodyToAsk(t *testing.T) {
	d, _ := hosts(t)
	staff := d.staffed(t)
	staff.onDuty, staff.other = []string{"U2"}, []string{"U1"}
	_, err := d.CreateAdmin(t.Context(), d.as(t, "U1"), shop())
	wantCode(t, err, Conflict)
	if len(d.store.current().admins) != 0 {
		t.Error("something is stored")
	}
}

// TestAdminNotApproved: declined, withdrawn and run out: there never was one.
func TestAdminNotApproved(t *testing.T) {
	for name, end := range map[string]func(*desk, OperationReport) error{
		"declined": func(d *desk, r OperationReport) error {
			_, err := d.Decline(t.Context(), d.as(t, "U8"), r.Approval.ID)
			return err
		},
		"withdrawn": func(d *desk, r OperationReport) error {
			_, err := d.Withdraw(t.Context(), d.as(t, "U1"), r.Operation.ID)
			return err
		},
		"expired": func(d *desk, _ OperationReport) error {
			d.now = d.now.Add(31 * minute)
			return d.CarryOn(t.Context())
		},
		"looked at once more": func(d *desk, r OperationReport) error {
			delete(d.Staff.(*fakeStaff).roles, "U2") // who gets in left
			_, err := d.Approve(t.Context(), d.as(t, "U8"), r.Approval.ID)
			return err
		},
	} {
		d, site := hosts(t)
		report, asked := d.asksAdmin(t)
		must(t, end(d, report))
		never := d.admin(t, asked.ID)
		if never.State != AdminRefused || never.End != AdminDeclined || !never.EndedAt.Equal(d.now) || !never.Due.IsZero() || len(site.calls) != 0 {
			t.Errorf("%s: %+v, %v", name, never, site.calls)
		}
		ended, err := d.Report(t.Context(), report.Operation.ID)
		if err != nil || ended.Operation.State != OperationRefused || ended.Admin.Admin.State != AdminRefused {
			t.Errorf("%s: %+v, %v", name, ended, err)
		}
		if told := d.sentOf(OutgoingAdmin, OutgoingAdminNews); told != nil {
			t.Errorf("%s: told %v", name, told)
		}
	}
}

// TestAdminTargetGone: a target that was removed meanwhile refuses it.
func TestAdminTargetGone(t *testing.T) {
	d, _ := hosts(t)
	report, asked := d.asksAdmin(t)
	must(t, d.store.Tx(t.Context(), func(tx Tx) error {
		_, err := tx.EndTarget(t.Context(), asked.Target)
		return err
	}))
	got := d.approves(t, report)
	if got.Operation.State != OperationRefused || !strings.Contains(got.Operation.Why, "Acme shop isn't there any more") || d.admin(t, asked.ID).State != AdminRefused {
		t.Errorf("got %+v", got.Operation)
	}
}
