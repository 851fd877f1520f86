package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// TestUnlock releases an open lock, reads it back, and is one row of the audit
// (RULES S4.6).
func TestUnlock(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		w.locks(actions.LockAttempts)
		prepared, err := w.actions.Prepare(t.Context(), w.as("UANN"), actions.ActUnlock, jane)
		if err != nil || prepared.Act != actions.ActUnlock || prepared.Warning != "" || len(prepared.Does) != 1 || !prepared.Rule.Reason {
			t.Errorf("got %+v, %v", prepared, err)
		}
		report := w.does("UANN", order(actions.ActUnlock), actions.OperationDone)
		if !slices.Equal(report.Does, prepared.Does) || report.Afterwards == "" || report.Person.Email != "j•••@a•••.example" {
			t.Errorf("got %+v", report)
		}
		if len(w.open()) != 0 {
			t.Error("she is still locked")
		}
		w.wantChanges(actions.ChangeUnlocked)
		row := w.one(actions.ActUnlock, actions.ActDone)
		if row.Actor != "UANN" || row.Reason != "she called" || row.Ticket != "#4711" || !strings.Contains(row.Detail, "too many wrong passwords") {
			t.Errorf("the audit has %+v", row)
		}
		w.wantTold(actions.OutgoingOperation, "UANN")
		w.pass(time.Minute)
		w.refused("UEL2", order(actions.ActUnlock), "<@UANN> unlocked them at 09:30")
	})
}

// TestUnlockOfAnIndicatedLock writes one down and releases it, so that the
// diagnosis knows.
func TestUnlockOfAnIndicatedLock(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.tries(5, actions.WrongPassword)
	w.does("UANN", order(actions.ActUnlock), actions.OperationDone)
	locks := w.snapshot().Locks
	if len(locks) != 1 || locks[0].Kind != actions.LockAttempts || !locks[0].ReleasedAt.Equal(w.clock()) || !locks[0].At.Equal(w.clock().Add(-20*time.Second)) {
		t.Errorf("got %+v", locks)
	}
	w.pass(time.Second)
	d, err := w.actions.Diagnose(t.Context(), w.as("UANN"), actions.Query{Identifier: janeMail})
	if err != nil || len(d.Findings) == 0 || d.Findings[0].Cause != actions.CauseJustUnlocked {
		t.Errorf("got %+v, %v", d.Findings, err)
	}
}

// TestUnlockAndReset does one after the other, each with its row of the audit, and
// the mail goes to the address on file.
func TestUnlockAndReset(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.locks(actions.LockAttempts)
	w.refused("UANN", order(actions.ActSendReset), "no mail would reach a locked user")
	prepared, err := w.actions.Prepare(t.Context(), w.as("UANN"), actions.ActSendReset, jane)
	if err != nil || prepared.Instead != actions.ActUnlock || prepared.Draft == nil {
		t.Errorf("got %+v, %v", prepared, err)
	}
	both := order(actions.ActUnlock)
	both.Params.Then = actions.ActSendReset
	report := w.does("UANN", both, actions.OperationDone)
	if report.Next == nil || report.Next.Operation.State != actions.OperationDone || len(report.Next.Mails) != 1 || len(report.Does) != 2 {
		t.Fatalf("got %+v", report.Next)
	}
	if w.deliver() != 1 || w.mails.last(t).To != janeMail {
		t.Errorf("sent %+v", w.mails.letters)
	}
	linkIn(t, w.mails.last(t).Text)
	if rows := w.entries(actions.ActSendReset); len(rows) != 2 || rows[1].Outcome != actions.ActDone || rows[1].Reason != "she called" {
		t.Errorf("the audit has %+v", rows)
	}
	w.one(actions.ActUnlock, actions.ActDone)
}

