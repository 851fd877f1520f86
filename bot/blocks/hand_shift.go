package blocks

import (
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// HandShiftAction is the action_id of the button at the end of a shift; it has no value.
const HandShiftAction = string(actions.ActHandShift)

// HandShiftModalID is the callback_id of the modal that asks to whom; it carries no data.
const HandShiftModalID = "hand_shift_modal"

// HandShiftModal asks which colleague takes over all of somebody's open cases, after it has
// said what goes over and what doesn't. With no case there is nothing to submit.
func HandShiftModal(cases int) slack.ModalViewRequest {
	label := labelOf(actions.ActHandShift)
	stays := section("*What stays with you:* your one-time secrets, what you asked customers for, and your temporary admins. " +
		"They belong to whoever made them, so please end those that nobody needs any more.")
	if cases == 0 {
		return modal(HandShiftModalID, label, "", "", blocksOf(section("You have no open case, so there is nothing to hand over."), stays))
	}
	goes := section("*What goes over:* your " + count(cases, "open case", "open cases") + ". " + handShiftCards(cases))
	return modal(HandShiftModalID, label, label, "", blocksOf(goes, stays,
		colleagueInput("Who takes over?", "They must be an agent, and answer L2 from then on. Who followed a case still does.")))
}

// handShiftCards says where the cards go.
func handShiftCards(cases int) string {
	if cases == 1 {
		return "Its card comes to your colleague's direct message, and its thread says so."
	}
	return "Their cards come to your colleague's direct message, and their threads say so."
}
