package actions

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

func TestAgainOK(t *testing.T) {
	d := newDesk(tried(hour, WrongPassword))
	got, err := d.Again(t.Context(), agent("k-1", "#4711"), ActTicketNote, "u-1")
	if err != nil {
		t.Fatal(err)
	}
	if got.User == nil || got.User.ID != "u-1" || got.Findings[0].Cause != CauseWrongPassword || got.Ticket != "#4711" || got.Unrecorded {
		t.Errorf("diagnosed %+v", got)
	}
	if asked := d.directory.asked; asked.UserID != "u-1" || !asked.At.Equal(noon) {
		t.Errorf("asked the directory for %+v", asked)
	}
	want := AuditEntry{At: noon, Act: ActTicketNote, Actor: "U1", Subject: "u-1", Outcome: ActDone, Ticket: "#4711"}
	if audit := d.store.state.audit; len(audit) != 1 || audit[0] != want {
		t.Errorf("recorded %+v, want %+v", audit, want)
	}
}

// The ticket of the diagnosis is the one of the note.
func TestAgainRemembersTheTicket(t *testing.T) {
	d := newDesk()
	first, err := d.Diagnose(t.Context(), agent("k-1", "#4711"), Query{Identifier: "jane@acme.example"})
	if err != nil || first.Ticket != "#4711" {
		t.Errorf("diagnosed under %q, %v", first.Ticket, err)
	}
	got, err := d.Again(t.Context(), agent("k-2", ""), ActShare, "u-1")
	if err != nil || got.Ticket != "#4711" {
		t.Errorf("again under %q, %v", got.Ticket, err)
	}
}

// What an agent once asked by may not be shown to others, not even when the
// user's ID is one of their names.
func TestAgainIsMaskedThroughout(t *testing.T) {
	d := newDesk(tried(hour, WrongPassword), user(func(u *User) { u.ID, u.Username = "jane@acme.example", "jane@acme.example" }))
	got, err := d.Again(t.Context(), agent("k-1", ""), ActShare, "jane@acme.example")
	if err != nil {
		t.Fatal(err)
	}
	got.User.ID = ""
	shown, err := json.Marshal(got)
	if err != nil || strings.Contains(string(shown), "jane@") || strings.Contains(string(shown), "jane.doe") || strings.Contains(string(shown), "000 123") {
		t.Errorf("shown %s, %v", shown, err)
	}
}

func TestAgainRefused(t *testing.T) {
	for name, row := range map[string]struct {
		scene []option
		call  Call
		id    string
		want  Code
	}{
		"Forbidden": {nil, Call{Actor: Actor{ID: "U9"}, Key: "k-1"}, "u-1", Forbidden},
		"NoID":      {nil, agent("k-1", ""), "", Invalid},
		"NotFound":  {[]option{nobody()}, agent("k-1", ""), "u-9", NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(row.scene...)
			got, err := d.Again(t.Context(), row.call, ActShare, row.id)
			wantCode(t, err, row.want)
			if got.User != nil {
				t.Errorf("answered %+v", got)
			}
			for _, entry := range d.store.state.audit {
				if entry.Outcome != ActRefused {
					t.Errorf("recorded %+v", entry)
				}
			}
			if row.want == Forbidden && (d.directory.asked != Query{} || len(d.store.state.audit) != 1) {
				t.Errorf("the directory was asked for %+v, recorded %+v", d.directory.asked, d.store.state.audit)
			}
		})
	}
}

func TestAgainReplayed(t *testing.T) {
	d := newDesk()
	if _, err := d.Again(t.Context(), agent("k-1", ""), ActShare, "u-1"); err != nil {
		t.Fatal(err)
	}
	got, err := d.Again(t.Context(), agent("k-1", ""), ActShare, "u-1")
	wantCode(t, err, Conflict)
	if got.User != nil || len(d.store.state.audit) != 1 {
		t.Errorf("answered %+v, recorded %+v", got, d.store.state.audit)
	}
}

func TestAgainUnavailable(t *testing.T) {
	d := newDesk()
	d.directory.err = context.DeadlineExceeded
	_, err := d.Again(t.Context(), agent("k-1", ""), ActShare, "u-1")
	wantCode(t, err, Unavailable)
	d = newDesk()
	d.store.down = Errorf(Unavailable, "The database doesn't answer.")
	got, err := d.Again(t.Context(), agent("k-1", ""), ActShare, "u-1")
	wantCode(t, err, Unavailable)
	if got.User != nil {
		t.Errorf("what can't be recorded was answered: %+v", got)
	}
}

func TestAgainUnrecorded(t *testing.T) {
	d := newDesk()
	d.store.keyed = false
	got, err := d.Again(t.Context(), agent("", ""), ActTicketNote, "u-1")
	if err != nil || !got.Unrecorded || got.User == nil || len(d.store.state.audit) > 0 {
		t.Errorf("answered %+v, %v; recorded %+v", got, err, d.store.state.audit)
	}
}
