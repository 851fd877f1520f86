package conversation

import (
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// Becomes waits until the message reads so, whatever it read on the way there:
// for a card that the app redraws whenever something new is known. From then on
// nobody is surprised by another redrawing. It returns the message as it reads now.
func (m *Message) Becomes(parts ...string) *Message {
	m.person.talk.t.Helper()
	return m.until("doesn't become one"+reading(parts), func(h *heard) bool { return h.reads(parts) })
}

// Loses waits, as [Message.Becomes] does, until the part isn't read any more.
func (m *Message) Loses(part string) *Message {
	m.person.talk.t.Helper()
	return m.until("doesn't lose "+part, func(h *heard) bool { return !h.reads([]string{part}) })
}

// until waits until the newest state of the message is the one that is wanted.
func (m *Message) until(problem string, wanted func(*heard) bool) *Message {
	k := m.person.talk
	k.t.Helper()
	card := m.look()
	limit := time.NewTimer(Patience)
	defer limit.Stop()
	for {
		newest, more := k.follow(card)
		if wanted(newest) {
			return &Message{person: m.person, got: newest}
		}
		select {
		case <-more:
		case <-limit.C:
			k.t.Fatalf("%s %s; it reads\n%s%s", card.describe(), problem, indent(newest.words()), k.instead())
		case <-k.t.Context().Done():
			k.t.Fatalf("%s %s before the test ended", card.describe(), problem)
		}
	}
}

// MayRead expects whatever comes to this person that reads so, as often as it
// comes and whenever it did: for what isn't what the test is about.
func (p *Person) MayRead(parts ...string) {
	p.talk.mu.Lock()
	defer p.talk.mu.Unlock()
	p.talk.allowed = append(p.talk.allowed, wanted{seen: p.sees, kinds: messages, parts: parts})
}

// follow returns the newest state of a card and expects all that were there, and
// all that come; more is closed when something else has come.
func (k *Talk) follow(card *heard) (newest *heard, more <-chan struct{}) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.cards[cardOf(card)] = true
	newest = card
	for _, h := range k.heard {
		if cardOf(h) == cardOf(card) && (h.What == slackfake.Posted || h.What == slackfake.Updated) {
			h.expected, newest = true, h
		}
	}
	return newest, k.more
}

// cardOf names the message that something is about.
func cardOf(h *heard) string { return h.Channel + " " + h.TS }
