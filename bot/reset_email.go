package bot

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// mailFilled sends the mail as it was edited; the links in it stay as they are
// written until it goes to the customer (RULES S1.7).
func (b *Bot) mailFilled(ctx context.Context, r request) (*reply, error) {
	order, err := filled(&r)
	if err != nil {
		return nil, err
	}
	order.Params.MailSubject, order.Params.MailText = r.in.Inputs[blocks.SubjectInput], r.in.Inputs[blocks.TextInput]
	order.Params.Copy = r.in.Inputs[blocks.CopyInput]
	said, err := b.done(ctx, r, order)
	switch {
	case actions.IsAboutCopy(err):
		return nil, inField(blocks.CopyInput, err, "")
	case actions.CodeOf(err) == actions.Invalid: // a placeholder that there isn't
		return nil, inField(blocks.TextInput, err, "")
	}
	return said, err
}

// copyMail gives the mail as it stands in the form, ready to paste into a
// ticket.
func (b *Bot) copyMail(ctx context.Context, r request) (*reply, error) {
	subject, text := r.in.Inputs[blocks.SubjectInput], r.in.Inputs[blocks.TextInput]
	if subject == "" && text == "" {
		prepared, err := b.actions.Prepare(ctx, r.call, actions.ActSendReset, r.value)
		if err != nil {
			return nil, err
		}
		if prepared.Draft != nil {
			subject, text = prepared.Draft.Subject, prepared.Draft.Text
		}
	}
	if err := actions.CheckWritten(subject, text); err != nil {
		return nil, err
	}
	return newReply(blocks.MailCopy(subject, text))
}
