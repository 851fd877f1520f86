package bot

import (
	"context"

	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// last shows the last customers that the agent looked up: an answer that only
// they saw is gone when Slack is loaded anew.
func (b *Bot) last(ctx context.Context, r request) (*reply, error) {
	looks, err := b.actions.Last(ctx, r.call)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.Last(looks))
}
