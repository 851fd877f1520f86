package blocks

import (
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// The action_ids of the buttons. Their values are IDs of records and nothing
// else.
const (
	DiagnoseAction         = "diagnose"          // a user ID: diagnoses them
	HistoryAction          = "history"           // a user ID: shows their attempts
	TicketNoteAction       = "ticket_note"       // a user ID: gives the note to paste
	ShareAction            = "share"             // a user ID: shows the diagnosis to the channel
	WatchAction            = "watch"             // a user ID: tells when they are in
	JudgeRightAction       = "judge_right"       // a watch ID: its diagnosis was right
	JudgeWrongAction       = "judge_wrong"       // a watch ID: its diagnosis was wrong
	ContinueAction         = "continue"          // what to do in the direct message: "diagnose u-1", "parked p-1"
	DiagnoseSomebodyAction = "diagnose_somebody" // no value: opens the modal that asks whom
)

// rowOf is how many buttons stand in a row.
const rowOf = 3

// offer is a button that is there if somebody may press it.
type offer struct {
	may                  bool
	label, action, value string
}

// rows makes rows of those buttons that are offered.
func rows(offers ...offer) []slack.Block {
	var buttons []slack.BlockElement
	for _, o := range offers {
		if element, ok := button(o.label, o.action, o.value); ok && o.may {
			buttons = append(buttons, element)
		}
	}
	var all []slack.Block
	for ; len(buttons) > rowOf; buttons = buttons[rowOf:] {
		all = append(all, slack.NewActionBlock("", buttons[:rowOf]...))
	}
	if len(buttons) > 0 {
		all = append(all, slack.NewActionBlock("", buttons...))
	}
	return all
}

// button makes a button; ok is false when Slack would refuse what it carries.
func button(label, action, value string) (element *slack.ButtonBlockElement, ok bool) {
	if value == "" || sizeOf(value) > maxValue || utf8.RuneCountInString(action) > maxID {
		return nil, false
	}
	return slack.NewButtonBlockElement(action, value, plainText(label)), true
}

// withDiagnose puts the button that diagnoses a person beside the text. Who
// hears the buttons one after the other hears whom each is about.
func withDiagnose(text *slack.SectionBlock, p actions.Person) slack.Block {
	if element, ok := button("Diagnose", DiagnoseAction, p.ID); ok {
		element.AccessibilityLabel = "Diagnose " + plain(calling(p), nameLength)
		text.Accessory = slack.NewAccessory(element)
	}
	return text
}
