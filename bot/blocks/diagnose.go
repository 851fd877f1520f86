package blocks

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// DiagnoseAction is the action_id of the buttons that diagnose somebody. Their
// value is a user ID of the directory and nothing else.
const DiagnoseAction = "diagnose"

// How many lines of a kind are shown; each list says how many it left out.
const (
	evidenceShown = 8
	findingsShown = 6
	accountsShown = 8
	failuresShown = 5
	locksShown    = 3
	supportShown  = 4
	buttonsShown  = 10
	usersShown    = 20
)

// Reader is for whom a diagnosis is shown.
type Reader struct {
	// ID is the Slack user ID of the agent, to tell colleagues from.
	ID string
	// L2 addresses L2 in the blocklist question: "@support-melbourne" or the
	// mention of a user group.
	L2 string
}

// Diagnosis answers /diagnose: why somebody can't log in and what to do, the
// people to choose from when several fit, or an account.
func Diagnosis(d actions.Diagnosis, reader Reader) Message {
	switch {
	case len(d.Matches) > 0:
		return matches(d)
	case len(d.Findings) == 0 && len(d.Facts.Accounts) > 0:
		return account(d)
	case len(d.Findings) == 0:
		return Sentence("Nothing is on record that would say why. Please ask by another name.")
	}
	decisive := d.Findings[0]
	all := []slack.Block{}
	all = append(all, verdict(decisive)...)
	all = append(all, note(standing(d, decisive)))
	all = append(all, warnings(d)...)
	all = append(all, why(decisive)...)
	all = append(all, whatToDo(d, reader)...)
	all = append(all, whatToSay(decisive)...)
	all = append(all, alsoFound(d.Findings[1:])...)
	if d.User != nil {
		all = append(all, slack.NewDividerBlock())
		all = append(all, person(d, reader)...)
	} else {
		all = append(all, nearNames(d.Facts.NearNames)...)
	}
	return fit(spoken(d, decisive), all...)
}

// verdict is one line; a long one stands as bold text, where more fits.
func verdict(decisive actions.Finding) []slack.Block {
	if summary := clean(decisive.Summary); len([]rune(summary)) > maxHeader {
		return []slack.Block{section("*" + strings.ReplaceAll(line(summary), "*", "") + "*")}
	}
	return []slack.Block{header(decisive.Summary)}
}

// spoken is the answer for who hears it: whom, why, and the first thing to do.
func spoken(d actions.Diagnosis, decisive actions.Finding) string {
	text := line(decisive.Summary)
	if d.User != nil {
		text = naming(*d.User) + ": " + text
	}
	if len(decisive.Remedies) > 0 {
		if remedy, ok := actions.RemedyFor(decisive.Remedies[0]); ok {
			text += " " + remedy.Step
		}
	}
	return text
}

// standing says who was found, how sure the verdict is, and how fresh the
// records are.
func standing(d actions.Diagnosis, decisive actions.Finding) string {
	who := "Asked for " + value(d.Identifier)
	if d.User != nil {
		who = joined(naming(*d.User), identified(*d.User), words(d.User.Status))
	}
	return joined(who, "`"+string(decisive.Cause)+"`", graded(decisive.Grade), fresh(d.Facts.Freshness))
}

// fresh says how new the records are, unless a warning does.
func fresh(f actions.Freshness) string {
	if f.Stale {
		return ""
	}
	return line(f.Text)
}

// naming is what to call a person: their name, or what identifies them.
func naming(p actions.Person) string {
	for _, name := range []string{p.Name, p.Username, p.Email, p.Mobile} {
		if name != "" {
			return value(name)
		}
	}
	return "User " + value(p.ID)
}

// identified says by what a person is known, without repeating itself.
func identified(p actions.Person) string {
	parts := []string{value(p.Username)}
	if p.Email != p.Username {
		parts = append(parts, value(p.Email))
	}
	return joined(append(parts, value(p.Mobile))...)
}

