package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/ses"
	"github.com/latchkey-bot/latchkey/actions/ses/sesfake"
)

// listWard is a ward in which Jane's address is on lists: on those of the directory,
// and on Amazon's.
type listWard struct {
	*ward
	amazon *sesfake.Fake
	// ended are the operations of which a case was told, as "case outcome"; with
	// refuses it can't be told.
	ended   []string
	refuses error
}

// onLists puts Jane's address on lists.
func onLists(w *ward) *listWard {
	w.t.Helper()
	amazon := sesfake.New(sesfake.Sydney, time.Now)
	client, err := ses.New(ses.Config{
		Region: sesfake.Sydney.Region, AccessKeyID: sesfake.Sydney.AccessKeyID, SecretAccessKey: sesfake.Sydney.SecretAccessKey, Transport: amazon.Transport(),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	l := &listWard{ward: w, amazon: amazon}
	w.put(
		actions.Suppression{Address: janeMail, List: actions.ListBounce, Since: w.clock().Add(-time.Hour)},
		actions.Suppression{Address: janeMail, List: actions.ListUnsubscribe, Since: w.clock().Add(-time.Hour)},
	)
	amazon.Suppress(janeMail, "BOUNCE", w.clock().Add(-time.Hour))
	w.actions.Lists = []actions.Suppressions{w.store, client}
	w.actions.Ended = func(_ context.Context, _ actions.Tx, op actions.Operation) error {
		if l.refuses == nil {
			l.ended = append(l.ended, op.Params.Case+" "+string(op.State))
		}
		return l.refuses
	}
	return l
}

// toDelist is an order to take Jane's address off, for a case.
func toDelist() actions.Order {
	return actions.Order{Act: actions.ActDelist, UserID: jane, Params: actions.Params{Email: janeMail, Case: "CASE"}}
}

// wantEnded expects what the case was told.
func (l *listWard) wantEnded(ended ...string) {
	l.t.Helper()
	if !slices.Equal(l.ended, ended) {
		l.t.Errorf("the case is told %v, want %v", l.ended, ended)
	}
}

// listed are the lists of the directory that Jane's address is on.
func (l *listWard) listed() (lists []actions.SuppressionList) {
	l.t.Helper()
	for _, listing := range l.actions.ListedBy(l.t.Context(), janeMail)[:1] {
		for _, entry := range listing.Entries {
			lists = append(lists, entry.List)
		}
	}
	return lists
}

// TestDelist takes an address off every list but the customer's own wish, reads that
// back, and is one row of the audit, without the address (RULES S4.9).
func TestDelist(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		l := onLists(w)
		report := l.does("UEL2", toDelist(), actions.OperationDone)
		if got := l.listed(); !slices.Equal(got, []actions.SuppressionList{actions.ListUnsubscribe}) || l.amazon.Suppresses(janeMail) {
			t.Errorf("it is on %v, on Amazon's: %t", got, l.amazon.Suppresses(janeMail))
		}
		if !strings.Contains(report.Afterwards, "fresh reset") || report.Operation.Params.Case != "CASE" || len(report.Does) != 2 {
			t.Errorf("got %+v", report)
		}
		if !strings.Contains(report.Contact, "j•••@a•••.example") {
			t.Errorf("the contact is %q", report.Contact)
		}
		l.wantChanges(actions.ChangeDelisted)
		row := l.one(actions.ActDelist, actions.ActDone)
		if row.Actor != "UEL2" || row.Ticket != "#4711" || strings.Contains(row.Detail, janeMail) || !strings.Contains(row.Detail, "off every list") {
			t.Errorf("the audit has %+v", row)
		}
		l.wantEnded("CASE done")
		l.wantTold(actions.OutgoingOperation) // the case says it
	})
}

// TestDelistOfNothing: an address that is on no list can be taken off all the same.
func TestDelistOfNothing(t *testing.T) {
	t.Parallel()
	l := onLists(openWardOnSQLite(t))
	l.does("UEL2", toDelist(), actions.OperationDone)
	l.pass(time.Minute)
	l.does("UEL2", toDelist(), actions.OperationDone)
	l.wantEnded("CASE done", "CASE done")
}

