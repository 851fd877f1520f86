package actions

import (
	"strings"
	"testing"
	"time"
)

// ended are the rows that hold for every cause which the last attempt proves.
func ended(outcome Outcome, want Grade) []row {
	return []row{
		{"EndedSo", tried(hour, outcome), want},
		{"EndedSoNow", tried(0, outcome), want},
		{"EndsSoInTheFuture", tried(-tick, outcome), absent},
		{"EndedSoJustRecently", tried(RecentWindow-tick, outcome), want},
		{"EndedSoTooLongAgo", tried(RecentWindow, outcome), absent},
		{"ANewerEndedElse", all(tried(hour, outcome), tried(hour-tick, ExpiredOut)), absent},
		{"AtTheSameInstantImportedBefore", all(tried(hour, outcome), tried(hour, ExpiredOut)), absent},
		{"AtTheSameInstantImportedAfter", all(tried(hour, ExpiredOut), tried(hour, outcome)), want},
		{"ANewerIsAStaffSuccess", all(tried(hour, outcome), tried(minute, Success, from(staff))), want},
		{"ANewerIsAStaffSuccessByMappedIPv4", all(tried(hour, outcome), tried(minute, Success, from("::ffff:"+staff))), want},
		{"ByStaff", tried(hour, outcome, from(staff)), absent},
		{"SucceededSince", all(tried(hour, outcome), tried(minute, Success)), absent},
	}
}

func TestIPBlocked(t *testing.T) {
	holds(t, CauseIPBlocked, ended(IPBlocked, Proven))
	helps(t, leads(t, CauseIPBlocked, tried(hour, IPBlocked)), OtherNetwork, Escalate)
}

func TestPasswordExpired(t *testing.T) {
	mustReset := user(func(u *User) { u.MustReset = true })
	holds(t, CausePasswordExpired, ended(PasswordExpired, Proven))
	holds(t, CausePasswordExpired, []row{
		{"MustReset", mustReset, Proven},
		{"MustResetAndNotIn", all(mustReset, tried(hour, WrongPassword)), Proven},
		{"MustResetAndIn", all(mustReset, tried(hour, Success)), absent},
		{"MustResetAndInLongAgo", all(mustReset, tried(RecentWindow, Success)), Proven},
	})
	helps(t, leads(t, CausePasswordExpired, mustReset, tried(hour, WrongPassword)), SendReset)
}

func TestWrongLoginMethod(t *testing.T) {
	none := user(func(u *User) { u.HasPassword, u.LoginMethods = false, []string{"google"} })
	holds(t, CauseWrongLoginMethod, ended(WrongMethod, Indicated))
	holds(t, CauseWrongLoginMethod, []row{
		{"WrongPassword", all(none, tried(hour, WrongPassword)), Proven},
		{"WrongMethod", all(none, tried(hour, WrongMethod)), Proven},
		{"FollowedByAnother", all(none, tried(hour, WrongPassword), tried(minute, MFAFailed)), Proven},
		{"BeforeASuccess", all(none, tried(3*hour, WrongPassword), tried(2*hour, Success), tried(hour, MFAFailed)), Proven},
		{"JustRecent", all(none, tried(RecentWindow-tick, WrongPassword)), Proven},
		{"TooLongAgo", all(none, tried(RecentWindow, WrongPassword)), absent},
		{"In", all(none, tried(hour, WrongPassword), tried(minute, Success)), absent},
		{"OtherOutcome", all(none, tried(hour, MFAFailed)), absent},
		{"HasPassword", tried(hour, WrongPassword), absent},
		{"ByStaff", all(none, tried(hour, WrongPassword, from(staff))), absent},
	})
	f := leads(t, CauseWrongLoginMethod, none, tried(hour, WrongPassword))
	helps(t, f, UseProviderLogin)
	if !strings.Contains(f.Evidence[1].Text, "google") {
		t.Errorf("the evidence is %+v", f.Evidence)
	}
}

func TestVPNInterference(t *testing.T) {
	const month = 30 * aDay
	failed := tried(hour, MFAFailed, overVPN)
	success := tried(10*aDay, Success)
	with := func(options ...option) option { return all(success, all(options...)) }
	holds(t, CauseVPNInterference, []row{
		{"OverAVPN", with(failed), Indicated},
		{"OneWithout", with(failed, tried(minute, MFAFailed)), absent},
		{"OneWithoutBeforeTheSuccess", all(tried(11*aDay, MFAFailed), success, failed), Indicated},
		{"OneWithoutAtTheSuccessImportedBefore", all(tried(2*aDay, MFAFailed), tried(2*aDay, Success), failed), Indicated},
		{"OneWithoutAtTheSuccessImportedAfter", all(tried(2*aDay, Success), tried(2*aDay, MFAFailed), failed), absent},
		{"OneWithoutNotRecent", with(tried(RecentWindow, MFAFailed), failed), Indicated},
		{"OneWithoutJustRecent", with(tried(RecentWindow-tick, MFAFailed), failed), absent},
		{"OneWithoutByStaff", with(failed, tried(minute, MFAFailed, from(staff))), Indicated},
		{"AWrongPassword", with(tried(2*hour, WrongPassword, overVPN), failed), absent},
		{"AnUnknownUsername", with(tried(2*hour, UnknownUsername, overVPN), failed), absent},
		{"SuccessExactly30DaysAgo", all(tried(month, Success), failed), Indicated},
		{"SuccessBefore30Days", all(tried(month+tick, Success), failed), absent},
		{"SuccessOverAVPN", all(tried(10*aDay, Success, overVPN), failed), absent},
		{"AnOlderSuccessWithout", all(success, tried(9*aDay, Success, overVPN), failed), Indicated},
		{"SuccessByStaff", all(tried(10*aDay, Success, from(staff)), failed), absent},
		{"NeverSucceeded", failed, absent},
		{"NotTried", success, absent},
		{"TriedTooLongAgo", with(tried(RecentWindow, MFAFailed, overVPN)), absent},
		{"In", with(failed, tried(minute, Success, overVPN)), absent},
	})
	helps(t, leads(t, CauseVPNInterference, success, failed), VPNOff)
}

