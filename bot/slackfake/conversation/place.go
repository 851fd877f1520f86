package conversation

import "github.com/latchkey-bot/latchkey/bot/slackfake"

// Place is a channel, as everybody in it sees it.
type Place struct {
	talk    *Talk
	channel string
}

// Expects waits for a message that reads so and that everybody there sees. Who
// clicks on it is said by [Message.As].
func (c *Place) Expects(parts ...string) *Message {
	c.talk.t.Helper()
	return c.wait("a message in "+c.channel, slackfake.Posted, parts)
}

// ExpectsUpdate waits for an update, of a message that everybody there sees,
// that reads so.
func (c *Place) ExpectsUpdate(parts ...string) *Message {
	c.talk.t.Helper()
	return c.wait("an update in "+c.channel, slackfake.Updated, parts)
}

func (c *Place) wait(name string, what slackfake.Occurrence, parts []string) *Message {
	c.talk.t.Helper()
	got := c.talk.wait(wanted{name: name, kinds: []slackfake.Occurrence{what}, parts: parts, seen: func(h *heard) bool {
		return h.Channel == c.channel && h.User == ""
	}})
	return &Message{person: c.talk.As("").In(c.channel), got: got}
}
