package escalation

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones, wherever the tests run
)

// zones are those of the tests: both halves of the world, changes of half an hour
// and around midnight, and a day that was left out.
var zones = []string{
	"UTC", "Australia/Melbourne", "Europe/London", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe",
	"America/Havana", "America/St_Johns", "Asia/Amman", "Pacific/Apia",
}

func zoneOf(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	must(t, err)
	return zone
}

// worked reads hours that can be read.
func worked(t testing.TB, zone, hours, holidays string) Hours {
	t.Helper()
	h, err := ParseHours(hours, holidays, zoneOf(t, zone))
	must(t, err)
	return h
}

// instant reads a time such as "2026-03-10 12:00 +1100".
func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04 -0700", text)
	must(t, err)
	return at.UTC()
}

func TestHoursAfter(t *testing.T) {
	const office = "mon-fri 08:00-18:00"
	for name, c := range map[string]struct {
		zone, hours, holidays string
		from                  string
		d                     time.Duration
		want                  string
	}{
		"WithinADay":         {"UTC", office, "", "2026-03-10 09:00 +0000", 2 * time.Hour, "2026-03-10 11:00 +0000"},
		"UntilTheEnd":        {"UTC", office, "", "2026-03-13 16:00 +0000", 2 * time.Hour, "2026-03-13 18:00 +0000"},
		"OverNight":          {"UTC", office, "", "2026-03-10 17:00 +0000", 2 * time.Hour, "2026-03-11 09:00 +0000"},
		"OverAWeekend":       {"UTC", office, "", "2026-03-13 17:00 +0000", 2 * time.Hour, "2026-03-16 09:00 +0000"},
		"OverHolidays":       {"UTC", office, "2026-03-16,2026-03-17", "2026-03-13 17:00 +0000", 2 * time.Hour, "2026-03-18 09:00 +0000"},
		"FromTheWeekend":     {"UTC", office, "", "2026-03-14 03:00 +0000", time.Hour, "2026-03-16 09:00 +0000"},
		"NoneFromTheWeekend": {"UTC", office, "", "2026-03-14 03:00 +0000", 0, "2026-03-14 03:00 +0000"},
		"Negative":           {"UTC", office, "", "2026-03-10 09:00 +0000", -time.Hour, "2026-03-10 09:00 +0000"},
		"Always":             {"UTC", "always", "", "2026-03-14 03:00 +0000", 50 * time.Hour, "2026-03-16 05:00 +0000"},
		"AlwaysButAHoliday":  {"UTC", "always", "2026-03-15", "2026-03-14 23:00 +0000", 2 * time.Hour, "2026-03-16 01:00 +0000"},
		"InItsZone":          {"Australia/Melbourne", office, "", "2026-03-10 17:00 +1100", 2 * time.Hour, "2026-03-11 09:00 +1100"},
		// Melbourne goes back on Sunday, 5 April 2026 at 3:00: a weekend in hours of the wall
		// has the same work, and a day round the clock an hour more.
		"BackOverAWeekend": {"Australia/Melbourne", office, "", "2026-04-03 17:00 +1100", 2 * time.Hour, "2026-04-06 09:00 +1000"},
		"BackInADay":       {"Australia/Melbourne", "sun 00:00-24:00", "", "2026-04-05 00:00 +1100", 25 * time.Hour, "2026-04-06 00:00 +1000"},
		"BackInHours":      {"Australia/Melbourne", "sun 01:00-05:00", "", "2026-04-05 00:00 +1100", 5 * time.Hour, "2026-04-05 05:00 +1000"},
		"ForwardInADay":    {"Europe/London", "sun 00:00-24:00", "", "2026-03-29 00:00 +0000", 23 * time.Hour, "2026-03-30 00:00 +0100"},
		"ForwardInHours":   {"Europe/London", "sun 00:00-04:00", "", "2026-03-29 00:00 +0000", 3 * time.Hour, "2026-03-29 04:00 +0100"},
		// 2:00 to 3:00 doesn't exist in New York on 8 March 2026, 0:00 to 1:00 not in São
		// Paulo on 4 November 2018, half an hour on Lord Howe Island on 4 October 2026.
		"BeginsInAGap":           {"America/New_York", "sun 02:30-05:00", "", "2026-03-08 00:00 -0500", time.Hour, "2026-03-08 04:00 -0400"},
		"EndsInAGap":             {"America/New_York", "sun 01:00-02:30", "", "2026-03-08 00:00 -0500", 61 * time.Minute, "2026-03-15 01:01 -0400"},
		"BeginsInAGapAtMidnight": {"America/Sao_Paulo", "sun 00:00-24:00", "", "2018-11-03 12:00 -0300", 23 * time.Hour, "2018-11-05 00:00 -0200"},
		"AGapOfHalfAnHour":       {"Australia/Lord_Howe", "sun 01:00-05:00", "", "2026-10-04 00:00 +1030", 210 * time.Minute, "2026-10-04 05:00 +1100"},
		"HalfAnHourBack":         {"Australia/Lord_Howe", "sun 01:00-05:00", "", "2026-04-05 00:00 +1100", 270 * time.Minute, "2026-04-05 05:00 +1030"},
		// In Jordan midnight came twice on 28 October 2016; Thursday ended at the second.
		"MidnightTwice": {"Asia/Amman", "thu 00:00-24:00", "", "2016-10-28 00:30 +0300", 30 * time.Minute, "2016-10-28 00:00 +0200"},
		// There was no 30 December 2011 in Samoa.
		"NoSuchDay": {"Pacific/Apia", "fri-sat 08:00-18:00", "", "2011-12-29 12:00 -1000", time.Hour, "2011-12-31 09:00 +1400"},
	} {
		t.Run(name, func(t *testing.T) {
			h, from, want := worked(t, c.zone, c.hours, c.holidays), instant(t, c.from), instant(t, c.want)
			if got := h.After(from, c.d); !got.Equal(want) || got.Location() != time.UTC {
				t.Errorf("%s after %s is %s, not %s", c.d, from, got, want)
			}
			if got := h.Between(from, want); got != max(c.d, 0) {
				t.Errorf("between %s and %s lie %s, not %s", from, want, got, c.d)
			}
		})
	}
}

