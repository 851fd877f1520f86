package actions

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestDiagnoseOK(t *testing.T) {
	d := newDesk(tried(hour, WrongPassword))
	got, err := d.Diagnose(t.Context(), agent("k-1", "#4711"), Query{Identifier: " jane@acme.example\t"})
	if err != nil {
		t.Fatal(err)
	}
	if got.User == nil || got.User.ID != "u-1" || got.Findings[0].Cause != CauseWrongPassword || got.Unrecorded {
		t.Errorf("diagnosed %+v", got)
	}
	if asked := d.directory.asked; asked.Identifier != "jane@acme.example" || !asked.At.Equal(noon) {
		t.Errorf("asked the directory for %+v", asked)
	}
	want := AuditEntry{At: noon, Act: ActDiagnose, Actor: "U1", Subject: "u-1", Outcome: ActDone, Ticket: "#4711"}
	if audit := d.store.state.audit; len(audit) != 1 || audit[0] != want {
		t.Errorf("recorded %+v, want %+v", audit, want)
	}
}

func TestDiagnoseRemembersTheTicket(t *testing.T) {
	for name, row := range map[string]struct {
		later time.Duration
		want  string
	}{
		"JustWithinTheHour": {hour - tick, "#4711"},
		"AnHourLater":       {hour, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			d.diagnose(t, agent("k-1", "#4711"))
			d.now = d.now.Add(row.later)
			d.diagnose(t, agent("k-2", ""))
			if got := d.store.state.audit[1].Ticket; got != row.want {
				t.Errorf("the ticket is %q, want %q", got, row.want)
			}
		})
	}
}

func (d *desk) diagnose(t *testing.T, call Call) {
	t.Helper()
	if _, err := d.Diagnose(t.Context(), call, Query{Identifier: "jane@acme.example"}); err != nil {
		t.Fatal(err)
	}
}

func TestDiagnoseTwoTicketsTwoAgents(t *testing.T) {
	d := newDesk()
	d.diagnose(t, agent("k-1", "#1"))
	d.diagnose(t, agent("k-2", "#2"))
	d.diagnose(t, agent("k-3", ""))
	d.diagnose(t, Call{Actor: Actor{ID: "U2", Roles: RolesOf(RoleLead)}, Key: "k-4"})
	if audit := d.store.state.audit; audit[2].Ticket != "#2" || audit[3].Ticket != "" {
		t.Errorf("recorded %+v", audit)
	}
}

func TestDiagnoseReplayed(t *testing.T) {
	d := newDesk()
	d.diagnose(t, agent("k-1", ""))
	got, err := d.Diagnose(t.Context(), agent("k-1", ""), Query{Identifier: "jane@acme.example"})
	wantCode(t, err, Conflict)
	if got.User != nil || len(d.store.state.audit) != 1 {
		t.Errorf("answered %+v, recorded %+v", got, d.store.state.audit)
	}
}

func TestDiagnoseAtATerminalIsNoReplay(t *testing.T) {
	d := newDesk()
	d.diagnose(t, agent("", ""))
	d.diagnose(t, agent("", ""))
	if n := len(d.store.state.audit); n != 2 {
		t.Errorf("%d rows", n)
	}
}

func TestDiagnoseForbidden(t *testing.T) {
	d := newDesk()
	got, err := d.Diagnose(t.Context(), Call{Actor: Actor{ID: "U9"}, Key: "k-1"}, Query{Identifier: "jane@acme.example"})
	wantCode(t, err, Forbidden)
	want := AuditEntry{At: noon, Act: ActDiagnose, Actor: "U9", Outcome: ActRefused}
	if audit := d.store.state.audit; got.User != nil || len(audit) != 1 || audit[0] != want {
		t.Errorf("answered %+v, recorded %+v", got, audit)
	}
	if d.directory.asked.Identifier != "" {
		t.Error("the directory was asked")
	}
}