// TestUnlockRefuses what it can't help, and says who can.
func TestUnlockRefuses(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		is    func(*ward)
		words string
	}{
		"Nothing":     {func(*ward) {}, "Nothing is locked"},
		"Cancelled":   {func(w *ward) { w.account(actions.AccountCancelled) }, "account is cancelled"},
		"TrialOver":   {func(w *ward) { w.account(actions.AccountTrialExpired) }, "trial has ended"},
		"OnHold":      {func(w *ward) { w.account(actions.AccountPaymentHold) }, "Billing can"},
		"Disabled":    {func(w *ward) { w.becomes(func(u *actions.User) { u.Status = actions.UserDisabled }) }, "A lead can re-enable them"},
		"Invited":     {func(w *ward) { w.becomes(func(u *actions.User) { u.Status = actions.UserInvited }) }, "Send it again instead"},
		"Shared":      {func(w *ward) { w.locks(actions.LockSharing) }, "its password is changed first"},
		"ByAPerson":   {func(w *ward) { w.locks(actions.LockManual) }, "That takes a lead"},
		"UnderAttack": {func(w *ward) { w.tries(25, actions.WrongPassword) }, "That takes L2"},
		"Deactivated": {func(w *ward) {
			w.put(actions.Membership{
				UserID: jane, AccountID: "a1", Role: "member", Status: actions.MembershipDeactivated, DeactivatedBy: "boss@acme.example",
			})
		}, "Their own admin switched their access off (b•••@a•••.example)"},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWardOnSQLite(t)
			row.is(w)
			w.refused("UANN", order(actions.ActUnlock), row.words)
			w.wantChanges()
			if len(w.told(actions.OutgoingOperation)) != 0 {
				t.Error("a card is sent for what was refused")
			}
		})
	}
}

// TestUnlockUnderAttack is for L2, with the caller verified; what they merely vouch
// for needs a lead. A person's lock is a lead's.
func TestUnlockUnderAttack(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.tries(25, actions.WrongPassword)
	w.locks(actions.LockAttempts)
	w.refused("UEL2", order(actions.ActUnlock), "Nothing proves that the caller")
	report := w.does("UEL2", vouched(actions.ActUnlock), actions.OperationAsked)
	if report.Operation.Act != actions.ActUnlockAttacked || !report.Operation.Attested || report.Approval == nil {
		t.Errorf("got %+v", report)
	}
	w.wantTold(actions.OutgoingApproval, "ULEAD")

	manual := openWardOnSQLite(t)
	manual.locks(actions.LockManual)
	manual.does("ULEAD", order(actions.ActUnlock), actions.OperationDone)
	if len(manual.open()) != 0 {
		t.Error("she is still locked")
	}
}

// TestReenableAfterSharing changes the password first, and lets her in last
// (RULES S0.8): an agent asks, a lead approves.
func TestReenableAfterSharing(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		w.locks(actions.LockSharing)
		asked := w.does("UANN", vouched(actions.ActReenable), actions.OperationAsked)
		if asked.Approval.Asked[0] != "ULEAD" || len(asked.Does) != 4 {
			t.Errorf("got %+v", asked)
		}
		w.pass(time.Minute)
		report, err := w.actions.Approve(t.Context(), w.as("ULEAD"), asked.Approval.ID)
		if err != nil || report.Operation.State != actions.OperationDone || report.Approval.By != "ULEAD" {
			t.Fatalf("got %+v, %v", report.Operation, err)
		}
		w.wantChanges(actions.ChangePasswordSet, actions.ChangeSessions, actions.ChangeEnabled)
		if len(w.open()) != 0 || !w.person(jane).MustReset {
			t.Errorf("open are %v, %+v", w.open(), w.person(jane))
		}
		recorded, _, err := w.store.Changes(t.Context(), 0, 1)
		if err != nil || !strings.HasPrefix(recorded[0].Change.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("got %+v, %v", recorded, err)
		}
		if row := w.one(actions.ActReenable, actions.ActDone); row.Approver != "ULEAD" || row.Actor != "UANN" || !strings.Contains(row.Detail, "vouched for") {
			t.Errorf("the audit has %+v", row)
		}
		w.deliver()
		if len(report.Mails) != 1 || len(w.mails.letters) != 1 || w.mails.letters[0].To != janeMail {
			t.Errorf("sent %+v", w.mails.letters)
		}
	})
}

// TestReenableDisabled is a lead's, and never undoes what the account's own admin
// decided (RULES S4.3).
func TestReenableDisabled(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.refused("ULEAD", vouched(actions.ActReenable), "isn't disabled")
	w.becomes(func(u *actions.User) { u.Status = actions.UserDisabled })
	w.refused("UANN", vouched(actions.ActReenable), "That takes a lead")
	w.does("ULEAD", vouched(actions.ActReenable), actions.OperationDone)
	if w.person(jane).Status != actions.UserActive {
		t.Errorf("she is %s", w.person(jane).Status)
	}
	w.put(actions.Membership{UserID: jane, AccountID: "a1", Role: "member", Status: actions.MembershipDeactivated})
	w.pass(time.Minute)
	w.refused("ULEAD", vouched(actions.ActReenable), "Only that admin can reinstate them")
}

