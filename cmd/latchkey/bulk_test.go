package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// crowded has customers of Acme locked by an incident: it opens, and its ID is returned. In
// it there are as many as said who can be unlocked, and some who are left out.
func (w *ward) crowded(n int) (incident string) {
	w.t.Helper()
	w.put(w.crowd(n)...)
	if err := w.actions.WatchIncidents(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	open, err := w.store.OpenIncidents(w.t.Context())
	if err != nil || len(open) != 1 || open[0].Outcome != actions.LockedOut {
		w.t.Fatalf("open are %+v, %v", open, err)
	}
	return open[0].ID
}

// leftOutWhy says of those who are left out by which words.
var leftOutWhy = map[string]string{
	"protected": "They are protected", "manual": "A person locked them", "attacked": "Strangers try their login",
	"in-again": "They are in again, since 09:28", "free": "They aren't locked for too many attempts", "before": "locked before the incident began",
	"disabled": "The user is disabled", "asleep": "for something else as well",
}

// crowd are the records of them.
func (w *ward) crowd(n int) []any {
	now := w.clock()
	lock := func(id string, kind actions.LockKind, before time.Duration) actions.Lock {
		return actions.Lock{ID: "lock-" + string(kind) + "-" + id, UserID: id, Kind: kind, At: now.Add(-before)}
	}
	var bodies []any
	fails := func(id string, locked ...any) {
		user := actions.User{
			ID: id, Username: id, Email: id + "@acme.example", Status: actions.UserActive, HasPassword: true, LastLoginAt: now.AddDate(0, 0, -3),
			Protected: id == "protected",
		}
		if id == "disabled" {
			user.Status = actions.UserDisabled
		}
		bodies = append(append(bodies, user, actions.Membership{UserID: id, AccountID: "a1", Role: "member", Status: actions.MembershipActive},
			actions.Attempt{ID: "in-" + id, At: now.AddDate(0, 0, -3), UserID: id, Outcome: actions.Success, IP: "192.0.2.7"},
			actions.Attempt{ID: "out-" + id, At: now.Add(-4 * time.Minute), UserID: id, Outcome: actions.LockedOut, IP: "192.0.2.7"}), locked...)
	}
	for i := range n {
		id := fmt.Sprintf("c-%03d", i)
		fails(id, lock(id, actions.LockAttempts, 3*time.Minute))
	}
	for _, id := range []string{"protected", "attacked", "in-again", "disabled"} {
		fails(id, lock(id, actions.LockAttempts, 3*time.Minute))
	}
	fails("manual", lock("manual", actions.LockManual, 3*time.Minute))
	fails("before", lock("before", actions.LockAttempts, 2*time.Hour))
	fails("asleep", lock("asleep", actions.LockAttempts, 3*time.Minute), lock("asleep", actions.LockInactivity, 3*time.Minute))
	fails("free")
	bodies = append(bodies,
		actions.Attempt{ID: "back", At: now.Add(-2 * time.Minute), UserID: "in-again", Outcome: actions.Success, IP: "192.0.2.7"},
		actions.Attempt{ID: "wrong once more", At: now.Add(-2 * time.Minute), UserID: "free", Outcome: actions.WrongMethod, IP: "192.0.2.7"})
	for i := range 25 {
		bodies = append(bodies, actions.Attempt{
			ID: fmt.Sprint("burst-", i), At: now.Add(-4*time.Minute - time.Duration(i)*10*time.Second), UserID: "attacked", Outcome: actions.LockedOut, IP: "203.0.113.7",
		})
	}
	return bodies
}

// asksBulk has a lead ask to unlock all, and returns the question to the second person.
func (w *ward) asksBulk(incident string) (op, approval string) {
	w.t.Helper()
	asked, err := w.actions.UnlockAll(w.t.Context(), w.as("UBOSS"), incident, "The release of 09:20 locked them.")
	if err != nil || asked.Operation.State != actions.OperationAsked || asked.Approval == nil || asked.Bulk == nil {
		w.t.Fatalf("got %+v, %v", asked, err)
	}
	return asked.Operation.ID, asked.Approval.ID
}

// wantBulk expects that a bulk unlock is done, and each of n customers is unlocked once, by
// the lead who asked, with who approved it; and that the others were left out.
func (w *ward) wantBulk(op string, n int) {
	w.t.Helper()
	r, err := w.actions.Report(w.t.Context(), op)
	if err != nil || r.Operation.State != actions.OperationDone || r.Bulk.Done != n || r.Bulk.Failed != 0 || r.Bulk.Total != n+len(leftOutWhy) {
		w.t.Fatalf("it is %s (%s), %+v, %v", r.Operation.State, r.Operation.Why, r.Bulk, err)
	}
	w.wantLeftOut(r.Bulk)
	unlocked := map[string]int{}
	for _, row := range w.entries(actions.ActUnlock) {
		unlocked[row.Subject]++
		if row.Outcome != actions.ActDone || row.Actor != "UBOSS" || row.Approver != "ULEAD" || row.Reason != "The release of 09:20 locked them." || row.Ticket != "#4711" {
			w.t.Errorf("the audit has %+v", row)
		}
	}
	changed, more, err := w.store.Changes(w.t.Context(), 0, 1000)
	if err != nil || more || len(changed) != n || len(unlocked) != n {
		w.t.Errorf("the product learns of %d unlocks, and the audit of %d, %v; want %d", len(changed), len(unlocked), err, n)
	}
	for id, times := range unlocked {
		if times != 1 || !strings.HasPrefix(id, "c-") {
			w.t.Errorf("%s was unlocked %d times", id, times)
		}
	}
	if rows := w.entries(actions.ActBulkUnlock); len(rows) != 1 || rows[0].Outcome != actions.ActDone || !strings.Contains(rows[0].Detail, fmt.Sprintf("%d were unlocked, 8 were left out", n)) {
		w.t.Errorf("of the whole the audit has %+v", rows)
	}
}

// wantLeftOut expects that each who was left out is named, with why.
func (w *ward) wantLeftOut(bulk *actions.BulkReport) {
	w.t.Helper()
	if len(bulk.LeftOut) != len(leftOutWhy) || bulk.More != 0 {
		w.t.Errorf("left out are %+v", bulk.LeftOut)
	}
	for _, left := range bulk.LeftOut {
		words := leftOutWhy[left.Person.ID]
		if words == "" || !strings.Contains(left.Why, words) || !strings.Contains(left.Person.Email, "•••@") {
			w.t.Errorf("%+v was left out: %s", left.Person, left.Why)
		}
	}
}

// TestBulkUnlock unlocks all whom an incident locked, with a second person, and nobody
// else; the cards follow.
func TestBulkUnlock(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		incident := w.crowded(30)
		w.wantLeadsTold()
		report, err := w.actions.LookIncident(t.Context(), w.as("UBOSS"), incident)
		// Two seem locked as the others until they are looked at: who is attacked, and who
		// failed otherwise since.
		if err != nil || report.Locked != 32 || report.Incident.Customers != 38 || len(report.People) != actions.IncidentPeople {
			t.Fatalf("got %+v, %v", report, err)
		}
		op, approval := w.asksBulk(incident)
		w.wantLeadsTold()
		if len(w.changes()) != 0 {
			t.Error("somebody is unlocked, and nobody has approved it")
		}
		w.pass(time.Minute)
		done, err := w.actions.Approve(t.Context(), w.as("ULEAD"), approval)
		if err != nil || done.Operation.State != actions.OperationDone {
			t.Fatalf("got %+v, %v", done.Operation, err)
		}
		w.wantBulk(op, 30)
		w.wantLeadsTold()
		if told := w.told(actions.OutgoingOperation); !slices.Equal(told, []string{"UBOSS"}) {
			t.Errorf("cards of operations go to %v", told)
		}
		report, err = w.actions.IncidentReport(t.Context(), incident)
		if err != nil || report.Locked != 0 || report.Unlock == nil || report.Unlock.Bulk.Done != 30 {
			t.Errorf("got %+v, %v", report, err)
		}
		_, err = w.actions.UnlockAll(t.Context(), w.as("UBOSS"), incident, "Once more.")
		wantCode(t, err, actions.Conflict)
		w.notBraked("UBOSS")
	})
}

