package slackfake

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// What Slack takes in one message and in one view, in code points and blocks.
const (
	maxText      = 40_000
	maxBlocks    = 50
	maxInView    = 100
	maxAll       = 13_000 // all blocks of a message together stay below it
	maxMarkdown  = 12_000
	maxCells     = 10_000
	maxCharts    = 2
	maxViewBytes = 250_000
)

// refused says why Slack wouldn't show a message; nil when it would.
func (m Message) refused() *refusal {
	if bool(m.DeleteOriginal) {
		return nil
	}
	switch {
	case m.Text == "" && len(m.Blocks) == 0:
		return refuse("no_text")
	case utf8.RuneCountInString(m.Text) > maxText:
		return refuse("msg_too_long")
	}
	blocks, ok := listOf(m.Blocks)
	if !ok {
		return refuse("invalid_blocks_format")
	}
	paper := newPaper()
	part{blocks, "/blocks", paper}.blocks(inMessages, maxBlocks)
	switch {
	case paper.kinds["table"] > 1:
		return refuse("only_one_table_allowed")
	case len(paper.wrong) > 0:
		return refuse("invalid_blocks", paper.wrong...)
	case size(m.Blocks) >= maxAll:
		return refuse("msg_blocks_too_long")
	}
	return nil
}

// listOf reads blocks; ok is false when one isn't an object.
func listOf(raw []json.RawMessage) (blocks []any, ok bool) {
	for _, one := range raw {
		var fields map[string]any
		if decode(one, &fields) != nil || fields == nil {
			return nil, false
		}
		blocks = append(blocks, fields)
	}
	return blocks, true
}

// size is how many characters the blocks have as JSON, with < & > written as
// they are.
func size(blocks []json.RawMessage) int {
	n := 0
	for _, raw := range blocks {
		var value any
		if decode(raw, &value) != nil {
			continue // it was refused before
		}
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		if encoder.Encode(value) == nil {
			n += utf8.RuneCount(out.Bytes()) - 1 // without the line's end
		}
	}
	return n
}

// inMessages and inViews are the kinds of blocks that Slack takes there.
var (
	inMessages = []string{"section", "header", "context", "actions", "rich_text", "image", "divider", "markdown", "table", "data_table", "data_visualization"}
	inViews    = []string{"section", "header", "context", "actions", "input", "rich_text", "image", "divider"}
)

// blocks checks a list of blocks.
func (p part) blocks(kinds []string, most int) {
	items := p.items(0, most)
	if len(items) > most {
		return // they are too many to look at each
	}
	for _, b := range items {
		p.paper.kinds[b.kind()]++
		if !slices.Contains(kinds, b.kind()) {
			b.wrong("unsupported type: %s", b.kind())
			continue
		}
		b.optional("block_id", 0, 255)
		if id, _ := b.object()["block_id"].(string); id != "" {
			if p.paper.blockIDs[id] {
				b.wrong("block_id %q already exists", id)
			}
			p.paper.blockIDs[id] = true
		}
		blockRules[b.kind()](b)
	}
	if p.paper.kinds["data_visualization"] > maxCharts {
		p.wrong("no more than %d data_visualization blocks allowed", maxCharts)
	}
	if p.paper.cells > maxCells {
		p.wrong("no more than %d characters allowed in all cells", maxCells)
	}
	if p.paper.markdown > maxMarkdown {
		p.wrong("no more than %d characters allowed in all markdown blocks", maxMarkdown)
	}
}

// viewRefused says why Slack doesn't take a view; nil when it does.
func viewRefused(view map[string]any, kind string, bytes int) *refusal {
	if bytes > maxViewBytes {
		return refuse("view_too_large")
	}
	paper := newPaper()
	p := part{view, "/view", paper}
	if at, ok := p.need("type"); ok {
		at.oneOf(kind)
	}
	p.optional("private_metadata", 0, 3000)
	p.optional("callback_id", 0, 255)
	p.optional("external_id", 0, 255)
	if blocks, ok := p.need("blocks"); ok {
		blocks.blocks(inViews, maxInView)
	}
	if kind == "modal" {
		p.modal()
	} else {
		p.only("type", "blocks", "private_metadata", "callback_id", "external_id")
	}
	if len(paper.wrong) == 0 {
		return nil
	}
	messages := make([]string, len(paper.wrong))
	for i, wrong := range paper.wrong {
		messages[i] = "[ERROR] " + wrong
	}
	return refuse("invalid_arguments", messages...)
}

// modal checks what only a modal has.
func (p part) modal() {
	p.only("type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close", "notify_on_close", "external_id", "submit_disabled")
	p.requiredText("title", 24, plainText)
	p.optionalText("submit", 24, plainText)
	p.optionalText("close", 24, plainText)
	if _, ok := p.field("submit"); !ok && p.paper.kinds["input"] > 0 {
		p.wrong("missing required field: submit")
	}
}
