package actions

import (
	"testing"
	"time"
)

// burstAway is 20 wrong passwords from away, the first an hour ago, the last
// span later.
func burstAway(span time.Duration) option {
	return all(times(19, hour, tick, wrongFrom(away)), tried(hour-span, WrongPassword, from(away)))
}

// burstHome is the same from home, with a success from there the day before.
func burstHome() option {
	return all(tried(30*hour, Success), times(20, hour, second, wrongFrom(home)))
}

// spread is n wrong passwords from so many networks, the first 2 hours ago, the
// last span later.
func spread(n, networks int, span time.Duration) option {
	return func(s *scene) {
		for i := range n {
			ago := 2*hour - time.Duration(i)*second
			if i == n-1 {
				ago = 2*hour - span
			}
			tried(ago, WrongPassword, from(network(i%networks)))(s)
		}
	}
}

func TestUnderAttack(t *testing.T) {
	ended := func(outcome Outcome) func(time.Duration) option {
		return func(ago time.Duration) option { return tried(ago, outcome, from(away)) }
	}
	holds(t, CauseUnderAttack, []row{
		{"TwentyInTenMinutes", burstAway(10 * minute), Indicated},
		{"TwentyInMore", burstAway(10*minute + tick), absent},
		{"Nineteen", times(19, hour, second, wrongFrom(away)), absent},
		{"TenFromFiveNetworksInAnHour", spread(10, 5, hour), Indicated},
		{"TenFromFiveNetworksInMore", spread(10, 5, hour+tick), absent},
		{"NineFromFiveNetworks", spread(9, 5, hour), absent},
		{"TenFromFourNetworks", spread(10, 4, hour), absent},
		{"Locked", times(20, hour, second, ended(LockedOut)), Indicated},
		{"MFAFailed", times(20, hour, second, ended(MFAFailed)), Indicated},
		{"CodeWrong", times(20, hour, second, ended(CodeWrong)), Indicated},
		{"UnknownUsernameDoesNotCount", times(20, hour, second, ended(UnknownUsername)), absent},
		{"ExpiredDoesNotCount", times(20, hour, second, ended(ExpiredOut)), absent},
		{"BeganExactlyADayAgo", times(20, aDay, second, wrongFrom(away)), Indicated},
		{"FirstOfTwentyBeforeTheDay", times(20, aDay+tick, tick, wrongFrom(away)), absent},
		{"LastOneNow", times(20, 19*second, second, wrongFrom(away)), Indicated},
		{"LastOneInTheFuture", times(20, 19*second-tick, second, wrongFrom(away)), absent},
		{"FromStaff", times(20, hour, second, wrongFrom(staff)), absent},
		{"PartOfALongerRun", all(times(5, 3*hour, 10*minute, wrongFrom(away)), burstAway(minute)), Indicated},
		{"OtherOutcomesBetween", all(burstAway(9*minute), times(30, hour, second, ended(NotPublished))), Indicated},
	})
	helps(t, leads(t, CauseUnderAttack, burstAway(minute), lockedFor(LockAttempts, hour)), Escalate)
}

// A burst is foreign when any of its failures comes from a network that wasn't
// the user's own when it began.
func TestUnderAttackOwnNetwork(t *testing.T) {
	const month = 30 * aDay
	fromHome := times(20, hour, second, wrongFrom(home))
	mapped := func(a *Attempt) { a.IP = "::ffff:" + home }
	holds(t, CauseUnderAttack, []row{
		{"OwnSinceExactly30Days", all(tried(hour+month, Success), fromHome), absent},
		{"OwnBefore30Days", all(tried(hour+month+tick, Success), fromHome), Indicated},
		{"OwnWhenItBegan", all(tried(hour, Success), fromHome), absent},
		{"OwnOnlyAfterItBegan", all(fromHome, tried(hour-tick, Success)), Indicated},
		{"SameNetworkOtherAddress", all(tried(2*hour, Success, from("192.0.2.200")), fromHome), absent},
		{"NextNetwork", all(tried(2*hour, Success, from("192.0.3.10")), fromHome), Indicated},
		{"MappedIPv4IsIPv4", all(tried(2*hour, Success, mapped), fromHome), absent},
		{"SuccessByStaffElsewhere", all(tried(2*hour, Success, from(staff)), fromHome), Indicated},
		{"OneOfThemForeign", all(tried(2*hour, Success), times(19, hour, second, wrongFrom(home)), wrongFrom(away)(50*minute)), Indicated},
		{"OneWithoutAddress", all(tried(2*hour, Success), times(19, hour, second, wrongFrom(home)), wrongFrom("")(50*minute)), Indicated},
		{"AllWithoutAddress", all(tried(2*hour, Success, from("")), times(20, hour, second, wrongFrom(""))), Indicated},
	})
}

func TestUnderAttackIPv6(t *testing.T) {
	v6 := func(ip string) option {
		return all(tried(2*hour, Success, from(ip)), times(20, hour, second, wrongFrom("2001:db8:1::1")))
	}
	holds(t, CauseUnderAttack, []row{
		{"SamePrefix48", v6("2001:db8:1:ffff::2"), absent},
		{"OtherPrefix48", v6("2001:db8:2::1"), Indicated},
	})
}

