package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// TestApproveLooksAtWhoIsInvolved: what waited isn't done for somebody whose
// contact changed meanwhile, nor for who was stopped.
func TestApproveLooksAtWhoIsInvolved(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(*ward)
		words  string
	}{
		"TheirContactChanged": {func(w *ward) {
			w.becomes(func(u *actions.User) { u.Email, u.ContactChangedAt = "jade@acme.example", w.clock() })
		}, "state has changed"},
		"TheRequesterWasStopped": {func(w *ward) {
			w.within(func(tx actions.Tx) error {
				return tx.PullBrake(t.Context(), actions.Brake{Actor: "UANN", Why: "Too much.", At: w.clock()})
			})
		}, "<@UANN> did unusually much"},
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

// TestOwnersYesIsNoSecondPersons: a customer who became protected while the owner
// was asked needs one all the same (RULES S0.5).
func TestOwnersYesIsNoSecondPersons(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	operation, id, token := w.changesMail()
	w.becomes(func(u *actions.User) { u.Protected = true })
	if o := w.use(id, token); o.State != actions.LinkRefused {
		t.Errorf("got %+v", o)
	}
	op := w.operation(operation)
	if op.State != actions.OperationRefused || !strings.Contains(op.Why, "took a second person") || w.person(jane).Email != janeMail {
		t.Errorf("got %+v", op)
	}
}

// TestOwnersYesAfterASecondPersons is enough.
func TestOwnersYesAfterASecondPersons(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.becomes(func(u *actions.User) { u.Protected = true })
	o := vouched(actions.ActChangeEmail)
	o.Params.Email = newMailbox
	asked := w.does("ULEAD", o, actions.OperationAsked)
	if _, err := w.actions.Approve(t.Context(), w.as("UBOSS"), asked.Approval.ID); err != nil {
		t.Fatal(err)
	}
	w.deliver()
	id, token := linkIn(t, w.mails.last(t).Text)
	if out := w.use(id, token); out.State != actions.LinkLive || w.person(jane).Email != newMailbox {
		t.Errorf("got %+v, %+v", out, w.operation(asked.Operation.ID))
	}
}

// TestAdminIsAskedWhereAMessageCanGo: not by e-mail where none can be sent.
func TestAdminIsAskedWhereAMessageCanGo(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.becomes(func(u *actions.User) { u.Email, u.Mobile = "", "" })
	w.put(
		actions.User{ID: "u2", Username: "boss", Status: actions.UserActive, Email: "boss@acme.example", Mobile: "+61491570158"},
		actions.Membership{UserID: "u2", AccountID: "a1", Role: "admin", Status: actions.MembershipActive})
	w.actions.Mailer = nil
	o := vouched(actions.ActChangeEmail)
	o.Params.Email = newMailbox
	asked := w.does("UANN", o, actions.OperationAsked)
	if _, err := w.actions.Approve(t.Context(), w.as("ULEAD"), asked.Approval.ID); err != nil {
		t.Fatal(err)
	}
	w.deliver()
	if letter := w.texts.last(t); letter.To != "+61491570158" {
		t.Errorf("asked was %+v", letter)
	}
}

// TestApproverSeesWhatGoesOut, and why a second look is asked for.
func TestApproverSeesWhatGoesOut(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.becomes(func(u *actions.User) { u.ContactChangedAt, u.Protected = w.clock().Add(-time.Hour), true })
	o := order(actions.ActSendReset)
	o.Params.MailSubject, o.Params.MailText = "Your login", "Please follow [insert link here] today."
	asked := w.does("UANN", o, actions.OperationAsked)
	report, err := w.actions.ApprovalReport(t.Context(), asked.Approval.ID)
	if err != nil || report.Draft == nil || report.Draft.Subject != "Your login" || report.Draft.Text != o.Params.MailText {
		t.Fatalf("got %+v, %v", report.Draft, err)
	}
	if !strings.Contains(report.Mind, "is protected") || !strings.Contains(report.Mind, "contact changed in the last 24 hours") {
		t.Errorf("got %q", report.Mind)
	}
	if p := report.Operation.Params; p.MailSubject+p.MailText != "" {
		t.Errorf("got %+v", p)
	}
	card, err := json.Marshal(blocks.Approval(report).Blocks)
	if text := string(card); err != nil || !strings.Contains(text, o.Params.MailText) || !strings.Contains(text, "contact changed in the last 24 hours") {
		t.Errorf("the card is %s, %v", text, err)
	}
}

// TestResetAfterSharingIsHeld, too: its mail has a link in it.
func TestResetAfterSharingIsHeld(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.locks(actions.LockSharing)
	w.becomes(func(u *actions.User) { u.ContactChangedAt = w.clock().Add(-time.Hour) })
	report := w.does("ULEAD", vouched(actions.ActReenable), actions.OperationAsked)
	if report.Approval == nil || w.deliver() != 0 {
		t.Errorf("got %+v", report)
	}
}

// TestParamsOfAnotherAct aren't kept.
func TestParamsOfAnotherAct(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.locks(actions.LockAttempts)
	o := order(actions.ActUnlock)
	o.Params = actions.Params{Email: newMailbox, Mobile: "+49 170 1234567", Via: actions.ChannelSMS, ByAdmin: true}
	report := w.does("UANN", o, actions.OperationDone)
	if p := w.operation(report.Operation.ID).Params; p.Email+p.Mobile != "" || p.Via != "" || p.ByAdmin || report.Contact != "" {
		t.Errorf("kept is %+v, shown %q", p, report.Contact)
	}
}

// TestEveryWayToLookIsBraked: a command that only finds somebody, and a code for
// somebody, count as looking.
func TestEveryWayToLookIsBraked(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]func(w *ward, i int) error{
		"Find": func(w *ward, i int) error {
			people, _, err := w.actions.Find(w.t.Context(), w.as("UANN"), []string{fmt.Sprint("person-", i)})
			if err != nil && people != nil {
				w.t.Errorf("the error comes with %+v", people)
			}
			return err
		},
		"Verify": func(w *ward, i int) error {
			_, err := w.actions.Verify(w.t.Context(), w.as("UANN"), fmt.Sprint("p", i), actions.ChannelEmail, "")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWardOnSQLite(t)
			var people []any
			for i := range 61 {
				people = append(people, actions.User{
					ID: fmt.Sprint("p", i), Username: fmt.Sprint("person-", i), Status: actions.UserActive, Email: fmt.Sprintf("p%d@acme.example", i),
				})
			}
			w.put(people...)
			for i := range 60 {
				if err := look(w, i); err != nil {
					t.Fatal(err)
				}
			}
			wantCode(t, look(w, 60), actions.Forbidden)
			if rows := w.entries(actions.ActBraked); len(rows) != 1 || rows[0].Subject != "p60" {
				t.Errorf("the audit has %+v", rows)
			}
			w.wantTold(actions.OutgoingBrake, "UBOSS", "ULEAD")
			wantCode(t, look(w, 3), actions.Forbidden)
		})
	}
}