// TestBulkUnlockOfWhoIsToldLater: they try wrong passwords until they are locked, and are told
// at the next try. It is one incident, of wrong passwords, and has locked them all.
func TestBulkUnlockOfWhoIsToldLater(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		begun := w.clock().Add(-5 * time.Minute)
		for i := range 20 {
			id := fmt.Sprintf("c-%03d", i)
			fails := func(after time.Duration, outcome actions.Outcome) actions.Attempt {
				return actions.Attempt{ID: fmt.Sprint(id, after), At: begun.Add(after), UserID: id, Outcome: outcome, IP: "192.0.2.7"}
			}
			w.put(actions.User{ID: id, Username: id, Status: actions.UserActive, HasPassword: true}, actions.Membership{UserID: id, AccountID: "a1", Role: "member", Status: actions.MembershipActive},
				fails(0, actions.WrongPassword), fails(10*time.Second, actions.WrongPassword), fails(20*time.Second, actions.WrongPassword), fails(30*time.Second, actions.WrongPassword),
				actions.Lock{ID: "lock-" + id, UserID: id, Kind: actions.LockAttempts, At: begun.Add(time.Minute)}, fails(2*time.Minute, actions.LockedOut))
		}
		if err := w.actions.WatchIncidents(t.Context()); err != nil {
			t.Fatal(err)
		}
		open, err := w.store.OpenIncidents(t.Context())
		if err != nil || len(open) != 1 || open[0].Outcome != actions.WrongPassword || open[0].Customers != 20 {
			t.Fatalf("open are %+v, %v", open, err)
		}
		if report, err := w.actions.LookIncident(t.Context(), w.as("UBOSS"), open[0].ID); err != nil || report.Locked != 20 {
			t.Errorf("it locked %d, %v", report.Locked, err)
		}
		if d, err := w.actions.Diagnose(t.Context(), w.as("UBOSS"), actions.Query{Identifier: "c-003"}); err != nil || d.Facts.Incident == nil || d.Facts.Incident.ID != open[0].ID {
			t.Errorf("one of them has the incident %+v, %v", d.Facts.Incident, err)
		}
		_, approval := w.asksBulk(open[0].ID)
		done, err := w.actions.Approve(t.Context(), w.as("ULEAD"), approval)
		if err != nil || done.Operation.State != actions.OperationDone || done.Bulk.Done != 20 {
			t.Errorf("got %+v, %+v, %v", done.Operation, done.Bulk, err)
		}
	})
}

