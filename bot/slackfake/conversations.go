package slackfake

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
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
		"is_private": in.Private, "is_archived": in.Archived, "is_member": !in.AppAbsent, "topic": map[string]any{"value": in.Topic},
		"is_shared": in.Shared, "is_ext_shared": in.Shared, "is_org_shared": false, "is_pending_ext_shared": false,
	}}, nil
}

// reading finds a conversation whose messages the app may read; it may read
// archived ones.
func (s *Slack) reading(c call) (*channel, *refusal) {
	in := s.channel(c.text("channel"))
	switch {
	case in == nil || (in.Private && in.AppAbsent):
		return nil, refuse("channel_not_found")
	case in.AppAbsent:
		return nil, refuse("not_in_channel")
	}
	return in, nil
}

// conversationsHistory is conversations.history: the newest messages that
// everybody sees and that answer no other, the newest first. Of replies only
// those are among them that were sent to the channel, too.
func (s *Slack) conversationsHistory(c call) (map[string]any, *refusal) {
	in, wrong := s.reading(c)
	if wrong != nil {
		return nil, wrong
	}
	var found []*message
	for _, m := range slices.Backward(in.messages) {
		if m.to == "" && (!m.isReply() || m.broadcast) {
			found = append(found, m)
		}
	}
	answer, wrong := s.page(c, in, found, usualHistory)
	if wrong == nil {
		answer["pin_count"] = 0
	}
	return answer, wrong
}

// conversationsReplies is conversations.replies: a message, and what was
// answered to it, the oldest first. A message without replies, such as a reply,
// comes alone.
func (s *Slack) conversationsReplies(c call) (map[string]any, *refusal) {
	in, wrong := s.reading(c)
	if wrong != nil {
		return nil, wrong
	}
	first := in.message(c.text("ts"), "")
	if first == nil {
		return nil, refuse("thread_not_found")
	}
	return s.page(c, in, append([]*message{first}, in.replies(first)...), usualReplies)
}

// How many messages are shown when the app doesn't say, and how many it may ask
// for: "a limit value under 1000".
const (
	usualHistory = 100
	usualReplies = 1000
	mostAtOnce   = 999
)

// page answers with as many of the messages as the call asks for, usual when it
// doesn't say, from its cursor on and between its times.
func (s *Slack) page(c call, in *channel, found []*message, usual int) (map[string]any, *refusal) {
	limit := usual
	if given := c.text("limit"); given != "" {
		var err error
		if limit, err = strconv.Atoi(given); err != nil || limit < 1 || limit > mostAtOnce {
			return nil, refuse("invalid_limit")
		}
	}
	found, err := after(found, c.text("cursor"))
	if err != nil {
		return nil, refuse("invalid_cursor")
	}
	messages, next := []any{}, ""
	for _, m := range found {
		if !c.during(m.ts) {
			continue
		}
		if len(messages) == limit {
			next = m.ts
			break
		}
		sent := s.sent(in, m)
		if c.is("include_all_metadata") && m.metadata != nil {
			sent["metadata"] = m.metadata
		}
		messages = append(messages, sent)
	}
	answer := map[string]any{"messages": messages, "has_more": next != ""}
	if next != "" {
		answer["response_metadata"] = map[string]any{"next_cursor": base64.StdEncoding.EncodeToString([]byte(cursorOf + next))}
	}
	return answer, nil
}

// cursorOf begins every cursor, before the next message's TS.
const cursorOf = "next_ts:"

// after are the messages from a cursor on, all without one.
func after(found []*message, cursor string) ([]*message, error) {
	if cursor == "" {
		return found, nil
	}
	raw, err := base64.StdEncoding.DecodeString(cursor)
	if err != nil {
		return nil, err
	}
	ts, _ := strings.CutPrefix(string(raw), cursorOf)
	for i, m := range found {
		if m.ts == ts {
			return found[i:], nil
		}
	}
	return nil, strconv.ErrRange
}

// during reports whether a TS is between oldest and latest, which count
// themselves only when the call is inclusive.
func (c call) during(ts string) bool {
	oldest, latest := c.text("oldest"), c.text("latest")
	if c.is("inclusive") && (ts == oldest || ts == latest) {
		return true
	}
	return (oldest == "" || oldest == "0" || before(oldest, ts)) && (latest == "" || latest == "now" || before(ts, latest))
}

// before reports whether a TS is older than another.
func before(one, other string) bool {
	return cmp.Or(cmp.Compare(len(one), len(other)), cmp.Compare(one, other)) < 0
}
