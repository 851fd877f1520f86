package actions

import (
	"context"
	"time"
)

// Template names the text of a message to a customer.
type Template string

// The templates.
const (
	TemplateReset      Template = "password_reset"  // RULES S4.10: [Customer Name], [insert link here], [add the closing template]
	TemplateUsername   Template = "username"        // RULES S1.3, S1.9
	TemplateLoginLink  Template = "login_link"      // RULES S1.4, S1.9
	TemplateCode       Template = "code"            // the code that proves a caller
	TemplateShared     Template = "shared_warning"  // RULES S0.8
	TemplateInvitation Template = "invitation"      // look for it and finish it
	TemplateConfirm    Template = "confirm_contact" // RULES S4.12: confirm, or "this wasn't me"
	// TemplateConfirmFor asks an admin of the account about somebody who has no
	// contact that could confirm, and says whom it is about.
	TemplateConfirmFor Template = "confirm_for"
	TemplateChanged    Template = "contact_changed" // to the old and the new contact
	TemplateEnabled    Template = "reenabled"
	TemplateFactor     Template = "factor_reset"
	TemplateHandOver   Template = "hand_over" // to the owner of an account, a colleague
	// TemplateSecret carries the link of a one-time secret (RULES S3.3); its
	// passphrase is told another way.
	TemplateSecret Template = "one_time_secret"
	// TemplateRequest asks for something secret, with the link of the page that seals
	// it.
	TemplateRequest Template = "secret_request"
	// TemplatePassword tells that support set a new password, without it (RULES S4.8).
	TemplatePassword Template = "password_set"
	// TemplateAdminAsk asks a customer to make a temporary admin on their own site, with
	// the steps and the link of the page that seals its credentials (RULES S3.2).
	TemplateAdminAsk Template = "temp_admin_ask"
	// TemplateAdminDelete asks them to delete it, with the steps and a link that says
	// that they did (RULES S3.5).
	TemplateAdminDelete Template = "temp_admin_delete"
)

// Templates lists them all.
func Templates() []Template {
	return []Template{
		TemplateReset, TemplateUsername, TemplateLoginLink, TemplateCode, TemplateShared, TemplateInvitation, TemplateConfirm,
		TemplateConfirmFor, TemplateChanged, TemplateEnabled, TemplateFactor, TemplateHandOver, TemplateSecret, TemplateRequest,
		TemplatePassword, TemplateAdminAsk, TemplateAdminDelete,
	}
}

// The placeholders that may stand in a text, beside those of the company's
// words. A link's is replaced only in the message to the customer; every copy
// keeps it as it is (RULES S1.7).
const (
	PlaceName      = "[Customer Name]"
	PlaceLink      = "[insert link here]"         // the reset or confirm link
	PlaceClosing   = "[add the closing template]" // RULES S4.10
	PlaceLoginLink = "[loginLink]"                // RULES S1.7
	PlaceBrand     = "[Brand]"
	PlaceLoginPage = "[login page]"
	PlaceUsername  = "[user name]" // replaced only in the message to the customer
	PlaceCode      = "[code]"      // replaced only in the message to the customer
	PlacePurpose   = "[purpose]"   // what a code is for
	PlaceContact   = "[contact]"   // a contact, masked
	PlaceMinutes   = "[minutes]"   // how long the link or the code is good
	PlaceTicket    = "[ticket]"
	PlaceDetails   = "[details]" // of hand_over; of confirm_for, whom it is about; of the others, what (or where) and why
	PlaceSender    = "[sender]"  // of a one-time secret, a request and a temporary admin: the colleague's name
	PlaceUntil     = "[until]"   // and until when the link is good
)

// asksToConfirm reports whether a message asks somebody to confirm a change of a
// contact by a link.
func (t Template) asksToConfirm() bool { return t == TemplateConfirm || t == TemplateConfirmFor }

// MailState says how far a message came.
type MailState string

// The states of a message.
const (
	MailQueued  MailState = "queued"
	MailSent    MailState = "sent"    // the mail server or the text service took it
	MailFailed  MailState = "failed"  // refused, or given up
	MailUnclear MailState = "unclear" // the server went silent after it had the text: it may have arrived
)

