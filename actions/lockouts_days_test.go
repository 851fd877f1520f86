package actions

import (
	"fmt"
	"testing"
	"time"
)

// TestSpans: a day is from local midnight to local midnight, 23, 24 or 25 hours; the
// bounds are those of the zones' tables.
func TestSpans(t *testing.T) {
	for _, step := range []struct {
		zone, first string
		n           int
		from, until string
		hours       float64
	}{
		{"UTC", "2026-03-10", 1, "2026-03-10 00:00 +0000", "2026-03-11 00:00 +0000", 24},
		{"Asia/Kolkata", "2026-03-10", 1, "2026-03-10 00:00 +0530", "2026-03-11 00:00 +0530", 24},
		{"Australia/Melbourne", "2026-04-05", 1, "2026-04-05 00:00 +1100", "2026-04-06 00:00 +1000", 25},
		{"Australia/Melbourne", "2026-10-04", 1, "2026-10-04 00:00 +1000", "2026-10-05 00:00 +1100", 23},
		{"Europe/London", "2026-03-29", 1, "2026-03-29 00:00 +0000", "2026-03-30 00:00 +0100", 23},
		{"Europe/London", "2026-10-25", 1, "2026-10-25 00:00 +0100", "2026-10-26 00:00 +0000", 25},
		{"America/Sao_Paulo", "2018-11-04", 1, "2018-11-04 01:00 -0200", "2018-11-05 00:00 -0200", 23},
		{"America/Sao_Paulo", "2018-02-17", 1, "2018-02-17 00:00 -0200", "2018-02-18 00:00 -0300", 25},
		{"America/Havana", "2026-11-01", 1, "2026-11-01 00:00 -0400", "2026-11-02 00:00 -0500", 25},
		{"Europe/London", "2026-03-24", 7, "2026-03-24 00:00 +0000", "2026-03-31 00:00 +0100", 167},
		{"Europe/London", "2026-02-27", 3, "2026-02-27 00:00 +0000", "2026-03-02 00:00 +0000", 72},
	} {
		first, err := readDays(Days{First: step.first, N: step.n})
		if err != nil {
			t.Fatal(err)
		}
		got := spanOf(first, step.n, zoned(t, step.zone))
		if want := (Span{wall(t, step.from), wall(t, step.until)}); !got.From.Equal(want.From) || !got.Until.Equal(want.Until) {
			t.Errorf("%d from %s in %s are %v, want %v", step.n, step.first, step.zone, got, want)
		}
		if hours := got.Until.Sub(got.From).Hours(); hours != step.hours {
			t.Errorf("%s in %s has %.0f h, want %.0f", step.first, step.zone, hours, step.hours)
		}
	}
}

func TestReadDaysInvalid(t *testing.T) {
	for _, days := range []Days{
		{}, {"2026-03-10", 0}, {"2026-03-10", 31}, {"2026-02-30", 1}, {"10 March", 1}, {"1969-12-31", 1}, {"9999-12-31", 1}, {"2026-03-10x", 1},
	} {
		if _, err := readDays(days); CodeOf(err) != Invalid {
			t.Errorf("%v: %v", days, err)
		}
	}
}

// TestDaysBefore: what days are compared with.
func TestDaysBefore(t *testing.T) {
	for _, step := range []struct {
		n           int
		usual, week string
	}{
		{1, "[2026-03-03 2026-02-24 2026-02-17 2026-02-10]", "2026-03-03"},
		{3, "[2026-03-07 2026-03-04 2026-03-01 2026-02-26]", "2026-03-03"},
		{7, "[2026-03-03 2026-02-24 2026-02-17 2026-02-10]", "2026-03-03"},
		{30, "[2026-02-08]", "2026-02-08"},
	} {
		usual, week := daysBefore(date{2026, 3, 10}, step.n)
		if fmt.Sprint(usual) != step.usual || week.String() != step.week {
			t.Errorf("%d days are compared with %v and %s, want %s and %s", step.n, usual, week, step.usual, step.week)
		}
	}
}