func TestHoursBetweenBackwards(t *testing.T) {
	for _, h := range []Hours{{}, worked(t, "Europe/London", "mon-fri 08:00-18:00", "")} {
		if got := h.Between(noon, noon.Add(-time.Hour)) + h.Between(noon, noon); got != 0 {
			t.Errorf("%s lie between a moment and one before it", got)
		}
	}
}

// TestHoursAreBounded holds that hours that hardly ever come have an end, and a near
// one: minute by minute it would take minutes.
func TestHoursAreBounded(t *testing.T) {
	var days []string
	for day := noon; len(days) < holidaysMost; day = day.AddDate(0, 0, 1) {
		days = append(days, day.Format(time.DateOnly))
	}
	seldom := worked(t, "America/New_York", "mon 08:00-08:01", strings.Join(days, ","))
	never := Hours{From: 600, To: 600}
	end := noon.AddDate(0, 0, shiftDays)
	for range 20 {
		if got := seldom.After(noon, 1500*time.Hour); !got.Equal(end) {
			t.Fatalf("1,500 hours of a minute a week are over at %s", got)
		}
		if got := never.After(noon, 1); !got.Equal(end) {
			t.Fatalf("what never comes is over at %s", got)
		}
		if got, want := seldom.Between(time.Time{}, noon), seldom.Between(time.Time{}, time.Time{}.AddDate(0, 0, shiftDays)); got != want {
			t.Fatalf("between the year 1 and now lie %s, not those of ten years, %s", got, want)
		}
	}
}

// timely makes random hours, and moments near changes of the clocks.
type timely struct {
	*rand.Rand
	Hours
}

func newTimely(t testing.TB, random *rand.Rand) timely {
	t.Helper()
	h := Hours{Zone: zoneOf(t, zones[random.IntN(len(zones))])}
	for range random.IntN(5) {
		h.Days[random.IntN(7)] = true
	}
	if random.IntN(4) > 0 {
		h.From = 15 * random.IntN(95)
		h.To = h.From + 15*(1+random.IntN((wholeDay-h.From)/15))
	}
	c := timely{random, h}
	for range random.IntN(3) {
		if c.Holidays == nil {
			c.Holidays = map[string]bool{}
		}
		c.Holidays[c.moment().In(h.Zone).Format(time.DateOnly)] = true
	}
	return c
}

