package blocks

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// Message is what a person reads: Text for screen readers and notifications,
// Blocks for the eye. Both are mrkdwn with every outside value escaped, and
// within Slack's limits.
type Message struct {
	Text   string
	Blocks []slack.Block
}

// Slack's limits, in code points.
const (
	maxBlocks   = 50
	maxMessage  = 13_000 // all blocks of a message together
	maxText     = 4_000  // Slack takes 40,000; a notification needs less
	maxSection  = 3_000
	maxFields   = 10
	maxField    = 2_000
	maxHeader   = 150
	maxElements = 10 // of a context block
	maxActions  = 25
	maxButton   = 75
	maxValue    = 2_000
	maxID       = 255
)

// room for the sentence that says something was left out
const roomForRest = 250

// fit is the one place that holds Slack's limits: it cuts the texts of each
// block, then leaves out blocks at the end until the message is small enough,
// and says so. What is most important stands first, so the end matters least.
func fit(text string, all ...slack.Block) Message {
	kept, size := []slack.Block{}, 0
	for i, block := range all {
		cut(block)
		size += sizeOf(block) + 1
		if size > maxMessage-roomForRest || (len(kept) == maxBlocks-1 && i < len(all)-1) {
			rest := note(fmt.Sprintf("This message was too long for Slack: the last %s left out.", count(len(all)-i, "part is", "parts are")))
			kept = append(kept, rest)
			break
		}
		kept = append(kept, block)
	}
	return Message{Text: clipMarkup(text, maxText), Blocks: kept}
}

// sizeOf is how many code points a block takes as JSON.
func sizeOf(block slack.Block) int {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(block); err != nil {
		return maxMessage // can't be sent, so it is left out
	}
	return utf8.RuneCountInString(out.String())
}

// cut shortens the texts of one block to Slack's limits.
func cut(block slack.Block) {
	switch b := block.(type) {
	case *slack.HeaderBlock:
		b.Text.Text = clip(b.Text.Text, maxHeader)
	case *slack.SectionBlock:
		cutSection(b)
	case *slack.ContextBlock:
		cutContext(b)
	case *slack.ActionBlock:
		b.Elements.ElementSet = b.Elements.ElementSet[:min(len(b.Elements.ElementSet), maxActions)]
		for _, element := range b.Elements.ElementSet {
			cutButton(element)
		}
	}
}

func cutSection(b *slack.SectionBlock) {
	if b.Text != nil {
		b.Text.Text = clipMarkup(b.Text.Text, maxSection)
	}
	b.Fields = b.Fields[:min(len(b.Fields), maxFields)]
	for _, field := range b.Fields {
		field.Text = clipMarkup(field.Text, maxField)
	}
	if b.Accessory != nil && b.Accessory.ButtonElement != nil {
		cutButton(b.Accessory.ButtonElement)
	}
}

func cutContext(b *slack.ContextBlock) {
	elements := b.ContextElements.Elements
	b.ContextElements.Elements = elements[:min(len(elements), maxElements)]
	for _, element := range b.ContextElements.Elements {
		if text, ok := element.(*slack.TextBlockObject); ok {
			text.Text = clipMarkup(text.Text, maxField)
		}
	}
}

func cutButton(element slack.BlockElement) {
	if button, ok := element.(*slack.ButtonBlockElement); ok {
		button.Text.Text = clip(button.Text.Text, maxButton)
	}
}

// header is a line in large letters; plain text, so nothing in it is read as
// markup.
func header(text string) slack.Block {
	return slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, clean(text), false, false))
}

// section is a paragraph of markup.
func section(markup string) *slack.SectionBlock {
	return slack.NewSectionBlock(markdown(markup), nil, nil)
}

// note is a paragraph in small letters.
func note(markup string) slack.Block { return slack.NewContextBlock("", markdown(markup)) }

// markdown makes a text object that Slack doesn't search for links, channels
// and names: only what we wrote as a mention is one.
func markdown(markup string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, markup, false, true)
}

// button makes a button; ok is false when Slack would refuse what it carries.
func button(label, action, value string) (element *slack.ButtonBlockElement, ok bool) {
	if value == "" || utf8.RuneCountInString(value) > maxValue || utf8.RuneCountInString(action) > maxID {
		return nil, false
	}
	text := slack.NewTextBlockObject(slack.PlainTextType, label, false, false)
	return slack.NewButtonBlockElement(action, value, text), true
}
