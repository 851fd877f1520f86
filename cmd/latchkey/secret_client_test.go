package main

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// The pages' part of the cryptography, as anybody could write it who knows what
// goes over the wire and nothing else.

// wire is base64url without padding, as everything on the wire is.
var wire = base64.RawURLEncoding

// callers sends what clients send, many at once.
var callers = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 512}, Timeout: 60 * time.Second}

// secretLink is the link of a secret as its receiver has it.
type secretLink struct {
	text, name string // the name is the ID as it is written
	id, root   []byte
}

var secretPattern = regexp.MustCompile(`https://latchkey\.example/s/([A-Za-z0-9_-]{22})#([A-Za-z0-9_-]{43})`)

// readSecretLink finds the link of a secret in a text.
func readSecretLink(t testing.TB, text string) secretLink {
	t.Helper()
	found := secretPattern.FindStringSubmatch(text)
	if found == nil {
		t.Fatal("no link of a secret stands there")
	}
	return secretLink{found[0], found[1], unwired(t, found[1]), unwired(t, found[2])}
}

// unwired reads what stands on the wire.
func unwired(t testing.TB, text string) []byte {
	t.Helper()
	raw, err := wire.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// opener is what a link, and a stretched passphrase if there is one, are made into.
type opener struct {
	secretLink
	link, claim, enc []byte
}

// stretched makes the key of a passphrase.
func stretched(t testing.TB, passphrase string, salt []byte, rounds int) []byte {
	t.Helper()
	p, err := pbkdf2.Key(sha256.New, passphrase, salt, rounds, 32)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// with makes the opener; p is nil without a passphrase.
func (l secretLink) with(t testing.TB, p []byte) opener {
	t.Helper()
	derive := func(from []byte, label string) []byte {
		key, err := hkdf.Key(sha256.New, from, l.id, label, 32)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	both := slices.Concat(l.root, p)
	return opener{l, derive(l.root, "latchkey link"), derive(both, "latchkey claim"), derive(both, "latchkey enc")}
}

// answered is what a client reads: the fields of every answer, of which each has
// some.
type answered struct {
	status       int
	Error        string
	State        string
	At           time.Time
	ExpiresAt    time.Time `json:"expires_at"`
	From         string
	Passphrase   bool
	Salt         string
	Rounds       int
	AttemptsLeft int `json:"attempts_left"`
	Version      int
	Nonce, Body  string
	Key, Content string
	What, Why    string
	Viewing      bool
}

// post sends JSON, as a page does.
func post(ctx context.Context, url string, body any) (a answered, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return a, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(text))
	if err != nil {
		return a, err
	}
	r.Header.Set("Content-Type", "application/json")
	got, err := callers.Do(r)
	if err != nil {
		return a, err
	}
	defer func() { _ = got.Body.Close() }()
	a.status = got.StatusCode
	return a, json.NewDecoder(got.Body).Decode(&a)
}

// asks has a server say how the secret is.
func (o opener) asks(ctx context.Context, server string) (answered, error) {
	return post(ctx, server+"/s/"+o.name+"/status", map[string]string{"link": wire.EncodeToString(o.link)})
}

// opens has a server hand the secret out.
func (o opener) opens(ctx context.Context, server string) (answered, error) {
	return post(ctx, server+"/s/"+o.name+"/open", map[string]string{"link": wire.EncodeToString(o.link), "claim": wire.EncodeToString(o.claim)})
}

// reads decrypts what a server handed out.
func (o opener) reads(a answered) (string, error) {
	nonce, err := wire.DecodeString(a.Nonce)
	if err != nil {
		return "", err
	}
	body, err := wire.DecodeString(a.Body)
	if err != nil {
		return "", err
	}
	return o.decrypts(nonce, body)
}

// decrypts opens a body.
func (o opener) decrypts(nonce, body []byte) (string, error) {
	aead, err := gcm(o.enc)
	if err != nil {
		return "", err
	}
	plain, err := aead.Open(nil, nonce, body, slices.Concat([]byte("latchkey/1"), o.id))
	return string(plain), err
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// wantStatus expects what a server says of a secret.
func (o opener) wantStatus(t testing.TB, server, state string) answered {
	t.Helper()
	got, err := o.asks(t.Context(), server)
	if err != nil || got.status != http.StatusOK || got.State != state {
		t.Errorf("the secret is %q (%d %s), %v; want %s", got.State, got.status, got.Error, err, state)
	}
	return got
}

// wantOpened expects that the secret opens now, and holds the content.
func (o opener) wantOpened(t testing.TB, server, content string) {
	t.Helper()
	got, err := o.opens(t.Context(), server)
	if err != nil || got.status != http.StatusOK || got.Version != 1 {
		t.Errorf("opening is answered %d %q, %v", got.status, got.Error, err)
		return
	}
	if read, err := o.reads(got); err != nil || read != content {
		t.Errorf("what was opened isn't what was sent: %v", err)
	}
}

// requestLink is the link of a request as the customer has it, or, without a
// fingerprint, the one by which the agent opens what came.
type requestLink struct {
	name               string
	id, token, printed []byte
}

var requestPattern = regexp.MustCompile(`https://latchkey\.example/r/([A-Za-z0-9_-]{22})#([A-Za-z0-9_-]{43})(?:\.([A-Za-z0-9_-]{43}))?`)

// readRequestLink finds the link of a request in a text.
func readRequestLink(t testing.TB, text string) requestLink {
	t.Helper()
	found := requestPattern.FindStringSubmatch(text)
	if found == nil {
		t.Fatal("no link of a request stands there")
	}
	return requestLink{found[1], unwired(t, found[1]), unwired(t, found[2]), unwired(t, found[3])}
}

// posts sends what the page of a request sends, the token first.
func (l requestLink) posts(ctx context.Context, server, route string, more map[string]string) (answered, error) {
	body := map[string]string{"token": wire.EncodeToString(l.token)}
	for name, value := range more {
		body[name] = value
	}
	return post(ctx, server+"/r/"+l.name+"/"+route, body)
}

// seals encrypts an answer for the key of a request, whose fingerprint has to be
// the link's.
func (l requestLink) seals(t testing.TB, key []byte, content string) actions.RequestAnswer {
	t.Helper()
	if sum := sha256.Sum256(key); !bytes.Equal(sum[:], l.printed) {
		t.Fatal("the key isn't the one that the link names")
	}
	theirs, err := ecdh.P256().NewPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	own, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := own.ECDH(theirs)
	if err != nil {
		t.Fatal(err)
	}
	k, err := hkdf.Key(sha256.New, shared, l.id, "latchkey request", 32)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := gcm(k)
	if err != nil {
		t.Fatal(err)
	}
	answer := actions.RequestAnswer{Key: own.PublicKey().Bytes(), Nonce: make([]byte, 12)}
	_, _ = rand.Read(answer.Nonce) // never fails
	answer.Body = aead.Seal(nil, answer.Nonce, []byte(content), slices.Concat([]byte("latchkey-r/1"), l.id, answer.Key, key))
	return answer
}

// wired is an answer as it goes over the wire.
func wired(a actions.RequestAnswer) map[string]string {
	return map[string]string{"key": wire.EncodeToString(a.Key), "nonce": wire.EncodeToString(a.Nonce), "body": wire.EncodeToString(a.Body)}
}

// wantAnswer expects a status and an error, "" for none.
func wantAnswer(t testing.TB, got answered, err error, status int, says string) {
	t.Helper()
	if err != nil || got.status != status || got.Error != says {
		t.Errorf("it is answered %d %q, %v; want %d %q", got.status, got.Error, err, status, says)
	}
}
