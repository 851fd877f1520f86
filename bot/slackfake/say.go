package slackfake

import (
	"fmt"
	"regexp"
	"strings"
)

// Say writes what somebody types into a channel, or into the thread under a
// message. It returns the new message's TS, once the apps that listen have heard
// of it; see [App.Subscribe].
func (s *Slack) Say(user, channel, thread, text string) (ts string, err error) {
	ts, events, err := s.say(user, channel, thread, text)
	for _, e := range events {
		e.app.hear(e)
	}
	return ts, err
}

// say writes a message and returns the events of it.
func (s *Slack) say(user, channel, thread, text string) (ts string, events []*Event, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channel(channel)
	switch {
	case c == nil || !c.has(user):
		return "", nil, fmt.Errorf("slackfake: %s isn't in %q", user, channel)
	case c.Archived:
		return "", nil, fmt.Errorf("slackfake: %s is archived", channel)
	case strings.TrimSpace(text) == "":
		return "", nil, fmt.Errorf("slackfake: %s wrote nothing", user)
	case thread != "" && c.message(thread, user) == nil:
		return "", nil, fmt.Errorf("slackfake: there is no message %s in %s", thread, channel)
	}
	m := s.write(c, message{user: user, thread: c.thread(thread), text: Typed(text)})
	return m.ts, s.eventsOf(c, m), nil
}

// entity is a mention as an app may write it, or an e-mail address.
var entity = regexp.MustCompile(`<(?:[@#][A-Z0-9]+(?:\|[^<>|]*)?|!(?:here|channel|everyone)|!subteam\^[A-Z0-9]+)>|[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Typed is what somebody types as Slack keeps it: escaped, an e-mail address as
// a link. A mention may be written as Slack does: <@U0AVA>.
func Typed(text string) string {
	var kept strings.Builder
	at := 0
	for _, found := range entity.FindAllStringIndex(text, -1) {
		kept.WriteString(escaper.Replace(text[at:found[0]]))
		if piece := text[found[0]:found[1]]; piece[0] == '<' {
			kept.WriteString(piece)
		} else {
			kept.WriteString("<mailto:" + piece + "|" + piece + ">")
		}
		at = found[1]
	}
	kept.WriteString(escaper.Replace(text[at:]))
	return kept.String()
}