// wantLeadsTold expects that the incident's card goes to both leads.
func (w *ward) wantLeadsTold() {
	w.t.Helper()
	to := w.told(actions.OutgoingIncident)
	slices.Sort(to)
	if to = slices.Compact(to); !slices.Equal(to, []string{"UBOSS", "ULEAD"}) {
		w.t.Errorf("the incident's card goes to %v", to)
	}
}

// notBraked expects that somebody may go on: the parts of a bulk unlock are no acts and no
// looks of theirs.
func (w *ward) notBraked(id string) {
	w.t.Helper()
	if _, err := w.actions.Diagnose(w.t.Context(), w.as(id), actions.Query{Identifier: janeMail}); err != nil {
		w.t.Errorf("after the bulk unlock they are stopped: %v", err)
	}
	w.locks(actions.LockAttempts)
	w.does(id, order(actions.ActUnlock), actions.OperationDone)
}

// TestBulkUnlockCountsForNoBrake: of more customers than anybody may look at, or change, in
// an hour.
func TestBulkUnlockCountsForNoBrake(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	op, approval := w.asksBulk(w.crowded(70))
	if _, err := w.actions.Approve(t.Context(), w.as("ULEAD"), approval); err != nil {
		t.Fatal(err)
	}
	w.sweepsBulk()
	w.wantBulk(op, 70)
	if len(w.entries(actions.ActBraked)) != 0 {
		t.Error("somebody was stopped")
	}
	if _, err := w.actions.Diagnose(t.Context(), w.as("UBOSS"), actions.Query{Identifier: janeMail}); err != nil {
		t.Errorf("after the bulk unlock they are stopped: %v", err)
	}
}

