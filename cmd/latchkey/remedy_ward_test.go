package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// ward is a post room with those who work there: an agent, an L2, and two leads,
// of whom ULEAD is on duty.
type ward struct {
	*postRoom
	roles map[string]actions.Roles
	calls int
}

// duty is the staff of a ward.
type duty struct{ w *ward }

func (d duty) RolesOf(_ context.Context, id string) (actions.Roles, error) { return d.w.roles[id], nil }

func (d duty) Leads(context.Context) (onDuty, others []string, err error) {
	return []string{"ULEAD"}, []string{"UBOSS"}, nil
}

// openWard opens a ward on a database.
func openWard(t *testing.T, databaseURL string) *ward {
	t.Helper()
	return wardOver(openPostRoom(t, databaseURL))
}

// wardOver is a ward in a post room.
func wardOver(room *postRoom) *ward {
	w := &ward{postRoom: room, roles: map[string]actions.Roles{
		"UANN": actions.RolesOf(actions.RoleAgent), "UEL2": actions.RolesOf(actions.RoleL2),
		"ULEAD": actions.RolesOf(actions.RoleLead), "UBOSS": actions.RolesOf(actions.RoleLead),
	}}
	w.actions.Staff = duty{w}
	return w
}

// onEachWard runs a test with a ward on each database.
func onEachWard(t *testing.T, test func(*testing.T, *ward)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, openWard(t, storetest.SQLiteURL(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, openWard(t, storetest.PostgresURL(t))) })
}

// openWardOnSQLite is for what doesn't differ between databases.
func openWardOnSQLite(t *testing.T) *ward {
	t.Helper()
	return openWard(t, storetest.SQLiteURL(t))
}

// as is a call of somebody's, a new one each time.
func (w *ward) as(id string) actions.Call {
	w.calls++
	return actions.Call{Actor: actions.Actor{ID: id, Roles: w.roles[id]}, Key: fmt.Sprint("call-", w.calls), Ticket: "#4711"}
}

// order is what is wanted for Jane.
func order(act actions.Act) actions.Order {
	return actions.Order{Act: act, UserID: jane, Reason: "she called"}
}

// vouched is what is wanted for Jane by who vouches for her.
func vouched(act actions.Act) actions.Order {
	o := order(act)
	o.Attested = true
	return o
}

// does orders an act and expects how it ends.
func (w *ward) does(id string, o actions.Order, state actions.OperationState) actions.OperationReport {
	w.t.Helper()
	report, err := w.actions.Do(w.t.Context(), w.as(id), o)
	if err != nil || report.Operation.State != state {
		w.t.Fatalf("%s is %s (%s), %v; want %s", o.Act, report.Operation.State, report.Operation.Why, err, state)
	}
	return report
}

// refused orders an act and expects that it is refused, in these words, with one
// row of the audit.
func (w *ward) refused(id string, o actions.Order, words string) {
	w.t.Helper()
	before := len(w.entries(o.Act))
	report, err := w.actions.Do(w.t.Context(), w.as(id), o)
	if actions.CodeOf(err) == "" || !strings.Contains(err.Error(), words) {
		w.t.Errorf("%s by %s: got %+v, %v; want %q", o.Act, id, report.Operation, err, words)
		return
	}
	rows := w.entries(o.Act)
	if len(rows) != before+1 || rows[before].Outcome != actions.ActRefused || rows[before].Actor != id {
		w.t.Errorf("the audit has %+v", rows[before:])
	}
}

// one expects exactly one row of an act in the audit.
func (w *ward) one(act actions.Act, outcome actions.AuditOutcome) actions.AuditEntry {
	w.t.Helper()
	rows := w.entries(act)
	if len(rows) != 1 || rows[0].Outcome != outcome || rows[0].Subject != jane {
		w.t.Fatalf("the audit has %+v", rows)
	}
	return rows[0]
}