// Mail is a message to a customer, kept without any link, code or password: those
// are made when it is delivered.
type Mail struct {
	ID        string
	Operation string // its ID, or ""
	Ref       string // of a code: the verification's ID; of a one-time secret or a request: its ID; of temp_admin_delete: the temporary admin's
	Kind      DeliveryKind
	Template  Template
	UserID    string
	Via       Channel
	// Address is where it goes; "": the user's on file when it is delivered. Notices
	// of a changed contact go to the old and the new one.
	Address string
	// Copy: a copy for somebody else, in which placeholders stay.
	Copy bool
	// Subject and Text are the agent's own, "" for the template's.
	Subject string
	Text    string
	Purpose Act    // of a code
	Contact string // masked, for PlaceContact
	Details string // for PlaceDetails
	State   MailState
	Why     string // why it failed, for the agent
	At      time.Time
	SentAt  time.Time
}

// MailReport is a message as an agent sees it.
type MailReport struct {
	Kind  DeliveryKind
	Via   Channel
	To    string // masked
	State MailState
	Why   string
	At    time.Time // when it reached that state
	Copy  bool      // of a message, for a colleague
}

// Letter is a message ready to be sent. It may hold a link or a code, and is
// never stored or logged.
type Letter struct {
	ID       string // the same however often it is tried; names the message
	To       string // an e-mail address or a mobile number
	Subject  string // of an e-mail
	Text     string
	HTML     string // of an e-mail
	Language string
}

// Mailer sends e-mail. Its errors are *SendError.
type Mailer interface {
	Send(ctx context.Context, letter Letter) error
}

// Texter sends texts to mobiles. Its errors are *SendError.
type Texter interface {
	SendText(ctx context.Context, letter Letter) error
}

// SendError says why a message wasn't sent, without its address or content.
type SendError struct {
	// Refused: no second try helps (no such mailbox, message refused).
	Refused bool
	// Unclear: the other side went silent after it had the text, so it may have
	// arrived; trying again may send it twice.
	Unclear bool
	// After is how long the other side asked to be left alone; 0 when it didn't.
	After time.Duration
	// Sentence is for the agent: what happened, why, what to do next.
	Sentence string
	Cause    error
}

// Error returns the sentence with its cause, for the log.
func (e *SendError) Error() string {
	if e.Cause == nil {
		return e.Sentence
	}
	return e.Sentence + ": " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Cause }

// Writing is what a text is made of.
type Writing struct {
	Template Template
	Via      Channel // ChannelSMS: the short text, without Subject and HTML
	Locale   string  // of the customer; a language that isn't there is English
	Brand    string  // of the customer's account; "" for the company's
	// Purpose, of a code, fills PlacePurpose in the language of the text.
	Purpose Act
	// Subject and Text replace the template's; "" for the template's.
	Subject, Text string
	// Values are by placeholder. A placeholder without a value stays as it is.
	Values map[string]string
}

// Written is a text, in plain and as HTML.
type Written struct {
	Subject, Text, HTML string
	Language            string // it is written in
}

// Writer makes messages of templates. The package actions/mail implements it.
type Writer interface {
	// Write fills a text. Its error is Invalid, with a sentence, for a text of an
	// agent's with an unknown placeholder in it.
	Write(w Writing) (Written, error)
}

// MailTx is how messages are kept.
type MailTx interface {
	// StartMail stores a message with the row of the outbox that delivers it
	// (OutgoingMail, Ref is its ID).
	StartMail(ctx context.Context, m Mail) error
	// Mail returns a message, locked until the transaction ends; NotFound without.
	Mail(ctx context.Context, id string) (Mail, error)
	// KeepMail stores Address, State, Why and SentAt.
	KeepMail(ctx context.Context, m Mail) error
	// PutDelivery and PutResetLink write what Latchkey itself knows
	// into the directory, so that the diagnosis sees it.
	PutDelivery(ctx context.Context, d Delivery) error
	PutResetLink(ctx context.Context, l ResetLink) error
}

// MailReads is how messages are read outside a transaction.
type MailReads interface {
	MailByID(ctx context.Context, id string) (Mail, error)
	// MailsOf returns the messages of an operation, oldest first.
	MailsOf(ctx context.Context, operation string) ([]Mail, error)
	// MailFor returns the newest message about a verification; found is false
	// without one.
	MailFor(ctx context.Context, ref string) (m Mail, found bool, err error)
}
