package blocks

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// causeNames say why somebody was locked out in the 20 characters that a chart has for
// it. A test holds that each fits.
var causeNames = map[actions.Cause]string{
	actions.CauseAccountTakenOver:   "Taken over",
	actions.CauseUnderAttack:        "Under attack",
	actions.CauseStaleSavedPassword: "Old saved password",
	actions.CauseCredentialShared:   "Login was shared",
	actions.CauseLockedAttempts:     "Too many tries",
	actions.CauseLockedInactivity:   "Not used for long",
	actions.CauseLockedManually:     "Locked by a person",
	actions.CauseUserDisabled:       "User disabled",
	actions.CauseUserExpired:        "User expired",
	actions.CausePaymentHold:        "Payment on hold",
	actions.CauseIPBlocked:          "Network blocked",
	actions.CausePasswordExpired:    "Password expired",
	actions.CauseWrongLoginMethod:   "Wrong login method",
	actions.CauseMFAFailed:          "Second factor failed",
	actions.CauseCodeWrong:          "Code wrong",
	actions.CauseCodeExpired:        "Code expired",
	actions.CauseCodeSuperseded:     "Not the newest code",
	actions.CauseNotPublished:       "Not published",
	actions.CauseUnknownUsername:    "Unknown user name",
	actions.CauseWrongPassword:      "Wrong password",
}

// causeName is a cause where nothing may be escaped.
func causeName(c actions.Cause) string {
	return orElse(causeNames[c], orElse(capital(plainWords(c)), "Not known"))
}

// customers counts them.
func customers(n int) string { return count(n, "customer", "customers") }

// some counts what there is; "" for nothing.
func some(n int, one, many string) string {
	if n == 0 {
		return ""
	}
	return count(n, one, many)
}

