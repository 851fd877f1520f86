package blocks

import (
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// The modal that asks whom to diagnose, its inputs by block_id, and the
// action_id of each of them.
const (
	DiagnoseModalID = "diagnose_modal"
	IdentifierInput = "identifier"
	TicketInput     = "ticket"
	InputValue      = "value"
)

// How much may be typed into an input, in characters.
const (
	identifierTyped = actions.IdentifierLimit
	ticketTyped     = 40
)

// DiagnoseModal asks whom to diagnose. It carries no data.
func DiagnoseModal() slack.ModalViewRequest {
	whom := input(IdentifierInput, "Who can't log in?", "E-mail address, user name or mobile number", identifierTyped)
	whom.Hint = plainText("A user ID, a Gateway ID or @domain works too.")
	ticket := input(TicketInput, "Ticket", "#4711", ticketTyped).WithOptional(true)
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: DiagnoseModalID,
		Title: plainText("Diagnose somebody"), Submit: plainText("Diagnose"), Close: plainText("Cancel"),
		Blocks: slack.Blocks{BlockSet: within(maxViewBlocks, []slack.Block{whom, ticket})},
	}
}
