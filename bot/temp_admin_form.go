package bot

import (
	"context"
	"strconv"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// createAdminFilled asks for a temporary admin on a site that we manage. Its card
// follows in the direct messages of who asked, who gets in and who approves.
func (b *Bot) createAdminFilled(ctx context.Context, r request) (*reply, error) {
	form, err := blocks.ReadCreateAdminModal(r.in.Metadata, r.in.Inputs)
	if err != nil {
		return nil, errOutdated()
	}
	switch {
	case form.Target == "":
		return nil, inField(blocks.TargetInput, nil, "Please choose the site.")
	case form.Receiver != "" && !userID.MatchString(form.Receiver):
		return nil, inField(blocks.ReceiverInput, nil, "Please choose who gets in.")
	}
	reason, err := b.adminReason(&r, form.Days, form.Ticket)
	if err != nil {
		return nil, err
	}
	_, err = b.actions.CreateAdmin(ctx, r.call, actions.NewAdmin{Target: form.Target, Receiver: form.Receiver, Reason: reason, Days: form.Days})
	return nil, b.besideAdmin(ctx, err)
}

// askAdminFilled asks a customer for a temporary admin on their own site.
func (b *Bot) askAdminFilled(ctx context.Context, r request) (*reply, error) {
	form, err := blocks.ReadAskAdminModal(r.in.Metadata, r.in.Inputs)
	if err != nil {
		return nil, errOutdated()
	}
	if strings.TrimSpace(form.For) == "" {
		return nil, inField(blocks.ForInput, nil, "Please say which customer: an e-mail address, a user name or a mobile number.")
	}
	reason, err := b.adminReason(&r, form.Days, form.Ticket)
	if err != nil {
		return nil, err
	}
	_, err = b.actions.AskAdmin(ctx, r.call, actions.NewAdminAsk{
		For: form.For, Where: form.Where, Why: reason, From: b.nameOf(ctx, r.in.User), Days: form.Days,
	})
	return nil, b.besideAdmin(ctx, err)
}

// adminReason reads what the forms of new temporary admins share; the ticket goes into
// the call.
func (b *Bot) adminReason(r *request, days int, ticket string) (reason string, err error) {
	if reason, err = reasonIn(*r); err != nil {
		return "", err
	}
	if days <= 0 {
		return "", inField(blocks.DaysInput, nil, "Please choose how long it lives.")
	}
	return reason, adminTicket(r, ticket)
}

// adminTicket reads the ticket of a form into the call. The form had the one that is
// remembered, so that without one there is none: what is made ends with its ticket.
func adminTicket(r *request, typed string) (err error) {
	if r.call.Ticket, err = readTicket(typed); err != nil {
		return inField(blocks.TicketInput, err, "")
	}
	r.call.NoTicket = r.call.Ticket == ""
	return nil
}

// adminProlonged is the handler of the forms that let one live longer, and adopt one.
func adminProlonged(act actions.Act, change func(*actions.Actions, context.Context, actions.Call, string, string, int) (actions.OperationReport, error)) handler {
	return func(b *Bot, ctx context.Context, r request) (*reply, error) {
		reason, record, err := reasoned(r)
		if err != nil {
			return nil, err
		}
		days, err := strconv.Atoi(r.in.Inputs[blocks.DaysInput])
		if err != nil || days <= 0 {
			return nil, inField(blocks.DaysInput, nil, "Please choose how many days from now it ends.")
		}
		if act == actions.ActAdoptAdmin { // from then on it ends with that ticket
			if err := adminTicket(&r, r.in.Inputs[blocks.TicketInput]); err != nil {
				return nil, err
			}
		}
		_, err = change(b.actions, ctx, r.call, record, reason, days)
		return nil, b.besideAdmin(ctx, err)
	}
}

// adminRevokedForm ends one for a reason that the form asked for.
func (b *Bot) adminRevokedForm(ctx context.Context, r request) (*reply, error) {
	reason, record, err := reasoned(r)
	if err != nil {
		return nil, err
	}
	said, err := b.adminRevoked(ctx, r, record, reason)
	return said, b.besideAdmin(ctx, err)
}

// adminRevoked ends one. Its cards say what came of it, and so does the answer.
func (b *Bot) adminRevoked(ctx context.Context, r request, id, reason string) (*reply, error) {
	report, err := b.actions.RevokeAdmin(ctx, r.call, id, reason)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.Admin(report, r.in.User))
}

// adminRemovedFilled says that a customer has deleted theirs.
func (b *Bot) adminRemovedFilled(ctx context.Context, r request) (*reply, error) {
	reason, record, err := reasoned(r)
	if err != nil {
		return nil, err
	}
	_, err = b.actions.AdminRemoved(ctx, r.call, record, reason)
	return nil, b.besideAdmin(ctx, err)
}

// besideAdmin says an error of such a form beside the field that it is about, or
// beside the reason, so that nothing that was typed is lost.
func (b *Bot) besideAdmin(ctx context.Context, err error) error {
	field := blocks.ReasonInput
	switch actions.AdminField(err) {
	case "target":
		field = blocks.TargetInput
	case "receiver":
		field = blocks.ReceiverInput
	case "days":
		field = blocks.DaysInput
	case "where":
		field = blocks.WhereInput
	case "for":
		field = blocks.ForInput
	}
	if actions.IsAboutFor(err) {
		field = blocks.ForInput
	}
	return b.besideText(ctx, field, err)
}

// handOutAdmin makes the one-time secret of a temporary admin's password, for who
// gets in.
func (b *Bot) handOutAdmin(ctx context.Context, r request) (*reply, error) {
	made, err := b.actions.HandOutAdmin(ctx, r.call, r.value, b.nameOf(ctx, r.in.User))
	if err != nil {
		return nil, err
	}
	return newPrivate(blocks.SecretLink(made), r.in.Channel)
}
