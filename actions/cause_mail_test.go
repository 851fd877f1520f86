package actions

import (
	"testing"
	"time"
)

// ago is how long before the moment something was.
type ago = time.Duration

func TestEmailMissing(t *testing.T) {
	missing := user(func(u *User) { u.Email = "" })
	holds(t, CauseEmailMissing, []row{
		{"Missing", missing, Proven},
		{"MissingAndNotIn", all(missing, tried(hour, WrongPassword)), Proven},
		{"MissingAndIn", all(missing, tried(hour, Success)), absent},
		{"MissingAndInLongAgo", all(missing, tried(RecentWindow, Success)), Proven},
		{"MissingAndInJustRecently", all(missing, tried(RecentWindow-tick, Success)), absent},
		{"OnFile", stayed, absent},
	})
	helps(t, leads(t, CauseEmailMissing, missing), ChangeEmail)
}

// stayed changes nothing.
func stayed(*scene) {}

func TestEmailSuppressed(t *testing.T) {
	holds(t, CauseEmailSuppressed, []row{
		{"Bounce", suppressed(hour, ListBounce), Proven},
		{"Complaint", suppressed(hour, ListComplaint), Proven},
		{"Block", suppressed(hour, ListBlock), Proven},
		{"Global", suppressed(900*aDay, ListGlobal), Proven},
		{"Unsubscribe", suppressed(hour, ListUnsubscribe), absent},
		{"UnsubscribeAndGlobal", all(suppressed(hour, ListUnsubscribe), suppressed(hour, ListGlobal)), Proven},
		{"SinceNow", suppressed(0, ListBlock), Proven},
		{"SinceInATick", suppressed(-tick, ListBlock), absent},
		{"In", all(suppressed(hour, ListBlock), tried(hour, Success)), absent},
		{"NotIn", all(suppressed(hour, ListBlock), tried(hour, WrongPassword)), Proven},
	})
	helps(t, leads(t, CauseEmailSuppressed, suppressed(hour, ListGlobal), tried(hour, WrongPassword)), Escalate)
}

// current are the rows that hold for every cause that looks at current mail:
// the record is recent, and newer than the newest success.
func current(sent func(ago ago) option, want Grade) []row {
	return []row{
		{"SentJustRecently", sent(RecentWindow - tick), want},
		{"SentTooLongAgo", sent(RecentWindow), absent},
		{"SentInTheFuture", sent(-tick), absent},
		{"In", all(sent(hour), tried(minute, Success)), absent},
		{"SentAfterTheSuccess", all(tried(hour+tick, Success), sent(hour), tried(minute, WrongPassword)), want},
		{"SentAtTheSuccess", all(tried(hour, Success), sent(hour), tried(minute, WrongPassword)), absent},
		{"SentBeforeTheSuccess", all(sent(hour), tried(hour-tick, Success), tried(minute, WrongPassword)), absent},
		{"SentBeforeASuccessOfStaff", all(sent(hour), tried(minute, Success, from(staff)), tried(minute, WrongPassword)), want},
	}
}

func TestEmailBounced(t *testing.T) {
	sent := func(status DeliveryStatus) func(ago) option {
		return func(ago ago) option { return mailed(ago, DeliveryNotice, status) }
	}
	holds(t, CauseEmailBounced, []row{
		{"Bounced", sent(Bounced)(hour), Proven},
		{"Complained", sent(Complained)(hour), Proven},
		{"Suppressed", sent(Suppressed)(hour), Proven},
		{"Failed", sent(Failed)(hour), Proven},
		{"Delivered", sent(Delivered)(hour), absent},
		{"Opened", sent(Opened)(hour), absent},
		{"Sent", sent(Sent)(hour), absent},
		{"Deferred", sent(Deferred)(hour), absent},
		{"Now", sent(Bounced)(0), Proven},
		{"ANewerOneGotThrough", all(sent(Bounced)(hour), sent(Delivered)(hour-tick)), absent},
		{"AnOlderOneGotThrough", all(sent(Delivered)(hour+tick), sent(Bounced)(hour)), Proven},
		{"AtTheSameInstantImportedBefore", all(sent(Bounced)(hour), sent(Delivered)(hour)), absent},
		{"AtTheSameInstantImportedAfter", all(sent(Delivered)(hour), sent(Bounced)(hour)), Proven},
		{"ANewerOneInTheFuture", all(sent(Bounced)(hour), sent(Delivered)(-tick)), Proven},
		{"ToTheMobile", texted(hour, DeliveryNotice, Bounced), absent},
	})
	holds(t, CauseEmailBounced, current(sent(Bounced), Proven))
	helps(t, leads(t, CauseEmailBounced, sent(Bounced)(hour), tried(minute, WrongPassword)), ChangeEmail, Escalate)
}

