package actions

import (
	"fmt"
	"strings"
	"time"
)

// The sources of evidence.
const (
	fromAccount     = "account"
	fromMembership  = "membership"
	fromUser        = "user"
	fromLock        = "lock"
	fromAttempt     = "attempt"
	fromCode        = "code"
	fromDelivery    = "delivery"
	fromResetLink   = "reset_link"
	fromSuppression = "suppression"
	fromDirectory   = "directory"
)

// outcomeWords says each outcome to an agent.
var outcomeWords = map[Outcome]string{
	Success: "got in", WrongPassword: "wrong password", UnknownUsername: "unknown user name", LockedOut: "refused: locked",
	DisabledOut: "refused: disabled", ExpiredOut: "refused: expired", PaymentHold: "refused: payment hold",
	Shared: "refused: login shared", IPBlocked: "refused: network blocked", PasswordExpired: "password expired",
	WrongMethod: "wrong way to sign in", MFAFailed: "second factor failed", CodeWrong: "wrong code",
	CodeExpired: "code expired", CodeSuperseded: "an older code", NotPublished: "not published to them",
}

// Words says the outcome to an agent.
func (o Outcome) Words() string {
	if words := outcomeWords[o]; words != "" {
		return words
	}
	return string(o)
}

// Place says where the attempt came from, "" when nothing is known.
func (a Attempt) Place() string {
	var parts []string
	if addr := a.Addr(); addr.IsValid() {
		parts = append(parts, addr.String())
	}
	if a.Country != "" {
		parts = append(parts, a.Country)
	}
	if a.VPN {
		parts = append(parts, "over a VPN")
	}
	return strings.Join(parts, ", ")
}

// attempted is the evidence of one attempt.
func attempted(a Attempt) Evidence {
	text := a.Outcome.Words()
	if place := a.Place(); place != "" {
		text += " from " + place
	}
	return Evidence{At: a.At, Source: fromAttempt, Text: text}
}

// ending is the evidence of the last attempt, for causes that it decides.
func (s *situation) ending() []Evidence { return []Evidence{attempted(*s.last)} }

// state is evidence that a record says so at the moment of diagnosis.
func (s *situation) state(source, format string, args ...any) Evidence {
	return Evidence{At: s.At, Source: source, Text: fmt.Sprintf(format, args...)}
}

// several is the evidence of some attempts, newest first: at most three of
// them one by one, and how many more.
func several(attempts []Attempt) []Evidence {
	var evidence []Evidence
	for i, a := range attempts {
		if i == 3 {
			rest := attempts[i:]
			oldest := rest[len(rest)-1]
			return append(evidence, Evidence{At: oldest.At, Source: fromAttempt, Text: fmt.Sprintf("%d more like these since then", len(rest))})
		}
		evidence = append(evidence, attempted(a))
	}
	return evidence
}

// placed is the evidence of a membership and its account.
func (s *situation) placed(p Place) Evidence {
	at := s.At
	text := fmt.Sprintf("%s is %s", quoted(p.Account.Name), accountWords[p.Account.Status])
	if !p.Account.ClosedAt.IsZero() {
		at = p.Account.ClosedAt
	}
	if p.Account.StatusReason != "" {
		text += ", reason " + p.Account.StatusReason
	}
	if len(p.Account.GatewayIDs) > 0 {
		text += ", Gateway ID " + strings.Join(p.Account.GatewayIDs, ", ")
	}
	return Evidence{At: at, Source: fromAccount, Text: text}
}

var accountWords = map[AccountStatus]string{
	AccountActive: "active", AccountTrial: "on trial", AccountTrialExpired: "a trial that has ended",
	AccountCancelled: "cancelled", AccountPaymentHold: "on payment hold",
}

// Words says the account's state to an agent.
func (s AccountStatus) Words() string { return accountWords[s] }

// quoted shows a name from a record as a name.
func quoted(name string) string { return "“" + name + "”" }

// day says a time as a date, for summaries that have to name one.
func day(t time.Time) string { return t.Format("2 January 2006") }

// count says a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// length says a duration roughly, as people do.
func length(d time.Duration) string {
	switch {
	case d < time.Minute:
		return count(int(d.Seconds()), "second", "seconds")
	case d < time.Hour:
		return count(int(d.Minutes()), "minute", "minutes")
	case d < 48*time.Hour:
		return count(int(d.Hours()), "hour", "hours")
	}
	return count(int(d.Hours()/24), "day", "days")
}
