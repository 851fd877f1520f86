package actions

import (
	"fmt"
	"testing"
)

// looks are what Last says to the agent U1.
func (d *desk) last(t *testing.T, key string) []Look {
	t.Helper()
	looks, err := d.Last(t.Context(), agent(key, ""))
	if err != nil {
		t.Fatal(err)
	}
	return looks
}

func TestLast(t *testing.T) {
	d := newDesk()
	d.diagnose(t, agent("k-1", "#1"))
	d.now = d.now.Add(minute)
	d.happens(nobody())
	if _, err := d.Diagnose(t.Context(), agent("k-2", "#2"), Query{Identifier: "Jnae"}); err != nil {
		t.Fatal(err)
	}
	d.happens(func(s *scene) { s.Users = stage().Users })
	got := d.last(t, "k-3")
	if len(got) != 2 {
		t.Fatalf("%d looks: %+v", len(got), got)
	}
	if want := (Look{At: noon.Add(minute), Act: ActDiagnose, Asked: "Jnae", Ticket: "#2"}); got[0] != want {
		t.Errorf("first %+v", got[0])
	}
	if p := got[1].Person; p == nil || p.Email != "j•••@a•••.example" || got[1].Asked != "" || got[1].Ticket != "#1" || !got[1].At.Equal(noon) {
		t.Errorf("then %+v of %+v", got[1], p)
	}
	audit := d.store.state.audit
	if want := (AuditEntry{At: d.now, Act: ActLast, Actor: "U1", Outcome: ActDone, Ticket: "#2"}); audit[len(audit)-1] != want {
		t.Errorf("recorded %+v", audit[len(audit)-1])
	}
}

// TestLastEachOnce: customers and names come once, with their newest look-up,
// ten at most.
func TestLastEachOnce(t *testing.T) {
	d := newDesk()
	for round := range 3 {
		for i := range 6 {
			d.store.state.audit = append(d.store.state.audit,
				AuditEntry{At: noon, Act: ActDiagnose, Actor: "U1", Outcome: ActDone, Subject: fmt.Sprint("u-", i), Ticket: fmt.Sprint("#", round)},
				AuditEntry{At: noon, Act: ActDiagnose, Actor: "U1", Outcome: ActDone, Detail: askedFor + fmt.Sprint("name", i)},
				AuditEntry{At: noon, Act: ActDiagnose, Actor: "U1", Outcome: ActDone, Detail: askedFor + fmt.Sprint("NAME", i)})
		}
	}
	got := d.last(t, "k-1")
	if len(got) != looksShown {
		t.Fatalf("%d looks", len(got))
	}
	for i, look := range got {
		n := 5 - i/2
		if i%2 == 0 && look.Asked != fmt.Sprint("NAME", n) {
			t.Errorf("look %d asked for %q", i, look.Asked)
		}
		if i%2 == 1 && (look.Ticket != "#2" || look.Asked != "") {
			t.Errorf("look %d is %+v", i, look)
		}
		if (look.Person != nil) != (i%2 == 1 && n == 1) {
			t.Errorf("look %d is of %+v; only u-1 is on record", i, look.Person)
		}
	}
}

// TestLastLeavesOut what isn't a look-up of the agent's own.
func TestLastLeavesOut(t *testing.T) {
	d := newDesk()
	d.store.state.audit = []AuditEntry{
		{Act: ActDiagnose, Actor: "U2", Outcome: ActDone, Subject: "u-1"},
		{Act: ActHistory, Actor: "U1", Outcome: ActDone, Subject: "u-1"},
		{Act: ActDiagnose, Actor: "U1", Outcome: ActRefused},
		{Act: ActDiagnose, Actor: "U1", Outcome: ActDone, Detail: "asked which of 2 addresses have a user"},
		{Act: ActDiagnose, Actor: "U1", Outcome: ActDone}, // its text was deleted
	}
	if got := d.last(t, "k-1"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestLastRefused(t *testing.T) {
	d := newDesk()
	d.diagnose(t, agent("k-1", ""))
	_, err := d.Last(t.Context(), Call{Actor: Actor{ID: "U1"}, Key: "k-2"})
	wantCode(t, err, Forbidden)
	_, err = d.Last(t.Context(), agent("k-1", ""))
	wantCode(t, err, Conflict)
}

// TestLastWithoutAKey: without an audit there is nothing to show, and no error.
func TestLastWithoutAKey(t *testing.T) {
	d := newDesk()
	d.store.keyed = false
	if got := d.last(t, "k-1"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}
