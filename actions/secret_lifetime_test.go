package actions

import (
	"testing"
	"time"
)

// TestDefaultLifetime: a day, or three from Friday 17:00 to the end of Sunday, by
// the clock on the team's wall (RULES S3.4).
func TestDefaultLifetime(t *testing.T) {
	for _, c := range []struct {
		name, zone, at string // at in UTC
		want           time.Duration
	}{
		{"Monday", "UTC", "2026-03-09T12:00:00Z", aDay},
		{"Friday, a moment before 17:00", "UTC", "2026-03-13T16:59:59.999999Z", aDay},
		{"Friday, 17:00", "UTC", "2026-03-13T17:00:00Z", 3 * aDay},
		{"Saturday", "UTC", "2026-03-14T12:00:00Z", 3 * aDay},
		{"Sunday, its last moment", "UTC", "2026-03-15T23:59:59.999999Z", 3 * aDay},
		{"Monday, its first moment", "UTC", "2026-03-16T00:00:00Z", aDay},
		{"no zone is UTC", "", "2026-03-13T17:00:00Z", 3 * aDay},

		{"Berlin in winter, before", "Europe/Berlin", "2026-03-27T15:59:59Z", aDay},
		{"Berlin in winter, 17:00", "Europe/Berlin", "2026-03-27T16:00:00Z", 3 * aDay},
		{"Berlin, the night that clocks go forward", "Europe/Berlin", "2026-03-29T01:30:00Z", 3 * aDay},
		{"Berlin, that Sunday's end in summer time", "Europe/Berlin", "2026-03-29T21:59:59Z", 3 * aDay},
		{"Berlin, the Monday after", "Europe/Berlin", "2026-03-29T22:00:00Z", aDay},
		{"Berlin in summer, before", "Europe/Berlin", "2026-04-03T14:59:59Z", aDay},
		{"Berlin in summer, 17:00", "Europe/Berlin", "2026-04-03T15:00:00Z", 3 * aDay},
		{"Berlin, the hour that comes twice", "Europe/Berlin", "2026-10-25T01:30:00Z", 3 * aDay},
		{"Berlin, the end of that Sunday", "Europe/Berlin", "2026-10-25T22:59:59Z", 3 * aDay},
		{"Berlin, the Monday after that", "Europe/Berlin", "2026-10-25T23:00:00Z", aDay},

		{"New York, Friday evening in UTC", "America/New_York", "2026-03-06T21:59:59Z", aDay},
		{"New York, 17:00 in winter", "America/New_York", "2026-03-06T22:00:00Z", 3 * aDay},
		{"New York, 17:00 in summer", "America/New_York", "2026-03-13T21:00:00Z", 3 * aDay},
		{"New York, Sunday while it is Monday in UTC", "America/New_York", "2026-03-16T03:59:59Z", 3 * aDay},
		{"Sydney, Saturday while it is Friday in UTC", "Australia/Sydney", "2026-10-02T14:00:00Z", 3 * aDay},
		{"Sydney, Monday while it is Sunday in UTC", "Australia/Sydney", "2026-10-04T13:00:00Z", aDay},
		{"Kathmandu, 17:00 by a quarter", "Asia/Kathmandu", "2026-03-13T11:15:00Z", 3 * aDay},
		{"Kathmandu, a moment before", "Asia/Kathmandu", "2026-03-13T11:14:59Z", aDay},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, err := time.Parse(time.RFC3339, c.at)
			must(t, err)
			var zone *time.Location
			if c.zone != "" {
				zone, err = time.LoadLocation(c.zone)
				must(t, err)
			}
			if got := DefaultLifetime(at, zone); got != c.want {
				t.Errorf("it is %v, want %v", got, c.want)
			}
		})
	}
}

// TestLifetimes: each is read and named, and nothing else is one.
func TestLifetimes(t *testing.T) {
	for i, name := range []string{"15m", "1h", "1d", "3d", "7d"} {
		got, err := ParseLifetime(name)
		if err != nil || got != Lifetimes[i] || LifetimeName(got) != name {
			t.Errorf("%q is read as %v (%v), which is called %q", name, got, err, LifetimeName(got))
		}
	}
	for d, want := range map[time.Duration]string{
		15 * minute: "15 minutes", hour: "1 hour", aDay: "1 day", 3 * aDay: "3 days", 7 * aDay: "7 days", 2 * hour: "", 0: "", -hour: "",
	} {
		if got := LifetimeWords(d); got != want {
			t.Errorf("%v reads %q, want %q", d, got, want)
		}
	}
	for _, wrong := range []string{
		"", " 1d", "1d ", "1D", "0", "0m", "-1h", "-1d", "8d", "24h", "1.0h", "1h0m", "2d", "7d1m", "1", "d", "9223372036854775807d", "1e3m", "١d", "1d\x00",
	} {
		if got, err := ParseLifetime(wrong); CodeOf(err) != Invalid || got != 0 {
			t.Errorf("%q is read as %v (%v)", wrong, got, err)
		}
	}
}
