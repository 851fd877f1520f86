package actions

import (
	"context"
	"time"
)

// SecretState says how far a one-time secret came; all but live are final.
type SecretState string

// The states of a secret.
const (
	SecretLive     SecretState = "live"
	SecretRevealed SecretState = "revealed" // opened, once
	SecretExpired  SecretState = "expired"
	SecretRevoked  SecretState = "revoked" // by its sender, or because its mail failed
	SecretLocked   SecretState = "locked"  // after five wrong passphrases
)

// Secret is what is kept of a one-time secret /s/<ID>#<root>. Its root is never
// stored, but for a link that waits to be mailed, and its body lies in a row of
// its own (SealSecret), which goes when it is opened or ends.
type Secret struct {
	ID        string // 16 random bytes, base64url
	State     SecretState
	Actor     string // who sent it
	From      string // the name that the page shows
	For       string // whom it is for, masked; "" for nobody in particular
	UserID    string // of the customer whom it is for, "" for somebody else
	Ticket    string
	Operation string // whose password it hands out, or ""
	Mail      string // ID of the mail that carries it; "" when its sender hands it over
	// Salt is the passphrase's; nil without one.
	Salt []byte
	// LinkProof and ClaimProof are HMACs of what proves the link, and of what proves
	// link and passphrase, with the server key KeyID.
	LinkProof, ClaimProof []byte
	KeyID                 string
	Wrong                 int    // wrong passphrases so far
	Why                   string // it was revoked, when not by its sender: the mail failed
	At                    time.Time
	ExpiresAt             time.Time
	EndedAt               time.Time // zero while live
	AgainAt               time.Time // when somebody with the link said that they need a new one; zero: nobody did
}

// StateAt is the state at a moment, and when it began: one that ran out is
// expired before anybody has written that down.
func (s Secret) StateAt(at time.Time) (state SecretState, since time.Time) {
	switch {
	case s.State != SecretLive:
		return s.State, s.EndedAt
	case !s.ExpiresAt.After(at):
		return SecretExpired, s.ExpiresAt
	}
	return SecretLive, s.At
}

// Protected reports whether it has a passphrase.
func (s Secret) Protected() bool { return len(s.Salt) > 0 }

// The bounds of secrets and requests.
const (
	ContentLimit    = 16 << 10 // bytes
	secretTries     = 5        // wrong passphrases
	secretQuota     = 20       // secrets and requests an hour, for one Slack user
	PassphraseLimit = 200      // characters
	forLimit        = 320      // characters: as long as an address
)

// Lifetimes are how long a secret or a request may live, the shortest first.
var Lifetimes = []time.Duration{15 * time.Minute, time.Hour, 24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour}

// PassphraseKind says where a passphrase comes from.
type PassphraseKind string

// The kinds of passphrase.
const (
	PassphraseNone  PassphraseKind = "none"
	PassphraseWords PassphraseKind = "words" // generated
	PassphraseOwn   PassphraseKind = "own"
)

// NewSecret is what somebody wants to send.
type NewSecret struct {
	Content    string
	Lifetime   time.Duration // one of Lifetimes; 0: DefaultLifetime
	Passphrase PassphraseKind
	Own        string // of PassphraseOwn
	From       string // the name that the page shows
	// For is whom it is for: a customer's identifier, or a word for somebody else.
	For string
	// Mail: it goes to the customer's address on file, and has a passphrase.
	Mail bool
}

// SecretMade is a secret at the one moment when its link is known.
type SecretMade struct {
	Report SecretReport
	// Link is a bearer link: for whoever asked for it, and for no message, log or
	// record. "" when it is mailed.
	Link string
	// Passphrase is the generated one, "" when there is none.
	Passphrase string
}

// SecretReport is a secret as its sender sees it, without content.
type SecretReport struct {
	Secret Secret // State as of now; without proofs and salt
	Since  time.Time
	// Protected: it has a passphrase.
	Protected bool
	// Generated: the sender can see the passphrase, while the secret is live.
	Generated bool
	Mail      *MailReport // of one that is mailed
	Zone      *time.Location
}

// SecretStatus is what a page tells of a secret to whoever has its link. The zero
// value is an incomplete link.
type SecretStatus struct {
	State     SecretState // "" for a wrong link, or an ID nobody has
	At        time.Time   // when the state began
	ExpiresAt time.Time
	From      string
	Protected bool
	Salt      []byte // while live and protected, with
	Rounds    int
	Left      int // attempts
}

// SecretOpened is what came of opening a secret.
type SecretOpened struct {
	State SecretState // "" for a wrong link; live: the passphrase was wrong; revealed by this very call when Body isn't nil
	At    time.Time   // when the state began
	Left  int         // attempts, after a wrong passphrase
	Nonce []byte      // of Body
	Body  []byte      // sealed for the link and the passphrase
}

// SecretTx is how secrets are kept.
type SecretTx interface {
	SealedTx
	StartSecret(ctx context.Context, s Secret) error
	// Secret returns a secret, locked until the transaction ends; found is false
	// without one.
	Secret(ctx context.Context, id string) (s Secret, found bool, err error)
	// SecretOf returns the newest secret that handed out an operation's password, locked
	// as by Secret.
	SecretOf(ctx context.Context, operation string) (s Secret, found bool, err error)
	// EndSecret moves a secret from live to a final state, in one statement: ended is
	// false when it isn't live any more, or ran out at or before at; one that expires
	// must have.
	EndSecret(ctx context.Context, id string, state SecretState, why string, at time.Time) (ended bool, err error)
	// SpendTry counts a wrong passphrase, in one statement: tries is how many there
	// are now. spent is false when the secret isn't live at at, or limit are spent.
	SpendTry(ctx context.Context, id string, limit int, at time.Time) (tries int, spent bool, err error)
	// AskAgain notes that somebody needs a new one; first is false when it was noted
	// before.
	AskAgain(ctx context.Context, id string, at time.Time) (first bool, err error)
	// MadeSince counts the secrets and requests that an actor made later than since.
	MadeSince(ctx context.Context, actor string, since time.Time) (int, error)
}

// SecretReads is how secrets are read outside a transaction.
type SecretReads interface {
	SealedReads
	// SecretByID returns a secret; found is false without one.
	SecretByID(ctx context.Context, id string) (s Secret, found bool, err error)
	// SecretsBy returns an actor's secrets, newest first, at most limit.
	SecretsBy(ctx context.Context, actor string, limit int) ([]Secret, error)
	// SecretsOver returns live secrets that ran out at or before at, at most limit.
	SecretsOver(ctx context.Context, at time.Time, limit int) ([]Secret, error)
	// SecretOf returns the newest secret that handed out an operation's password.
	SecretOf(ctx context.Context, operation string) (s Secret, found bool, err error)
}
