package actions

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// shop is what is asked for in the tests, by U1 for U2.
func shop(changes ...func(*NewAdmin)) NewAdmin {
	n := NewAdmin{Target: "acme SHOP", Receiver: "U2", Reason: "the checkout is broken"}
	for _, change := range changes {
		change(&n)
	}
	return n
}

// asksAdmin asks for a temporary admin as U1, and returns the report and its record.
func (d *desk) asksAdmin(t testing.TB, changes ...func(*NewAdmin)) (OperationReport, TempAdmin) {
	t.Helper()
	call := d.as(t, "U1")
	call.Ticket = "#4711"
	report, err := d.CreateAdmin(t.Context(), call, shop(changes...))
	must(t, err)
	return report, d.admin(t, report.Operation.Subject)
}

// approves says yes as the lead U8.
func (d *desk) approves(t testing.TB, report OperationReport) OperationReport {
	t.Helper()
	approved, err := d.Approve(t.Context(), d.as(t, "U8"), report.Approval.ID)
	must(t, err)
	return approved
}

// madeAdmin is a temporary admin of U1's for U2 that is in use.
func (d *desk) madeAdmin(t testing.TB, changes ...func(*NewAdmin)) TempAdmin {
	t.Helper()
	report, _ := d.asksAdmin(t, changes...)
	if got := d.approves(t, report); got.Operation.State != OperationDone {
		t.Fatalf("it is %s: %s", got.Operation.State, got.Operation.Why)
	}
	return d.admin(t, report.Operation.Subject)
}

// sentOf lists what was sent since, as "kind to ref".
func (d *desk) sentOf(kinds ...OutgoingKind) []string {
	var sent []string
	for _, m := range d.store.current().outbox {
		if slices.Contains(kinds, m.Kind) {
			sent = append(sent, fmt.Sprintf("%s to %s: %s", m.Kind, m.To, m.Ref))
		}
	}
	return sent
}

// TestCreateAdmin: asked for, approved, made, looked at, and told.
func TestCreateAdmin(t *testing.T) {
	d, site := hosts(t)
	report, asked := d.asksAdmin(t)
	if report.Operation.State != OperationAsked || asked.State != AdminAsked || asked.Ticket != "#4711" || asked.Days != 1 || len(site.logins()) != 0 {
		t.Fatalf("asked: %+v, %v", asked, site.logins())
	}
	if report.Person.Name != "" || report.Admin == nil || report.Admin.Admin.Receiver != "U2" || report.Admin.Target.Name != "Acme shop" {
		t.Errorf("the report is %+v", report)
	}
	d.now = noon.Add(10 * minute)
	done := d.approves(t, report)
	made := d.admin(t, asked.ID)
	if done.Operation.State != OperationDone || made.State != AdminInUse || made.Approver != "U8" {
		t.Fatalf("%s, %+v", done.Operation.Why, made)
	}
	if !made.BegunAt.Equal(d.now) || !made.ExpiresAt.Equal(d.now.Add(aDay)) || !made.Due.Equal(made.ExpiresAt.Add(-hour)) {
		t.Errorf("it lives from %s to %s, due %s", made.BegunAt, made.ExpiresAt, made.Due)
	}
	if user := site.users[made.Login]; !user.Admin || user.Name != adminName || user.Email != made.Login+"@latchkey.invalid" || user.ID != made.RemoteID {
		t.Errorf("the user is %+v", user)
	}
	want := []string{"temp_admin to U1: " + made.ID, "temp_admin to U2: " + made.ID}
	if got := d.sentOf(OutgoingAdmin, OutgoingAdminNews); !slices.Equal(got, want) {
		t.Errorf("told: %v", got)
	}
	rows := d.store.current().audit
	if row := rows[len(rows)-1]; row.Act != ActTempAdmin || row.Subject != made.ID || row.Outcome != ActDone || row.Approver != "U8" || row.Ticket != "#4711" ||
		!strings.Contains(row.Detail, made.Login+".") || strings.Contains(row.Detail, site.password(made.Login)) {
		t.Errorf("the audit says %+v", row)
	}
}

// TestCreateAdminLogin: it says what it is, and nothing in it looks like something else.
func TestCreateAdminLogin(t *testing.T) {
	for range 50 {
		login := newAdminLogin()
		random := strings.TrimPrefix(login, AdminPrefix)
		if len(random) != 10 || len(login) != len(AdminPrefix)+10 || strings.Trim(random, "abcdefghjkmnpqrstuvwxyz23456789") != "" {
			t.Fatalf("got %q", login)
		}
	}
}

// TestCreateAdminFields: what is wrong is said beside its field, and nothing stored.
func TestCreateAdminFields(t *testing.T) {
	for field, wrong := range map[string]func(*NewAdmin){
		"target":   func(n *NewAdmin) { n.Target = "another" },
		"receiver": func(n *NewAdmin) { n.Receiver = "U-STRANGER" },
		"days":     func(n *NewAdmin) { n.Days = 8 },
		"reason":   func(n *NewAdmin) { n.Reason = "  " },
	} {
		d, _ := hosts(t)
		_, err := d.CreateAdmin(t.Context(), d.as(t, "U1"), shop(wrong))
		if CodeOf(err) != Invalid || AdminField(err) != field || len(d.store.current().admins) != 0 || len(d.store.current().operations) != 0 {
			t.Errorf("%s: %v, about %q", field, err, AdminField(err))
		}
	}
	d, _ := hosts(t)
	_, err := d.CreateAdmin(t.Context(), d.as(t, "U1"), shop(func(n *NewAdmin) { n.Reason = "password is Kd7p-m3wx-9atq" }))
	if AdminField(err) != "reason" {
		t.Errorf("a password in the reason: %v", err)
	}
	if AdminField(errBroken) != "" || AdminField(nil) != "" {
		t.Error("an error about nothing is about a field")
	}
}

