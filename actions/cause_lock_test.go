package actions

import (
	"testing"
	"time"
)

// wrong are n wrong passwords from home, a minute apart, the last ago.
func wrong(n int, ago time.Duration) option {
	return times(n, ago+time.Duration(n-1)*minute, minute, wrongFrom(home))
}

func lockAfter(n int) option { return func(s *scene) { s.rules.LockAfter = n } }

func TestLockedAttempts(t *testing.T) {
	ended := tried(hour, LockedOut)
	holds(t, CauseLockedAttempts, []row{
		{"Locked", lockedFor(LockAttempts, hour), Proven},
		{"LockedNow", lockedFor(LockAttempts, 0), Proven},
		{"LockedInTheFuture", lockedFor(LockAttempts, -tick), absent},
		{"RunsOutNow", lockedFor(LockAttempts, hour, ranOut(0)), absent},
		{"RunsOutInATick", lockedFor(LockAttempts, hour, ranOut(-tick)), Proven},
		{"ReleasedNow", lockedFor(LockAttempts, hour, released(0)), absent},
		{"ReleasedInATick", lockedFor(LockAttempts, hour, released(-tick)), Proven},
		{"OtherKind", lockedFor(LockManual, hour), absent},
		{"EndedLocked", ended, Indicated},
		{"EndedLockedLongAgo", tried(RecentWindow, LockedOut), absent},
		{"EndedLockedWhileAnotherIsOpen", all(lockedFor(LockManual, 2*hour), ended), absent},
		{"BothIsProvenOnce", all(lockedFor(LockAttempts, 2*hour), ended), Proven},
		{"EndedLockedAfterALockEnded", all(lockedFor(LockAttempts, 3*hour, released(hour+tick)), ended), Indicated},
		{"EndedLockedAsALockEnded", all(lockedFor(LockAttempts, 3*hour, released(hour)), ended), absent},
		{"EndedLockedBeforeALockEnded", all(lockedFor(LockAttempts, 3*hour, ranOut(hour-tick)), ended), absent},
		{"LockEndsInTheFuture", all(lockedFor(LockSharing, 3*hour, released(-tick)), ended), absent}, // it is open
	})
	helps(t, leads(t, CauseLockedAttempts, lockedFor(LockAttempts, hour), mailed(minute, DeliveryPasswordReset, Bounced)), Unlock, SendReset)
}

func TestLockedAttemptsByHistory(t *testing.T) {
	holds(t, CauseLockedAttempts, []row{
		{"Four", wrong(4, hour), Indicated},
		{"Three", wrong(3, hour), absent},
		{"MoreThanFive", all(lockAfter(5), wrong(6, hour)), Indicated},
		{"NotMoreThanFive", all(lockAfter(5), wrong(5, hour)), absent},
		{"SwitchedOff", all(lockAfter(0), wrong(9, hour)), absent},
		{"SwitchedOffEndedLocked", all(lockAfter(0), tried(hour, LockedOut)), absent},
		{"SwitchedOffLocked", all(lockAfter(0), lockedFor(LockAttempts, hour)), Proven},
		{"OldestJustRecent", wrong(4, RecentWindow-3*minute-tick), Indicated},
		{"OldestTooOld", wrong(4, RecentWindow-3*minute), absent},
		{"OthersBetween", all(wrong(2, 2*hour), tried(90*minute, MFAFailed), wrong(2, hour)), Indicated},
		{"EndedSomethingElse", all(wrong(4, hour), tried(minute, NotPublished)), Indicated},
		{"SuccessBetween", all(wrong(2, 2*hour), tried(90*minute, Success), wrong(2, hour)), absent},
		{"SuccessBefore", all(tried(3*hour, Success), wrong(4, hour)), Indicated},
		{"SuccessAfter", all(wrong(4, hour), tried(minute, Success)), absent},
		{"SuccessAtTheFirstImportedBefore", all(tried(hour+3*minute, Success), wrong(4, hour)), Indicated},
		{"SuccessAtTheFirstImportedAfter", all(wrong(4, hour), tried(hour+3*minute, Success)), absent},
		{"SuccessByStaffBetween", all(wrong(2, 2*hour), tried(90*minute, Success, from(staff)), wrong(2, hour)), Indicated},
		{"StaffDoesNotCount", all(wrong(3, hour), tried(minute, WrongPassword, from(staff))), absent},
		{"LockEndedBetween", all(wrong(2, 2*hour), lockedFor(LockAttempts, 100*minute, released(90*minute)), wrong(2, hour)), absent},
		{"LockEndedAtTheFirst", all(wrong(4, hour), lockedFor(LockManual, 3*hour, released(hour+3*minute))), absent},
		{"LockEndedBeforeTheFirst", all(wrong(4, hour), lockedFor(LockManual, 3*hour, released(hour+3*minute+tick))), Indicated},
		{"LockIsOpen", all(wrong(4, hour), lockedFor(LockManual, 3*hour)), absent},
		{"LockEndedAtTheEarlier", all(wrong(4, hour), lockedFor(LockManual, 3*hour, released(2*hour), ranOut(minute))), Indicated},
		{"InTheFuture", all(wrong(3, hour), tried(-tick, WrongPassword)), absent},
	})
}

