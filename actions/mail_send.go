package actions

import (
	"context"
	"errors"
	"strings"
	"time"
)

const (
	// codeWaits is how long a code may wait to be sent: whoever was on the phone
	// has hung up, and a code out of the blue makes people wary of the next.
	codeWaits = 30 * time.Minute
	// settleLimit is how long writing down how a message fared may take.
	settleLimit = 10 * time.Second
)

// SendMail delivers a message to a customer: it makes the link or code, writes
// the text, hands it over, and stores how that went, with the delivery that the
// diagnosis sees and the cards that show it. What was made up exists only in the
// message. A message that was sent, or may have been, isn't sent again; one that
// a crash left in between is, with a link or code of its own.
//
// It returns nil when nothing more is to do: the message was taken, or the other
// side went silent after it had the text, which the agent reads. A *SendError
// that is Refused says that no other try helps; the message is failed then, and
// the agent reads why. Any other error can be tried again, and once nobody tries
// any more, see [Actions.MailGivenUp].
func (a *Actions) SendMail(ctx context.Context, id string) error {
	mail, err := a.Store.MailByID(ctx, id)
	switch {
	case CodeOf(err) == NotFound:
		return &SendError{Refused: true, Sentence: "The message isn't on record any more.", Cause: err}
	case err != nil:
		return err
	case mail.State == MailSent || mail.State == MailUnclear:
		return nil
	}
	p := &posting{mail: mail}
	return a.settle(ctx, p, a.post(ctx, p))
}

// posting is a message while it is being delivered.
type posting struct {
	mail   Mail
	user   User
	places []Place
	to     string // "" when it didn't get so far
	ticket string
	// The records that it is about; their Actors have cards that show it.
	operation    *Operation
	verification *Verification
	secret       *Secret        // whose link it carries
	request      *SecretRequest // whose link it carries
	admin        *TempAdmin     // that it asks to delete
	from         string         // under which name its credentials were asked for
	resets       []OneTimeLink  // the reset links that are in it
}

// post delivers a message.
func (a *Actions) post(ctx context.Context, p *posting) error {
	if err := a.gather(ctx, p); err != nil {
		return err
	}
	if p.arrived(Instant(a.Now())) {
		return nil
	}
	if why := a.over(p); why != "" {
		return &SendError{Refused: true, Sentence: why}
	}
	letter, err := a.letter(ctx, p)
	if err != nil {
		return err
	}
	switch {
	case p.mail.Via == ChannelSMS:
		return a.Texter.SendText(ctx, letter)
	case p.mail.Template.carriesSealed():
		return a.sendSealed(ctx, letter)
	}
	return a.Mailer.Send(ctx, letter)
}

// gather reads whom and what the message is about, as it is now.
func (a *Actions) gather(ctx context.Context, p *posting) error {
	if p.mail.Operation != "" {
		op, err := a.Store.OperationByID(ctx, p.mail.Operation)
		if err != nil {
			return err
		}
		p.operation, p.ticket = &op, op.Ticket
	}
	if p.mail.Template == TemplateCode {
		v, err := a.Store.VerificationByID(ctx, p.mail.Ref)
		if err != nil {
			return err
		}
		p.verification, p.ticket = &v, v.Ticket
	}
	if err := a.gatherSealed(ctx, p); err != nil {
		return err
	}
	snapshot, err := a.Directory.Snapshot(ctx, Query{UserID: p.mail.UserID, Identifier: p.mail.UserID, At: Instant(a.Now())})
	switch {
	case err != nil:
		return err
	case len(snapshot.Users) != 1:
		return errGone()
	}
	p.user, p.places, p.to = snapshot.Users[0], snapshot.Places, p.mail.Address
	if p.to == "" {
		p.to = p.user.contact(p.mail.Via)
	}
	return nil
}

// over says why the message isn't to be sent any more, "" when it is.
func (a *Actions) over(p *posting) string {
	if why := p.sealedOver(Instant(a.Now())); why != "" {
		return why
	}
	switch {
	case !a.carries(p.mail.Via) && p.mail.Via == ChannelSMS:
		return "Latchkey isn't set up to send texts. Please send it by e-mail."
	case !a.carries(p.mail.Via):
		return "Latchkey isn't set up to send mail. Please ask your Latchkey admin, or copy the text and send it by hand."
	case p.to == "":
		return "There is no such contact on file any more. Please look the customer up again."
	case (p.personal() || p.mail.Template.asksToConfirm()) && p.user.ContactChangedAt.After(p.mail.At):
		return "Their contact changed after this was asked for, so it wasn't sent. Please make sure who changed it, and ask for it again."
	case p.mail.Template.asksToConfirm() && (p.operation == nil || p.operation.State != OperationOwner):
		return "It doesn't wait for a confirmation any more, so none was asked for."
	case p.admin != nil && p.admin.State != AdminEnding:
		return "It was deleted meanwhile, so they weren't asked again."
	case p.verification == nil:
		return ""
	case p.verification.State != VerificationAsked:
		return "The caller's proof is over, so the code wasn't sent."
	case p.verification.At.Add(codeWaits).Before(Instant(a.Now())):
		return "The code couldn't be sent in time, so it wasn't sent at all. Please send another."
	}
	return a.unusable(p.user, p.mail.Via)
}

