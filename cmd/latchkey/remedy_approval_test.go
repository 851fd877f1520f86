package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// asked has an agent ask for a re-enabling that a lead has to approve.
func (w *ward) asked() (operation, approval string) {
	w.t.Helper()
	w.locks(actions.LockSharing)
	report := w.does("UANN", vouched(actions.ActReenable), actions.OperationAsked)
	return report.Operation.ID, report.Approval.ID
}

// TestApproveIsForAnotherLead: neither the requester nor an agent.
func TestApproveIsForAnotherLead(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	report := w.does("ULEAD", vouched(actions.ActResetFactor), actions.OperationAsked)
	_, err := w.actions.Approve(t.Context(), w.as("ULEAD"), report.Approval.ID)
	if actions.CodeOf(err) != actions.Conflict || !strings.Contains(err.Error(), "You asked for this yourself") {
		t.Errorf("got %v", err)
	}
	w.one(actions.ActApprove, actions.ActRefused)
	_, err = w.actions.Approve(t.Context(), w.as("UANN"), report.Approval.ID)
	wantCode(t, err, actions.Forbidden)
	if op := w.operation(report.Operation.ID); op.State != actions.OperationAsked {
		t.Errorf("it is %s", op.State)
	}
	w.wantChanges()
}

// TestTwoApproveAtOnce: one act, one row, and both read who won.
func TestTwoApproveAtOnce(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		_, approval := w.asked()
		calls := []actions.Call{w.as("ULEAD"), w.as("UBOSS"), w.as("ULEAD"), w.as("UBOSS")}
		reports := make([]actions.OperationReport, len(calls))
		var all sync.WaitGroup
		for i, call := range calls {
			all.Go(func() {
				var err error
				if reports[i], err = w.actions.Approve(t.Context(), call, approval); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, r := range reports {
			if r.Approval == nil || r.Approval.State != actions.ApprovalGiven || r.Approval.By != reports[0].Approval.By {
				t.Errorf("got %+v", r.Approval)
			}
		}
		w.wantChanges(actions.ChangePasswordSet, actions.ChangeSessions, actions.ChangeEnabled)
		if row := w.one(actions.ActReenable, actions.ActDone); row.Approver != reports[0].Approval.By {
			t.Errorf("the audit has %+v", row)
		}
	})
}

// TestDecline ends it, with who did.
func TestDecline(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	_, approval := w.asked()
	report, err := w.actions.Decline(t.Context(), w.as("UBOSS"), approval)
	if err != nil || report.Operation.State != actions.OperationRefused || !strings.Contains(report.Operation.Why, "<@UBOSS> declined it") {
		t.Fatalf("got %+v, %v", report, err)
	}
	if later, err := w.actions.Approve(t.Context(), w.as("ULEAD"), approval); err != nil || later.Operation.State != actions.OperationRefused {
		t.Errorf("got %+v, %v", later, err)
	}
	if row := w.one(actions.ActReenable, actions.ActRefused); row.Approver != "UBOSS" {
		t.Errorf("the audit has %+v", row)
	}
	w.wantChanges()
}

// TestApprovalThatRanOut does nothing, whether the job or the answer comes first.
func TestApprovalThatRanOut(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]func(*ward, string){
		"Answered": func(w *ward, approval string) {
			_, err := w.actions.Approve(w.t.Context(), w.as("ULEAD"), approval)
			wantCode(w.t, err, actions.Conflict)
		},
		"Swept": func(w *ward, _ string) {
			if err := w.actions.CarryOn(w.t.Context()); err != nil {
				w.t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWardOnSQLite(t)
			operation, approval := w.asked()
			w.pass(30 * time.Minute)
			late(w, approval)
			if err := w.actions.CarryOn(t.Context()); err != nil {
				t.Error(err)
			}
			report, err := w.actions.ApprovalReport(t.Context(), approval)
			if err != nil || report.Operation.ID != operation || report.Operation.State != actions.OperationRefused || report.Approval.State != actions.ApprovalExpired {
				t.Errorf("got %+v, %v", report, err)
			}
			w.one(actions.ActReenable, actions.ActRefused)
			w.wantChanges()
		})
	}
}

