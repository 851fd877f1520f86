package actions

import (
	"slices"
	"time"
)

// offersFor says which acts each remedy is, for a directory that can do them.
var offersFor = map[RemedyID][]Act{
	HandOver: {ActHandOver}, AskOwner: {ActHandOver}, Billing: {ActHandOver}, Reenable: {ActReenable}, ChangePassword: {ActReenable},
	ResendInvitation: {ActResendInvitation}, RevokeSessions: {ActRevokeSessions}, FindStaleDevice: {ActUnlock}, Unlock: {ActUnlock},
	AskWhoLocked: {ActUnlock}, SendReset: {ActSendReset}, ChangeEmail: {ActChangeEmail}, ChangeMobile: {ActChangeMobile},
	WaitAndResend: {ActSendReset}, ResetFactor: {ActResetFactor}, SendUsername: {ActSendUsername},
	LoginHelper: {ActSendUsername, ActSendLoginLink}, UseProviderLogin: {ActSendLoginLink},
}

// alwaysOffered are the acts that may help whatever was found.
var alwaysOffered = []Act{
	ActUnlock, ActReenable, ActResendInvitation, ActSendReset, ActSendUsername, ActSendLoginLink, ActChangeEmail, ActChangeMobile,
	ActRevokeSessions, ActResetFactor, ActReinvite, ActSetPassword, ActHandOver,
}

// offers are the acts that would help the user, by the row of the policy that
// holds for them: those of the decisive finding first. What the user's state
// refuses isn't offered, nor what the directory can't do.
func (s *situation) offers(findings []Finding) []Offer {
	var offers []Offer
	offer := func(act Act, first bool) {
		row, helps := s.helps(act)
		if helps && !slices.ContainsFunc(offers, func(o Offer) bool { return o.Act == row }) {
			offers = append(offers, Offer{Act: row, First: first})
		}
	}
	for i, finding := range findings {
		for _, remedy := range finding.Remedies {
			for _, act := range offersFor[remedy] {
				offer(act, i == 0)
			}
		}
	}
	for _, act := range alwaysOffered {
		offer(act, false)
	}
	return offers
}

// helps reports whether an act isn't refused by the user's state, and by which
// row of the policy it goes. A locked user isn't refused a mail here: the unlock
// comes first, as its preparation says.
func (s *situation) helps(act Act) (row Act, helps bool) {
	procedure := procedures[act]
	p := &plan{situation: s, rawPlaces: s.Places, row: act, roles: RolesOf(RoleAdmin), zone: time.UTC}
	if act == ActChangeEmail || act == ActChangeMobile {
		p.barred() // who confirms is looked up when it is asked for
	} else {
		procedure.check(p)
	}
	for _, step := range procedures[p.row].steps {
		if !step.lists && !s.abilities.Can(step.kind) {
			return p.row, false
		}
	}
	return p.row, p.refused == "" || p.instead == ActUnlock
}
