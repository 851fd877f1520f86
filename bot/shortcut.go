package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// diagnoseMessage diagnoses whom a message names by e-mail address.
func (b *Bot) diagnoseMessage(ctx context.Context, r request) (*reply, error) {
	addresses, more := addressesIn(r.in.Message)
	switch len(addresses) {
	case 0:
		return nil, actions.Errorf(actions.Invalid,
			"There is no e-mail address in that message. Please type `%s` and an address, a user name or a mobile number.", b.name("diagnose"))
	case 1:
		return b.diagnosed(ctx, r, actions.Query{Identifier: addresses[0]})
	}
	people, unknown, err := b.actions.Find(ctx, r.call, addresses)
	if err != nil {
		return nil, err
	}
	title := "Whom does the message name?"
	if more {
		title = fmt.Sprintf("The message names more people than these, its first %d", addressesMost)
	}
	return newReply(blocks.Choose(title, people, unknown))
}

// addressesMost is how many addresses of a message are read.
const addressesMost = 10

// addressesIn returns the e-mail addresses that a message shows, in its text,
// its blocks, or what is attached to it; each once, at most addressesMost, and
// whether there are more. It is a pure function.
func addressesIn(message json.RawMessage) (found []string, more bool) {
	var read any
	if json.Unmarshal(message, &read) != nil {
		return nil, false
	}
	eachText(read, func(text string) {
		for _, address := range addressesOf(visible(unescape.Replace(text))) {
			same := func(other string) bool { return actions.Fold(other) == actions.Fold(address) }
			switch {
			case slices.ContainsFunc(found, same):
			case len(found) == addressesMost:
				more = true
			default:
				found = append(found, address)
			}
		}
	})
	return found, more
}

// shownIn are the parts of a message that people read: its text and blocks,
// what is attached to it, and the mails that Slack's own app for mail brings.
var shownIn = []string{
	"text", "blocks", "attachments", "files",
	"pretext", "author_name", "title", "fallback", "fields", "footer", "elements", "value", "url",
	"from", "address", "subject", "plain_text",
}

// eachText calls yield for each text in a value of JSON, in order; in an
// object, only for those that are shown.
func eachText(value any, yield func(string)) {
	switch v := value.(type) {
	case string:
		yield(v)
	case []any:
		for _, item := range v {
			eachText(item, yield)
		}
	case map[string]any:
		for _, key := range shownIn {
			eachText(v[key], yield)
		}
	}
}
