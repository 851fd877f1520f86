package actions

import (
	"cmp"
	"slices"
)

// The causes (CAUSES.md), by rank.
const (
	CauseAccountCancelled      Cause = "account_cancelled"
	CauseTrialExpired          Cause = "trial_expired"
	CausePaymentHold           Cause = "payment_hold"
	CauseMembershipDeactivated Cause = "membership_deactivated"
	CauseUserDisabled          Cause = "user_disabled"
	CauseUserExpired           Cause = "user_expired"
	CauseInvitePending         Cause = "invite_pending"
	CauseAccountTakenOver      Cause = "account_taken_over"
	CauseUnderAttack           Cause = "under_attack"
	CauseCredentialShared      Cause = "credential_shared"
	CauseStaleSavedPassword    Cause = "stale_saved_password"
	CauseLockedAttempts        Cause = "locked_attempts"
	CauseLockedInactivity      Cause = "locked_inactivity"
	CauseLockedManually        Cause = "locked_manually"
	CauseJustUnlocked          Cause = "just_unlocked"
	CauseIPBlocked             Cause = "ip_blocked"
	CausePasswordExpired       Cause = "password_expired"
	CauseWrongLoginMethod      Cause = "wrong_login_method"
	CauseEmailMissing          Cause = "email_missing"
	CauseEmailSuppressed       Cause = "email_suppressed"
	CauseEmailBounced          Cause = "email_bounced"
	CauseSMSUndelivered        Cause = "sms_undelivered"
	CauseEmailDelayed          Cause = "email_delayed"
	CauseResetLinkExpired      Cause = "reset_link_expired"
	CauseResetLinkConsumed     Cause = "reset_link_consumed"
	CauseEmailUnseen           Cause = "email_unseen"
	CauseOptedOut              Cause = "opted_out"
	CauseVPNInterference       Cause = "vpn_interference"
	CauseMFAFailed             Cause = "mfa_failed"
	CauseCodeSuperseded        Cause = "code_superseded"
	CauseCodeExpired           Cause = "code_expired"
	CauseCodeWrong             Cause = "code_wrong"
	CauseDeviceUnrecognised    Cause = "device_unrecognised"
	CauseNotPublished          Cause = "not_published"
	CauseUnknownUsername       Cause = "unknown_username"
	CauseWrongPassword         Cause = "wrong_password"
	CauseSharingSuspected      Cause = "sharing_suspected"
	CauseNoAttemptsSeen        Cause = "no_attempts_seen"
	CauseIdentityUnresolved    Cause = "identity_unresolved"
	CauseUnexplained           Cause = "unexplained"
	CauseLooksFine             Cause = "looks_fine"
)

// cause is a row of the table: where it ranks, how it is found, what helps,
// and what the verified customer hears.
type cause struct {
	id   Cause
	rank int
	// find judges a user; nobody judges an identifier that nobody has. Either
	// may be nil; both return nil when the cause doesn't hold.
	find     func(*situation) *verdict
	nobody   func(*Snapshot) *verdict
	remedies []RemedyID
	tell     string
}

// verdict is what the function of a cause returns when it holds.
type verdict struct {
	grade    Grade
	summary  string
	evidence []Evidence
	tell     string     // instead of the cause's own sentence
	remedies []RemedyID // instead of the cause's own
}