// sweepsBulk has others carry on, until there is nothing to do.
func (w *ward) sweepsBulk() {
	w.t.Helper()
	for range 4 {
		w.pass(time.Minute)
		if err := w.actions.CarryOn(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
}

// TestBulkUnlockIsTwoLeads: who asked doesn't approve, agents don't ask, a reason stands in
// the audit, and what is declined or taken back unlocks nobody.
func TestBulkUnlockIsTwoLeads(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	incident := w.crowded(12)
	for id, want := range map[string]actions.Code{"UANN": actions.Forbidden, "UEL2": actions.Forbidden} {
		_, err := w.actions.UnlockAll(t.Context(), w.as(id), incident, "They called.")
		wantCode(t, err, want)
	}
	_, err := w.actions.UnlockAll(t.Context(), w.as("UBOSS"), incident, " ")
	wantCode(t, err, actions.Invalid)
	_, err = w.actions.UnlockAll(t.Context(), w.as("UBOSS"), "another", "They called.")
	wantCode(t, err, actions.NotFound)
	_, approval := w.asksBulk(incident)
	_, err = w.actions.Approve(t.Context(), w.as("UBOSS"), approval)
	wantCode(t, err, actions.Conflict)
	declined, err := w.actions.Decline(t.Context(), w.as("ULEAD"), approval)
	if err != nil || declined.Operation.State != actions.OperationRefused || declined.Bulk.Done != 0 {
		t.Errorf("got %+v, %v", declined, err)
	}
	w.nobodyWaits()
	w.pass(time.Minute)
	op, _ := w.asksBulk(incident)
	if again, err := w.actions.UnlockAll(t.Context(), w.as("ULEAD"), incident, "They called."); err != nil || !again.Already || again.Operation.ID != op {
		t.Errorf("asked for by two: %+v, %v", again.Operation, err)
	}
	if back, err := w.actions.Withdraw(t.Context(), w.as("UBOSS"), op); err != nil || back.Operation.State != actions.OperationRefused {
		t.Errorf("taken back: %+v, %v", back.Operation, err)
	}
	w.nobodyWaits()
	w.wantChanges()
}

// nobodyWaits expects that a bulk unlock which is over keeps nobody from being forgotten.
func (w *ward) nobodyWaits() {
	w.t.Helper()
	for _, id := range []string{"c-000", "protected"} {
		if why, err := w.store.UnderWay(w.t.Context(), actions.Known{UserID: id}); err != nil || why != "" {
			w.t.Errorf("%s isn't forgotten: %s, %v", id, why, err)
		}
	}
}

// TestBulkUnlockTakesWhatIsUnderWay: whom an agent is unlocking already is left out, and
// whoever got in or was locked by a person since it was asked for is, too.
func TestBulkUnlockTakesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	op, approval := w.asksBulk(w.crowded(12))
	w.within(func(tx actions.Tx) error {
		_, _, err := tx.StartOperation(t.Context(), actions.Operation{
			ID: "other", Act: actions.ActUnlock, Actor: "UANN", Subject: "c-000", State: actions.OperationRunning, At: w.clock(), LeasedUntil: w.clock().Add(time.Hour),
		})
		return err
	})
	w.put(actions.Attempt{ID: "c-001 is in", At: w.clock(), UserID: "c-001", Outcome: actions.Success, IP: "192.0.2.7"},
		actions.Lock{ID: "by hand", UserID: "c-002", Kind: actions.LockManual, At: w.clock()})
	w.pass(time.Minute)
	if _, err := w.actions.Approve(t.Context(), w.as("ULEAD"), approval); err != nil {
		t.Fatal(err)
	}
	r, err := w.actions.Report(t.Context(), op)
	if err != nil || r.Bulk.Done != 9 {
		t.Fatalf("got %+v, %v", r.Bulk, err)
	}
	why := map[string]string{}
	for _, left := range r.Bulk.LeftOut {
		why[left.Person.ID] = left.Why
	}
	if why["c-000"] != "<@UANN> is unlocking them already." || !strings.HasPrefix(why["c-001"], "They are in again") || !strings.HasPrefix(why["c-002"], "A person locked them") {
		t.Errorf("left out are %v", why)
	}
}

// TestBulkUnlockWhileTheDirectoryFails: whom it fails for is named, and when it fails for
// all, so did the whole.
func TestBulkUnlockWhileTheDirectoryFails(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	op, approval := w.asksBulk(w.crowded(12))
	w.actions.Directory = &falsely{Directory: w.actions.Directory, at: actions.ChangeUnlocked, lies: true}
	if _, err := w.actions.Approve(t.Context(), w.as("ULEAD"), approval); err != nil {
		t.Fatal(err)
	}
	r, err := w.actions.Report(t.Context(), op)
	if err != nil || r.Operation.State != actions.OperationFailed || r.Bulk.Failed != 12 || r.Bulk.Done != 0 || len(r.Bulk.LeftOut) != 20 {
		t.Fatalf("got %+v, %+v, %v", r.Operation, r.Bulk, err)
	}
	failed := slices.IndexFunc(r.Bulk.LeftOut, func(l actions.LeftOut) bool { return l.Person.ID == "c-003" })
	if failed < 0 || !strings.Contains(r.Bulk.LeftOut[failed].Why, "the directory said yes, and doesn't show it") {
		t.Errorf("left out are %+v", r.Bulk.LeftOut)
	}
}
