package slackfake

import (
	"regexp"
	"slices"
)

// Mentions are whom a message calls, each once, in the order in which they are
// read: in its text and in all that its blocks say as markup or rich text. What is
// escaped, or plain text, calls nobody.
type Mentions struct {
	Users  []string // user IDs
	Groups []string // user groups' IDs, known or not
	All    []string // "channel", "here", "everyone"
}

// mention is one in markup, with or without a label.
var mention = regexp.MustCompile(`<(?:@([UW][A-Z0-9]+)|!subteam\^([A-Z0-9]+)|!(channel|here|everyone))(?:\|[^<>]*)?>`)

// Mentions are whom the message calls.
func (m Message) Mentions() Mentions {
	var found Mentions
	found.inMarkup(m.Text)
	for _, raw := range m.Blocks {
		var fields map[string]any
		if decode(raw, &fields) == nil {
			found.inside(fields)
		}
	}
	return found
}

// Names are all of them in one list, users first.
func (m Mentions) Names() []string { return slices.Concat(m.Users, m.Groups, m.All) }

func (m *Mentions) inMarkup(text string) {
	for _, found := range mention.FindAllStringSubmatch(text, -1) {
		note(&m.Users, found[1])
		note(&m.Groups, found[2])
		note(&m.All, found[3])
	}
}

// inside looks into a block, or a piece of one.
func (m *Mentions) inside(value any) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			m.inside(item)
		}
	case map[string]any:
		m.inPiece(value)
		for _, field := range append(slices.Clone(inside), "options", "description") {
			m.inside(value[field])
		}
	}
}

// inPiece reads one object: markup, or a piece of rich text that is a mention.
func (m *Mentions) inPiece(fields map[string]any) {
	str := func(field string) string {
		text, _ := fields[field].(string)
		return text
	}
	switch fields["type"] {
	case "mrkdwn", "markdown":
		m.inMarkup(str("text"))
	case "user":
		note(&m.Users, str("user_id"))
	case "usergroup":
		note(&m.Groups, str("usergroup_id"))
	case "broadcast":
		note(&m.All, str("range"))
	}
}

// note adds a name that isn't there yet.
func note(names *[]string, name string) {
	if name != "" && !slices.Contains(*names, name) {
		*names = append(*names, name)
	}
}

// Notified are the IDs of the people whom Slack tells of a message in a channel,
// sorted: members who are there and whom it calls by themselves, as one of a user
// group that exists, or with everybody (@here only those who are at Slack). A group
// that doesn't exist calls nobody. Of a direct message its person is told anyhow.
// Slack doesn't tell anybody of what a message says only since it was edited.
func (s *Slack) Notified(channel string, m Message) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.channel(channel)
	if in == nil {
		return nil
	}
	called := m.Mentions()
	var told []string
	for _, id := range s.order {
		if who := s.members[id]; !who.Bot && !who.Deleted && in.has(id) && s.reaches(in, called, who) {
			told = append(told, id)
		}
	}
	slices.Sort(told)
	return told
}

// reaches reports whether mentions call somebody who is in the channel.
func (s *Slack) reaches(in *channel, called Mentions, who Member) bool {
	if in.with == who.ID || slices.Contains(called.Users, who.ID) {
		return true
	}
	if slices.ContainsFunc(called.All, func(all string) bool { return all != "here" || !who.Away }) {
		return true
	}
	return slices.ContainsFunc(called.Groups, func(id string) bool { return slices.Contains(s.groups[id].Users, who.ID) })
}