// TestBrakeOnHandovers: each writes mails, too.
func TestBrakeOnHandovers(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.account(actions.AccountCancelled)
	o := actions.Order{Act: actions.ActHandOver, UserID: jane}
	for i := range 20 {
		o.Reason = fmt.Sprint("call ", i)
		w.does("UANN", o, actions.OperationDone)
		w.pass(time.Minute)
	}
	o.Reason = "once more"
	_, err := w.actions.Do(t.Context(), w.as("UANN"), o)
	wantCode(t, err, actions.Forbidden)
	w.one(actions.ActBraked, actions.ActRefused)
}

// blind is a directory that makes every change, and doesn't show whether it made
// one of a kind.
type blind struct {
	actions.Directory
	at actions.ChangeKind
}

func (d blind) Applied(ctx context.Context, c actions.Change) (bool, error) {
	if c.Kind == d.at {
		return false, errors.New("the line broke")
	}
	return d.Directory.Applied(ctx, c)
}

// TestDeletionThatNobodyRead can be undone: the profile may be gone.
func TestDeletionThatNobodyRead(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.actions.Directory = blind{w.store, actions.ChangeDeleted}
	asked := w.does("ULEAD", vouched(actions.ActReinvite), actions.OperationAsked)
	report, err := w.actions.Approve(t.Context(), w.as("UBOSS"), asked.Approval.ID)
	if err != nil || report.Operation.State != actions.OperationFailed || !report.Undoable || !strings.Contains(report.Operation.Why, "may have happened or not") {
		t.Fatalf("got %+v, %v", report, err)
	}
	w.actions.Directory = w.store
	w.does("ULEAD", order(actions.ActUndoReinvite), actions.OperationDone)
	if w.person(jane).Email != janeMail {
		t.Errorf("got %+v", w.person(jane))
	}
	w.wantChanges(actions.ChangeDeleted, actions.ChangeCreated)
}

// TestDeletionThatFailed has nothing to undo.
func TestDeletionThatFailed(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.actions.Directory = &falsely{Directory: w.store, at: actions.ChangeDeleted, lies: true}
	asked := w.does("ULEAD", vouched(actions.ActReinvite), actions.OperationAsked)
	report, err := w.actions.Approve(t.Context(), w.as("UBOSS"), asked.Approval.ID)
	if err != nil || report.Operation.State != actions.OperationFailed || report.Undoable {
		t.Fatalf("got %+v, %v", report, err)
	}
	w.actions.Directory = w.store
	w.refused("ULEAD", order(actions.ActUndoReinvite), "nothing to undo")
}

