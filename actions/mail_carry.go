package actions

import (
	"context"
	"strconv"
	"time"
)

// A mail that carries the link of a secret or of a request, also of one for a
// temporary admin's credentials: what follows # in it
// lies sealed (SealMail) until the mail is accepted, and no longer.

// carriesSealed reports whether messages of a template carry such a link.
func (t Template) carriesSealed() bool {
	return t == TemplateSecret || t == TemplateRequest || t == TemplateAdminAsk
}

// gatherSealed reads the secret or the request whose link the message carries, or the
// temporary admin that it asks to delete.
func (a *Actions) gatherSealed(ctx context.Context, p *posting) error {
	switch p.mail.Template {
	case TemplateSecret:
		s, found, err := a.Store.SecretByID(ctx, p.mail.Ref)
		switch {
		case err != nil:
			return err
		case !found:
			return errForgotten()
		}
		p.secret, p.ticket = &s, s.Ticket
	case TemplateRequest, TemplateAdminAsk:
		r, found, err := a.Store.RequestByID(ctx, p.mail.Ref)
		switch {
		case err != nil:
			return err
		case !found:
			return errForgotten()
		}
		p.request, p.ticket = &r, r.Ticket
	case TemplateAdminDelete:
		return a.gatherAdmin(ctx, p)
	default:
	}
	return nil
}

func errForgotten() error {
	return Errorf(NotFound, "What it was to carry isn't on record any more, so nothing was sent.")
}

// arrived reports whether somebody followed the link already: only the message
// knew it, so it got there, and a crash kept that from being written down.
func (p *posting) arrived(now time.Time) bool {
	switch {
	case p.secret != nil:
		return p.secret.State == SecretRevealed || p.secret.State == SecretLocked
	case p.request != nil:
		state, _ := p.request.StateAt(now)
		return !p.request.ReceivedAt.IsZero() || state == RequestOpened
	}
	return false
}

// sealedOver says why a link isn't to be mailed any more, "" when it is.
func (p *posting) sealedOver(now time.Time) string {
	if p.secret != nil {
		if state, _ := p.secret.StateAt(now); state != SecretLive {
			return "The secret was " + string(state) + " before its link could be mailed, so nothing was sent. Please send another."
		}
	}
	if p.request != nil {
		if state, _ := p.request.StateAt(now); state != RequestAsked {
			return "The request was " + string(state) + " before its link could be mailed, so nothing was sent. Please ask again."
		}
	}
	return ""
}

// fillSealed fills in what the text says of the link that it carries.
func (p *posting) fillSealed(values map[string]string, zone *time.Location, now time.Time) {
	var until time.Time
	switch {
	case p.secret != nil:
		until, values[PlaceSender] = p.secret.ExpiresAt, p.secret.From
	case p.request != nil:
		until, values[PlaceSender] = p.request.ExpiresAt, p.request.From
		values[PlaceDetails] = p.request.What + "\n" + p.request.Why
	case p.admin != nil:
		until, values[PlaceSender] = now.Add(removedTime), p.from
	default:
		return
	}
	values[PlaceUntil] = until.In(zone).Format("2006-01-02 15:04 MST")
	values[PlaceMinutes] = strconv.Itoa(int(until.Sub(now).Minutes()))
}

// sealedLink is the link that a message carries, unsealed.
func (a *Actions) sealedLink(ctx context.Context, p *posting) (string, error) {
	sealed, found, err := a.Store.SealedByID(ctx, SealMail, p.mail.ID)
	switch {
	case err != nil:
		return "", err
	case !found:
		return "", &SendError{Refused: true, Sentence: "Its link isn't there any more, so nothing was sent. Please make another."}
	}
	fragment, err := a.Keys.Unseal(sealed)
	if err != nil {
		return "", err
	}
	if p.request != nil {
		return a.requestURL(p.request.ID, string(fragment)), nil
	}
	return a.secretURL(p.mail.Ref, string(fragment)), nil
}

// errNoPlace is for a text of the company's own that lost the place of the link.
func errNoPlace() error {
	return &SendError{Refused: true, Sentence: "The text of this mail has no place for the link, so nothing was sent. Please ask your Latchkey admin to put " + PlaceLink + " into it."}
}

// sendSealed sends a letter with a link that lay sealed.
func (a *Actions) sendSealed(ctx context.Context, letter Letter) error {
	a.at(stepMailUnsealed)
	if err := a.Mailer.Send(ctx, letter); err != nil {
		return err
	}
	a.at(stepMailSent)
	return nil
}

// settleSealed wipes the link of a message that is out. One that failed ends what it
// was to carry: nobody else has the link. Of one that asks to delete a temporary admin
// it is noted how it fared.
func (a *Actions) settleSealed(ctx context.Context, tx Tx, p *posting, mail Mail) error {
	switch {
	case mail.Template == TemplateAdminDelete:
		return a.settleAdmin(ctx, tx, mail)
	case !mail.Template.carriesSealed():
		return nil
	}
	if mail.State == MailFailed {
		if err := a.endUnmailed(ctx, tx, p, mail.Why); err != nil {
			return err
		}
	}
	return tx.DropSealed(ctx, mail.ID, SealMail)
}

// endUnmailed revokes a secret, or withdraws a request, whose mail failed.
func (a *Actions) endUnmailed(ctx context.Context, tx Tx, p *posting, why string) error {
	now := Instant(a.Now())
	switch {
	case p.secret != nil:
		_, _, err := a.endSecret(ctx, tx, *p.secret, ending{
			state: SecretRevoked, why: why, at: now, what: "revoked, because its mail failed", actor: clockActor, news: true,
		})
		return err
	case p.request != nil:
		ended, err := tx.EndRequest(ctx, p.request.ID, []RequestState{RequestAsked}, RequestWithdrawn, why, now)
		if err != nil || !ended {
			return err
		}
		return a.endedRequest(ctx, tx, *p.request, RequestWithdrawn, now, "withdrawn, because its mail failed")
	}
	return nil
}
