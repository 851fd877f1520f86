package blocks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// person shows the facts of a user, in the order in which an agent asks.
func person(facts actions.Facts, reader Reader) []slack.Block {
	var all []slack.Block
	for _, text := range []string{
		contactCard(facts.Contact),
		accounts(facts.Accounts),
		attempts(facts),
		deliveries(facts.Mails),
		locks(facts.Locks),
		support(facts.Support, reader.ID),
	} {
		if text != "" {
			all = append(all, section(text))
		}
	}
	return all
}

// contactCard shows where a user can be reached (RULES S2.1, S2.2).
func contactCard(c *actions.Contact) string {
	if c == nil {
		return ""
	}
	lines := []string{reach("E-mail", c.Email, c.EmailVerified), reach("Mobile", c.Mobile, c.MobileVerified)}
	if len(c.OptedOut) > 0 {
		var channels []string
		for _, channel := range c.OptedOut {
			channels = append(channels, words(channel))
		}
		lines = append(lines, "Opted out of "+strings.Join(channels, " and "))
	}
	if !c.ChangedAt.IsZero() && !c.ChangedLately { // a warning says so
		lines = append(lines, "Changed "+when(c.ChangedAt))
	}
	return list("Contact on file", lines, len(lines), asIs)
}

// asIs is a line that is markup already.
func asIs(line string) string { return line }

func reach(kind, address string, verified bool) string {
	switch {
	case address == "":
		return kind + ": none"
	case verified:
		return kind + ": " + value(address) + ", verified"
	}
	return kind + ": " + value(address) + ", not verified"
}

func accounts(facts []actions.AccountFact) string {
	if len(facts) == 0 {
		return ""
	}
	return list("Accounts", facts, accountsShown, accountLine)
}

// accountLine says what an account is, whether it lets the user in, and how
// ticket system and CRM know it (RULES S4.4).
func accountLine(fact actions.AccountFact) string {
	state := words(fact.Status)
	if fact.Reason != "" {
		state += " (" + words(fact.Reason) + ")"
	}
	if fact.Membership != "" && fact.Membership != actions.MembershipActive {
		state += ", membership " + words(fact.Membership)
	}
	access := ""
	if !fact.LetsIn {
		access = "lets nobody in"
		if fact.Membership != "" {
			access = "doesn't let them in"
		}
	}
	return joined("*"+bare(accountName(fact))+"*", state, access, gateways(fact.GatewayIDs), value(fact.Role))
}

func accountName(fact actions.AccountFact) string {
	if clean(fact.Name) == "" {
		return "Account " + fact.ID
	}
	return fact.Name
}

// bare is a value that stands in bold: a star of its own would end it.
func bare(s string) string { return value(strings.ReplaceAll(s, "*", "")) }

func gateways(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	var shown []string
	for _, id := range ids[:min(len(ids), 3)] {
		shown = append(shown, value(id))
	}
	text := "Gateway ID " + strings.Join(shown, ", ")
	if more := len(ids) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// attempts shows the newest attempts, how many more failed, and the last success
// unless it is among those.
func attempts(facts actions.Facts) string {
	shown := first(facts.LastAttempts, attemptsShown)
	lines := []string{list("Attempts", shown, attemptsShown, attemptLine)}
	if more := facts.Failures - failuresAmong(shown); more > 0 {
		lines = append(lines, "…and "+count(more, "more failure", "more failures")+" in the last 7 days")
	}
	switch success := facts.LastSuccess; {
	case success == nil:
		lines = append(lines, "• Last success: none on record")
	case !slices.ContainsFunc(shown, func(a actions.AttemptFact) bool { return gotIn(a) && a.At.Equal(success.At) }):
		lines = append(lines, "• Last success: "+joined(when(success.At), placeOf(*success)))
	}
	return strings.Join(lines, "\n")
}

// gotIn reports whether a customer got in: staff's attempts say nothing.
func gotIn(a actions.AttemptFact) bool { return a.Outcome == actions.Success && !a.Staff }

// failuresAmong counts the failures of customers, as [actions.Facts] does.
func failuresAmong(facts []actions.AttemptFact) int {
	n := 0
	for _, fact := range facts {
		if fact.Outcome != actions.Success && !fact.Staff {
			n++
		}
	}
	return n
}

func attemptLine(a actions.AttemptFact) string {
	outcome := line(a.Outcome.Words())
	if a.Typed != "" {
		outcome += " as " + value(a.Typed)
	}
	return joined(when(a.At), outcome, placeOf(a))
}

// placeOf says where an attempt came from.
func placeOf(a actions.AttemptFact) string {
	place := joined(value(a.IP), value(a.Country))
	if a.VPN {
		place = joined(place, "VPN")
	}
	if a.Staff {
		place = joined(place, "staff network, doesn't count")
	}
	return place
}

// deliveries shows the newest messages to the customer, and how far each came.
func deliveries(facts []actions.DeliveryFact) string {
	if len(facts) == 0 {
		return ""
	}
	return list("Mails and texts", facts, deliveriesShown, func(d actions.DeliveryFact) string {
		return joined(when(d.At), deliveryName(d.Kind)+" by "+channelWords(d.Via), sentTo(d.To), words(d.Status))
	})
}

func locks(facts []actions.LockFact) string {
	if len(facts) == 0 {
		return ""
	}
	return list("Locks", facts, locksShown, lockLine)
}

func lockLine(lock actions.LockFact) string {
	state := "open"
	switch {
	case !lock.Open:
		state = "ended " + when(lock.EndedAt)
	case !lock.Until.IsZero():
		state = "open until " + when(lock.Until)
	}
	return joined(when(lock.At), line(lock.Kind.Words()), state, value(lock.Detail))
}

// support says what colleagues did in the last 24 hours, so that nobody starts
// from nothing and nobody does it twice.
func support(facts []actions.SupportFact, reader string) string {
	if len(facts) == 0 {
		return ""
	}
	var colleagues []string
	for _, fact := range facts {
		if fact.Actor != reader && fact.Outcome == actions.ActDone && !slices.Contains(colleagues, fact.Actor) {
			colleagues = append(colleagues, fact.Actor)
		}
	}
	title := "Support in the last 24 hours"
	if len(colleagues) > 0 {
		title = count(len(colleagues), "colleague", "colleagues") + " helped today"
	}
	return list(title, facts, supportShown, func(fact actions.SupportFact) string {
		return joined(when(fact.At), mention(fact.Actor), saidAct(fact.Act), words(fact.Outcome))
	})
}
