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
