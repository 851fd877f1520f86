package slackfake

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Message is a message as an app writes it.
type Message struct {
	ResponseType    string            `json:"response_type"` // "ephemeral" or "in_channel"
	Text            string            `json:"text"`
	Blocks          []json.RawMessage `json:"blocks"`
	ReplaceOriginal flag              `json:"replace_original"`
	DeleteOriginal  flag              `json:"delete_original"`
	Thread          string            `json:"thread_ts"`
}

// flag is a boolean, which Slack takes as a text too.
type flag bool

// UnmarshalJSON reads true and "true".
func (f *flag) UnmarshalJSON(raw []byte) error {
	*f = string(raw) == "true" || string(raw) == `"true"`
	return nil
}

// Button is a button of a message.
type Button struct{ Label, Action, Value string }

// message is a message in a conversation.
type message struct {
	ts, thread string
	user       string // whose it is
	to         string // of an ephemeral message: who sees it
	text       string
	blocks     []json.RawMessage
	edited     bool
	metadata   json.RawMessage // what the app keeps with it; nil: nothing
	broadcast  bool            // a reply that stands in the channel, too
	tombstone  bool            // it was deleted, and its thread wasn't
}

func (m *message) seenBy(user string) bool { return m.to == "" || m.to == user }

// isReply reports whether the message stands in another one's thread.
func (m *message) isReply() bool { return m.thread != "" && m.thread != m.ts }

func (m *message) shown() Shown {
	shown := Shown{TS: m.ts, Thread: m.thread, User: m.user, Text: m.text, Ephemeral: m.to != "", Edited: m.edited, Broadcast: m.broadcast, Tombstone: m.tombstone}
	if len(m.blocks) > 0 {
		shown.Blocks = list(m.blocks)
	}
	return shown
}

// sent is the message as Slack sends it to the app.
func (s *Slack) sent(in *channel, m *message) map[string]any {
	sent := map[string]any{"type": "message", "user": m.user, "ts": m.ts, "text": m.text, "team": s.config.Team}
	if m.user == s.config.BotUser {
		sent["bot_id"], sent["app_id"] = botID, appID
	}
	in.threaded(m, sent)
	if len(m.blocks) > 0 {
		sent["blocks"] = m.blocks
	}
	if m.edited {
		sent["edited"] = map[string]any{"user": m.user, "ts": m.ts}
	}
	if m.tombstone {
		sent["subtype"], sent["hidden"] = "tombstone", true
	}
	return sent
}

// threaded adds to a message what Slack says of its thread.
func (c *channel) threaded(m *message, sent map[string]any) {
	if m.isReply() {
		sent["thread_ts"] = m.thread
		if first := c.message(m.thread, ""); first != nil {
			sent["parent_user_id"] = first.user
		}
		if m.broadcast {
			sent["subtype"] = "thread_broadcast"
		}
		return
	}
	replies := c.replies(m)
	if len(replies) == 0 {
		return
	}
	var users []string
	for _, reply := range replies {
		if !slices.Contains(users, reply.user) {
			users = append(users, reply.user)
		}
	}
	sent["thread_ts"], sent["reply_count"], sent["latest_reply"] = m.ts, len(replies), replies[len(replies)-1].ts
	sent["reply_users"], sent["reply_users_count"] = users, len(users)
}

// write puts a message into a conversation.
func (s *Slack) write(c *channel, m message) *message {
	m.ts, m.blocks = s.newTS(), s.named(m.blocks)
	c.messages = append(c.messages, &m)
	s.tellMessage(Posted, c, &m)
	s.change()
	return &m
}

// rewrite changes what a message says. "If blocks are used and a message is being
// updated, the edited flag will not be displayed" (reference of chat.update).
func (s *Slack) rewrite(c *channel, m *message, text string, blocks []json.RawMessage) {
	m.text, m.blocks = text, s.named(blocks)
	m.edited = m.to == "" && len(m.blocks) == 0
	s.tellMessage(Updated, c, m)
	s.change()
}

// remove takes a message out of its conversation, for the app.
func (s *Slack) remove(c *channel, gone *message) {
	s.tellMessage(Deleted, c, gone)
	s.bury(c, gone)
}

// bury takes a message out of its conversation. Of one with replies something
// stays, which is nobody's, so that its thread can be read and answered.
func (s *Slack) bury(c *channel, gone *message) {
	if gone.to == "" && len(c.replies(gone)) > 0 {
		*gone = message{ts: gone.ts, user: Slackbot, text: "This message was deleted.", tombstone: true}
	} else {
		c.messages = slices.DeleteFunc(c.messages, func(m *message) bool { return m == gone })
	}
	s.change()
}

// newTS is a timestamp that no message has: seconds, and six digits.
func (s *Slack) newTS() string {
	s.stamp = max(s.stamp+1, s.config.Now().UnixMicro())
	return fmt.Sprintf("%d.%06d", s.stamp/1e6, s.stamp%1e6)
}
