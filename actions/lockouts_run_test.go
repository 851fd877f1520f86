package actions

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// attemptsAt are attempts some minutes after noon, oldest first: "0 wrong_password, 5 success".
func attemptsAt(t *testing.T, text string) []Attempt {
	t.Helper()
	var attempts []Attempt
	for i, one := range strings.Split(text, ", ") {
		var minutes int
		var outcome string
		if _, err := fmt.Sscanf(one, "%d %s", &minutes, &outcome); err != nil {
			t.Fatalf("%s: %v", one, err)
		}
		attempts = append(attempts, Attempt{At: noon.Add(time.Duration(minutes) * minute), Seq: int64(i), Outcome: Outcome(outcome), IP: home})
	}
	return attempts
}

// TestFailings: where runs of failures begin and end, and which of them are only slips.
func TestFailings(t *testing.T) {
	for _, step := range []struct{ name, attempts, want string }{
		{"None", "0 success, 5 success", "[]"},
		{"Slip", "0 wrong_password, 1 wrong_password, 2 wrong_password, 10 success", "[slip 0-10 x3]"},
		{"TooMany", "0 wrong_password, 1 wrong_password, 2 wrong_password, 3 wrong_password, 4 success", "[0-4 x4]"},
		{"TooLong", "0 wrong_password, 11 success", "[0-11 x1]"},
		{"StillOut", "0 wrong_password", "[0- x1]"},
		{"Told", "0 locked, 1 success", "[0-1 x1]"},
		{"ToldOnce", "0 wrong_password, 1 payment_hold, 2 success", "[0-2 x2]"},
		{"OtherOutcomes", "0 code_wrong, 1 mfa_failed, 2 wrong_method, 3 success", "[slip 0-3 x3]"},
		{"Several", "0 locked, 20 success, 30 wrong_password, 50 success, 60 disabled", "[0-20 x1 30-50 x1 60- x1]"},
		{"SameMoment", "0 success, 0 wrong_password, 30 success", "[0-30 x1]"},
		// 10,080 min are 7 days: a failure goes on from one that long before, not longer.
		{"GoesOn", "0 wrong_password, 10080 wrong_password", "[0- x2]"},
		{"BeginsAnew", "0 wrong_password, 10081 wrong_password, 10100 success", "[0-10100 x1 10081-10100 x1]"},
		{"DayByDay", "0 locked, 7000 locked, 14000 locked, 14010 success", "[0-14010 x3]"},
	} {
		t.Run(step.name, func(t *testing.T) {
			var got []string
			for _, f := range failingsOf(attemptsAt(t, step.attempts)) {
				one := fmt.Sprintf("%.0f-", f.began().Sub(noon).Minutes())
				if !f.back.IsZero() {
					one += fmt.Sprintf("%.0f", f.back.Sub(noon).Minutes())
				}
				if one += fmt.Sprint(" x", len(f.failures)); f.slip(Rules{LockAfter: 3}) {
					one = "slip " + one
				}
				got = append(got, one)
			}
			if fmt.Sprint(got) != step.want {
				t.Errorf("%s are %v, want %s", step.attempts, got, step.want)
			}
		})
	}
}

// TestSlipByRules: the company says how many wrong ones lock; where it doesn't, 3 are a slip.
func TestSlipByRules(t *testing.T) {
	five := failingsOf(attemptsAt(t, "0 wrong_password, 1 wrong_password, 2 wrong_password, 3 wrong_password, 4 wrong_password, 5 success"))[0]
	if !five.slip(Rules{LockAfter: 5}) || five.slip(Rules{LockAfter: 4}) || five.slip(Rules{}) {
		t.Error("5 failures are a slip where 5 don't lock, and nowhere else")
	}
	three := failingsOf(attemptsAt(t, "0 wrong_password, 1 wrong_password, 2 wrong_password, 5 success"))[0]
	if !three.slip(Rules{}) || three.slip(Rules{LockAfter: 2}) {
		t.Error("without a number of the company's, 3 failures are a slip")
	}
}

