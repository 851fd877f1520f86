package actions

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"testing"
)

// bytesText is bytes, written as base64url.
type bytesText []byte

func (b *bytesText) UnmarshalText(text []byte) (err error) {
	*b, err = base64.RawURLEncoding.Strict().DecodeString(string(text))
	return err
}

// secretVector and requestVector are what testdata/VECTORS.md explains.
type secretVector struct {
	Name             string    `json:"name"`
	ID               bytesText `json:"id"`
	Root             bytesText `json:"root"`
	Link             string    `json:"link"`
	Passphrase       string    `json:"passphrase"`
	PassphraseNormal string    `json:"passphrase_normal"`
	Salt             bytesText `json:"salt"`
	Rounds           int       `json:"rounds"`
	Stretched        bytesText `json:"stretched"`
	LinkProof        bytesText `json:"link_proof"`
	ClaimProof       bytesText `json:"claim_proof"`
	EncKey           bytesText `json:"enc_key"`
	Nonce            bytesText `json:"nonce"`
	AssociatedData   bytesText `json:"associated_data"`
	Content          string    `json:"content"`
	Body             bytesText `json:"body"`
}

type requestVector struct {
	Name             string    `json:"name"`
	ID               bytesText `json:"id"`
	Token            bytesText `json:"token"`
	PrivateKey       bytesText `json:"private_key"`
	PublicKey        bytesText `json:"public_key"`
	Fingerprint      bytesText `json:"fingerprint"`
	Link             string    `json:"link"`
	EphemeralPrivate bytesText `json:"ephemeral_private_key"`
	EphemeralPublic  bytesText `json:"ephemeral_public_key"`
	Shared           bytesText `json:"shared"`
	EncKey           bytesText `json:"enc_key"`
	Nonce            bytesText `json:"nonce"`
	AssociatedData   bytesText `json:"associated_data"`
	Content          string    `json:"content"`
	Body             bytesText `json:"body"`
}

type vectors struct {
	Secrets  []secretVector  `json:"secrets"`
	Requests []requestVector `json:"requests"`
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	must(t, err)
	var v vectors
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	must(t, decoder.Decode(&v))
	if len(v.Secrets) < 3 || len(v.Requests) < 2 {
		t.Fatalf("there are %d secrets and %d requests", len(v.Secrets), len(v.Requests))
	}
	return v
}

// sameBytes compares bytes that were computed with those of a vector.
func sameBytes(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if string(got) != string(want) {
		t.Errorf("%s is %s, want %s", what, encoded(got), encoded(want))
	}
}

// TestSecretVectors: every value of the written vectors is what we compute.
func TestSecretVectors(t *testing.T) {
	for _, v := range readVectors(t).Secrets {
		t.Run(v.Name, func(t *testing.T) {
			var stretched []byte
			if v.Passphrase != "" {
				var err error
				if stretched, err = stretchPassphrase(t.Context(), v.Passphrase, v.Salt); err != nil {
					t.Fatal(err)
				}
				if v.Rounds != SecretRounds || len(v.Salt) != saltBytes {
					t.Errorf("it has %d rounds and %d bytes of salt", v.Rounds, len(v.Salt))
				}
			}
			if got := normalPassphrase(v.Passphrase); got != v.PassphraseNormal {
				t.Errorf("the passphrase is compared as %q, want %q", got, v.PassphraseNormal)
			}
			sameBytes(t, "stretched", stretched, v.Stretched)
			keys, err := deriveSecret(v.ID, v.Root, stretched)
			must(t, err)
			sameBytes(t, "link_proof", keys.link, v.LinkProof)
			sameBytes(t, "claim_proof", keys.claim, v.ClaimProof)
			sameBytes(t, "enc_key", keys.enc, v.EncKey)
			sameBytes(t, "associated_data", append([]byte("latchkey/1"), v.ID...), v.AssociatedData)
			body, err := keys.sealBody(v.ID, v.Nonce, []byte(v.Content))
			must(t, err)
			sameBytes(t, "body", body, v.Body)
			content, err := keys.openBody(v.ID, v.Nonce, v.Body)
			must(t, err)
			sameBytes(t, "content", content, []byte(v.Content))
			a := &Actions{}
			if got := a.secretURL(encoded(v.ID), encoded(v.Root)); got != v.Link {
				t.Errorf("the link is %q, want %q", got, v.Link)
			}
		})
	}
}