// moment is mostly within days of a change of the clocks, between 2008 and 2028.
func (c timely) moment() time.Time {
	at := time.Date(2008, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(c.Int64N(int64(20 * 365 * 24 * time.Hour))))
	if change, _ := at.In(c.Zone).ZoneBounds(); !change.IsZero() && c.IntN(4) > 0 {
		at = change.Add(time.Duration(c.Int64N(int64(96*time.Hour))) - 48*time.Hour)
	}
	return at.UTC().Truncate([]time.Duration{time.Microsecond, 15 * time.Minute}[c.IntN(2)])
}

func (c timely) duration() time.Duration {
	most := []time.Duration{time.Minute, 10 * time.Hour, 50 * time.Hour}[c.IntN(3)] // a quarter of an hour a week lasts ten years
	return time.Duration(c.Int64N(int64(most))).Truncate(time.Microsecond)
}

// TestHoursProperties holds what is true of all hours: After undoes Between and is
// the earliest moment that does; Between adds up, grows, and is never negative.
func TestHoursProperties(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 9))
	for range 3000 {
		c := newTimely(t, random)
		from, d := c.moment(), c.duration()
		to := c.After(from, d)
		if got := c.Between(from, to); got != d {
			t.Fatalf("%+v: between %s and %s after it (%s) lie %s", c.Hours, from, d, to, got)
		}
		if d > 0 && c.Between(from, to.Add(-1)) >= d {
			t.Fatalf("%+v: %s after %s isn't the earliest moment: %s", c.Hours, d, from, to)
		}
		middle := from.Add(time.Duration(random.Int64N(int64(to.Sub(from)) + 1)))
		first, second := c.Between(from, middle), c.Between(middle, to)
		if first < 0 || second < 0 || first+second != d || first > middle.Sub(from) {
			t.Fatalf("%+v: from %s over %s to %s: %s and %s aren't %s", c.Hours, from, middle, to, first, second, d)
		}
		if more := c.duration(); !c.After(to, more).Equal(c.After(from, d+more)) && more > 0 {
			t.Fatalf("%+v: %s and then %s after %s isn't their sum after it", c.Hours, d, more, from)
		}
	}
}

// TestHoursAgainstTheWall counts working time by looking at the clock on the wall
// every 15 minutes. Hours don't begin or end where it shows the same time twice.
func TestHoursAgainstTheWall(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 10))
	const step = 15 * time.Minute
	for range 400 {
		c := newTimely(t, random)
		c.From, c.To = 60*[]int{0, 5, 9}[random.IntN(3)], 60*[]int{12, 22, 24}[random.IntN(3)]
		if slices.Contains([]string{"America/Havana", "America/St_Johns", "Asia/Amman"}, c.Zone.String()) {
			c.From, c.To = 60*9, 60*22 // midnight comes twice there
		}
		from := c.moment().Truncate(step)
		to := from.Add(time.Duration(random.IntN(500)) * step)
		var want time.Duration
		for at := from; at.Before(to); at = at.Add(step) {
			if c.working(at) {
				want += step
			}
		}
		if got := c.Between(from, to); got != want {
			t.Fatalf("%+v: between %s and %s lie %s, not %s", c.Hours, from, to, got, want)
		}
	}
}

// working reports whether the clock on the wall shows working time.
func (c timely) working(at time.Time) bool {
	wall := at.In(c.Zone)
	minutes := wall.Hour()*60 + wall.Minute()
	return (c.Days == [7]bool{} || c.Days[wall.Weekday()]) && !c.Holidays[wall.Format(time.DateOnly)] && c.From <= minutes && minutes < c.To
}

