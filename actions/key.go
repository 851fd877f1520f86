package actions

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
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
	// kept are the audit's keys of server keys that were retired, by kid: they check
	// old rows, and can do nothing else.
	kept map[string][]byte
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

// heldOrCurrent returns the kid if its key is here, and else the one that seals: what was
// proven with a key that was retired since is as unknown as what nobody made.
func (r Keyring) heldOrCurrent(kid string) string {
	if _, held := r.keys[kid]; held {
		return kid
	}
	return r.Current()
}

// IDs returns the kids, the sealing one first.
func (r Keyring) IDs() []string { return r.kids }

// Keep returns the ring with the audit's keys of retired server keys, as they lie
// sealed (SealAudit). Those that can't be opened are left out, and the error says
// why.
func (r Keyring) Keep(sealed []Sealed) (Keyring, error) {
	var failures []error
	r.kept = map[string][]byte{}
	for _, s := range sealed {
		key, err := r.Unseal(s)
		if err != nil {
			failures = append(failures, fmt.Errorf("the audit's key of the retired key %q: %w", s.ID, err))
			continue
		}
		r.kept[s.ID] = key
	}
	return r, errors.Join(failures...)
}

// Derive returns the key of one purpose: HKDF-SHA256 of the server key with
// the info "latchkey wrap " + purpose, 32 bytes. It fails for a kid
// that isn't there; of one that was retired it has the audit's.
func (r Keyring) Derive(kid, purpose string) ([]byte, error) {
	key, ok := r.keys[kid]
	if kept, has := r.kept[kid]; !ok && has && purpose == AuditPurpose {
		return kept, nil
	}
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
