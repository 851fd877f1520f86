package actions

import (
	"context"
	"time"
)

// The bounds of a history.
const (
	// HistoryDays is how many whole days a history has, today among them.
	HistoryDays = 14
	// HistoryAttempts is how many attempts it lists.
	HistoryAttempts = 25
)

// History is what became of a user's attempts to log in over two weeks.
type History struct {
	Person Person    // masked
	At     time.Time // the moment of asking
	Days   []HistoryDay
	// Attempts are the newest of these days, newest first, staff's among them and
	// marked; Total is how many there are.
	Attempts []AttemptFact
	Total    int
	Cut      string // says what was not read
	Zone     string // the name of the zone that the days are whole in
	// Helped are what support began for them in these days, newest first, at most
	// HistoryHelped.
	Helped []HelpFact
}

// HelpFact is what somebody did for a customer, or tried to.
type HelpFact struct {
	Act   Act
	Actor string
	State OperationState
	At    time.Time
}

// HistoryHelped is how much of what support did a history lists.
const HistoryHelped = 10

// HistoryDay counts the attempts of a day; staff's never count (RULES S0.4).
type HistoryDay struct {
	Day    time.Time // its first moment, in the team's zone
	In     int
	Failed int
}

// History shows the attempts of a user over two weeks, which is recorded with
// them as its subject.
//
// Errors: Forbidden for who may not look, NotFound for a user who isn't on
// record, Conflict for a request that was answered before, Unavailable when the
// directory or the database doesn't answer.
func (a *Actions) History(ctx context.Context, call Call, userID string) (History, error) {
	snapshot, _, err := a.lookAgain(ctx, call, ActHistory, userID)
	if err != nil {
		return History{}, err
	}
	zone := a.zone()
	h := historyOf(newSituation(snapshot, a.Rules, a.Directory.Abilities()), zone)
	h.Helped, err = a.helped(ctx, userID, h.Days[0].Day)
	return h, err
}

// helped lists what support began for a customer since a moment.
func (a *Actions) helped(ctx context.Context, userID string, since time.Time) ([]HelpFact, error) {
	begun, err := a.Store.OperationsOf(ctx, userID, since, HistoryHelped)
	if err != nil {
		return nil, err
	}
	facts := make([]HelpFact, len(begun))
	for i, op := range begun {
		facts[i] = HelpFact{Act: op.Act.Recorded(), Actor: op.Actor, State: op.State, At: op.At}
	}
	return facts, nil
}

// historyOf counts the attempts of a situation by day. It is a pure function.
func historyOf(s *situation, zone *time.Location) History {
	h := History{Person: s.mask.person(s.user), At: s.At, Days: lastDays(s.At, zone), Zone: zone.String()}
	byDay := map[date]*HistoryDay{}
	for i := range h.Days {
		byDay[dateOf(h.Days[i].Day)] = &h.Days[i]
	}
	for _, attempt := range s.Attempts {
		day := byDay[dateOf(attempt.At.In(zone))]
		if day == nil || attempt.At.After(s.At) {
			continue
		}
		if h.Total++; len(h.Attempts) < HistoryAttempts {
			h.Attempts = append(h.Attempts, s.attemptFact(attempt))
		}
		day.count(attempt, s)
	}
	if s.Cut && h.Total == len(s.Attempts) { // what wasn't read may lie in these days
		h.Cut = "Only the newest attempts were read, so the earlier days may have had more."
	}
	return h
}

func (d *HistoryDay) count(attempt Attempt, s *situation) {
	switch {
	case FromStaff(s.StaffNetworks, attempt):
	case attempt.Failed():
		d.Failed++
	default:
		d.In++
	}
}

// date is a day of the calendar, in whichever zone it was taken.
type date struct {
	year  int
	month time.Month
	day   int
}

func dateOf(t time.Time) date {
	year, month, day := t.Date()
	return date{year, month, day}
}

// lastDays returns the days up to the one that at lies in, oldest first. Days
// are those of the calendar, however many hours they have.
func lastDays(at time.Time, zone *time.Location) []HistoryDay {
	days := make([]HistoryDay, HistoryDays)
	today := dateOf(at.In(zone))
	for i := range days {
		days[i].Day = startOf(date{today.year, today.month, today.day - (HistoryDays - 1 - i)}, zone)
	}
	return days
}

// startOf returns the first moment of a day, which isn't midnight where the
// clocks are put forward at midnight.
func startOf(d date, zone *time.Location) time.Time {
	return momentOf(d, 0, zone)
}
