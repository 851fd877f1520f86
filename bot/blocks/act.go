package blocks

import (
	"slices"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// labels say each act as its button does: with the verb first. A test holds
// that each fits as the title of a modal.
var labels = map[actions.Act]string{
	actions.ActUnlock:           "Unlock",
	actions.ActReenable:         "Re-enable",
	actions.ActSendReset:        "Send reset e-mail",
	actions.ActSendUsername:     "Send user name",
	actions.ActSendLoginLink:    "Send login link",
	actions.ActResendInvitation: "Send invitation again",
	actions.ActRevokeSessions:   "End all sessions",
	actions.ActResetFactor:      "New second factor",
	actions.ActChangeEmail:      changeContact,
	actions.ActChangeMobile:     changeContact,
	actions.ActReinvite:         "Delete and re-invite",
	actions.ActUndoReinvite:     "Undo",
	actions.ActHandOver:         "Hand over",
	actions.ActSetPassword:      "Set a password by hand",
	actions.ActVerify:           "Verify the caller",
	actions.ActApprove:          "Approve",
	actions.ActDecline:          "Decline",
	actions.ActWithdraw:         "Withdraw",
	actions.ActReleaseBrake:     "Release",
	actions.ActRetryLetter:      "Retry",
}

const (
	changeContact  = "Change e-mail or mobile"
	unlockAndReset = "Unlock and send reset"
)

// labelOf says an act; one that has no button is said by its name.
func labelOf(act actions.Act) string {
	for _, known := range []map[actions.Act]string{labels, caseLabels, adminLabels, leadLabels} {
		if label, ok := known[act.Recorded()]; ok {
			return label
		}
	}
	return capital(plainWords(act))
}

// labelOfBoth says an act with the one that follows it.
func labelOfBoth(act, then actions.Act) string {
	if act.Recorded() == actions.ActUnlock && then == actions.ActSendReset {
		return unlockAndReset
	}
	return labelOf(act)
}

// actionOf is the action_id of an act's button.
func actionOf(act actions.Act) string {
	switch act {
	case actions.ActChangeEmail, actions.ActChangeMobile:
		return ProfileAction
	default:
		return string(act.Recorded())
	}
}

// actionOfBoth is the action_id of an act's button with the one that follows it.
func actionOfBoth(act, then actions.Act) string {
	if act.Recorded() == actions.ActUnlock && then == actions.ActSendReset {
		return UnlockAndResetAction
	}
	return actionOf(act)
}

// asks says what the buttons of acts that can't be taken back ask before anything
// else.
var asks = map[actions.Act]string{
	actions.ActReinvite:       "The profile is deleted and made anew. You will be asked for a reason, and a second person must approve.",
	actions.ActRevokeSessions: "Everybody who is signed in as this user is signed out at once, on every device.",
	actions.ActSetPassword: "A generated password takes the place of theirs, and everybody who is signed in as this user is signed out. " +
		"You will be asked for a reason, and a second person must approve.",
	actions.ActUndoReinvite: "The new profile is deleted and the old one put back.",
	actions.ActDelist: "Every list that holds back mail to this address lets it go, and is read again; that the customer unsubscribed stays. " +
		"If a fresh mail bounces, the address is listed again.",
}

// offerOf is the button of an act for a customer.
func offerOf(act actions.Act, reader Reader, userID string) offer {
	return offer{may: reader.may(act), label: labelOf(act), action: actionOf(act), value: userID, confirm: asks[act.Recorded()]}
}

// firstOffers are the buttons of what helps most, then of what an agent needs
// for it.
func firstOffers(d actions.Diagnosis, reader Reader) []slack.Block {
	if d.User == nil {
		return nil
	}
	var offers []offer
	for _, o := range offered(d, reader, true) {
		offers = append(offers, offerOf(o.Act, reader, d.User.ID))
		if both(d, reader, o) {
			offers = append(offers, offer{may: true, label: unlockAndReset, action: UnlockAndResetAction, value: d.User.ID})
		}
	}
	offers = append(offers,
		escalateOffer(d, reader, true),
		offer{may: reader.may(actions.ActVerify) && d.Facts.Verified == nil, label: labelOf(actions.ActVerify), action: VerifyAction, value: d.User.ID},
		offer{may: len(moreOffers(d, reader)) > 0, label: "More remedies", action: MoreRemediesAction, value: d.User.ID},
		escalateOffer(d, reader, false))
	return rows(offers...)
}

// both reports whether an act is an unlock that a reset e-mail can follow: one
// would help, it can be sent, and the reader may send it.
func both(d actions.Diagnosis, reader Reader, o actions.Offer) bool {
	return o.Act.Recorded() == actions.ActUnlock && reader.may(o.Act) && reader.may(actions.ActSendReset) &&
		slices.ContainsFunc(d.Offers, func(other actions.Offer) bool { return other.Act == actions.ActSendReset })
}

// offered are the acts that would help, those of the decisive finding or the
// others. Acts that one button stands for are there once. A reset e-mail, which
// wouldn't reach a locked user, isn't among the first beside the button that
// unlocks and sends it.
func offered(d actions.Diagnosis, reader Reader, first bool) []actions.Offer {
	isFirst := func(act actions.Act) bool {
		return slices.ContainsFunc(d.Offers, func(o actions.Offer) bool { return o.First && actionOf(o.Act) == actionOf(act) }) &&
			!(act == actions.ActSendReset && slices.ContainsFunc(d.Offers, func(o actions.Offer) bool { return o.First && both(d, reader, o) }))
	}
	var all []actions.Offer
	for _, o := range d.Offers {
		there := slices.ContainsFunc(all, func(other actions.Offer) bool { return actionOf(other.Act) == actionOf(o.Act) })
		if !there && isFirst(o.Act) == first {
			all = append(all, o)
		}
	}
	return all
}

// moreOffers are the buttons of what would help, too, for what this reader may
// do.
func moreOffers(d actions.Diagnosis, reader Reader) []offer {
	var offers []offer
	for _, o := range offered(d, reader, false) {
		if reader.may(o.Act) && d.User != nil {
			offers = append(offers, offerOf(o.Act, reader, d.User.ID))
		}
	}
	return offers
}
