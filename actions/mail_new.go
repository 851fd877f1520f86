package actions

import "crypto/rand"

// newMail is a message to a customer that waits to be sent. Start it with
// MailTx.StartMail in the transaction of what it tells of. Then, where the
// template asks for them, set before:
//
//   - Address: where it goes, when that isn't the contact on file;
//   - Copy: it is a copy for Address, in which links stay placeholders;
//   - Subject, Text: the agent's own, already looked at by checkWording;
//   - Ref, Purpose: of a code; Ref: of what carries a link that lies sealed;
//     Contact (masked) and Details.
//
// operation is its ID, or "".
func (a *Actions) newMail(operation, userID string, template Template, via Channel) Mail {
	return Mail{
		ID: rand.Text(), Operation: operation, Kind: kindOfTemplate(template), Template: template, UserID: userID, Via: via,
		State: MailQueued, At: Instant(a.Now()),
	}
}

// kindOfTemplate says what a message of a template counts as among deliveries.
func kindOfTemplate(t Template) DeliveryKind {
	switch t {
	case TemplateReset:
		return DeliveryPasswordReset
	case TemplateUsername:
		return DeliveryUsername
	case TemplateLoginLink:
		return DeliveryLoginLink
	case TemplateCode:
		return DeliveryCode
	default:
		return DeliveryNotice
	}
}

// reportMail is a message as an agent sees it.
func reportMail(m Mail, user User) MailReport {
	address := m.Address
	if address == "" {
		address = user.contact(m.Via)
	}
	r := MailReport{Kind: m.Kind, Via: m.Via, To: maskContact(m.Via, address), State: m.State, Why: m.Why, At: m.At, Copy: m.Copy}
	if !m.SentAt.IsZero() {
		r.At = m.SentAt
	}
	return r
}

// deliveryPrefix begins the IDs of what Latchkey itself writes into the
// directory.
const deliveryPrefix = "latchkey-"

// delivery is what the directory learns of a message, so that the diagnosis
// sees it.
func (m Mail) delivery(address string) Delivery {
	d := Delivery{ID: deliveryPrefix + m.ID, Address: address, Kind: m.Kind, At: m.SentAt, UserID: m.UserID, Detail: m.Why}
	switch m.State {
	case MailSent:
		d.Status = Sent
	case MailFailed:
		d.Status = Failed
	case MailUnclear, MailQueued:
		d.Status = Deferred
	}
	return d
}
