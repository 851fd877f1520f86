package actions

import (
	"fmt"
	"time"
)

// networkBlocked: the network they come from is blocked.
func networkBlocked(s *situation) *verdict {
	return s.endedBy(IPBlocked, "The network they come from is blocked.")
}

// passwordExpired: the password has to be renewed.
func passwordExpired(s *situation) *verdict {
	if v := s.endedBy(PasswordExpired, "The password ran out and has to be renewed."); v != nil {
		return v
	}
	if s.in || !s.user.MustReset {
		return nil
	}
	return &verdict{
		grade: Proven, summary: "They must choose a new password before they can log in.",
		evidence: []Evidence{s.state(fromUser, "a new password is required")},
	}
}

// wrongLoginMethod: they type a password and have none; they sign in with a
// provider.
func wrongLoginMethod(s *situation) *verdict {
	tries := withOutcome(s.recentAttempts(), WrongPassword, WrongMethod)
	if !s.in && !s.user.HasPassword && len(tries) > 0 {
		e := s.state(fromUser, "no password here; signs in by %s", methods(s.user.LoginMethods))
		return &verdict{
			grade: Proven, summary: "They type a password and have none: they sign in with a provider.",
			evidence: []Evidence{attempted(tries[0]), e},
		}
	}
	if s.ended(WrongMethod) {
		return &verdict{grade: Indicated, summary: "They tried a way to sign in that isn't theirs.", evidence: s.ending()}
	}
	return nil
}

// methods says how the user signs in, other than with a password.
func methods(all []string) string {
	text := ""
	for _, method := range all {
		if method != "password" {
			text += ", " + method
		}
	}
	if text == "" {
		return "a provider"
	}
	return text[len(", "):]
}

// vpnWindow is how far back a success without a VPN counts.
const vpnWindow = 30 * 24 * time.Hour

// vpnInterference: every try since the newest success came over a VPN, none
// failed for name or password, and without one it worked (RULES S2.5).
func vpnInterference(s *situation) *verdict {
	tries := s.attemptsSinceSuccess()
	if s.in || len(tries) == 0 {
		return nil
	}
	for _, a := range tries {
		if !a.VPN || a.Outcome == WrongPassword || a.Outcome == UnknownUsername {
			return nil
		}
	}
	for _, success := range s.Successes {
		if !success.VPN && !success.At.Before(s.At.Add(-vpnWindow)) {
			return &verdict{
				grade: Indicated, summary: "They fail only over a VPN; without one it worked.",
				evidence: []Evidence{attempted(tries[0]), attempted(success)},
			}
		}
	}
	return nil
}

// notPublished: what they wanted isn't published to them (RULES S2.5).
func notPublished(s *situation) *verdict {
	return s.endedBy(NotPublished, "They logged in, but what they wanted isn't published to them.")
}

// nameNearMiss: somebody types a name next to theirs, and they themselves
// haven't tried since (RULES S0.3, badpuser; S1.5).
func nameNearMiss(s *situation) *verdict {
	var tries []Attempt
	for _, a := range s.NearMisses {
		if s.recent(a.At) && a.Outcome == UnknownUsername && s.near(a.Identifier) {
			tries = append(tries, a)
		}
	}
	if len(tries) == 0 || (len(s.attempts) > 0 && !s.attempts[0].At.Before(tries[0].At)) {
		return nil
	}
	v := &verdict{
		grade:    Indicated,
		summary:  "Somebody tries an unknown user name that is nearly theirs: they probably mistype it.",
		evidence: several(tries),
	}
	v.evidence[0].Text += fmt.Sprintf(", typed %s", quoted(s.mask.Name(tries[0].Identifier)))
	return v
}

func (s *situation) near(typed string) bool {
	return NearName(s.user.Username, typed) || NearName(s.user.Email, typed)
}

// nameTypedByNobody: nobody has the name, and it was tried (RULES S0.3,
// badpuser).
func nameTypedByNobody(snapshot *Snapshot) *verdict {
	tries := typedTries(snapshot)
	if len(tries) == 0 {
		return nil
	}
	return &verdict{
		grade: Proven, evidence: several(tries),
		summary:  "Nobody has this name, and somebody tried to log in with it: the customer mistypes their user name.",
		remedies: []RemedyID{LoginHelper, AskIdentifier, SendUsername},
	}
}

// typedTries returns the recent attempts with the identifier that count,
// newest first.
func typedTries(snapshot *Snapshot) []Attempt {
	var tries []Attempt
	for _, a := range snapshot.counting(snapshot.Typed) {
		if a.Outcome == UnknownUsername && snapshot.recent(a.At) {
			tries = append(tries, a)
		}
	}
	return tries
}

// wrongPassword: the last attempt had a wrong password (RULES S0.3, badpword).
func wrongPassword(s *situation) *verdict {
	v := s.endedBy(WrongPassword, "They typed a wrong password.")
	if v == nil {
		return nil
	}
	if !s.abilities.TellsUnknownUser {
		v.grade, v.summary = Indicated, "They typed a wrong username or password; this directory can't tell which."
		return v
	}
	if n := len(withOutcome(s.attemptsSinceSuccess(), WrongPassword)); n > 1 {
		v.summary = fmt.Sprintf("They typed a wrong password, %d times since they last got in.", n)
	}
	return v
}

// noAttemptsSeen: nothing is wrong with the user, and they never came.
func noAttemptsSeen(s *situation) *verdict {
	if s.user.Status != UserActive || s.last != nil {
		return nil
	}
	return &verdict{
		grade: Unknown, evidence: []Evidence{newestRecord(&s.Snapshot)},
		summary: "Nothing is wrong on record, and no attempt of theirs was seen in the last 7 days.",
	}
}

// newestRecord is the evidence of how fresh the records are.
func newestRecord(snapshot *Snapshot) Evidence {
	newest := snapshot.NewestAttempt
	if newest.IsZero() || newest.After(snapshot.At) {
		return Evidence{At: snapshot.At, Source: fromDirectory, Text: "no attempt of anybody is on record"}
	}
	return Evidence{At: newest, Source: fromDirectory, Text: "the newest attempt of anybody"}
}

// identityUnresolved: nobody has the identifier, and nobody tried it.
func identityUnresolved(snapshot *Snapshot) *verdict {
	if len(typedTries(snapshot)) > 0 {
		return nil
	}
	return &verdict{
		grade: Unknown, evidence: []Evidence{newestRecord(snapshot)},
		summary: "Nobody has this identifier, and nobody tried to log in with it in the last 7 days.",
	}
}

// unexplained: they aren't in, and nothing says why.
func unexplained(s *situation) *verdict {
	if s.in || (s.last == nil && s.user.Status == UserActive) {
		return nil
	}
	v := &verdict{grade: Unknown, summary: "They aren't in, and nothing on record says why.", evidence: []Evidence{newestRecord(&s.Snapshot)}}
	if s.last != nil {
		v.evidence = s.ending()
	}
	return v
}

// looksFine: they are in.
func looksFine(s *situation) *verdict {
	if !s.in {
		return nil
	}
	return &verdict{grade: Proven, summary: "They got in at their last attempt, and nothing is wrong.", evidence: s.ending()}
}
