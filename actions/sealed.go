package actions

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
)

// Purpose is what something is sealed for. Each has a key of its own, so that no
// sealed thing can be pasted where another is opened.
type Purpose string

// The purposes.
const (
	SealSecret     Purpose = "secret"     // the body of a one-time secret, sealed already for its link; by the secret's ID
	SealPassphrase Purpose = "passphrase" // the generated passphrase of a secret, while that is live; by the secret's ID
	SealMail       Purpose = "mail"       // what follows # in a link that waits to be mailed; by the mail's ID
	SealRequest    Purpose = "request"    // the private key of a request; by the request's ID
	SealAnswer     Purpose = "answer"     // what came for a request, sealed already for its key; by the request's ID
	SealHandout    Purpose = "handout"    // a password set by hand, until it is handed out; by the operation's ID
	SealTarget     Purpose = "target"     // what Latchkey proves itself with to a target; by the target's ID
	SealAdmin      Purpose = "temp admin" // the password of a temporary admin, until it is handed out; by the operation's ID
	SealForget     Purpose = "forget"     // the key by which forgotten people are recognised; by "forget"
	SealAudit      Purpose = "audit key"  // the audit's key of a server key that was retired; by its kid
)

// Sealed is something that lies sealed in the database.
type Sealed struct {
	Purpose Purpose
	ID      string // of the record that it belongs to
	KeyID   string // of the server key that sealed it
	Body    []byte // nonce, ciphertext and tag
}

// SealedTx is how sealed things are kept, each in its own row.
type SealedTx interface {
	// PutSealed stores a sealed thing; there is none of that purpose and ID yet.
	PutSealed(ctx context.Context, s Sealed) error
	// TakeSealed removes and returns a sealed thing; found is false without one.
	TakeSealed(ctx context.Context, purpose Purpose, id string) (s Sealed, found bool, err error)
	// DropSealed removes the sealed things of those purposes, if they are there.
	DropSealed(ctx context.Context, id string, purposes ...Purpose) error
	// SealedBefore returns at most limit sealed things whose key isn't kid, locked until
	// the transaction ends.
	SealedBefore(ctx context.Context, kid string, limit int) ([]Sealed, error)
	// Reseal replaces Body and KeyID of a sealed thing.
	Reseal(ctx context.Context, s Sealed) error
}

// SealedReads is how sealed things are read outside a transaction.
type SealedReads interface {
	// SealedByID returns a sealed thing and leaves it; found is false without one.
	SealedByID(ctx context.Context, purpose Purpose, id string) (s Sealed, found bool, err error)
}

// nonceBytes is the size of the nonces of AES-GCM.
const nonceBytes = 12

// Seal seals something for a purpose and a record, with the key that seals now:
// AES-256-GCM, with purpose, kid and ID as associated data. Errors: Unavailable
// without a key.
func (r Keyring) Seal(purpose Purpose, id string, plain []byte) (Sealed, error) {
	if r.Empty() {
		return Sealed{}, errNoKeyToSeal()
	}
	s := Sealed{Purpose: purpose, ID: id, KeyID: r.Current()}
	aead, err := r.aead(s)
	if err != nil {
		return Sealed{}, err
	}
	nonce := randomBytes(nonceBytes)
	s.Body = aead.Seal(nonce, nonce, plain, s.associated())
	return s, nil
}

// errUnsealed is the cause when something was changed, or lies where another
// belongs.
var errUnsealed = errors.New("it was changed, or sealed for something else")

// Unseal opens what Seal sealed. Errors: Unavailable when its key isn't there,
// Internal when it was changed or was sealed for another record or purpose.
func (r Keyring) Unseal(s Sealed) ([]byte, error) {
	aead, err := r.aead(s)
	if err != nil {
		return nil, err
	}
	if len(s.Body) < nonceBytes {
		return nil, fmt.Errorf("unsealing a %s: %w", s.Purpose, errUnsealed)
	}
	plain, err := aead.Open(nil, s.Body[:nonceBytes], s.Body[nonceBytes:], s.associated())
	if err != nil {
		return nil, fmt.Errorf("unsealing a %s: %w", s.Purpose, errUnsealed)
	}
	return plain, nil
}

func (r Keyring) aead(s Sealed) (cipher.AEAD, error) {
	key, err := r.Derive(s.KeyID, string(s.Purpose))
	if err != nil {
		return nil, err
	}
	return newGCM(key)
}

// associated is what the seal is bound to.
func (s Sealed) associated() []byte { return []byte(string(s.Purpose) + s.KeyID + s.ID) }

// newGCM is AES-256-GCM with a key of 32 bytes.
func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("making a cipher: %w", err)
	}
	return cipher.NewGCM(block)
}

// takeSealed removes something sealed that has to be there, and unseals it.
func (a *Actions) takeSealed(ctx context.Context, tx Tx, purpose Purpose, id string) ([]byte, error) {
	sealed, found, err := tx.TakeSealed(ctx, purpose, id)
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, Errorf(Internal, "What lay sealed for a %s isn't there.", purpose)
	}
	return a.Keys.Unseal(sealed)
}

func errNoKeyToSeal() error {
	return Errorf(Unavailable, "Latchkey has no key to seal secrets with. Please ask your Latchkey admin to set LATCHKEY_SECRET_KEY.")
}