// causes is every cause there is, in the order of CAUSES.md. A cause that
// makes the later remedies useless comes first; those of the last two ranks
// hold only when nothing above does.
var causes = []cause{
	{CauseAccountCancelled, 1, accountCancelled, nil, []RemedyID{HandOver}, "The account is closed; its owner will hear from us."},
	{CauseTrialExpired, 1, trialExpired, nil, []RemedyID{AskOwner}, "The trial has ended. We have passed on that you would like to continue."},
	{CausePaymentHold, 2, paymentHold, nil, []RemedyID{Billing}, "Please ask the person who manages your account; they can sort this out."},
	{CauseMembershipDeactivated, 3, membershipDeactivated, nil, []RemedyID{AccountAdmin}, "Please ask the administrator of your account; they can switch your access on again."},
	{CauseUserDisabled, 4, userDisabled, nil, []RemedyID{Reenable}, "Your access is switched off; your administrator knows why."},
	{CauseUserExpired, 4, userExpired, nil, []RemedyID{Billing}, "Your access ran out. We have passed it on to those who can renew it."},
	{CauseInvitePending, 4, invitePending, nil, []RemedyID{ResendInvitation}, "Please look for our invitation in your mail, spam too, and finish it."},
	{CauseAccountTakenOver, 5, accountTakenOver, nil, []RemedyID{RevokeSessions, Escalate}, "We are securing the account, and will call you on the number we have on file."},
	{CauseUnderAttack, 6, underAttack, nil, []RemedyID{Escalate}, "We are securing the account, and will be in touch."},
	{CauseCredentialShared, 7, credentialShared, nil, []RemedyID{ChangePassword, Reenable}, "The login was used from many places. Let's give you a fresh one, for you alone."},
	{CauseStaleSavedPassword, 8, staleSavedPassword, nil, []RemedyID{FindStaleDevice, Unlock}, "One of your devices or apps still uses an old password and keeps trying. Which ones are signed in?"},
	{CauseLockedAttempts, 9, lockedAttempts, nil, []RemedyID{Unlock, SendReset}, "There were too many tries with a wrong password, so the login closed itself for safety."},
	{CauseLockedInactivity, 10, lockedInactivity, nil, []RemedyID{Unlock}, "The login fell asleep because it wasn't used for a long time."},
	{CauseLockedManually, 11, lockedManually, nil, []RemedyID{AskWhoLocked}, "We are checking this with a colleague and will come back to you."},
	{CauseJustUnlocked, 12, justUnlocked, nil, []RemedyID{RetryNow}, "Please try again now."},
	{CauseIPBlocked, 13, networkBlocked, nil, []RemedyID{OtherNetwork, Escalate}, "Please try from another network, your phone's for example."},
	{CausePasswordExpired, 14, passwordExpired, nil, []RemedyID{SendReset}, "Your password has to be renewed: please finish the reset that we send you."},
	{CauseWrongLoginMethod, 15, wrongLoginMethod, nil, []RemedyID{UseProviderLogin}, "You sign in with your provider: please use its button on the login page, not a password."},
	{CauseEmailMissing, 16, emailMissing, nil, []RemedyID{ChangeEmail}, "Which e-mail address shall we put on file for you?"},
	{CauseEmailSuppressed, 17, emailSuppressed, nil, []RemedyID{Escalate}, "Our mail to you was held back; we are on it."},
	{CauseEmailBounced, 18, emailBounced, nil, []RemedyID{ChangeEmail, Escalate}, "Your mailbox refused our mail. Is the address still right?"},
	{CauseSMSUndelivered, 18, smsUndelivered, nil, []RemedyID{ChangeMobile}, "Our text didn't get through. Is the number still right?"},
	{CauseEmailDelayed, 19, emailDelayed, nil, []RemedyID{WaitAndResend}, "Our mail is on its way; please give it a few minutes."},
	{CauseResetLinkExpired, 20, resetLinkExpired, nil, []RemedyID{SendReset}, "The link ran out. We send a new one; please use the newest link in time."},
	{CauseResetLinkConsumed, 20, resetLinkConsumed, nil, []RemedyID{SendReset}, "Something opened the link before you did, a mail scanner perhaps. We send a new one."},
	{CauseEmailUnseen, 21, emailUnseen, nil, []RemedyID{CheckSpam}, "Please look in your spam folder; a firewall at your company may hold our mail too."},
	{CauseOptedOut, 22, optedOutOfMessages, nil, []RemedyID{OptIn}, "Our messages to you are switched off; please switch them on again."},
	{CauseVPNInterference, 23, vpnInterference, nil, []RemedyID{VPNOff}, "Please switch the VPN off and try again."},
	{CauseMFAFailed, 24, mfaFailed, nil, []RemedyID{ResetFactor}, "The second step didn't work. Let's verify who you are first."},
	{CauseCodeSuperseded, 25, codeSuperseded, nil, []RemedyID{NewestCode}, "Only the newest code works; please delete the earlier ones."},
	{CauseCodeExpired, 25, codeExpired, nil, []RemedyID{NewCode}, "The code had run out; please ask for a fresh one and type it soon."},
	{CauseCodeWrong, 25, codeWrong, nil, []RemedyID{NewestCode}, "The code wasn't right; please type the newest one again."},
	{CauseDeviceUnrecognised, 26, deviceUnrecognised, nil, []RemedyID{KeepCookies}, "Private windows and deleted cookies make us ask for a code each time."},
	{CauseNotPublished, 27, notPublished, nil, []RemedyID{AskPublisher}, "What you want to open isn't shared with you; we ask those who publish it."},
	{CauseUnknownUsername, 28, nameNearMiss, nameTypedByNobody, []RemedyID{SendUsername, LoginHelper}, "We send the right user name to your address on file."},
	{CauseWrongPassword, 29, wrongPassword, nil, []RemedyID{SendReset}, "Please use \"Forgot your password?\" on the login page."},
	{CauseSharingSuspected, 30, sharingSuspected, nil, []RemedyID{LookCloser}, ""},
	{CauseNoAttemptsSeen, 31, noAttemptsSeen, nil, []RemedyID{AskWhere}, "Which page are you on, and what does it say?"},
	{CauseIdentityUnresolved, 31, nil, identityUnresolved, []RemedyID{AskIdentifier}, "Which address did you sign up with?"},
	{CauseUnexplained, 31, unexplained, nil, []RemedyID{Escalate}, "We are looking into it."},
	{CauseLooksFine, 32, looksFine, nil, nil, "You seem to be in; what do you see?"},
}

