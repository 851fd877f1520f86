package actions

import (
	"context"
	"time"
)

// OperationState says how far an operation came.
type OperationState string

// The states of an operation; the last three are final.
const (
	OperationAsked   OperationState = "asked"   // waits for a second person
	OperationOwner   OperationState = "owner"   // waits for the owner of a contact to confirm
	OperationRunning OperationState = "running" // its steps are being taken
	OperationDone    OperationState = "done"
	OperationFailed  OperationState = "failed"
	OperationRefused OperationState = "refused" // declined, ran out, or refused by the check before its steps
)

// Final reports whether nothing more becomes of the operation.
func (s OperationState) Final() bool {
	return s == OperationDone || s == OperationFailed || s == OperationRefused
}

// Operation is one act that changes something, from the intent to the outcome:
// what is to be done, how far it came, and how it ended. It is stored before
// anything is touched, so that whoever finds it after a crash can carry on, and
// it ends with exactly one row of the audit.
type Operation struct {
	ID       string
	Act      Act
	Actor    string
	Subject  string // user ID of the customer
	Reason   string
	Ticket   string
	Approver string // who approved it; "" for nobody
	// Bulk is the ID of the bulk unlock that it is a part of: it has no card of its own,
	// and counts for no brake.
	Bulk string
	// Attested: nobody proved the caller, the actor vouches for them.
	Attested bool
	Params   Params
	State    OperationState
	Step     int    // how many of its steps were taken
	Why      string // the sentence that says why it failed or was refused
	At       time.Time
	EndedAt  time.Time // zero before
	Until    time.Time // of asked and owner: when it is refused by itself
	// Lease proves who carries it out; LeasedUntil is when others may go on.
	Lease       string
	LeasedUntil time.Time
}

// Params are what is particular to one act. They hold no password, link, code
// or token.
type Params struct {
	// Of an act that mails something: the agent's own text, with its literal
	// placeholders; empty: the template's. Copy is an address that gets a copy, in
	// which placeholders stay as they are (RULES S1.7).
	MailSubject string `json:",omitempty"`
	MailText    string `json:",omitempty"`
	Copy        string `json:",omitempty"`
	// Of unlock: what is released, as the check found it.
	Locks     []LockKind `json:",omitempty"`
	Indicated LockKind   `json:",omitempty"`
	Since     time.Time  `json:",omitzero"`
	// Then is the act that follows when this one is done ("Unlock and send reset").
	Then Act `json:",omitempty"`
	// Of a changed contact: the new one, the old ones, which contact confirms it,
	// and whether an admin asked instead of the owner (RULES S4.12).
	Email     string  `json:",omitempty"`
	Mobile    string  `json:",omitempty"`
	OldEmail  string  `json:",omitempty"`
	OldMobile string  `json:",omitempty"`
	Via       Channel `json:",omitempty"`
	Confirmer string  `json:",omitempty"` // user ID of who confirms, when it isn't the owner
	ByAdmin   bool    `json:",omitempty"`
	// Of delete and re-invite: the profile as it was, and the ID of the new one
	// (RULES S4.7).
	User        *User        `json:",omitempty"`
	Memberships []Membership `json:",omitempty"`
	NewID       string       `json:",omitempty"`
	// Of what undoes another operation: its ID.
	Undoes string `json:",omitempty"`
	// Of a password set by hand: nobody can be told by mail.
	Untold bool `json:",omitempty"`
	// Of what is done for a case: its ID.
	Case string `json:",omitempty"`
	// Of what is done with a temporary admin of a managed site, whose ID is the subject.
	Admin *AdminParams `json:",omitempty"`
	// Of a bulk unlock: whom it is for, and what became of them.
	Bulk *BulkParams `json:",omitempty"`
	// Begun is when its steps began: the time that its writes carry, the same
	// however often they are tried.
	Begun time.Time `json:",omitzero"`
}

