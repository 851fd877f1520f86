package bot

import (
	"context"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// parked is what the value of "Continue in DM" begins with when the request
// itself was kept, since it may name a customer.
const parked = "parked"

// offerDM offers to go on in the bot's direct message with what may not be
// done here, with nothing to type again.
func (b *Bot) offerDM(ctx context.Context, call actions.Call, in Inbound) (*reply, error) {
	id, err := b.actions.Park(ctx, call, actions.Parked{
		Command: in.Command, Text: in.Text, Action: in.Action, Value: in.Value,
	})
	if err != nil {
		return nil, err
	}
	return newReply(blocks.ContinueInDM(b.channels, parked+" "+id))
}

// continueInDM does what was asked elsewhere, or shows what was shown there,
// in the bot's direct message with the actor. What was kept is fetched only
// once it can be shown, and what was done is shown here if not there.
func (b *Bot) continueInDM(ctx context.Context, r request) (*reply, error) {
	channel, err := b.workspace.DM(ctx, r.in.User)
	if err != nil {
		return nil, &actions.Error{
			Code: actions.Unavailable, Cause: err,
			Sentence: "Slack doesn't let me into our direct message right now, so nothing was done. Please click again in a minute.",
		}
	}
	in, err := b.continued(ctx, r)
	if err != nil {
		return nil, err
	}
	in.Channel = channel
	said, err := b.dispatch(ctx, in)
	if err != nil || said == nil {
		return nil, err
	}
	if said.private {
		said.channel = channel
		return nil, b.whisper(ctx, in.User, said)
	}
	if err := retry(ctx, func() error {
		_, err := b.workspace.Post(ctx, channel, said.shown, "")
		return err
	}); err != nil {
		b.log.ErrorContext(ctx, "an answer could not be posted into a direct message", "command", b.label(in), "actor", in.User, "error", err)
		return newReply(said.shown)
	}
	return newReply(blocks.Continued(b.self(ctx)))
}

// continued is the request that goes on: the button's value names a button and
// its value, or a request that was kept.
func (b *Bot) continued(ctx context.Context, r request) (Inbound, error) {
	in := Inbound{Kind: Clicked, Key: r.in.Key, Team: r.in.Team, User: r.in.User, Trigger: r.in.Trigger}
	in.Action, in.Value, _ = strings.Cut(r.value, " ")
	if in.Action == parked {
		kept, err := b.actions.Unpark(ctx, r.call, in.Value)
		if err != nil {
			return Inbound{}, err
		}
		in.Command, in.Text, in.Action, in.Value = kept.Command, kept.Text, kept.Action, kept.Value
		if kept.Command != "" {
			in.Kind = Typed
		}
	}
	if in.Action == blocks.ContinueAction {
		return Inbound{}, errOutdated()
	}
	return in, nil
}

// self is the bot's own user ID, "" when Slack doesn't say.
func (b *Bot) self(ctx context.Context) string {
	self, err := b.roster.whoami(ctx)
	if err != nil {
		return ""
	}
	return self.User
}
