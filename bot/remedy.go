package bot

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// ordered is the handler of a command that helps a customer: "/unlock jane@…
// why". With a reason, and nothing else to ask, it is done at once; otherwise a
// form asks.
func ordered(act, then actions.Act) handler {
	return func(b *Bot, ctx context.Context, r request) (*reply, error) {
		person, reason, instead, err := b.whom(ctx, r)
		if err != nil || person == nil {
			return instead, err
		}
		prepared, err := b.actions.PrepareBoth(ctx, r.call, act, then, person.ID)
		if err != nil {
			return nil, err
		}
		order := actions.Order{Act: act, UserID: person.ID, Reason: reason, Params: actions.Params{Then: then}}
		if reason != "" && ready(prepared) {
			return b.done(ctx, r, order)
		}
		return b.openPrepared(ctx, r, order, prepared)
	}
}

// ready reports whether an act needs nothing but a reason. Otherwise a form has to
// ask for more, says what to mind first, or can say better why it can't be done.
func ready(p actions.Preparation) bool {
	proven := !p.Rule.Verified || p.Verified != nil
	return proven && !p.Refused && p.Warning == "" && p.Draft == nil && p.Second == "" && !p.Rule.Owner
}

// askFor is the handler of a button that helps the customer of its value: it
// opens the form that asks why.
func askFor(act, then actions.Act) handler {
	return ofRecord(func(b *Bot, ctx context.Context, r request) (*reply, error) {
		return b.openAct(ctx, r, act, then, r.value, "")
	})
}

// openAct opens the form of an act.
func (b *Bot) openAct(ctx context.Context, r request, act, then actions.Act, userID, reason string) (*reply, error) {
	prepared, err := b.actions.PrepareBoth(ctx, r.call, act, then, userID)
	if err != nil {
		return nil, err
	}
	return b.openPrepared(ctx, r, actions.Order{Act: act, UserID: userID, Reason: reason, Params: actions.Params{Then: then}}, prepared)
}

// openPrepared opens the form of what is ordered. When another act helps first,
// such as the unlock of somebody whom no mail would reach, its form opens, and says
// why. What can't help at all is asked for all the same: that it was refused is on
// record then, and the sentence is the same; the button beside it is what helps.
func (b *Bot) openPrepared(ctx context.Context, r request, order actions.Order, prepared actions.Preparation) (*reply, error) {
	if prepared.Instead != "" && !opensLogin(order.Act) {
		prepared = b.instead(ctx, r, prepared, follows(order.Act, prepared.Instead), order.UserID)
	}
	switch {
	case prepared.Refused && changesContact(order.Act): // there is no order yet: nobody named a new contact
		return nil, actions.Errorf(actions.Conflict, "%s", prepared.Warning)
	case prepared.Refused:
		said, err := b.done(ctx, r, order)
		if actions.CodeOf(err) == actions.Conflict && actions.MayAsk(r.call.Actor.Roles, prepared.Instead) {
			return newReply(blocks.Instead(actions.Explain(err), prepared))
		}
		return said, err
	}
	return nil, b.workspace.OpenModal(ctx, r.in.Trigger, formOf(prepared, order.Reason))
}

// opensLogin reports whether an act opens a login again: what it can't help is
// refused, whatever helps instead.
func opensLogin(act actions.Act) bool {
	return act.Recorded() == actions.ActUnlock || act.Recorded() == actions.ActReenable
}

// formOf is the form of an act: a mail can be changed in it, and a contact has to
// be named.
func formOf(prepared actions.Preparation, reason string) slack.ModalViewRequest {
	switch {
	case changesContact(prepared.Act):
		return blocks.ProfileModal(prepared, reason)
	case prepared.Draft != nil:
		return blocks.MailModal(prepared, reason)
	}
	return blocks.ActModal(prepared, prepared.Then, reason)
}

// changesContact reports whether an act puts another contact on file.
func changesContact(act actions.Act) bool {
	return act == actions.ActChangeEmail || act == actions.ActChangeMobile
}

// instead is what is known of the act that helps first, with the warning why; of
// the one that was asked for when that can't be done either.
func (b *Bot) instead(ctx context.Context, r request, asked actions.Preparation, then actions.Act, userID string) actions.Preparation {
	if !actions.MayAsk(r.call.Actor.Roles, asked.Instead) { // and nobody asked for it
		return asked
	}
	first, err := b.actions.PrepareBoth(ctx, r.call, asked.Instead, then, userID)
	if err != nil || first.Refused {
		return asked
	}
	first.Warning = asked.Warning
	return first
}

