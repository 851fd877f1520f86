package bot

import (
	"context"
	"errors"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// profileFilled asks the owner of a contact to confirm the new one. One is
// changed at a time: the other one confirms it.
func (b *Bot) profileFilled(ctx context.Context, r request) (*reply, error) {
	order, err := filled(&r)
	if err != nil {
		return nil, err
	}
	order.Params.Email = strings.TrimSpace(r.in.Inputs[blocks.EmailInput])
	order.Params.Mobile = strings.TrimSpace(r.in.Inputs[blocks.MobileInput])
	order.Params.Via = actions.Channel(r.in.Inputs[blocks.ViaInput])
	order.Params.ByAdmin = r.in.Inputs[blocks.AskerInput] == blocks.AskedByAdmin
	switch {
	case order.Params.Email == "" && order.Params.Mobile == "":
		return nil, inField(blocks.EmailInput, nil, "Please fill in the new e-mail address or the new mobile number.")
	case order.Params.Email != "" && order.Params.Mobile != "":
		return nil, inField(blocks.MobileInput, nil, "Please change one at a time: the other one confirms it.")
	case order.Params.Mobile != "":
		order.Act = actions.ActChangeMobile
	}
	said, err := b.done(ctx, r, order)
	return said, besideContact(order, err)
}

// besideContact says beside the new contact what is wrong with it, so that
// nothing that was typed is lost.
func besideContact(order actions.Order, err error) error {
	var placed *fieldError
	if code := actions.CodeOf(err); errors.As(err, &placed) || (code != actions.Invalid && code != actions.Conflict) {
		return err
	}
	if order.Params.Mobile != "" {
		return inField(blocks.MobileInput, err, "")
	}
	return inField(blocks.EmailInput, err, "")
}
