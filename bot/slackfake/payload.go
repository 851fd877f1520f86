package slackfake

import (
	"encoding/json"
	"strings"
)

// message is the message in a call: its text and blocks.
func (c call) message() (Message, *refusal) {
	m := Message{Text: c.text("text")}
	if raw := c.json("blocks"); len(raw) > 0 && string(raw) != "null" {
		if err := json.Unmarshal(raw, &m.Blocks); err != nil {
			return m, refuse("invalid_blocks_format")
		}
	}
	wrong := m.refused()
	if wrong != nil {
		for i, said := range wrong.messages {
			wrong.messages[i] = "[ERROR] " + said
		}
	}
	return m, wrong
}

// metadata is what an app keeps with a message, nil when the call has none.
func (c call) metadata() (json.RawMessage, *refusal) {
	raw := c.json("metadata")
	if len(raw) == 0 {
		return nil, nil
	}
	var made struct {
		Type    string         `json:"event_type"`
		Payload map[string]any `json:"event_payload"`
	}
	if json.Unmarshal(raw, &made) != nil || made.Type == "" || made.Payload == nil {
		return nil, refuse("invalid_metadata_format")
	}
	return raw, nil
}

// readMessage reads a message that an app answers with, or says why Slack
// refuses it.
func readMessage(body []byte) (*Message, string) {
	var m Message
	if err := json.Unmarshal(body, &m); err != nil {
		return nil, "invalid_payload"
	}
	if wrong := m.refused(); wrong != nil {
		return nil, wrong.String()
	}
	return &m, ""
}

// String is the code, and what is wrong.
func (r *refusal) String() string {
	if len(r.messages) == 0 {
		return r.code
	}
	return r.code + ": " + strings.Join(r.messages, "; ")
}

// view is the view in a call.
func (c call) view(kind string) (viewMade, *refusal) { return readView(c.json("view"), kind) }

// readView reads a view, or says why Slack refuses it.
func readView(raw []byte, kind string) (viewMade, *refusal) {
	var made viewMade
	var parts struct {
		Blocks []json.RawMessage `json:"blocks"`
	}
	if decode(raw, &made.fields) != nil || json.Unmarshal(raw, &parts) != nil || made.fields == nil {
		return made, refuse("invalid_arguments", "[ERROR] must be a view [json-pointer:/view]")
	}
	if _, ok := listOf(parts.Blocks); !ok {
		return made, refuse("invalid_arguments", "[ERROR] must provide an array of objects [json-pointer:/view/blocks]")
	}
	made.blocks = parts.Blocks
	return made, viewRefused(made.fields, kind, len(raw))
}
