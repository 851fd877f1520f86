package actions

import (
	"testing"
	"time"
)

func TestMFAFailed(t *testing.T) {
	holds(t, CauseMFAFailed, ended(MFAFailed, Proven))
	helps(t, leads(t, CauseMFAFailed, tried(hour, MFAFailed)), ResetFactor)
}

func TestCodeSuperseded(t *testing.T) {
	failed := tried(minute, CodeWrong)
	two := func(first, second time.Duration) option {
		return all(coded(minute+first, ChannelEmail), coded(minute+second, ChannelSMS), failed)
	}
	holds(t, CauseCodeSuperseded, ended(CodeSuperseded, Proven))
	holds(t, CauseCodeSuperseded, []row{
		{"TwoCodesInTheHour", two(30*minute, 5*minute), Indicated},
		{"OneCode", all(coded(5*minute, ChannelEmail), failed), absent},
		{"OneExactlyAnHourBefore", two(hour, 5*minute), Indicated},
		{"OneMoreThanAnHourBefore", two(hour+tick, 5*minute), absent},
		{"OneAtTheAttempt", two(30*minute, 0), Indicated},
		{"OneAfterTheAttempt", two(30*minute, -tick), absent},
		{"TwoInTheHourBeforeTheMoment", all(tried(2*hour, CodeWrong), coded(minute, ChannelEmail), coded(minute, ChannelEmail)), absent},
		{"ProvenOnce", all(coded(5*minute, ChannelEmail), coded(3*minute, ChannelEmail), tried(minute, CodeSuperseded)), Proven},
		{"EndedElse", all(coded(5*minute, ChannelEmail), coded(3*minute, ChannelEmail), tried(minute, CodeExpired)), absent},
	})
	helps(t, leads(t, CauseCodeSuperseded, two(30*minute, 5*minute)), NewestCode)
}

func TestCodeExpired(t *testing.T) {
	holds(t, CauseCodeExpired, ended(CodeExpired, Proven))
	helps(t, leads(t, CauseCodeExpired, tried(hour, CodeExpired)), NewCode)
}

func TestCodeWrong(t *testing.T) {
	wrong := tried(minute, CodeWrong)
	holds(t, CauseCodeWrong, ended(CodeWrong, Proven))
	holds(t, CauseCodeWrong, []row{
		{"NoCode", wrong, Proven},
		{"OneCode", all(coded(5*minute, ChannelEmail), wrong), Proven},
		{"TwoCodes", all(coded(5*minute, ChannelEmail), coded(3*minute, ChannelEmail), wrong), absent},
		{"OneCodeAndOneLongBefore", all(coded(minute+hour+tick, ChannelEmail), coded(3*minute, ChannelEmail), wrong), Proven},
		{"OneCodeAndOneAnHourBefore", all(coded(minute+hour, ChannelEmail), coded(3*minute, ChannelEmail), wrong), absent},
	})
	helps(t, leads(t, CauseCodeWrong, wrong), NewestCode)
}

// codesUsed are n codes, used a day apart, the last of them ago.
func codesUsed(n int, ago time.Duration) option {
	return times(n, ago+time.Duration(n-1)*aDay, aDay, codeUsed)
}

func TestDeviceUnrecognised(t *testing.T) {
	seen := tried(25*aDay, WrongPassword, on("laptop"))
	success := func(ago time.Duration, device string) option { return tried(ago, Success, on(device)) }
	holds(t, CauseDeviceUnrecognised, []row{
		{"Three", codesUsed(3, hour), Indicated},
		{"Two", codesUsed(2, hour), absent},
		{"OldestJustRecent", codesUsed(3, 5*aDay-tick), Indicated},
		{"OldestTooLongAgo", codesUsed(3, 5*aDay), absent},
		{"NewestNow", codesUsed(3, 0), Indicated},
		{"NewestInTheFuture", codesUsed(3, -tick), absent},
		{"Unused", times(3, hour, minute, func(ago time.Duration) option { return coded(ago, ChannelEmail) }), absent},
		{"OneOnAKnownDevice", all(codesUsed(3, hour), seen, success(hour, "laptop")), absent},
		{"KnownDeviceFiveMinutesBefore", all(codesUsed(3, hour), seen, success(hour+5*minute, "laptop")), absent},
		{"KnownDeviceEarlier", all(codesUsed(3, hour), seen, success(hour+5*minute+tick, "laptop")), Indicated},
		{"KnownDeviceFiveMinutesAfter", all(codesUsed(3, hour), seen, success(hour-5*minute, "laptop")), absent},
		{"KnownDeviceLater", all(codesUsed(3, hour), seen, success(hour-5*minute-tick, "laptop")), Indicated},
		{"OneOnANewDevice", all(codesUsed(3, hour), seen, success(hour, "phone")), Indicated},
		{"WithoutADevice", all(codesUsed(3, hour), tried(25*aDay, WrongPassword, on("")), success(hour, "")), Indicated},
		{"SeenOnlyInTheFuture", all(codesUsed(3, hour), tried(-tick, WrongPassword, on("laptop")), success(hour, "laptop")), Indicated},
		{"SeenOnlyAfterwards", all(codesUsed(3, hour), success(hour, "laptop"), tried(minute, WrongPassword, on("laptop"))), Indicated},
		{"SeenByStaffOnly", all(codesUsed(3, hour), tried(25*aDay, Success, on("laptop"), from(staff)), success(hour, "laptop")), Indicated},
		{"SeenAtTheSameInstantBefore", all(codesUsed(3, hour), tried(hour, WrongPassword), success(hour, "laptop")), absent},
		{"KnownByASuccessByStaff", all(codesUsed(3, hour), seen, tried(hour, Success, from(staff))), Indicated},
		{"AFourthOneUnknown", all(codesUsed(4, hour), seen, success(hour, "laptop")), Indicated},
	})
	helps(t, leads(t, CauseDeviceUnrecognised, codesUsed(3, hour)), KeepCookies)
}

// A device seen long ago, in what a snapshot carries as a sighting.
func TestDeviceUnrecognisedLongAgo(t *testing.T) {
	sighted := func(s *scene) {
		s.Sightings = append(s.Sightings, Attempt{At: noon.Add(-200 * aDay), DeviceID: "laptop", Outcome: WrongPassword, IP: home})
	}
	holds(t, CauseDeviceUnrecognised, []row{
		{"Sighted", all(codesUsed(3, hour), sighted, tried(hour, Success)), absent},
		{"NotSighted", all(codesUsed(3, hour), tried(hour, Success)), Indicated},
	})
}