// An attempt without an address is no network itself.
func TestUnderAttackNoAddressIsNoNetwork(t *testing.T) {
	nameless := times(6, 2*hour, second, wrongFrom(""))
	four := all(wrongFrom(network(1))(110*minute), wrongFrom(network(2))(110*minute), wrongFrom(network(3))(110*minute), wrongFrom(network(4))(110*minute))
	holds(t, CauseUnderAttack, []row{
		{"FourNetworksAndNone", all(nameless, four), absent},
		{"FiveNetworksAndNone", all(nameless, four, wrongFrom(network(5))(110*minute)), Indicated},
		{"UnreadableAddress", all(nameless, four, wrongFrom("not an address")(110*minute)), absent},
	})
}

func TestAccountTakenOver(t *testing.T) {
	const last = hour - 9*minute // of the burst
	burst := burstAway(9 * minute)
	entry := func(ago time.Duration, ip string) option { return tried(ago, Success, from(ip)) }
	holds(t, CauseAccountTakenOver, []row{
		{"TenMinutesAfterTheLast", all(burst, entry(last-10*minute, away)), Indicated},
		{"Later", all(burst, entry(last-10*minute-tick, away)), absent},
		{"JustAfterTheFirst", all(burst, entry(hour-tick, away)), Indicated},
		{"AtTheFirstImportedLater", all(burst, entry(hour, away)), absent}, // own from that moment on
		{"BetweenThem", all(burst, entry(hour-minute, away)), Indicated},
		{"FromAnotherNetwork", all(burst, entry(last-minute, "203.0.114.10")), absent},
		{"FromTheSameNetwork", all(burst, entry(last-minute, "203.0.113.99")), Indicated},
		{"FromHome", all(burst, entry(last-minute, home)), absent},
		{"ByStaff", all(times(20, hour, second, wrongFrom(staff)), entry(last-minute, staff)), absent},
		{"InTheFuture", all(times(20, 5*minute, second, wrongFrom(away)), entry(-tick, away)), absent},
		{"Now", all(times(20, 5*minute, second, wrongFrom(away)), entry(0, away)), Indicated},
		{"NoBurst", all(wrongFrom(away)(hour), entry(last, away)), absent},
		{"BurstIsNotForeign", all(burstHome(), tried(58*minute, Success)), absent},
		{"WithoutAddress", all(times(20, hour, second, wrongFrom("")), entry(last, "")), absent},
		{"OfAPartOfALongerRun", all(times(60, 3*hour, minute/2, wrongFrom(away)), entry(141*minute, away)), Indicated},
	})
	helps(t, leads(t, CauseAccountTakenOver, burst, entry(last-minute, away)), RevokeSessions, Escalate)
	if got := gradeOf(stage(burst, entry(last-minute, away)).judge(), CauseUnderAttack); got != Indicated {
		t.Errorf("a takeover is an attack too, but that is graded %q", got)
	}
}

// A foreign network of the burst lets the stranger in; one that was the user's
// own when it began doesn't, though failures came from there too.
func TestAccountTakenOverFromForeignOnly(t *testing.T) {
	mixed := all(tried(2*hour, Success), times(15, hour, second, wrongFrom(home)), times(10, hour-20*second, second, wrongFrom(away)))
	holds(t, CauseAccountTakenOver, []row{
		{"FromOwn", all(mixed, tried(55*minute, Success)), absent},
		{"FromForeign", all(mixed, tried(55*minute, Success, from(away))), Indicated},
	})
	f := leads(t, CauseAccountTakenOver, mixed, tried(56*minute, Success, from(away)), tried(55*minute, Success))
	if e := f.Evidence[0]; !e.At.Equal(noon.Add(-56 * minute)) {
		t.Errorf("the evidence is %+v, not the stranger's success", e)
	}
}

func TestStaleSavedPassword(t *testing.T) {
	holds(t, CauseStaleSavedPassword, []row{
		{"FromOwnNetwork", burstHome(), Indicated},
		{"FromOwnNetworks", all(times(5, 40*hour, minute, successFromMany()), spread(10, 5, hour)), Indicated},
		{"AnotherIsForeign", all(burstHome(), spread(10, 5, hour)), absent},
		{"ForeignOnly", burstAway(minute), absent},
		{"NoBurst", all(tried(30*hour, Success), times(19, hour, second, wrongFrom(home))), absent},
		{"SinceADay", all(tried(40*hour, Success), times(20, aDay, tick, wrongFrom(home))), Indicated},
		{"BeforeADay", all(tried(40*hour, Success), times(20, aDay+tick, tick, wrongFrom(home))), absent},
	})
	helps(t, leads(t, CauseStaleSavedPassword, burstHome()), FindStaleDevice, Unlock)
}

// successFromMany succeeds from the next of many networks each time.
func successFromMany() func(time.Duration) option {
	n := -1
	return func(ago time.Duration) option {
		n++
		return tried(ago, Success, from(network(n)))
	}
}

func TestCredentialShared(t *testing.T) {
	holds(t, CauseCredentialShared, []row{
		{"Locked", lockedFor(LockSharing, hour), Proven},
		{"Released", lockedFor(LockSharing, 2*hour, released(hour)), absent},
		{"ReleasedNow", lockedFor(LockSharing, 2*hour, released(0)), absent},
		{"ReleasedInATick", lockedFor(LockSharing, 2*hour, released(-tick)), Proven},
		{"OtherKind", lockedFor(LockManual, hour), absent},
		{"EndedShared", tried(hour, Shared), Indicated},
		{"EndedSharedLongAgo", tried(RecentWindow, Shared), absent},
		{"BothIsProvenOnce", all(lockedFor(LockSharing, hour), tried(hour, Shared)), Proven},
	})
	helps(t, leads(t, CauseCredentialShared, lockedFor(LockSharing, hour)), ChangePassword, Reenable)
}
