package actions

import (
	"slices"
	"time"
)

// weekendHour is when a Friday's weekend begins (RULES S3.4).
const weekendHour = 17

// weekendLifetime is the default lifetime of what is made on a weekend.
const weekendLifetime = 3 * DefaultDay

// lifetimeNames are the lifetimes as they are typed and as they are read, in the
// order of [Lifetimes].
var lifetimeNames = []struct{ name, words string }{
	{"15m", "15 minutes"}, {"1h", "1 hour"}, {"1d", "1 day"}, {"3d", "3 days"}, {"7d", "7 days"},
}

// DefaultLifetime is how long what is made at a moment lives when nobody says
// otherwise: a day, or three when it is made on a Friday after 17:00 or on a
// weekend, in the zone; nil is UTC (RULES S3.4).
func DefaultLifetime(at time.Time, zone *time.Location) time.Duration {
	if zone == nil {
		zone = time.UTC
	}
	local := at.In(zone)
	switch local.Weekday() {
	case time.Saturday, time.Sunday:
		return weekendLifetime
	case time.Friday:
		if local.Hour() >= weekendHour {
			return weekendLifetime
		}
	case time.Monday, time.Tuesday, time.Wednesday, time.Thursday:
	}
	return DefaultDay
}

// ParseLifetime reads a lifetime as it is typed: 15m, 1h, 1d, 3d or 7d. Anything
// else is Invalid.
func ParseLifetime(text string) (time.Duration, error) {
	for i, l := range lifetimeNames {
		if l.name == text {
			return Lifetimes[i], nil
		}
	}
	return 0, errLifetime()
}

// LifetimeName is a lifetime as it is typed, "" for one that there isn't.
func LifetimeName(d time.Duration) string {
	if i := slices.Index(Lifetimes, d); i >= 0 {
		return lifetimeNames[i].name
	}
	return ""
}

// LifetimeWords is a lifetime as people read it, such as "15 minutes"; "" for one
// that there isn't.
func LifetimeWords(d time.Duration) string {
	if i := slices.Index(Lifetimes, d); i >= 0 {
		return lifetimeNames[i].words
	}
	return ""
}

func errLifetime() error {
	return Errorf(Invalid, "It can be good for 15 minutes, 1 hour, 1 day, 3 days or 7 days (15m, 1h, 1d, 3d, 7d). Please choose one of them.")
}

// endOf is when what is made at a moment ends: after a lifetime of [Lifetimes], or
// the default one for 0.
func (a *Actions) endOf(at time.Time, lifetime time.Duration) (time.Time, error) {
	if lifetime == 0 {
		lifetime = DefaultLifetime(at, a.Zone)
	}
	if !slices.Contains(Lifetimes, lifetime) {
		return time.Time{}, errLifetime()
	}
	return at.Add(lifetime), nil
}
