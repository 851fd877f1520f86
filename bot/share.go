package bot

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// ticketNote gives what was found and done, ready to paste into a ticket.
func (b *Bot) ticketNote(ctx context.Context, r request) (*reply, error) {
	d, err := b.again(ctx, r, actions.ActTicketNote)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.TicketNote(d))
}

// share shows a diagnosis, masked, to everybody in a support channel.
func (b *Bot) share(ctx context.Context, r request) (*reply, error) {
	if !b.supports(r.in) {
		return nil, actions.Errorf(actions.Invalid, "A diagnosis is shared in a support channel only. Please ask for it there and share it from there.")
	}
	d, err := b.again(ctx, r, actions.ActShare)
	if err != nil {
		return nil, err
	}
	return newShared(blocks.Shared(d, r.call.Actor.ID))
}

// again diagnoses somebody once more for another purpose.
func (b *Bot) again(ctx context.Context, r request, act actions.Act) (actions.Diagnosis, error) {
	if err := isRecord(r.value); err != nil {
		return actions.Diagnosis{}, err
	}
	return b.actions.Again(ctx, r.call, act, r.value)
}
