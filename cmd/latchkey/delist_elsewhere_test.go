package main

import (
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/ses/sesfake"
)

// janeLoud is Jane's address as Amazon lists it: it tells capitals apart.
const janeLoud = "JANE@acme.example"

// suppressed reports whether a diagnosis says that mail to Jane is held back.
func (l *listWard) suppressed() bool {
	l.t.Helper()
	snapshot, err := l.store.Snapshot(l.t.Context(), actions.Query{UserID: jane, At: l.clock()})
	if err != nil {
		l.t.Fatal(err)
	}
	return actions.HeldBack(snapshot.Suppression)
}

// reads has the directory know what Amazon lists.
func (l *listWard) reads() {
	l.t.Helper()
	if err := l.actions.ReadLists(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
}

// TestDelistInCapitals takes an address off Amazon's list that stands there in other
// capitals than on the customer's profile; a diagnosis knows of it until then, and
// again when it is listed later.
func TestDelistInCapitals(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		l := onLists(w)
		l.amazon.Suppress(janeLoud, "COMPLAINT", w.clock().Add(-time.Hour))
		l.reads()
		for _, listing := range l.actions.ListedBy(t.Context(), janeMail)[1:] {
			if len(listing.Entries) != 2 {
				t.Errorf("before, %s has %+v", listing.Source, listing)
			}
		}
		l.pass(time.Second)
		l.does("UEL2", toDelist(), actions.OperationDone)
		if l.amazon.Suppresses(janeMail) || l.amazon.Suppresses(janeLoud) || l.suppressed() {
			t.Errorf("it is on the list: %t, in capitals: %t, for a diagnosis: %t",
				l.amazon.Suppresses(janeMail), l.amazon.Suppresses(janeLoud), l.suppressed())
		}
		l.pass(time.Hour)
		l.amazon.Suppress(janeMail, "BOUNCE", w.clock().Add(-time.Minute))
		l.reads()
		if !l.suppressed() || slices.Contains(l.listed(), actions.ListBounce) {
			t.Errorf("listed again, for a diagnosis: %t, by the directory: %v", l.suppressed(), l.listed())
		}
	})
}

// TestDelistRefusedElsewhere: while Amazon doesn't take an address off, a diagnosis
// goes on saying that mail is held back, though the directory's own lists don't.
func TestDelistRefusedElsewhere(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		l := onLists(w)
		l.reads()
		l.amazon.Down(sesfake.Denied)
		l.pass(time.Second)
		l.does("UEL2", toDelist(), actions.OperationFailed)
		if !l.suppressed() || slices.Contains(l.listed(), actions.ListBounce) {
			t.Errorf("refused, for a diagnosis: %t, by the directory: %v", l.suppressed(), l.listed())
		}
		l.amazon.Up()
		l.pass(time.Minute)
		l.does("UEL2", toDelist(), actions.OperationDone)
		if l.suppressed() {
			t.Error("a diagnosis still knows of it")
		}
	})
}
