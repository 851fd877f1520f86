package main

import (
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/store/storetest"
)

// bulkPauses are the steps at which a server stands still, the nth time that it comes
// there: of the whole, and of one of its customers.
var bulkPauses = map[string]int{
	"bulk_unlock:intent": 1, "unlock:intent": 3, "unlock:unlocked": 3, "unlock:outcome": 3, "unlock:done": 3, "bulk_unlock:outcome": 1,
}

// TestBulkUnlockByManyServers: a server stands still in a bulk unlock for longer than its
// lease lasts. Until then nobody touches it; then two others carry on with it at the same
// moment, and at last the first goes on as well. Each customer is unlocked once, nobody is forgotten, and the audit tells it once.
func TestBulkUnlockByManyServers(t *testing.T) {
	t.Parallel()
	for step, nth := range bulkPauses {
		t.Run("sqlite/"+step, func(t *testing.T) { t.Parallel(); overtakenAt(t, storetest.SQLiteURL(t), step, nth) })
		t.Run("postgres/"+step, func(t *testing.T) { t.Parallel(); overtakenAt(t, storetest.PostgresURL(t), step, nth) })
	}
}

// overtakenAt has one server stand still at a step, and others carry on.
func overtakenAt(t *testing.T, databaseURL, step string, nth int) {
	t.Helper()
	w := openWard(t, databaseURL)
	op, approval := w.asksBulk(w.crowded(12))
	w.pass(time.Minute)
	other, third := reopenWard(t, databaseURL, w.clock()), reopenWard(t, databaseURL, w.clock())
	stands, goesOn := make(chan struct{}), make(chan struct{})
	w.actions.Reached = func(reached string) {
		if reached == step {
			nth--
		}
		if reached == step && nth == 0 {
			close(stands)
			<-goesOn
		}
	}
	var approving sync.WaitGroup
	approving.Go(func() {
		if _, err := w.actions.Approve(t.Context(), w.as("ULEAD"), approval); err != nil {
			t.Errorf("approving it: %v", err)
		}
	})
	<-stands
	other.leavesAlone(op)
	other.carriesOnWith(third)
	close(goesOn)
	approving.Wait()
	w.pass(4 * time.Minute) // as it did for the others
	w.carriesOnWith(other)
	w.wantBulk(op, 12)
}

// leavesAlone carries on while somebody's lease lasts, and expects that nothing moves.
func (w *ward) leavesAlone(op string) {
	w.t.Helper()
	before, err := w.actions.Report(w.t.Context(), op)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.actions.CarryOn(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	after, err := w.actions.Report(w.t.Context(), op)
	if err != nil || after.Operation.State != before.Operation.State || after.Bulk.Done != before.Bulk.Done {
		w.t.Errorf("while it is another's, it goes from %s, %+v to %s, %+v, %v", before.Operation.State, before.Bulk, after.Operation.State, after.Bulk, err)
	}
}

// carriesOnWith has two servers carry on at once, again and again, until there is nothing
// to do.
func (w *ward) carriesOnWith(other *ward) {
	w.t.Helper()
	for range 4 {
		var both sync.WaitGroup
		for _, server := range []*ward{w, other} {
			server.pass(time.Minute)
			both.Go(func() {
				if err := server.actions.CarryOn(w.t.Context()); err != nil {
					w.t.Errorf("carrying on: %v", err)
				}
			})
		}
		both.Wait()
	}
}
