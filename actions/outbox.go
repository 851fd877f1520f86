package actions

import (
	"context"
	"crypto/rand"
	"strings"
	"time"
)

// OutgoingKind says what an outgoing message is about, and so what its Ref is
// the ID of.
type OutgoingKind string

// The kinds of outgoing message.
const (
	OutgoingWatchEnded OutgoingKind = "watch_ended" // tells an agent how a watch ended; Ref is the watch's ID
	// OutgoingOperation is the card of an operation, which follows its state: in
	// the DM of who asked for it; Ref is the operation's ID.
	OutgoingOperation OutgoingKind = "operation"
	// OutgoingApproval is the card of an approval, which follows its state: in the
	// DM of who is asked; Ref is the approval's ID.
	OutgoingApproval OutgoingKind = "approval"
	// OutgoingVerification is the card of a verification, which follows its state: in
	// the DM of the agent; Ref is the verification's ID.
	OutgoingVerification OutgoingKind = "verification"
	// OutgoingBrake tells a lead that an actor was stopped; Ref is the actor.
	OutgoingBrake OutgoingKind = "brake"
	// OutgoingHandOver hands an account over to a lead; Ref is the operation's ID.
	OutgoingHandOver OutgoingKind = "hand_over"
	// OutgoingSecret is the card of a one-time secret, which follows its state: in the
	// DM of who sent it; Ref is the secret's ID.
	OutgoingSecret OutgoingKind = "secret"
	// OutgoingSecretNews says below that card what has become of the secret: a card
	// that is redrawn calls nobody.
	OutgoingSecretNews OutgoingKind = "secret_news"
	// OutgoingRequest is the card of a request for a secret, which follows its state:
	// in the DM of who asked; Ref is the request's ID.
	OutgoingRequest OutgoingKind = "secret_request"
	// OutgoingRequestReceived and OutgoingRequestOpened say below that card that
	// something came, and who opened it; OutgoingRequestNews what else became of it.
	OutgoingRequestReceived OutgoingKind = "secret_request_received"
	OutgoingRequestOpened   OutgoingKind = "secret_request_opened"
	OutgoingRequestNews     OutgoingKind = "secret_request_news"
	// OutgoingCase is the card of a case, which follows its state: in the channel of
	// L2; Ref is the case's ID.
	OutgoingCase OutgoingKind = "case"
	// OutgoingCaseAgent is its card in the DM of an agent who follows it; Ref is the
	// case's ID.
	OutgoingCaseAgent OutgoingKind = "case_agent"
	// OutgoingCaseThread is its card in the thread that it was escalated from; Ref is
	// the case's ID, "/" and the timestamp of the thread.
	OutgoingCaseThread OutgoingKind = "case_thread"
	// OutgoingCaseEvent says in the thread of L2's card what happened, and
	// OutgoingCaseNews below an agent's card; OutgoingCaseLeads tells the leads. Ref
	// is the case's ID, "/" and the number of the event.
	OutgoingCaseEvent OutgoingKind = "case_event"
	OutgoingCaseNews  OutgoingKind = "case_news"
	OutgoingCaseLeads OutgoingKind = "case_leads"
	// OutgoingAdmin is the card of a temporary admin, which follows its state: in the
	// DM of who asked for it and of who gets in; Ref is its ID.
	OutgoingAdmin OutgoingKind = "temp_admin"
	// OutgoingAdminNews says below that card what a card that is redrawn tells nobody;
	// Ref is its ID, "/" and what (see AdminNews).
	OutgoingAdminNews OutgoingKind = "temp_admin_news"
	// OutgoingAdminLeads is the card of one that can't be deleted, or that nobody
	// answers for, which follows its state: in the leads' channel, or else in the DM of
	// each; Ref is its ID.
	OutgoingAdminLeads OutgoingKind = "temp_admin_leads"
	// OutgoingDigest is the daily digest: in the leads' channel, or else in the DM of each;
	// Ref is the day that it is about, "2026-03-10".
	OutgoingDigest OutgoingKind = "digest"
	// OutgoingIncident is the card of an incident, which follows its state: in the leads'
	// channel, or else in the DM of each; Ref is its ID.
	OutgoingIncident OutgoingKind = "incident"
	// OutgoingHome draws somebody's Home of the app anew; Ref is who, as To is.
	OutgoingHome OutgoingKind = "home"
	// OutgoingMail is a message to a customer, by e-mail or text; Ref is the mail's
	// ID and To the channel it goes by.
	OutgoingMail OutgoingKind = "mail"
)