// were is the verb behind so many.
func were(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// lasting says how long something lasted: "24 minutes", "6 h 12 min", "3 days 4 h".
func lasting(d time.Duration) string {
	switch minutes := int(d.Minutes()); {
	case d < time.Minute:
		return count(max(int(d.Seconds()), 0), "second", "seconds")
	case minutes < 60:
		return count(minutes, "minute", "minutes")
	case minutes < 48*60:
		return withRest(strconv.Itoa(minutes/60)+" h", minutes%60, "min")
	default:
		return withRest(dayCount(minutes/60/24), minutes/60%24, "h")
	}
}

// withRest adds what is left over of a time in the smaller unit.
func withRest(text string, rest int, unit string) string {
	if rest == 0 {
		return text
	}
	return text + " " + strconv.Itoa(rest) + " " + unit
}

// until says until when something holds, and how long that still is: "until 14:30, 2 h
// left". What holds beyond today, in the team's zone, is said with its day.
func until(end, now time.Time, zone *time.Location) string {
	if end.IsZero() {
		return ""
	}
	text := "until " + when(end)
	if sameDay(end, now, zone) {
		text = "until " + clock(end)
	}
	switch left := end.Sub(now); {
	case now.IsZero():
		return text
	case left <= 0:
		return text + ", over now"
	case left < 2*time.Hour:
		return text + ", " + lasting(max(left.Round(time.Minute), time.Minute)) + " left"
	case left < 48*time.Hour:
		return text + ", " + lasting(left.Round(time.Hour)) + " left"
	default:
		return text + ", " + roughly(left) + " left"
	}
}

func sameDay(a, b time.Time, zone *time.Location) bool {
	a, b = a.In(orUTC(zone)), b.In(orUTC(zone))
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

func orUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}

// span are the days of a report, as they are said.
type span struct {
	first, last time.Time // midnights in UTC: only their dates count
	days        int
	today       bool // the last day isn't over
	over        int  // how many weeks the usual is the mean of
}

// spanOf reads the days of a report. Days that can't be read are those of its bounds.
func spanOf(r actions.LockoutReport) span {
	s := span{days: max(r.Asked.Days.N, 1), over: r.Over}
	first, err := time.Parse(time.DateOnly, r.Asked.Days.First)
	if err != nil {
		first = r.From.In(orUTC(r.Zone))
	}
	s.first, s.last = first, first.AddDate(0, 0, s.days-1)
	s.today = s.last.Format(time.DateOnly) == r.Now.In(orUTC(r.Zone)).Format(time.DateOnly)
	return s
}

// How days are written.
const (
	dayLong  = "Monday, 2 January"
	dayShort = "2 January"
	dayBrief = "Mon 2 Jan"
)

// title names the days behind what happened in them.
func (s span) title(what string) string {
	if s.days == 1 && s.today {
		return what + " today, " + s.last.Format(dayLong)
	}
	return what + " " + s.on()
}

// on names the days in a sentence.
func (s span) on() string {
	switch {
	case s.days > 1:
		return "from " + s.first.Format(dayShort) + " to " + s.last.Format(dayShort)
	case s.today:
		return "today"
	}
	return "on " + s.last.Format(dayLong)
}

// soFar says that the last day isn't over.
func (s span) soFar() string {
	if s.today {
		return " so far"
	}
	return ""
}

// series names the days beside bars.
func (s span) series() string {
	if s.days > 1 {
		return "These " + dayCount(s.days)
	}
	return s.last.Format(dayBrief)
}

// before names the days that the usual is the mean of, after a comparison, and says per what
// it is a mean.
func (s span) before() (days, mean string) {
	weeks, many := "four ", "s"
	mean = " on average"
	switch s.over { // a younger directory has fewer
	case 1:
		weeks, many, mean = "", "", ""
	case 2:
		weeks = "two "
	case 3:
		weeks = "three "
	}
	switch {
	case s.days == 1:
		return "on the " + weeks + s.last.Weekday().String() + many + " before", mean
	case s.days == 7 && s.over != 1:
		mean = " a week on average"
		fallthrough
	case s.days == 7:
		return "in the " + weeks + "week" + many + " before", mean
	case s.days < 7:
		return "in the same " + dayCount(s.days) + " of the " + weeks + "week" + many + " before", mean
	}
	return "in the " + dayCount(s.days) + " before", ""
}

// compared says what is usual beside a number, in words: "4 more than on the four Tuesdays
// before (8 on average)". It is "" when nothing is on record from before.
func (s span) compared(n int, usual float64) string {
	if usual < 0 {
		return ""
	}
	days, mean := s.before()
	return difference(float64(n)-usual) + " " + days + " (" + decimal(usual) + mean + ")"
}

// weekBefore compares a number with that of the same days a week before, which longer times
// have no part of their own for.
func (s span) weekBefore(n, before int) string {
	if before < 0 || s.days > 7 {
		return ""
	}
	return difference(float64(n-before)) + " a week earlier (" + strconv.Itoa(before) + ")"
}

// difference says how much more, or fewer, something is than what follows.
func difference(d float64) string {
	about := ""
	if d != math.Trunc(d) {
		about = "about "
	}
	switch n := int(math.Round(math.Abs(d))); {
	case n == 0:
		return about + "as many as"
	case d > 0:
		return about + strconv.Itoa(n) + " more than"
	default:
		return about + strconv.Itoa(n) + " fewer than"
	}
}

// decimal is a mean with one decimal place, if it needs one.
func decimal(mean float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(tenths(mean), 'f', 1, 64), ".0")
}

// tenths is a mean as it is shown, in words and in charts: of two that are as near, the
// one further from zero.
func tenths(mean float64) float64 { return math.Round(mean*10) / 10 }

// clauses joins parts of a sentence with commas and an "and".
func clauses(parts ...string) string {
	var there []string
	for _, part := range parts {
		if part != "" {
			there = append(there, part)
		}
	}
	if len(there) < 2 {
		return strings.Join(there, "")
	}
	last := len(there) - 1
	return strings.Join(there[:last], ", ") + " and " + there[last]
}

// grouped counts what there are many of: "1,234,567 rows".
func grouped(n int64, one, many string) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if n == 1 {
		return digits + " " + one
	}
	return digits + " " + many
}
