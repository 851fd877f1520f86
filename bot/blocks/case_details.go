package blocks

import (
	"slices"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// How much of what was known is shown: findings, and evidence of each.
const (
	detailsFindings = 4
	detailsEvidence = 3
)

// caseDetails is all that was known when a case was opened, below L2's card, and what
// has to be said before: why it was escalated and what the diagnosis found, in the
// order in which L2 asks.
func caseDetails(e escalation.EventReport, to CaseReader, before ...string) Message {
	c, opened := e.Report.Case, openedEvent(e)
	said := append(before, "*"+mention(opened.Actor)+" escalated this:*")
	reason := orElse(opened.Text, c.Reason)
	all := append(sections(said...), quoted(reason)...)
	known := []string{detailsAbout(c), found(c.Facts.Findings), listed(c.Facts.Lists), lastMail(c.Facts.LastMail)}
	all, said = append(all, sections(known...)...), append(append(said, quote(reason)), known...)
	if c.Address != "" {
		all, said = append(all, note(escalation.Unknowable)), append(said, escalation.Unknowable)
	}
	if r := e.Report.Before; r != nil {
		text := caseBefore(*r, to)
		all, said = append(append(all, section(text)), quoted(r.Note)...), append(said, text, quote(r.Note))
	}
	return fit(inLines(said...), all...)
}

// openedEvent is that a case was opened, however it comes that this is told.
func openedEvent(e escalation.EventReport) escalation.Event {
	if e.Event.Kind == escalation.EventOpened {
		return e.Event
	}
	i := slices.IndexFunc(e.Report.Events, func(e escalation.Event) bool { return e.Kind == escalation.EventOpened })
	if i < 0 {
		return escalation.Event{Actor: e.Report.Case.Agent}
	}
	return e.Report.Events[i]
}

// detailsAbout says what kind of case it is, and whom it is about.
func detailsAbout(c escalation.Case) string {
	priority := "normal priority"
	if c.Priority == escalation.Urgent {
		priority = hurry(c)
	}
	lines := []string{joined("*"+capital(words(c.Kind))+"*", priority, ticket(c.Ticket), caseName(c))}
	switch p := c.Facts.Person; {
	case p != nil:
		lines = append(lines, "Customer: "+joined(whom(*p), "user ID "+value(orElse(c.UserID, p.ID))))
	case c.UserID != "":
		lines = append(lines, "Customer: user ID "+value(c.UserID))
	default:
		lines = append(lines, "Customer: nobody, or more than one person, has this address on record")
	}
	if gateway := whole(clip(c.Gateway, lineLength)); gateway != "" {
		lines = append(lines, "Gateway ID: "+gateway)
	}
	return strings.Join(lines, "\n")
}

// found lists what the diagnosis found, with what each rests on.
func found(findings []actions.Finding) string {
	if len(findings) == 0 {
		return ""
	}
	return list("What the diagnosis found", findings, detailsFindings, func(f actions.Finding) string {
		text := orElse(line(f.Summary), words(f.Cause)) + " _(" + graded(f.Grade) + ")_"
		for _, e := range first(f.Evidence, detailsEvidence) {
			text += "\n    ◦ " + joined(when(e.At), line(e.Text)+" _("+words(e.Source)+")_")
		}
		if more := len(f.Evidence) - detailsEvidence; more > 0 {
			text += "\n    …and " + count(more, "more record", "more records")
		}
		return text
	})
}

// listed says what each system said about the address; one that didn't answer is
// said to have been silent.
func listed(all []actions.Listing) string {
	if len(all) == 0 {
		return ""
	}
	return list("Lists that were asked", all, listsShown, func(l actions.Listing) string {
		source := orElse(value(l.Source), "A list")
		switch {
		case l.Silent:
			return source + ": *no answer*, so nothing is known of it"
		case len(l.Entries) == 0:
			return source + ": not listed"
		}
		return source + ": " + strings.Join(mapped(first(l.Entries, entriesShown), entryWithReason), "; ")
	})
}

func entryWithReason(s actions.Suppression) string {
	text := entry(s)
	if reason := line(s.Reason); reason != "" {
		text += " (" + reason + ")"
	}
	return text
}

// lastMail says how the newest mail to the address fared.
func lastMail(m *escalation.Mail) string {
	if m == nil {
		return ""
	}
	return "*Last mail* · " + joined(deliveryName(m.Kind), "*"+strings.ReplaceAll(words(m.Status), "*", "")+"*", when(m.At), line(m.Detail))
}

// caseBefore says what came of the case about the same that was resolved lately.
func caseBefore(c escalation.Case, to CaseReader) string {
	return "*The same was escalated lately* · " + joined(caseName(c), resolvedLine(c), linkTo(to.BeforeLink, "Open that thread"))
}
