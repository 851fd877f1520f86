package actions

import (
	"strings"
	"testing"
	"time"
)

func TestAccountCancelled(t *testing.T) {
	cancelled, active := place("Old", AccountCancelled), place("New", AccountActive)
	holds(t, CauseAccountCancelled, []row{
		{"Cancelled", member(cancelled), Proven},
		{"AnotherLetsIn", member(cancelled, active), absent},
		{"AnotherTrialLetsIn", member(cancelled, place("New", AccountTrial)), absent},
		{"AnotherKeepsLogin", member(cancelled, place("New", AccountActive, deactivated, keepsLogin)), absent},
		{"AnotherDeactivated", member(cancelled, place("New", AccountActive, deactivated)), Proven},
		{"KeepsLoginOfACancelledAccount", member(place("Old", AccountCancelled, deactivated, keepsLogin)), Proven},
		{"OtherStatus", member(place("Old", AccountTrialExpired)), absent},
		{"NoMembership", member(), absent},
		{"EvenWhenIn", all(member(cancelled), tried(hour, Success)), Proven},
	})
	helps(t, leads(t, CauseAccountCancelled, member(cancelled), lockedFor(LockAttempts, hour)), HandOver)
}

func TestAccountCancelledMalicious(t *testing.T) {
	malicious := place("Old", AccountCancelled, func(p *Place) { p.Account.StatusReason = "malicious" })
	f := leads(t, CauseAccountCancelled, member(malicious))
	if !strings.Contains(f.TellCustomer, "can't help") {
		t.Errorf("the customer of a malicious account is told %q", f.TellCustomer)
	}
	if f := leads(t, CauseAccountCancelled, member(place("Old", AccountCancelled))); strings.Contains(f.TellCustomer, "can't help") {
		t.Errorf("the customer of an account not needed any more is told %q", f.TellCustomer)
	}
}

func TestTrialExpired(t *testing.T) {
	expired := place("Trial", AccountTrialExpired)
	holds(t, CauseTrialExpired, []row{
		{"Expired", member(expired), Proven},
		{"StillOnTrial", member(place("Trial", AccountTrial)), absent},
		{"AnotherLetsIn", member(expired, place("New", AccountActive)), absent},
		{"BesideACancelledOne", member(place("Old", AccountCancelled), expired), Proven},
		{"NoMembership", member(), absent},
	})
	helps(t, leads(t, CauseTrialExpired, member(expired)), AskOwner)
	leads(t, CauseAccountCancelled, member(expired, place("Old", AccountCancelled)))
}

func TestPaymentHold(t *testing.T) {
	held := place("Acme", AccountPaymentHold)
	holds(t, CausePaymentHold, []row{
		{"OnHold", member(held), Proven},
		{"AnotherLetsIn", member(held, place("New", AccountActive)), absent},
		{"EndedPaymentHold", tried(hour, PaymentHold), Indicated},
		{"BothIsProvenOnce", all(member(held), tried(hour, PaymentHold)), Proven},
		{"EndedSomethingElse", all(tried(2*hour, PaymentHold), tried(hour, WrongPassword)), absent},
		{"EndedJustRecently", tried(RecentWindow-tick, PaymentHold), Indicated},
		{"EndedTooLongAgo", tried(RecentWindow, PaymentHold), absent},
		{"EndedNow", tried(0, PaymentHold), Indicated},
		{"EndsInTheFuture", tried(-tick, PaymentHold), absent},
		{"ByStaff", tried(hour, PaymentHold, from(staff)), absent},
	})
	f := leads(t, CausePaymentHold, member(held))
	helps(t, f, Billing)
	if strings.Contains(f.TellCustomer, "pay") || strings.Contains(f.TellCustomer, "money") {
		t.Errorf("the customer hears about money: %q", f.TellCustomer)
	}
}