// personal reports whether the message is for the contact on file, and holds
// what only its owner may have.
func (p *posting) personal() bool {
	return p.mail.Address == "" && !p.mail.Copy && p.mail.Template != TemplateChanged && p.mail.Template != TemplateHandOver
}

// letter writes the message. It is written first without what is secret: only
// for the placeholders that are left then is something made.
func (a *Actions) letter(ctx context.Context, p *posting) (Letter, error) {
	w := Writing{
		Template: p.mail.Template, Via: p.mail.Via, Locale: p.user.Locale, Brand: brandOf(p.places), Purpose: p.mail.Purpose,
		Subject: p.mail.Subject, Text: p.mail.Text,
	}
	w.Values = a.words(p.user, w.Brand, p.good())
	w.Values[PlaceTicket], w.Values[PlaceContact], w.Values[PlaceDetails] = p.ticket, p.mail.Contact, p.mail.Details
	p.fillSealed(w.Values, a.zone(), Instant(a.Now()))
	written, err := a.Writer.Write(w)
	if err != nil {
		return Letter{}, err
	}
	if hasSecretPlace(written.Subject) {
		return Letter{}, &SendError{Refused: true, Sentence: "A link or code can't stand in the subject, so nothing was sent. Please move it into the text."}
	}
	if !p.mail.Copy {
		if err := a.fill(ctx, p, w.Values, written.Text+written.HTML); err != nil {
			return Letter{}, err
		}
		if written, err = a.Writer.Write(w); err != nil {
			return Letter{}, err
		}
	}
	return Letter{
		ID: p.mail.ID, To: p.to, Subject: written.Subject, Text: written.Text, HTML: written.HTML, Language: written.Language,
	}, nil
}

// good is how long what the message holds is good.
func (p *posting) good() time.Duration {
	switch p.mail.Template {
	case TemplateCode:
		return codeTime
	case TemplateConfirm, TemplateConfirmFor:
		return confirmTime
	case TemplateAdminDelete:
		return removedTime
	default:
		return linkTime
	}
}

// fill makes what the text asks for, and stores its proofs. A login or reset
// link and the user name go to the contact on file only (RULES S1.7, S4.8).
func (a *Actions) fill(ctx context.Context, p *posting, values map[string]string, text string) (err error) {
	asked := func(place string) bool { return strings.Contains(text, place) }
	switch {
	case p.mail.Template == TemplateCode:
		values[PlaceCode], err = a.makeCode(ctx, p)
	case p.mail.Template.carriesSealed() && !asked(PlaceLink):
		err = errNoPlace()
	case p.mail.Template.carriesSealed():
		values[PlaceLink], err = a.sealedLink(ctx, p)
	case p.mail.Template == TemplateAdminDelete:
		values[PlaceLink], err = a.makeLink(ctx, p, LinkRemoved)
	case p.mail.Template.asksToConfirm() && asked(PlaceLink):
		values[PlaceLink], err = a.makeLink(ctx, p, LinkConfirm)
	case p.personal():
		if asked(PlaceUsername) {
			values[PlaceUsername] = p.user.Username
		}
		if asked(PlaceLink) {
			values[PlaceLink], err = a.makeLink(ctx, p, LinkReset)
		}
		if err == nil && asked(PlaceLoginLink) {
			values[PlaceLoginLink], err = a.makeLink(ctx, p, LinkLogin)
		}
	}
	return err
}

// makeCode makes the code of a verification. One that was made before, for a
// delivery that failed, is void; the wrong tries stay counted.
func (a *Actions) makeCode(ctx context.Context, p *posting) (code string, err error) {
	if a.Keys.Empty() {
		return "", errNoProofs()
	}
	code = newCode()
	proof, err := a.Keys.prove(a.Keys.Current(), proofCode, p.verification.ID, code)
	if err != nil {
		return "", err
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		v, err := tx.Verification(ctx, p.verification.ID)
		if err != nil {
			return err
		}
		if v.State != VerificationAsked {
			return Errorf(Conflict, "The caller's proof is over, so the code wasn't sent.")
		}
		v.Code, v.ExpiresAt = proof, Instant(a.Now()).Add(codeTime)
		return tx.KeepVerification(ctx, v)
	})
	return code, err
}

