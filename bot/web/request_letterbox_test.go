package web_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

var b64 = base64.RawURLEncoding

// askedAt is when the request of the tests was made.
var askedAt = time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)

// letterbox is a RequestKeeper with one request, which opens what is sealed for it
// by the design's own letters.
type letterbox struct {
	mu      sync.Mutex
	id      []byte
	token   []byte // of the customer's link
	view    []byte // of the agent's
	private *ecdh.PrivateKey
	page    actions.RequestPage
	late    bool // the agent's five minutes are over
	content []byte
	failed  error

	calls []string // what was asked for, in order
}

// newLetterbox is a request that waits for the customer.
func newLetterbox(t testing.TB) *letterbox {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &letterbox{
		id: bytes.Repeat([]byte{7}, 16), token: bytes.Repeat([]byte{8}, 32), view: bytes.Repeat([]byte{9}, 32), private: private,
		page: actions.RequestPage{
			State: actions.RequestAsked, At: askedAt, ExpiresAt: askedAt.Add(24 * time.Hour), From: "Ana Ruiz",
			What: "The login of your shop's hosting", Why: "Orders fail there and nowhere else", PublicKey: private.PublicKey().Bytes(),
		},
	}
}

// inState is a request that came so far.
func (l *letterbox) inState(state actions.RequestState, content string) *letterbox {
	l.page.State, l.page.PublicKey, l.content = state, nil, []byte(content)
	return l
}

func (l *letterbox) name() string { return b64.EncodeToString(l.id) }

// customerLink and agentLink are paths.
func (l *letterbox) customerLink() string {
	sum := sha256.Sum256(l.private.PublicKey().Bytes())
	return "/r/" + l.name() + "#" + b64.EncodeToString(l.token) + "." + b64.EncodeToString(sum[:])
}

func (l *letterbox) agentLink() string { return "/r/" + l.name() + "#" + b64.EncodeToString(l.view) }

// did is what was asked for so far, but for the state.
func (l *letterbox) did() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(l.calls), func(call string) bool { return call == "status" })
}

// kept is what came, readable.
func (l *letterbox) kept() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.content)
}

// begin notes a call, and says whether the link is one of a request.
func (l *letterbox) begin(call, id string, token []byte) (customer, agent bool) {
	l.mu.Lock()
	l.calls = append(l.calls, call)
	right := id == l.name()
	return right && bytes.Equal(token, l.token), right && bytes.Equal(token, l.view)
}

func (l *letterbox) RequestStatus(_ context.Context, id string, token []byte) (actions.RequestPage, error) {
	customer, agent := l.begin("status", id, token)
	defer l.mu.Unlock()
	if l.failed != nil || (!customer && !agent) {
		return actions.RequestPage{}, l.failed
	}
	page := l.page
	page.Viewing = agent
	return page, nil
}

func (l *letterbox) ReceiveAnswer(_ context.Context, id string, token []byte, answer actions.RequestAnswer) (actions.RequestPage, bool, error) {
	customer, _ := l.begin("send", id, token)
	defer l.mu.Unlock()
	switch {
	case l.failed != nil || !customer:
		return actions.RequestPage{}, false, l.failed
	case l.page.State != actions.RequestAsked:
		return l.page, false, nil
	}
	content, err := l.unseal(answer)
	if err != nil {
		return actions.RequestPage{}, false, actions.Errorf(actions.Invalid, "What came can't be opened, so nothing was kept.")
	}
	l.content, l.page.State, l.page.At = content, actions.RequestReceived, askedAt.Add(time.Hour)
	return l.page, true, nil
}

func (l *letterbox) ViewAnswer(_ context.Context, id string, token []byte) (actions.RequestViewed, error) {
	_, agent := l.begin("open", id, token)
	defer l.mu.Unlock()
	switch {
	case l.failed != nil || !agent:
		return actions.RequestViewed{}, l.failed
	case l.late:
		return actions.RequestViewed{State: l.page.State, At: l.page.At, Late: true}, nil
	case l.page.State != actions.RequestReceived:
		return actions.RequestViewed{State: l.page.State, At: l.page.At}, nil
	}
	viewed := actions.RequestViewed{State: actions.RequestOpened, At: askedAt.Add(2 * time.Hour), Content: l.content}
	l.page.State, l.page.At, l.content = viewed.State, viewed.At, nil
	return viewed, nil
}

// unseal opens what a browser sealed.
func (l *letterbox) unseal(answer actions.RequestAnswer) ([]byte, error) {
	theirs, err := ecdh.P256().NewPublicKey(answer.Key)
	if err != nil {
		return nil, err
	}
	shared, err := l.private.ECDH(theirs)
	if err != nil {
		return nil, err
	}
	gcm, err := answerKey(shared, l.id)
	if err != nil {
		return nil, err
	}
	return gcm.Open(nil, answer.Nonce, answer.Body, slices.Concat([]byte("latchkey-r/1"), l.id, answer.Key, l.private.PublicKey().Bytes()))
}

// seal is what a customer's browser does.
func (l *letterbox) seal(t testing.TB, content string) map[string]string {
	t.Helper()
	ours, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := ours.ECDH(l.private.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := answerKey(shared, l.id)
	if err != nil {
		t.Fatal(err)
	}
	nonce, key := bytes.Repeat([]byte{1}, 12), ours.PublicKey().Bytes()
	data := slices.Concat([]byte("latchkey-r/1"), l.id, key, l.private.PublicKey().Bytes())
	body := gcm.Seal(nil, nonce, []byte(content), data)
	return map[string]string{
		"token": b64.EncodeToString(l.token), "key": b64.EncodeToString(key), "nonce": b64.EncodeToString(nonce), "body": b64.EncodeToString(body),
	}
}

func answerKey(shared, id []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, shared, id, "latchkey request", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (l *letterbox) tokenOnly() map[string]string {
	return map[string]string{"token": b64.EncodeToString(l.token)}
}

func (l *letterbox) viewOnly() map[string]string {
	return map[string]string{"token": b64.EncodeToString(l.view)}
}
