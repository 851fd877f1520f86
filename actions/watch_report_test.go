package actions

import (
	"strings"
	"testing"
)

func TestWatchReport(t *testing.T) {
	d := newDesk()
	w := d.watch(t, "k-1").Watch
	d.happens(tried(-minute, Success))
	d.check(t, minute)
	got, err := d.WatchReport(t.Context(), w.ID)
	if err != nil || got.Watch.State != WatchIn || got.Person.Email != "j•••@a•••.example" || got.Already {
		t.Errorf("reports %+v, %v", got, err)
	}
	_, err = d.WatchReport(t.Context(), "another")
	wantCode(t, err, NotFound)
}

// TestWatchReportGone reports on a customer who was deleted meanwhile.
func TestWatchReportGone(t *testing.T) {
	d := newDesk()
	w := d.watch(t, "k-1").Watch
	d.happens(nobody())
	got, err := d.WatchReport(t.Context(), w.ID)
	if want := (Person{ID: "u-1"}); err != nil || got.Person != want || got.Watch != w {
		t.Errorf("reports %+v, %v", got, err)
	}
}

func TestOpenWatches(t *testing.T) {
	d := newDesk()
	first := d.watch(t, "k-1").Watch
	d.now = d.now.Add(minute)
	d.happens(user(func(u *User) { u.ID = "u-2" }))
	second := d.watch(t, "k-2").Watch
	got, err := d.OpenWatches(t.Context(), "U1")
	if err != nil || len(got) != 2 || got[0].Watch != second || got[1].Watch != first {
		t.Fatalf("%+v, %v", got, err)
	}
	if got[0].Person.Name != "Jane Doe" || got[1].Person.Name != "" || got[1].Person.ID != "u-1" {
		t.Errorf("of %+v and %+v; want u-2, who is there, and u-1, who is gone", got[0].Person, got[1].Person)
	}
	if got, err := d.OpenWatches(t.Context(), "U2"); err != nil || len(got) != 0 {
		t.Errorf("another's: %+v, %v", got, err)
	}
}

// judged is a desk with a watch that ended with a success.
func judged(t *testing.T) (*desk, Watch) {
	t.Helper()
	d := newDesk(tried(hour, WrongPassword))
	w := d.watch(t, "k-1").Watch
	d.happens(tried(-minute, Success))
	d.check(t, minute)
	return d, d.store.state.watches[w.ID]
}

func TestJudgeDiagnosis(t *testing.T) {
	d, want := judged(t)
	for key, j := range map[string]Judgement{"k-2": JudgedRight, "k-3": JudgedWrong} { // in any order: it may be changed
		d.now = d.now.Add(minute)
		got, err := d.JudgeDiagnosis(t.Context(), agent(key, ""), want.ID, j)
		if err != nil {
			t.Fatal(err)
		}
		want.Judgement, want.JudgedAt = j, d.now
		if kept := d.store.state.watches[want.ID]; got.Watch != want || kept != want || got.Person.ID != "u-1" {
			t.Errorf("answered %+v, kept %+v", got, kept)
		}
		last := d.store.state.audit[len(d.store.state.audit)-1]
		entry := AuditEntry{
			At: d.now, Act: ActJudge, Actor: "U1", Subject: "u-1", Outcome: ActDone,
			Detail: "the diagnosis wrong_password (proven) was " + string(j),
		}
		if last != entry {
			t.Errorf("recorded %+v", last)
		}
	}
}

func TestJudgeDiagnosisRefused(t *testing.T) {
	colleague := Call{Actor: Actor{ID: "U2", Roles: RolesOf(RoleAdmin)}, Key: "k-9"}
	for name, row := range map[string]struct {
		call      Call
		watch     string // "": the one there is
		judgement Judgement
		want      Code
	}{
		"SomebodyElses": {colleague, "", JudgedRight, Forbidden},
		"NoRole":        {Call{Actor: Actor{ID: "U1"}, Key: "k-9"}, "", JudgedRight, Forbidden},
		"NoSuchWatch":   {agent("k-9", ""), "another", JudgedRight, NotFound},
		"NoJudgement":   {agent("k-9", ""), "", "perhaps", Invalid},
		"Withdrawn":     {agent("k-9", ""), "", "", Invalid},
		"Replayed":      {agent("k-1", ""), "", JudgedRight, Conflict},
	} {
		t.Run(name, func(t *testing.T) {
			d, w := judged(t)
			if row.watch == "" {
				row.watch = w.ID
			}
			_, err := d.JudgeDiagnosis(t.Context(), row.call, row.watch, row.judgement)
			wantCode(t, err, row.want)
			if kept := d.store.state.watches[w.ID]; kept != w {
				t.Errorf("kept %+v", kept)
			}
		})
	}
}

// TestJudgeDiagnosisForgotten: the watch goes while its answer is on the way.
func TestJudgeDiagnosisForgotten(t *testing.T) {
	d, w := judged(t)
	before := len(d.store.state.audit)
	d.directory.meanwhile = func() { delete(d.store.state.watches, w.ID) }
	_, err := d.JudgeDiagnosis(t.Context(), agent("k-2", ""), w.ID, JudgedRight)
	wantCode(t, err, NotFound)
	if n := len(d.store.state.audit); n != before {
		t.Errorf("%d rows of the audit more", n-before)
	}
}

// TestJudgeDiagnosisTooEarly: nobody knows as long as the customer hasn't tried.
func TestJudgeDiagnosisTooEarly(t *testing.T) {
	d := newDesk()
	w := d.watch(t, "k-1").Watch
	_, running := d.JudgeDiagnosis(t.Context(), agent("k-2", ""), w.ID, JudgedRight)
	wantCode(t, running, Conflict)
	d.check(t, hour)
	_, over := d.JudgeDiagnosis(t.Context(), agent("k-3", ""), w.ID, JudgedRight)
	wantCode(t, over, Conflict)
	if !strings.Contains(over.Error(), "in time") || d.store.state.watches[w.ID].Judgement != "" {
		t.Errorf("%v, then %v", running, over)
	}
}
