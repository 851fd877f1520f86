package slackfake

import (
	"slices"
	"strconv"
)

// conversationsOpen is conversations.open: the direct message with one person.
func (s *Slack) conversationsOpen(c call) (map[string]any, *refusal) {
	if id := c.text("channel"); id != "" {
		in := s.channel(id)
		if in == nil || in.with == "" {
			return nil, refuse("channel_not_found")
		}
		return map[string]any{"channel": map[string]any{"id": in.ID}}, nil
	}
	user := c.text("users")
	m, known := s.member(user)
	switch {
	case user == "":
		return nil, refuse("users_list_not_supplied")
	case known && m.Bot:
		return nil, refuse("cannot_dm_bot")
	case !known:
		return nil, refuse("user_not_found")
	case m.Deleted:
		return nil, refuse("user_disabled")
	}
	return map[string]any{"channel": map[string]any{"id": s.direct(user).ID}}, nil
}

// conversationsInfo is conversations.info: what a conversation is. A private
// one that the app isn't in doesn't exist for it.
func (s *Slack) conversationsInfo(c call) (map[string]any, *refusal) {
	in := s.channel(c.text("channel"))
	if in == nil || (in.Private && in.AppAbsent) {
		return nil, refuse("channel_not_found")
	}
	kind := in.kind()
	if kind == kindIM {
		return map[string]any{"channel": map[string]any{"id": in.ID, "is_im": true, "user": in.with, "is_open": true}}, nil
	}
	return map[string]any{"channel": map[string]any{
		"id": in.ID, "name": in.Name, "name_normalized": in.Name, "is_channel": kind == kindChannel, "is_group": false, "is_im": false,
		"is_private": in.Private, "is_archived": false, "is_member": !in.AppAbsent, "topic": map[string]any{"value": in.Topic},
	}}, nil
}

// mostHistory is how many messages of a conversation are shown when the app
// doesn't say.
const mostHistory = 100

// conversationsHistory is conversations.history: the newest messages that
// everybody sees and that answer no other, the newest first.
func (s *Slack) conversationsHistory(c call) (map[string]any, *refusal) {
	in := s.channel(c.text("channel"))
	switch {
	case in == nil || (in.Private && in.AppAbsent):
		return nil, refuse("channel_not_found")
	case in.AppAbsent:
		return nil, refuse("not_in_channel")
	}
	limit, err := strconv.Atoi(or(c.text("limit"), strconv.Itoa(mostHistory)))
	if err != nil || limit < 1 || limit > 999 {
		return nil, refuse("invalid_limit")
	}
	metadata := c.text("include_all_metadata") == "1" || c.text("include_all_metadata") == "true"
	messages, more := []any{}, false
	for _, m := range slices.Backward(in.messages) {
		if m.to != "" || (m.thread != "" && m.thread != m.ts) {
			continue
		}
		if more = len(messages) == limit; more {
			break
		}
		sent := m.sent(s)
		if metadata && m.metadata != nil {
			sent["metadata"] = m.metadata
		}
		messages = append(messages, sent)
	}
	return map[string]any{"messages": messages, "has_more": more, "pin_count": 0}, nil
}
