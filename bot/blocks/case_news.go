package blocks

import (
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/escalation"
)

// CaseNews says below an agent's card what happened to the case: a card that is
// redrawn calls nobody.
func CaseNews(e escalation.EventReport, to CaseReader) Message {
	event, c := e.Event, e.Report.Case
	by := mention(event.Actor)
	switch event.Kind {
	case escalation.EventAsked:
		return quoting("*"+by+" asks "+youOr(c.Agent, to.Viewer)+":*", event.Text, note("Press Reply above to answer: L2 reads it in their thread."))
	case escalation.EventWaiting:
		return quoting("*Waiting for the customer*, says "+by+".", event.Text, note("Ask the customer, and press Reply above when they have answered."))
	case escalation.EventReplied:
		return quoting("*"+by+" answered L2:*", event.Text)
	case escalation.EventResolved:
		return quoting(newsResolved(e), event.Text, adviceAbove(e.Report)...)
	case escalation.EventJoined:
		return quoting("*"+by+" escalated the same* and follows this case now.", event.Text)
	case escalation.EventReopened:
		return plainly("*" + by + " opened the case again.* L2 goes on with it: hold back what you wanted to tell the customer.")
	case escalation.EventHandedOver:
		return plainly(handedToAgent(event, to.Viewer))
	case escalation.EventUnreached:
		return plainly("*L2 hasn't got this case yet:* " + told(event.Text))
	case escalation.EventReached:
		return plainly(newsReached(event))
	case escalation.EventNudged:
		return plainly("*The case still waits for the customer*" + since(waitingSince(e.Report)) +
			". Please ask them again, and press Reply above when they have answered, or to say that they won't.")
	default:
		return plainly(eventSentence(e, to))
	}
}

// newsReached says that L2 has a case that they hadn't, or have it elsewhere.
func newsReached(event escalation.Event) string {
	if event.To != "" {
		return "*L2 has your case in another channel now.* You are told what becomes of it, as before."
	}
	return "*L2 has your case now.* You are told what becomes of it."
}

// newsResolved says to an agent that a case is resolved, and what came of it.
func newsResolved(e escalation.EventReport) string {
	text := "*" + mention(e.Event.Actor) + " resolved the case*"
	if outcome := outcomeWords(e.Report.Case.Outcome); outcome != "" && e.Report.Case.State == escalation.Resolved {
		text += ": *" + outcome + "*"
	}
	return text + "."
}

// adviceAbove says where to find what to say to the customer.
func adviceAbove(r escalation.Report) []slack.Block {
	if advice, _ := tell(r); advice == nil {
		return nil
	}
	return blocksOf(note("What to say to the customer stands above."))
}

// handedToAgent says to whom a case is handed over, and what that means for them.
func handedToAgent(event escalation.Event, viewer string) string {
	if event.To != viewer {
		return mention(event.Actor) + " handed this case over to " + mention(event.To) + ", who answers L2 from now on."
	}
	return "*" + mention(event.Actor) + " handed this case over to you.* You answer L2 from now on, and tell the customer what comes of it."
}
