package bot

import (
	"context"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// verifyTyped opens the form that proves a caller, for whom a command names.
func (b *Bot) verifyTyped(ctx context.Context, r request) (*reply, error) {
	person, _, instead, err := b.whom(ctx, r)
	if err != nil || person == nil {
		return instead, err
	}
	return nil, b.openVerify(ctx, r, person.ID)
}

// verifyCaller opens it for the customer of the button.
func (b *Bot) verifyCaller(ctx context.Context, r request) (*reply, error) {
	return nil, b.openVerify(ctx, r, r.value)
}

func (b *Bot) openVerify(ctx context.Context, r request, userID string) error {
	person, ways, verified, err := b.actions.Ways(ctx, r.call, userID)
	if err != nil {
		return err
	}
	return b.workspace.OpenModal(ctx, r.in.Trigger, blocks.VerifyModal(person, ways, verified, userID, r.call.Ticket))
}

// verifyAsked has a code sent. The card of the proof follows in the direct
// message.
func (b *Bot) verifyAsked(ctx context.Context, r request) (*reply, error) {
	var err error
	if r.call.Ticket, err = readTicket(r.in.Inputs[blocks.TicketInput]); err != nil {
		return nil, inField(blocks.TicketInput, err, "")
	}
	via := actions.Channel(r.in.Inputs[blocks.ViaInput])
	if via == "" {
		return nil, inField(blocks.ViaInput, nil, "Please choose where the code goes.")
	}
	purpose := actions.Act(r.in.Inputs[blocks.PurposeInput])
	if _, err = b.actions.Verify(ctx, r.call, r.in.Metadata, via, purpose); err != nil {
		return nil, inField(blocks.ViaInput, err, "")
	}
	return nil, nil
}

// codeAgain opens the form for another code to the customer of a proof.
func (b *Bot) codeAgain(ctx context.Context, r request) (*reply, error) {
	report, err := b.actions.ProofReport(ctx, r.value)
	if err != nil {
		return nil, err
	}
	return nil, b.openVerify(ctx, r, report.Verification.UserID)
}

// enterCode opens the form that takes what the caller reads back.
func (b *Bot) enterCode(ctx context.Context, r request) (*reply, error) {
	report, err := b.actions.ProofReport(ctx, r.value)
	if err != nil {
		return nil, err
	}
	return nil, b.workspace.OpenModal(ctx, r.in.Trigger, blocks.CodeModal(report))
}

// codeEntered compares it. A wrong one is said beside the field.
func (b *Bot) codeEntered(ctx context.Context, r request) (*reply, error) {
	code := strings.TrimSpace(r.in.Inputs[blocks.CodeInput])
	if _, err := b.actions.Prove(ctx, r.call, r.in.Metadata, code); err != nil {
		return nil, inField(blocks.CodeInput, err, "")
	}
	return nil, nil
}