func TestDiagnoseInvalid(t *testing.T) {
	for name, query := range map[string]Query{
		"Empty":         {Identifier: ""},
		"Blank":         {Identifier: " \t\n"},
		"TooLong":       {Identifier: strings.Repeat("x", IdentifierLimit+1)},
		"NUL":           {Identifier: "jane\x00"},
		"NotUTF8":       {Identifier: "jane\xff"},
		"NULInAUserID":  {UserID: "u\x001"},
		"TooLongUserID": {UserID: strings.Repeat("x", IdentifierLimit+1)},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			_, err := d.Diagnose(t.Context(), agent("k-1", ""), query)
			wantCode(t, err, Invalid)
			if len(d.store.state.audit) > 0 {
				t.Errorf("recorded %+v", d.store.state.audit)
			}
		})
	}
	if _, err := newDesk().Diagnose(t.Context(), agent("", ""), Query{Identifier: strings.Repeat("x", IdentifierLimit)}); err != nil {
		t.Errorf("the longest identifier: %v", err)
	}
}

func TestDiagnoseUnrecorded(t *testing.T) {
	d := newDesk()
	d.store.keyed = false
	got, err := d.Diagnose(t.Context(), agent("", ""), Query{Identifier: "jane@acme.example"})
	if err != nil || !got.Unrecorded || got.User == nil || len(d.store.state.audit) > 0 {
		t.Errorf("answered %+v, %v; recorded %+v", got, err, d.store.state.audit)
	}
}

// What can't be recorded isn't answered.
func TestDiagnoseUnavailable(t *testing.T) {
	d := newDesk()
	d.store.down = Errorf(Unavailable, "The database doesn't answer.")
	got, err := d.Diagnose(t.Context(), agent("k-1", ""), Query{Identifier: "jane@acme.example"})
	wantCode(t, err, Unavailable)
	if got.User != nil || len(got.Findings) > 0 {
		t.Errorf("answered %+v", got)
	}
	d = newDesk()
	d.directory.err = context.DeadlineExceeded
	_, err = d.Diagnose(t.Context(), agent("k-1", ""), Query{Identifier: "jane@acme.example"})
	wantCode(t, err, Unavailable)
}

func TestDiagnoseChosenUser(t *testing.T) {
	d := newDesk()
	got, err := d.Diagnose(t.Context(), agent("", ""), Query{Identifier: "jane@acme.example", UserID: "u-1"})
	if err != nil || got.Identifier != "u-1" || d.directory.asked.UserID != "u-1" {
		t.Errorf("answered %+v, %v; asked %+v", got, err, d.directory.asked)
	}
	if got.User.Email != "j•••@a•••.example" {
		t.Errorf("the e-mail is shown as %q", got.User.Email)
	}
}

// Without one user found, the row says what was asked.
func TestDiagnoseNobody(t *testing.T) {
	d := newDesk(nobody())
	if _, err := d.Diagnose(t.Context(), agent("", ""), Query{Identifier: "jane.dow"}); err != nil {
		t.Fatal(err)
	}
	if e := d.store.state.audit[0]; e.Subject != "" || e.Detail != "asked for jane.dow" {
		t.Errorf("recorded %+v", e)
	}
}

func TestDiagnoseInThePast(t *testing.T) {
	d := newDesk(tried(hour, WrongPassword))
	past := noon.Add(-2*hour + 300*time.Nanosecond)
	got, err := d.Diagnose(t.Context(), agent("", ""), Query{Identifier: "jane@acme.example", At: past})
	if err != nil || !got.At.Equal(noon.Add(-2*hour)) || got.Findings[0].Cause != CauseNoAttemptsSeen {
		t.Errorf("answered %v at %s, %v", causesOf(got), got.At, err)
	}
	if e := d.store.state.audit[0]; !e.At.Equal(noon) {
		t.Errorf("the look was recorded at %s", e.At)
	}
}
