package slackfake

import (
	"regexp"
	"strings"
)

// marked is a link in a text of markup.
var marked = regexp.MustCompile(`<(https?://[^|>]+)(?:\|[^>]*)?>`)

// unescaped undoes [escaper].
var unescaped = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// Links are where the links of the message lead, from top to bottom: those in
// rich text, in markup, and of buttons.
func (m Message) Links() []string {
	var all []string
	for _, raw := range m.Blocks {
		var fields map[string]any
		if decode(raw, &fields) == nil {
			all = append(all, links(fields)...)
		}
	}
	return all
}

// links are the links of a block, or of a piece of one.
func links(value any) []string {
	var all []string
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			all = append(all, links(item)...)
		}
	case map[string]any:
		if url, _ := value["url"].(string); url != "" {
			all = append(all, url)
		}
		if text, _ := value["text"].(string); value["type"] == "mrkdwn" {
			for _, found := range marked.FindAllStringSubmatch(text, -1) {
				all = append(all, unescaped.Replace(found[1]))
			}
		}
		for _, field := range inside {
			all = append(all, links(value[field])...)
		}
	}
	return all
}