// TestOthersAreAskedLater: those on duty first, everybody else after ten minutes,
// once.
func TestOthersAreAskedLater(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	_, approval := w.asked()
	w.wantTold(actions.OutgoingApproval, "ULEAD")
	for range 2 {
		if err := w.actions.CarryOn(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w.wantTold(actions.OutgoingApproval)
	w.pass(10 * time.Minute)
	for range 2 {
		if err := w.actions.CarryOn(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w.wantTold(actions.OutgoingApproval, "UBOSS")
	if _, err := w.actions.Approve(t.Context(), w.as("UBOSS"), approval); err != nil {
		t.Fatal(err)
	}
	w.wantTold(actions.OutgoingApproval, "UBOSS", "ULEAD")
}

// TestNobodyToAsk: without another lead it is refused at once.
func TestNobodyToAsk(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.actions.Staff = alone{w.actions.Staff}
	w.refused("ULEAD", vouched(actions.ActResetFactor), "no other lead or admin")
}

// alone is a staff with one lead.
type alone struct{ actions.Staff }

func (alone) Leads(context.Context) (onDuty, others []string, err error) {
	return []string{"ULEAD"}, nil, nil
}

// TestApproveLooksOnceMore: what has changed since it was asked for isn't done.
func TestApproveLooksOnceMore(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(*ward)
		words  string
	}{
		"TheRequesterIsNoAgentAnyMore": {func(w *ward) { w.roles["UANN"] = 0 }, "That takes"},
		"TheAccountIsClosed":           {func(w *ward) { w.account(actions.AccountCancelled) }, "account is cancelled"},
		"TheLockIsGone": {func(w *ward) {
			w.put(actions.Lock{ID: "lock-sharing", UserID: jane, Kind: actions.LockSharing, At: w.clock().Add(-time.Hour), ReleasedAt: w.clock()})
		}, "looked at once more"},
		"MoreWouldHappen": {func(w *ward) { w.locks(actions.LockAttempts) }, "state has changed"},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWardOnSQLite(t)
			_, approval := w.asked()
			w.pass(time.Minute)
			row.change(w)
			report, err := w.actions.Approve(t.Context(), w.as("ULEAD"), approval)
			if err != nil || report.Operation.State != actions.OperationRefused || !strings.Contains(report.Operation.Why, row.words) {
				t.Errorf("got %+v, %v", report.Operation, err)
			}
			w.one(actions.ActReenable, actions.ActRefused)
			w.wantChanges()
		})
	}
}

// TestProtectedNeedsASecondPerson for every writing act (RULES S0.5).
func TestProtectedNeedsASecondPerson(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.becomes(func(u *actions.User) { u.Protected = true })
	w.locks(actions.LockAttempts)
	prepared, err := w.actions.Prepare(t.Context(), w.as("ULEAD"), actions.ActUnlock, jane)
	if err != nil || !strings.Contains(prepared.Second, "protected") {
		t.Errorf("got %+v, %v", prepared, err)
	}
	asked := w.does("ULEAD", order(actions.ActUnlock), actions.OperationAsked)
	if _, err := w.actions.Approve(t.Context(), w.as("UBOSS"), asked.Approval.ID); err != nil || len(w.open()) != 0 {
		t.Errorf("got %v, open are %v", err, w.open())
	}
}

// TestChangedContactIsHeld: for 24 hours nothing to log in with goes there unless
// a second person approves.
func TestChangedContactIsHeld(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.becomes(func(u *actions.User) { u.ContactChangedAt = w.clock().Add(-24 * time.Hour) })
	w.does("UANN", order(actions.ActSendReset), actions.OperationAsked)
	w.does("UANN", order(actions.ActSendUsername), actions.OperationAsked)
	w.does("UEL2", order(actions.ActRevokeSessions), actions.OperationDone)
	w.pass(time.Second)
	w.does("UANN", order(actions.ActSendLoginLink), actions.OperationDone)
}

// TestDoubleClick: however the second one comes, there is one effect and one row.
func TestDoubleClick(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		w.locks(actions.LockAttempts)
		for _, act := range []actions.Act{actions.ActUnlock, actions.ActSendReset} {
			calls := make([]actions.Call, 6)
			for i := range calls {
				calls[i] = w.as("UANN")
			}
			var all sync.WaitGroup
			for _, call := range calls[1:] {
				all.Go(func() {
					if _, err := w.actions.Do(t.Context(), call, order(act)); err != nil {
						t.Errorf("%s: %v", act, err)
					}
				})
			}
			all.Wait()
			if report, err := w.actions.Do(t.Context(), calls[0], order(act)); err != nil || !report.Already || report.Operation.State != actions.OperationDone {
				t.Errorf("%s: %+v, %v", act, report, err)
			}
			w.one(act, actions.ActDone)
		}
		w.wantChanges(actions.ChangeUnlocked)
		if w.deliver() != 1 {
			t.Errorf("sent %+v", w.mails.letters)
		}
	})
}

// TestReplay: a request that comes again does nothing.
func TestReplay(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	call := w.as("UANN")
	if _, err := w.actions.Do(t.Context(), call, order(actions.ActSendReset)); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	_, err := w.actions.Do(t.Context(), call, order(actions.ActSendReset))
	wantCode(t, err, actions.Conflict)
	w.one(actions.ActSendReset, actions.ActDone)
}

