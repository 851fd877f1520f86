package blocks

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/escalation"
)

// Cases lists cases, a line each, with the customer masked: one list from an offset on, or
// several together. link returns where a case's card stands, "" when that isn't known; now is
// the moment by which they are old or late.
func Cases(l escalation.Lists, link func(escalation.Case) string, now time.Time) Message {
	if len(l.Parts) == 1 {
		return casesOf(l.Parts[0], link, now)
	}
	var all []slack.Block
	var heard []string
	cases := 0
	for i, p := range l.Parts {
		cases += len(p.Cases)
		all, heard = append(all, section(caseTitle(p.Which))), append(heard, caseTitle(p.Which))
		if len(p.Cases) == 0 {
			none := noneInPart(p.Which)
			all, heard = append(all, note(none)), append(heard, none)
		}
		shown := 0
		for _, line := range caseLines(p.Cases, link, now) {
			if sizeOf(all)+sizeOf(line.block) > listRoom*(i+1)/len(l.Parts) {
				break
			}
			all, heard, shown = append(all, line.block), append(heard, line.text), shown+1
		}
		if left := len(p.Cases) - shown + p.More; left > 0 {
			more := "and " + count(left, "more", "more")
			all, heard = append(all, note(more)), append(heard, more)
			all = append(all, moreOfPart(p, shown)...)
		}
	}
	if cases == 0 {
		return Sentence(noCases(l.Which))
	}
	return fit(strings.Join(heard, "\n"), all...)
}

// moreOfPart is the button that shows a list alone from an offset on.
func moreOfPart(p escalation.ListPart, offset int) []slack.Block {
	rest := p.Asked
	rest.Offset = offset
	return rows(offer{may: true, label: "Show more " + moreOf[p.Which], action: CaseListAction, value: CaseRef(rest)})
}

// casesOf shows a part of one list, and where it goes on.
func casesOf(p escalation.ListPart, link func(escalation.Case) string, now time.Time) Message {
	if len(p.Cases) > 0 {
		total := p.Offset + len(p.Cases) + p.More
		return page(caseTitle(p.Which), caseLines(p.Cases, link, now), p.Offset, total, func(next int) (action, value string) {
			rest := p.Asked
			rest.Offset = next
			return CaseListAction, CaseRef(rest)
		})
	}
	if p.Offset == 0 {
		return Sentence(noCases(p.Which))
	}
	text := caseTitle(p.Which) + ": there is nothing more on it."
	return fit(text, section(text))
}

// caseLines are cases, a line each.
func caseLines(cases []escalation.Case, link func(escalation.Case) string, now time.Time) []pageLine {
	var lines []pageLine
	for _, c := range cases {
		text := caseLine(c, link(c), now)
		lines = append(lines, pageLine{text, section(text)})
	}
	return lines
}

// caseTitles name the lists.
var caseTitles = map[escalation.Which]string{
	escalation.Mine:           "Mine",
	escalation.Unclaimed:      "Unclaimed",
	escalation.Overdue:        "Overdue",
	escalation.OwnOverdue:     "Cases of yours that are late",
	escalation.Unsolved:       "All open cases",
	escalation.OpenedIn:       "Cases opened, the newest first",
	escalation.ResolvedIn:     "Cases resolved, the newest first",
	escalation.LateClaim:      "Cases not claimed in time, the newest first",
	escalation.LateResolution: "Cases not resolved in time, the newest first",
}

// moreOf say of which list there is more.
var moreOf = map[escalation.Which]string{
	escalation.Mine:           "of mine",
	escalation.Unclaimed:      "unclaimed",
	escalation.Overdue:        "overdue",
	escalation.OwnOverdue:     "of yours",
	escalation.Unsolved:       "open",
	escalation.OpenedIn:       "opened",
	escalation.ResolvedIn:     "resolved",
	escalation.LateClaim:      "late claims",
	escalation.LateResolution: "late resolutions",
}

// caseTitle is what a list is called.
func caseTitle(which escalation.Which) string {
	return "*" + orElse(caseTitles[which], words(which)) + "*"
}

// noneInPart says of a list beside others that nothing is on it.
func noneInPart(which escalation.Which) string {
	switch which {
	case escalation.Mine:
		return "You follow none and have claimed none."
	case escalation.Unclaimed:
		return "Somebody is on every case."
	case escalation.Overdue:
		return "Nothing is late."
	default:
		return "None."
	}
}

// noCases says that there is nothing to show.
func noCases(which escalation.Which) string {
	switch which {
	case escalation.Mine:
		return "You follow no open case and have claimed none."
	case escalation.Unclaimed:
		return "Somebody is on every open case."
	case escalation.Overdue:
		return "No case is overdue."
	case escalation.OwnOverdue:
		return "No case of yours is late."
	case escalation.Unsolved:
		return "No case is open."
	case escalation.OpenedIn:
		return "No case was opened in these days."
	case escalation.ResolvedIn:
		return "No case that was resolved in these days is still resolved."
	case escalation.LateClaim:
		return "Every case was claimed in time in these days."
	case escalation.LateResolution:
		return "No case ran out of time to be resolved in these days."
	case escalation.Worked:
		return "No case was opened or resolved in these days, and none is open."
	case escalation.AllLate:
		return "No case is late, and none ran out of time in these days."
	case escalation.AllLists:
	}
	return "There is nothing to do: none of your cases is open, somebody is on every other, and nothing is late."
}

// caseLine is a case in a line.
func caseLine(c escalation.Case, link string, now time.Time) string {
	return joined("*"+caseState(c.State)+"*", words(c.Kind), value(c.Gateway), caseWhom(c), ageOf(now.Sub(c.At)), resolvedAt(c), whoHasIt(c), hurry(c), lateIn(c, now), caseName(c),
		linkTo(link, "Open the thread"))
}

// caseState is a state in a word or two.
func caseState(s escalation.State) string {
	switch s {
	case escalation.Open:
		return "Open"
	case escalation.Claimed:
		return "Claimed"
	case escalation.WaitingAgent:
		return "Waiting for the agent"
	case escalation.WaitingCustomer:
		return "Waiting for the customer"
	case escalation.Resolved:
		return "Resolved"
	}
	return capital(words(s))
}

// ageOf says how old a case is, roughly.
func ageOf(d time.Duration) string {
	switch hours := int(d.Hours()); {
	case d < time.Hour:
		return count(max(int(d.Minutes()), 0), "minute", "minutes") + " old"
	case hours < 48:
		return count(hours, "hour", "hours") + " old"
	default:
		return count(hours/24, "day", "days") + " old"
	}
}

// resolvedAt says when a case was resolved; "" while it isn't.
func resolvedAt(c escalation.Case) string {
	if c.State != escalation.Resolved || c.ResolvedAt.IsZero() {
		return ""
	}
	return "resolved " + when(c.ResolvedAt)
}

// whoHasIt names whoever claimed a case, or else the agent who waits.
func whoHasIt(c escalation.Case) string {
	if c.State == escalation.Open || c.ClaimedBy == "" {
		return "from " + mention(c.Agent)
	}
	return "with " + mention(c.ClaimedBy)
}

// lateIn says which clocks ran out, and since when.
func lateIn(c escalation.Case, now time.Time) string {
	return joined(lateSince("claim", c.First.EndsAt, now), lateSince("resolution", c.Resolution.EndsAt, now))
}

// lateSince says that the clock of this name ran out; "" while it didn't, or stands
// still.
func lateSince(name string, end, now time.Time) string {
	if end.IsZero() || end.After(now) {
		return ""
	}
	return "*" + name + " overdue*" + since(end)
}
