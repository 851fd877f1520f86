package actions

import (
	"context"
	"time"
)

// RequestState says how far a request for a secret came.
type RequestState string

// The states of a request; opened, expired and withdrawn are final.
const (
	RequestAsked     RequestState = "asked"    // the customer hasn't sent anything
	RequestReceived  RequestState = "received" // sealed, and waits for who asked
	RequestOpened    RequestState = "opened"   // read, once
	RequestExpired   RequestState = "expired"
	RequestWithdrawn RequestState = "withdrawn"
)

// SecretRequest is a request to a customer for something secret, with the page
// /r/<ID>#<token>.<fingerprint>. Its private key and what came lie sealed in rows
// of their own (SealRequest, SealAnswer), which go when it is opened or ends.
type SecretRequest struct {
	ID     string // 16 random bytes, base64url
	State  RequestState
	Actor  string // who asked, and alone may open it
	From   string // the name that the page shows
	What   string // what is needed, for the page
	Why    string // for the page
	For    string // whom it is asked of, masked; "" for nobody in particular
	UserID string // of the customer who is asked, "" for somebody else
	Ticket string
	Mail   string // ID of the mail that carries the link; "" when the agent hands it over
	// Proof is the HMAC of the token; ViewProof that of the token of the link by
	// which the agent opens it, good until ViewUntil. KeyID is their server key.
	Proof      []byte
	ViewProof  []byte
	ViewUntil  time.Time
	KeyID      string
	PublicKey  []byte // 65 bytes: P-256, uncompressed
	Reason     string // why it was withdrawn by itself: the mail failed
	At         time.Time
	ExpiresAt  time.Time // asked: for the customer; received: for who asked
	ReceivedAt time.Time
	EndedAt    time.Time
}

// StateAt is the state at a moment, and when it began.
func (r SecretRequest) StateAt(at time.Time) (state RequestState, since time.Time) {
	switch {
	case !r.EndedAt.IsZero():
		return r.State, r.EndedAt
	case !r.ExpiresAt.After(at):
		return RequestExpired, r.ExpiresAt
	case r.State == RequestReceived:
		return r.State, r.ReceivedAt
	}
	return r.State, r.At
}

// NewRequest is what somebody asks a customer for.
type NewRequest struct {
	What     string
	Why      string
	From     string        // the name that the page shows
	For      string        // a customer's identifier, or a word for somebody else
	Lifetime time.Duration // one of Lifetimes; 0: DefaultLifetime
	Mail     bool          // it goes to the customer's address on file
}

// RequestMade is a request at the one moment when its link is known.
type RequestMade struct {
	Report RequestReport
	Link   string // "" when it is mailed
}

// RequestReport is a request as who asked sees it, without content.
type RequestReport struct {
	Request SecretRequest // State as of now; without proofs
	Since   time.Time
	Mail    *MailReport
	Zone    *time.Location
}

// RequestPage is what the page of a request tells. The zero value is an
// incomplete link.
type RequestPage struct {
	State     RequestState // "" for a wrong token, or an ID nobody has
	At        time.Time    // when the state began
	ExpiresAt time.Time
	From      string
	What, Why string
	PublicKey []byte // while asked
	// Viewing: the token was that of who asked, and what came can be opened.
	Viewing bool
}

// RequestAnswer is what a customer's browser sealed.
type RequestAnswer struct {
	Key   []byte // the browser's public key, 65 bytes
	Nonce []byte // 12 bytes
	Body  []byte // ciphertext and tag
}

// RequestViewed is what came of opening what was sent.
type RequestViewed struct {
	State   RequestState // "" for a wrong token; opened by this very call when Content isn't nil
	At      time.Time
	Late    bool // the link's five minutes are over; the button makes another
	Content []byte
}

// viewTime is how long the link is good by which an agent opens what came.
const viewTime = 5 * time.Minute

// RequestTx is how requests are kept.
type RequestTx interface {
	StartRequest(ctx context.Context, r SecretRequest) error
	// Request returns a request, locked until the transaction ends; found is false
	// without one.
	Request(ctx context.Context, id string) (r SecretRequest, found bool, err error)
	// ReceiveRequest moves a request from asked to received, in one statement; until
	// is when what came is deleted unopened. received is false when it isn't asked any
	// more, or ran out.
	ReceiveRequest(ctx context.Context, id string, at, until time.Time) (received bool, err error)
	// EndRequest moves a request from one of those states to a final one, in one
	// statement; ended is false when it isn't in any, or ran out at or before at; one
	// that expires must have.
	EndRequest(ctx context.Context, id string, from []RequestState, state RequestState, reason string, at time.Time) (ended bool, err error)
	// KeepView stores the proof of the link by which an agent opens what came.
	KeepView(ctx context.Context, id string, proof []byte, kid string, until time.Time) error
}

// RequestReads is how requests are read outside a transaction.
type RequestReads interface {
	// RequestByID returns a request; found is false without one.
	RequestByID(ctx context.Context, id string) (r SecretRequest, found bool, err error)
	// RequestsBy returns an actor's requests, newest first, at most limit.
	RequestsBy(ctx context.Context, actor string, limit int) ([]SecretRequest, error)
	// RequestsOver returns requests that ran out at or before at, at most limit.
	RequestsOver(ctx context.Context, at time.Time, limit int) ([]SecretRequest, error)
}
