package bot

import (
	"context"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// brakeReleased lets somebody go on. The cards that told of it show who did.
func (b *Bot) brakeReleased(ctx context.Context, r request) (*reply, error) {
	reason, record, err := reasoned(r)
	if err != nil {
		return nil, err
	}
	if _, err := b.actions.ReleaseBrake(ctx, r.call, record, reason); err != nil {
		return nil, inField(blocks.ReasonInput, err, "")
	}
	return nil, nil
}

// letterRetried delivers a dead letter once more.
func (b *Bot) letterRetried(ctx context.Context, r request) (*reply, error) {
	reason, record, err := reasoned(r)
	if err != nil {
		return nil, err
	}
	if err := b.actions.RetryLetter(ctx, r.call, record, reason); err != nil {
		return nil, inField(blocks.ReasonInput, err, "")
	}
	return newReply(blocks.Sentence("It is being delivered once more. If it fails again, it is back in the list."))
}

// reasoned reads a form that asks only why.
func reasoned(r request) (reason, record string, err error) {
	if reason, err = reasonIn(r); err != nil {
		return "", "", err
	}
	if record = r.in.Metadata; record == "" {
		return "", "", errOutdated()
	}
	return reason, record, nil
}

// reasonIn reads why from a form. What can't be taken is said beside the field.
func reasonIn(r request) (string, error) {
	reason := strings.TrimSpace(r.in.Inputs[blocks.ReasonInput])
	if reason == "" {
		return "", inField(blocks.ReasonInput, nil, "Please say why; it stands in the audit.")
	}
	if err := actions.CheckReason(reason); err != nil {
		return "", inField(blocks.ReasonInput, err, "")
	}
	return reason, nil
}
