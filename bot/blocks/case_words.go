package blocks

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// caseName is what people call a case.
func caseName(c escalation.Case) string {
	return "case " + whole(c.Short())
}

// caseWhom says whom a case is about, masked (RULES S1.2).
func caseWhom(c escalation.Case) string {
	name, address := "", value(actions.MaskName(c.Address))
	if c.Address == "" {
		address = ""
	}
	switch p := c.Facts.Person; {
	case p != nil:
		name = naming(*p)
	case address == "" && c.UserID != "":
		name = "user " + value(c.UserID)
	}
	if name == address {
		return address
	}
	return joined(name, address)
}

// hurry says that a case is in one.
func hurry(c escalation.Case) string {
	if c.Priority == escalation.Urgent {
		return "*urgent*"
	}
	return ""
}

// deadline says until when something must be done, or that it is late.
func deadline(what string, by time.Time, overdue bool) string {
	switch {
	case by.IsZero():
		return ""
	case overdue:
		return "*overdue:* " + what + " by " + when(by)
	}
	return what + " by " + when(by)
}

// claimLate and resolutionLate report whether that clock has run out, and not only
// the other one.
func claimLate(r escalation.Report) bool {
	return r.Overdue && ranOut(r.Case.First, r.FirstBy, r.ResolveBy)
}

func resolutionLate(r escalation.Report) bool {
	return r.Overdue && ranOut(r.Case.Resolution, r.ResolveBy, r.FirstBy)
}

// ranOut reports whether it is this clock that has run out when one of the two has:
// it says so itself, or ends first.
func ranOut(k escalation.Clock, by, other time.Time) bool {
	return !by.IsZero() && (k.Sent >= escalation.AtTheEnd || other.IsZero() || !other.Before(by))
}

// since says from when on, after what is so.
func since(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " since " + when(t)
}

// claimedBy says whose case it is on L2's side.
func claimedBy(c escalation.Case) string {
	if c.ClaimedBy == "" {
		return ""
	}
	return "claimed by " + mention(c.ClaimedBy)
}

// unheard says that whoever claimed a case gives no sign of life.
func unheard(c escalation.Case) string {
	who := "whoever claimed it"
	if c.ClaimedBy != "" {
		who = mention(c.ClaimedBy)
	}
	if c.HeardAt.IsZero() {
		return who + " hasn't been heard of"
	}
	return who + " hasn't been heard of" + since(c.HeardAt)
}

// letGo says why an open case isn't new.
func letGo(events []escalation.Event) string {
	for _, e := range slices.Backward(events) {
		switch e.Kind {
		case escalation.EventHandedBack:
			return "handed back by " + mention(e.Actor)
		case escalation.EventReopened:
			return "reopened by " + mention(e.Actor)
		case escalation.EventOpened:
			return ""
		default: // says nothing of it
		}
	}
	return ""
}

// resolvedLine says who resolved a case, when, and what came of it.
func resolvedLine(c escalation.Case) string {
	text := "*Resolved*"
	if c.ResolvedBy != "" {
		text += " by " + mention(c.ResolvedBy)
	}
	text = joined(text, when(c.ResolvedAt))
	if outcome := outcomeWords(c.Outcome); outcome != "" {
		text += ": *" + outcome + "*"
	}
	return text
}

// outcomeWords say what came of a case; "" when that says nothing.
func outcomeWords(o escalation.Outcome) string {
	switch o {
	case escalation.ListedRemoved:
		return "listed and removed"
	case escalation.ListedKept:
		return "listed and kept"
	case escalation.NotListed:
		return "not listed"
	case escalation.OutcomeOther:
		return ""
	}
	return strings.ReplaceAll(words(o), "*", "")
}

// quote shows what somebody wrote, line for line, so that it is told from what is
// ours.
func quote(text string) string { return strings.Join(quotedLines(text), "\n") }

// quotedLines are the lines of a quote, none longer than a paragraph takes.
func quotedLines(text string) []string {
	text = clip(cleanLines(text), escalation.TextLimit)
	if text == "" {
		return nil
	}
	var lines []string
	for _, written := range strings.Split(text, "\n") {
		for _, part := range broken(written) {
			lines = append(lines, strings.TrimRight("> "+escape(part), " "))
		}
	}
	return lines
}

// broken breaks a line that grows beyond a paragraph when it is escaped.
func broken(written string) []string {
	const sign, isolates, escaped = 2, 2, len("&amp;")
	if utf8.RuneCountInString(escape(written)) <= maxSection-sign {
		return []string{written}
	}
	var all []string
	for part := range slices.Chunk([]rune(written), (maxSection-sign-isolates)/escaped) {
		all = append(all, string(part))
	}
	return all
}

// quoted is a quote in paragraphs of its own: as many as it takes, so that nothing of
// it is cut.
func quoted(text string) []slack.Block {
	var all []slack.Block
	paragraph := ""
	for _, written := range quotedLines(text) {
		longer := inLines(paragraph, written)
		if utf8.RuneCountInString(longer) > maxSection {
			all, longer = append(all, section(paragraph)), written
		}
		paragraph = longer
	}
	if paragraph == "" {
		return nil
	}
	return append(all, section(paragraph))
}

// quoting says something with what was written below it, in Text, too.
func quoting(intro, text string, more ...slack.Block) Message {
	all := append(blocksOf(section(intro)), quoted(text)...)
	return fit(inLines(intro, quote(text)), append(all, more...)...)
}

// inLines puts what isn't empty below each other.
func inLines(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "\n")
}

// told shows a longer sentence of ours, in which colleagues may be named by mention
// and a record's words stand.
func told(s string) string {
	return named.ReplaceAllStringFunc(escape(clip(clean(s), sentenceLength)), mentioned)
}

// linkTo is a link to a message in Slack; "" without one.
func linkTo(address, label string) string {
	if address, ok := webAddress(address); ok {
		return "<" + address + "|" + label + ">"
	}
	return ""
}

// newest is the last event of one of these kinds; ok is false without one.
func newest(events []escalation.Event, kinds ...escalation.EventKind) (e escalation.Event, ok bool) {
	for _, e := range slices.Backward(events) {
		if slices.Contains(kinds, e.Kind) {
			return e, true
		}
	}
	return escalation.Event{}, false
}
