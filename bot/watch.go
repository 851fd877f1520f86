package bot

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// watch tells the agent when somebody gets in.
func (b *Bot) watch(ctx context.Context, r request) (*reply, error) {
	report, err := b.actions.Watch(ctx, r.call, r.value)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.Watching(report))
}

// judge returns the handler that keeps whether a diagnosis was right. The
// message that asked is drawn anew.
func judge(judgement actions.Judgement) handler {
	return func(b *Bot, ctx context.Context, r request) (*reply, error) {
		report, err := b.actions.JudgeDiagnosis(ctx, r.call, r.value, judgement)
		if err != nil {
			return nil, err
		}
		return newReplacement(blocks.WatchEnded(report))
	}
}