// Follows reports whether a message of this kind stays and follows its record:
// one is posted for each receiver and record, and then edited. Of several edits
// that wait, the newest state is shown once.
func (k OutgoingKind) Follows() bool {
	switch k {
	case OutgoingOperation, OutgoingApproval, OutgoingVerification, OutgoingBrake, OutgoingSecret, OutgoingRequest,
		OutgoingCase, OutgoingCaseAgent, OutgoingCaseThread, OutgoingAdmin, OutgoingAdminLeads, OutgoingIncident, OutgoingHome:
		return true
	case OutgoingWatchEnded, OutgoingHandOver, OutgoingMail, OutgoingSecretNews, OutgoingRequestReceived, OutgoingRequestOpened, OutgoingRequestNews,
		OutgoingCaseEvent, OutgoingCaseNews, OutgoingCaseLeads, OutgoingAdminNews, OutgoingDigest:
	}
	return false
}

// Below is the kind of the card in whose thread a message of this kind stands; ""
// for one that stands by itself.
func (k OutgoingKind) Below() OutgoingKind {
	switch k {
	case OutgoingSecretNews:
		return OutgoingSecret
	case OutgoingRequestReceived, OutgoingRequestOpened, OutgoingRequestNews:
		return OutgoingRequest
	case OutgoingCaseEvent:
		return OutgoingCase
	case OutgoingCaseNews:
		return OutgoingCaseAgent
	case OutgoingAdminNews:
		return OutgoingAdmin
	default:
		return ""
	}
}

// Record is the ID of the record that a message is about, and part what its Ref
// says behind that: of a message about a case, the number of an event or a thread; of
// news of a temporary admin, which.
func (m Outgoing) Record() (id, part string) {
	id, part, _ = strings.Cut(m.Ref, "/")
	return id, part
}

// Together reports whether several messages of this kind may be under way to one
// receiver at once: e-mails, whose receiver is all of the post, and no card.
func (k OutgoingKind) Together() bool { return k == OutgoingMail }

// Outgoing is a message to be delivered later. It names records and never
// holds content: what it says is read when it is delivered, so that nothing of
// a customer's waits in a queue.
type Outgoing struct {
	ID    string
	Kind  OutgoingKind
	To    string    // Slack ID of a user (their DM) or a channel
	Ref   string    // ID of the record it is about
	At    time.Time // when it was enqueued
	Due   time.Time // not before
	Tries int       // deliveries begun, this one included once leased
	Lease string    // proves who holds it; set by leasing, "" before
	// NotBefore is when its receiver may get it at the earliest, and Unclear says that
	// an earlier try may have delivered it; both set by leasing.
	NotBefore time.Time
	Unclear   bool
	// Request is the ID of the request that it comes from, for the log; "" for none.
	Request string
}

// Ending is what became of a message that was leased: it was delivered, is tried
// again, or is a dead letter.
type Ending struct {
	Message Outgoing
	// Due is when it is tried again, and Buried that it never is. With neither it was
	// delivered.
	Due    time.Time
	Buried bool
	// Why says, of what wasn't delivered, what happened and what to do. It is for
	// leads and holds no content.
	Why string
	// Unclear: it may have been delivered all the same, as after a time-out.
	Unclear bool
	// Free is when its receiver may get the next; zero: at once.
	Free time.Time
	// Posted is where a message that follows its record stands now; zero: as before.
	Posted Posted
}

// Posted is where a message stands in Slack.
type Posted struct{ Channel, TS string }

// OutboxTx is how a use case sends something: the row is written with what it
// tells of, or not at all.
type OutboxTx interface {
	// Enqueue stores a message to be delivered. Its Lease and Tries are ignored. Of
	// a kind that follows its record, nothing is added while one for the same
	// receiver and record waits untaken: that one will show the newest state, and its
	// At is m's, if that is later, and its Request is, if m has one.
	Enqueue(ctx context.Context, m Outgoing) error
}

// Enqueue writes a message that is due at once, and has those Homes drawn anew that
// show what it tells.
func (a *Actions) Enqueue(ctx context.Context, tx Tx, kind OutgoingKind, to, ref string) error {
	return a.EnqueueDue(ctx, tx, kind, to, ref, Instant(a.Now()))
}

// EnqueueDue is Enqueue for a message that is due later.
func (a *Actions) EnqueueDue(ctx context.Context, tx Tx, kind OutgoingKind, to, ref string, due time.Time) error {
	m := Outgoing{ID: rand.Text(), Kind: kind, To: to, Ref: ref, At: Instant(a.Now()), Due: due, Request: RequestID(ctx)}
	if err := tx.Enqueue(ctx, m); err != nil {
		return err
	}
	return a.redrawHomes(ctx, tx, kind, to)
}
