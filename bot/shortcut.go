package bot

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// diagnoseMessage diagnoses whom a message names by e-mail address.
func (b *Bot) diagnoseMessage(ctx context.Context, r request) (*reply, error) {
	addresses := addressesIn(r.in.Message)
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
	return newReply(blocks.Choose("Whom does the message name?", people, unknown))
}

// addressesMost is how many addresses of a message are read.
const addressesMost = 10

var addressPattern = regexp.MustCompile(`[\p{L}\p{N}.!#$%&'*+/=?^_{}~-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}`)

// addressesIn returns the e-mail addresses that a message shows, in its text,
// its blocks or what is attached to it; each once, at most addressesMost. It
// is a pure function.
func addressesIn(message json.RawMessage) []string {
	var read struct {
		Text        string `json:"text"`
		Blocks      any    `json:"blocks"`
		Attachments any    `json:"attachments"`
	}
	if json.Unmarshal(message, &read) != nil {
		return nil
	}
	var found []string
	eachText([]any{read.Text, read.Blocks, read.Attachments}, func(text string) {
		unwrapped, err := unwrap(text)
		if err != nil {
			unwrapped = text // a mention of somebody: the rest is still to be read
		}
		for _, address := range addressPattern.FindAllString(visible(unescape.Replace(unwrapped)), addressesMost) {
			same := func(other string) bool { return actions.Fold(other) == actions.Fold(address) }
			if len(found) < addressesMost && !slices.ContainsFunc(found, same) {
				found = append(found, address)
			}
		}
	})
	return found
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
		for _, key := range []string{"pretext", "title", "text", "fallback", "fields", "elements", "value", "url", "blocks"} {
			eachText(v[key], yield)
		}
	}
}
