package actions

import "fmt"

// accountCancelled: nothing lets the user in, and an account of theirs is
// cancelled (RULES S4.4).
func accountCancelled(s *situation) *verdict {
	v := s.shutBy(AccountCancelled, "The whole account %s is cancelled, so nobody in it can log in.")
	if v == nil {
		return nil
	}
	for _, p := range s.placesWith(AccountCancelled) {
		if p.Account.StatusReason == "malicious" {
			v.tell = tellNoHelp
		}
	}
	return v
}

// trialExpired: nothing lets the user in, and a trial of theirs has ended
// (RULES S4.5).
func trialExpired(s *situation) *verdict {
	return s.shutBy(AccountTrialExpired, "The trial of %s has ended.")
}

// paymentHold: nothing lets the user in and an account of theirs is on hold;
// or the last attempt was refused for it (RULES S0.3).
func paymentHold(s *situation) *verdict {
	if v := s.shutBy(AccountPaymentHold, "The account %s is on payment hold."); v != nil {
		return v
	}
	if s.ended(PaymentHold) {
		return &verdict{grade: Indicated, summary: "The last attempt was refused for a payment hold.", evidence: s.ending()}
	}
	return nil
}

// membershipDeactivated: nothing lets the user in, and their own admin switched
// a membership off (RULES S4.3, S1.1).
func membershipDeactivated(s *situation) *verdict {
	if !s.shutOut() {
		return nil
	}
	var evidence []Evidence
	for _, p := range s.Places {
		if p.Status == MembershipDeactivated && !p.KeepsLogin {
			evidence = append(evidence, s.deactivated(p))
		}
	}
	if evidence == nil {
		return nil
	}
	return &verdict{
		grade: Proven, evidence: evidence,
		summary: "The account's own admin switched their access off; only that admin can reinstate it.",
	}
}

func (s *situation) deactivated(p Place) Evidence {
	e := s.state(fromMembership, "deactivated in %s", quoted(p.Account.Name))
	if !p.DeactivatedAt.IsZero() {
		e.At = p.DeactivatedAt
	}
	if p.DeactivatedBy != "" {
		e.Text += " by " + s.mask.Name(p.DeactivatedBy)
	}
	return e
}

// userDisabled: the user is switched off (RULES S0.3).
func userDisabled(s *situation) *verdict {
	if s.user.Status == UserDisabled {
		e := s.state(fromUser, "the user is disabled")
		if s.user.DisabledReason != "" {
			e.Text += ", reason " + quoted(s.mask.Text(s.user.DisabledReason))
		}
		return &verdict{grade: Proven, summary: "The user is disabled.", evidence: []Evidence{e}}
	}
	if s.ended(DisabledOut) {
		return &verdict{grade: Indicated, summary: "The last attempt was refused because something is disabled.", evidence: s.ending()}
	}
	return nil
}

// userExpired: the user's access ran out (RULES S0.3).
func userExpired(s *situation) *verdict {
	const summary = "The user's access has run out."
	switch {
	case !s.user.ExpiresAt.IsZero():
		e := Evidence{At: s.user.ExpiresAt, Source: fromUser, Text: "the access ran out"}
		return &verdict{grade: Proven, summary: summary, evidence: []Evidence{e}}
	case s.user.Status == UserExpired:
		return &verdict{grade: Proven, summary: summary, evidence: []Evidence{s.state(fromUser, "the user is expired")}}
	case s.ended(ExpiredOut):
		return &verdict{grade: Indicated, summary: "The last attempt was refused because the access ran out.", evidence: s.ending()}
	}
	return nil
}

// invitePending: the user never finished the invitation.
func invitePending(s *situation) *verdict {
	if s.user.Status != UserInvited {
		return nil
	}
	e := s.state(fromUser, "invited, and not finished")
	if !s.user.CreatedAt.IsZero() {
		e.At = s.user.CreatedAt
	}
	return &verdict{grade: Proven, summary: "They were invited and never finished the invitation.", evidence: []Evidence{e}}
}

// shutBy holds when no membership lets the user in and an account of theirs
// has the status.
func (s *situation) shutBy(status AccountStatus, summary string) *verdict {
	places := s.placesWith(status)
	if !s.shutOut() || len(places) == 0 {
		return nil
	}
	v := &verdict{grade: Proven, summary: fmt.Sprintf(summary, quoted(places[0].Account.Name))}
	for _, p := range places {
		v.evidence = append(v.evidence, s.placed(p))
	}
	return v
}
