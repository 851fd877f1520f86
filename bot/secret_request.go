package bot

import (
	"context"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// openRequestForm opens the form that asks a customer for something confidential.
func (b *Bot) openRequestForm(ctx context.Context, r request, form blocks.RequestForm) error {
	if err := b.actions.CanSendSecrets(); err != nil {
		return err
	}
	usual, weekend := b.usualLifetime()
	form.Channel, form.CanMail, form.Weekend = r.in.Channel, b.actions.CanMail(), weekend
	if form.Lifetime == 0 {
		form.Lifetime = usual
	}
	return b.workspace.OpenModal(ctx, r.in.Trigger, blocks.RequestModal(form))
}

// requestFilled asks. The link is shown to whoever asked and is kept nowhere; the
// card follows in the direct message.
func (b *Bot) requestFilled(ctx context.Context, r request) (*reply, error) {
	form, err := blocks.ReadRequestModal(r.in.Metadata, r.in.Inputs)
	if err != nil {
		return nil, errOutdated()
	}
	why, err := reasonIn(r)
	switch {
	case form.Why == "":
		return nil, inField(blocks.ReasonInput, nil, "Please say why; the customer reads it.")
	case err != nil:
		return nil, err
	case form.Lifetime <= 0:
		return nil, inField(blocks.LifetimeInput, nil, "Please choose how long the link is good.")
	case form.Mail && strings.TrimSpace(form.For) == "":
		return nil, inField(blocks.ForInput, nil, "Please say which customer it is mailed to: an e-mail address, a user name or a mobile number.")
	}
	if r.call.Ticket, err = readTicket(form.Ticket); err != nil {
		return nil, inField(blocks.TicketInput, err, "")
	}
	made, err := b.actions.AskForSecret(ctx, r.call, actions.NewRequest{
		What: form.What, Why: why, From: b.nameOf(ctx, r.in.User), For: form.For, Lifetime: form.Lifetime, Mail: form.Mail,
	})
	if err != nil { // beside a field, so that nothing that was typed is lost
		return nil, inField(besideRequest(err), err, "")
	}
	return newPrivate(blocks.RequestLink(made), form.Channel)
}

// besideRequest is the field beside which an error of asking is said.
func besideRequest(err error) string {
	if actions.IsAboutFor(err) {
		return blocks.ForInput
	}
	return blocks.WhatInput
}

// openRequest answers with a link of five minutes, by which whoever asked opens
// what came.
func (b *Bot) openRequest(ctx context.Context, r request) (*reply, error) {
	link, until, err := b.actions.RequestLink(ctx, r.call, r.value)
	if err != nil {
		return nil, err
	}
	return newPrivate(blocks.RequestView(link, until), r.in.Channel)
}

// withdrawRequest takes a request back.
func (b *Bot) withdrawRequest(ctx context.Context, r request) (*reply, error) {
	report, err := b.actions.WithdrawRequest(ctx, r.call, r.value)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.RequestEnded(report))
}

// askAgain opens the form for another request like this one.
func (b *Bot) askAgain(ctx context.Context, r request) (*reply, error) {
	report, err := b.actions.RequestFor(ctx, r.call, r.value)
	if err != nil {
		return nil, err
	}
	q := report.Request
	return nil, b.openRequestForm(ctx, r, blocks.RequestForm{
		What: q.What, Why: q.Why, For: whomAgain(q.UserID, q.For), Ticket: q.Ticket, Mail: q.Mail != "",
	})
}
