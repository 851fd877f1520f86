package conversation

import (
	"strings"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// Person is somebody in the conversation.
type Person struct {
	talk    *Talk
	id      string
	channel string
}

// In is the same person in another channel, where they type from now on.
func (p *Person) In(channel string) *Person { return &Person{p.talk, p.id, channel} }

// InDM is the same person in their direct message with the app.
func (p *Person) InDM() *Person { return p.In(slackfake.DirectMessage(p.id)) }

// Command types a slash command and returns the answer, whenever it comes.
func (p *Person) Command(line string) *Message {
	p.talk.t.Helper()
	name, text, _ := strings.Cut(line, " ")
	later := p.next()
	later.in = p.channel // a card in the direct message may be faster
	_, err := p.talk.app.Command(p.talk.t.Context(), slackfake.Command{User: p.id, Channel: p.channel, Name: name, Text: text})
	p.must(err)
	return later
}

// Shortcut chooses a global shortcut by its callback_id and returns the answer,
// whenever it comes.
func (p *Person) Shortcut(callback string) *Message {
	p.talk.t.Helper()
	later := p.next()
	_, err := p.talk.app.Shortcut(p.talk.t.Context(), slackfake.Shortcut{User: p.id, Channel: p.channel, Callback: callback})
	p.must(err)
	return later
}

// ClickGone clicks a button that stands nowhere any more, such as one of a
// message from an older version of the app, or one that somebody else was
// shown. It returns the answer, whenever it comes.
func (p *Person) ClickGone(action, value string) *Message {
	p.talk.t.Helper()
	later := p.next()
	_, err := p.talk.app.Click(p.talk.t.Context(), slackfake.Click{User: p.id, Channel: p.channel, Action: action, Value: value})
	p.must(err)
	return later
}

// Says writes a message into the channel, as somebody types it.
func (p *Person) Says(text string) *Message {
	p.talk.t.Helper()
	return p.says("", text)
}

// says writes a message into the channel, or into a thread there.
func (p *Person) says(thread, text string) *Message {
	p.talk.t.Helper()
	ts, err := p.talk.slack.Say(p.id, p.channel, thread, text)
	p.must(err)
	own := slackfake.Happening{What: slackfake.Posted, Channel: p.channel, TS: ts, Message: slackfake.Message{Text: text, Thread: thread}}
	return &Message{person: p, got: &heard{Happening: own, place: placeOf(own), expected: true}}
}

// OpensHome opens the app's Home and waits for what the app publishes.
func (p *Person) OpensHome() *Home {
	p.talk.t.Helper()
	after := p.talk.said()
	_, err := p.talk.app.OpenHome(p.talk.t.Context(), p.id)
	p.must(err)
	return p.home(after)
}

// ExpectHome waits for a Home that the app publishes and that reads so.
func (p *Person) ExpectHome(parts ...string) *Home {
	p.talk.t.Helper()
	return p.home(0, parts...)
}

// ExpectDM waits for a message that reads so in the person's direct message
// with the app.
func (p *Person) ExpectDM(parts ...string) *Message {
	p.talk.t.Helper()
	in := slackfake.DirectMessage(p.id)
	return p.message("a direct message for "+p.id, parts, func(h *heard) bool {
		return h.What == slackfake.Posted && h.Channel == in
	})
}

// ExpectUpdate waits for an update, of whatever message the person sees, that
// reads so.
func (p *Person) ExpectUpdate(parts ...string) *Message {
	p.talk.t.Helper()
	return p.message("an update for "+p.id, parts, func(h *heard) bool {
		return h.What == slackfake.Updated && p.sees(h)
	})
}

// ExpectEphemeral waits for a message that reads so and that nobody else sees.
func (p *Person) ExpectEphemeral(parts ...string) *Message {
	p.talk.t.Helper()
	return p.message("an ephemeral message for "+p.id, parts, func(h *heard) bool {
		return h.What == slackfake.Posted && h.User == p.id
	})
}

func (p *Person) message(name string, parts []string, seen func(*heard) bool) *Message {
	p.talk.t.Helper()
	got := p.talk.wait(wanted{name: name, kinds: messages, parts: parts, seen: seen})
	return &Message{person: p, got: got}
}

// next is the next message that the person sees, or the next update of one that only they do.
func (p *Person) next() *Message { return &Message{person: p, after: p.talk.said()} }

// sees reports whether something was shown to the person.
func (p *Person) sees(h *heard) bool {
	if h.User != "" {
		return h.User == p.id
	}
	for _, c := range p.talk.slack.View(p.id).Conversations {
		if c.ID == h.Channel {
			return true
		}
	}
	return false
}

func (p *Person) must(err error) {
	p.talk.t.Helper()
	if err != nil {
		p.talk.t.Fatal(err)
	}
}
