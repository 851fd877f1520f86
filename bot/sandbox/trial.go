package sandbox

import (
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

// Trial is somebody of the company whom one can ask about.
type Trial struct {
	Name       string // "Jane Doe"
	Identifier string // what follows /diagnose
	Cause      string // that the answer names: an ID of [actions.Causes]
	Line       string // what happened, in one plain line
	UserID     string // in the directory, for [Customers]; "" when nobody has the identifier
}

// Command is what the trial types.
func (t Trial) Command() string { return "/diagnose " + t.Identifier }

// Remedy is something that can be done for somebody of the company.
type Remedy struct {
	Name    string // "Unlock Jane"
	Command string // what it types: "/unlock jane@acme.example She called about #4711"
	Line    string // what to look at, in one plain line
	UserID  string // in the directory, for [Customers]
}

// group is trials that belong together.
type group struct {
	Title  string
	Trials []Trial
	causes []actions.Cause
}

// groups is how the causes are told apart by somebody who is new: by what is in
// the way, the everyday first.
func groups() []group {
	return []group{
		{Title: "Locked", causes: []actions.Cause{
			actions.CauseLockedAttempts, actions.CauseLockedInactivity, actions.CauseLockedManually, actions.CauseStaleSavedPassword,
			actions.CauseJustUnlocked,
		}},
		{Title: "Wrong name or password", causes: []actions.Cause{
			actions.CauseWrongPassword, actions.CauseUnknownUsername, actions.CauseWrongLoginMethod, actions.CausePasswordExpired,
		}},
		{Title: "Mail and texts that don't arrive", causes: []actions.Cause{
			actions.CauseEmailMissing, actions.CauseEmailSuppressed, actions.CauseEmailBounced, actions.CauseSMSUndelivered,
			actions.CauseEmailDelayed, actions.CauseEmailUnseen, actions.CauseOptedOut,
		}},
		{Title: "Links and codes", causes: []actions.Cause{
			actions.CauseResetLinkExpired, actions.CauseResetLinkConsumed, actions.CauseMFAFailed, actions.CauseCodeSuperseded,
			actions.CauseCodeExpired, actions.CauseCodeWrong, actions.CauseDeviceUnrecognised,
		}},
		{Title: "Networks and pages", causes: []actions.Cause{
			actions.CauseIPBlocked, actions.CauseVPNInterference, actions.CauseNotPublished,
		}},
		{Title: "Access switched off", causes: []actions.Cause{
			actions.CauseUserDisabled, actions.CauseUserExpired, actions.CauseInvitePending, actions.CauseMembershipDeactivated,
		}},
		{Title: "The whole account", causes: []actions.Cause{
			actions.CauseAccountCancelled, actions.CauseTrialExpired, actions.CausePaymentHold,
		}},
		{Title: "Attacks and shared logins", causes: []actions.Cause{
			actions.CauseAccountTakenOver, actions.CauseUnderAttack, actions.CauseCredentialShared, actions.CauseSharingSuspected,
		}},
		{Title: "Little to go on", causes: []actions.Cause{
			actions.CauseNoAttemptsSeen, actions.CauseIdentityUnresolved, actions.CauseUnexplained, actions.CauseLooksFine,
		}},
	}
}

// grouped sorts the trials into groups, in the order of each group's causes;
// those of no group come last.
func grouped(all []Trial) []group {
	left := slices.Clone(all)
	var filled []group
	for _, g := range groups() {
		for _, cause := range g.causes {
			is := func(t Trial) bool { return t.Cause == string(cause) }
			for _, t := range left {
				if is(t) {
					g.Trials = append(g.Trials, t)
				}
			}
			left = slices.DeleteFunc(left, is)
		}
		if len(g.Trials) > 0 {
			filled = append(filled, g)
		}
	}
	if len(left) > 0 {
		filled = append(filled, group{Title: "More to ask about", Trials: left})
	}
	return filled
}
