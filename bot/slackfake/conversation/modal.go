package conversation

import (
	"cmp"
	"encoding/json"
	"maps"
	"strings"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// Modal is a modal that somebody has open.
type Modal struct {
	person *Person
	got    *heard
	values map[string]map[string]string
}

func (p *Person) modal(after int, parts []string) *Modal {
	p.talk.t.Helper()
	got := p.talk.wait(wanted{
		name: "a modal for " + p.id, after: after, kinds: []slackfake.Occurrence{slackfake.Opened}, parts: parts, seen: p.sees,
	})
	m := &Modal{person: p, got: got, values: map[string]map[string]string{}}
	maps.Copy(m.values, got.Modal.Values)
	return m
}

// ExpectModal waits for a modal that reads so.
func (p *Person) ExpectModal(parts ...string) *Modal {
	p.talk.t.Helper()
	return p.modal(0, parts)
}

// Reads expects all the parts in the modal.
func (m *Modal) Reads(parts ...string) *Modal {
	m.person.talk.t.Helper()
	m.person.talk.lacks(m.got, parts)
	return m
}

// DoesntRead expects none of the parts in the modal.
func (m *Modal) DoesntRead(parts ...string) *Modal {
	m.person.talk.t.Helper()
	m.person.talk.holds(m.got, parts)
	return m
}

// Value is what stands in the input with the label; of radio buttons or a menu,
// the value of what is chosen.
func (m *Modal) Value(label string) string {
	m.person.talk.t.Helper()
	in := m.input(label)
	if value, touched := m.values[in.BlockID][in.Element.ActionID]; touched {
		return value
	}
	return cmp.Or(in.Element.Initial, in.Element.InitialUser, in.Element.InitialOption.Value)
}

// Fill puts a value into the input with the label.
func (m *Modal) Fill(label, value string) *Modal {
	m.person.talk.t.Helper()
	in := m.input(label)
	m.values[in.BlockID] = map[string]string{in.Element.ActionID: value}
	return m
}

// Choose chooses the option with that text of the radio buttons or the menu with
// the label; in a menu of people somebody's name or user ID.
func (m *Modal) Choose(label, option string) *Modal {
	m.person.talk.t.Helper()
	return m.Fill(label, m.input(label).value(m, option))
}

// Tick ticks the boxes with these texts among those with the label, and no
// others.
func (m *Modal) Tick(label string, options ...string) *Modal {
	m.person.talk.t.Helper()
	values := make([]string, len(options))
	for i, option := range options {
		values[i] = m.input(label).value(m, option)
	}
	return m.Fill(label, strings.Join(values, ","))
}

// Submit submits the modal and returns the answer, whenever it comes: a
// message, or by [Message.Opens] another modal.
func (m *Modal) Submit() *Message {
	m.person.talk.t.Helper()
	later := m.person.next()
	_, err := m.person.talk.app.Submit(m.person.talk.t.Context(), slackfake.Submission{User: m.person.id, View: m.got.View, Values: m.values})
	m.person.must(err)
	return later
}

// Click clicks a button in the modal and returns the answer, whenever it comes.
func (m *Modal) Click(label string, value ...string) *Message {
	m.person.talk.t.Helper()
	b := m.person.talk.button(m.got, label, value)
	later := m.person.next()
	_, err := m.person.talk.app.Click(m.person.talk.t.Context(), slackfake.Click{
		User: m.person.id, View: m.got.View, Action: b.Action, Value: b.Value, Values: m.values,
	})
	m.person.must(err)
	return later
}

// Refuses waits until the modal says the sentence at the input with the label.
func (m *Modal) Refuses(label, sentence string) *Modal {
	m.person.talk.t.Helper()
	if said := m.Problem(label); said != sentence {
		m.person.talk.t.Errorf("at %q the modal says %q, not %q", label, said, sentence)
	}
	return m
}

// Problem waits for the modal to say what is wrong with its fields, and returns what
// it says of this one.
func (m *Modal) Problem(label string) string {
	m.person.talk.t.Helper()
	in := m.input(label)
	h := m.person.talk.wait(wanted{name: "errors in the modal", kinds: []slackfake.Occurrence{slackfake.Corrected}, seen: func(h *heard) bool {
		return h.View == m.got.View
	}})
	return h.Modal.Errors[in.BlockID]
}

// Close closes the modal.
func (m *Modal) Close() {
	m.person.talk.t.Helper()
	_, err := m.person.talk.app.CloseModal(m.person.talk.t.Context(), m.person.id, m.got.View)
	m.person.must(err)
}

// IsClosed expects that the modal isn't open any more.
func (m *Modal) IsClosed() {
	m.person.talk.t.Helper()
	for _, open := range m.person.talk.slack.View(m.person.id).Modals {
		if open.ID == m.got.View {
			m.person.talk.t.Errorf("%s is still open", m.got.describe())
		}
	}
}

// input is what we read of an input block.
type input struct {
	Type    string `json:"type"`
	BlockID string `json:"block_id"`
	Label   struct {
		Text string `json:"text"`
	} `json:"label"`
	Element struct {
		ActionID      string `json:"action_id"`
		Type          string `json:"type"`
		Initial       string `json:"initial_value"`
		InitialUser   string `json:"initial_user"`
		InitialOption struct {
			Value string `json:"value"`
		} `json:"initial_option"`
		Options []option `json:"options"`
		Groups  []struct {
			Options []option `json:"options"`
		} `json:"option_groups"`
	} `json:"element"`
}

// option is one of several to choose.
type option struct {
	Text struct {
		Text string `json:"text"`
	} `json:"text"`
	Value string `json:"value"`
}

// options are what can be chosen, by what it reads: of a menu of people their
// names, and their IDs.
func (in input) options(p *Person) (texts []string, value map[string]string) {
	value = map[string]string{}
	add := func(text, means string) {
		if _, twice := value[text]; !twice {
			texts, value[text] = append(texts, text), means
		}
	}
	for _, o := range in.Element.Options {
		add(o.Text.Text, o.Value)
	}
	for _, group := range in.Element.Groups {
		for _, o := range group.Options {
			add(o.Text.Text, o.Value)
		}
	}
	if in.Element.Type == "users_select" {
		for _, member := range p.talk.slack.View(p.id).People {
			if !member.Bot && !member.Deleted {
				add(member.Name, member.ID)
				add(member.ID, member.ID)
			}
		}
	}
	return texts, value
}

// value is the value of the option that reads so.
func (in input) value(m *Modal, option string) string {
	m.person.talk.t.Helper()
	texts, values := in.options(m.person)
	if value, there := values[option]; there {
		return value
	}
	m.person.talk.t.Fatalf("there is no option %q at %q in %s, only %q", option, in.Label.Text, m.got.describe(), texts)
	return ""
}

func (m *Modal) input(label string) input {
	m.person.talk.t.Helper()
	for _, raw := range m.got.Message.Blocks {
		var in input
		if err := json.Unmarshal(raw, &in); err != nil {
			m.person.talk.t.Fatalf("reading a block of the modal: %v", err)
		}
		if in.Type == "input" && in.Label.Text == label {
			return in
		}
	}
	m.person.talk.t.Fatalf("there is no input %q in %s:\n%s", label, m.got.describe(), indent(m.got.words()))
	return input{}
}
