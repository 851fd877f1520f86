package bot

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// diagnose says why somebody can't log in.
func (b *Bot) diagnose(ctx context.Context, r request) (*reply, error) {
	if r.text == "" || r.text == "help" {
		return nil, actions.Errorf(actions.Invalid,
			"Please say who can't log in: an e-mail address, a user name, a mobile number, a Gateway ID or @domain. For example: `%s jane@acme.example`",
			b.name("diagnose"))
	}
	identifier, err := oneIdentifier(r.text)
	if err != nil {
		return nil, err
	}
	return b.diagnosed(ctx, r, actions.Query{Identifier: identifier})
}

// diagnoseUser says it of somebody who was chosen by a button.
func (b *Bot) diagnoseUser(ctx context.Context, r request) (*reply, error) {
	return b.diagnosed(ctx, r, actions.Query{UserID: r.value})
}

func (b *Bot) diagnosed(ctx context.Context, r request, query actions.Query) (*reply, error) {
	d, err := b.actions.Diagnose(ctx, r.call, query)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.Diagnosis(d, b.reader(ctx, r)))
}

// askWhom opens the modal that asks whom to diagnose.
func (b *Bot) askWhom(ctx context.Context, r request) (*reply, error) {
	return nil, b.workspace.OpenModal(ctx, r.in.Trigger, blocks.DiagnoseModal())
}

// diagnoseAsked diagnoses whom the modal was filled in with. What can't be
// read is said beside its field, and the modal stays open.
func (b *Bot) diagnoseAsked(ctx context.Context, r request) (*reply, error) {
	whom, err := readText(r.in.Inputs[blocks.IdentifierInput])
	if err == nil {
		whom.text, err = oneIdentifier(whom.text)
	}
	if err != nil || whom.text == "" {
		return nil, inField(blocks.IdentifierInput, err, "Please say who can't log in: an e-mail address, a user name or a mobile number.")
	}
	if r.call.Ticket, err = readTicket(r.in.Inputs[blocks.TicketInput]); err != nil {
		return nil, inField(blocks.TicketInput, err, "")
	}
	switch {
	case r.call.Ticket == "":
		r.call.Ticket = whom.ticket
	case whom.ticket != "" && whom.ticket != r.call.Ticket:
		return nil, inField(blocks.TicketInput, nil, "You named another ticket above. Please name one.")
	}
	return b.diagnosed(ctx, r, actions.Query{Identifier: whom.text})
}
