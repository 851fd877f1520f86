package blocks

import (
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// RequestModalID is the callback_id of the modal of /secret request. Its
// private_metadata is what [ReadRequestModal] reads: a channel.
const RequestModalID = "secret_request"

// whatTyped is how much may be asked for, in characters.
const whatTyped = 200

// RequestForm is what the modal of /secret request asks for.
type RequestForm struct {
	What     string
	Why      string // the customer reads it
	For      string
	Ticket   string
	Channel  string        // Slack ID of where the link is shown
	Lifetime time.Duration // what is chosen; 0 for a day
	// Weekend: the default is longer because of the weekend (RULES S3.4), and the
	// modal says so.
	Weekend bool
	CanMail bool // it can go to the customer by e-mail
	Mail    bool // and is chosen to
}

// RequestModal asks what is needed, from whom and why, after it has said when
// asking is right (RULES S3.1).
func RequestModal(f RequestForm) slack.ModalViewRequest {
	what := typed(WhatInput, "What do you need?", "The login of your test site", f.What, whatTyped, false).WithOptional(true)
	what.Hint = plainText("The customer reads this on the page.")
	why := typed(ReasonInput, "Reason", "The error shows only on your site, behind its login", f.Why, reasonTyped, true)
	why.Hint = plainText("The customer reads this, too. No password, code or link belongs in it.")
	all := blocksOf(section(whenToAsk), what, why, forInput(f.For, "Whom do you ask?"), lifetimeInput(f.Lifetime, f.Weekend))
	all = append(all, deliverInput(f.CanMail, f.Mail, "By e-mail it goes only to the address on file.")...)
	all = append(all, ticketInput(f.Ticket))
	return modal(RequestModalID, "Ask for a secret", "Make the link", f.Channel, all)
}

// whenToAsk reminds of when asking for credentials is right (RULES S3.1).
const whenToAsk = "*Mind:* ask for a login only when the problem shows on that customer's own site and nowhere else. " +
	"Better one that is made for you than the customer's own; and never share yours.\n" +
	"What they send is sealed in their browser, and you open it once."

// ReadRequestModal reads the form as it was sent. Its error is for a lifetime
// that isn't one of those offered (Invalid).
func ReadRequestModal(metadata string, inputs map[string]string) (f RequestForm, err error) {
	if f.Lifetime, err = readLifetime(inputs); err != nil {
		return RequestForm{}, err
	}
	f.Channel = metadata
	f.What, f.Why = strings.TrimSpace(inputs[WhatInput]), strings.TrimSpace(inputs[ReasonInput])
	f.For, f.Ticket = strings.TrimSpace(inputs[ForInput]), strings.TrimSpace(inputs[TicketInput])
	f.Mail = inputs[DeliverInput] == DeliverMail
	return f, nil
}
