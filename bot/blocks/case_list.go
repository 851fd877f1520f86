package blocks

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/escalation"
)

// Cases lists the cases that aren't resolved, a line each, with the customer masked.
// link returns where a case's card stands, "" when that isn't known; now is the
// moment by which they are old or late.
func Cases(l escalation.Lists, link func(escalation.Case) string, now time.Time) Message {
	parts := partsOf(l)
	var all []slack.Block
	var heard []string
	cases := 0
	for _, p := range parts {
		cases += len(p.Cases)
		all, heard = append(all, section("*"+p.title+"*")), append(heard, "*"+p.title+"*")
		if len(p.Cases) == 0 {
			all, heard = append(all, note(p.none)), append(heard, p.none)
		}
		for _, c := range p.Cases {
			text := caseLine(c, link(c), now)
			all, heard = append(all, section(text)), append(heard, text)
		}
		if p.More > 0 {
			more := "and " + count(p.More, "more", "more")
			all, heard = append(all, note(more)), append(heard, more)
		}
	}
	if cases == 0 {
		return Sentence(noCases(l.Which))
	}
	return fit(strings.Join(heard, "\n"), all...)
}

// titledPart is a part of the list as it is shown.
type titledPart struct {
	escalation.Part
	title, none string
}

// partsOf are the parts that were asked for.
func partsOf(l escalation.Lists) []titledPart {
	mine := titledPart{l.Mine, "Mine", "You follow none and have claimed none."}
	unclaimed := titledPart{l.Unclaimed, "Unclaimed", "Somebody is on every case."}
	overdue := titledPart{l.Overdue, "Overdue", "Nothing is late."}
	switch l.Which {
	case escalation.Mine:
		return []titledPart{mine}
	case escalation.Unclaimed:
		return []titledPart{unclaimed}
	case escalation.Overdue:
		return []titledPart{overdue}
	case escalation.AllLists:
	}
	return []titledPart{mine, unclaimed, overdue}
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
	case escalation.AllLists:
	}
	return "There is nothing to do: none of your cases is open, somebody is on every other, and nothing is late."
}

// caseLine is a case in a line.
func caseLine(c escalation.Case, link string, now time.Time) string {
	return joined("*"+caseState(c.State)+"*", words(c.Kind), value(c.Gateway), caseWhom(c), ageOf(now.Sub(c.At)), whoHasIt(c), hurry(c), lateIn(c, now), caseName(c),
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
