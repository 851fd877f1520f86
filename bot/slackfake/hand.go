package slackfake

import "fmt"

// Archive archives a channel, as an admin does: it can be read, and nobody
// writes there, neither people nor the app.
func (s *Slack) Archive(channel string) { s.alter(channel, func(c *Channel) { c.Archived = true }) }

// Unarchive ends that.
func (s *Slack) Unarchive(channel string) {
	s.alter(channel, func(c *Channel) { c.Archived = false })
}

// RemoveApp takes the app out of a channel, as its members can.
func (s *Slack) RemoveApp(channel string) {
	s.alter(channel, func(c *Channel) { c.AppAbsent = true })
}

// InviteApp brings the app into a channel.
func (s *Slack) InviteApp(channel string) {
	s.alter(channel, func(c *Channel) { c.AppAbsent = false })
}

// alter changes a channel; it panics when there is none, since a test that names
// one wrongly would pass.
func (s *Slack) alter(id string, change func(*Channel)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channel(id)
	if c == nil {
		panic(fmt.Sprintf("slackfake: there is no channel %q", id))
	}
	change(&c.Channel)
	s.change()
}

// Delete deletes a message by hand, as an admin does: whoever wrote it, and
// without the app being told. A message with replies leaves a tombstone, under
// which its thread goes on ("This message was deleted."); one without leaves
// nothing. Either is message_not_found for chat.update; a reply to the
// former is posted into its thread, one to the latter into the channel, as Slack
// does; see [channel.thread]. It fails when there is no such message.
func (s *Slack) Delete(channel, ts string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channel(channel)
	if c == nil {
		return fmt.Errorf("slackfake: there is no channel %q", channel)
	}
	m := c.message(ts, "")
	if m == nil || m.tombstone {
		return fmt.Errorf("slackfake: there is no message %s in %s", ts, channel)
	}
	s.bury(c, m)
	return nil
}
