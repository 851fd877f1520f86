package conversation

import "github.com/latchkey-bot/latchkey/bot/slackfake"

// messages are what a person reads after they did something.
var messages = []slackfake.Occurrence{slackfake.Posted, slackfake.Updated}

// Message is a message, or the answer to what somebody did: then it is waited
// for at the first look at it.
type Message struct {
	person *Person
	after  int    // how much had been shown before
	in     string // the channel that it comes in; "" in whichever
	on     *heard // the message that was acted on: an update of it may be the answer
	got    *heard
}

// look waits for the message.
func (m *Message) look() *heard {
	m.person.talk.t.Helper()
	if m.got == nil {
		m.got = m.person.talk.wait(wanted{name: "a message for " + m.person.id, after: m.after, kinds: messages, seen: func(h *heard) bool {
			return (m.in == "" || m.in == h.Channel) && !m.elsewhere(h) && m.person.sees(h)
		}})
	}
	return m.got
}

// elsewhere reports whether something is the update of a card that nobody acted on, which may
// be redrawn at any moment and answers nobody.
func (m *Message) elsewhere(h *heard) bool {
	return h.What == slackfake.Updated && h.User == "" && (m.on == nil || cardOf(m.on) != cardOf(h))
}

// answer is the next that answers whoever acts on the message.
func (m *Message) answer() *Message {
	later := m.person.next()
	later.on = m.got
	return later
}

// Reads expects all the parts in the message.
func (m *Message) Reads(parts ...string) *Message {
	m.person.talk.t.Helper()
	m.person.talk.lacks(m.look(), parts)
	return m
}

// DoesntRead expects none of the parts in the message.
func (m *Message) DoesntRead(parts ...string) *Message {
	m.person.talk.t.Helper()
	m.person.talk.holds(m.look(), parts)
	return m
}

// Words are all that can be read in the message, a line for each text.
func (m *Message) Words() string {
	m.person.talk.t.Helper()
	return m.look().words()
}

// Buttons are the buttons of the message, from top to bottom.
func (m *Message) Buttons() []slackfake.Button {
	m.person.talk.t.Helper()
	return m.look().Message.Buttons()
}

// HasButtons expects exactly these buttons, by label, from top to bottom.
func (m *Message) HasButtons(labels ...string) *Message {
	m.person.talk.t.Helper()
	m.person.talk.buttons(m.look(), labels)
	return m
}

// OnlyFor expects that nobody but this person sees the message.
func (m *Message) OnlyFor(user string) *Message {
	m.person.talk.t.Helper()
	if h := m.look(); h.User != user && h.Channel != slackfake.DirectMessage(user) {
		m.person.talk.t.Errorf("%s isn't only for %s:\n%s", h.describe(), user, indent(h.words()))
	}
	return m
}

// As is the same message before somebody else.
func (m *Message) As(user string) *Message {
	m.person.talk.t.Helper()
	h := m.look()
	return &Message{person: m.person.talk.As(user).In(h.Channel), got: h}
}

// StandsUnder expects the message in the thread under another one.
func (m *Message) StandsUnder(first *Message) *Message {
	m.person.talk.t.Helper()
	if h := m.look(); h.Channel != first.look().Channel || h.Message.Thread != first.look().TS {
		m.person.talk.t.Errorf("%s isn't in the thread:\n%s", h.describe(), indent(h.words()))
	}
	return m
}

// ExpectReply waits for a message that reads so in the thread under this one.
func (m *Message) ExpectReply(parts ...string) *Message {
	m.person.talk.t.Helper()
	h := m.look()
	return m.person.message("a reply in the thread", parts, func(other *heard) bool {
		return other.What == slackfake.Posted && other.Channel == h.Channel && other.Message.Thread == h.TS && m.person.sees(other)
	})
}

// Link is where the one link of the message leads.
func (m *Message) Link() string {
	m.person.talk.t.Helper()
	h := m.look()
	all := h.Message.Links()
	if len(all) != 1 {
		m.person.talk.t.Fatalf("%s has %d links:\n%s", h.describe(), len(all), indent(h.words()))
	}
	return all[0]
}

// Reply writes a message into the thread under this one.
func (m *Message) Reply(text string) *Message {
	m.person.talk.t.Helper()
	h := m.look()
	return m.person.In(h.Channel).says(h.TS, text)
}

// Click clicks the button with the label, and the value when several have it.
// It returns the answer, whenever it comes: a message, or an update of this one.
func (m *Message) Click(label string, value ...string) *Message {
	m.person.talk.t.Helper()
	h := m.look()
	b := m.person.talk.button(h, label, value)
	later := m.answer()
	_, err := m.person.talk.app.Click(m.person.talk.t.Context(), slackfake.Click{
		User: m.person.id, Channel: h.Channel, Message: h.TS, Action: b.Action, Value: b.Value,
	})
	m.person.must(err)
	return later
}

// HoldClick clicks the button with the label on what stands there now; the click
// reaches the app when it is released, which returns the answer. So two people
// click at once, and somebody clicks before a message is deleted.
func (m *Message) HoldClick(label string, value ...string) (release func() *Message) {
	m.person.talk.t.Helper()
	h := m.look()
	b := m.person.talk.button(h, label, value)
	send, err := m.person.talk.app.HoldClick(slackfake.Click{
		User: m.person.id, Channel: h.Channel, Message: h.TS, Action: b.Action, Value: b.Value,
	})
	m.person.must(err)
	return func() *Message {
		m.person.talk.t.Helper()
		later := m.answer()
		_, err := send(m.person.talk.t.Context())
		m.person.must(err)
		return later
	}
}

// Shortcut chooses a shortcut of the message by its callback_id and returns the
// answer, whenever it comes.
func (m *Message) Shortcut(callback string) *Message {
	m.person.talk.t.Helper()
	h, later := m.look(), m.answer()
	_, err := m.person.talk.app.Shortcut(m.person.talk.t.Context(), slackfake.Shortcut{
		User: m.person.id, Channel: h.Channel, Message: h.TS, Callback: callback,
	})
	m.person.must(err)
	return later
}

// ExpectUpdate waits for an update of this message that reads so.
func (m *Message) ExpectUpdate(parts ...string) *Message {
	m.person.talk.t.Helper()
	h := m.look()
	return m.person.message("an update of the message", parts, func(other *heard) bool {
		return other.What == slackfake.Updated && other.TS == h.TS && other.Channel == h.Channel
	})
}

// Disappears waits until the message is deleted.
func (m *Message) Disappears() {
	m.person.talk.t.Helper()
	h := m.look()
	m.person.talk.wait(wanted{name: "the deletion of the message", kinds: []slackfake.Occurrence{slackfake.Deleted}, seen: func(other *heard) bool {
		return other.TS == h.TS && other.Channel == h.Channel
	}})
}

// Opens waits, in place of an answer, for a modal that reads so.
func (m *Message) Opens(parts ...string) *Modal {
	m.person.talk.t.Helper()
	return m.person.modal(m.after, parts)
}
