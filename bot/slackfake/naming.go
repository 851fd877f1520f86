package slackfake

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// named gives every block without a block_id one, and every element without an
// action_id, as Slack does.
func (s *Slack) named(blocks []json.RawMessage) []json.RawMessage {
	var done []json.RawMessage
	for _, raw := range blocks {
		var fields map[string]any
		if err := decode(raw, &fields); err != nil {
			continue // what isn't an object was refused before
		}
		s.name(fields, "block_id")
		for _, field := range []string{"element", "accessory"} {
			if element, ok := fields[field].(map[string]any); ok {
				s.nameElement(element)
			}
		}
		if elements, ok := fields["elements"].([]any); ok && fields["type"] == "actions" {
			for _, element := range elements {
				if element, ok := element.(map[string]any); ok {
					s.nameElement(element)
				}
			}
		}
		done = append(done, encode(fields))
	}
	return done
}

func (s *Slack) nameElement(element map[string]any) {
	if element["type"] != "image" {
		s.name(element, "action_id")
	}
}

func (s *Slack) name(fields map[string]any, field string) {
	if name, _ := fields[field].(string); name == "" {
		s.serial++
		fields[field] = fmt.Sprintf("slack-%d", s.serial)
	}
}

// decode reads JSON and keeps numbers as they are written.
func decode(raw []byte, to any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	return decoder.Decode(to)
}

func encode(value any) json.RawMessage {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("slackfake: what was read from JSON can't be written: %v", err))
	}
	return raw
}