// settle stores how a delivery went, and returns what is left to do about it,
// as SendMail says. It is written down even when ctx has ended: the message is
// out.
func (a *Actions) settle(ctx context.Context, p *posting, sent error) error {
	var failed *SendError
	var ours *Error
	switch {
	case sent == nil:
		return a.keepMail(ctx, p, MailSent, "")
	case errors.As(sent, &failed) && failed.Unclear:
		return a.keepMail(ctx, p, MailUnclear, failed.Sentence)
	case errors.As(sent, &failed) && failed.Refused:
	case errors.As(sent, &ours) && ours.Code != Unavailable && ours.Code != Internal:
		failed = &SendError{Refused: true, Sentence: ours.Sentence, Cause: sent}
	case failed != nil:
		return errors.Join(sent, a.keepTrying(ctx, p, failed.Sentence))
	default:
		return sent
	}
	if err := a.keepMail(ctx, p, MailFailed, failed.Sentence); err != nil {
		return err
	}
	return failed
}

// keepMail stores the state of a message with all that shows it.
func (a *Actions) keepMail(ctx context.Context, p *posting, state MailState, why string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	err := a.Store.Tx(ctx, func(tx Tx) error {
		mail, err := tx.Mail(ctx, p.mail.ID)
		if err != nil || mail.State == MailSent || mail.State == MailUnclear {
			return err
		}
		mail.State, mail.Why, mail.SentAt = state, why, Instant(a.Now())
		to := p.to
		if state != MailFailed {
			mail.Address = to // where it went; one that failed may go elsewhere once it is tried again
		}
		if err := tx.KeepMail(ctx, mail); err != nil {
			return err
		}
		if err := a.settleSealed(ctx, tx, p, mail); err != nil {
			return err
		}
		if err := a.tellDirectory(ctx, tx, p, mail, to); err != nil {
			return err
		}
		return a.tellOfMail(ctx, tx, p)
	})
	if err == nil && p.mail.Template.carriesSealed() {
		a.at(stepMailWiped)
	}
	return err
}

// keepTrying has the agent read why a message isn't out yet: once for each reason,
// however often it is tried.
func (a *Actions) keepTrying(ctx context.Context, p *posting, why string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	return a.Store.Tx(ctx, func(tx Tx) error {
		mail, err := tx.Mail(ctx, p.mail.ID)
		if err != nil || mail.State != MailQueued || mail.Why == why {
			return err
		}
		mail.Why = why
		if err := tx.KeepMail(ctx, mail); err != nil {
			return err
		}
		return a.tellOfMail(ctx, tx, p)
	})
}

// tellDirectory writes what the diagnosis is to know of a message. Copies and
// what colleagues get are no deliveries to the customer.
func (a *Actions) tellDirectory(ctx context.Context, tx Tx, p *posting, mail Mail, to string) error {
	if mail.Copy || mail.Template == TemplateHandOver || to == "" {
		return nil
	}
	if err := tx.PutDelivery(ctx, mail.delivery(to)); err != nil || mail.State == MailFailed {
		return err
	}
	for _, link := range p.resets {
		if err := tx.PutResetLink(ctx, link.reset(mail.SentAt)); err != nil {
			return err
		}
	}
	return nil
}

// tellOfMail has the cards show how the message fared.
func (a *Actions) tellOfMail(ctx context.Context, tx Tx, p *posting) error {
	switch {
	case p.verification != nil && !atTerminal(p.verification.Actor):
		return a.Enqueue(ctx, tx, OutgoingVerification, p.verification.Actor, p.verification.ID)
	case p.operation != nil && !atTerminal(p.operation.Actor):
		return a.Enqueue(ctx, tx, OutgoingOperation, p.operation.Actor, cardID(p.operation.ID))
	case p.secret != nil:
		return a.tellSender(ctx, tx, *p.secret, false)
	case p.request != nil:
		return a.tellOfRequestMail(ctx, tx, *p.request)
	case p.admin != nil:
		return a.tellOwn(ctx, tx, *p.admin, "", "")
	}
	return nil
}

// MailGivenUp says that nobody tries to deliver a message any more, after a day
// of tries: it failed, and the agent reads why. It does nothing to one that was
// sent.
//
// Errors: Unavailable when the directory or the database doesn't answer.
func (a *Actions) MailGivenUp(ctx context.Context, id, why string) error {
	mail, err := a.Store.MailByID(ctx, id)
	switch {
	case CodeOf(err) == NotFound:
		return nil // forgotten meanwhile: nobody is left to tell
	case err != nil || mail.State != MailQueued:
		return err
	}
	p := &posting{mail: mail}
	if err := a.gather(ctx, p); err != nil && CodeOf(err) != NotFound {
		return err
	}
	return a.keepMail(ctx, p, MailFailed, why)
}
