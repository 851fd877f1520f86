package actions

import (
	"context"
	"time"
)

// LinkPurpose says what a one-time link is for.
type LinkPurpose string

// The purposes of a link.
const (
	LinkLogin   LinkPurpose = "login"   // logs in once (RULES S1.4); never replaces a second factor
	LinkReset   LinkPurpose = "reset"   // chooses a new password (RULES S4.8)
	LinkConfirm LinkPurpose = "confirm" // confirms or denies a changed contact (RULES S4.12)
	LinkRemoved LinkPurpose = "removed" // says that a temporary admin was deleted (RULES S3.5)
)

// OneTimeLink is a link /l/<ID>#<token>. The token is 32 random bytes and only
// its HMAC is stored.
type OneTimeLink struct {
	ID        string // 16 random bytes, base64url
	Purpose   LinkPurpose
	UserID    string
	Operation string // of confirm: its ID; of removed: the temporary admin's
	Mail      string // ID of the mail that carried it
	Proof     []byte // HMAC of the token, as LinkProof made it
	KeyID     string // of the server key of Proof
	At        time.Time
	ExpiresAt time.Time
	SpentAt   time.Time // zero while it is good
}

// LinkState says what a link's page shows.
type LinkState string

// The states of a link. Without the right token all look like LinkIncomplete.
const (
	LinkLive       LinkState = "live" // good; of an outcome: it was good, and this use has just spent it
	LinkSpent      LinkState = "spent"
	LinkExpired    LinkState = "expired"
	LinkIncomplete LinkState = "incomplete" // a wrong token, or an ID that nobody has
	LinkRefused    LinkState = "refused"    // the user may not log in now
)

// LinkCode is the single-use code that a spent link hands to the product.
type LinkCode struct {
	Hash      []byte // HMAC of the code
	UserID    string
	Purpose   LinkPurpose
	ExpiresAt time.Time
}

// How long things last.
const (
	linkTime     = 15 * time.Minute // of login and reset
	confirmTime  = 24 * time.Hour   // of confirm
	linkCodeTime = 60 * time.Second
)

// LinkAnswer is what somebody chose on a link's page.
type LinkAnswer string

// The answers: to go on (log in, choose a password, "yes, that was me"), or
// "this wasn't me".
const (
	LinkGoOn LinkAnswer = "go_on"
	LinkDeny LinkAnswer = "deny"
)

// LinkOutcome is what came of using a link.
type LinkOutcome struct {
	State   LinkState
	Purpose LinkPurpose // "" unless the token was right
	// Code is for the product, in the address that the customer is sent on to; it
	// is never logged. "" unless a login or reset link was spent just now.
	Code string
	// Sentence says more, for the page; "" for the state's own words.
	Sentence string
	Locale   string // of the customer; "" unless the token was right
}

// LinkReads is how links are read outside a transaction.
type LinkReads interface {
	// LinkByID returns a link; found is false without one.
	LinkByID(ctx context.Context, id string) (l OneTimeLink, found bool, err error)
}

// LinkTx is how links are kept.
type LinkTx interface {
	StartLink(ctx context.Context, l OneTimeLink) error
	// OneTimeLink returns a link, locked until the transaction ends; found is
	// false without one.
	OneTimeLink(ctx context.Context, id string) (l OneTimeLink, found bool, err error)
	// SpendLink spends a link that is good; spent is false when somebody was faster.
	SpendLink(ctx context.Context, id string, at time.Time) (spent bool, err error)
	// SpendLinks spends every other link of the user of those purposes that is
	// good: one was used.
	SpendLinks(ctx context.Context, userID string, purposes []LinkPurpose, at time.Time) error
	StartLinkCode(ctx context.Context, c LinkCode) error
	// TakeLinkCode removes and returns a code that hasn't run out at at.
	TakeLinkCode(ctx context.Context, hash []byte, at time.Time) (c LinkCode, found bool, err error)
}