func TestParseHours(t *testing.T) {
	monToFri, weekend := [7]bool{1: true, 2: true, 3: true, 4: true, 5: true}, [7]bool{0: true, 1: true, 6: true}
	for text, want := range map[string]Hours{
		"always":                       {},
		" Always ":                     {},
		"mon-fri 08:00-18:00":          {Days: monToFri, From: 480, To: 1080},
		"MON-Fri  8:00-18:00":          {Days: monToFri, From: 480, To: 1080},
		"sat-mon 00:00-24:00":          {Days: weekend, To: wholeDay},
		"mon, sat , sun 9:30-9:31":     {Days: weekend, From: 570, To: 571},
		"mon-wed,thu,fri 08:00-18:00":  {Days: monToFri, From: 480, To: 1080},
		"wed-tue 08:00-18:00":          {Days: [7]bool{true, true, true, true, true, true, true}, From: 480, To: 1080},
		"sun 23:59-24:00":              {Days: [7]bool{true}, From: wholeDay - 1, To: wholeDay},
		"mon - fri\t08:00-18:00":       {Days: monToFri, From: 480, To: 1080},
		"mon,mon,tue-fri 08:00-18:00 ": {Days: monToFri, From: 480, To: 1080},
	} {
		got, err := ParseHours(text, "", time.UTC)
		if err != nil || got.Days != want.Days || got.From != want.From || got.To != want.To || got.Zone != time.UTC || got.Holidays != nil {
			t.Errorf("%q is %+v (%v), not %+v", text, got, err, want)
		}
	}
	h, err := ParseHours("always", " 2026-12-25, 2027-01-01,", nil)
	if err != nil || len(h.Holidays) != 2 || !h.Holidays["2026-12-25"] || !h.Holidays["2027-01-01"] || h.zone() != time.UTC {
		t.Errorf("the holidays are %v (%v)", h.Holidays, err)
	}
}

func TestParseHoursRefuses(t *testing.T) {
	for name, c := range map[string]struct{ hours, holidays, want string }{
		"Nothing":        {"", "", "must look like"},
		"NoDays":         {"08:00-18:00", "", "must look like"},
		"NoTimes":        {"mon-fri", "", "must look like"},
		"AlwaysAndMore":  {"always 08:00-18:00", "", `names a day that there isn't: "always"`},
		"UnknownDay":     {"mon-fry 08:00-18:00", "", `names a day that there isn't: "mon-fry"`},
		"NoDay":          {"mon,,fri 08:00-18:00", "", `names a day that there isn't: ""`},
		"HalfARange":     {"mon- 08:00-18:00", "", `names a day that there isn't: "mon-"`},
		"TwoRanges":      {"mon-tue-wed 08:00-18:00", "", `names a day that there isn't`},
		"LongDay":        {strings.Repeat("x", 500) + " 08:00-18:00", "", `"xxxxxxxxxxxxxxxxxxxx";`},
		"NoEnd":          {"mon-fri 08:00", "", "must give times"},
		"Backwards":      {"mon-fri 18:00-08:00", "", "must give times"},
		"NoTimeAtAll":    {"mon-fri 08:00-08:00", "", "must give times"},
		"OverMidnight":   {"mon-fri 08:00-24:01", "", "must give times"},
		"Begins24":       {"mon-fri 24:00-24:00", "", "must give times"},
		"NoMinutes":      {"mon-fri 8-18", "", "must give times"},
		"OddMinutes":     {"mon-fri 08:60-18:00", "", "must give times"},
		"ShortMinutes":   {"mon-fri 08:0-18:00", "", "must give times"},
		"Signed":         {"mon-fri +8:00-18:00", "", "must give times"},
		"ThreeTimes":     {"mon-fri 08:00-12:00-18:00", "", "must give times"},
		"NoSuchHoliday":  {"always", "2026-02-30", "must hold days"},
		"OddHoliday":     {"always", "25.12.2026", "must hold days"},
		"ManyHolidays":   {"always", manyDays(), "must hold at most 1000 days"},
		"HolidayInWords": {"mon-fri 08:00-18:00", "christmas", "must hold days"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseHours(c.hours, c.holidays, time.UTC)
			if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 200 {
				t.Errorf("the error is %v, not %q", err, c.want)
			}
		})
	}
}

// manyDays are one holiday more than a company can name.
func manyDays() string {
	var days []string
	for i := range holidaysMost + 1 {
		days = append(days, noon.AddDate(0, 0, i).Format(time.DateOnly))
	}
	return strings.Join(days, ",")
}