// TestRequestVectors: what a browser seals for a key of ours, we open.
func TestRequestVectors(t *testing.T) {
	for _, v := range readVectors(t).Requests {
		t.Run(v.Name, func(t *testing.T) {
			ours, err := ecdh.P256().NewPrivateKey(v.PrivateKey)
			must(t, err)
			theirs, err := ecdh.P256().NewPrivateKey(v.EphemeralPrivate)
			must(t, err)
			sameBytes(t, "public_key", ours.PublicKey().Bytes(), v.PublicKey)
			sameBytes(t, "ephemeral_public_key", theirs.PublicKey().Bytes(), v.EphemeralPublic)
			sameBytes(t, "fingerprint", fingerprint(v.PublicKey), v.Fingerprint)
			shared, err := theirs.ECDH(ours.PublicKey())
			must(t, err)
			sameBytes(t, "shared", shared, v.Shared)
			key, err := hkdf.Key(sha256.New, shared, v.ID, "latchkey request", 32)
			must(t, err)
			sameBytes(t, "enc_key", key, v.EncKey)
			sameBytes(t, "associated_data", answerData(v.ID, v.EphemeralPublic, v.PublicKey), v.AssociatedData)
			aead, err := newGCM(key)
			must(t, err)
			sameBytes(t, "body", aead.Seal(nil, v.Nonce, []byte(v.Content), v.AssociatedData), v.Body)
			content, err := openAnswer(v.PrivateKey, v.ID, v.EphemeralPublic, v.Nonce, v.Body)
			must(t, err)
			sameBytes(t, "content", content, []byte(v.Content))
			if want := "/r/" + encoded(v.ID) + "#" + encoded(v.Token) + "." + encoded(v.Fingerprint); v.Link != want {
				t.Errorf("the link is %q, want %q", v.Link, want)
			}
		})
	}
}

// TestVectorsThatDiffer: nothing opens with anything of another vector's.
func TestVectorsThatDiffer(t *testing.T) {
	v := readVectors(t)
	for i, s := range v.Secrets {
		other := v.Secrets[(i+1)%len(v.Secrets)]
		keys := secretKeys{enc: s.EncKey}
		for what, open := range map[string]func() ([]byte, error){
			"another key":       func() ([]byte, error) { return secretKeys{enc: other.EncKey}.openBody(s.ID, s.Nonce, s.Body) },
			"another ID":        func() ([]byte, error) { return keys.openBody(other.ID, s.Nonce, s.Body) },
			"another nonce":     func() ([]byte, error) { return keys.openBody(s.ID, other.Nonce, s.Body) },
			"a body cut short":  func() ([]byte, error) { return keys.openBody(s.ID, s.Nonce, s.Body[1:]) },
			"another link's ID": func() ([]byte, error) { return keys.openBody(s.Root[:16], s.Nonce, s.Body) },
		} {
			if plain, err := open(); err == nil {
				t.Errorf("%s: with %s it opens to %q", s.Name, what, plain)
			}
		}
	}
	a, b := v.Requests[0], v.Requests[1]
	for what, open := range map[string]func() ([]byte, error){
		"another key":           func() ([]byte, error) { return openAnswer(b.PrivateKey, a.ID, a.EphemeralPublic, a.Nonce, a.Body) },
		"another ID":            func() ([]byte, error) { return openAnswer(a.PrivateKey, b.ID, a.EphemeralPublic, a.Nonce, a.Body) },
		"another browser's key": func() ([]byte, error) { return openAnswer(a.PrivateKey, a.ID, b.EphemeralPublic, a.Nonce, a.Body) },
		"no point of the curve": func() ([]byte, error) { return openAnswer(a.PrivateKey, a.ID, make([]byte, 65), a.Nonce, a.Body) },
	} {
		if plain, err := open(); err == nil {
			t.Errorf("with %s the answer opens to %q", what, plain)
		}
	}
}
