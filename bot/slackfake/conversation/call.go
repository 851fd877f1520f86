package conversation

import "slices"

// Mentions expects that the message calls exactly these, in any order: user IDs,
// user groups' IDs, known or not, and "channel", "here" or "everyone"; without any,
// nobody.
func (m *Message) Mentions(who ...string) *Message {
	m.person.talk.t.Helper()
	h := m.look()
	called := h.Message.Mentions().Names()
	if !same(called, who) {
		m.person.talk.t.Errorf("%s mentions %q, not %q:\n%s", h.describe(), called, who, indent(h.words()))
	}
	return m
}

// Notifies expects that Slack tells exactly these people of the message, in any
// order; without any, nobody.
func (m *Message) Notifies(users ...string) *Message {
	m.person.talk.t.Helper()
	h := m.look()
	told := m.person.talk.slack.Notified(h.Channel, h.Message)
	if h.User != "" { // nobody else hears of what one person sees
		told = slices.DeleteFunc(told, func(user string) bool { return user != h.User })
	}
	if !same(told, users) {
		m.person.talk.t.Errorf("%s notifies %q, not %q:\n%s", h.describe(), told, users, indent(h.words()))
	}
	return m
}

func same(one, other []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(one)), slices.Sorted(slices.Values(other)))
}

// TS is the message's timestamp, by which a test finds it in the Slack.
func (m *Message) TS() string {
	m.person.talk.t.Helper()
	return m.look().TS
}

// IsDeletedByHand deletes the message as an admin does, without the app being
// told.
func (m *Message) IsDeletedByHand() {
	m.person.talk.t.Helper()
	h := m.look()
	m.person.must(m.person.talk.slack.Delete(h.Channel, h.TS))
}