func graded(grade actions.Grade) string {
	switch grade {
	case actions.Proven:
		return "proven by a record"
	case actions.Indicated:
		return "indicated by the history"
	case actions.Unknown:
	}
	return "nothing to go on"
}

// warnings stand before everything else that an agent acts on.
func warnings(d actions.Diagnosis) []slack.Block {
	var lines []string
	if d.Facts.Freshness.Stale {
		lines = append(lines, "*Old records:* "+line(d.Facts.Freshness.Text))
	}
	if alike := d.Facts.Alike; alike != nil {
		lines = append(lines, fmt.Sprintf("*Not only them:* %s like this in the last hour (%s; usually %.0f).",
			count(alike.Customers, "other fails", "others fail"), line(alike.Outcome.Words()), alike.Usual))
	}
	if d.Facts.Protected {
		lines = append(lines, "*Protected:* nothing is done to this user without a second person.")
	}
	if contact := d.Facts.Contact; contact != nil && contact.ChangedLately {
		lines = append(lines, "*Contact changed lately* ("+when(contact.ChangedAt)+"): be careful whom you tell what.")
	}
	if d.Unrecorded {
		lines = append(lines, "*Not recorded:* there is no key yet, so this look-up isn't in the audit.")
	}
	if len(lines) == 0 {
		return nil
	}
	return []slack.Block{section(strings.Join(lines, "\n"))}
}

func why(decisive actions.Finding) []slack.Block {
	if len(decisive.Evidence) == 0 {
		return nil
	}
	return []slack.Block{section(list("Why", decisive.Evidence, evidenceShown, func(e actions.Evidence) string {
		return joined(when(e.At), line(e.Text)+" _("+words(e.Source)+")_")
	}))}
}

// whatToDo lists the steps, and the blocklist question where it helps.
func whatToDo(d actions.Diagnosis, reader Reader) []slack.Block {
	steps := []string{"*What to do*"}
	for _, id := range d.Findings[0].Remedies {
		if remedy, ok := actions.RemedyFor(id); ok {
			steps = append(steps, fmt.Sprintf("%d. %s _(%s)_", len(steps), remedy.Step, remedy.Who))
		}
	}
	var all []slack.Block
	if len(steps) > 1 {
		all = append(all, section(strings.Join(steps, "\n")))
	}
	if question := blocklistQuestion(d, reader.L2); question != "" {
		all = append(all, section("*For L2, ready to paste*\n>"+question))
	}
	return all
}

// blocklistQuestion is the question of RULES S4.9 when mail is held back. It
// names an address in full, so it is there only for an agent who asked by it.
func blocklistQuestion(d actions.Diagnosis, l2 string) string {
	held := false
	for _, finding := range d.Findings {
		held = held || finding.Cause == actions.CauseEmailSuppressed || finding.Cause == actions.CauseEmailBounced
	}
	if !held || d.User == nil || d.User.Email == "" || actions.Fold(d.User.Email) != actions.Fold(d.Identifier) {
		return ""
	}
	for _, account := range d.Facts.Accounts {
		for _, gateway := range account.GatewayIDs {
			return escalation.BlocklistQuestion(l2, value(gateway), line(d.User.Email))
		}
	}
	return ""
}

// whatToSay has the sentence for a caller whom nobody has verified, which
// reveals nothing, apart from the one for the verified customer.
func whatToSay(decisive actions.Finding) []slack.Block {
	var all []slack.Block
	if decisive.TellCaller != "" {
		all = append(all, section("*Say to a caller who isn't verified*\n>"+line(decisive.TellCaller)))
	}
	if decisive.TellCustomer != "" {
		all = append(all, section("*Say to the verified customer*\n>"+line(decisive.TellCustomer)))
	}
	return all
}

func alsoFound(others []actions.Finding) []slack.Block {
	if len(others) == 0 {
		return nil
	}
	return []slack.Block{section(list("Also found", others, findingsShown, func(f actions.Finding) string {
		return line(f.Summary) + " _(" + words(f.Grade) + ")_"
	}))}
}
