package actions

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// helpdesk is the system that says which tickets are solved.
var helpdesk = TokenHolder{Name: "zendesk", Scopes: []Scope{ScopeTickets}}

func (d *desk) solves(t testing.TB, ticket string) SolvedTicket {
	t.Helper()
	solved, err := d.TicketSolved(t.Context(), helpdesk, ticket)
	must(t, err)
	return solved
}

// TestTicketSolved: the temporary admins of the ticket are gone, and no others; the same
// again ends what was made since (RULES S3.5).
func TestTicketSolved(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site)
	other := d.lends(t, site, func(a *TempAdmin) { a.Ticket = "#4712" })
	if got := d.solves(t, "4711"); got != (SolvedTicket{Ticket: "#4711", Ended: 1, Gone: 1}) {
		t.Errorf("it says %+v", got)
	}
	d.wantGone(t, site, admin, AdminSolved)
	if got := d.admin(t, admin.ID); got.EndedBy != "zendesk" || !got.EndingAt.Equal(d.now) {
		t.Errorf("it is %+v", got)
	}
	d.wantState(t, other.ID, AdminInUse, "")
	wantSame(t, d.story(admin.ID), []string{"temp_admin_ended by token:zendesk", "temp_admin_gone by latchkey"})
	wantSame(t, d.story(""), []string{"ticket_solved by token:zendesk"})
	d.changesNothing(t, func() {
		if got := d.solves(t, "#4711"); got != (SolvedTicket{Ticket: "#4711"}) {
			t.Errorf("the second time it says %+v", got)
		}
	})
	d.lends(t, site)
	if got := d.solves(t, "#4711"); got.Ended != 1 || got.Gone != 1 {
		t.Errorf("of one made since it says %+v", got)
	}
}

// TestTicketSolvedInCapitals: a ticket is the same in whatever case it is written.
func TestTicketSolvedInCapitals(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, func(a *TempAdmin) { a.Ticket = "#Sup-12" })
	if got := d.solves(t, "sUP-12"); got.Ended != 1 || got.Gone != 1 {
		t.Errorf("it says %+v", got)
	}
	d.wantGone(t, site, admin, AdminSolved)
	if rows := d.store.state.audit; rows[0].Ticket != "#Sup-12" {
		t.Errorf("the row is %+v", rows[0])
	}
}

// TestTicketSolvedBehindEnding: those that end already, however many, hide none that
// doesn't.
func TestTicketSolvedBehindEnding(t *testing.T) {
	d, site := hosts(t)
	admin := d.lends(t, site, func(a *TempAdmin) { a.At = a.At.Add(-hour) })
	for range ticketAdmins {
		d.keepsAdmin(t, toGo)
	}
	if got := d.solves(t, "#4711"); got.Ended != 1 || got.Gone != 1 {
		t.Errorf("it says %+v", got)
	}
	d.wantGone(t, site, admin, AdminSolved)
}

// TestTicketSolvedInTrouble: one that can't be deleted at once ended all the same.
func TestTicketSolvedInTrouble(t *testing.T) {
	for _, trouble := range []siteTrouble{siteDown, siteLies, siteSlow} {
		t.Run(string(trouble), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d, site := hosts(t)
				admin := d.lends(t, site)
				site.breaks(trouble, callDelete)
				begun := time.Now()
				if got := d.solves(t, "#4711"); got.Ended != 1 || got.Gone != 0 {
					t.Errorf("it says %+v", got)
				}
				if took := time.Since(begun); took > revokeWait {
					t.Errorf("it took %s", took)
				}
				synctest.Wait()
				if got := d.admin(t, admin.ID); got.State != AdminEnding || got.End != AdminSolved {
					t.Errorf("it is %+v", got)
				}
			})
		})
	}
}

// TestTicketSolvedByOthers: without the scope nothing happens.
func TestTicketSolvedByOthers(t *testing.T) {
	d, site := hosts(t)
	d.lends(t, site)
	d.changesNothing(t, func() {
		_, err := d.TicketSolved(t.Context(), TokenHolder{Name: "crm", Scopes: []Scope{ScopeEvents}}, "#4711")
		wantCode(t, err, Forbidden)
	})
}

