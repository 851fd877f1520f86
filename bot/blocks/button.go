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

// The action_ids of remedies. The button of any other act has the act's name as
// it is recorded ("unlock", "send_reset") and the customer's user ID.
const (
	UnlockAndResetAction = "unlock_and_reset"              // a user ID: unlocks, then sends a reset e-mail
	ProfileAction        = "profile"                       // a user ID: changes e-mail or mobile
	MoreRemediesAction   = "more_remedies"                 // a user ID: shows every other act that would help
	VerifyAction         = string(actions.ActVerify)       // a user ID: verifies the caller
	EnterCodeAction      = "enter_code"                    // a verification ID: takes the code that the caller read back
	CodeAgainAction      = "code_again"                    // a verification ID: sends another code
	CopyMailAction       = "copy_mail"                     // a user ID: gives the text of a mail, to copy
	ApproveAction        = string(actions.ActApprove)      // an approval ID
	DeclineAction        = string(actions.ActDecline)      // an approval ID
	WithdrawAction       = string(actions.ActWithdraw)     // an operation ID: takes it back while it waits
	UndoReinviteAction   = string(actions.ActUndoReinvite) // an operation ID: puts the deleted profile back
	ReleaseBrakeAction   = string(actions.ActReleaseBrake) // the Slack ID of who was stopped
	RetryLetterAction    = string(actions.ActRetryLetter)  // the ID of a message that wasn't delivered
)

// rowOf is how many buttons stand in a row.
const rowOf = 3

// offer is a button that is there if somebody may press it.
type offer struct {
	may                  bool
	label, action, value string
	// confirm is what it asks before anything happens; "" for a button that asks
	// nothing.
	confirm string
	style   slack.Style // "" for danger with a question, and else for none
}

// rows makes rows of those buttons that are offered.
func rows(offers ...offer) []slack.Block {
	var buttons []slack.BlockElement
	for _, o := range offers {
		if element, ok := button(o.label, o.action, o.value); ok && o.may {
			element.Style = o.style
			if o.confirm != "" {
				ask(element, o)
			}
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

// ask has a button ask before it does anything. What it asks is plain.
func ask(element *slack.ButtonBlockElement, o offer) {
	if o.style == "" {
		element.Style = slack.StyleDanger
	}
	element.Confirm = slack.NewConfirmationBlockObject(plainText(clip(o.label, maxConfirmTitle)+"?"), plainText(clip(o.confirm, maxConfirmText)),
		plainText(clip(o.label, maxConfirm)), plainText("Cancel")).WithStyle(element.Style)
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
