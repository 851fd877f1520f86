package slackfake

import (
	"fmt"
	"slices"
	"strings"
)

// Channel is a channel of the workspace.
type Channel struct {
	ID        string
	Name      string // without its #
	Topic     string
	Private   bool
	Members   []string // user IDs; nil: everybody
	AppAbsent bool     // the app was not invited
	Archived  bool     // nobody writes there any more
	Shared    bool     // with another company: a Slack Connect channel
}

// The kinds of conversations.
const (
	kindChannel = "channel"
	kindPrivate = "private"
	kindIM      = "im"
)

// channel is a conversation with what was written in it.
type channel struct {
	Channel
	with     string // the person of a direct message with the app
	messages []*message
}

// AddChannel adds a channel, or changes what it is.
func (s *Slack) AddChannel(c Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.channel(c.ID); known != nil {
		known.Channel = c
	} else {
		s.channels = append(s.channels, &channel{Channel: c})
	}
	s.change()
}

// DirectMessage is the ID of somebody's direct message with the app.
func DirectMessage(user string) string { return "D" + strings.TrimPrefix(user, "U") }

// direct is somebody's direct message with the app; it is made when it isn't
// there.
func (s *Slack) direct(user string) *channel {
	id := DirectMessage(user)
	if known := s.channel(id); known != nil {
		return known
	}
	c := &channel{Channel: Channel{ID: id, Private: true, Members: []string{user}}, with: user}
	s.channels = append(s.channels, c)
	return c
}

func (s *Slack) channel(id string) *channel {
	i := slices.IndexFunc(s.channels, func(c *channel) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return s.channels[i]
}

// place is where somebody does something. A place that nobody added is there
// all the same, since somebody stands in it: a direct message when it is named
// so, otherwise a channel.
func (s *Slack) place(id, name, user string) (*channel, error) {
	if c := s.channel(id); c != nil {
		if !c.has(user) {
			return nil, fmt.Errorf("slackfake: %s isn't in %s", user, id)
		}
		return c, nil
	}
	c := &channel{Channel: Channel{ID: id, Name: name}}
	switch name {
	case "directmessage":
		c.Private, c.Members, c.with = true, []string{user}, user
	case "privategroup":
		c.Private = true
	}
	s.channels = append(s.channels, c)
	return c, nil
}

func (c *channel) has(user string) bool {
	return c.Members == nil || slices.Contains(c.Members, user)
}

func (c *channel) kind() string {
	switch {
	case c.with != "":
		return kindIM
	case c.Private:
		return kindPrivate
	}
	return kindChannel
}

// sentName is how Slack names the place in what it sends to an app.
func (c *channel) sentName() string {
	switch c.kind() {
	case kindIM:
		return "directmessage"
	case kindPrivate:
		return "privategroup"
	}
	return c.Name
}

// replies are the messages of a thread that everybody sees, without its first.
func (c *channel) replies(first *message) []*message {
	var replies []*message
	for _, m := range c.messages {
		if m.to == "" && m.isReply() && m.thread == first.ts {
			replies = append(replies, m)
		}
	}
	return replies
}

// message returns what somebody can see under a timestamp; nil when there is
// nothing.
func (c *channel) message(ts, user string) *message {
	for _, m := range c.messages {
		if m.ts == ts && m.seenBy(user) {
			return m
		}
	}
	return nil
}
