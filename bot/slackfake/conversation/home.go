package conversation

import "github.com/latchkey-bot/latchkey/bot/slackfake"

// Home is the app's Home, as it was published for somebody.
type Home struct {
	person *Person
	got    *heard
}

func (p *Person) home(after int, parts ...string) *Home {
	p.talk.t.Helper()
	got := p.talk.wait(wanted{
		name: "a Home for " + p.id, after: after, kinds: []slackfake.Occurrence{slackfake.Published}, parts: parts, seen: p.sees,
	})
	return &Home{person: p, got: got}
}

// Reads expects all the parts in the Home.
func (h *Home) Reads(parts ...string) *Home {
	h.person.talk.t.Helper()
	h.person.talk.lacks(h.got, parts)
	return h
}

// DoesntRead expects none of the parts in the Home.
func (h *Home) DoesntRead(parts ...string) *Home {
	h.person.talk.t.Helper()
	h.person.talk.holds(h.got, parts)
	return h
}

// Click clicks the button with the label, and the value when several have it.
// It returns the answer, whenever it comes.
func (h *Home) Click(label string, value ...string) *Message {
	h.person.talk.t.Helper()
	b := h.person.talk.button(h.got, label, value)
	later := h.person.next()
	_, err := h.person.talk.app.Click(h.person.talk.t.Context(), slackfake.Click{User: h.person.id, View: "home", Action: b.Action, Value: b.Value})
	h.person.must(err)
	return later
}
