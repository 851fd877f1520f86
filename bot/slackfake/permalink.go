package slackfake

import "strings"

// Permalink is the address of a message, by which people reach it from
// elsewhere; "" when it isn't there.
func (s *Slack) Permalink(channel, ts string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channel(channel)
	if c == nil {
		return ""
	}
	return s.permalink(c, c.message(ts, ""))
}

// permalink is the address of a message. One in a thread names the thread, too.
func (s *Slack) permalink(c *channel, m *message) string {
	if m == nil {
		return ""
	}
	link := s.config.Address + "archives/" + c.ID + "/p" + strings.Replace(m.ts, ".", "", 1)
	if m.isReply() {
		link += "?thread_ts=" + m.thread + "&cid=" + c.ID
	}
	return link
}

// chatGetPermalink is chat.getPermalink: the address of a message.
func (s *Slack) chatGetPermalink(c call) (map[string]any, *refusal) {
	in := s.channel(c.text("channel"))
	if in == nil || (in.Private && in.AppAbsent) {
		return nil, refuse("channel_not_found")
	}
	link := s.permalink(in, in.message(c.text("message_ts"), ""))
	if link == "" {
		return nil, refuse("message_not_found")
	}
	return map[string]any{"channel": in.ID, "permalink": link}, nil
}
