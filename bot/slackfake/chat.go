package slackfake

// posting finds where a message goes: a channel, a direct message, or a person
// and so their direct message.
func (s *Slack) posting(to string) (*channel, *refusal) {
	if m, person := s.member(to); person && !m.Bot {
		return s.direct(to), nil
	}
	in := s.channel(to)
	switch {
	case in == nil || (in.Private && in.AppAbsent):
		return nil, refuse("channel_not_found")
	case in.AppAbsent:
		return nil, refuse("not_in_channel")
	case in.Archived:
		return nil, refuse("is_archived")
	}
	return in, nil
}

// chatPostMessage is chat.postMessage: a message that everybody there sees.
func (s *Slack) chatPostMessage(c call) (map[string]any, *refusal) {
	in, wrong := s.posting(c.text("channel"))
	if wrong != nil {
		return nil, wrong
	}
	m, wrong := c.message()
	if wrong != nil {
		return nil, wrong
	}
	metadata, wrong := c.metadata()
	if wrong != nil {
		return nil, wrong
	}
	made := message{user: s.config.BotUser, thread: in.thread(c.text("thread_ts")), text: m.Text, blocks: m.Blocks, metadata: metadata}
	made.broadcast = made.thread != "" && c.is("reply_broadcast")
	posted := s.write(in, made)
	return map[string]any{"channel": in.ID, "ts": posted.ts, "message": s.sent(in, posted)}, nil
}

// thread is the thread that a reply to a message goes into. Slack doesn't refuse
// a reply to a message that isn't there, such as one that was deleted before
// anybody answered it: it posts it into the channel, and only that the answer has
// no thread_ts tells (https://github.com/slack-go/slack/issues/1571).
func (c *channel) thread(ts string) string {
	first := c.message(ts, "")
	switch {
	case first == nil:
		return ""
	case first.isReply(): // Slack has no threads in threads
		return first.thread
	}
	return ts
}

// chatPostEphemeral is chat.postEphemeral: a message for one person there.
func (s *Slack) chatPostEphemeral(c call) (map[string]any, *refusal) {
	in, wrong := s.posting(c.text("channel"))
	if wrong != nil {
		return nil, wrong
	}
	user := c.text("user")
	if _, known := s.member(user); !known || !in.has(user) {
		return nil, refuse("user_not_in_channel")
	}
	m, wrong := c.message()
	if wrong != nil {
		return nil, wrong
	}
	posted := s.write(in, message{user: s.config.BotUser, to: user, thread: c.text("thread_ts"), text: m.Text, blocks: m.Blocks})
	return map[string]any{"message_ts": posted.ts}, nil
}

// standing finds a message that everybody sees. An ephemeral one isn't any for
// the Web API.
func (s *Slack) standing(c call) (*channel, *message, *refusal) {
	in := s.channel(c.text("channel"))
	if in == nil || (in.Private && in.AppAbsent) {
		return nil, nil, refuse("channel_not_found")
	}
	m := in.message(c.text("ts"), "")
	if m == nil || m.tombstone {
		return nil, nil, refuse("message_not_found")
	}
	return in, m, nil
}

// chatUpdate is chat.update: one of the bot's own messages, written anew.
func (s *Slack) chatUpdate(c call) (map[string]any, *refusal) {
	in, m, wrong := s.standing(c)
	switch {
	case wrong != nil:
		return nil, wrong
	case in.Archived: // "cannot be edited within a frozen, archived or deleted channel"
		return nil, refuse("is_inactive")
	case m.user != s.config.BotUser:
		return nil, refuse("cant_update_message")
	}
	made, wrong := c.message()
	if wrong != nil {
		return nil, wrong
	}
	metadata, wrong := c.metadata()
	if wrong != nil {
		return nil, wrong
	}
	if metadata != nil { // without any, the message keeps its own
		m.metadata = metadata
	}
	s.rewrite(in, m, made.Text, made.Blocks)
	return map[string]any{"channel": in.ID, "ts": m.ts, "text": m.text, "message": s.sent(in, m)}, nil
}

// chatDelete is chat.delete: one of the bot's own messages, gone.
func (s *Slack) chatDelete(c call) (map[string]any, *refusal) {
	in, m, wrong := s.standing(c)
	switch {
	case wrong != nil:
		return nil, wrong
	case in.Archived:
		return nil, refuse("is_archived")
	case m.user != s.config.BotUser:
		return nil, refuse("cant_delete_message")
	}
	s.remove(in, m)
	return map[string]any{"channel": in.ID, "ts": m.ts}, nil
}
