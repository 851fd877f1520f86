package bot

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// decide returns the handler of a second person's answer. The card that asked is
// drawn anew at once; those of the others follow.
func decide(answer func(*actions.Actions, context.Context, actions.Call, string) (actions.OperationReport, error)) handler {
	return ofRecord(func(b *Bot, ctx context.Context, r request) (*reply, error) {
		report, err := answer(b.actions, ctx, r.call, r.value)
		if err != nil {
			return nil, err
		}
		return newReplacement(blocks.Approval(report))
	})
}

// withdraw takes back what waits for somebody. Its card is drawn anew at once;
// those of who was asked follow.
func (b *Bot) withdraw(ctx context.Context, r request) (*reply, error) {
	report, err := b.actions.Withdraw(ctx, r.call, r.value)
	if err != nil {
		return nil, err
	}
	return newReplacement(blocks.Operation(report))
}

// releaseBrake opens the form that asks why somebody may go on, if they were
// stopped and nobody released them since.
func (b *Bot) releaseBrake(ctx context.Context, r request) (*reply, error) {
	brake, err := b.actions.BrakeReport(ctx, r.value)
	switch {
	case err != nil:
		return nil, err
	case !brake.ReleasedAt.IsZero():
		return nil, actions.Errorf(actions.Conflict, "<@%s> isn't stopped any more, so there was nothing to release.", brake.Actor)
	}
	return nil, b.workspace.OpenModal(ctx, r.in.Trigger, blocks.ReasonModal(actions.ActReleaseBrake, brake.Actor,
		"Release a colleague", "<@"+brake.Actor+"> did unusually much in an hour and was stopped. Please make sure that it was really them, and why."))
}

// retryLetter opens the form that asks why a dead letter is tried once more.
func (b *Bot) retryLetter(ctx context.Context, r request) (*reply, error) {
	return nil, b.workspace.OpenModal(ctx, r.in.Trigger, blocks.ReasonModal(actions.ActRetryLetter, r.value,
		"Deliver once more", "The message is delivered once more, as things are now."))
}

// letters shows what could not be delivered.
func (b *Bot) letters(ctx context.Context, r request) (*reply, error) {
	dead, err := b.actions.DeadLetters(ctx, r.call)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.DeadLetters(dead))
}
