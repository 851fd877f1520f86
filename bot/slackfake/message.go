package slackfake

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Message is a message as a person sees it.
type Message struct {
	ResponseType string            `json:"response_type"` // "ephemeral" or "in_channel"
	Text         string            `json:"text"`
	Blocks       []json.RawMessage `json:"blocks"`
}

// Button is a button of a message.
type Button struct{ Label, Action, Value string }

// text is a text object.
type text struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// block is what we read of a block.
type block struct {
	Type      string    `json:"type"`
	Text      *text     `json:"text"`
	Fields    []text    `json:"fields"`
	Elements  []element `json:"elements"`
	Accessory *element  `json:"accessory"`
}

// element is a button, or a text of a context block.
type element struct {
	Type     string          `json:"type"`
	Text     json.RawMessage `json:"text"` // an object in a button, a string in a text
	ActionID string          `json:"action_id"`
	Value    string          `json:"value"`
}

func (e element) label() string {
	var label text
	if json.Unmarshal(e.Text, &label) == nil && label.Text != "" {
		return label.Text
	}
	var plain string
	_ = json.Unmarshal(e.Text, &plain) // neither is no text
	return plain
}

// readMessage reads a message, or returns Slack's code for why it refuses it.
func readMessage(body []byte) (*Message, string) {
	var m Message
	if err := json.Unmarshal(body, &m); err != nil {
		return nil, "invalid_payload"
	}
	blocks, err := m.read()
	switch {
	case err != nil:
		return nil, "invalid_blocks_format"
	case m.Text == "" && len(blocks) == 0:
		return nil, "no_text"
	case utf8.RuneCountInString(m.Text) > 40_000:
		return nil, "msg_too_long"
	case len(blocks) > 50:
		return nil, "too_many_blocks"
	case m.size() > 13_000:
		return nil, "msg_blocks_too_long"
	}
	for i, b := range blocks {
		if wrong := b.wrong(); wrong != "" {
			return nil, fmt.Sprintf("invalid_blocks: %s in block %d", wrong, i)
		}
	}
	return &m, ""
}

func (m Message) read() ([]block, error) {
	blocks := make([]block, len(m.Blocks))
	for i, raw := range m.Blocks {
		if err := json.Unmarshal(raw, &blocks[i]); err != nil {
			return nil, err
		}
	}
	return blocks, nil
}

// size is how many code points the blocks have, with every escape of JSON
// counted as what it stands for.
func (m Message) size() int {
	size := 0
	for _, raw := range m.Blocks {
		size += utf8.RuneCount(raw) - 5*strings.Count(string(raw), `\u00`)
	}
	return size
}

// wrong says which limit of Slack's a block breaks, "" for none.
func (b block) wrong() string {
	switch b.Type {
	case "header":
		return within(b.Text, 150)
	case "section":
		if b.Text == nil && len(b.Fields) == 0 {
			return "no text"
		}
		if len(b.Fields) > 10 {
			return "too many fields"
		}
		if b.Accessory != nil {
			if wrong := b.Accessory.wrong(); wrong != "" {
				return wrong
			}
		}
		return within(b.Text, 3000)
	case "context":
		if len(b.Elements) == 0 || len(b.Elements) > 10 {
			return "not 1 to 10 elements"
		}
	case "actions":
		if len(b.Elements) == 0 || len(b.Elements) > 25 {
			return "not 1 to 25 elements"
		}
	}
	for _, e := range b.Elements {
		if wrong := e.wrong(); wrong != "" {
			return wrong
		}
	}
	return ""
}

func within(t *text, limit int) string {
	if t == nil {
		return "no text"
	}
	if n := utf8.RuneCountInString(t.Text); n == 0 || n > limit {
		return fmt.Sprintf("a text of %d characters, not 1 to %d", n, limit)
	}
	return ""
}

func (e element) wrong() string {
	n := utf8.RuneCountInString(e.label())
	switch {
	case n == 0:
		return "no text"
	case e.Type == "button" && n > 75:
		return "a button text of more than 75 characters"
	case utf8.RuneCountInString(e.Value) > 2000:
		return "a value of more than 2000 characters"
	case utf8.RuneCountInString(e.ActionID) > 255:
		return "an action_id of more than 255 characters"
	case n > 3000:
		return "a text of more than 3000 characters"
	}
	return ""
}

// Visible is all that can be read in the blocks, a line for each text.
func (m Message) Visible() string {
	blocks, err := m.read()
	if err != nil {
		return ""
	}
	var lines []string
	for _, b := range blocks {
		if b.Text != nil {
			lines = append(lines, b.Text.Text)
		}
		for _, field := range b.Fields {
			lines = append(lines, field.Text)
		}
		for _, e := range b.Elements {
			lines = append(lines, e.label())
		}
	}
	return strings.Join(lines, "\n")
}

// Buttons are the buttons of the message, from top to bottom.
func (m Message) Buttons() []Button {
	blocks, err := m.read()
	if err != nil {
		return nil
	}
	var buttons []Button
	for _, b := range blocks {
		elements := b.Elements
		if b.Accessory != nil {
			elements = append(elements, *b.Accessory)
		}
		for _, e := range elements {
			if e.Type == "button" {
				buttons = append(buttons, Button{Label: e.label(), Action: e.ActionID, Value: e.Value})
			}
		}
	}
	return buttons
}
