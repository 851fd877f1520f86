package main

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

// TestWithdraw: who asked for it, or a lead, takes back what waits, once.
func TestWithdraw(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"UANN", "UBOSS"} {
		t.Run(who, func(t *testing.T) {
			onEachWard(t, func(t *testing.T, w *ward) {
				operation, approval := w.asked()
				w.told(actions.OutgoingOperation)
				w.told(actions.OutgoingApproval)
				call := w.as(who)
				for range 2 { // the second time without effect
					report, err := w.actions.Withdraw(t.Context(), call, operation)
					if err != nil || report.Operation.State != actions.OperationRefused || report.Operation.Why != "<@"+who+"> took it back, so nothing was done." {
						t.Fatalf("got %+v, %v", report.Operation, err)
					}
					if a := report.Approval; a.State != actions.ApprovalExpired || a.By != who {
						t.Errorf("the approval is %+v", a)
					}
				}
				if later, err := w.actions.Approve(t.Context(), w.as("ULEAD"), approval); err != nil || later.Operation.State != actions.OperationRefused {
					t.Errorf("approved later it is %+v, %v", later.Operation, err)
				}
				w.wantTold(actions.OutgoingOperation, "UANN")
				w.wantTold(actions.OutgoingApproval, "ULEAD")
				if row := w.one(actions.ActReenable, actions.ActRefused); row.Actor != "UANN" || !strings.Contains(row.Detail, "<@"+who+"> took it back") {
					t.Errorf("the audit has %+v", row)
				}
				w.wantChanges()
			})
		})
	}
}

// TestWithdrawIsForWhoAsked, and for leads.
func TestWithdrawIsForWhoAsked(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	operation, _ := w.asked()
	_, err := w.actions.Withdraw(t.Context(), w.as("UEL2"), operation)
	wantCode(t, err, actions.Conflict)
	_, err = w.actions.Withdraw(t.Context(), w.as("UANN"), "nothing")
	wantCode(t, err, actions.NotFound)
	if op := w.operation(operation); op.State != actions.OperationAsked {
		t.Errorf("it is %s", op.State)
	}
	if row := w.one(actions.ActWithdraw, actions.ActRefused); row.Actor != "UEL2" {
		t.Errorf("the audit has %+v", row)
	}
	_, err = w.actions.Withdraw(t.Context(), w.as("UNOBODY"), operation)
	wantCode(t, err, actions.Forbidden)
}

// TestWithdrawOfWhatIsDone leaves it, and says so.
func TestWithdrawOfWhatIsDone(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.locks(actions.LockAttempts)
	done := w.does("UANN", order(actions.ActUnlock), actions.OperationDone)
	report, err := w.actions.Withdraw(t.Context(), w.as("UANN"), done.Operation.ID)
	if err != nil || report.Operation.State != actions.OperationDone {
		t.Errorf("got %+v, %v", report.Operation, err)
	}
	w.one(actions.ActUnlock, actions.ActDone)
}

// TestWithdrawMeetsApproval: one of them counts, and both read which.
func TestWithdrawMeetsApproval(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		operation, approval := w.asked()
		back, yes := w.as("UANN"), w.as("ULEAD")
		var all sync.WaitGroup
		var errs [2]error
		all.Go(func() { _, errs[0] = w.actions.Withdraw(t.Context(), back, operation) })
		all.Go(func() { _, errs[1] = w.actions.Approve(t.Context(), yes, approval) })
		all.Wait()
		if err := errors.Join(errs[:]...); err != nil {
			t.Fatal(err)
		}
		rows := w.entries(actions.ActReenable)
		if len(rows) != 1 || (rows[0].Outcome == actions.ActDone) != (len(w.changes()) > 0) {
			t.Errorf("the audit has %+v, changed was %v", rows, w.changes())
		}
	})
}

// TestWithdrawnContact: the owner's link confirms nothing any more, and isn't
// spent; a second order is possible at once.
func TestWithdrawnContact(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		operation, id, token := p.changesMail()
		if _, err := p.actions.Withdraw(t.Context(), agent("UANN"), operation); err != nil {
			t.Fatal(err)
		}
		for _, answer := range []actions.LinkAnswer{actions.LinkGoOn, actions.LinkDeny} {
			o, err := p.actions.UseLink(t.Context(), id, token, answer)
			if err != nil || o.State != actions.LinkRefused || !strings.Contains(o.Sentence, "wartet niemand mehr") {
				t.Errorf("got %+v, %v", o, err)
			}
		}
		if p.person(jane).Email != janeMail || len(p.entries(actions.ActConfirmContact)) != 0 {
			t.Errorf("got %+v", p.person(jane))
		}
		if rows := p.entries(actions.ActChangeEmail); len(rows) != 1 || rows[0].Outcome != actions.ActRefused {
			t.Errorf("the audit has %+v", rows)
		}
	})
}