// burstFrom are wrong passwords, 10 s apart, from addresses in turn.
func burstFrom(n int, each time.Duration, ips ...string) []Attempt {
	var attempts []Attempt
	for i := range n {
		attempts = append(attempts, Attempt{At: noon.Add(time.Duration(i) * each), Seq: int64(i), Outcome: WrongPassword, IP: ips[i%len(ips)]})
	}
	return attempts
}

// TestCauseOfLockout: by bursts, by locks, by the last failure.
func TestCauseOfLockout(t *testing.T) {
	lock := func(kind LockKind, from, until int) Lock {
		l := Lock{Kind: kind, At: noon.Add(time.Duration(from) * minute)}
		if until != 0 {
			l.ReleasedAt = noon.Add(time.Duration(until) * minute)
		}
		return l
	}
	own := []Attempt{{At: noon.Add(-hour), Outcome: Success, IP: home}}
	away := "198.51.100.7"
	spread := []string{"10.1.1.1", "10.1.2.1", "10.1.3.1", "10.1.4.1", home}
	for _, step := range []struct {
		name     string
		attempts []Attempt
		own      []Attempt
		locks    []Lock
		want     Cause
	}{
		{"ForeignBurst", burstFrom(20, 10*time.Second, away), own, []Lock{lock(LockAttempts, 1, 0)}, CauseUnderAttack},
		{"SpreadBurst", burstFrom(10, 5*minute, spread...), own, nil, CauseUnderAttack},
		{"OwnBurst", burstFrom(20, 10*time.Second, home), own, []Lock{lock(LockAttempts, 1, 0)}, CauseStaleSavedPassword},
		{"OwnLongAgo", burstFrom(20, 10*time.Second, home), []Attempt{{At: noon.Add(-31 * aDay), Outcome: Success, IP: home}}, nil, CauseUnderAttack},
		{"NoBurst", burstFrom(19, 10*time.Second, away), own, nil, CauseLockedAttempts},
		{"Slow", burstFrom(20, 40*time.Second, away), own, nil, CauseLockedAttempts},
		{"NewestLock", attemptsAt(t, "0 wrong_password, 9 locked"), nil, []Lock{lock(LockAttempts, 1, 2), lock(LockSharing, 3, 0)}, CauseCredentialShared},
		{"LockByHand", attemptsAt(t, "0 wrong_password, 9 wrong_password"), nil, []Lock{lock(LockManual, 5, 0)}, CauseLockedManually},
		{"LockAfterwards", attemptsAt(t, "0 wrong_password, 30 success"), nil, []Lock{lock(LockManual, 31, 0)}, CauseWrongPassword},
		{"LockedBefore", attemptsAt(t, "0 locked"), nil, []Lock{lock(LockInactivity, -9000, 0)}, CauseLockedInactivity},
		{"LockReleasedBefore", attemptsAt(t, "0 locked"), nil, []Lock{lock(LockInactivity, -9000, -1)}, CauseLockedAttempts},
		{"NotToldOfTheLock", attemptsAt(t, "0 code_wrong"), nil, []Lock{lock(LockInactivity, -9000, 0)}, CauseCodeWrong},
		{"FewWrong", attemptsAt(t, "0 wrong_password, 1 wrong_password, 2 wrong_password"), nil, nil, CauseWrongPassword},
		{"ManyWrong", attemptsAt(t, "0 wrong_password, 1 wrong_password, 2 code_wrong, 3 wrong_password, 4 wrong_password"), nil, nil, CauseLockedAttempts},
		{"LastCounts", attemptsAt(t, "0 wrong_password, 1 wrong_password, 2 wrong_password, 3 wrong_password, 4 ip_blocked"), nil, nil, CauseIPBlocked},
		{"Unknown", attemptsAt(t, "0 new_outcome"), nil, nil, CauseUnexplained},
	} {
		t.Run(step.name, func(t *testing.T) {
			f := failingsOf(step.attempts)[0]
			if got := causeOfLockout(f, step.own, LockoutRecords{Locks: step.locks}, Rules{LockAfter: 3}); got != step.want {
				t.Errorf("the cause is %s, want %s", got, step.want)
			}
		})
	}
}

