package blocks

import (
	"time"

	"github.com/latchkey-bot/latchkey/escalation"
)

// CaseEvent says in the thread of L2's card what happened to a case. That it was
// opened comes with all that is known.
func CaseEvent(e escalation.EventReport, to CaseReader) Message {
	event, c := e.Event, e.Report.Case
	by := mention(event.Actor)
	switch event.Kind {
	case escalation.EventOpened:
		return caseDetails(e, to)
	case escalation.EventReached:
		return reached(e, to)
	case escalation.EventAsked:
		return quoting("*"+by+" asks* "+mention(c.Agent)+":", event.Text)
	case escalation.EventReplied:
		return quoting("*"+by+" answers"+addressed(c)+"*:", event.Text)
	case escalation.EventWaiting:
		return quoting("*Waiting for the customer*, says "+by+". The time for the resolution stands still.", event.Text)
	case escalation.EventResolved:
		return quoting(resolvedBy(e), event.Text)
	case escalation.EventJoined:
		return quoting("*"+by+" escalated the same* and follows this case.", event.Text)
	default:
		return plainly(eventSentence(e, to))
	}
}

// plainly says something in one paragraph of markup.
func plainly(text string) Message { return fit(text, section(text)) }

// addressed names whoever has the case, so that they are called.
func addressed(c escalation.Case) string {
	if c.ClaimedBy == "" {
		return ""
	}
	return " " + mention(c.ClaimedBy)
}

// resolvedBy says who resolved a case, and what came of it as far as that still
// holds.
func resolvedBy(e escalation.EventReport) string {
	text := "*" + mention(e.Event.Actor) + " resolved this case*"
	if outcome := outcomeWords(e.Report.Case.Outcome); outcome != "" && e.Report.Case.State == escalation.Resolved {
		text += ": *" + outcome + "*"
	}
	return text + ". It can be reopened until " + when(e.Event.At.Add(escalation.ReopenTime)) + "."
}

// eventSentence says an event in a sentence or two, for L2.
func eventSentence(e escalation.EventReport, to CaseReader) string {
	event, by := e.Event, mention(e.Event.Actor)
	switch event.Kind {
	case escalation.EventHandedBack:
		return handedBack(event)
	case escalation.EventReopened:
		return "*" + by + " opened this case again.* Whoever claims it first has it."
	case escalation.EventReminded:
		return reminder(e, to)
	case escalation.EventOffered:
		return offeredSentence(e)
	case escalation.EventUrgent:
		return urgentSentence(e, to)
	case escalation.EventNudged:
		return "*This case still waits for the customer*" + since(waitingSince(e.Report)) + ". " + mention(event.To) + " is asked to write to them again."
	case escalation.EventAgentUnreached:
		return agentUnreached(event) + " Somebody else has to take the agents' side: who follows the case, or a lead, presses *Hand over*."
	default:
		return delistEvent(e)
	}
}

// delistEvent says what came of taking the address off lists.
func delistEvent(e escalation.EventReport) string {
	event := e.Event
	switch event.Kind {
	case escalation.EventDelisting:
		return "*" + mention(event.Actor) + " asked to remove the address from its lists.* The customer is protected, so a second person must approve it first."
	case escalation.EventDelisted:
		return "*The address was removed from its lists*, and each was read again. If a fresh mail bounces, it is listed again: " +
			"say so to the customer, and resolve the case once the mail has arrived."
	case escalation.EventNotDelisted:
		return "*The address wasn't removed from every list:* " + orElse(told(event.Text), "a step failed.")
	default:
		return unknownEvent(event)
	}
}

// reached says that L2's channel takes a case again, with the details, since those that
// were sent before may be lost; or that it is another channel, where that it was opened
// is told anew.
func reached(e escalation.EventReport, to CaseReader) Message {
	if e.Event.To != "" {
		return plainly("*This case goes on in this channel*, since it is L2's now. The card above shows where it stands.")
	}
	return caseDetails(e, to, "*Slack takes this case again.* The card above shows where it stands now.")
}

// urgentSentence says that a case became urgent, and calls whoever has it, or else L2.
func urgentSentence(e escalation.EventReport, to CaseReader) string {
	c := e.Report.Case
	called := to.L2
	if c.State != escalation.Open && c.ClaimedBy != "" {
		called = mention(c.ClaimedBy)
	}
	return called + " *this case is urgent now:* " + mention(e.Event.Actor) + " escalated the same as urgent. The shorter times of urgent cases hold from now on."
}

// waitingSince is since when a case has waited for the customer; zero when that isn't
// known.
func waitingSince(r escalation.Report) time.Time {
	waiting, _ := newest(r.Events, escalation.EventWaiting)
	return waiting.At
}

// agentUnreached says that who has a case on the agents' side can't be reached.
func agentUnreached(event escalation.Event) string {
	text := "*" + mention(event.To) + ", who has this case on the agents' side, can't be reached.*"
	if why := told(event.Text); why != "" {
		text += " " + why
	}
	return text
}

// unknownEvent says what can be said of an event of another version.
func unknownEvent(event escalation.Event) string {
	text := "Something happened that this version of Latchkey doesn't know: *" + words(event.Kind) + "*"
	if event.Actor != "" {
		text += ", by " + mention(event.Actor)
	}
	return text + ". The card shows where the case stands."
}

func handedBack(event escalation.Event) string {
	text := "*" + mention(event.Actor) + " handed this case back*"
	if event.To != "" && event.To != event.Actor {
		text += ", which " + mention(event.To) + " had"
	}
	return text + ": anybody in L2 may claim it."
}

// offeredSentence tells L2 that a case may be taken on, and whoever had it how to
// keep it.
func offeredSentence(e escalation.EventReport) string {
	c := e.Report.Case
	c.ClaimedBy = e.Event.To
	if c.HeardAt.After(e.Event.At) { // they were, since
		c.HeardAt = time.Time{}
	}
	return "*" + capital(unheard(c)) + ": anybody in L2 may claim this case.* Whoever had it keeps it by pressing Claim, or by writing here."
}

// reminder says how far a clock has come, and who should do what.
func reminder(e escalation.EventReport, to CaseReader) string {
	event, c := e.Event, e.Report.Case
	what, standing := "the first claim", "nobody had claimed this case"
	if event.Clock != "first" {
		what, standing = "the resolution", "this case wasn't resolved"
	}
	over := "*The time for " + what + " is over.*"
	var text string
	switch event.Level {
	case escalation.HalfTime:
		text = "*Half of the time for " + what + " is over.*"
	case escalation.AtTheEnd:
		text = over
	case escalation.ToTheGroup:
		text = to.L2 + " *this case is overdue: the time for " + what + " is over.*"
	case escalation.ToTheLeads:
		text = over + " The leads are told."
	default:
		text = "*Mind the time for " + what + ".*"
	}
	text += " " + capital(standing) + at(event.At) + addressedIn(c) + "."
	if c.Priority == escalation.Urgent {
		text += " It is *urgent*."
	}
	return text + dueBy(e)
}

// addressedIn calls whoever has the case.
func addressedIn(c escalation.Case) string {
	if c.ClaimedBy == "" || c.State == escalation.Resolved {
		return ""
	}
	return ", and " + mention(c.ClaimedBy) + " has it"
}

// dueBy says until when what a reminder is about has time left.
func dueBy(e escalation.EventReport) string {
	r := e.Report
	by := r.ResolveBy
	if e.Event.Clock == "first" {
		by = r.FirstBy
	}
	if by.IsZero() || e.Event.Level != escalation.HalfTime {
		return ""
	}
	return " There is time until " + when(by) + "."
}
