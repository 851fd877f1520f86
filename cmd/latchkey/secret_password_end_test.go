package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// TestPasswordNobodyHandsOut is deleted after a day, and the card says so.
func TestPasswordNobodyHandsOut(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		operation := w.setsPassword().Operation.ID
		w.pass(24*time.Hour - time.Second)
		w.expires()
		if w.handout(operation) != actions.HandoutWaits {
			t.Errorf("too early it is %q", w.handout(operation))
		}
		w.told(actions.OutgoingOperation)
		w.pass(time.Second)
		_, err := w.actions.HandOut(t.Context(), w.as("ULEAD"), operation, "Lea") // before the job runs
		if actions.CodeOf(err) != actions.Conflict || !strings.Contains(err.Error(), "24 hours") || w.handout(operation) != actions.HandoutGone {
			t.Errorf("got %v, %q", err, w.handout(operation))
		}
		w.expires()
		w.expires()
		if w.keeps(operation) || w.handout(operation) != actions.HandoutGone {
			t.Errorf("it is %q", w.handout(operation))
		}
		if row := w.one(actions.ActSecretEnded, actions.ActDone); row.Actor != "latchkey" || !strings.Contains(row.Detail, "within 24 hours") {
			t.Errorf("the audit has %+v", row)
		}
		w.wantTold(actions.OutgoingOperation, "ULEAD")
	})
}

// expires runs the job.
func (w *ward) expires() {
	w.t.Helper()
	if err := w.actions.ExpireSecrets(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// TestPasswordIsReplaced: only the newest can be handed out.
func TestPasswordIsReplaced(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	first := w.setsPassword().Operation.ID
	w.pass(time.Hour)
	second := w.setsPassword().Operation.ID
	if w.handout(first) != actions.HandoutGone || w.keeps(first) || w.handout(second) != actions.HandoutWaits {
		t.Errorf("they are %q and %q", w.handout(first), w.handout(second))
	}
	if row := w.one(actions.ActSecretEnded, actions.ActDone); !strings.Contains(row.Detail, "another was set") {
		t.Errorf("the audit has %+v", row)
	}
	w.wantPassword(w.opensSecret(w.handsOut(second)))
	w.pass(time.Hour)
	third := w.setsPassword().Operation.ID
	w.locks(actions.LockSharing)
	w.does("ULEAD", vouched(actions.ActReenable), actions.OperationDone) // sets one that nobody knows
	if w.handout(third) != actions.HandoutGone {
		t.Errorf("after a re-enabling it is %q", w.handout(third))
	}
}

// TestPasswordThatFails leaves none to hand out.
func TestPasswordThatFails(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		directory falsely
		words     string
	}{
		"Refused":      {falsely{at: actions.ChangePasswordSet, fails: errors.New("no")}, "Setting the password failed"},
		"NotReadBack":  {falsely{at: actions.ChangePasswordSet, lies: true}, "doesn't show it"},
		"SessionsLive": {falsely{at: actions.ChangeSessions, fails: errors.New("no")}, "Ending their sessions failed"},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWardOnSQLite(t)
			directory := row.directory
			directory.Directory = w.actions.Directory
			w.actions.Directory = &directory
			asked := w.does("ULEAD", vouched(actions.ActSetPassword), actions.OperationAsked)
			report, err := w.actions.Approve(t.Context(), w.as("UBOSS"), asked.Approval.ID)
			if err != nil || report.Operation.State != actions.OperationFailed || !strings.Contains(report.Operation.Why, row.words) {
				t.Fatalf("got %+v, %v", report.Operation, err)
			}
			if report.Handout != actions.HandoutNone || w.keeps(report.Operation.ID) || len(report.Mails) != 0 {
				t.Errorf("got %+v", report)
			}
			_, err = w.actions.HandOut(t.Context(), w.as("ULEAD"), report.Operation.ID, "Lea")
			wantCode(t, err, actions.Conflict)
			if w.operation(report.Operation.ID).State != actions.OperationFailed {
				t.Error("it came back")
			}
		})
	}
}

// TestPasswordWhoseAnswerIsLost is set twice, and is the same.
func TestPasswordWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	w.actions.Directory = &falsely{Directory: w.actions.Directory, at: actions.ChangePasswordSet, lost: true}
	w.wantPassword(w.opensSecret(w.handsOut(w.setsPassword().Operation.ID)))
}

// TestPasswordThatIsDeclined was never made.
func TestPasswordThatIsDeclined(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	asked := w.does("ULEAD", vouched(actions.ActSetPassword), actions.OperationAsked)
	report, err := w.actions.Decline(t.Context(), w.as("UBOSS"), asked.Approval.ID)
	if err != nil || report.Handout != actions.HandoutNone || w.keeps(asked.Operation.ID) || w.passwordHash() != "" {
		t.Errorf("got %+v, %v", report, err)
	}
}

// TestSealedPasswordThatWasChanged fails the operation, and isn't set.
func TestSealedPasswordThatWasChanged(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	var asked actions.OperationReport
	w.actions.Reached = func(step string) {
		if step == string(actions.ActSetPassword)+":intent" {
			w.within(func(tx actions.Tx) error {
				return tx.PutSealed(t.Context(), actions.Sealed{Purpose: actions.SealHandout, ID: asked.Operation.ID, KeyID: w.actions.Keys.Current(), Body: make([]byte, 60)})
			})
		}
	}
	asked = w.does("ULEAD", vouched(actions.ActSetPassword), actions.OperationAsked)
	report, err := w.actions.Approve(t.Context(), w.as("UBOSS"), asked.Approval.ID)
	if err != nil || report.Operation.State != actions.OperationFailed || !strings.Contains(report.Operation.Why, "was changed") || w.keeps(asked.Operation.ID) {
		t.Errorf("got %+v, %v", report.Operation, err)
	}
	w.wantChanges()
}

// TestPasswordOfWhoWasStopped waits until they are released: who hijacked an
// account gets none out of it.
func TestPasswordOfWhoWasStopped(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	operation := w.setsPassword().Operation.ID
	w.within(func(tx actions.Tx) error {
		return tx.PullBrake(t.Context(), actions.Brake{Actor: "ULEAD", At: w.clock(), Why: "unusual"})
	})
	_, err := w.actions.HandOut(t.Context(), w.as("ULEAD"), operation, "Lea")
	wantCode(t, err, actions.Forbidden)
	if w.handout(operation) != actions.HandoutWaits {
		t.Errorf("it is %q", w.handout(operation))
	}
}
