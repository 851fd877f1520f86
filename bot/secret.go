package bot

import (
	"context"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// What may follow /secret.
const (
	secretList    = "list"
	secretRequest = "request"
)

// checkSecretTyped refuses anything else behind the command: what is typed there
// stays in Slack, and may be the very secret. It is neither repeated nor kept.
func checkSecretTyped(text string) error {
	switch strings.ToLower(text) {
	case "", secretList, secretRequest:
		return nil
	}
	return actions.Errorf(actions.Invalid, "Nothing confidential is typed behind a command: Slack keeps what stands there. Nothing was kept here. "+
		"Please send the command alone, and a form asks for the content; `request` and `list` may follow it, and a ticket. If that was a password, please change it.")
}

// secretTyped opens the form for a secret or a request, or lists one's own.
func (b *Bot) secretTyped(ctx context.Context, r request) (*reply, error) {
	switch strings.ToLower(r.text) {
	case secretList:
		return b.secretsFrom(ctx, r, 0)
	case secretRequest:
		return nil, b.openRequestForm(ctx, r, blocks.RequestForm{Ticket: r.call.Ticket})
	}
	return nil, b.openSecretForm(ctx, r, blocks.SecretForm{Ticket: r.call.Ticket})
}

// listSecrets lists one's own secrets and requests, from where a button says.
func (b *Bot) listSecrets(ctx context.Context, r request) (*reply, error) {
	offset, ok := blocks.ReadSecretRef(r.value)
	if !ok {
		return nil, actions.Errorf(actions.Invalid, "That button leads nowhere any more. Please type `%s list` instead.", b.name("secret"))
	}
	return b.secretsFrom(ctx, r, offset)
}

// secretsFrom lists them from an offset on.
func (b *Bot) secretsFrom(ctx context.Context, r request, offset int) (*reply, error) {
	list, err := b.actions.SecretsOf(ctx, r.call, offset)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.Secrets(list))
}

// openSecretForm opens the form of a secret, with the default lifetime unless it
// has one.
func (b *Bot) openSecretForm(ctx context.Context, r request, form blocks.SecretForm) error {
	if err := b.actions.CanSendSecrets(); err != nil {
		return err
	}
	usual, weekend := b.usualLifetime()
	form.Channel, form.CanMail, form.Weekend = r.in.Channel, b.actions.CanMail(), weekend
	if form.Lifetime == 0 {
		form.Lifetime = usual
	}
	if form.Passphrase == "" {
		form.Passphrase = actions.PassphraseWords
	}
	return b.workspace.OpenModal(ctx, r.in.Trigger, blocks.SecretModal(form))
}

// usualLifetime is the default of now, and whether it is longer for the weekend
// (RULES S3.4).
func (b *Bot) usualLifetime() (usual time.Duration, weekend bool) {
	usual = actions.DefaultLifetime(b.now(), b.actions.Zone)
	return usual, usual != actions.DefaultDay
}

// generateContent fills a generated password into the form that is open, and
// keeps whatever else was filled in.
func (b *Bot) generateContent(ctx context.Context, r request) (*reply, error) {
	form, _, err := blocks.ReadSecretModal(r.in.Metadata, r.in.Inputs)
	if err != nil || r.in.ViewID == "" {
		return nil, errOutdated()
	}
	_, form.Weekend = b.usualLifetime()
	form.Content, form.CanMail = actions.GeneratePassword(), b.actions.CanMail()
	form.Serial++
	return nil, b.workspace.UpdateModal(ctx, r.in.ViewID, r.in.ViewHash, blocks.SecretModal(form))
}

// secretFilled makes the secret of a form. Its link is shown to whoever made it,
// where they asked for it, and is kept nowhere; the card follows in the direct
// message.
func (b *Bot) secretFilled(ctx context.Context, r request) (*reply, error) {
	form, own, err := blocks.ReadSecretModal(r.in.Metadata, r.in.Inputs)
	if err != nil {
		return nil, errOutdated()
	}
	if err := checkSecretForm(form, own); err != nil {
		return nil, err
	}
	if r.call.Ticket, err = readTicket(form.Ticket); err != nil {
		return nil, inField(blocks.TicketInput, err, "")
	}
	made, err := b.actions.CreateSecret(ctx, r.call, actions.NewSecret{
		Content: form.Content, Lifetime: form.Lifetime, Passphrase: form.Passphrase, Own: own, For: form.For, Mail: form.Mail,
		From: b.nameOf(ctx, r.in.User),
	})
	if err != nil { // beside a field, so that nothing that was typed is lost
		return nil, inField(besideSecret(form, err), err, "")
	}
	return newPrivate(blocks.SecretLink(made), form.Channel)
}