// AdminParams are what an operation on a temporary admin does.
type AdminParams struct {
	Target     string // its ID
	TargetName string
	Login      string
	Receiver   string // Slack user who gets in
	Days       int    // of one that is made: days of 24 h from then on
	// Of one that is extended or adopted: when it ends, and that in words, in the team's
	// zone.
	Until time.Time `json:",omitzero"`
	Ends  string    `json:",omitempty"`
	// Untouched: making it failed, and the target surely has nothing of it.
	Untouched bool `json:",omitempty"`
}

// BulkParams are what a bulk unlock does, as it was asked for: customers who come later
// aren't among them.
type BulkParams struct {
	Outcome   Outcome // of the incident
	Since     time.Time
	Customers int
	// What became of them; nothing before it ended.
	Done, LeftOut, Failed int `json:",omitempty"`
}

// Order is what somebody wants done.
type Order struct {
	Act      Act
	UserID   string
	Reason   string
	Attested bool
	Params   Params
}

// OperationReport is an operation as people see it.
type OperationReport struct {
	Operation Operation // without Params' contacts: see Contact
	Person    Person    // masked
	// Verified is what proves the caller, nil when nothing does.
	Verified *Verified
	// Approval is what it waits or waited for, nil when it needed no second person.
	Approval *Approval
	// Does says in sentences exactly what will happen, or what happened.
	Does []string
	// While it waits for a second person: what speaks for a second look, "" for
	// nothing in particular, and the mail as who asks wrote it, with its
	// placeholders; nil for the template's.
	Mind  string
	Draft *Draft
	// Contact says what becomes of the contact, masked: "the e-mail address changes
	// from j•••@a•••.example to k•••@a•••.example".
	Contact string
	// Mails are the messages to the customer that it sent, masked.
	Mails []MailReport
	// Afterwards is what to tell the customer now; "" unless done, and when a message
	// to them didn't go out.
	Afterwards string
	// Next is the operation that follows, nil without one.
	Next *OperationReport
	// Already: it was under way already when it was asked for again.
	Already bool
	// Handover is what is known of closed accounts (RULES S4.4); nil but for
	// hand_over.
	Handover *Handover
	// Undoable: it can be undone (delete and re-invite).
	Undoable bool
	// Handout says what became of a password set by hand; "" but for that.
	Handout Handout
	// Admin is the temporary admin that it is about, nil but for that; Person is nobody
	// then.
	Admin *AdminReport
	// Bulk is how far a bulk unlock came, nil but for that; Person is nobody then.
	Bulk *BulkReport
}

// OperationTx is how operations are kept.
type OperationTx interface {
	// StartOperation stores a new operation. Its started is false, and the one
	// under way is returned, when the same act for the same subject hasn't ended.
	StartOperation(ctx context.Context, op Operation) (underWay Operation, started bool, err error)
	// Operation returns an operation, locked until the transaction ends; NotFound
	// without one.
	Operation(ctx context.Context, id string) (Operation, error)
	// MoveOperation stores State, Step, Why, Approver, Params, EndedAt, Until, Lease
	// and LeasedUntil, if it is still in the state from and its lease is lease;
	// moved is false when somebody was faster.
	MoveOperation(ctx context.Context, op Operation, from OperationState, lease string) (moved bool, err error)
	// WritingActs counts the actor's operations begun later than since, without the parts
	// of a bulk unlock.
	WritingActs(ctx context.Context, actor string, since time.Time) (int, error)
	// LookedAt counts the different customers that the actor looked up later than
	// since, from the audit, without those of a bulk unlock.
	LookedAt(ctx context.Context, actor string, since time.Time) (int, error)
}

// OperationReads is how operations are read outside a transaction.
type OperationReads interface {
	// OperationByID returns an operation, and NotFound without one.
	OperationByID(ctx context.Context, id string) (Operation, error)
	// Abandoned returns operations that run whose lease ran out at or before now,
	// and those that wait whose time is over, oldest first, at most limit.
	Abandoned(ctx context.Context, now time.Time, limit int) ([]Operation, error)
	// OperationsOf returns what was begun for a subject later than since, newest
	// first, at most limit.
	OperationsOf(ctx context.Context, subject string, since time.Time, limit int) ([]Operation, error)
}