// TestEveryOutcomeHasACause, and each of them is one of the table.
func TestEveryOutcomeHasACause(t *testing.T) {
	for _, outcome := range Outcomes {
		cause, known := causeOfOutcome[outcome]
		if known != (outcome != Success) || known && placeOf(cause) < 0 {
			t.Errorf("%s is %q", outcome, cause)
		}
	}
	for _, kind := range []LockKind{LockAttempts, LockInactivity, LockSharing, LockManual} {
		if placeOf(causeOfLock[kind]) < 0 {
			t.Errorf("a lock of kind %s has no cause", kind)
		}
	}
}

// TestHowBack: the last that support did, else what they did, else time.
func TestHowBack(t *testing.T) {
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * minute) }
	did := func(act Act, minutes int) Operation { return Operation{Act: act, EndedAt: at(minutes)} }
	ran := Lock{At: at(1), Until: at(20)}
	released := Lock{At: at(1), Until: at(20), ReleasedAt: at(10)}
	for _, step := range []struct {
		name    string
		records LockoutRecords
		want    BackBy
	}{
		{"Alone", LockoutRecords{}, BackAlone},
		{"Unlocked", LockoutRecords{Helped: []Operation{did(ActSendReset, 5), did(ActUnlockAttacked, 10)}}, BackUnlocked},
		{"Manual", LockoutRecords{Helped: []Operation{did(ActUnlockManual, 10)}}, BackUnlocked},
		{"Reset", LockoutRecords{Helped: []Operation{did(ActUnlock, 5), did(ActSendReset, 10)}}, BackReset},
		{"LoginLink", LockoutRecords{Helped: []Operation{did(ActSendLoginLink, 10)}}, BackReset},
		{"Username", LockoutRecords{Helped: []Operation{did(ActSendUsername, 10)}}, BackReset},
		{"Reenabled", LockoutRecords{Helped: []Operation{did(ActReenableShared, 10)}}, BackReset},
		{"PasswordByHand", LockoutRecords{Helped: []Operation{did(ActSetPassword, 10)}}, BackReset},
		{"Helped", LockoutRecords{Helped: []Operation{did(ActRevokeSessions, 10)}, Resets: []time.Time{at(12)}}, BackHelped},
		{"HelpedBefore", LockoutRecords{Helped: []Operation{did(ActUnlock, -1)}}, BackAlone},
		{"HelpedAfter", LockoutRecords{Helped: []Operation{did(ActUnlock, 31)}}, BackAlone},
		{"HelpedAtOnce", LockoutRecords{Helped: []Operation{did(ActUnlock, 30)}}, BackUnlocked},
		{"ByReset", LockoutRecords{Resets: []time.Time{at(-5), at(25)}, Locks: []Lock{ran}}, BackByReset},
		{"RanOut", LockoutRecords{Resets: []time.Time{at(-5), at(35)}, Locks: []Lock{ran}}, BackRanOut},
		{"ReleasedFirst", LockoutRecords{Locks: []Lock{released}}, BackReleased},
	} {
		t.Run(step.name, func(t *testing.T) {
			f := failingsOf(attemptsAt(t, "0 wrong_password, 30 success"))[0]
			if got := howBack(f, step.records); got != step.want {
				t.Errorf("it was %s, want %s", got, step.want)
			}
		})
	}
}

// TestMedianOf: of an even number the mean of the middle two, cut to seconds.
func TestMedianOf(t *testing.T) {
	for _, step := range []struct {
		times         []time.Duration
		median, worst time.Duration
	}{
		{nil, 0, 0},
		{[]time.Duration{1500 * time.Millisecond}, time.Second, time.Second},
		{[]time.Duration{9 * time.Second, 2 * time.Second}, 5 * time.Second, 9 * time.Second},
		{[]time.Duration{hour, minute, 2 * minute}, 2 * minute, hour},
		{[]time.Duration{4 * minute, hour, minute, 3 * minute}, 3*minute + 30*time.Second, hour},
	} {
		before := slices.Clone(step.times)
		median, worst := medianOf(step.times)
		if median != step.median || worst != step.worst || !slices.Equal(before, step.times) {
			t.Errorf("of %v the median is %s and the worst %s, want %s and %s", before, median, worst, step.median, step.worst)
		}
	}
}
