package actions

import (
	"context"
	"time"
)

// VerificationState says how far the proof of a caller came.
type VerificationState string

// The states of a verification.
const (
	VerificationAsked  VerificationState = "asked"  // the code is to be sent, or was
	VerificationHolds  VerificationState = "holds"  // the caller read the code back, or confirmed by link
	VerificationFailed VerificationState = "failed" // too many wrong codes
)

// Verification is the proof that a caller is who they say: a code of 6 digits,
// sent to a contact on file, that the caller read back (RULES S4.2).
type Verification struct {
	ID      string
	UserID  string
	Actor   string // the agent who asked
	Ticket  string
	Purpose Act     // what the code is for, as its message says; ActVerify for "to help you log in"
	Via     Channel // where to
	State   VerificationState
	// Code is the HMAC of the code, nil until it is sent, and once it was used. It
	// is made when the message is delivered, and never stored or logged.
	Code      []byte
	Tries     int // wrong codes so far
	At        time.Time
	ExpiresAt time.Time // of the code: 10 minutes after it was sent
	HeldAt    time.Time // when the caller was verified; zero before
}

// HoldsUntil is when a verification that holds ends.
func (v Verification) HoldsUntil() time.Time { return v.HeldAt.Add(verifiedTime) }

// Verified says that a caller is proven, and how.
type Verified struct {
	Via    Channel   `json:"via"` // "" when the owner confirmed by link
	At     time.Time `json:"at"`
	Until  time.Time `json:"until"` // 60 minutes after
	Ticket string    `json:"ticket,omitempty"`
	By     string    `json:"by"` // the agent
}

// The limits of a verification.
const (
	codeDigits   = 6
	codeTime     = 10 * time.Minute
	codeTries    = 3
	codesAnHour  = 5                // for one customer
	verifiedTime = 60 * time.Minute // it holds for the ticket, or, without one, for the agent
	contactRests = 72 * time.Hour   // a contact that changed since proves nobody
)

// VerificationReport is a verification as an agent sees it.
type VerificationReport struct {
	Verification Verification // without Code
	Person       Person       // masked
	To           string       // the contact, masked
	Mail         MailReport   // how its message fared
	TriesLeft    int
}

// Way is a contact on file by which a caller can be proven or a change
// confirmed.
type Way struct {
	Via    Channel
	Masked string
	// Refused says why it can't be used ("It changed 3 hours ago."); "" when it can.
	Refused string
}

// VerificationTx is how verifications are kept.
type VerificationTx interface {
	StartVerification(ctx context.Context, v Verification) error
	// Verification returns one, locked until the transaction ends; NotFound without.
	Verification(ctx context.Context, id string) (Verification, error)
	// KeepVerification stores State, Code, Tries, ExpiresAt and HeldAt.
	KeepVerification(ctx context.Context, v Verification) error
	// CountVerifications counts those of a user begun later than since.
	CountVerifications(ctx context.Context, userID string, since time.Time) (int, error)
}

// VerificationReads is how verifications are read outside a transaction.
type VerificationReads interface {
	VerificationByID(ctx context.Context, id string) (Verification, error)
	// Held returns the newest verification of the user that holds since later than
	// since: of the ticket, or, when ticket is "", of the actor and without one.
	Held(ctx context.Context, userID, actor, ticket string, since time.Time) (v Verification, found bool, err error)
}
