package actions

import (
	"testing"
	"time"
)

// zoned is a place whose clocks are put forward and back.
func zoned(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// look asks for jane's history.
func (d *desk) look(t *testing.T) History {
	t.Helper()
	h, err := d.History(t.Context(), agent("", ""), "u-1")
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestHistoryOK(t *testing.T) {
	d := newDesk(
		tried(hour, WrongPassword), tried(2*hour, Success), tried(3*hour, WrongPassword, from(staff)), tried(25*hour, CodeExpired, overVPN),
		tried(13*aDay, Success), tried(14*aDay, WrongPassword), // the last is a day too old
	)
	got, err := d.History(t.Context(), agent("k-1", "#4711"), "u-1")
	if err != nil {
		t.Fatal(err)
	}
	if got.Person.ID != "u-1" || got.Person.Email != "j•••@a•••.example" || !got.At.Equal(noon) || got.Zone != "UTC" || got.Cut != "" {
		t.Errorf("the history is %+v", got)
	}
	if n := len(got.Days); n != 14 || !got.Days[0].Day.Equal(time.Date(2026, 2, 25, 0, 0, 0, 0, time.UTC)) {
		t.Fatalf("%d days from %s", n, got.Days[0].Day)
	}
	wantDay(t, got.Days[13], 1, 1) // staff's doesn't count
	wantDay(t, got.Days[12], 0, 1)
	wantDay(t, got.Days[11], 0, 0)
	wantDay(t, got.Days[0], 1, 0)
	if got.Total != 5 || len(got.Attempts) != 5 || !got.Attempts[2].Staff || !got.Attempts[3].VPN || got.Attempts[0].Typed != "j•••" {
		t.Errorf("%d attempts: %+v", got.Total, got.Attempts)
	}
	want := AuditEntry{At: noon, Act: ActHistory, Actor: "U1", Subject: "u-1", Outcome: ActDone, Ticket: "#4711"}
	if audit := d.store.state.audit; len(audit) != 1 || audit[0] != want {
		t.Errorf("recorded %+v, want %+v", audit, want)
	}
}

// TestHistoryListsWhatSupportDid of these days, as the audit calls it.
func TestHistoryListsWhatSupportDid(t *testing.T) {
	d := newDesk(tried(hour, WrongPassword))
	d.store.begun = []Operation{
		{Subject: "u-1", Act: ActUnlockManual, Actor: "U2", State: OperationDone, At: noon.Add(-hour)},
		{Subject: "u-2", Act: ActUnlock, Actor: "U3", State: OperationDone, At: noon.Add(-hour)},
		{Subject: "u-1", Act: ActUnlock, Actor: "U3", State: OperationDone, At: noon.Add(-15 * aDay)},
	}
	want := HelpFact{Act: ActUnlock, Actor: "U2", State: OperationDone, At: noon.Add(-hour)}
	if got := d.look(t).Helped; len(got) != 1 || got[0] != want {
		t.Errorf("support did %+v, want %+v", got, want)
	}
}

func wantDay(t *testing.T, day HistoryDay, in, failed int) {
	t.Helper()
	if day.In != in || day.Failed != failed {
		t.Errorf("%s: %d in and %d failed, want %d and %d", day.Day.Format(time.DateOnly), day.In, day.Failed, in, failed)
	}
}

func TestHistoryRefused(t *testing.T) {
	d := newDesk()
	_, err := d.History(t.Context(), Call{Actor: Actor{ID: "U9"}, Key: "k-1"}, "u-1")
	wantCode(t, err, Forbidden)
	d = newDesk(nobody())
	_, err = d.History(t.Context(), agent("k-1", ""), "u-9")
	wantCode(t, err, NotFound)
	if len(d.store.state.audit) > 0 {
		t.Errorf("recorded %+v", d.store.state.audit)
	}
}

// A day is whole in the team's zone, also the one of 23 or 25 hours in which the
// clocks are changed, and what happened at its edges counts for it.
func TestHistoryAcrossClockChanges(t *testing.T) {
	berlin := zoned(t, "Europe/Berlin")
	for name, row := range map[string]struct {
		changed time.Time // a moment of the day in which the clocks are changed
		hours   float64
	}{
		"SpringForward": {time.Date(2026, 3, 29, 12, 0, 0, 0, berlin), 23},
		"FallBack":      {time.Date(2026, 10, 25, 12, 0, 0, 0, berlin), 25},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Date(row.changed.Year(), row.changed.Month(), row.changed.Day(), 0, 0, 0, 0, berlin)
			end := start.AddDate(0, 0, 1)
			now := start.AddDate(0, 0, 3).Add(9 * hour)
			at := func(moment time.Time) option { return tried(now.Sub(moment), WrongPassword) }
			d := newDesk(asOf(now), at(start.Add(-tick)), at(start), at(start.Add(150*minute)), at(end.Add(-tick)), at(end))
			d.now, d.Zone = now, berlin
			h := d.look(t)
			if h.Zone != "Europe/Berlin" || !h.Days[10].Day.Equal(start) || !h.Days[11].Day.Equal(end) {
				t.Fatalf("the days are %+v", h.Days)
			}
			if got := h.Days[11].Day.Sub(h.Days[10].Day).Hours(); got != row.hours {
				t.Errorf("the day has %v hours, want %v", got, row.hours)
			}
			wantDay(t, h.Days[9], 0, 1)
			wantDay(t, h.Days[10], 0, 3)
			wantDay(t, h.Days[11], 0, 1)
			for i := range h.Days {
				if date := dateOf(h.Days[i].Day); date != dateOf(start.AddDate(0, 0, i-10)) {
					t.Errorf("day %d is %v", i, date)
				}
			}
		})
	}
}

// Where the clocks are put forward at midnight, the day begins at one.
func TestHistoryWithoutMidnight(t *testing.T) {
	days := lastDays(time.Date(2018, 11, 4, 12, 0, 0, 0, time.UTC), zoned(t, "America/Sao_Paulo"))
	want := time.Date(2018, 11, 4, 3, 0, 0, 0, time.UTC)
	if today := days[13].Day; !today.Equal(want) || dateOf(today) != (date{2018, 11, 4}) {
		t.Errorf("the day begins at %s, want %s", today, want)
	}
}

// It is another day in the team's zone than in UTC.
func TestHistoryOfTheTeamsDay(t *testing.T) {
	d := newDesk(tried(hour, Success))
	d.Zone = zoned(t, "Pacific/Auckland") // 01:00 of the next day
	h := d.look(t)
	if today := dateOf(h.Days[13].Day); today != (date{2026, 3, 11}) {
		t.Errorf("today is %v", today)
	}
	wantDay(t, h.Days[13], 1, 0)
}

func TestHistoryIsBounded(t *testing.T) {
	many := times(40, 40*minute, minute, func(ago time.Duration) option { return tried(ago, WrongPassword) })
	d := newDesk(many, func(s *scene) { s.Cut = true })
	h := d.look(t)
	if len(h.Attempts) != HistoryAttempts || h.Total != 40 || h.Cut == "" {
		t.Errorf("%d of %d attempts, cut %q", len(h.Attempts), h.Total, h.Cut)
	}
	if !h.Attempts[0].At.Equal(noon.Add(-minute)) {
		t.Errorf("the newest is at %s", h.Attempts[0].At)
	}
	// what wasn't read is older than these days
	d = newDesk(many, tried(20*aDay, WrongPassword), func(s *scene) { s.Cut = true })
	if h := d.look(t); h.Cut != "" {
		t.Errorf("cut %q", h.Cut)
	}
}
