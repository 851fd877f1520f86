package bot

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// diagnose says why somebody can't log in.
func (b *Bot) diagnose(ctx context.Context, r request) (*reply, error) {
	if r.text == "" || r.text == "help" {
		return nil, actions.Errorf(actions.Invalid,
			"Please say who can't log in: an e-mail address, a user name, a mobile number, a Gateway ID or @domain. For example: `%s jane@acme.example`",
			b.name("diagnose"))
	}
	if err := oneIdentifier(r.text); err != nil {
		return nil, err
	}
	return b.diagnosed(ctx, r.call, actions.Query{Identifier: r.text})
}

// longestID is more than a user ID has.
const longestID = 2000

// diagnoseUser says it of somebody who was chosen by a button.
func (b *Bot) diagnoseUser(ctx context.Context, r request) (*reply, error) {
	if r.value == "" || len(r.value) > longestID || !utf8.ValidString(r.value) || strings.ContainsFunc(r.value, unicode.IsControl) {
		return nil, actions.Errorf(actions.Invalid, "That button names nobody. Please send the command again.")
	}
	return b.diagnosed(ctx, r.call, actions.Query{UserID: r.value})
}

func (b *Bot) diagnosed(ctx context.Context, call actions.Call, query actions.Query) (*reply, error) {
	d, err := b.actions.Diagnose(ctx, call, query)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.Diagnosis(d, blocks.Reader{ID: call.Actor.ID, L2: b.l2}))
}
