package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

// escalateTyped asks L2 about a customer, "blocklist jane@acme.example", or lists
// the cases that aren't resolved. Without more a form asks.
func (b *Bot) escalateTyped(ctx context.Context, r request) (*reply, error) {
	read, err := readEscalation(r.text)
	switch {
	case err != nil:
		return nil, err
	case read.list:
		return b.listCases(ctx, r, escalation.Asked{Which: read.which})
	case read.identifier == "":
		return nil, b.openEscalateWhom(ctx, r, read.kind)
	}
	whom, instead, err := b.whomFor(ctx, r, read.identifier)
	if err != nil || instead != nil {
		return instead, err
	}
	return b.escalateOrAsk(ctx, r, read.kind, whom, read.reason)
}

// escalationTyped is what somebody typed behind /escalate, read.
type escalationTyped struct {
	list               bool
	which              escalation.Which // of the list
	kind               escalation.Kind  // "": the form asks
	identifier, reason string           // "" without one: the form asks
}

// readEscalation reads what follows /escalate: "list" and a part of it, or a kind, a
// customer and why, of which any may be missing from the end, and the kind, too.
// Errors are sentences for the agent (Invalid). It is a pure function.
func readEscalation(text string) (read escalationTyped, err error) {
	first, rest, _ := strings.Cut(text, " ")
	first = strings.ToLower(first)
	switch {
	case first == "list":
		return escalationTyped{list: true, which: escalation.Which(strings.ToLower(strings.TrimSpace(rest)))}, nil
	case first == "blacklist": // as the question to L2 says
		read.kind, text = escalation.Blocklist, rest
	case slices.Contains(escalation.Kinds(), escalation.Kind(first)):
		read.kind, text = escalation.Kind(first), rest
	case len(addressesOf(first)) == 0 && len(addressesOf(rest)) > 0:
		return read, actions.Errorf(actions.Invalid, "There is no such kind of case. Kinds are blocklist, account, security, delivery and other: `blocklist jane@acme.example`, for example.")
	}
	if text = strings.TrimSpace(text); text == "" || text == "help" {
		return read, nil
	}
	if read.identifier, read.reason, err = whomAndWhy(text); err == nil {
		err = actions.CheckReason(read.reason) // before a form shows it
	}
	return read, err
}

// whomFor finds the one customer that an identifier names, or takes the e-mail
// address of nobody on record as it is. Otherwise instead answers.
func (b *Bot) whomFor(ctx context.Context, r request, identifier string) (whom escalation.Whom, instead *reply, err error) {
	whom, found, err := b.oneWhom(ctx, r, identifier)
	if err != nil || found {
		return whom, nil, err
	}
	instead, err = b.diagnosed(ctx, r, actions.Query{Identifier: identifier})
	return whom, instead, err
}

// oneWhom is whomFor without an answer: found is false when it is nobody, or
// several.
func (b *Bot) oneWhom(ctx context.Context, r request, identifier string) (whom escalation.Whom, found bool, err error) {
	looking := r.call
	looking.Key += " whom" // the escalation claims the request's own
	people, _, err := b.actions.Find(ctx, looking, []string{identifier})
	addresses := addressesOf(identifier)
	switch {
	case err != nil:
		return whom, false, err
	case len(people) == 1:
		return escalation.Whom{UserID: people[0].ID}, true, nil
	case len(people) == 0 && len(addresses) == 1 && addresses[0] == identifier:
		return escalation.Whom{Address: identifier}, true, nil
	}
	return whom, false, nil
}

// escalateOrAsk escalates at once when nothing more has to be asked, and otherwise
// opens the form. That L2 can't help yet is on record then, too.
func (b *Bot) escalateOrAsk(ctx context.Context, r request, kind escalation.Kind, whom escalation.Whom, reason string) (*reply, error) {
	prepared, err := b.desk.Prepare(ctx, r.call, kind, whom)
	if err != nil {
		return nil, err
	}
	said := reason != "" || kind == escalation.Blocklist // which says why by itself
	if kind != "" && said && (prepared.Premature != "" || len(prepared.Gateways) == 1) {
		return b.escalated(ctx, r, escalation.NewCase{Kind: kind, Whom: whom, Reason: reason})
	}
	return nil, b.openEscalation(ctx, r, prepared, reason)
}

// openEscalation opens the form of an escalation. A thread is kept where the bot may
// write.
func (b *Bot) openEscalation(ctx context.Context, r request, prepared escalation.Preparation, reason string) error {
	form := blocks.EscalateForm{
		Kind: prepared.Kind, Priority: prepared.Priority, UserID: prepared.Whom.UserID, Address: prepared.Whom.Address,
		Reason: reason, Ticket: prepared.Ticket,
	}
	form.Channel, form.Thread = b.threadOf(r.in)
	return b.workspace.OpenModal(ctx, r.in.Trigger, blocks.EscalateModal(prepared, form))
}

// threadOf is the thread that something was asked for in, if it is one of a
// configured channel.
func (b *Bot) threadOf(in Inbound) (channel, thread string) {
	if in.Thread == "" || !slices.Contains(b.places, in.Channel) {
		return "", ""
	}
	return in.Channel, in.Thread
}

// openEscalateWhom opens the form that also asks whom it is about.
func (b *Bot) openEscalateWhom(ctx context.Context, r request, kind escalation.Kind) error {
	form := blocks.EscalateForm{Kind: kind, Ticket: r.call.Ticket}
	return b.workspace.OpenModal(ctx, r.in.Trigger, blocks.EscalateWhomModal(form))
}

