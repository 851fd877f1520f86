package actions

import (
	"fmt"
	"time"
)

var lockWords = map[LockKind]string{
	LockAttempts: "too many wrong passwords", LockInactivity: "long inactivity", LockSharing: "sharing the login", LockManual: "a person's decision",
}

// Words says what the lock is for.
func (k LockKind) Words() string { return lockWords[k] }

// locked is the evidence of a lock.
func (s *situation) locked(l Lock) Evidence {
	text := "locked for " + l.Kind.Words()
	if l.Detail != "" {
		text += ": " + s.mask.Text(l.Detail)
	}
	return Evidence{At: l.At, Source: fromLock, Text: text}
}

// lockedAttempts: locked for too many wrong passwords; without a lock's record,
// when the history since the last success and the last lock says so (RULES
// S4.6: more than 3).
func lockedAttempts(s *situation) *verdict {
	if lock := s.lockOf(LockAttempts); lock != nil {
		return &verdict{grade: Proven, summary: "The user is locked after too many wrong passwords.", evidence: []Evidence{s.locked(*lock)}}
	}
	if s.rules.LockAfter == 0 || len(s.open) > 0 {
		return nil
	}
	since := s.sinceSuccessAndLock()
	if s.ended(LockedOut) && len(since) > 0 {
		return &verdict{
			grade: Indicated, evidence: s.ending(),
			summary: "The last attempt was refused because the user is locked, though no lock is on record.",
		}
	}
	wrong := withOutcome(since, WrongPassword)
	if len(wrong) <= s.rules.LockAfter {
		return nil
	}
	return &verdict{
		grade: Indicated, evidence: several(wrong),
		summary: fmt.Sprintf("%d wrong passwords in a row: more than %d lock the login, though no lock is on record.",
			len(wrong), s.rules.LockAfter),
	}
}

// sinceSuccessAndLock returns the recent attempts after both the newest
// success and the newest end of a lock, newest first.
func (s *situation) sinceSuccessAndLock() []Attempt {
	since := s.attemptsSinceSuccess()
	for i, a := range since {
		if !s.lockEnded.IsZero() && !a.At.After(s.lockEnded) {
			return since[:i]
		}
	}
	return since
}

func withOutcome(attempts []Attempt, outcomes ...Outcome) []Attempt {
	var some []Attempt
	for _, a := range attempts {
		for _, outcome := range outcomes {
			if a.Outcome == outcome {
				some = append(some, a)
			}
		}
	}
	return some
}

// lockedInactivity: locked because the login slept; without a lock's record,
// when the last login is long ago and nothing shows that the system looked at
// a password since (RULES S4.6: more than 3 months).
func lockedInactivity(s *situation) *verdict {
	if lock := s.lockOf(LockInactivity); lock != nil {
		return &verdict{grade: Proven, summary: "The user is locked for inactivity.", evidence: []Evidence{s.locked(*lock)}}
	}
	slept, what := s.lastLogin(), "the last login"
	if slept.IsZero() {
		slept, what = s.user.CreatedAt, "created, and never logged in since"
	}
	if s.rules.IdleMonths == 0 || len(s.open) > 0 || slept.IsZero() || !slept.Before(monthsBefore(s.At, s.rules.IdleMonths)) {
		return nil
	}
	if (s.last != nil && !s.ended(LockedOut)) || s.recent(s.lockEnded) {
		return nil
	}
	evidence := []Evidence{{At: slept, Source: fromUser, Text: what}}
	if s.last != nil {
		evidence = append(s.ending(), evidence...)
	}
	return &verdict{
		grade: Indicated, evidence: evidence,
		summary: fmt.Sprintf("No login since %s: more than %s lock the login.", day(slept), count(s.rules.IdleMonths, "month", "months")),
	}
}

// lockedManually: a person locked the user.
func lockedManually(s *situation) *verdict {
	lock := s.lockOf(LockManual)
	if lock == nil {
		return nil
	}
	return &verdict{grade: Proven, summary: "A person locked this user.", evidence: []Evidence{s.locked(*lock)}}
}

// justUnlocked: a lock ended lately, none is open, and nobody has tried since.
func justUnlocked(s *situation) *verdict {
	if len(s.open) > 0 || !s.recent(s.lockEnded) || (len(s.attempts) > 0 && s.attempts[0].At.After(s.lockEnded)) {
		return nil
	}
	return &verdict{
		grade: Proven, summary: "A lock ended, and they haven't tried since.",
		evidence: []Evidence{{At: s.lockEnded, Source: fromLock, Text: s.endWords(s.lockEnded)}},
	}
}

// endWords says which lock ended at a moment, and how.
func (s *situation) endWords(ended time.Time) string {
	for _, l := range s.Locks {
		if l.EndedAt(s.At).Equal(ended) {
			if l.ReleasedAt.Equal(ended) {
				return "the lock for " + l.Kind.Words() + " was released"
			}
			return "the lock for " + l.Kind.Words() + " ran out"
		}
	}
	return "a lock ended"
}
