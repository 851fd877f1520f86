package actions

import (
	"strings"
	"time"
	"unicode/utf8"
)

// The bounds of what is asked for.
const (
	daysMost     = 30
	lockoutsText = 200 // characters of a spec
)

// momentOf returns the first moment at which the clock on the wall shows a time of a
// day, or a later one: where daylight saving skips it, the first moment after the gap;
// where it comes twice, the first time. It is a pure function.
func momentOf(d date, of time.Duration, zone *time.Location) time.Time {
	const ahead = 30 * time.Hour // of the clock on the wall: no zone is so far from UTC
	wall := time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC).Add(of)
	from := wall.Add(-ahead).In(zone)
	for {
		_, offset := from.Zone()
		_, until := from.ZoneBounds()
		moment := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if moment.Before(from) {
			moment = from // the clock was put forward over it
		}
		if until.IsZero() || moment.Before(until) {
			return moment
		}
		from = until.In(zone)
	}
}

// String is the day as people and buttons write it, such as "2026-03-10".
func (d date) String() string {
	return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// plus is the day some days later.
func (d date) plus(days int) date {
	return dateOf(time.Date(d.year, d.month, d.day+days, 0, 0, 0, 0, time.UTC))
}

// readDays checks days that somebody asks for and returns the first. Errors: Invalid.
func readDays(asked Days) (first date, err error) {
	day, err := time.Parse(time.DateOnly, asked.First)
	if err != nil || asked.N < 1 || asked.N > daysMost || day.Year() < 1970 || day.Year() > 9000 {
		return date{}, Errorf(Invalid, "There are no such days. Please ask for today, yesterday, 7d or 30d.")
	}
	return dateOf(day), nil
}

// spanOf is from the midnight in which a day begins to that in which the last of n
// ends, on the clock on the wall: a day has 23, 24 or 25 hours.
func spanOf(first date, n int, zone *time.Location) Span {
	return Span{From: Instant(startOf(first, zone)), Until: Instant(startOf(first.plus(n), zone))}
}

// daysBefore returns the days that n days from first on are compared with: each of
// usual, and those a week before. Of one day those are the same weekday of the four weeks
// before, of up to a week the four times before, and of more the time before.
func daysBefore(first date, n int) (usual []date, week date) {
	step, times := n, 4
	switch {
	case n == 1:
		step = 7
	case n > 7:
		times = 1
	}
	for i := range times {
		usual = append(usual, first.plus(-(i+1)*step))
	}
	return usual, first.plus(-max(n, 7))
}

// readLockouts reads what was typed behind /lockouts: which days, and what names an
// account, "" for all. Errors: Invalid.
func readLockouts(spec string, today date) (asked Days, account string, err error) {
	if utf8.RuneCountInString(spec) > lockoutsText || strings.ContainsRune(spec, 0) || !utf8.ValidString(spec) {
		return Days{}, "", Errorf(Invalid, "That can't be read. Please ask for today, yesterday, 7d or 30d, and for one account by its ID, Gateway ID, name or @domain behind it.")
	}
	spec = strings.TrimSpace(spec)
	word, rest, _ := strings.Cut(spec, " ")
	first, n := today, 1
	switch strings.ToLower(word) {
	case "today":
	case "yesterday":
		first = today.plus(-1)
	case "7d":
		first, n = today.plus(-6), 7
	case "30d":
		first, n = today.plus(-29), 30
	default:
		rest = spec
	}
	return Days{First: first.String(), N: n}, strings.TrimSpace(rest), nil
}