func TestSMSUndelivered(t *testing.T) {
	sent := func(status DeliveryStatus) func(ago) option {
		return func(ago ago) option { return texted(ago, DeliveryCode, status) }
	}
	holds(t, CauseSMSUndelivered, []row{
		{"Bounced", sent(Bounced)(hour), Proven},
		{"Failed", sent(Failed)(hour), Proven},
		{"Suppressed", sent(Suppressed)(hour), Proven},
		{"Complained", sent(Complained)(hour), Proven},
		{"Delivered", sent(Delivered)(hour), absent},
		{"Queued", sent(Queued)(hour), absent},
		{"ANewerOneGotThrough", all(sent(Failed)(hour), sent(Delivered)(minute)), absent},
		{"ToTheAddress", mailed(hour, DeliveryCode, Failed), absent},
	})
	holds(t, CauseSMSUndelivered, current(sent(Failed), Proven))
	helps(t, leads(t, CauseSMSUndelivered, sent(Failed)(hour), tried(minute, MFAFailed)), ChangeMobile)
}

func TestEmailDelayed(t *testing.T) {
	sent := func(status DeliveryStatus) func(ago) option {
		return func(ago ago) option { return mailed(ago, DeliveryLoginLink, status) }
	}
	holds(t, CauseEmailDelayed, []row{
		{"Deferred", sent(Deferred)(hour), Proven},
		{"DeferredNow", sent(Deferred)(0), Proven},
		{"QueuedForFifteenMinutes", sent(Queued)(15 * minute), absent},
		{"QueuedForMore", sent(Queued)(15*minute + tick), Proven},
		{"Sent", sent(Sent)(hour), absent},
		{"ANewerOneWasSent", all(sent(Deferred)(hour), sent(Sent)(minute)), absent},
		{"ANewerOneWaitsShortly", all(sent(Deferred)(hour), sent(Queued)(minute)), absent},
		{"ToTheMobile", texted(hour, DeliveryCode, Deferred), absent},
	})
	holds(t, CauseEmailDelayed, current(sent(Deferred), Proven))
	helps(t, leads(t, CauseEmailDelayed, sent(Deferred)(hour), tried(minute, WrongPassword)), WaitAndResend)
}

func TestResetLinkExpired(t *testing.T) {
	sent := func(ago ago) option { return linked(ago, expiresAgo(max(0, ago-minute))) }
	holds(t, CauseResetLinkExpired, []row{
		{"RanOutNow", linked(hour, expiresAgo(0)), Proven},
		{"RunsOutInATick", linked(hour, expiresAgo(-tick)), absent},
		{"Used", linked(hour, usedAfter(minute), expiresAgo(minute)), absent},
		{"UsedNow", linked(hour, usedAfter(hour), expiresAgo(minute)), absent},
		{"UsedInTheFuture", linked(hour, usedAfter(hour+tick), expiresAgo(minute)), Proven},
		{"ANewerOneIsValid", all(linked(2*hour), linked(minute)), absent},
		{"ANewerOneComesInTheFuture", all(linked(2*hour), linked(-tick)), Proven},
		{"AtTheSameInstantImportedAfter", all(linked(2*hour, usedAfter(minute)), linked(2*hour)), Proven},
		{"AtTheSameInstantImportedBefore", all(linked(2*hour), linked(2*hour, usedAfter(minute))), absent},
	})
	holds(t, CauseResetLinkExpired, current(sent, Proven))
	helps(t, leads(t, CauseResetLinkExpired, linked(hour), tried(minute, WrongPassword)), SendReset)
}