// TestCopyIsForColleagues, by the domain that mail comes from; without one there
// are none.
func TestCopyIsForColleagues(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	for _, row := range []struct{ colleagues, address, says string }{
		{"acme.example", "mo@elsewhere.example", "ends in @acme.example"},
		{"acme.example", "mo@acme.example.elsewhere.example", "ends in @acme.example"},
		{"acme.example", "mo@not-acme.example", "ends in @acme.example"},
		{"acme.example", "mo@elsewhere.example, mo@acme.example", "isn't an e-mail address"},
		{"acme.example", `"mo@elsewhere.example>, <mo"@acme.example`, "isn't an e-mail address"},
		{"", "mo@acme.example", "doesn't know the address"},
	} {
		w.actions.Colleagues = row.colleagues
		o := order(actions.ActSendReset)
		o.Params.Copy = row.address
		_, err := w.actions.Do(t.Context(), w.as("UANN"), o)
		if actions.CodeOf(err) != actions.Invalid || !actions.IsAboutCopy(err) || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: got %v", row.address, err)
		}
	}
	for from, want := range map[string]string{"Acme <Support@Acme.example>": "acme.example", "support@acme.example": "acme.example", "": ""} {
		if got := (&Mail{MailFrom: from}).colleagues(); got != want {
			t.Errorf("of %q colleagues are %q", from, got)
		}
	}
}

// TestNothingFollowsWithoutMail: the unlock helps alone, and nothing else is
// offered or done.
func TestNothingFollowsWithoutMail(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.actions.Mailer = nil
	w.locks(actions.LockAttempts)
	d, err := w.actions.Diagnose(t.Context(), w.as("UANN"), actions.Query{Identifier: janeMail})
	if err != nil {
		t.Fatal(err)
	}
	for _, offer := range d.Offers {
		if offer.Act == actions.ActSendReset {
			t.Error("a reset e-mail is offered")
		}
	}
	prepared, err := w.actions.PrepareBoth(t.Context(), w.as("UANN"), actions.ActUnlock, actions.ActSendReset, jane)
	if err != nil || prepared.Then != "" || len(prepared.Does) != 1 {
		t.Errorf("got %+v, %v", prepared, err)
	}
	both := order(actions.ActUnlock)
	both.Params.Then = actions.ActSendReset
	if report := w.does("UANN", both, actions.OperationDone); report.Next != nil || report.Operation.Params.Then != "" {
		t.Errorf("got %+v", report)
	}
	w.one(actions.ActUnlock, actions.ActDone)
}

// TestSeveralFoundAreSeveralLooks: each customer who is found counts, and the
// brake stops the answer that would show one too many.
func TestSeveralFoundAreSeveralLooks(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		var people []any
		var addresses []string
		for i := range 65 {
			user := actions.User{ID: fmt.Sprint("p", i), Status: actions.UserActive}
			user.Username, user.Email = user.ID+"-name", user.ID+"@many.example"
			people, addresses = append(people, user), append(addresses, user.Email)
		}
		w.put(people...)
		call := w.as("UANN")
		if found, unknown, err := w.actions.Find(t.Context(), call, append([]string{"nobody@many.example"}, addresses[:10]...)); err != nil || len(found) != 10 || unknown != 1 {
			t.Fatalf("got %+v, %d, %v", found, unknown, err)
		}
		rows := w.entries(actions.ActDiagnose)
		for i, row := range rows {
			if row.Subject != people[i].(actions.User).ID || row.Actor != "UANN" || row.Ticket != "#4711" || row.Outcome != actions.ActDone {
				t.Errorf("the audit has %+v", row)
			}
		}
		if len(rows) != 10 {
			t.Errorf("the audit has %d rows", len(rows))
		}
		_, _, err := w.actions.Find(t.Context(), call, addresses[:10]) // the same request
		wantCode(t, err, actions.Conflict)
		for i := 10; i < 60; i += 10 {
			if _, _, err := w.actions.Find(t.Context(), w.as("UANN"), addresses[i:i+10]); err != nil {
				t.Fatal(err)
			}
		}
		found, _, err := w.actions.Find(t.Context(), w.as("UANN"), addresses[55:65])
		wantCode(t, err, actions.Forbidden)
		if stopped := w.entries(actions.ActBraked); len(found) != 0 || len(stopped) != 1 || stopped[0].Subject != people[60].(actions.User).ID {
			t.Errorf("found are %+v, the audit has %+v", found, stopped)
		}
	})
}