// escalateUser opens the form for the customer of a button.
func (b *Bot) escalateUser(ctx context.Context, r request) (*reply, error) {
	prepared, err := b.desk.Prepare(ctx, r.call, "", escalation.Whom{UserID: r.value})
	if err != nil {
		return nil, err
	}
	return nil, b.openEscalation(ctx, r, prepared, "")
}

// escalateMessage opens the form for whom a message names by e-mail address; the
// thread under it follows the case.
func (b *Bot) escalateMessage(ctx context.Context, r request) (*reply, error) {
	addresses, _ := addressesIn(r.in.Message)
	if len(addresses) != 1 {
		return nil, actions.Errorf(actions.Invalid,
			"That message doesn't name exactly one e-mail address, so I don't know whom to escalate. Please type `%s` and one.", b.name("escalate"))
	}
	whom, instead, err := b.whomFor(ctx, r, addresses[0])
	if err != nil || instead != nil {
		return instead, err
	}
	prepared, err := b.desk.Prepare(ctx, r.call, "", whom)
	if err != nil {
		return nil, err
	}
	if r.in.Thread == "" {
		r.in.Thread = timestampOf(r.in.Message)
	}
	return nil, b.openEscalation(ctx, r, prepared, "")
}

// escalateFilled escalates what a form says.
func (b *Bot) escalateFilled(ctx context.Context, r request) (*reply, error) {
	form, err := blocks.ReadEscalateModal(r.in.Metadata, r.in.Inputs)
	if err != nil {
		return nil, errOutdated()
	}
	whom := escalation.Whom{UserID: form.UserID, Address: strings.TrimSpace(form.Address)}
	if whom.UserID != "" {
		whom.Address = ""
	}
	return b.escalateForm(ctx, r, form, whom)
}

// escalateWhomFilled escalates what the form says that also asks whom it is about.
func (b *Bot) escalateWhomFilled(ctx context.Context, r request) (*reply, error) {
	form, err := blocks.ReadEscalateModal(r.in.Metadata, r.in.Inputs)
	if err != nil {
		return nil, errOutdated()
	}
	read, err := readText(r.in.Inputs[blocks.WhomInput])
	if err == nil && read.text == "" {
		err = actions.Errorf(actions.Invalid, "Please say whom it is about: an e-mail address, a user name or a mobile number.")
	}
	identifier := ""
	if err == nil {
		identifier, err = oneIdentifier(read.text)
	}
	if err != nil {
		return nil, inField(blocks.WhomInput, err, "")
	}
	whom, found, err := b.oneWhom(ctx, r, identifier)
	if err != nil || !found { // a form has no room to choose
		return nil, inField(blocks.WhomInput, err, "That names nobody, or more than one. Please write the customer's e-mail address, or look them up first.")
	}
	return b.escalateForm(ctx, r, form, whom)
}

// escalateForm escalates, and says beside its field what can't be taken.
func (b *Bot) escalateForm(ctx context.Context, r request, form blocks.EscalateForm, whom escalation.Whom) (*reply, error) {
	if !slices.Contains(escalation.Kinds(), form.Kind) {
		return nil, inField(blocks.KindInput, nil, "Please choose what it is about.")
	}
	var err error
	if r.call.Ticket, err = readTicket(form.Ticket); err != nil {
		return nil, inField(blocks.TicketInput, err, "")
	}
	said, err := b.escalated(ctx, r, escalation.NewCase{
		Kind: form.Kind, Priority: form.Priority, Whom: whom, Gateway: form.Gateway, Reason: form.Reason, Channel: form.Channel, Thread: form.Thread,
	})
	switch {
	case err == nil:
		return said, nil
	case escalation.IsAboutGateway(err):
		return nil, inField(blocks.GatewayInput, err, "")
	case escalation.IsAboutAddress(err):
		return nil, inField(besideAddress(r), err, "")
	}
	return nil, inField(blocks.ReasonInput, err, "") // so that nothing that was typed is lost
}

// besideAddress is the field that names whom a form is about, if it has one.
func besideAddress(r request) string {
	for _, field := range []string{blocks.WhomInput, blocks.AddressInput} {
		if _, there := r.in.Inputs[field]; there {
			return field
		}
	}
	return blocks.ReasonInput
}

// escalated escalates. The card follows in the direct message; who asked elsewhere
// reads in a line what came of it.
func (b *Bot) escalated(ctx context.Context, r request, n escalation.NewCase) (*reply, error) {
	made, err := b.desk.Escalate(ctx, r.call, n)
	if instead, premature := escalation.IsPremature(err); premature && r.in.Kind != Submitted {
		return newReply(blocks.Premature(actions.Explain(err), n.Whom.UserID, instead))
	}
	if err != nil {
		return nil, err
	}
	if r.in.Kind == Submitted && !made.Already {
		return nil, nil //nolint:nilnil // the card says it
	}
	return newReply(blocks.Escalated(made, b.caseReader(ctx, made.Report, r.in.User)))
}

// listCases lists cases.
func (b *Bot) listCases(ctx context.Context, r request, asked escalation.Asked) (*reply, error) {
	lists, err := b.desk.List(ctx, r.call, asked)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.Cases(lists, func(c escalation.Case) string { return b.linkTo(ctx, c) }, b.now()))
}
