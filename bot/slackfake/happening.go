package slackfake

// Occurrence is a kind of Happening.
type Occurrence string

// What an app, or Slackbot in its stead, can do to what people see.
const (
	Posted    Occurrence = "a message"
	Updated   Occurrence = "an update of a message"
	Deleted   Occurrence = "the deletion of a message"
	Opened    Occurrence = "a modal" // opened, pushed or redrawn
	Corrected Occurrence = "errors"  // at the inputs of a modal, or with all of it
	Published Occurrence = "a Home"  // published or redrawn
)

// Happening is one thing that an app showed.
type Happening struct {
	What    Occurrence
	User    string // who sees it; "" everybody in the channel
	Channel string // of a message
	TS      string // of a message
	View    string // the ID of a modal
	Message Message
	Modal   Modal // of Opened and Corrected
}

// Follow calls f with everything that an app shows from now on, in order. f
// must not call this Slack.
func (s *Slack) Follow(f func(Happening)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.followers = append(s.followers, f)
}

func (s *Slack) tell(h Happening) {
	for _, f := range s.followers {
		f(h)
	}
}

// tellMessage tells of a message, unless a person wrote it.
func (s *Slack) tellMessage(what Occurrence, c *channel, m *message) {
	if m.user == s.config.BotUser || m.user == Slackbot {
		s.tell(Happening{What: what, User: m.to, Channel: c.ID, TS: m.ts, Message: Message{Text: m.text, Blocks: m.blocks, Thread: m.thread}})
	}
}

// tellView tells of a modal or a Home.
func (s *Slack) tellView(what Occurrence, v *view) {
	s.tell(Happening{What: what, User: v.user, View: v.id, Message: Message{Blocks: v.blocks}, Modal: v.shown()})
}
