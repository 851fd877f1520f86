package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// adminTyped does what is typed behind /tempadmin: the first word says what, and
// without one the list is shown.
func (b *Bot) adminTyped(ctx context.Context, r request) (*reply, error) {
	verb, rest, _ := strings.Cut(strings.TrimSpace(r.text), " ")
	rest = strings.TrimSpace(rest)
	switch strings.ToLower(verb) {
	case "", "list":
		return b.listAdmins(ctx, r, rest)
	case "create":
		return b.openCreateAdmin(ctx, r, rest)
	case "ask":
		return b.openAskAdmin(ctx, r, rest)
	case "extend":
		return b.adminNamed(ctx, r, actions.ActExtendAdmin, rest)
	case "adopt":
		return b.adminNamed(ctx, r, actions.ActAdoptAdmin, rest)
	case "revoke":
		return b.adminNamed(ctx, r, actions.ActRevokeAdmin, rest)
	}
	return nil, actions.Errorf(actions.Invalid, "%q isn't something that can be done with temporary admins. "+
		"Please type create, ask, list, extend, revoke or adopt: `create`, for example, or `ask jane@acme.example`.", shortened(verb))
}

// shortened is a word that somebody typed, as it is repeated to them.
func shortened(word string) string {
	const most = 40
	if letters := []rune(word); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return word
}

// listAdmins lists the temporary admins that aren't gone: everybody's, or one's own.
func (b *Bot) listAdmins(ctx context.Context, r request, which string) (*reply, error) {
	switch strings.ToLower(which) {
	case "", "all", "mine":
	default:
		return nil, actions.Errorf(actions.Invalid, "The list shows everybody's, or with `list mine` your own.")
	}
	return b.adminsFrom(ctx, r, strings.EqualFold(which, "mine"), 0)
}

// adminsFrom lists them from an offset on.
func (b *Bot) adminsFrom(ctx context.Context, r request, own bool, offset int) (*reply, error) {
	list, err := b.actions.Admins(ctx, r.call, own, offset)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.Admins(list))
}

// adminNamed does something with the temporary admin of a login, such as
// "revoke support-temp-k3x9p2ma the shop is mended".
func (b *Bot) adminNamed(ctx context.Context, r request, act actions.Act, text string) (*reply, error) {
	login, reason, _ := strings.Cut(text, " ")
	reason = strings.TrimSpace(reason)
	if login == "" {
		return nil, actions.Errorf(actions.Invalid, "Please say which one, by its login: `%s list` shows them.", r.in.Command)
	}
	if err := actions.CheckReason(reason); err != nil {
		return nil, err
	}
	report, err := b.actions.AdminFor(ctx, r.call, login)
	if err != nil {
		return nil, err
	}
	if act == actions.ActRevokeAdmin && reason != "" {
		return b.adminRevoked(ctx, r, report.Admin.ID, reason)
	}
	return nil, b.openAdminForm(ctx, r, act, report, reason)
}

// openAdminForm opens the form of an act about a temporary admin. What isn't possible
// in its state by the time that it is sent is said by the use case, with what was
// filled in kept.
func (b *Bot) openAdminForm(ctx context.Context, r request, act actions.Act, report actions.AdminReport, reason string) error {
	switch state := report.Admin.State; {
	case act == actions.ActExtendAdmin && state != actions.AdminInUse:
		return actions.Errorf(actions.Conflict, "It isn't in use, so it can't live longer. Please ask for a new one.")
	case act == actions.ActAdoptAdmin && state != actions.AdminStray:
		return actions.Errorf(actions.Conflict, "Somebody answers for it, or it is gone, so there is nothing to adopt.")
	}
	if act == actions.ActRevokeAdmin || act == actions.ActAdminRemoved {
		return b.workspace.OpenModal(ctx, r.in.Trigger, blocks.AdminReasonModal(act, report))
	}
	offer, err := b.actions.AdminForm(ctx, r.call)
	if err != nil {
		return err
	}
	return b.workspace.OpenModal(ctx, r.in.Trigger, blocks.AdminDaysModal(act, report, offer, reason))
}

// adminForm is the handler of a button that opens such a form.
func adminForm(act actions.Act) handler {
	return ofRecord(func(b *Bot, ctx context.Context, r request) (*reply, error) {
		report, err := b.actions.AdminFor(ctx, r.call, r.value)
		if err != nil {
			return nil, err
		}
		return nil, b.openAdminForm(ctx, r, act, report, "")
	})
}