// TestDirectoryThatFailsOrLies: what it doesn't show isn't done, the customer
// stays out, and the agent reads which step it was (RULES S0.9).
func TestDirectoryThatFailsOrLies(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		wrong falsely
		words string
		done  []actions.ChangeKind
	}{
		"LiesAtFirst": {falsely{at: actions.ChangePasswordSet, lies: true}, "Changing the password failed: the directory said yes, and doesn't show it.", nil},
		"LiesLater": {
			falsely{at: actions.ChangeEnabled, lies: true}, "Enabling failed: the directory said yes, and doesn't show it. Done before that, and read back: changing the password, ending their sessions.",
			[]actions.ChangeKind{actions.ChangePasswordSet, actions.ChangeSessions},
		},
		"Fails": {
			falsely{at: actions.ChangeSessions, fails: actions.Errorf(actions.Unavailable, "The directory is being moved.")},
			"Ending their sessions failed: The directory is being moved.", []actions.ChangeKind{actions.ChangePasswordSet},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWardOnSQLite(t)
			w.locks(actions.LockSharing)
			row.wrong.Directory = w.store
			w.actions.Directory = &row.wrong
			report := w.does("ULEAD", vouched(actions.ActReenable), actions.OperationFailed)
			if !strings.Contains(report.Operation.Why, row.words) || !strings.Contains(report.Operation.Why, "still kept out") || report.Afterwards != "" {
				t.Errorf("it says %q", report.Operation.Why)
			}
			w.wantChanges(row.done...)
			if len(w.open()) != 1 || w.deliver() != 0 {
				t.Error("she isn't kept out, or was written to")
			}
			if e := w.one(actions.ActReenable, actions.ActFailed); !strings.Contains(e.Detail, row.words) {
				t.Errorf("the audit has %+v", e)
			}
		})
	}
}

// TestAnswerThatGotLost is no failure: the write is made once and shown.
func TestAnswerThatGotLost(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.locks(actions.LockAttempts)
	w.actions.Directory = &falsely{Directory: w.store, at: actions.ChangeUnlocked, lost: true}
	w.does("UANN", order(actions.ActUnlock), actions.OperationDone)
	w.wantChanges(actions.ChangeUnlocked)
}

// TestSendRefuses what wouldn't arrive, and says what helps instead.
func TestSendRefuses(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		is    func(*ward)
		words string
	}{
		"WithoutAnAddress": {func(w *ward) { w.becomes(func(u *actions.User) { u.Email = "" }) }, "no e-mail address on their profile"},
		"Locked":           {func(w *ward) { w.locks(actions.LockInactivity) }, "no mail would reach a locked user"},
		"Shared":           {func(w *ward) { w.locks(actions.LockSharing) }, "Re-enable them instead"},
		"Closed":           {func(w *ward) { w.account(actions.AccountCancelled) }, "hand it over"},
		"WithoutMail":      {func(w *ward) { w.actions.Mailer = nil }, "Mail isn't set up"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, act := range []actions.Act{actions.ActSendReset, actions.ActSendUsername, actions.ActSendLoginLink} {
				w := openWardOnSQLite(t)
				row.is(w)
				w.refused("UANN", order(act), row.words)
			}
		})
	}
}

// TestMailedActs each send their mail to the address on file, once.
func TestMailedActs(t *testing.T) {
	t.Parallel()
	for _, act := range []actions.Act{actions.ActSendReset, actions.ActSendUsername, actions.ActSendLoginLink, actions.ActResendInvitation} {
		t.Run(string(act), func(t *testing.T) {
			w := openWardOnSQLite(t)
			if act == actions.ActResendInvitation {
				w.refused("UANN", order(act), "finished their invitation already")
				w.becomes(func(u *actions.User) { u.Status = actions.UserInvited })
			}
			report := w.does("UANN", order(act), actions.OperationDone)
			if len(report.Mails) != 1 || report.Mails[0].To != "j•••@a•••.example" || w.deliver() != 1 || w.mails.last(t).To != janeMail {
				t.Errorf("got %+v, sent %+v", report.Mails, w.mails.letters)
			}
		})
	}
}

