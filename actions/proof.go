package actions

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/big"
)

// proofPurpose is the purpose of the keys under which proofs are stored: what
// lies in the database recognises a secret and doesn't tell it.
const proofPurpose = "proof"

// What is proven, so that the proof of one thing is none of another.
const (
	proofCode     = "latchkey code/1"      // the ID of the verification, the code
	proofLink     = "latchkey link/1"      // the ID of the link, the token
	proofLinkCode = "latchkey link code/1" // the code that the product redeems
)

// The sizes of what is made up, in bytes.
const (
	linkIDBytes    = 16
	linkTokenBytes = 32
	linkCodeBytes  = 32
)

// prove returns HMAC-SHA256 over the parts, each with its length before it, with
// the key of that kid.
func (r Keyring) prove(kid, what string, parts ...string) ([]byte, error) {
	key, err := r.Derive(kid, proofPurpose)
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, key)
	for _, part := range append([]string{what}, parts...) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		h.Write([]byte(part))
	}
	return h.Sum(nil), nil
}

// proves reports whether proof is that of the parts, with any of the keys: what
// was proven with the one before outlives its successor's first minutes.
func (r Keyring) proves(proof []byte, what string, parts ...string) bool {
	right := false
	for _, kid := range r.IDs() {
		made, err := r.prove(kid, what, parts...)
		if err == nil && hmac.Equal(made, proof) {
			right = true
		}
	}
	return right
}

// errNoProofs is for what makes a secret on a server without a key.
func errNoProofs() error {
	return Errorf(Unavailable, "Latchkey has no key to make codes and links with. Please ask your Latchkey admin to set LATCHKEY_SECRET_KEY.")
}

// randomBytes makes up that many bytes.
func randomBytes(n int) []byte {
	raw := make([]byte, n)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	return raw
}

// randomText returns that many random bytes as base64url.
func randomText(bytes int) string { return encoded(randomBytes(bytes)) }

// isRandomText reports whether s may be what randomText made of that many bytes.
func isRandomText(s string, bytes int) bool {
	_, ok := decoded(s, bytes)
	return ok
}

// codes is how many codes there are.
var codes = new(big.Int).Exp(big.NewInt(10), big.NewInt(codeDigits), nil)

// newCode makes a code of 6 digits, each as likely as every other.
func newCode() string {
	n, _ := rand.Int(rand.Reader, codes) // never fails: crypto/rand ends the program instead
	return fmt.Sprintf("%0*d", codeDigits, n)
}