// TestEnablingThatNobodyRead doesn't say that the user is kept out.
func TestEnablingThatNobodyRead(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.locks(actions.LockSharing)
	w.actions.Directory = blind{w.store, actions.ChangeEnabled}
	report := w.does("ULEAD", vouched(actions.ActReenable), actions.OperationFailed)
	if why := report.Operation.Why; !strings.Contains(why, "may have happened or not") || strings.Contains(why, "still kept out") {
		t.Errorf("it says %q", why)
	}
}

// TestReasonForALetterIsBounded, as every reason is.
func TestReasonForALetterIsBounded(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	err := w.actions.RetryLetter(t.Context(), w.as("ULEAD"), "letter", strings.Repeat("x", 501))
	wantCode(t, err, actions.Invalid)
	err = w.actions.RetryLetter(t.Context(), w.as("ULEAD"), "letter\x00", strings.Repeat("x", 500))
	wantCode(t, err, actions.NotFound)
}

// TestActOfANewerVersion waits for a replica that knows it, and fails when none
// comes.
func TestActOfANewerVersion(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	const act = actions.Act("fly")
	w.within(func(tx actions.Tx) error {
		_, _, err := tx.StartOperation(t.Context(), actions.Operation{
			ID: "op-fly", Act: act, Actor: "UANN", Subject: jane, Reason: "she called", State: actions.OperationRunning, At: w.clock(), Lease: "theirs",
			LeasedUntil: w.clock().Add(time.Minute),
		})
		return err
	})
	for _, wait := range []time.Duration{time.Minute, 58 * time.Minute} {
		w.pass(wait)
		if err := w.actions.CarryOn(t.Context()); err != nil {
			t.Fatal(err)
		}
		if op := w.operation("op-fly"); op.State != actions.OperationRunning || op.Lease != "theirs" {
			t.Errorf("after %v it is %+v", wait, op)
		}
	}
	w.pass(time.Minute)
	if err := w.actions.CarryOn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if op := w.operation("op-fly"); op.State != actions.OperationFailed || !strings.Contains(op.Why, "doesn't know how") {
		t.Errorf("it is %+v", op)
	}
	w.one(act, actions.ActFailed)
}

// slowStaff answers who may do what only after something else happened.
type slowStaff struct {
	duty
	meanwhile func()
}

func (s slowStaff) RolesOf(ctx context.Context, id string) (actions.Roles, error) {
	s.meanwhile()
	return s.duty.RolesOf(ctx, id)
}

// TestAnswerMeetsItsEnd: a question that runs out, or is declined, while a yes is
// looked at ends once, and nothing is done.
func TestAnswerMeetsItsEnd(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(*testing.T, *ward, string){
		"RanOut": func(t *testing.T, w *ward, _ string) {
			w.pass(time.Hour)
			if err := w.actions.CarryOn(t.Context()); err != nil {
				t.Error(err)
			}
		},
		"Declined": func(t *testing.T, w *ward, approval string) {
			if _, err := w.actions.Decline(t.Context(), w.as("UBOSS"), approval); err != nil {
				t.Error(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			onEachWard(t, func(t *testing.T, w *ward) {
				_, approval := w.asked()
				w.actions.Staff = slowStaff{duty{w}, func() { meanwhile(t, w, approval) }}
				report, err := w.actions.Approve(t.Context(), w.as("ULEAD"), approval)
				if err != nil || report.Operation.State != actions.OperationRefused || report.Approval.State == actions.ApprovalGiven {
					t.Errorf("got %+v, %+v, %v", report.Operation, report.Approval, err)
				}
				w.one(actions.ActReenable, actions.ActRefused)
				w.wantChanges()
			})
		})
	}
}

// TestOwnerMeetsTheEnd: the same for a yes by link.
func TestOwnerMeetsTheEnd(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		operation, id, token := w.changesMail()
		w.actions.Staff = slowStaff{duty{w}, func() {
			w.pass(25 * time.Hour)
			if err := w.actions.CarryOn(t.Context()); err != nil {
				t.Error(err)
			}
		}}
		if o := w.use(id, token); o.State == actions.LinkLive {
			t.Errorf("got %+v", o)
		}
		if op := w.operation(operation); op.State != actions.OperationRefused || w.person(jane).Email != janeMail {
			t.Errorf("it is %+v", op)
		}
		if rows := w.entries(actions.ActConfirmContact); len(rows) != 0 {
			t.Errorf("the audit has %+v", rows)
		}
	})
}
