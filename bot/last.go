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

// home draws the app's Home anew.
func (b *Bot) home(ctx context.Context, r request) (*reply, error) {
	looks, err := b.actions.Last(ctx, r.call)
	if err != nil {
		return nil, err
	}
	watches, err := b.actions.OpenWatches(ctx, r.call.Actor.ID)
	if err != nil {
		return nil, err
	}
	view := blocks.HomeView{Looks: looks, Watches: watches, Help: b.helpFor(r.call.Actor.Roles)}
	return nil, b.workspace.PublishHome(ctx, r.call.Actor.ID, blocks.Home(view))
}