func TestNotPublished(t *testing.T) {
	holds(t, CauseNotPublished, ended(NotPublished, Proven))
	helps(t, leads(t, CauseNotPublished, tried(hour, NotPublished)), AskPublisher)
}

func cannotTell(s *scene) { s.abilities.TellsUnknownUser = false }

func TestWrongPassword(t *testing.T) {
	holds(t, CauseWrongPassword, ended(WrongPassword, Proven))
	holds(t, CauseWrongPassword, []row{
		{"DirectoryCannotTell", all(cannotTell, tried(hour, WrongPassword)), Indicated},
	})
	helps(t, leads(t, CauseWrongPassword, tried(hour, WrongPassword)), SendReset)
	f := leads(t, CauseWrongPassword, cannotTell, tried(hour, WrongPassword))
	if !strings.Contains(f.Summary, "wrong username or password") {
		t.Errorf("the summary is %q", f.Summary)
	}
}

func TestWrongPasswordCountsSinceTheSuccess(t *testing.T) {
	f := leads(t, CauseWrongPassword, tried(5*hour, WrongPassword), tried(4*hour, Success), wrong(3, hour))
	if !strings.Contains(f.Summary, "3 times") {
		t.Errorf("the summary is %q", f.Summary)
	}
}

func TestNoAttemptsSeen(t *testing.T) {
	holds(t, CauseNoAttemptsSeen, []row{
		{"NeverTried", stayed, Unknown},
		{"TriedLongAgo", tried(RecentWindow, WrongPassword), Unknown},
		{"TriedJustRecently", tried(RecentWindow-tick, WrongPassword), absent},
		{"TriedByStaff", tried(hour, WrongPassword, from(staff)), Unknown},
		{"TriesInTheFuture", tried(-tick, WrongPassword), Unknown},
		{"Invited", status(UserInvited), absent},
		{"SomethingElseHolds", lockedFor(LockManual, hour), absent},
		{"AShareIsSuspectedOfLongAgo", successes(5, hour, RecentWindow), Unknown},
	})
	helps(t, leads(t, CauseNoAttemptsSeen), AskWhere)
}

// How fresh the records are is what this unknown rests on.
func TestNoAttemptsSeenShowsFreshness(t *testing.T) {
	newest := func(at time.Time) option { return func(s *scene) { s.NewestAttempt = at } }
	for _, row := range []struct {
		name     string
		at, want time.Time
	}{
		{"NewestAttempt", noon.Add(-hour), noon.Add(-hour)},
		{"None", time.Time{}, noon},
		{"InTheFuture", noon.Add(tick), noon},
	} {
		t.Run(row.name, func(t *testing.T) {
			if e := leads(t, CauseNoAttemptsSeen, newest(row.at)).Evidence[0]; !e.At.Equal(row.want) {
				t.Errorf("the evidence is %+v", e)
			}
		})
	}
}

func TestUnexplained(t *testing.T) {
	holds(t, CauseUnexplained, []row{
		{"EndedUnknownUsername", tried(hour, UnknownUsername), Unknown},
		{"EndedExplained", tried(hour, WrongPassword), absent},
		{"In", tried(hour, Success), absent},
		{"NotTried", stayed, absent},
	})
	helps(t, leads(t, CauseUnexplained, tried(hour, UnknownUsername)), Escalate)
}

func TestLooksFine(t *testing.T) {
	holds(t, CauseLooksFine, []row{
		{"In", tried(hour, Success), Proven},
		{"InNow", tried(0, Success), Proven},
		{"InTooLongAgo", tried(RecentWindow, Success), absent},
		{"InJustRecently", tried(RecentWindow-tick, Success), Proven},
		{"FailedBefore", all(tried(2*hour, WrongPassword), tried(hour, Success)), Proven},
		{"FailedSince", all(tried(2*hour, Success), tried(hour, WrongPassword)), absent},
		{"SomethingElseHolds", all(tried(hour, Success), lockedFor(LockManual, minute)), absent},
		{"AShareIsSuspected", successes(5, hour, hour), absent},
		{"ByStaff", tried(hour, Success, from(staff)), absent},
		{"MailTroubleOfBefore", all(suppressed(hour, ListGlobal), tried(minute, Success)), Proven},
	})
	helps(t, leads(t, CauseLooksFine, tried(hour, Success)))
}
