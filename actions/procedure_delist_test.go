package actions

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// delists takes the step of a delisting in these systems.
func delists(t *testing.T, systems ...Suppressions) *mishap {
	t.Helper()
	return delistsAt(t, newDesk(), systems...)
}

// delistsAt takes it at a desk.
func delistsAt(t *testing.T, d *desk, systems ...Suppressions) *mishap {
	t.Helper()
	d.Lists = systems
	ctx, cancel := context.WithTimeout(t.Context(), carryLimit)
	defer cancel()
	op := Operation{ID: "op-1", Act: ActDelist, Subject: "u-1", Params: Params{Email: "jane@acme.example", Case: "CASE"}}
	change, err := d.changeOf(ctx, op, delisting.steps[0])
	if err != nil || change.Email != op.Params.Email || change.ID != "op-1/delisted" {
		t.Errorf("got %+v, %v", change, err)
	}
	wrong := d.takeStep(ctx, op, delisting.steps[0], change)
	if ctx.Err() != nil {
		t.Error("there is no time left to say what happened")
	}
	return wrong
}

// TestDelistingSilent: a system that doesn't answer leaves the time to say so, and so
// does each of the others.
func TestDelistingSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		own, mute, last := lists("own", "jane@acme.example"), lists("mute", "jane@acme.example"), lists("last", "jane@acme.example")
		mute.mute = true
		began := time.Now()
		wrong := delists(t, own, mute, last)
		if wrong == nil || wrong.why != "mute doesn't answer, so it may have happened or not. Trying again does no harm." {
			t.Fatalf("got %+v", wrong)
		}
		if want := []string{"taking the address off the lists of own"}; !slices.Equal(wrong.done, want) {
			t.Errorf("done before are %q", wrong.done)
		}
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("it took %s", took)
		}
		if len(own.listed) != 0 || len(last.listed) != 1 || last.asked != 0 {
			t.Errorf("own: %v, last: %v", own.listed, last.listed)
		}
	})
}

// TestDelistingOnceMore: an answer that got lost is asked for again, but not that of
// a system which turned Latchkey away.
func TestDelistingOnceMore(t *testing.T) {
	lost := &losing{fakeLists: lists("lost", "jane@acme.example"), err: Errorf(Unavailable, "The line broke.")}
	if wrong := delists(t, lost); wrong != nil || lost.tries != 2 {
		t.Errorf("got %+v after %d tries", wrong, lost.tries)
	}
	away := &losing{fakeLists: lists("away", "jane@acme.example"), err: &Error{
		Code: Unavailable, Sentence: "It turns Latchkey away.", Cause: fmt.Errorf("%w: 403", ErrTurnedAway),
	}}
	if wrong := delists(t, away); wrong == nil || wrong.why != "It turns Latchkey away." || away.tries != 1 {
		t.Errorf("got %+v after %d tries", wrong, away.tries)
	}
}

// losing fails the first time.
type losing struct {
	*fakeLists
	err   error
	tries int
}

func (l *losing) Delist(ctx context.Context, c Change) error {
	if l.tries++; l.tries == 1 {
		return l.err
	}
	return l.fakeLists.Delist(ctx, c)
}

// TestDelistingNowhere: a process that knows no lists any more says so, and doesn't
// say that it was done.
func TestDelistingNowhere(t *testing.T) {
	if wrong := delists(t); wrong == nil || wrong.why != noLists {
		t.Errorf("got %+v", wrong)
	}
}

// TestDelistingKeepsTheWish: a wish to get no newsletters stays, and isn't taken for
// an address that is still listed.
func TestDelistingKeepsTheWish(t *testing.T) {
	own := lists("own", "jane@acme.example")
	own.listed = append(own.listed, Suppression{Address: "jane@acme.example", List: ListUnsubscribe})
	if wrong := delists(t, own); wrong != nil || len(own.listed) != 1 {
		t.Errorf("got %+v, %v", wrong, own.listed)
	}
	own.listed, own.keeps = lists("own", "jane@acme.example").listed, true
	if wrong := delists(t, own); wrong == nil || wrong.why != "own said yes, and still lists it." {
		t.Errorf("got %+v", wrong)
	}
}

// TestDelistingElsewhere: what is kept of a system's lists, for the diagnosis, goes
// when the system was seen to list the address no more, however it is written there,
// and stays otherwise.
func TestDelistingElsewhere(t *testing.T) {
	for name, row := range map[string]struct {
		is   func(*fakeLists)
		kept []string
	}{
		"Done":      {func(*fakeLists) {}, []string{"joe@acme.example"}},
		"SaysYes":   {func(l *fakeLists) { l.keeps = true }, []string{"JANE@acme.example", "joe@acme.example"}},
		"TurnsAway": {func(l *fakeLists) { l.down = ErrTurnedAway }, []string{"JANE@acme.example", "joe@acme.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			d, own, ses := newDesk(), lists("own", "jane@acme.example"), lists("SES", "JANE@acme.example", "joe@acme.example")
			ses.exact = true
			d.Lists = []Suppressions{own, ses}
			if err := d.ReadLists(t.Context()); err != nil {
				t.Fatal(err)
			}
			row.is(ses)
			wrong := delistsAt(t, d, own, ses)
			if done := len(row.kept) == 1; (wrong == nil) != done || (len(ses.listed) == 1) != done || len(own.listed) != 0 {
				t.Errorf("got %+v, %v, %v", wrong, own.listed, ses.listed)
			}
			d.wantKept(t, "SES", row.kept...)
		})
	}
	d, ses := newDesk(), lists("SES", "jane@acme.example")
	d.store.down = errBroken
	if wrong := delistsAt(t, d, lists("own"), ses); wrong == nil || len(ses.listed) != 1 {
		t.Errorf("without the spellings: %+v, %v", wrong, ses.listed)
	}
}

// TestDelistingIsNeverOffered: what is known of an address doesn't make support take
// it off a list; L2 does, on a case.
func TestDelistingIsNeverOffered(t *testing.T) {
	for remedy, acts := range offersFor {
		if slices.Contains(acts, ActDelist) {
			t.Errorf("%s offers it", remedy)
		}
	}
	if slices.Contains(alwaysOffered, ActDelist) {
		t.Error("it is always offered")
	}
}