// checkSecretForm says beside its field what can't be sent as it was filled in.
func checkSecretForm(form blocks.SecretForm, own string) error {
	content := blocks.ContentBlock(form.Serial)
	switch {
	case form.Content == "":
		return inField(content, nil, "Please write what to send, or press Generate a password.")
	case form.Lifetime <= 0:
		return inField(blocks.LifetimeInput, nil, "Please choose how long the link is good.")
	case form.Mail && strings.TrimSpace(form.For) == "":
		return inField(blocks.ForInput, nil, "Please say which customer it is mailed to: an e-mail address, a user name or a mobile number.")
	case form.Mail && form.Passphrase == actions.PassphraseNone:
		return inField(blocks.PassphraseInput, nil, "A mailed link has a passphrase, which you tell them another way. Please choose one.")
	case form.Passphrase != actions.PassphraseOwn && own != "":
		return inField(blocks.OwnInput, nil, "You wrote a passphrase of your own. Please choose it above, or clear this line.")
	}
	if err := actions.CheckContent(form.Content); err != nil {
		return inField(content, err, "")
	}
	if form.Passphrase != actions.PassphraseOwn {
		return nil
	}
	if err := actions.CheckPassphrase(own); err != nil {
		return inField(blocks.OwnInput, err, "")
	}
	return nil
}

// besideSecret is the field beside which an error of making a secret is said: what
// is wrong with whom it is for stands there, everything else beside the content.
func besideSecret(form blocks.SecretForm, err error) string {
	if actions.IsAboutFor(err) {
		return blocks.ForInput
	}
	return blocks.ContentBlock(form.Serial)
}

// nameOf is the name by which customers know a colleague, "" when Slack doesn't
// say.
func (b *Bot) nameOf(ctx context.Context, user string) string {
	member, err := b.roster.members.get(ctx, user, false)
	if err != nil {
		return ""
	}
	return member.Name
}

// showPassphrase shows a generated passphrase to whoever sent the secret.
func (b *Bot) showPassphrase(ctx context.Context, r request) (*reply, error) {
	words, err := b.actions.ShowPassphrase(ctx, r.call, r.value)
	if err != nil {
		return nil, err
	}
	report, err := b.actions.SecretReport(ctx, r.value)
	if err != nil {
		return nil, err
	}
	return newPrivate(blocks.Passphrase(words, report), r.in.Channel)
}

// revokeSecret makes a secret of no use, and says what it had come to when it was
// too late.
func (b *Bot) revokeSecret(ctx context.Context, r request) (*reply, error) {
	report, err := b.actions.RevokeSecret(ctx, r.call, r.value)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.SecretEnded(report))
}

// anotherSecret opens the form for another secret to the same person: nobody can
// read the first.
func (b *Bot) anotherSecret(ctx context.Context, r request) (*reply, error) {
	report, err := b.actions.SecretFor(ctx, r.call, r.value)
	if err != nil {
		return nil, err
	}
	s := report.Secret
	return nil, b.openSecretForm(ctx, r, blocks.SecretForm{For: whomAgain(s.UserID, s.For), Ticket: s.Ticket, Lifetime: s.ExpiresAt.Sub(s.At), Mail: s.Mail != ""})
}

// whomAgain is whom another one is for: a customer by their ID, which finds them
// again where a masked address doesn't.
func whomAgain(userID, masked string) string {
	if userID != "" {
		return userID
	}
	return masked
}

// handOut makes the one-time secret of a password that was set by hand.
func (b *Bot) handOut(ctx context.Context, r request) (*reply, error) {
	made, err := b.actions.HandOut(ctx, r.call, r.value, b.nameOf(ctx, r.in.User))
	if err != nil {
		return nil, err
	}
	return newPrivate(blocks.SecretLink(made), r.in.Channel)
}
