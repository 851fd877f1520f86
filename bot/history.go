package bot

import (
	"context"

	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// history shows somebody's attempts as a chart and a table.
func (b *Bot) history(ctx context.Context, r request) (*reply, error) {
	h, err := b.actions.History(ctx, r.call, r.value)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.History(h))
}

// historyTyped shows them of whom a command names.
func (b *Bot) historyTyped(ctx context.Context, r request) (*reply, error) {
	person, _, instead, err := b.whom(ctx, r)
	if err != nil || person == nil {
		return instead, err
	}
	r.value = person.ID
	return b.history(ctx, r)
}