// TestCreateAdminRefused: who holds no role, and who goes round the way by Do.
func TestCreateAdminRefused(t *testing.T) {
	d, _ := hosts(t)
	_, err := d.CreateAdmin(t.Context(), d.as(t, "U-STRANGER"), shop())
	wantCode(t, err, Forbidden)
	for _, act := range []Act{ActTempAdmin, ActExtendAdmin, ActAdoptAdmin} {
		params := AdminParams{Target: "target of Acme shop", Login: "owner", Receiver: "U1", Days: 400}
		_, err = d.Do(t.Context(), d.as(t, "U1"), Order{Act: act, UserID: "u-1", Reason: "because", Params: Params{Admin: &params}})
		wantCode(t, err, Invalid)
	}
	d.Keys = Keyring{}
	_, err = d.CreateAdmin(t.Context(), d.as(t, "U1"), shop())
	wantCode(t, err, Conflict)
	if len(d.store.current().admins) != 0 {
		t.Error("something is stored")
	}
}

// TestCreateAdminTwice: a double click is one, also with another login and key; another
// reason is another.
func TestCreateAdminTwice(t *testing.T) {
	d, _ := hosts(t)
	first, _ := d.asksAdmin(t)
	d.now = d.now.Add(2 * second)
	second, err := d.CreateAdmin(t.Context(), d.as(t, "U1"), shop())
	if err != nil || !second.Already || second.Operation.ID != first.Operation.ID || len(d.store.current().admins) != 1 {
		t.Fatalf("got %+v, %v", second, err)
	}
	other, err := d.CreateAdmin(t.Context(), d.as(t, "U1"), shop(func(n *NewAdmin) { n.Reason = "and another thing" }))
	if err != nil || other.Already || len(d.store.current().admins) != 2 {
		t.Fatalf("another: %+v, %v", other, err)
	}
	d.now = d.now.Add(minute)
	if later, _ := d.asksAdmin(t); later.Already {
		t.Error("a minute later it is the same")
	}
}

// TestCreateAdminDays: the weekend begins on Friday at 17:00 in the team's zone, and
// what counts is when it was asked for (RULES S3.4).
func TestCreateAdminDays(t *testing.T) {
	zone := func(name string) *time.Location {
		loaded, err := time.LoadLocation(name)
		must(t, err)
		return loaded
	}
	for _, c := range []struct {
		at    string
		zone  string
		least int
	}{
		{"2026-11-20 16:59", "Europe/London", 1},
		{"2026-11-20 17:00", "Europe/London", 3},
		{"2026-11-20 17:01", "Europe/London", 3},
		{"2026-11-22 23:59", "Europe/London", 3},
		{"2026-11-23 00:00", "Europe/London", 1},
		{"2026-10-25 01:30", "Europe/London", 3},       // the hour comes twice
		{"2026-03-27 16:59", "Europe/London", 1},       // before the clocks go forward
		{"2026-10-02 17:01", "Australia/Melbourne", 3}, // the same
		{"2026-04-03 16:59", "Australia/Melbourne", 1}, // before they go back
		{"2026-04-05 23:59", "Australia/Melbourne", 3},
		{"2026-11-20 16:59", "America/Sao_Paulo", 1},
		{"2026-11-20 17:01", "America/Sao_Paulo", 3},
	} {
		d, _ := hosts(t)
		d.Zone = zone(c.zone)
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, d.Zone)
		must(t, err)
		d.now = at
		report, asked := d.asksAdmin(t)
		form, err := d.AdminForm(t.Context(), d.as(t, "U1"))
		if err != nil || asked.Days != c.least || form.Least != c.least || form.Usual != c.least || form.Weekend != (c.least == 3) {
			t.Errorf("%s in %s: %d days, form %+v, %v", c.at, c.zone, asked.Days, form, err)
		}
		if c.least == 3 {
			_, err := d.CreateAdmin(t.Context(), d.as(t, "U1"), shop(func(n *NewAdmin) { n.Days = 2 }))
			if AdminField(err) != "days" {
				t.Errorf("%s: 2 days: %v", c.at, err)
			}
		}
		d.now = at.Add(11 * minute) // Friday 17:10: one day is fine
		if got := d.approves(t, report); got.Operation.State != OperationDone {
			t.Errorf("%s: %s", c.at, got.Operation.Why)
		}
		want := Instant(d.now).Add(time.Duration(c.least) * aDay)
		if made := d.admin(t, asked.ID); !made.ExpiresAt.Equal(want) {
			t.Errorf("%s: it ends at %s, want %s", c.at, made.ExpiresAt, want)
		}
	}
}

// TestCreateAdminForm: what can be chosen.
func TestCreateAdminForm(t *testing.T) {
	d, _ := hosts(t)
	form, err := d.AdminForm(t.Context(), d.as(t, "U1"))
	if err != nil || len(form.Targets) != 1 || form.Least != 1 || form.Most != 7 || form.CanSeal != nil || !form.CanMail || form.Weekend {
		t.Errorf("got %+v, %v", form, err)
	}
	_, err = d.AdminForm(t.Context(), d.as(t, "U-STRANGER"))
	wantCode(t, err, Forbidden)
}
