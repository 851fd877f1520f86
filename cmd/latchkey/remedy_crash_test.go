package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// crashVariable tells a process of this test what to do, and at which step to
// end.
const crashVariable = "LATCHKEY_TEST_CRASH"

// crash is what such a process is told.
type crash struct {
	Database string
	Step     string
	Act      actions.Act
	Now      time.Time
	Order    actions.Order // what it orders, as Actor
	Actor    string
	Approval string // or: what ULEAD approves
	Link     string // or: the link that the owner follows, with
	Token    string
}

// victim is an operation that a process ends in the middle of.
type victim struct {
	act actions.Act
	// before brings the customer into the state, and returns what the process that
	// ends is to do.
	before  func(*ward) crash
	changes []actions.ChangeKind
	mails   int
	tells   actions.OutgoingKind           // by what; "": by its card
	after   func(*ward, actions.Operation) // looks closer; nil: not
}

// victims is one operation for each procedure.
var victims = []victim{
	{act: actions.ActUnlock, changes: []actions.ChangeKind{actions.ChangeUnlocked}, before: func(w *ward) crash {
		w.locks(actions.LockAttempts)
		return crash{Actor: "UANN", Order: order(actions.ActUnlock)}
	}},
	{act: actions.ActReenable, changes: []actions.ChangeKind{actions.ChangeEnabled}, mails: 1, before: func(w *ward) crash {
		w.becomes(func(u *actions.User) { u.Status = actions.UserDisabled })
		return crash{Actor: "ULEAD", Order: vouched(actions.ActReenable)}
	}},
	{
		act:     actions.ActReenableShared,
		changes: []actions.ChangeKind{actions.ChangePasswordSet, actions.ChangeSessions, actions.ChangeEnabled}, mails: 1,
		before: func(w *ward) crash {
			_, approval := w.asked()
			return crash{Approval: approval}
		},
	},
	{act: actions.ActSendReset, mails: 1, before: func(*ward) crash { return crash{Actor: "UANN", Order: order(actions.ActSendReset)} }},
	{act: actions.ActSendUsername, mails: 1, before: func(*ward) crash { return crash{Actor: "UANN", Order: order(actions.ActSendUsername)} }},
	{act: actions.ActSendLoginLink, mails: 1, before: func(*ward) crash { return crash{Actor: "UANN", Order: order(actions.ActSendLoginLink)} }},
	{act: actions.ActResendInvitation, changes: []actions.ChangeKind{actions.ChangeInvited}, mails: 1, before: func(w *ward) crash {
		w.becomes(func(u *actions.User) { u.Status = actions.UserInvited })
		return crash{Actor: "UANN", Order: order(actions.ActResendInvitation)}
	}},
	{act: actions.ActRevokeSessions, changes: []actions.ChangeKind{actions.ChangeSessions}, before: func(*ward) crash {
		return crash{Actor: "UEL2", Order: order(actions.ActRevokeSessions)}
	}},
	{act: actions.ActResetFactor, changes: []actions.ChangeKind{actions.ChangeSessions, actions.ChangeFactor}, mails: 1, before: func(w *ward) crash {
		return crash{Approval: w.does("UBOSS", vouched(actions.ActResetFactor), actions.OperationAsked).Approval.ID}
	}},
	{act: actions.ActChangeEmail, changes: []actions.ChangeKind{actions.ChangeContact}, mails: 3, before: func(w *ward) crash {
		_, id, token := w.changesMail()
		return crash{Link: id, Token: token}
	}},
	{act: actions.ActChangeMobile, changes: []actions.ChangeKind{actions.ChangeContact}, mails: 4, before: func(w *ward) crash {
		o := vouched(actions.ActChangeMobile)
		o.Params.Mobile, o.Params.Via = "+49 171 7654321", actions.ChannelEmail
		asked := w.does("UANN", o, actions.OperationAsked)
		if _, err := w.actions.Approve(w.t.Context(), w.as("ULEAD"), asked.Approval.ID); err != nil {
			w.t.Fatal(err)
		}
		w.deliver()
		id, token := linkIn(w.t, w.mails.last(w.t).Text)
		return crash{Link: id, Token: token}
	}},
	{act: actions.ActReinvite, changes: []actions.ChangeKind{actions.ChangeDeleted, actions.ChangeCreated}, mails: 1, before: func(w *ward) crash {
		return crash{Approval: w.does("UBOSS", vouched(actions.ActReinvite), actions.OperationAsked).Approval.ID}
	}},
	{
		act:     actions.ActUndoReinvite,
		changes: []actions.ChangeKind{actions.ChangeDeleted, actions.ChangeCreated, actions.ChangeDeleted, actions.ChangeCreated},
		before: func(w *ward) crash {
			asked := w.does("UBOSS", vouched(actions.ActReinvite), actions.OperationAsked)
			if _, err := w.actions.Approve(w.t.Context(), w.as("ULEAD"), asked.Approval.ID); err != nil {
				w.t.Fatal(err)
			}
			return crash{Actor: "ULEAD", Order: order(actions.ActUndoReinvite)}
		},
	},
	{
		act: actions.ActSetPassword, changes: []actions.ChangeKind{actions.ChangePasswordSet, actions.ChangeSessions}, mails: 1,
		before: func(w *ward) crash {
			return crash{Approval: w.does("UBOSS", vouched(actions.ActSetPassword), actions.OperationAsked).Approval.ID}
		},
		after: func(w *ward, op actions.Operation) {
			made, err := w.actions.HandOut(w.t.Context(), w.as("UBOSS"), op.ID, "Bo")
			if err != nil {
				w.t.Fatal(err)
			}
			w.wantPassword(w.opensSecret(made))
		},
	},
	{
		act: actions.ActDelist, changes: []actions.ChangeKind{actions.ChangeDelisted},
		before: func(w *ward) crash {
			o := order(actions.ActDelist)
			o.Params = actions.Params{Email: janeMail, Case: w.claimedCase()}
			return crash{Actor: "UEL2", Order: o}
		},
		tells: actions.OutgoingCaseEvent, after: (*ward).wantDelisted,
	},
	{act: actions.ActHandOver, mails: 1, before: func(w *ward) crash {
		w.account(actions.AccountCancelled)
		return crash{Actor: "UANN", Order: actions.Order{Act: actions.ActHandOver, UserID: jane}}
	}},
}