// judge returns the findings about the user, the decisive one first.
func (s *situation) judge() []Finding {
	return judge(func(c cause, found bool) *verdict {
		if c.find == nil || (found && c.rank > lastRank) {
			return nil
		}
		return c.find(s)
	})
}

// judgeNobody returns the findings about an identifier that nobody has.
func judgeNobody(snapshot *Snapshot) []Finding {
	return judge(func(c cause, found bool) *verdict {
		if c.nobody == nil || (found && c.rank > lastRank) {
			return nil
		}
		return c.nobody(snapshot)
	})
}

// lastRank is the last rank whose causes hold by themselves; those behind it
// hold only when nothing above does.
const lastRank = 30

// judge asks each cause of the table and orders what holds: by rank, within a
// rank proven before indicated, then as listed.
func judge(ask func(c cause, found bool) *verdict) []Finding {
	type ranked struct {
		Finding
		rank int
	}
	var found []ranked
	for _, c := range causes {
		if v := ask(c, len(found) > 0); v != nil {
			found = append(found, ranked{c.finding(v), c.rank})
		}
	}
	slices.SortStableFunc(found, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(gradeOrder[a.Grade], gradeOrder[b.Grade]))
	})
	findings := make([]Finding, len(found))
	for i, f := range found {
		findings[i] = f.Finding
	}
	return findings
}

var gradeOrder = map[Grade]int{Proven: 0, Indicated: 1, Unknown: 2}

// finding makes the finding of a cause that holds.
func (c cause) finding(v *verdict) Finding {
	f := Finding{
		Cause: c.id, Grade: v.grade, Summary: v.summary, Evidence: v.evidence, Remedies: c.remedies,
		TellCaller: tellCaller, TellCustomer: c.tell,
	}
	if v.tell != "" {
		f.TellCustomer = v.tell
	}
	if v.remedies != nil {
		f.Remedies = v.remedies
	}
	if f.Remedies == nil {
		f.Remedies = []RemedyID{}
	}
	if f.Evidence == nil {
		f.Evidence = []Evidence{}
	}
	return f
}

// Causes returns the id of every cause, in the order of the table.
func Causes() []Cause {
	ids := make([]Cause, len(causes))
	for i, c := range causes {
		ids[i] = c.id
	}
	return ids
}
