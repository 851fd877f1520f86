package actions

import (
	"fmt"
	"strings"
)

// barred refuses what can't help a user who is kept out by something else, and
// says who can help (RULES S1.1, S4.3, S4.4, S4.5).
func (p *plan) barred() {
	switch {
	case accountCancelled(p.situation) != nil:
		p.refuse(ActHandOver, "Their whole account is cancelled, so this can't help. The lead or the owner decides: hand it over.")
	case trialExpired(p.situation) != nil:
		p.refuse(ActHandOver, "Their trial has ended, so this can't help. The lead or opportunity owner decides on extending: hand it over.")
	case proven(paymentHold(p.situation)):
		p.refuse(ActHandOver, "Their account is on payment hold, so this can't help. Billing can: hand it over, without a word about money to the caller.")
	case membershipDeactivated(p.situation) != nil:
		p.refuse("", fmt.Sprintf("Their own admin switched their access off%s, so this can't help. Only that admin can reinstate them; support never does.", p.deactivator()))
	case proven(userExpired(p.situation)):
		p.refuse("", "Their access has run out, so this can't help. Billing can renew it.")
	}
}

// barredUser is barred, and for those who themselves are switched off, or never
// came in.
func (p *plan) barredUser() {
	p.barred()
	switch p.user.Status {
	case UserDisabled:
		p.refuse(ActReenable, "The user is disabled, so this can't help. A lead can re-enable them.")
	case UserInvited:
		p.refuse(ActResendInvitation, "They never finished their invitation, so this can't help. Send it again instead.")
	case UserActive, UserExpired:
	}
}

// proven reports whether a cause holds because a record says so.
func proven(v *verdict) bool { return v != nil && v.grade == Proven }

// deactivator names who switched the memberships off, masked, when it is known.
func (p *plan) deactivator() string {
	var names []string
	for _, place := range p.Places {
		if place.Status == MembershipDeactivated && place.DeactivatedBy != "" {
			names = append(names, p.mask.Name(place.DeactivatedBy))
		}
	}
	if names == nil {
		return ""
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// attacked reports whether strangers try this login, or got in.
func (p *plan) attacked() bool { return p.bursts.foreign != nil || p.bursts.takeover != nil }

// shared reports whether the login was shared, and the user kept out for it.
func (p *plan) shared() bool { return credentialShared(p.situation) != nil }

// lockedBy returns the kinds of the open locks, and the one that the history
// indicates when none is open.
func (p *plan) lockedBy() (open []LockKind, indicated LockKind) {
	for _, kind := range []LockKind{LockAttempts, LockInactivity, LockSharing, LockManual} {
		if p.lockOf(kind) != nil {
			open = append(open, kind)
		}
	}
	switch {
	case open != nil:
	case lockedAttempts(p.situation) != nil:
		indicated = LockAttempts
	case lockedInactivity(p.situation) != nil:
		indicated = LockInactivity
	}
	return open, indicated
}
