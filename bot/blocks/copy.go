package blocks

import (
	"strings"

	"github.com/slack-go/slack"
)

// bold is the style of the line that says what can be copied below it.
var bold = &slack.RichTextSectionTextStyle{Bold: true}

// italic is the style of what only explains.
var italic = &slack.RichTextSectionTextStyle{Italic: true}

// richLine is a line of rich text, in which nothing is markup.
func richLine(text string, style *slack.RichTextSectionTextStyle) slack.RichTextElement {
	return slack.NewRichTextSection(slack.NewRichTextSectionTextElement(text, style))
}

// copyable is a text with the button by which Slack copies it, under a line
// that says what it is. The text is plain already.
func copyable(title, text string) []slack.RichTextElement {
	return []slack.RichTextElement{
		richLine(title, bold),
		&slack.RichTextPreformatted{
			Type:     slack.RTEPreformatted,
			Elements: []slack.RichTextSectionElement{slack.NewRichTextSectionTextElement(text, nil)},
		},
	}
}

// richText is one block of rich text.
func richText(elements ...slack.RichTextElement) slack.Block {
	return slack.NewRichTextBlock("", elements...)
}

// paper is a plain text of several lines under way.
type paper struct{ strings.Builder }

// add writes a line, if there is anything on it.
func (p *paper) add(title, text string) {
	if text != "" {
		p.WriteString(title + text + "\n")
	}
}