// TestBrakeOnWrites: the 21st in an hour stops the actor, also from looking, until
// a lead releases them.
func TestBrakeOnWrites(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	for i := range 20 {
		o := order(actions.ActSendUsername)
		o.Reason = fmt.Sprint("call ", i)
		w.does("UANN", o, actions.OperationDone)
		w.pass(time.Minute)
	}
	_, err := w.actions.Do(t.Context(), w.as("UANN"), order(actions.ActSendUsername))
	wantCode(t, err, actions.Forbidden)
	w.one(actions.ActBraked, actions.ActRefused)
	w.wantTold(actions.OutgoingBrake, "UBOSS", "ULEAD")
	for range 2 {
		_, err = w.actions.Diagnose(t.Context(), w.as("UANN"), actions.Query{Identifier: janeMail})
		wantCode(t, err, actions.Forbidden)
	}
	_, err = w.actions.Do(t.Context(), w.as("UANN"), order(actions.ActUnlock))
	wantCode(t, err, actions.Forbidden)
	if rows := len(w.entries(actions.ActSendUsername)); rows != 20 {
		t.Errorf("the audit has %d rows", rows)
	}

	_, err = w.actions.ReleaseBrake(t.Context(), w.as("UANN"), "UANN", "it was me")
	wantCode(t, err, actions.Forbidden)
	brake, err := w.actions.ReleaseBrake(t.Context(), w.as("ULEAD"), "UANN", "a wave of calls after the outage")
	if err != nil || brake.ReleasedBy != "ULEAD" || brake.ReleasedAt.IsZero() {
		t.Fatalf("got %+v, %v", brake, err)
	}
	_, err = w.actions.ReleaseBrake(t.Context(), w.as("ULEAD"), "UANN", "once more")
	wantCode(t, err, actions.Conflict)
	w.pass(time.Second)
	w.does("UANN", order(actions.ActSendUsername), actions.OperationDone)
}

// TestBrakeOnLooks: the 61st customer in an hour isn't shown.
func TestBrakeOnLooks(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		var people []any
		for i := range 61 {
			people = append(people, actions.User{ID: fmt.Sprint("p", i), Username: fmt.Sprint("person-", i), Status: actions.UserActive})
		}
		w.put(people...)
		look := func(i int) error {
			_, err := w.actions.Diagnose(t.Context(), w.as("UANN"), actions.Query{Identifier: fmt.Sprint("person-", i)})
			return err
		}
		for i := range 60 {
			if err := look(i); err != nil {
				t.Fatal(err)
			}
		}
		if err := look(3); err != nil {
			t.Errorf("one of the sixty again: %v", err)
		}
		wantCode(t, look(60), actions.Forbidden)
		wantCode(t, look(3), actions.Forbidden)
		brake, err := w.actions.BrakeReport(t.Context(), "UANN")
		if err != nil || !strings.Contains(brake.Why, "60 different customers") {
			t.Errorf("got %+v, %v", brake, err)
		}
		w.pass(time.Minute)
		if _, err := w.actions.ReleaseBrake(t.Context(), w.as("UBOSS"), "UANN", "she checks a list"); err != nil {
			t.Fatal(err)
		}
		if err := look(60); err != nil {
			t.Errorf("released: %v", err)
		}
	})
}

// TestAdminConfirmsForWhoHasNoContact, after a second person approved it.
func TestAdminConfirmsForWhoHasNoContact(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		w.becomes(func(u *actions.User) { u.Email, u.Mobile = "", "" })
		o := vouched(actions.ActChangeEmail)
		o.Params.Email = newMailbox
		w.refused("UANN", o, "no admin of their account")
		w.put(
			actions.User{ID: "u2", Username: "boss", Status: actions.UserActive, Email: "boss@acme.example", FirstName: "Bo"},
			actions.Membership{UserID: "u2", AccountID: "a1", Role: "admin", Status: actions.MembershipActive})
		w.pass(time.Minute)
		asked := w.does("UANN", o, actions.OperationAsked)
		report, err := w.actions.Approve(t.Context(), w.as("ULEAD"), asked.Approval.ID)
		if err != nil || report.Operation.State != actions.OperationOwner {
			t.Fatalf("got %+v, %v", report.Operation, err)
		}
		w.deliver()
		if letter := w.mails.last(t); letter.To != "boss@acme.example" || !strings.Contains(letter.Text, w.person(jane).Name()) {
			t.Fatalf("asked was %+v, who has to read about whom", letter)
		}
		id, token := linkIn(t, w.mails.last(t).Text)
		w.use(id, token)
		if w.person(jane).Email != newMailbox {
			t.Errorf("got %+v, %+v", w.person(jane), w.operation(asked.Operation.ID))
		}
	})
}
