package actions

import "time"

// LockKind says what a user was locked for.
type LockKind string

// The kinds of lock.
const (
	LockAttempts   LockKind = "attempts"   // too many wrong passwords (RULES S4.6)
	LockInactivity LockKind = "inactivity" // no login for too long (RULES S4.6)
	LockSharing    LockKind = "sharing"    // the login was shared (RULES S0.8)
	LockManual     LockKind = "manual"     // a person locked it
)

// Lock keeps a user out from At until it is released or runs out.
type Lock struct {
	ID         string
	UserID     string
	Kind       LockKind
	At         time.Time
	Until      time.Time // zero: until released
	ReleasedAt time.Time
	Detail     string
}

// EndedAt returns when the lock had ended as of at, the earlier of release and
// run-out, or the zero time while it is open.
func (l Lock) EndedAt(at time.Time) time.Time {
	var ended time.Time
	for _, t := range []time.Time{l.ReleasedAt, l.Until} {
		if !t.IsZero() && !t.After(at) && (ended.IsZero() || t.Before(ended)) {
			ended = t
		}
	}
	return ended
}

// Open reports whether the lock holds at the moment at.
func (l Lock) Open(at time.Time) bool { return !l.At.After(at) && l.EndedAt(at).IsZero() }