// TestDelistFails says which system doesn't do it, and what was done before.
func TestDelistFails(t *testing.T) {
	t.Parallel()
	const before = "Done before that, and read back: taking the address off the lists of "
	for name, row := range map[string]struct {
		meets []sesfake.Fault
		down  *sesfake.Fault
		words string
	}{
		"SaysYes":   {meets: []sesfake.Fault{sesfake.Answer(200, nil, "")}, words: "Amazon SES said yes, and still lists it."},
		"CantTell":  {down: &sesfake.Garbage, words: "Amazon SES doesn't answer, so it may have happened or not."},
		"Dropped":   {down: &sesfake.DroppedAfter, words: "Amazon SES doesn't answer, so it may have happened or not."},
		"TurnsAway": {down: &sesfake.Denied, words: "Amazon SES turns Latchkey away"},
	} {
		t.Run(name, func(t *testing.T) {
			l := onLists(openWardOnSQLite(t))
			l.amazon.Meets(row.meets...)
			if row.down != nil {
				l.amazon.Down(*row.down)
			}
			report := l.does("UEL2", toDelist(), actions.OperationFailed)
			why := report.Operation.Why
			if !strings.HasPrefix(why, "Taking the address off the lists failed: "+row.words) || !strings.Contains(why, before+l.store.Name()) {
				t.Errorf("it says %q", why)
			}
			if len(l.listed()) != 1 || strings.Contains(why, janeMail) || report.Afterwards != "" {
				t.Errorf("got %v, %+v", l.listed(), report)
			}
			l.one(actions.ActDelist, actions.ActFailed)
			l.wantEnded("CASE failed")
			l.amazon.Up()
			l.pass(time.Minute)
			l.does("UEL2", toDelist(), actions.OperationDone)
			if l.amazon.Suppresses(janeMail) {
				t.Error("it is still on Amazon's list")
			}
		})
	}
}

// TestDelistOfTheDirectory: what the directory says is said as it is, and Amazon isn't
// asked.
func TestDelistOfTheDirectory(t *testing.T) {
	t.Parallel()
	l := onLists(openWardOnSQLite(t))
	l.actions.Lists = slices.Clone(l.actions.Lists)
	l.actions.Lists[0] = stubborn{l.store}
	report := l.does("UEL2", toDelist(), actions.OperationFailed)
	if want := "Taking the address off the lists failed: " + l.store.Name() + " said yes, and still lists it."; report.Operation.Why != want {
		t.Errorf("it says %q, want %q", report.Operation.Why, want)
	}
	if asked := l.amazon.Asked(); len(asked) > 0 {
		t.Errorf("Amazon was asked %v", asked)
	}
}

// stubborn are lists that say yes.
type stubborn struct{ actions.Suppressions }

func (stubborn) Delist(context.Context, actions.Change) error { return nil }

// TestDelistRefuses what wouldn't help, and who may not.
func TestDelistRefuses(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		is    func(*listWard, *actions.Order)
		words string
	}{
		"AnotherAddress": {func(_ *listWard, o *actions.Order) { o.Params.Email = "john@acme.example" }, "another e-mail address by now"},
		"NoAddress":      {func(l *listWard, _ *actions.Order) { l.becomes(func(u *actions.User) { u.Email = "" }) }, "no e-mail address on file"},
		"NoCase":         {func(_ *listWard, o *actions.Order) { o.Params.Case = "" }, "from the case about it"},
		"NothingAsked":   {func(_ *listWard, o *actions.Order) { o.Params.Email = "" }, "from the case about it"},
		"NoLists":        {func(l *listWard, _ *actions.Order) { l.actions.Lists = nil }, "asks no system that holds mail back"},
	} {
		t.Run(name, func(t *testing.T) {
			l, o := onLists(openWardOnSQLite(t)), toDelist()
			row.is(l, &o)
			l.refused("UEL2", o, row.words)
			l.wantChanges()
			l.wantEnded()
			if !l.amazon.Suppresses(janeMail) || len(l.amazon.Asked()) > 0 {
				t.Error("Amazon was asked to")
			}
		})
	}
	for _, who := range []string{"UANN", "ULEAD", "UNOBODY"} {
		l := onLists(openWardOnSQLite(t))
		_, err := l.actions.Do(t.Context(), l.as(who), toDelist())
		wantCode(t, err, actions.Forbidden)
		l.wantChanges()
	}
}

