package blocks

import (
	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// CaseForLeads tells the leads of a case that is long overdue, that L2's channel doesn't
// take, or whose agent can't be reached, with the button that gives it to another agent.
// The customer is masked.
func CaseForLeads(e escalation.EventReport, to CaseReader) Message {
	c := e.Report.Case
	text := leadsSentence(e)
	context := joined(capital(words(c.Kind))+" case", hurry(c), whole(clip(c.Gateway, nameLength)), caseWhom(c), escalatedBy(e.Report),
		nowWith(e.Report), ticket(c.Ticket), caseName(c), linkTo(to.Link, "Open the thread"))
	over := offer{may: c.State != escalation.Resolved, label: labelOf(actions.ActCaseHandOver), action: string(actions.ActCaseHandOver), value: c.ID}
	return fit(text+" "+context, append(blocksOf(section(text), note(context)), rows(over)...)...)
}

// leadsSentence says what a lead has to know.
func leadsSentence(e escalation.EventReport) string {
	c := e.Report.Case
	switch e.Event.Kind {
	case escalation.EventUnreached:
		return "*L2's channel doesn't take a case:* " + told(e.Event.Text)
	case escalation.EventAgentUnreached:
		return agentUnreached(e.Event) + handOverPlease(c)
	case escalation.EventReminded:
		return longOverdue(e)
	default:
		return unknownEvent(e.Event)
	}
}

// handOverPlease asks leads for somebody else on the agents' side, unless there is
// nothing left to do.
func handOverPlease(c escalation.Case) string {
	if c.State == escalation.Resolved {
		return " The case is resolved now, and somebody has to tell the customer."
	}
	return " Somebody else has to take the agents' side: please press Hand over and choose who."
}

// longOverdue says that nobody claimed a case in time, or resolved it.
func longOverdue(e escalation.EventReport) string {
	c := e.Report.Case
	late := "*A case for L2 is long overdue.* "
	if e.Event.Clock == "first" {
		late += "Nobody had claimed it" + at(e.Event.At) + "."
	} else {
		late += "It wasn't resolved" + at(e.Event.At) + "."
	}
	switch c.State {
	case escalation.Open:
		return late + " Please see to it that somebody in L2 claims it."
	case escalation.Resolved:
		return late + " It is resolved now."
	default:
		return late + " " + mention(c.ClaimedBy) + " has it now."
	}
}
