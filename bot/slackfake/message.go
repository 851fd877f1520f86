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
}

func (m *message) seenBy(user string) bool { return m.to == "" || m.to == user }

func (m *message) shown() Shown {
	shown := Shown{TS: m.ts, Thread: m.thread, User: m.user, Text: m.text, Ephemeral: m.to != "", Edited: m.edited}
	if len(m.blocks) > 0 {
		shown.Blocks = list(m.blocks)
	}
	return shown
}

// sent is the message as Slack sends it to the app.
func (m *message) sent(s *Slack) map[string]any {
	sent := map[string]any{"type": "message", "user": m.user, "ts": m.ts, "text": m.text, "team": s.config.Team}
	if m.user == s.config.BotUser {
		sent["bot_id"], sent["app_id"] = botID, appID
	}
	if m.thread != "" {
		sent["thread_ts"] = m.thread
	}
	if len(m.blocks) > 0 {
		sent["blocks"] = m.blocks
	}
	if m.edited {
		sent["edited"] = map[string]any{"user": m.user, "ts": m.ts}
	}
	return sent
}

// write puts a message into a conversation.
func (s *Slack) write(c *channel, m message) *message {
	m.ts, m.blocks = s.newTS(), s.named(m.blocks)
	c.messages = append(c.messages, &m)
	s.tellMessage(Posted, c, &m)
	s.change()
	return &m
}

// rewrite changes what a message says.
func (s *Slack) rewrite(c *channel, m *message, text string, blocks []json.RawMessage) {
	m.text, m.blocks = text, s.named(blocks)
	m.edited = m.to == ""
	s.tellMessage(Updated, c, m)
	s.change()
}

// remove takes a message out of its conversation.
func (s *Slack) remove(c *channel, gone *message) {
	c.messages = slices.DeleteFunc(c.messages, func(m *message) bool { return m == gone })
	s.tellMessage(Deleted, c, gone)
	s.change()
}

// newTS is a timestamp that no message has: seconds, and six digits.
func (s *Slack) newTS() string {
	s.stamp = max(s.stamp+1, s.config.Now().UnixMicro())
	return fmt.Sprintf("%d.%06d", s.stamp/1e6, s.stamp%1e6)
}
