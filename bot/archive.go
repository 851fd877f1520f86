package bot

import (
	"context"
	"net/http"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// Archive is what Slack keeps of the bot's messages.
type Archive interface {
	// Self says who the bot is; see [Workspace].
	Self(ctx context.Context) (Self, error)
	// Group returns the user IDs of a user group; see [Workspace].
	Group(ctx context.Context, id string) ([]string, error)
	// DM returns the channel of the bot's direct message with somebody.
	DM(ctx context.Context, user string) (channel string, err error)
	// History returns a page of a channel's messages, the newest first
	// (conversations.history), or, with the timestamp of a thread's first message, of
	// that thread's (conversations.replies). With since, the timestamp of a message, a
	// channel's are only those that are newer. next is the cursor of the page that follows,
	// "" behind the last.
	History(ctx context.Context, channel, thread, since, cursor string) (page []slack.Message, next string, err error)
	// Update writes one of the bot's own messages anew; see [Messenger].
	Update(ctx context.Context, channel, ts string, message blocks.Message) error
	// Delete removes one of the bot's own messages (chat.delete).
	Delete(ctx context.Context, channel, ts string) error
}

// NewArchive returns the Archive behind a bot token; see [NewWorkspace].
func NewArchive(token, apiURL string, transport http.RoundTripper) Archive {
	return newWebWorkspace(token, apiURL, transport)
}

// historyPage is how many messages are read at once.
const historyPage = 200

// History calls conversations.history, or conversations.replies for a thread.
func (w *webWorkspace) History(ctx context.Context, channel, thread, since, cursor string) ([]slack.Message, string, error) {
	if thread != "" {
		messages, _, next, err := w.client.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: thread, Cursor: cursor, Limit: historyPage,
		})
		return messages, next, delivering("reading a thread in "+channel, err)
	}
	history, err := w.client.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: channel, Oldest: since, Cursor: cursor, Limit: historyPage,
	})
	if err != nil {
		return nil, "", delivering("reading the messages in "+channel, err)
	}
	return history.Messages, history.ResponseMetaData.NextCursor, nil
}

// Delete calls chat.delete.
func (w *webWorkspace) Delete(ctx context.Context, channel, ts string) error {
	_, _, err := w.client.DeleteMessageContext(ctx, channel, ts)
	if refused(err, "message_not_found") {
		return nil
	}
	return delivering("removing a message in "+channel, err)
}