// changes are the kinds of change that the product learns of.
func (w *ward) changes() []actions.ChangeKind {
	w.t.Helper()
	recorded, more, err := w.store.Changes(w.t.Context(), 0, 100)
	if err != nil || more {
		w.t.Fatalf("got %v, %v", more, err)
	}
	var kinds []actions.ChangeKind
	for _, r := range recorded {
		kinds = append(kinds, r.Change.Kind)
	}
	return kinds
}

func (w *ward) wantChanges(kinds ...actions.ChangeKind) {
	w.t.Helper()
	if got := w.changes(); !slices.Equal(got, kinds) {
		w.t.Errorf("the product learns of %v, want %v", got, kinds)
	}
}

// locks gives Jane an open lock.
func (w *ward) locks(kind actions.LockKind) {
	w.t.Helper()
	w.put(actions.Lock{ID: "lock-" + string(kind), UserID: jane, Kind: kind, At: w.clock().Add(-time.Hour)})
}

// open are the kinds of Jane's open locks.
func (w *ward) open() []actions.LockKind {
	w.t.Helper()
	var kinds []actions.LockKind
	for _, l := range w.snapshot().Locks {
		if l.Open(w.clock()) {
			kinds = append(kinds, l.Kind)
		}
	}
	return kinds
}

// tries has Jane's user name tried with the outcome, so often, from a network
// that isn't hers, the last time just now.
func (w *ward) tries(n int, outcome actions.Outcome) {
	w.t.Helper()
	var bodies []any
	for i := range n {
		bodies = append(bodies, actions.Attempt{
			ID: fmt.Sprint("try-", outcome, "-", i), At: w.clock().Add(-time.Duration(n-i) * 20 * time.Second), Identifier: janeName, UserID: jane,
			Outcome: outcome, IP: "203.0.113.7",
		})
	}
	w.put(bodies...)
}

// becomes imports Jane anew, with a change.
func (w *ward) becomes(change func(*actions.User)) {
	w.t.Helper()
	user := w.person(jane)
	change(&user)
	w.put(user)
}

// account imports Jane's account anew, with a state.
func (w *ward) account(status actions.AccountStatus) {
	w.t.Helper()
	w.put(actions.Account{
		ID: "a1", Name: "Acme", Status: status, StatusReason: "not_needed", GatewayIDs: []string{"GW-1", "GW-2"}, Owner: "owner@acme.example",
		ClosedAt: w.clock().Add(-24 * time.Hour), Brand: "Acme Cloud",
	})
}

// told takes what waits to be shown of one kind, as whom it is for.
func (w *ward) told(kind actions.OutgoingKind) []string {
	w.t.Helper()
	waiting, err := w.store.Lease(w.t.Context(), w.clock().Add(time.Minute), time.Minute, 100, []actions.OutgoingKind{kind})
	if err != nil {
		w.t.Fatal(err)
	}
	var to []string
	for _, m := range waiting {
		to = append(to, m.To)
		if err := w.store.Delivered(w.t.Context(), m, w.clock()); err != nil {
			w.t.Fatal(err)
		}
	}
	slices.Sort(to)
	return to
}

func (w *ward) wantTold(kind actions.OutgoingKind, to ...string) {
	w.t.Helper()
	if got := w.told(kind); !slices.Equal(got, to) {
		w.t.Errorf("%s goes to %v, want %v", kind, got, to)
	}
}

// falsely is a directory that fails or lies at one kind of change.
type falsely struct {
	actions.Directory
	at    actions.ChangeKind
	fails error // Apply does nothing, and says this
	lies  bool  // Apply does nothing, and says yes
	lost  bool  // Apply does it, and its answer gets lost, once
}

func (d *falsely) Apply(ctx context.Context, c actions.Change) error {
	if c.Kind != d.at {
		return d.Directory.Apply(ctx, c)
	}
	switch {
	case d.fails != nil:
		return d.fails
	case d.lies:
		return nil
	case d.lost:
		d.lost = false
		if err := d.Directory.Apply(ctx, c); err != nil {
			return err
		}
		return actions.Errorf(actions.Unavailable, "the line broke")
	}
	return d.Directory.Apply(ctx, c)
}
