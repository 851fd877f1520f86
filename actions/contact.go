package actions

import "context"

// ContactChange is a user whose e-mail or mobile was replaced: as they were and
// as they are.
type ContactChange struct{ Before, After User }

// notices are what the old and the new contact are told of a change, so that
// whoever owned the old one learns of it in time (RULES S4.12). operation is
// its ID, or "" for a change that a system sent. A new mobile is told to the
// mailbox on file, too: there is always one who may still object.
func (a *Actions) notices(operation string, c ContactChange) []Mail {
	emails := []string{c.Before.Email}
	if Fold(c.After.Email) != Fold(c.Before.Email) {
		emails = append(emails, c.After.Email)
	}
	var mobiles []string
	if !sameNumber(c.Before.Mobile, c.After.Mobile) {
		mobiles = []string{c.Before.Mobile, c.After.Mobile}
	}
	var mails []Mail
	for via, addresses := range map[Channel][]string{ChannelEmail: emails, ChannelSMS: mobiles} {
		for _, address := range addresses {
			if address == "" || !a.carries(via) {
				continue
			}
			mail := a.newMail(operation, c.After.ID, TemplateChanged, via)
			mail.Address, mail.Contact = address, c.masked()
			mails = append(mails, mail)
		}
	}
	return mails
}

// masked names the new contacts, for the notice.
func (c ContactChange) masked() string {
	mask, text := NewMasker(""), ""
	if Fold(c.After.Email) != Fold(c.Before.Email) && c.After.Email != "" {
		text = mask.Name(c.After.Email)
	}
	if !sameNumber(c.Before.Mobile, c.After.Mobile) && c.After.Mobile != "" {
		if text != "" {
			text += ", "
		}
		text += mask.Mobile(c.After.Mobile)
	}
	if text == "" {
		return "—" // it was taken away
	}
	return text
}

// tellOfContacts writes the notices of the contacts that the import has changed
// so far, in its transaction.
func (a *Actions) tellOfContacts(ctx context.Context, tx ImportTx) error {
	changes, err := tx.ContactsChanged(ctx)
	if err != nil {
		return err
	}
	for _, change := range changes {
		for _, mail := range a.notices("", change) {
			if err := tx.StartMail(ctx, mail); err != nil {
				return err
			}
		}
	}
	return nil
}
