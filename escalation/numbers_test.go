package escalation

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// TestRanOut: when a clock ran out, each time that it ran.
func TestRanOut(t *testing.T) {
	zero := time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return zero.Add(time.Duration(minutes) * time.Minute) }
	event := func(kind EventKind, clock string, level Reminder, minutes int) Event {
		return Event{Kind: kind, Clock: clock, Level: level, At: at(minutes)}
	}
	runs := func(ends int) Clock { return Clock{Limit: time.Hour, Since: zero, EndsAt: at(ends)} }
	stood := func(used int) Clock { return Clock{Limit: time.Hour, Used: time.Duration(used) * time.Minute} }
	for _, step := range []struct {
		name   string
		c      Case
		events []Event
		clock  string
		want   string // minutes
	}{
		{"Runs", Case{State: Open, First: runs(60)}, nil, FirstClock, "[60]"},
		{"RunsStill", Case{State: Open, First: runs(601)}, nil, FirstClock, "[]"},
		{"NoLevel", Case{State: Claimed, ClaimedAt: at(5)}, nil, FirstClock, "[]"},
		{"RemindedLater", Case{State: Open, First: runs(60)}, []Event{event(EventReminded, FirstClock, AtTheEnd, 75)}, FirstClock, "[60]"},
		{"OnlyHalf", Case{State: Claimed, First: stood(59), ClaimedAt: at(59)}, []Event{event(EventReminded, FirstClock, HalfTime, 30)}, FirstClock, "[]"},
		{"ClaimedLate", Case{State: Claimed, First: stood(90), ClaimedAt: at(90)}, []Event{
			event(EventReminded, FirstClock, AtTheEnd, 60), event(EventReminded, FirstClock, ToTheGroup, 75),
		}, FirstClock, "[60]"},
		{"ClaimedBeforeTheReminder", Case{State: Claimed, First: stood(60), ClaimedAt: at(60)}, nil, FirstClock, "[60]"},
		{"ResolvedUnclaimed", Case{State: Resolved, First: stood(61), ResolvedAt: at(61)}, nil, FirstClock, "[61]"},
		{"OtherClock", Case{State: Claimed, First: stood(90), Resolution: runs(600), ClaimedAt: at(90)}, []Event{
			event(EventReminded, FirstClock, AtTheEnd, 60),
		}, ResolutionClock, "[600]"},
		{"HandedBack", Case{State: Open, First: runs(300), Resolution: runs(900)}, []Event{
			event(EventReminded, FirstClock, AtTheEnd, 60), event(EventHandedBack, "", 0, 200), event(EventReminded, FirstClock, AtTheEnd, 301),
		}, FirstClock, "[60 300]"},
		{"HandedBackGoesOn", Case{State: Open, First: runs(300), Resolution: runs(90)}, []Event{
			event(EventReminded, ResolutionClock, AtTheEnd, 91), event(EventHandedBack, "", 0, 200),
		}, ResolutionClock, "[90]"},
		{"Reopened", Case{State: Resolved, Resolution: stood(30), ResolvedAt: at(400)}, []Event{
			event(EventReminded, ResolutionClock, ToTheGroup, 120), event(EventReopened, "", 0, 300),
		}, ResolutionClock, "[120]"},
		{"ResolvedLate", Case{State: Resolved, Resolution: stood(60), ResolvedAt: at(400), ChangedAt: at(500)}, nil, ResolutionClock, "[400]"},
		{"Waits", Case{State: WaitingCustomer, Resolution: stood(60), ChangedAt: at(60)}, nil, ResolutionClock, "[60]"},
		{"WaitedAndRuns", Case{State: Claimed, Resolution: runs(200)}, []Event{event(EventReminded, ResolutionClock, AtTheEnd, 61)}, ResolutionClock, "[61]"},
	} {
		t.Run(step.name, func(t *testing.T) {
			minutes := []int{}
			for _, moment := range (Timed{Case: step.c, Events: step.events}).ranOut(step.clock, at(600)) {
				minutes = append(minutes, int(moment.Sub(zero).Minutes()))
			}
			if fmt.Sprint(minutes) != step.want {
				t.Errorf("it ran out after %v minutes, want %s", minutes, step.want)
			}
		})
	}
}

// TestNumbers: cases of a day, and those that are open; and L2's queue.
func TestNumbers(t *testing.T) {
	now := time.Date(2026, 3, 10, 18, 0, 0, 0, time.UTC)
	from, until := now.Add(-18*time.Hour), now.Add(6*time.Hour)
	ago := func(hours int) time.Time { return now.Add(-time.Duration(hours) * time.Hour) }
	store := newFakeStore()
	for _, c := range []Case{
		{ID: "late", State: Open, At: ago(5), First: Clock{Limit: time.Hour, Since: ago(5), EndsAt: ago(4)}},
		{ID: "fresh", State: Open, At: ago(1), First: Clock{Limit: 2 * time.Hour, Since: ago(1), EndsAt: ago(-1)}},
		{ID: "old", State: Claimed, At: ago(50), ClaimedAt: ago(49), Resolution: Clock{Limit: 8 * time.Hour, Since: ago(50), EndsAt: ago(30)}},
		{ID: "done", State: Resolved, At: ago(40), ResolvedAt: ago(2), Resolution: Clock{Limit: 8 * time.Hour, Used: 9 * time.Hour}},
		{ID: "before", State: Resolved, At: ago(90), ResolvedAt: ago(19)},
	} {
		store.state.cases[c.ID] = c
	}
	d := &Desk{Actions: &actions.Actions{Now: func() time.Time { return now }}, Store: store}
	got, err := d.Numbers(t.Context(), from, until)
	want := Numbers{Opened: 2, Resolved: 1, MissedFirst: 1, MissedResolution: 1, Open: 3, Unclaimed: 2, Overdue: 2}
	if got != want || err != nil {
		t.Errorf("the numbers are %+v, want %+v; error: %v", got, want, err)
	}
	part, err := d.Queue(t.Context(), 2)
	if len(part.Cases) != 2 || part.Cases[0].ID != "old" || part.Cases[1].ID != "late" || part.More != 1 || err != nil {
		t.Errorf("the queue is %+v; error: %v", part, err)
	}
	store.down = actions.Errorf(actions.Unavailable, "away")
	if _, err := d.Numbers(t.Context(), from, until); actions.CodeOf(err) != actions.Unavailable {
		t.Errorf("while the database is away: %v", err)
	}
}