func TestResetLinkConsumed(t *testing.T) {
	used := func(after ago) option { return linked(hour, usedAfter(after)) }
	failed := tried(minute, WrongPassword)
	holds(t, CauseResetLinkConsumed, []row{
		{"WithinSixtySeconds", all(used(60*second), failed), Indicated},
		{"Later", all(used(60*second+tick), failed), absent},
		{"AtOnce", all(used(0), failed), Indicated},
		{"Unused", all(linked(hour), failed), absent},
		{"UsedInTheFuture", all(linked(second, usedAfter(second+tick)), tried(0, WrongPassword)), absent},
		{"NoFailure", used(second), absent},
		{"FailureBeforeTheUse", all(used(second), tried(hour, WrongPassword)), absent},
		{"FailureAtTheUse", all(used(second), tried(hour-second, WrongPassword)), absent},
		{"FailureJustAfterTheUse", all(used(second), tried(hour-second-tick, WrongPassword)), Indicated},
		{"FailureOfStaff", all(used(second), tried(minute, WrongPassword, from(staff))), absent},
		{"FailureInTheFuture", all(used(second), tried(-tick, WrongPassword)), absent},
		{"AnyFailure", all(used(second), tried(minute, NotPublished)), Indicated},
		{"ANewerOneIsUnused", all(used(second), linked(minute), failed), absent},
	})
	sent := func(ago ago) option { return all(linked(ago, usedAfter(second)), tried(0, WrongPassword)) }
	holds(t, CauseResetLinkConsumed, []row{
		{"SentJustRecently", sent(RecentWindow - tick), Indicated},
		{"SentTooLongAgo", sent(RecentWindow), absent},
		{"In", all(used(second), failed, tried(second, Success)), absent},
		{"SentAtTheSuccess", all(tried(hour, Success), used(second), failed), absent},
		{"SentAfterTheSuccess", all(tried(hour+tick, Success), used(second), failed), Indicated},
	})
	helps(t, leads(t, CauseResetLinkConsumed, used(second), failed), SendReset)
}

func TestEmailUnseen(t *testing.T) {
	sent := func(kind DeliveryKind, status DeliveryStatus) func(ago) option {
		return func(ago ago) option { return mailed(ago, kind, status) }
	}
	reset, code := sent(DeliveryPasswordReset, Delivered), sent(DeliveryCode, Delivered)
	holds(t, CauseEmailUnseen, []row{
		{"Reset", reset(hour), Indicated},
		{"Code", code(hour), Indicated},
		{"OtherKind", sent(DeliveryUsername, Delivered)(hour), absent},
		{"Opened", sent(DeliveryCode, Opened)(hour), absent},
		{"Sent", sent(DeliveryCode, Sent)(hour), absent},
		{"ExactlyADayAgo", reset(aDay), Indicated},
		{"MoreThanADayAgo", reset(aDay + tick), absent},
		{"Now", reset(0), Indicated},
		{"InTheFuture", reset(-tick), absent},
		{"ANewerOneWasOpened", all(reset(hour), sent(DeliveryCode, Opened)(minute)), absent},
		{"ANewerNotice", all(reset(hour), sent(DeliveryNotice, Opened)(minute)), Indicated},
		{"ToTheMobile", texted(hour, DeliveryCode, Delivered), absent},
		{"In", all(reset(hour), tried(minute, Success)), absent},
		{"BeforeTheSuccess", all(reset(hour), tried(hour-tick, Success), tried(minute, WrongPassword)), absent},
		{"AtTheSuccess", all(tried(hour, Success), reset(hour), tried(minute, WrongPassword)), absent},
		{"AfterTheSuccess", all(tried(hour+tick, Success), reset(hour), tried(minute, WrongPassword)), Indicated},
	})
	helps(t, leads(t, CauseEmailUnseen, reset(hour), tried(minute, WrongPassword)), CheckSpam)
}

func TestOptedOut(t *testing.T) {
	noMail, noText := optedOutOf(ChannelEmail), optedOutOf(ChannelSMS)
	both := optedOutOf(ChannelEmail, ChannelSMS)
	holds(t, CauseOptedOut, []row{
		{"OfTheChannelOfACode", all(noText, coded(hour, ChannelSMS)), Proven},
		{"OfTheChannelOfAnOlderCode", all(noText, coded(hour, ChannelSMS), coded(minute, ChannelEmail)), Proven},
		{"OfTheOtherChannel", all(noText, coded(hour, ChannelEmail)), absent},
		{"OfEmailWithAReset", all(noMail, mailed(hour, DeliveryPasswordReset, Delivered)), Proven},
		{"OfEmailWithACodeMail", all(noMail, mailed(hour, DeliveryCode, Sent)), Proven},
		{"OfEmailWithANotice", all(noMail, mailed(hour, DeliveryNotice, Sent)), absent},
		{"OfTextsWithAReset", all(noText, mailed(hour, DeliveryPasswordReset, Delivered)), absent},
		{"OfBoth", both, Proven},
		{"OfBothAndIn", all(both, tried(hour, Success)), absent},
		{"OfOne", noMail, absent},
		{"OfNone", all(coded(hour, ChannelSMS), mailed(hour, DeliveryCode, Sent)), absent},
	})
	holds(t, CauseOptedOut, current(func(ago ago) option { return all(noText, coded(ago, ChannelSMS)) }, Proven))
	holds(t, CauseOptedOut, current(func(ago ago) option { return all(noMail, mailed(ago, DeliveryPasswordReset, Sent)) }, Proven))
	helps(t, leads(t, CauseOptedOut, both, tried(minute, WrongPassword)), OptIn)
}