// TestDelistOfAProtectedCustomer waits for a second person; whatever they say, and if
// nobody says anything, the case is told, once.
func TestDelistOfAProtectedCustomer(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		ends  func(*listWard, actions.OperationReport) (actions.OperationReport, error)
		ended string
	}{
		"Approved": {func(l *listWard, asked actions.OperationReport) (actions.OperationReport, error) {
			return l.actions.Approve(l.t.Context(), l.as("ULEAD"), asked.Approval.ID)
		}, "CASE done"},
		"Declined": {func(l *listWard, asked actions.OperationReport) (actions.OperationReport, error) {
			return l.actions.Decline(l.t.Context(), l.as("ULEAD"), asked.Approval.ID)
		}, "CASE refused"},
		"TakenBack": {func(l *listWard, asked actions.OperationReport) (actions.OperationReport, error) {
			return l.actions.Withdraw(l.t.Context(), l.as("UEL2"), asked.Operation.ID)
		}, "CASE refused"},
		"RanOut": {func(l *listWard, asked actions.OperationReport) (actions.OperationReport, error) {
			l.pass(31 * time.Minute)
			return asked, l.actions.CarryOn(l.t.Context())
		}, "CASE refused"},
		"AnotherAddressMeanwhile": {func(l *listWard, asked actions.OperationReport) (actions.OperationReport, error) {
			l.becomes(func(u *actions.User) { u.Email, u.Protected = "doe@acme.example", true })
			return l.actions.Approve(l.t.Context(), l.as("ULEAD"), asked.Approval.ID)
		}, "CASE refused"},
	} {
		t.Run(name, func(t *testing.T) {
			onEachWard(t, func(t *testing.T, w *ward) {
				l := onLists(w)
				l.becomes(func(u *actions.User) { u.Protected = true })
				asked := l.does("UEL2", toDelist(), actions.OperationAsked)
				l.wantEnded()
				l.wantTold(actions.OutgoingOperation, "UEL2")
				l.wantTold(actions.OutgoingApproval, "ULEAD")
				if _, err := row.ends(l, asked); err != nil {
					t.Fatal(err)
				}
				if err := l.actions.CarryOn(t.Context()); err != nil {
					t.Fatal(err)
				}
				l.wantEnded(row.ended)
				l.wantTold(actions.OutgoingOperation, "UEL2")
				if done := row.ended == "CASE done"; l.amazon.Suppresses(janeMail) == done {
					t.Errorf("it is on Amazon's list: %t", !done)
				}
			})
		})
	}
}

// TestEndedIsTold in the transaction that ends the operation: what can't be written
// there ends nothing, and comes later.
func TestEndedIsTold(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		l := onLists(w)
		l.refuses = errors.New("the case can't be written")
		report := l.does("UEL2", toDelist(), actions.OperationRunning)
		if rows := l.entries(actions.ActDelist); len(rows) != 0 {
			t.Errorf("the audit has %+v", rows)
		}
		l.refuses = nil
		l.pass(5 * time.Minute)
		if err := l.actions.CarryOn(t.Context()); err != nil {
			t.Fatal(err)
		}
		if op := l.operation(report.Operation.ID); op.State != actions.OperationDone {
			t.Errorf("it is %s", op.State)
		}
		l.wantEnded("CASE done")
		l.wantChanges(actions.ChangeDelisted)
		l.one(actions.ActDelist, actions.ActDone)
		l.does("UANN", order(actions.ActSendUsername), actions.OperationDone)
		l.wantEnded("CASE done") // what is done for no case tells none
	})
}
