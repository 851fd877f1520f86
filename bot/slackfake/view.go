package slackfake

import (
	"encoding/json"
	"slices"
)

// View is all that one member sees.
type View struct {
	Version       int64           `json:"version"`
	Me            string          `json:"me"`
	Team          string          `json:"team"`    // the workspace's name
	App           string          `json:"app"`     // the bot's user ID
	Address       string          `json:"address"` // where links to its messages begin
	People        []Person        `json:"people"`
	Groups        []Group         `json:"groups"`
	Conversations []Conversation  `json:"conversations"`
	Modals        []Modal         `json:"modals"` // the last one is on top
	Home          json.RawMessage `json:"home"`   // the blocks of the published Home; null before
}

// Person is somebody whom one may meet.
type Person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Title string `json:"title"`
	Bot   bool   `json:"bot"`
	// Deleted: they are deactivated, and no menu offers them.
	Deleted bool `json:"deleted,omitempty"`
}

// Conversation is a channel or direct message.
type Conversation struct {
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	Kind     string  `json:"kind"`           // "channel", "private", "im"
	With     string  `json:"with,omitempty"` // of an im: whom with
	Topic    string  `json:"topic"`
	Archived bool    `json:"archived,omitempty"` // it can only be read
	Messages []Shown `json:"messages"`           // oldest first
}

// Shown is a message in a conversation.
type Shown struct {
	TS        string          `json:"ts"`
	Thread    string          `json:"thread_ts,omitempty"` // of a reply: the first message's TS
	User      string          `json:"user"`
	Text      string          `json:"text"`
	Blocks    json.RawMessage `json:"blocks,omitempty"`
	Ephemeral bool            `json:"ephemeral,omitempty"` // only this member sees it
	Edited    bool            `json:"edited,omitempty"`
	Broadcast bool            `json:"broadcast,omitempty"` // a reply that stands in the channel, too
	Tombstone bool            `json:"tombstone,omitempty"` // it was deleted, and its thread wasn't
}

// Modal is a modal that is open.
type Modal struct {
	ID         string          `json:"id"`
	CallbackID string          `json:"callback_id"`
	Title      string          `json:"title"`
	Submit     string          `json:"submit"` // "" for one without input
	Close      string          `json:"close"`
	Blocks     json.RawMessage `json:"blocks"`
	// Values are what was put into the inputs, as far as the app was told of it, by
	// block_id and action_id.
	Values  map[string]map[string]string `json:"values,omitempty"`
	Errors  map[string]string            `json:"errors,omitempty"`  // a sentence by block_id
	Trouble string                       `json:"trouble,omitempty"` // what went wrong with all of it
}

// View returns all that a member sees now.
func (s *Slack) View(user string) View {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := View{
		Version: s.version, Me: user, Team: s.config.TeamName, App: s.config.BotUser,
		Address: s.config.Address, People: s.people(), Groups: s.handles(), Conversations: []Conversation{}, Modals: []Modal{},
	}
	for _, c := range s.channels {
		if c.has(user) {
			v.Conversations = append(v.Conversations, s.seen(c, user))
		}
	}
	d := s.desk(user)
	for _, open := range d.modals {
		v.Modals = append(v.Modals, open.shown())
	}
	if d.home != nil {
		v.Home = list(d.home.blocks)
	}
	return v
}

// ForgetEphemeral removes what only this member saw, as a reload of Slack
// does.
func (s *Slack) ForgetEphemeral(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.channels {
		c.messages = slices.DeleteFunc(c.messages, func(m *message) bool { return m.to == user })
	}
	s.change()
}

// seen is a conversation as somebody sees it.
func (s *Slack) seen(c *channel, user string) Conversation {
	seen := Conversation{ID: c.ID, Name: c.Name, Kind: c.kind(), Topic: c.Topic, Archived: c.Archived, Messages: []Shown{}}
	if seen.Kind == kindIM {
		seen.With, seen.Name = s.config.BotUser, s.config.AppName
	}
	for _, m := range c.messages {
		if m.seenBy(user) {
			seen.Messages = append(seen.Messages, m.shown())
		}
	}
	return seen
}

// list writes blocks as a list.
func list(blocks []json.RawMessage) json.RawMessage {
	if blocks == nil {
		blocks = []json.RawMessage{}
	}
	raw, err := json.Marshal(blocks)
	if err != nil {
		return nil // they were read from JSON, so they can be written
	}
	return raw
}