// showAdmin shows the card of a temporary admin to whoever asks.
func (b *Bot) showAdmin(ctx context.Context, r request) (*reply, error) {
	report, err := b.actions.AdminFor(ctx, r.call, r.value)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.Admin(report, r.in.User))
}

// createAdmin opens the form of a temporary admin on the target of a button.
func (b *Bot) createAdmin(ctx context.Context, r request) (*reply, error) {
	return b.openCreateAdmin(ctx, r, given(r.value))
}

// askAdmin opens the form that asks the customer of a button for one.
func (b *Bot) askAdmin(ctx context.Context, r request) (*reply, error) {
	return b.openAskAdmin(ctx, r, given(r.value))
}

// given is the value of a button, "" for none.
func given(value string) string {
	if value == "-" {
		return ""
	}
	return value
}

// adminOffer is what the form of a new temporary admin offers, unless no secret can be
// made, without which nobody would get in.
func (b *Bot) adminOffer(ctx context.Context, r request) (actions.AdminForm, error) {
	offer, err := b.actions.AdminForm(ctx, r.call)
	if err == nil {
		err = offer.CanSeal
	}
	return offer, err
}

// openCreateAdmin opens the form of a temporary admin on a site that we manage.
func (b *Bot) openCreateAdmin(ctx context.Context, r request, target string) (*reply, error) {
	offer, err := b.adminOffer(ctx, r)
	switch {
	case err != nil:
		return nil, err
	case len(offer.Targets) == 0:
		return nil, actions.Errorf(actions.Conflict, "Latchkey manages no site yet, so there is nothing to make a temporary admin on. "+
			"Ask your Latchkey admin to add one with `latchkey targets add`, or ask the customer to make one on their own site.")
	}
	form := blocks.NewAdminForm{Receiver: r.in.User, Ticket: offer.Ticket, Channel: r.in.Channel, Days: offer.Usual}
	chosen := slices.IndexFunc(offer.Targets, func(t actions.Target) bool { return t.ID == target || strings.EqualFold(t.Name, target) })
	switch {
	case chosen >= 0:
		form.Target = offer.Targets[chosen].ID
	case target != "":
		return nil, actions.Errorf(actions.NotFound, "There is no site called %q. Please type `create` alone, and choose one.", shortened(target))
	case len(offer.Targets) == 1:
		form.Target = offer.Targets[0].ID
	}
	return nil, b.workspace.OpenModal(ctx, r.in.Trigger, blocks.CreateAdminModal(offer, form))
}

// openAskAdmin opens the form that asks a customer to make one on their own site:
// "ask jane@acme.example the checkout shows an error on her site only".
func (b *Bot) openAskAdmin(ctx context.Context, r request, text string) (*reply, error) {
	offer, err := b.adminOffer(ctx, r)
	switch {
	case err != nil:
		return nil, err
	case !offer.CanMail:
		return nil, actions.Errorf(actions.Conflict, "Mail isn't set up for Latchkey, so no customer can be asked. Please tell your Latchkey admin.")
	}
	form := blocks.AskAdminForm{Ticket: offer.Ticket, Channel: r.in.Channel, Days: offer.Usual}
	if text != "" {
		if form.For, form.Reason, err = whomAndWhy(text); err != nil {
			return nil, err
		}
		if err := actions.CheckReason(form.Reason); err != nil { // before a form shows it
			return nil, err
		}
	}
	return nil, b.workspace.OpenModal(ctx, r.in.Trigger, blocks.AskAdminModal(offer, form))
}

// renderAdmin draws a card of a temporary admin, or the news below one.
func (s *sending) renderAdmin(ctx context.Context) (blocks.Message, error) {
	id, what := s.m.Record()
	report, err := s.bot.actions.AdminReport(ctx, id)
	if err != nil {
		return blocks.Message{}, vanished(err)
	}
	switch s.m.Kind {
	case actions.OutgoingAdminNews:
		return blocks.AdminNews(report, actions.AdminNews(what), s.m.To), nil
	case actions.OutgoingAdminLeads:
		return blocks.AdminForLeads(report), nil
	default:
		return blocks.Admin(report, s.m.To), nil
	}
}
