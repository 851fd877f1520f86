package bot

import (
	"context"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// profileTyped opens the form that changes a contact, for whom a command names.
func (b *Bot) profileTyped(ctx context.Context, r request) (*reply, error) {
	person, reason, instead, err := b.whom(ctx, r)
	if err != nil || person == nil {
		return instead, err
	}
	return nil, b.openProfile(ctx, r, person.ID, reason)
}

// profile opens it for the customer of the button.
func (b *Bot) profile(ctx context.Context, r request) (*reply, error) {
	return nil, b.openProfile(ctx, r, r.value, "")
}

func (b *Bot) openProfile(ctx context.Context, r request, userID, reason string) error {
	prepared, err := b.actions.Prepare(ctx, r.call, actions.ActChangeEmail, userID)
	if err != nil {
		return err
	}
	return b.workspace.OpenModal(ctx, r.in.Trigger, blocks.ProfileModal(prepared, reason))
}

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
	return b.done(ctx, r, order)
}
