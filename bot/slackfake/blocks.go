package slackfake

// blockRules are what Slack demands of each kind of block.
var blockRules map[string]func(part)

func init() {
	blockRules = map[string]func(part){
		"section": part.section, "header": part.header, "context": part.context, "actions": part.actions, "input": part.input,
		"rich_text": part.richText, "image": part.image, "divider": part.divider, "markdown": part.markdown,
		"table": part.table, "data_table": part.dataTable, "data_visualization": part.dataVisualization,
	}
}

func (p part) section() {
	p.only("type", "block_id", "text", "fields", "accessory", "expand")
	text, hasText := p.field("text")
	fields, hasFields := p.field("fields")
	if !hasText && !hasFields {
		p.wrong("missing required field: text")
	}
	if hasText {
		text.textObject(3000, anyText)
	}
	if hasFields {
		for _, field := range fields.items(1, 10) {
			field.textObject(2000, anyText)
		}
	}
	if accessory, ok := p.field("accessory"); ok {
		accessory.element(append([]string{"image"}, interactive...), map[string]bool{})
	}
}

func (p part) header() {
	p.only("type", "block_id", "text", "level")
	p.requiredText("text", 150, plainText)
	p.between("level", 1, 4)
}

func (p part) context() {
	p.only("type", "block_id", "elements")
	elements, ok := p.need("elements")
	if !ok {
		return
	}
	for _, e := range elements.items(1, 10) {
		if e.kind() == "image" {
			e.imageElement()
			continue
		}
		e.textObject(2000, anyText)
	}
}

func (p part) actions() {
	p.only("type", "block_id", "elements")
	elements, ok := p.need("elements")
	if !ok {
		return
	}
	seen := map[string]bool{}
	for _, e := range elements.items(1, 25) {
		e.element(interactive, seen)
	}
}

func (p part) input() {
	p.only("type", "block_id", "label", "element", "hint", "optional", "dispatch_action")
	p.requiredText("label", 2000, plainText)
	p.optionalText("hint", 2000, plainText)
	if element, ok := p.need("element"); ok {
		element.element(fillable, map[string]bool{})
	}
}

func (p part) divider() { p.only("type", "block_id") }

func (p part) image() {
	p.only("type", "block_id", "image_url", "slack_file", "alt_text", "title")
	p.optionalText("title", 2000, plainText)
	p.picture()
}

// imageElement is an image inside another block.
func (p part) imageElement() {
	p.only("type", "image_url", "slack_file", "alt_text")
	p.picture()
}

func (p part) picture() {
	if _, ok := p.field("slack_file"); !ok {
		p.required("image_url", 1, 3000)
	}
	p.required("alt_text", 1, 2000)
}

func (p part) markdown() {
	p.only("type", "block_id", "text")
	p.paper.markdown += len([]rune(p.required("text", 1, maxMarkdown)))
}
