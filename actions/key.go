package actions

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
)

// keySize is the size of a server key in bytes.
const keySize = 32

var kidPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,32}$`)

// Keyring holds the server's keys by their kid; the first seals, all open. The
// zero Keyring holds none.
type Keyring struct {
	kids []string
	keys map[string][]byte
}

// ParseKeyring reads `kid:base64(32 bytes)`, several by comma. Its errors name
// what is wrong and never show a part of a key.
func ParseKeyring(text string) (Keyring, error) {
	ring := Keyring{keys: map[string][]byte{}}
	if strings.TrimSpace(text) == "" {
		return ring, nil
	}
	for i, part := range strings.Split(text, ",") {
		kid, encoded, found := strings.Cut(strings.TrimSpace(part), ":")
		if !found || !kidPattern.MatchString(kid) {
			return Keyring{}, fmt.Errorf("key %d must be a name of letters and digits, a colon, and base64 of 32 bytes", i+1)
		}
		key, err := decodeBase64(encoded)
		if err != nil || len(key) != keySize {
			return Keyring{}, fmt.Errorf("key %q must be base64 of exactly %d bytes after the colon", kid, keySize)
		}
		if _, twice := ring.keys[kid]; twice {
			return Keyring{}, fmt.Errorf("key %q is given twice", kid)
		}
		ring.kids, ring.keys[kid] = append(ring.kids, kid), key
	}
	return ring, nil
}

// decodeBase64 reads either alphabet, with or without padding.
func decodeBase64(s string) ([]byte, error) {
	s = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(s, "="))
	return base64.RawStdEncoding.DecodeString(s)
}

// Empty reports whether there is no key.
func (r Keyring) Empty() bool { return len(r.kids) == 0 }

// Current returns the kid of the key that seals, "" without one.
func (r Keyring) Current() string {
	if r.Empty() {
		return ""
	}
	return r.kids[0]
}

// IDs returns the kids, the sealing one first.
func (r Keyring) IDs() []string { return r.kids }

// Derive returns the key of one purpose: HKDF-SHA256 of the server key with
// the info "latchkey wrap " + purpose, 32 bytes (SECRETS.md). It fails for a
// kid that isn't there.
func (r Keyring) Derive(kid, purpose string) ([]byte, error) {
	key, ok := r.keys[kid]
	if !ok {
		return nil, Errorf(Unavailable, "The server key %q isn't in LATCHKEY_SECRET_KEY, and something was sealed with it. Please add it back.", kid)
	}
	return hkdf.Key(sha256.New, key, nil, "latchkey wrap "+purpose, keySize)
}

// Check returns a value by which the key of that kid can be recognised without
// being stored.
func (r Keyring) Check(kid string) ([]byte, error) {
	key, err := r.Derive(kid, "check")
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(kid))
	return h.Sum(nil), nil
}
