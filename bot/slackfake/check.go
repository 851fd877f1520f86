package slackfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
)

// part is a piece of a message or view under examination.
type part struct {
	value any
	at    string // its JSON pointer
	paper *paper
}

// paper collects what is wrong with a message or view, and what of it may
// stand there only once or only so often.
type paper struct {
	wrong    []string
	blockIDs map[string]bool
	kinds    map[string]int // how many blocks of a kind there are
	cells    int            // characters in the cells of all tables
	markdown int            // characters in all markdown blocks
}

func newPaper() *paper { return &paper{blockIDs: map[string]bool{}, kinds: map[string]int{}} }

// wrong notes what is wrong, and where.
func (p part) wrong(format string, args ...any) {
	p.paper.wrong = append(p.paper.wrong, fmt.Sprintf(format, args...)+" [json-pointer:"+p.at+"]")
}

func (p part) object() map[string]any {
	fields, _ := p.value.(map[string]any)
	return fields
}

// kind is the value of the field "type".
func (p part) kind() string {
	kind, _ := p.object()["type"].(string)
	return kind
}

// field is a field of an object; ok is false when it isn't there.
func (p part) field(name string) (part, bool) {
	value, ok := p.object()[name]
	return part{value, p.at + "/" + name, p.paper}, ok && value != nil
}

// need is a field that must be there.
func (p part) need(name string) (part, bool) {
	field, ok := p.field(name)
	if !ok {
		p.wrong("missing required field: %s", name)
	}
	return field, ok
}

// only refuses fields that Slack doesn't know.
func (p part) only(names ...string) {
	for _, name := range slices.Sorted(maps.Keys(p.object())) {
		if !slices.Contains(names, name) {
			p.wrong("invalid additional property: %s", name)
		}
	}
}

// str reads a text of so many characters; Slack counts code points.
func (p part) str(least, most int) string {
	text, ok := p.value.(string)
	n := utf8.RuneCountInString(text)
	switch {
	case !ok:
		p.wrong("must be a string")
	case n < least:
		p.wrong("must be more than %d characters", least-1)
	case n > most:
		p.wrong("must be less than %d characters", most+1)
	}
	return text
}

// optional reads a text that may be missing.
func (p part) optional(name string, least, most int) {
	if field, ok := p.field(name); ok {
		field.str(least, most)
	}
}

// required reads a text that must be there.
func (p part) required(name string, least, most int) string {
	if field, ok := p.need(name); ok {
		return field.str(least, most)
	}
	return ""
}

// oneOf refuses a value that isn't one of these.
func (p part) oneOf(values ...string) {
	if value, _ := p.value.(string); !slices.Contains(values, value) {
		p.wrong("value is not one of the allowed ones: %q", values)
	}
}

// items are the items of a list of so many.
func (p part) items(least, most int) []part {
	list, ok := p.value.([]any)
	switch {
	case !ok:
		p.wrong("must provide an array")
	case len(list) < least:
		p.wrong("must be more than %d items", least-1)
	case len(list) > most:
		p.wrong("no more than %d items allowed", most)
	}
	parts := make([]part, len(list))
	for i, item := range list {
		parts[i] = part{item, fmt.Sprintf("%s/%d", p.at, i), p.paper}
	}
	return parts
}

// number reads a number between two.
func (p part) number(least, most float64) float64 {
	number, ok := p.value.(json.Number)
	value, err := number.Float64()
	switch {
	case !ok || err != nil:
		p.wrong("must be a number")
	case value < least:
		p.wrong("must be at least %v", least)
	case value > most:
		p.wrong("must be at most %v", most)
	}
	return value
}

// between reads a number that may be missing.
func (p part) between(name string, least, most float64) {
	if field, ok := p.field(name); ok {
		field.number(least, most)
	}
}

// plainText and anyText are the kinds of text objects that Slack takes at a
// place.
var (
	plainText = []string{"plain_text"}
	anyText   = []string{"plain_text", "mrkdwn"}
)

// textObject checks a text object of the kinds, of 1 to so many characters.
func (p part) textObject(most int, kinds []string) {
	if !slices.Contains(kinds, p.kind()) {
		p.wrong("unsupported type: %s", p.kind())
		return
	}
	if p.kind() == "plain_text" {
		p.only("type", "text", "emoji")
	} else {
		p.only("type", "text", "verbatim")
	}
	p.required("text", 1, most)
}

// optionalText checks a text object that may be missing.
func (p part) optionalText(name string, most int, kinds []string) {
	if field, ok := p.field(name); ok {
		field.textObject(most, kinds)
	}
}

// requiredText checks a text object that must be there.
func (p part) requiredText(name string, most int, kinds []string) {
	if field, ok := p.need(name); ok {
		field.textObject(most, kinds)
	}
}