// TestPastOnRecord: only days are compared with of which all is on record.
func TestPastOnRecord(t *testing.T) {
	for _, step := range []struct {
		n               int
		oldest          time.Time
		usual, lastWeek int
	}{
		{1, time.Time{}, 0, -1},
		{1, noon, 0, -1},
		{1, noon.Add(-7 * aDay), 1, 0}, // that day itself counts
		{1, noon.Add(-6 * aDay), 0, -1},
		{1, noon.Add(-400 * aDay), 4, 0},
		{3, noon.Add(-12 * aDay), 4, 4},
		{3, noon.Add(-7 * aDay), 2, 2},
		{3, noon.Add(-6 * aDay), 2, -1},
		{7, noon.Add(-21 * aDay), 3, 0},
		{30, noon.Add(-30 * aDay), 1, 0},
		{30, noon.Add(-29 * aDay), 0, -1},
	} {
		s := newSurvey(Lockouts{Days: Days{N: step.n}}, dateOf(noon), step.oldest, time.UTC, Rules{})
		if s.usual != step.usual || s.lastWeek != step.lastWeek {
			t.Errorf("%d days, the first attempt %s: %d usual, a week before %d; want %d and %d", step.n, step.oldest, s.usual, s.lastWeek, step.usual, step.lastWeek)
		}
	}
}

func TestReadLockouts(t *testing.T) {
	for _, step := range []struct{ spec, days, account string }{
		{"", "{2026-03-10 1}", ""}, {"  ", "{2026-03-10 1}", ""}, {"today", "{2026-03-10 1}", ""}, {"Yesterday", "{2026-03-09 1}", ""},
		{"7D", "{2026-03-04 7}", ""}, {" 30d ", "{2026-02-09 30}", ""}, {"7d  GW-1 ", "{2026-03-04 7}", "GW-1"},
		{"Acme Pty Ltd", "{2026-03-10 1}", "Acme Pty Ltd"}, {"@acme.example", "{2026-03-10 1}", "@acme.example"}, {"today Today", "{2026-03-10 1}", "Today"},
		{"14d", "{2026-03-10 1}", "14d"},
	} {
		days, account, err := readLockouts(step.spec, date{2026, 3, 10})
		if fmt.Sprint(days) != step.days || account != step.account || err != nil {
			t.Errorf("%q is %v of %q, want %s of %q; error: %v", step.spec, days, account, step.days, step.account, err)
		}
	}
	for _, spec := range []string{"today \x00", "\xff", fmt.Sprintf("%201s", "x")} {
		if _, _, err := readLockouts(spec, date{2026, 3, 10}); CodeOf(err) != Invalid {
			t.Errorf("%q: %v", spec, err)
		}
	}
}

// TestMostInWeek: a week is 7 days of the calendar in the team's zone, wherever in the days
// asked for it lies; of one day, the 7 up to it.
func TestMostInWeek(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	// The clock is put back on Sunday the 25th, a day of 25 hours.
	for _, c := range []struct {
		days  Days
		began []string
		want  int
	}{
		{Days{"2026-10-01", 30}, []string{"2026-10-02 00:00", "2026-10-08 23:59"}, 2},
		{Days{"2026-10-01", 30}, []string{"2026-10-02 23:59", "2026-10-09 00:00"}, 1},
		{Days{"2026-10-01", 30}, []string{"2026-10-20 00:00", "2026-10-26 23:59"}, 2},
		{Days{"2026-10-01", 30}, []string{"2026-10-02 10:00", "2026-10-06 10:00", "2026-10-10 10:00", "2026-10-12 10:00", "2026-10-28 10:00"}, 3},
		{Days{"2026-10-01", 30}, []string{"2026-09-30 23:59", "2026-10-01 00:00"}, 1},
		{Days{"2026-10-26", 1}, []string{"2026-10-20 00:00", "2026-10-26 23:59"}, 2},
		{Days{"2026-10-26", 1}, []string{"2026-10-19 23:59", "2026-10-26 10:00"}, 1},
		{Days{"2026-10-26", 1}, nil, 0},
	} {
		first, err := readDays(c.days)
		if err != nil {
			t.Fatal(err)
		}
		var lockouts []Lockout
		for _, text := range c.began {
			began, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
			if err != nil {
				t.Fatal(err)
			}
			lockouts = append(lockouts, Lockout{Began: began})
		}
		s := newSurvey(Lockouts{Days: c.days}, first, time.Time{}, zone, Rules{})
		if got := s.mostInWeek(lockouts); got != c.want {
			t.Errorf("%+v, %v: %d, want %d", c.days, c.began, got, c.want)
		}
	}
}
