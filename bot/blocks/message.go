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

// room for the sentence that says something was left out
const roomForRest = 250

// fit makes a message that Slack takes; text is what is heard of it. What is most important stands first,
// so the end matters least.
func fit(text string, all ...slack.Block) Message {
	return Message{Text: clipMarkup(heard(text), maxText), Blocks: within(maxBlocks, all)}
}

// within is the one place that holds Slack's limits: it cuts each block, then
// leaves out those at the end until there are at most limit and they are small
// enough together, and says so. Rows of buttons and inputs always stay.
func within(limit int, all []slack.Block) []slack.Block {
	room, places, others := maxMessage-roomForRest, limit, 0
	for _, block := range all {
		cut(block)
		if isRow(block) {
			room -= sizeOf(block)
			places--
		} else {
			others++
		}
	}
	if others > places {
		places-- // for the sentence that some are left out
	}
	kept, left := []slack.Block{}, 0
	for _, block := range all {
		switch size := sizeOf(block); {
		case isRow(block):
			kept = append(kept, block)
		case left > 0 || places == 0 || size > room:
			left++
		default:
			kept = append(kept, block)
			room, places = room-size, places-1
		}
	}
	if left > 0 {
		kept = append(kept, note(fmt.Sprintf("This was too long for Slack: the last %s left out.", count(left, "part is", "parts are"))))
	}
	return kept
}

// isRow reports whether a block is a row of buttons, or asks for something.
func isRow(block slack.Block) bool {
	return block.BlockType() == slack.MBTAction || block.BlockType() == slack.MBTInput
}

// sizeOf is how many code points something takes as JSON, with what stands
// between it and the next.
func sizeOf(value any) int {
	raw, err := json.Marshal(value)
	if err != nil {
		return maxMessage // can't be sent, so it is left out
	}
	return utf8.RuneCountInString(unescaped.Replace(string(raw))) + 1
}

// unescaped undoes what Go escapes in JSON for browsers only: to Slack each is
// one character.
var unescaped = strings.NewReplacer(`\\`, `\\`, `\u003c`, "<", `\u003e`, ">", `\u0026`, "&")

// header is a line in large letters; plain text, so nothing in it is read as
// markup.
func header(text string) slack.Block { return slack.NewHeaderBlock(plainText(text)) }

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

// plainText makes a text object in which nothing is markup.
func plainText(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, plain(text, maxSection), false, false)
}
