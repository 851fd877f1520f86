package slackfake

import (
	"encoding/json"
	"fmt"
	"strings"
)

// button is a button as it stands in a block.
type button struct {
	block, action, value string
	text                 map[string]any
}

// buttons are the buttons in blocks, from top to bottom.
func buttons(blocks []json.RawMessage) []button {
	var found []button
	for _, raw := range blocks {
		var fields map[string]any
		if decode(raw, &fields) != nil {
			continue // it was refused before
		}
		id, _ := fields["block_id"].(string)
		collect(fields, func(element map[string]any) {
			b := button{block: id}
			b.action, _ = element["action_id"].(string)
			b.value, _ = element["value"].(string)
			b.text, _ = element["text"].(map[string]any)
			found = append(found, b)
		})
	}
	return found
}

// inside are the fields in which a block holds others, in the order in which
// they are read.
var inside = []string{"title", "text", "label", "caption", "fields", "elements", "element", "accessory", "rows", "chart", "hint"}

// collect calls found with every button in a block.
func collect(value any, found func(map[string]any)) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			collect(item, found)
		}
	case map[string]any:
		if value["type"] == "button" {
			found(value)
			return
		}
		for _, field := range inside {
			collect(value[field], found)
		}
	}
}

// Buttons are the buttons of the message, from top to bottom.
func (m Message) Buttons() []Button {
	var all []Button
	for _, b := range buttons(m.Blocks) {
		label, _ := b.text["text"].(string)
		all = append(all, Button{Label: label, Action: b.action, Value: b.value})
	}
	return all
}

// Visible is all that can be read in the blocks, a line for each text, each row
// of a table and each series of a chart.
func (m Message) Visible() string {
	var lines []string
	for _, raw := range m.Blocks {
		var fields map[string]any
		if decode(raw, &fields) == nil {
			lines = append(lines, read(fields)...)
		}
	}
	return strings.Join(lines, "\n")
}

// read returns the lines of a block or of a piece of one.
func read(fields map[string]any) []string {
	switch fields["type"] {
	case "rich_text_section", "rich_text_preformatted", "rich_text_quote":
		return []string{inline(fields["elements"])}
	case "table", "data_table":
		return append(plain(fields["caption"]), rows(fields["rows"])...)
	case "data_visualization":
		return append(plain(fields["title"]), chart(fields["chart"])...)
	case "image":
		return append(texts(fields["title"]), plain(fields["alt_text"])...)
	}
	var lines []string
	for _, field := range []string{"text", "label", "fields", "elements", "element", "accessory", "placeholder", "options", "description", "initial_value", "hint"} {
		lines = append(lines, texts(fields[field])...)
	}
	return lines
}

// texts are the lines of whatever a field holds: a text, an object or a list.
func texts(value any) []string {
	switch value := value.(type) {
	case string:
		return plain(value)
	case map[string]any:
		return read(value)
	case []any:
		var lines []string
		for _, item := range value {
			lines = append(lines, texts(item)...)
		}
		return lines
	}
	return nil
}

func plain(value any) []string {
	if text, _ := value.(string); text != "" {
		return []string{text}
	}
	return nil
}

// inline is the text of the elements of rich text, in one piece.
func inline(value any) string {
	elements, _ := value.([]any)
	var line strings.Builder
	for _, element := range elements {
		fields, _ := element.(map[string]any)
		for _, field := range []string{"text", "url", "fallback", "name", "user_id", "channel_id", "range"} {
			if text, _ := fields[field].(string); text != "" {
				line.WriteString(text)
				break
			}
		}
	}
	return line.String()
}

// rows are the rows of a table, their cells parted by " | ".
func rows(value any) []string {
	var lines []string
	all, _ := value.([]any)
	for _, row := range all {
		cells, _ := row.([]any)
		var line []string
		for _, cell := range cells {
			line = append(line, strings.Join(cellText(cell), " "))
		}
		lines = append(lines, strings.Join(line, " | "))
	}
	return lines
}

func cellText(cell any) []string {
	fields, _ := cell.(map[string]any)
	if lines := read(fields); len(lines) > 0 || fields["type"] != "raw_number" {
		return lines
	}
	return []string{fmt.Sprint(fields["value"])}
}

// chart is a line for each series: its name, then its points.
func chart(value any) []string {
	fields, _ := value.(map[string]any)
	if segments, ok := fields["segments"].([]any); ok {
		return []string{points(segments)}
	}
	var lines []string
	series, _ := fields["series"].([]any)
	for _, one := range series {
		one, _ := one.(map[string]any)
		data, _ := one["data"].([]any)
		lines = append(lines, fmt.Sprintf("%v: %s", one["name"], points(data)))
	}
	return lines
}

func points(list []any) string {
	var all []string
	for _, point := range list {
		point, _ := point.(map[string]any)
		all = append(all, fmt.Sprintf("%v %v", point["label"], point["value"]))
	}
	return strings.Join(all, ", ")
}
