package blocks

import (
	"slices"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// Escalated answers whoever escalated: with a new case, the open one that they
// joined, or the one that they follow already.
func Escalated(e escalation.Escalated, to CaseReader) Message {
	c := e.Report.Case
	text := "*Escalated to L2.*"
	switch {
	case e.Already:
		text = "*You follow the open case about this already.*"
	case e.Joined:
		text = "*There is an open case about this, and you follow it now.*"
	}
	text += " " + standingInWords(e.Report) + " Its card in our direct message shows what becomes of it."
	all := blocksOf(section(text))
	if len(e.Known) > 0 && !e.Already {
		all = append(all, section(list("What is on record", e.Known, doesShown, told)))
	}
	if isUnreached(c) {
		all = append(all, section(unreached(c)))
		text += " " + unreached(c)
	}
	all = append(all, note(joined(caseWhom(c), hurry(c), ticket(c.Ticket), caseName(c), linkTo(to.Link, "Open L2's thread"))))
	if to.Uncalled && c.State == escalation.Open {
		all = append(all, note(nobodyCalled))
	}
	return fit(text, all...)
}

// standingInWords says where a case stands, as a sentence.
func standingInWords(r escalation.Report) string { return capital(threadStanding(r)) }

// Premature says that L2 can't help yet, and has the button of the act that helps
// first; instead is "" for none.
func Premature(words actions.Words, userID string, instead actions.Act) Message {
	message := Failure(words)
	return fit(message.Text, append(message.Blocks, helpsFirst(instead, userID)...)...)
}

// helpsFirst is the button of the act that helps before anything else does; none
// without an act for a customer.
func helpsFirst(act actions.Act, userID string) []slack.Block {
	_, known := labels[act.Recorded()]
	return rows(offer{may: known, label: labelOf(act), action: actionOf(act), value: userID, confirm: asks[act.Recorded()]})
}

// escalateOffer is the button that escalates a customer, where it belongs: high
// when that is what helps (top), and else among what may help further.
func escalateOffer(d actions.Diagnosis, reader Reader, top bool) offer {
	helps := slices.Contains(d.Findings[0].Remedies, actions.Escalate)
	return offer{may: reader.may(actions.ActEscalate) && helps == top, label: labelOf(actions.ActEscalate), action: EscalateAction, value: d.User.ID}
}