// follows is the act that follows when another one helps first: the mail that
// was asked for, behind the unlock.
func follows(asked, first actions.Act) actions.Act {
	if asked == actions.ActSendReset && first == actions.ActUnlock {
		return asked
	}
	return ""
}

// actFilled does what the form of an act was filled in for.
func (b *Bot) actFilled(ctx context.Context, r request) (*reply, error) {
	order, err := filled(&r)
	if err != nil {
		return nil, err
	}
	return b.done(ctx, r, order)
}

// filled reads what every form of an act asks for; the ticket goes into the
// call.
func filled(r *request) (order actions.Order, err error) {
	order.Act, order.Params.Then, order.UserID, err = blocks.ReadActMetadata(r.in.Metadata)
	if err != nil {
		return order, errOutdated()
	}
	if order.Reason, err = reasonIn(*r); err != nil {
		return order, err
	}
	if r.call.Ticket, err = readTicket(r.in.Inputs[blocks.TicketInput]); err != nil {
		return order, inField(blocks.TicketInput, err, "")
	}
	order.Attested = r.in.Inputs[blocks.VerifiedInput] == blocks.Attested
	return order, nil
}

// done does what was ordered. Its card follows in the direct message with the
// actor; whoever asked elsewhere reads in a line what came of it.
func (b *Bot) done(ctx context.Context, r request, order actions.Order) (*reply, error) {
	report, err := b.actions.Do(ctx, r.call, order)
	switch {
	case err != nil && r.in.Kind == Submitted && needsProof(r, err):
		return nil, inField(blocks.VerifiedInput, err, "")
	case err != nil:
		return nil, err
	case r.in.Kind == Submitted || b.inDM(ctx, r.in):
		return nil, nil
	}
	return newReply(blocks.OperationLine(report))
}

// needsProof reports whether the error is about the field that vouches for the
// caller, which the form then has.
func needsProof(r request, err error) bool {
	_, there := r.in.Inputs[blocks.VerifiedInput]
	return there && actions.IsUnverified(err)
}

// whom finds the one customer that a command names, and the words that follow:
// why. When it isn't one, instead answers: with those to choose from, or with
// what is known of nobody.
func (b *Bot) whom(ctx context.Context, r request) (person *actions.Person, reason string, instead *reply, err error) {
	if r.text == "" || r.text == "help" {
		return nil, "", nil, actions.Errorf(actions.Invalid,
			"Please say who it is about, and why: an e-mail address, a user name or a mobile number first. For example: `%s jane@acme.example locked out after her holidays`",
			r.in.Command)
	}
	identifier, reason, err := whomAndWhy(r.text)
	if err == nil {
		err = actions.CheckReason(reason) // before a form shows it
	}
	if err != nil {
		return nil, "", nil, err
	}
	looking := r.call
	looking.Key += " whom" // the act that follows claims the request's own
	people, _, err := b.actions.Find(ctx, looking, []string{identifier})
	switch {
	case err != nil:
		return nil, "", nil, err
	case len(people) == 1:
		return &people[0], reason, nil, nil
	}
	instead, err = b.diagnosed(ctx, r, actions.Query{Identifier: identifier})
	return nil, "", instead, err
}

// whomAndWhy splits a command's text into an identifier and a reason. A mobile
// number may have spaces in it.
func whomAndWhy(text string) (identifier, reason string, err error) {
	words := strings.Fields(text)
	n := 1
	for isNumber(words[0]) && n < len(words) && isNumber(words[n]) {
		n++
	}
	identifier, reason = strings.Join(words[:n], " "), strings.Join(words[n:], " ")
	if len(addressesOf(text)) > 1 {
		return "", "", actions.Errorf(actions.Invalid, "You named several e-mail addresses. Please ask for one person at a time.")
	}
	if found := addressesOf(identifier); len(found) == 1 {
		identifier = found[0]
	}
	return identifier, reason, nil
}

// isNumber reports whether a word is a piece of a phone number.
func isNumber(word string) bool {
	return strings.Trim(word, "+0123456789()-./") == "" && strings.ContainsAny(word, "0123456789")
}

// moreRemedies shows every other act that would help a customer.
func (b *Bot) moreRemedies(ctx context.Context, r request) (*reply, error) {
	d, err := b.actions.Again(ctx, r.call, actions.ActOperation, r.value)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.MoreRemedies(d, b.reader(ctx, r)))
}

// undone is the handler of "Undo": it opens the form that asks why.
func (b *Bot) undone(ctx context.Context, r request) (*reply, error) {
	report, err := b.actions.Report(ctx, r.value)
	if err != nil {
		return nil, err
	}
	return b.openAct(ctx, r, actions.ActUndoReinvite, "", report.Operation.Subject, "")
}
