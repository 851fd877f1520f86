package escalation

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Hours are when the team works. The zero value is all the time, in UTC.
type Hours struct {
	Zone *time.Location // nil: UTC
	// Days are the weekdays, by time.Weekday; none: all of them.
	Days [7]bool
	// From and To are minutes after midnight, From before To; both 0: the whole day.
	From, To int
	// Holidays are days without work, as "2006-01-02" in the zone.
	Holidays map[string]bool
}

// wholeDay is a day in minutes.
const wholeDay = 24 * 60

// shiftDays is how many days are looked at for working time: whatever is further
// away than ten years is as good as never.
const shiftDays = 3653

// After returns the moment when d of working time has passed since from: from itself
// for none. What would take more than ten years is over after ten.
func (h Hours) After(from time.Time, d time.Duration) time.Time {
	if d <= 0 {
		return from
	}
	if h.always() {
		return from.Add(d)
	}
	for start, end := range h.shifts(from) {
		if length := end.Sub(start); d > length {
			d -= length
			continue
		}
		return start.Add(d).UTC()
	}
	return from.AddDate(0, 0, shiftDays).UTC()
}

// Between returns how much working time lies between two moments; 0 when to isn't
// after from. Of more than ten years it counts the first ten.
func (h Hours) Between(from, to time.Time) time.Duration {
	if !to.After(from) {
		return 0
	}
	if h.always() {
		return to.Sub(from)
	}
	var sum time.Duration
	for start, end := range h.shifts(from) {
		if !start.Before(to) {
			break
		}
		if end.After(to) {
			end = to
		}
		sum += end.Sub(start)
	}
	return sum
}

// always reports whether no time is without work.
func (h Hours) always() bool {
	_, to := h.span()
	return h.From == 0 && to == wholeDay && len(h.Holidays) == 0 && (h.Days == [7]bool{} || !slices.Contains(h.Days[:], false))
}

// span is when work begins and ends on a day, in minutes of the clock on the wall.
func (h Hours) span() (from, to int) {
	if h.From == 0 && h.To == 0 {
		return 0, wholeDay
	}
	return h.From, h.To
}

// shifts yields the stretches of working time from a moment on, in their order, of
// shiftDays days. They are as long as they really take: a change to or from
// daylight-saving time within one makes it longer or shorter.
func (h Hours) shifts(from time.Time) iter.Seq2[time.Time, time.Time] {
	return func(yield func(start, end time.Time) bool) {
		begin, finish := h.span()
		year, month, date := from.In(h.zone()).Date()
		// From the day before on: where clocks go back over midnight, a day begins
		// before the one before it has ended.
		for i := range shiftDays {
			day := time.Date(year, month, date-1+i, 0, 0, 0, 0, time.UTC)
			if !h.works(day) {
				continue
			}
			start, end := h.moment(day, begin), h.moment(day, finish)
			if start.Before(from) {
				start = from
			}
			if start.Before(end) && !yield(start, end) {
				return
			}
		}
	}
}

func (h Hours) zone() *time.Location {
	if h.Zone == nil {
		return time.UTC
	}
	return h.Zone
}

// works reports whether a day has working time.
func (h Hours) works(day time.Time) bool {
	if h.Days != [7]bool{} && !h.Days[day.Weekday()] {
		return false
	}
	return len(h.Holidays) == 0 || !h.Holidays[day.Format(time.DateOnly)]
}

// moment returns when the clock on the wall shows so many minutes after midnight of a
// day. When it never does, since clocks go forward over it, that is when they do; when
// it does twice, it is one of both.
func (h Hours) moment(day time.Time, minutes int) time.Time {
	t := time.Date(day.Year(), day.Month(), day.Day(), 0, minutes, 0, 0, h.zone())
	shown := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, time.UTC)
	start, end := t.ZoneBounds()
	switch wanted := day.Add(time.Duration(minutes) * time.Minute); {
	case shown.After(wanted) && !start.IsZero():
		return start
	case shown.Before(wanted) && !end.IsZero():
		return end
	}
	return t
}

// holidaysMost is how many holidays a company can name.
const holidaysMost = 1000

var (
	errHours    = errors.New("must look like mon-fri 08:00-18:00 or mon-thu,sat 09:00-17:00, or be always")
	errTimes    = errors.New("must give times of one day that end later than they begin, such as 08:00-18:00 or 00:00-24:00")
	errHolidays = errors.New("must hold days such as 2026-12-25, by comma")
)

// ParseHours reads working hours such as "mon-fri 08:00-18:00" or "mon-thu,sat
// 00:00-24:00" or "always", and holidays such as "2026-12-25,2027-01-01". Its error
// is a sentence that says what can't be read, without its beginning, which is the
// name of what was read.
func ParseHours(hours, holidays string, zone *time.Location) (Hours, error) {
	h := Hours{Zone: zone}
	var err error
	if h.Holidays, err = parseHolidays(holidays); err != nil {
		return Hours{}, err
	}
	words := strings.Fields(strings.ToLower(hours))
	if len(words) == 1 && words[0] == "always" {
		return h, nil
	}
	if len(words) < 2 {
		return Hours{}, errHours
	}
	if h.Days, err = parseDays(strings.Join(words[:len(words)-1], "")); err != nil {
		return Hours{}, err
	}
	if h.From, h.To, err = parseTimes(words[len(words)-1]); err != nil {
		return Hours{}, err
	}
	return h, nil
}

// parseDays reads days by comma, such as "mon-thu,sat". A range may go over the end
// of the week.
func parseDays(text string) (days [7]bool, err error) {
	for part := range strings.SplitSeq(text, ",") {
		first, last, several := strings.Cut(part, "-")
		if !several {
			last = first
		}
		from, to := slices.Index(weekdays, first), slices.Index(weekdays, last)
		if from < 0 || to < 0 {
			return days, fmt.Errorf("names a day that there isn't: %.20q; days are mon, tue, wed, thu, fri, sat, sun, and ranges such as mon-fri", part)
		}
		for day := from; ; day = (day + 1) % len(weekdays) {
			days[day] = true
			if day == to {
				break
			}
		}
	}
	return days, nil
}

// weekdays are their names by time.Weekday.
var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// parseTimes reads from when until when work is, such as "08:00-18:00".
func parseTimes(text string) (from, to int, err error) {
	first, last, _ := strings.Cut(text, "-")
	from, begins := parseMinutes(first)
	to, ends := parseMinutes(last)
	if !begins || !ends || from >= to {
		return 0, 0, errTimes
	}
	return from, to, nil
}

// parseMinutes reads a time of day, as minutes after midnight; 24:00 is its end.
func parseMinutes(text string) (minutes int, ok bool) {
	hour, minute, _ := strings.Cut(text, ":")
	h, err := strconv.ParseUint(hour, 10, 8)
	m, bad := strconv.ParseUint(minute, 10, 8)
	minutes = int(h)*60 + int(m)
	return minutes, err == nil && bad == nil && len(hour) <= 2 && len(minute) == 2 && m < 60 && minutes <= wholeDay
}

// parseHolidays reads days by comma; nil for none.
func parseHolidays(text string) (map[string]bool, error) {
	var days map[string]bool
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, part); err != nil {
			return nil, errHolidays
		}
		if len(days) == holidaysMost {
			return nil, fmt.Errorf("must hold at most %d days", holidaysMost)
		}
		if days == nil {
			days = map[string]bool{}
		}
		days[part] = true
	}
	return days, nil
}