// TestProcessEndsAtEachStep kills a process at each named step of each operation,
// and has another carry on: there is one effect of each change, one row of the
// audit, and each message once. A step that no operation here has fails.
func TestProcessEndsAtEachStep(t *testing.T) {
	t.Parallel()
	if told := os.Getenv(crashVariable); told != "" {
		endAtStep(t, told)
		return
	}
	steps := slices.DeleteFunc(actions.Steps(), func(step string) bool { // those on a site, or for many, have a test of their own
		act, _, _ := strings.Cut(step, ":")
		_, onSite := adminEndings[act]
		return onSite || act == string(actions.ActBulkUnlock)
	})
	for _, v := range victims {
		for _, step := range steps {
			if rest, mine := strings.CutPrefix(step, string(v.act)+":"); mine {
				t.Run(string(v.act)+"/"+rest, func(t *testing.T) {
					t.Parallel()
					v.ends(t, step)
				})
			}
		}
		steps = slices.DeleteFunc(steps, func(step string) bool { return strings.HasPrefix(step, string(v.act)+":") })
	}
	if len(steps) > 0 {
		t.Errorf("no process ends at %v", steps)
	}
}

// ends has a process end at the step, and carries on.
func (v victim) ends(t *testing.T, step string) {
	database := storetest.SQLiteURL(t)
	w := openWard(t, database)
	c := v.before(w)
	c.Database, c.Step, c.Act, c.Now = database, step, v.act, w.clock()
	told, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProcessEndsAtEachStep$", "-test.count=1")
	child.Env = append(os.Environ(), crashVariable+"="+string(told))
	out, err := child.CombinedOutput()
	exit := new(exec.ExitError)
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL { //nolint:forcetypeassert // on the systems that this runs on
		t.Fatalf("the process ended with %v: %s", err, out)
	}
	for range 2 { // once more finds nothing to do
		w.pass(5 * time.Minute)
		if err := w.actions.CarryOn(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	v.wantOnce(t, w)
}

// wantOnce expects that everything happened, once.
func (v victim) wantOnce(t *testing.T, w *ward) {
	w.wantChanges(v.changes...)
	w.one(v.act.Recorded(), actions.ActDone)
	begun, err := w.store.OperationsOf(t.Context(), jane, w.clock().Add(-24*time.Hour), 10)
	if err != nil {
		t.Fatal(err)
	}
	mails := 0
	for _, op := range begun {
		if op.State != actions.OperationDone {
			t.Errorf("%s is %s: %s", op.Act, op.State, op.Why)
		}
		sent, err := w.store.MailsOf(t.Context(), op.ID)
		if err != nil {
			t.Fatal(err)
		}
		if op.Act == v.act {
			mails += len(sent)
		}
		if op.Act == v.act && v.after != nil {
			v.after(w, op)
		}
	}
	if mails != v.mails {
		t.Errorf("it sends %d messages, want %d", mails, v.mails)
	}
	if told := w.told(cmp.Or(v.tells, actions.OutgoingOperation)); len(told) == 0 {
		t.Error("nobody is told")
	}
}

// endAtStep is the process that ends.
func endAtStep(t *testing.T, told string) {
	var c crash
	if err := json.Unmarshal([]byte(told), &c); err != nil {
		t.Fatal(err)
	}
	w := reopenWard(t, c.Database, c.Now)
	w.actions.Reached = func(step string) {
		if step == c.Step {
			endProcess(t)
		}
	}
	var err error
	switch {
	case c.Approval != "":
		_, err = w.actions.Approve(t.Context(), w.as("ULEAD"), c.Approval)
	case c.Link != "":
		_, err = w.actions.UseLink(t.Context(), c.Link, c.Token, actions.LinkGoOn)
	default:
		_, err = w.actions.Do(t.Context(), w.as(c.Actor), c.Order)
	}
	t.Fatalf("%s was never reached: %v", c.Step, err)
}

// reopenWard opens a ward on a database that another process filled.
func reopenWard(t *testing.T, databaseURL string, now time.Time) *ward {
	t.Helper()
	w := wardOver(reopenPostRoom(t, databaseURL))
	w.now = now
	w.calls = 1000 // no call of the other's
	return w
}
