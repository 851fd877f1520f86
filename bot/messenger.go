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
	// Post writes a message into a channel (chat.postMessage) and returns its
	// timestamp. After a 5xx or a timeout it may be there all the same: then key,
	// which nobody sees, finds it. "" for a message that is never looked for.
	Post(ctx context.Context, channel string, message blocks.Message, key string) (ts string, err error)
	// Reply writes a message into the thread of another (chat.postMessage), as Post
	// does. It returns [ErrNoMessage] when that isn't there any more.
	Reply(ctx context.Context, channel, thread string, message blocks.Message, key string) (ts string, err error)
	// Whisper shows a message to one person in a channel, as long as they don't load
	// Slack anew (chat.postEphemeral). It is kept nowhere.
	Whisper(ctx context.Context, channel, user string, message blocks.Message) error
	// Update writes one of the bot's own messages anew (chat.update). It returns
	// [ErrNoMessage] when that can't be any more.
	Update(ctx context.Context, channel, ts string, message blocks.Message) error
	// Find looks for the message with a key among the newest 100 in a channel
	// (conversations.history), or in the thread of a message (conversations.replies).
	// Where the bot may not read there is none.
	Find(ctx context.Context, channel, thread, key string) (ts string, found bool, err error)
	// OpenModal opens a modal for whoever caused the trigger, within three
	// seconds of it (views.open). Too late is Unavailable, with a sentence.
	OpenModal(ctx context.Context, trigger string, modal slack.ModalViewRequest) error
	// UpdateModal redraws a modal that is open (views.update), unless it was redrawn
	// since hash.
	UpdateModal(ctx context.Context, id, hash string, modal slack.ModalViewRequest) error
	// PublishHome draws somebody's Home of the app (views.publish).
	PublishHome(ctx context.Context, user string, home []slack.Block) error
}

// ErrUndeliverable says that Slack will never take a message: nobody is there
// to read it, the bot isn't in the channel, or the message itself is refused.
var ErrUndeliverable = errors.New("slack won't take the message")

// ErrNoMessage says that a message can't be written anew: it was deleted, or is
// too old for the workspace's rules.
var ErrNoMessage = errors.New("the message isn't there any more")

// keyEvent names our keys among the metadata of messages.
const keyEvent = "latchkey_outbox"

// findAmong is how many of a channel's newest messages are searched for a key.
const findAmong = 100

// threadPages is how many times that many are searched in a thread.
const threadPages = 10

// DM calls conversations.open.
func (w *webWorkspace) DM(ctx context.Context, user string) (string, error) {
	channel, _, _, err := w.client.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}, ReturnIM: true})
	if err != nil {
		return "", delivering("opening the direct message with "+user, err)
	}
	return channel.ID, nil
}

// Post calls chat.postMessage, with links and media folded.
func (w *webWorkspace) Post(ctx context.Context, channel string, message blocks.Message, key string) (string, error) {
	return w.write(ctx, channel, key, contents(message))
}

// Reply calls chat.postMessage for a thread.
func (w *webWorkspace) Reply(ctx context.Context, channel, thread string, message blocks.Message, key string) (string, error) {
	ts, err := w.write(ctx, channel, key, append(contents(message), slack.MsgOptionTS(thread)))
	if refused(err, "thread_not_found", "cannot_reply_to_message", "message_not_found") {
		return "", fmt.Errorf("%w: %w", ErrNoMessage, err)
	}
	return ts, err
}

func (w *webWorkspace) write(ctx context.Context, channel, key string, options []slack.MsgOption) (string, error) {
	if key != "" {
		options = append(options, slack.MsgOptionMetadata(slack.SlackMetadata{EventType: keyEvent, EventPayload: map[string]any{"id": key}}))
	}
	_, ts, err := w.client.PostMessageContext(ctx, channel, options...)
	return ts, delivering("posting into "+channel, err)
}

// Whisper calls chat.postEphemeral.
func (w *webWorkspace) Whisper(ctx context.Context, channel, user string, message blocks.Message) error {
	_, err := w.client.PostEphemeralContext(ctx, channel, user, contents(message)...)
	return delivering("showing somebody a message in "+channel, err)
}

// Update calls chat.update. Slack keeps the message's metadata.
func (w *webWorkspace) Update(ctx context.Context, channel, ts string, message blocks.Message) error {
	_, _, _, err := w.client.UpdateMessageContext(ctx, channel, ts, contents(message)...)
	if refused(err, "message_not_found", "cant_update_message", "edit_window_closed") {
		return fmt.Errorf("%w: %w", ErrNoMessage, err)
	}
	return delivering("writing a message anew in "+channel, err)
}

// contents are a message's text and blocks, with links and media folded.
func contents(message blocks.Message) []slack.MsgOption {
	return []slack.MsgOption{
		slack.MsgOptionText(message.Text, false), slack.MsgOptionBlocks(message.Blocks...),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
}

// Find calls conversations.history, or conversations.replies for a thread. An app
// that was installed before it asked for the scope can't look; it posts, perhaps
// twice, as one that finds nothing.
func (w *webWorkspace) Find(ctx context.Context, channel, thread, key string) (string, bool, error) {
	messages, err := w.newest(ctx, channel, thread)
	if refused(err, "missing_scope", "thread_not_found") {
		return "", false, nil
	}
	if err = delivering("looking for a message in "+channel, err); err != nil {
		return "", false, err
	}
	for _, m := range messages {
		if id, _ := m.Metadata.EventPayload["id"].(string); m.Metadata.EventType == keyEvent && id == key {
			return m.Timestamp, true, nil
		}
	}
	return "", false, nil
}

// newest reads the newest messages of a channel, or those of a thread, which Slack
// gives oldest first: to the end of them.
func (w *webWorkspace) newest(ctx context.Context, channel, thread string) ([]slack.Message, error) {
	if thread == "" {
		history, err := w.client.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: channel, Limit: findAmong, IncludeAllMetadata: true,
		})
		if err != nil {
			return nil, err
		}
		return history.Messages, nil
	}
	var all []slack.Message
	for cursor, page := "", 0; page < threadPages; page++ {
		messages, more, next, err := w.client.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: thread, Cursor: cursor, Limit: findAmong, IncludeAllMetadata: true,
		})
		if all = append(all, messages...); err != nil || !more || next == "" {
			return all, err
		}
		cursor = next
	}
	return all, nil
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

// UpdateModal calls views.update.
func (w *webWorkspace) UpdateModal(ctx context.Context, id, hash string, modal slack.ModalViewRequest) error {
	_, err := w.client.UpdateViewContext(ctx, modal, "", hash, id)
	return delivering("redrawing a modal", err)
}

// PublishHome calls views.publish.
func (w *webWorkspace) PublishHome(ctx context.Context, user string, home []slack.Block) error {
	_, err := w.client.PublishViewContext(ctx, slack.PublishViewContextRequest{
		UserID: user, View: slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: home}},
	})
	return delivering("drawing the Home of "+user, err)
}
