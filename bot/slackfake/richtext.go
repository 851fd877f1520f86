package slackfake

import "slices"

// pieces are the elements of a line of rich text, with the field that each
// must have.
var pieces = map[string]string{
	"text": "text", "link": "url", "emoji": "name", "user": "user_id", "usergroup": "usergroup_id", "channel": "channel_id",
	"broadcast": "range", "color": "value", "date": "timestamp",
}

func (p part) richText() {
	p.only("type", "block_id", "elements")
	elements, ok := p.need("elements")
	if !ok {
		return
	}
	for _, e := range elements.items(0, 1000) {
		e.richElement()
	}
}

// richElement checks a paragraph, list, quote or preformatted piece.
func (p part) richElement() {
	switch p.kind() {
	case "rich_text_section":
		p.only("type", "elements")
	case "rich_text_quote":
		p.only("type", "elements", "border")
	case "rich_text_preformatted":
		p.only("type", "elements", "border", "language")
	case "rich_text_list":
		p.richList()
		return
	default:
		p.wrong("unsupported type: %s", p.kind())
		return
	}
	if elements, ok := p.need("elements"); ok {
		for _, e := range elements.items(0, 1000) {
			e.piece(p.kind() == "rich_text_preformatted")
		}
	}
}

func (p part) richList() {
	p.only("type", "elements", "style", "indent", "border", "offset")
	if style, ok := p.need("style"); ok {
		style.oneOf("bullet", "ordered")
	}
	p.between("indent", 0, 8)
	elements, ok := p.need("elements")
	if !ok {
		return
	}
	for _, e := range elements.items(0, 1000) {
		if e.kind() != "rich_text_section" {
			e.wrong("unsupported type: %s", e.kind())
			continue
		}
		e.richElement()
	}
}

// piece checks a piece of a line; preformatted text has only texts and links.
func (p part) piece(preformatted bool) {
	field, known := pieces[p.kind()]
	if !known || (preformatted && !slices.Contains([]string{"text", "link"}, p.kind())) {
		p.wrong("unsupported type: %s", p.kind())
		return
	}
	value, ok := p.need(field)
	switch {
	case !ok:
	case p.kind() == "link":
		value.str(1, 3000)
	case p.kind() == "date":
		value.number(0, 1<<53)
		p.required("format", 1, 3000)
	default:
		value.str(1, maxAll)
	}
}