// TestResetWithACopy: the copy keeps the literal tag (RULES S1.7), and a text with
// no place for the link is refused before anything is stored.
func TestResetWithACopy(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	o := order(actions.ActSendReset)
	o.Params.MailSubject, o.Params.MailText, o.Params.Copy = "Your login", "Here it is: [insert link here]", "boss@acme.example"
	w.does("UANN", o, actions.OperationDone)
	if w.deliver() != 2 {
		t.Fatalf("sent %+v", w.mails.letters)
	}
	for _, letter := range w.mails.letters {
		if hers := letter.To == janeMail; hers == strings.Contains(letter.Text, "[insert link here]") {
			t.Errorf("%s reads %q", letter.To, letter.Text)
		}
	}
	o.Params.MailText = "no link"
	_, err := w.actions.Do(t.Context(), w.as("UANN"), o)
	wantCode(t, err, actions.Invalid)
	o.Reason = ""
	_, err = w.actions.Do(t.Context(), w.as("UANN"), o)
	wantCode(t, err, actions.Invalid)
	if rows := w.entries(actions.ActSendReset); len(rows) != 1 {
		t.Errorf("the audit has %+v", rows)
	}
}

// TestHandOver tells the leads on duty and the owner of a closed account, with its
// Gateway IDs and where to look (RULES S4.4).
func TestHandOver(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.actions.Searches = []actions.Search{{Name: "Tickets", URL: "https://tickets.example/?q={query}"}}
	w.refused("UANN", actions.Order{Act: actions.ActHandOver, UserID: jane}, "No account of theirs is closed")
	w.account(actions.AccountCancelled)
	w.pass(time.Minute)
	report := w.does("UANN", actions.Order{Act: actions.ActHandOver, UserID: jane}, actions.OperationDone)
	h := report.Handover
	if h == nil || len(h.Accounts) != 1 || len(h.Searches) != 2 || h.Searches[1].URL != "https://tickets.example/?q=GW-2" ||
		!strings.Contains(h.Advice, "closed it themselves") {
		t.Fatalf("got %+v", h)
	}
	w.wantTold(actions.OutgoingHandOver, "ULEAD")
	if w.deliver() != 1 || w.mails.last(t).To != "owner@acme.example" {
		t.Errorf("sent %+v", w.mails.letters)
	}
}

// TestReinvite deletes the profile and makes it anew with the same names, contacts
// and accounts, and the whole can be undone (RULES S4.7).
func TestReinvite(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		before := w.person(jane)
		asked := w.does("ULEAD", vouched(actions.ActReinvite), actions.OperationAsked)
		w.wantTold(actions.OutgoingApproval, "UBOSS")
		report, err := w.actions.Approve(t.Context(), w.as("UBOSS"), asked.Approval.ID)
		if err != nil || report.Operation.State != actions.OperationDone || !report.Undoable {
			t.Fatalf("got %+v, %v", report.Operation, err)
		}
		made := w.person(report.Operation.Params.NewID)
		if made.Username != before.Username || made.Email != before.Email || made.FirstName != "Jane" || made.Status != actions.UserActive || !made.MustReset {
			t.Errorf("got %+v", made)
		}
		if gone, err := w.store.Users(t.Context(), []string{jane}, nil); err != nil || len(gone) != 0 {
			t.Errorf("the old one is %+v, %v", gone, err)
		}
		if w.deliver() != 1 || w.mails.last(t).To != janeMail {
			t.Errorf("sent %+v", w.mails.letters)
		}
		linkIn(t, w.mails.last(t).Text)

		w.pass(time.Hour)
		undone := w.does("ULEAD", order(actions.ActUndoReinvite), actions.OperationDone)
		back := w.person(jane)
		if back.Username != before.Username || back.Email != before.Email || undone.Undoable {
			t.Errorf("got %+v", back)
		}
		w.wantChanges(actions.ChangeDeleted, actions.ChangeCreated, actions.ChangeDeleted, actions.ChangeCreated)
		w.pass(time.Minute)
		w.refused("ULEAD", order(actions.ActUndoReinvite), "nothing to undo")
		if report, err := w.actions.Report(t.Context(), asked.Operation.ID); err != nil || report.Undoable {
			t.Errorf("it can be undone twice: %v", err)
		}
	})
}

// TestReinviteThatFailsHalfWay can be undone, too.
func TestReinviteThatFailsHalfWay(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.actions.Directory = &falsely{Directory: w.store, at: actions.ChangeCreated, lies: true}
	asked := w.does("ULEAD", vouched(actions.ActReinvite), actions.OperationAsked)
	report, err := w.actions.Approve(t.Context(), w.as("UBOSS"), asked.Approval.ID)
	if err != nil || report.Operation.State != actions.OperationFailed || !report.Undoable {
		t.Fatalf("got %+v, %v", report, err)
	}
	w.actions.Directory = w.store
	w.does("ULEAD", order(actions.ActUndoReinvite), actions.OperationDone)
	if w.person(jane).Email != janeMail {
		t.Errorf("got %+v", w.person(jane))
	}
}