// idle makes the last login of jane's the one at that time, and the moment of
// diagnosis at.
func idle(at, login string) option {
	return all(asOf(utc(at)), user(func(u *User) { u.LastLoginAt = utc(login) }))
}

// utc reads a time of the form 2006-01-02, or with 15:04:05.999999 behind it.
func utc(s string) time.Time {
	if len(s) == len(time.DateOnly) {
		s += " 12:00:00"
	}
	t, err := time.Parse(time.DateTime, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestLockedInactivity(t *testing.T) {
	holds(t, CauseLockedInactivity, []row{
		{"Locked", lockedFor(LockInactivity, hour), Proven},
		{"LockedAndOut", all(lockedFor(LockInactivity, hour), idle("2026-03-10", "2025-01-01")), Proven},
		{"Released", lockedFor(LockInactivity, 2*hour, released(hour)), absent},
		{"ExactlyThreeMonths", idle("2026-03-10", "2025-12-10"), absent},
		{"MoreThanThreeMonths", idle("2026-03-10", "2025-12-10 11:59:59.999999"), Indicated},
		{"ClampedToTheEndOfFebruary", idle("2026-05-31", "2026-02-28"), absent},
		{"JustBeforeTheEndOfFebruary", idle("2026-05-31", "2026-02-28 11:59:59.999999"), Indicated},
		{"ClampedToTheLeapDay", idle("2024-05-31", "2024-02-29"), absent},
		{"JustBeforeTheLeapDay", idle("2024-05-31", "2024-02-29 11:59:59.999999"), Indicated},
		{"TheDayBeforeTheLeapDay", idle("2024-05-30", "2024-02-28"), Indicated},
		{"ClampedToTheEndOfApril", idle("2026-07-31", "2026-04-30"), absent},
		{"OverTheTurnOfTheYear", idle("2026-01-31", "2025-10-31"), absent},
		{"JustOverTheTurnOfTheYear", idle("2026-01-31", "2025-10-31 11:59:59.999999"), Indicated},
		{"ClampedOverTheTurnOfTheYear", idle("2026-02-28", "2025-11-28"), absent},
	})
	helps(t, leads(t, CauseLockedInactivity, idle("2026-03-10", "2025-01-01")), Unlock)
}

func TestLockedInactivityByHistory(t *testing.T) {
	slept := idle("2026-03-10", "2025-01-01")
	never := user(func(u *User) { u.LastLoginAt = time.Time{} })
	created := func(at time.Time) option { return all(never, user(func(u *User) { u.CreatedAt = at })) }
	months := func(n int) option { return func(s *scene) { s.rules.IdleMonths = n } }
	holds(t, CauseLockedInactivity, []row{
		{"EndedLocked", all(slept, tried(hour, LockedOut)), Indicated},
		{"EndedLockedWithOthersBefore", all(slept, tried(2*hour, WrongPassword), tried(hour, LockedOut)), Indicated},
		{"EndedSomethingElse", all(slept, tried(hour, WrongPassword)), absent},
		{"EndedSomethingElseLongAgo", all(slept, tried(RecentWindow, WrongPassword)), Indicated},
		{"EndedSomethingElseJustRecently", all(slept, tried(RecentWindow-tick, WrongPassword)), absent},
		{"TriedByStaff", all(slept, tried(hour, WrongPassword, from(staff))), Indicated},
		{"ALockIsOpen", all(slept, lockedFor(LockManual, hour)), absent},
		{"ALockEndedRecently", all(slept, lockedFor(LockManual, 20*aDay, released(RecentWindow-tick))), absent},
		{"ALockEndedNotRecently", all(slept, lockedFor(LockManual, 20*aDay, released(RecentWindow))), Indicated},
		{"ASuccessIsTheLaterLogin", all(slept, tried(80*aDay, Success)), absent},
		{"ASuccessIsTheEarlierLogin", all(user(func(u *User) { u.LastLoginAt = noon.Add(-80 * aDay) }), tried(200*aDay, Success)), absent},
		{"BothLongAgo", all(slept, tried(200*aDay, Success)), Indicated},
		{"LastLoginInTheFuture", all(idle("2026-03-10", "2026-03-10 12:00:00.000001")), Indicated}, // created 400 days ago
		{"NeverLoggedIn", created(noon.Add(-400 * aDay)), Indicated},
		{"NeverLoggedInCreatedLately", created(noon.Add(-80 * aDay)), absent},
		{"CreatedExactlyThreeMonthsAgo", created(utc("2025-12-10")), absent},
		{"CreatedMoreThanThreeMonthsAgo", created(utc("2025-12-10").Add(-tick)), Indicated},
		{"NothingKnown", created(time.Time{}), absent},
		{"CreatedInTheFuture", created(noon.Add(tick)), absent},
		{"SwitchedOff", all(months(0), slept), absent},
		{"SwitchedOffLocked", all(months(0), slept, lockedFor(LockInactivity, hour)), Proven},
		{"MoreThanAYear", all(months(12), idle("2024-02-29", "2023-02-28 11:59:59.999999")), Indicated},
		{"ExactlyAYear", all(months(12), idle("2025-02-28", "2024-02-28")), absent},
	})
}

func TestLockedManually(t *testing.T) {
	holds(t, CauseLockedManually, []row{
		{"Locked", lockedFor(LockManual, hour), Proven},
		{"LockedNow", lockedFor(LockManual, 0), Proven},
		{"LockedInTheFuture", lockedFor(LockManual, -tick), absent},
		{"Released", lockedFor(LockManual, 2*hour, released(hour)), absent},
		{"RanOutNow", lockedFor(LockManual, 2*hour, ranOut(0)), absent},
		{"OtherKind", lockedFor(LockAttempts, hour), absent},
		{"BesideAnother", all(lockedFor(LockAttempts, hour), lockedFor(LockManual, 2*hour)), Proven},
	})
	helps(t, leads(t, CauseLockedManually, lockedFor(LockManual, hour)), AskWhoLocked)
}

func TestJustUnlocked(t *testing.T) {
	unlocked := lockedFor(LockAttempts, 3*hour, released(hour))
	holds(t, CauseJustUnlocked, []row{
		{"Released", unlocked, Proven},
		{"RanOut", lockedFor(LockAttempts, 3*hour, ranOut(hour)), Proven},
		{"ReleasedNow", lockedFor(LockAttempts, 3*hour, released(0)), Proven},
		{"ReleasedInATick", lockedFor(LockAttempts, 3*hour, released(-tick)), absent},
		{"EndedJustRecently", lockedFor(LockAttempts, 20*aDay, released(RecentWindow-tick)), Proven},
		{"EndedTooLongAgo", lockedFor(LockAttempts, 20*aDay, released(RecentWindow)), absent},
		{"EndedAtTheEarlier", lockedFor(LockAttempts, 20*aDay, released(hour), ranOut(RecentWindow)), absent},
		{"AnotherIsOpen", all(unlocked, lockedFor(LockManual, 4*hour)), absent},
		{"TriedSince", all(unlocked, tried(hour-tick, WrongPassword)), absent},
		{"TriedAtThatInstant", all(unlocked, tried(hour, WrongPassword)), Proven},
		{"TriedBefore", all(unlocked, tried(2*hour, WrongPassword)), Proven},
		{"TriedByStaffSince", all(unlocked, tried(minute, WrongPassword, from(staff))), Proven},
		{"TriedInTheFuture", all(unlocked, tried(-tick, WrongPassword)), Proven},
		{"AnotherEndedAfterTheAttempt", all(unlocked, tried(30*minute, LockedOut), lockedFor(LockManual, 3*hour, released(minute))), Proven},
		{"NeverLocked", tried(hour, WrongPassword), absent},
	})
	f := leads(t, CauseJustUnlocked, unlocked)
	helps(t, f, RetryNow)
	if !f.Evidence[0].At.Equal(noon.Add(-hour)) {
		t.Errorf("the evidence is %+v", f.Evidence[0])
	}
}
