package actions

import (
	"context"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// The cryptography of one-time secrets, as the browser does it too. The vectors
// in testdata/vectors.json let anybody check it.

// The sizes, in bytes, and the rounds of PBKDF2.
const (
	secretIDBytes   = 16
	secretRootBytes = 32
	saltBytes       = 16
	secretKeyBytes  = 32
	SecretRounds    = 600_000
)

// The labels that keep keys of one origin apart.
const (
	labelLink  = "latchkey link"
	labelClaim = "latchkey claim"
	labelEnc   = "latchkey enc"
	labelBody  = "latchkey/1"
)

// secretKeys are what a link, and a passphrase if there is one, are made into:
// link proves the link, claim proves both, enc opens the body. 32 bytes each.
type secretKeys struct{ link, claim, enc []byte }

// deriveSecret makes the keys of a secret of its ID (16 bytes), its root (32
// bytes) and what StretchPassphrase made of its passphrase, nil without one.
func deriveSecret(id, root, stretched []byte) (secretKeys, error) {
	var k secretKeys
	var err error
	both := append(slices.Clone(root), stretched...)
	for _, d := range []struct {
		to    *[]byte
		from  []byte
		label string
	}{{&k.link, root, labelLink}, {&k.claim, both, labelClaim}, {&k.enc, both, labelEnc}} {
		if *d.to, err = hkdf.Key(sha256.New, d.from, id, d.label, secretKeyBytes); err != nil {
			return secretKeys{}, err
		}
	}
	return k, nil
}

// stretching holds as many as may stretch a passphrase at once: it costs a
// processor a tenth of a second each.
var stretching = make(chan struct{}, 4)

// stretchPassphrase is PBKDF2-HMAC-SHA256 of a passphrase as it is compared (NFKC,
// without spaces around it): 32 bytes. It waits for its turn; its error is ctx's.
func stretchPassphrase(ctx context.Context, passphrase string, salt []byte) ([]byte, error) {
	select {
	case stretching <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-stretching }()
	return pbkdf2.Key(sha256.New, normalPassphrase(passphrase), salt, SecretRounds, secretKeyBytes)
}

// normalPassphrase is a passphrase as it is compared.
func normalPassphrase(passphrase string) string {
	return strings.TrimSpace(norm.NFKC.String(passphrase))
}

// sealBody encrypts a content for its link and passphrase.
func (k secretKeys) sealBody(id, nonce, content []byte) ([]byte, error) {
	aead, err := newGCM(k.enc)
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nonce, content, append([]byte(labelBody), id...)), nil
}

// openBody decrypts it: what the browser does.
func (k secretKeys) openBody(id, nonce, body []byte) ([]byte, error) {
	aead, err := newGCM(k.enc)
	if err != nil {
		return nil, err
	}
	return aead.Open(nil, nonce, body, append([]byte(labelBody), id...))
}

// encoded is bytes as base64url without padding, as everything on the wire is.
func encoded(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// decoded reads what encoded wrote, of exactly that many bytes.
func decoded(text string, bytes int) (raw []byte, ok bool) {
	if len(text) != base64.RawURLEncoding.EncodedLen(bytes) {
		return nil, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	return raw, err == nil && len(raw) == bytes
}
