package bot

import (
	"context"
	"errors"
	"fmt"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// Messenger shows people something in Slack by themselves, without an answer
// being waited for. Its errors are [ErrUndeliverable] when no second try can
// help, and carry Slack's own code.
type Messenger interface {
	// DM returns the channel of the bot's direct message with somebody
	// (conversations.open).
	DM(ctx context.Context, user string) (channel string, err error)
	// Post writes a message into a channel (chat.postMessage). After a 5xx or a
	// timeout it may be there all the same.
	Post(ctx context.Context, channel string, message blocks.Message) error
	// OpenModal opens a modal for whoever caused the trigger, within three
	// seconds of it (views.open). Too late is Unavailable, with a sentence.
	OpenModal(ctx context.Context, trigger string, modal slack.ModalViewRequest) error
	// PublishHome draws somebody's Home of the app (views.publish).
	PublishHome(ctx context.Context, user string, home []slack.Block) error
}

// ErrUndeliverable says that Slack will never take a message: nobody is there
// to read it, the bot isn't in the channel, or the message itself is refused.
var ErrUndeliverable = errors.New("slack won't take the message")

// DM calls conversations.open.
func (w *webWorkspace) DM(ctx context.Context, user string) (string, error) {
	channel, _, _, err := w.client.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}, ReturnIM: true})
	if err != nil {
		return "", delivering("opening the direct message with "+user, err)
	}
	return channel.ID, nil
}

// Post calls chat.postMessage, with links and media folded.
func (w *webWorkspace) Post(ctx context.Context, channel string, message blocks.Message) error {
	_, _, err := w.client.PostMessageContext(ctx, channel, slack.MsgOptionText(message.Text, false), slack.MsgOptionBlocks(message.Blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
	return delivering("posting into "+channel, err)
}

// OpenModal calls views.open. Once is all there is time for.
func (w *webWorkspace) OpenModal(ctx context.Context, trigger string, modal slack.ModalViewRequest) error {
	_, err := w.client.OpenViewContext(ctx, trigger, modal)
	if err = delivering("opening a modal", err); err == nil {
		return nil
	}
	if late := refused(err, "expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged"); late || !errors.Is(err, ErrUndeliverable) {
		return &actions.Error{Code: actions.Unavailable, Cause: err, Sentence: "Slack didn't let me open the form in time. Please click again."}
	}
	return err
}

// PublishHome calls views.publish.
func (w *webWorkspace) PublishHome(ctx context.Context, user string, home []slack.Block) error {
	_, err := w.client.PublishViewContext(ctx, slack.PublishViewContextRequest{
		UserID: user, View: slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: home}},
	})
	return delivering("drawing the Home of "+user, err)
}

// delivering says what was being done, and whether trying again may help.
func delivering(what string, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s: %w", what, withoutURL(err))
	var answer slack.SlackErrorResponse
	if errors.As(err, &answer) && !passing(answer.Err) {
		return fmt.Errorf("%w: %w", ErrUndeliverable, err)
	}
	return err
}

// passing reports whether one of Slack's codes is about the moment and not
// about the message.
func passing(code string) bool {
	switch code {
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited", "rate_limited", "team_added_to_org", "accesslimited":
		return true
	case "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "missing_scope":
		return true // mended by whoever installs the app, and then it is still to be said
	}
	return false
}