// TestTicketSolvedCustomers: of the customer's own, one that was asked for is asked for
// no more, and one in use is to be deleted by them.
func TestTicketSolvedCustomers(t *testing.T) {
	d := office(t)
	own := func(state AdminState) TempAdmin {
		return d.keepsAdmin(t, func(a *TempAdmin) {
			a.Site, a.State, a.Target, a.Login, a.UserID, a.Receiver = SiteCustomer, state, "", "", "u-1", a.Actor
			if state == AdminAsked {
				r := d.asks(t, mailedLater)
				a.Request, a.BegunAt, a.ExpiresAt = r.id, time.Time{}, time.Time{}
			}
		})
	}
	asked, used := own(AdminAsked), own(AdminInUse)
	if got := d.solves(t, "#4711"); got.Ended != 2 || got.Gone != 0 { // nobody looked for either
		t.Errorf("it says %+v", got)
	}
	d.wantState(t, asked.ID, AdminRefused, AdminUnsent)
	if got := d.store.state.requests[asked.Request]; got.State != RequestWithdrawn {
		t.Errorf("the request is %s", got.State)
	}
	d.wantState(t, used.ID, AdminEnding, AdminSolved)
	mails := 0
	for _, mail := range d.store.state.mails {
		if mail.Template == TemplateAdminDelete && mail.Ref == used.ID {
			mails++
		}
	}
	if mails != 1 {
		t.Errorf("%d mails ask to delete it", mails)
	}
}

func mailedLater(*NewRequest) {}

// TestTicketSolvedWaiting: one that waits for a second person is refused, with the
// question.
func TestTicketSolvedWaiting(t *testing.T) {
	d, site := hosts(t)
	admin := d.waits(t)
	if got := d.solves(t, "#4711"); got.Ended != 1 || got.Gone != 0 { // it never was
		t.Errorf("it says %+v", got)
	}
	d.wantState(t, admin.ID, AdminRefused, AdminSolved)
	op, approval := d.store.state.operations[admin.Operation], d.store.state.approvals[admin.Operation]
	if op.State != OperationRefused || !strings.Contains(op.Why, "ticket was solved") || !op.EndedAt.Equal(d.now) || approval.State != ApprovalExpired {
		t.Errorf("the operation is %+v, the question %+v", op, approval)
	}
	wantSame(t, d.story(admin.ID), []string{"temp_admin by U1", "temp_admin_ended by token:zendesk"})
	if told := strings.Join(d.saidOf(), "; "); !strings.Contains(told, "approval to U8") || !strings.Contains(told, "temp_admin to U1") {
		t.Errorf("told is %s", told)
	}
	if site.calls != nil {
		t.Errorf("the site was called %q", site.calls)
	}
}

// waits puts a temporary admin into the store that waits for U8's yes.
func (d *desk) waits(t testing.TB) TempAdmin {
	t.Helper()
	admin := d.keepsAdmin(t, func(a *TempAdmin) {
		a.State, a.Operation, a.Approver, a.BegunAt, a.ExpiresAt = AdminAsked, "op-1", "", time.Time{}, time.Time{}
	})
	op := Operation{
		ID: "op-1", Act: ActTempAdmin, Actor: "U1", Subject: admin.ID, Reason: admin.Reason, Ticket: admin.Ticket, State: OperationAsked, At: d.now,
		Until: d.now.Add(approvalTime), Params: Params{Admin: &AdminParams{Target: admin.Target, TargetName: "Acme shop", Login: admin.Login, Receiver: "U2", Days: 1}},
	}
	must(t, d.store.Tx(t.Context(), func(tx Tx) error {
		if _, _, err := tx.StartOperation(t.Context(), op); err != nil {
			return err
		}
		return tx.StartApproval(t.Context(), Approval{ID: "ap-1", Operation: op.ID, Asked: []string{"U8"}, State: ApprovalAsked, At: d.now, Until: op.Until})
	}))
	return admin
}

func TestReadTicket(t *testing.T) {
	for raw, want := range map[string]string{
		"4711": "#4711", "#4711": "#4711", " #4711 ": "#4711", "ABC-12": "#ABC-12", "#a1": "#a1",
	} {
		if got, err := ReadTicket(raw); got != want || err != nil {
			t.Errorf("%q is %q, %v, want %q", raw, got, err, want)
		}
	}
	for _, raw := range []string{"", "#", "ticket", "##4711", "47 11", "#4711;", "é1", strings.Repeat("1", 33), "4711#"} {
		if got, err := ReadTicket(raw); CodeOf(err) != Invalid {
			t.Errorf("%q is %q, %v", raw, got, err)
		}
	}
}
