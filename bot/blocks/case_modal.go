package blocks

import (
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// The callback_ids of the modals of cases. Their private_metadata is the ID of a
// case.
const (
	AskModalID          = "case_ask_modal"
	ReplyModalID        = "case_reply_modal"
	ResolveModalID      = "case_resolve_modal"
	CaseHandOverModalID = "case_hand_over_modal"
)

// The inputs of the modals of cases by block_id. The answer and the note are
// [ReasonInput].
const (
	QuestionInput  = "question"
	CustomerInput  = "customer"  // a checkbox; CustomerAnswers is its value
	OutcomeInput   = "outcome"   // radio buttons: an escalation.Outcome
	ColleagueInput = "colleague" // a menu of people: a Slack ID
)

// CustomerAnswers is the value of CustomerInput: the customer has to answer.
const CustomerAnswers = "customer"

// AskModal asks what L2 wants to know of the agent.
func AskModal(r escalation.Report) slack.ModalViewRequest {
	question := typed(QuestionInput, "Question", "What do you need to know?", "", escalation.TextLimit, true).WithOptional(true)
	question.Hint = plainText("The agent reads it in their direct message. No password, code or link belongs in it.")
	return modal(AskModalID, labelOf(actions.ActAsk), "Ask", r.Case.ID, append(caseOf(r), question,
		customerInput("The customer has to answer: the time for the resolution stands still meanwhile.")))
}

// ReplyModal asks for the agent's answer, below what L2 asked last.
func ReplyModal(r escalation.Report) slack.ModalViewRequest {
	all := caseOf(r)
	if asked := pending(r); asked.Actor != "" {
		all = append(all, section("*"+mention(asked.Actor)+" wrote:*"))
		all = append(all, quoted(asked.Text)...)
	}
	all = append(all, writtenInput("Your answer, or what L2 should know", "L2 reads it in their thread. No password, code or link belongs in it."))
	if r.Case.State != escalation.Open { // nobody is on it whom the customer's answer holds up
		all = append(all, customerInput("The customer has to answer first: the case waits for them."))
	}
	return modal(ReplyModalID, "Reply to L2", labelOf(actions.ActReply), r.Case.ID, all)
}

// ResolveModal asks what came of a case: nothing is chosen before somebody does.
func ResolveModal(r escalation.Report) slack.ModalViewRequest {
	all := caseOf(r)
	if text := delisting(r.Delisting); text != "" {
		all = append(all, section(text+wishes(r.Case.Facts.Lists)))
	}
	if r.Case.Kind.Listed() {
		all = append(all, outcomeInput(r))
	}
	all = append(all, writtenInput("What you found and did", "The agent reads it. What to tell the customer comes with it by itself."))
	return modal(ResolveModalID, labelOf(actions.ActResolve), labelOf(actions.ActResolve), r.Case.ID, all)
}

// CaseHandOverModal asks which colleague goes on with a case.
func CaseHandOverModal(r escalation.Report) slack.ModalViewRequest {
	colleague := colleagueInput("Who goes on with it?",
		"They must be an agent. The card comes to their direct message, and they answer L2 from then on. Who followed the case still does.")
	return modal(CaseHandOverModalID, labelOf(actions.ActCaseHandOver), labelOf(actions.ActCaseHandOver), r.Case.ID, append(caseOf(r), colleague))
}

// colleagueInput asks for a colleague.
func colleagueInput(label, hint string) slack.Block {
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plainText("Choose a colleague"), InputValue)
	return slack.NewInputBlock(ColleagueInput, plainText(label), plainText(hint), menu).WithOptional(true)
}

// caseOf says which case a modal is about, masked.
func caseOf(r escalation.Report) []slack.Block {
	c := r.Case
	return blocksOf(section(joined("*"+capital(words(c.Kind))+"*", caseWhom(c), hurry(c), caseName(c))))
}

// writtenInput asks for a text that stays on record.
func writtenInput(placeholder, hint string) slack.Block {
	block := typed(ReasonInput, "Reason", placeholder, "", escalation.TextLimit, true)
	block.Hint = plainText(hint)
	return block
}

// customerInput asks whether the customer is the one to answer.
func customerInput(hint string) slack.Block {
	box := option(choice{CustomerAnswers, "The customer has to answer"})
	return slack.NewInputBlock(CustomerInput, plainText("Who answers?"), plainText(hint), slack.NewCheckboxGroupsBlockElement(InputValue, box)).WithOptional(true)
}

// outcomeInput asks what came of a question about lists.
func outcomeInput(r escalation.Report) slack.Block {
	outcome := ""
	if r.Delisting != nil && r.Delisting.Operation.State == actions.OperationDone {
		outcome = string(escalation.ListedRemoved)
	}
	block := radio(OutcomeInput, "Outcome", outcome,
		option(choice{string(escalation.ListedRemoved), "Listed and removed"}),
		option(choice{string(escalation.ListedKept), "Listed and kept"}),
		option(choice{string(escalation.NotListed), "Not listed"}),
		option(choice{string(escalation.OutcomeOther), "Something else"}))
	block.Hint = plainText("With nothing chosen it is something else: then your note says it all.")
	return block
}