func TestMembershipDeactivated(t *testing.T) {
	off := place("Acme", AccountActive, deactivated)
	holds(t, CauseMembershipDeactivated, []row{
		{"Deactivated", member(off), Proven},
		{"KeepsLogin", member(place("Acme", AccountActive, deactivated, keepsLogin)), absent},
		{"KeepsLoginOfAClosedAccount", member(place("Old", AccountCancelled, deactivated, keepsLogin)), absent},
		{"AnotherLetsIn", member(off, place("New", AccountTrial)), absent},
		{"AnotherIsCancelled", member(off, place("Old", AccountCancelled)), Proven},
		{"Active", member(place("Acme", AccountActive)), absent},
		{"NoMembership", member(), absent},
	})
	helps(t, leads(t, CauseMembershipDeactivated, member(off)), AccountAdmin)
	leads(t, CauseAccountCancelled, member(off, place("Old", AccountCancelled)))
}

func TestMembershipDeactivatedShowsWhenAndByWhom(t *testing.T) {
	when := noon.Add(-50 * aDay)
	off := place("Acme", AccountActive, deactivated, func(p *Place) { p.DeactivatedAt, p.DeactivatedBy = when, "boss@acme.example" })
	e := leads(t, CauseMembershipDeactivated, member(off)).Evidence[0]
	if !e.At.Equal(when) || !strings.Contains(e.Text, "b•••@a•••.example") || strings.Contains(e.Text, "boss") {
		t.Errorf("the evidence is %+v", e)
	}
	off.DeactivatedAt = noon.Add(tick)
	if e := leads(t, CauseMembershipDeactivated, member(off)).Evidence[0]; !e.At.Equal(noon) {
		t.Errorf("the status holds whatever the moment is, but its evidence is of %s", e.At)
	}
}

func status(s UserStatus) option { return user(func(u *User) { u.Status = s }) }

func TestUserDisabled(t *testing.T) {
	holds(t, CauseUserDisabled, []row{
		{"Disabled", status(UserDisabled), Proven},
		{"Active", status(UserActive), absent},
		{"EndedDisabled", tried(hour, DisabledOut), Indicated},
		{"EndedDisabledLongAgo", tried(RecentWindow, DisabledOut), absent},
		{"BothIsProvenOnce", all(status(UserDisabled), tried(hour, DisabledOut)), Proven},
		{"InThePast", all(asOf(noon.Add(-900*aDay)), status(UserDisabled)), Proven},
	})
	helps(t, leads(t, CauseUserDisabled, status(UserDisabled), tried(hour, WrongPassword)), Reenable)
}

func expires(at time.Time) option { return user(func(u *User) { u.ExpiresAt = at }) }

func TestUserExpired(t *testing.T) {
	holds(t, CauseUserExpired, []row{
		{"Expired", status(UserExpired), Proven},
		{"ExpiresNow", expires(noon), Proven},
		{"ExpiresInATick", expires(noon.Add(tick)), absent},
		{"ExpiredLongAgo", expires(noon.Add(-900 * aDay)), Proven},
		{"EndedExpired", tried(hour, ExpiredOut), Indicated},
		{"EndedExpiredAndExpiresLater", all(expires(noon.Add(hour)), tried(hour, ExpiredOut)), Indicated},
		{"BothIsProvenOnce", all(expires(noon.Add(-hour)), tried(hour, ExpiredOut)), Proven},
		{"NoExpiry", status(UserActive), absent},
	})
	f := leads(t, CauseUserExpired, expires(noon.Add(-hour)))
	helps(t, f, Billing)
	if !f.Evidence[0].At.Equal(noon.Add(-hour)) {
		t.Errorf("the evidence is %+v", f.Evidence[0])
	}
}

func TestInvitePending(t *testing.T) {
	holds(t, CauseInvitePending, []row{
		{"Invited", status(UserInvited), Proven},
		{"InvitedInTheFuture", all(asOf(noon.Add(-900*aDay)), status(UserInvited)), Proven},
		{"Active", status(UserActive), absent},
		{"Disabled", status(UserDisabled), absent},
	})
	helps(t, leads(t, CauseInvitePending, status(UserInvited)), ResendInvitation)
}

// Within a rank what is proven stands before what is indicated, whatever the
// order of the list.
func TestProvenBeforeIndicated(t *testing.T) {
	d := stage(expires(noon), tried(hour, DisabledOut)).judge()
	if d.Findings[0].Cause != CauseUserExpired || d.Findings[1].Cause != CauseUserDisabled {
		t.Errorf("found %v", causesOf(d))
	}
}
