package web_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/web"
)

// vault is a SecretOpener with one secret, sealed for its link and its passphrase
// by the design's own letters.
type vault struct {
	mu       sync.Mutex
	id, root []byte
	link     []byte // the proofs
	claim    []byte
	nonce    []byte
	body     []byte
	status   actions.SecretStatus
	failed   error
	now      time.Time // when it is opened or locked

	calls []string // what was asked for, in order
}

// derived is HKDF of a label of the design.
func derived(t testing.TB, secret, id []byte, label string) []byte {
	t.Helper()
	key, err := hkdf.Key(sha256.New, secret, id, label, 32)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// newVault is a live secret with that content; with a passphrase unless it is "".
func newVault(t testing.TB, content, passphrase string) *vault {
	t.Helper()
	v := &vault{
		id: bytes.Repeat([]byte{3}, 16), root: bytes.Repeat([]byte{4}, 32), nonce: bytes.Repeat([]byte{5}, 12), now: askedAt,
		status: actions.SecretStatus{State: actions.SecretLive, At: askedAt, ExpiresAt: askedAt.Add(3 * 24 * time.Hour), From: "Ana Ruiz"},
	}
	both := slices.Clone(v.root)
	if passphrase != "" {
		salt := bytes.Repeat([]byte{6}, 16)
		stretched, err := pbkdf2.Key(sha256.New, strings.TrimSpace(norm.NFKC.String(passphrase)), salt, 600_000, 32)
		if err != nil {
			t.Fatal(err)
		}
		both = append(both, stretched...)
		v.status.Protected, v.status.Salt, v.status.Rounds, v.status.Left = true, salt, 600_000, 5
	}
	v.link, v.claim = derived(t, v.root, v.id, "latchkey link"), derived(t, both, v.id, "latchkey claim")
	block, err := aes.NewCipher(derived(t, both, v.id, "latchkey enc"))
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	v.body = aead.Seal(nil, v.nonce, []byte(content), append([]byte("latchkey/1"), v.id...))
	return v
}

// ended is a secret that came to an end.
func (v *vault) ended(state actions.SecretState) *vault {
	v.status.State, v.status.At, v.body = state, v.now, nil
	return v
}

func (v *vault) name() string { return b64.EncodeToString(v.id) }
func (v *vault) path() string { return "/s/" + v.name() }

// secretLink is its path and what follows.
func (v *vault) secretLink() string { return v.path() + "#" + b64.EncodeToString(v.root) }

func (v *vault) SecretStatus(_ context.Context, id string, link []byte) (actions.SecretStatus, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.calls = append(v.calls, "status")
	if v.failed != nil || id != v.name() || !bytes.Equal(link, v.link) {
		return actions.SecretStatus{}, v.failed
	}
	return v.status, nil
}

func (v *vault) OpenSecret(_ context.Context, id string, link, claim []byte) (actions.SecretOpened, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.calls = append(v.calls, "open")
	switch {
	case v.failed != nil || id != v.name() || !bytes.Equal(link, v.link):
		return actions.SecretOpened{}, v.failed
	case v.status.State != actions.SecretLive:
		return actions.SecretOpened{State: v.status.State, At: v.status.At}, nil
	case !bytes.Equal(claim, v.claim):
		if v.status.Left--; v.status.Left > 0 {
			return actions.SecretOpened{State: actions.SecretLive, Left: v.status.Left}, nil
		}
		v.ended(actions.SecretLocked)
		return actions.SecretOpened{State: v.status.State, At: v.status.At}, nil
	}
	body := v.body
	v.ended(actions.SecretRevealed)
	return actions.SecretOpened{State: v.status.State, At: v.status.At, Nonce: v.nonce, Body: body}, nil
}

func (v *vault) AskSecretAgain(_ context.Context, id string, link []byte) (bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.calls = append(v.calls, "again")
	return v.failed == nil && id == v.name() && bytes.Equal(link, v.link), v.failed
}

// asked is what was asked for so far.
func (v *vault) asked() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return strings.Join(v.calls, " ")
}

// secretDoor serves the pages of a company.
func secretDoor(v web.SecretOpener, changes ...func(*web.SecretPages)) http.Handler {
	pages := web.SecretPages{Secrets: v, Guard: web.NewGuard("https://help.acme.example", nil), Brand: "Acme", Log: silent}
	for _, change := range changes {
		change(&pages)
	}
	return web.Secrets(pages)
}

// proofs are what the page's script sends.
func (v *vault) proofs(names ...string) map[string]string {
	all := map[string]string{"link": b64.EncodeToString(v.link), "claim": b64.EncodeToString(v.claim)}
	sent := map[string]string{}
	for _, name := range names {
		sent[name] = all[name]
	}
	return sent
}

// posts sends what the page's script would, or a body as it is.
func posts(h http.Handler, path string, body any, changes ...func(*http.Request)) *httptest.ResponseRecorder {
	raw, whole := body.(string)
	if !whole {
		marshalled, _ := json.Marshal(body) //nolint:errchkjson // maps of texts
		raw = string(marshalled)
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(raw))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", "https://help.acme.example")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return visits(h, r, changes)
}

// answered checks a status and the whole of a JSON answer.
func answered(t *testing.T, got *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	if got.Code != status || strings.TrimSpace(got.Body.String()) != body {
		t.Errorf("got %d %s, want %d %s", got.Code, got.Body, status, body)
	}
}

func TestSecretStatus(t *testing.T) {
	const times = `"at":"2026-11-20T09:30:00Z","expires_at":"2026-11-23T09:30:00Z","from":"Ana Ruiz"`
	t.Run("Live", func(t *testing.T) {
		v := newVault(t, "x", "")
		answered(t, posts(secretDoor(v), v.path()+"/status", v.proofs("link")), 200, `{"state":"live",`+times+`,"passphrase":false}`)
	})
	t.Run("Protected", func(t *testing.T) {
		v := newVault(t, "x", "y")
		answered(t, posts(secretDoor(v), v.path()+"/status", v.proofs("link")), 200,
			`{"state":"live",`+times+`,"passphrase":true,"salt":"BgYGBgYGBgYGBgYGBgYGBg","rounds":600000,"attempts_left":5}`)
	})
	for _, state := range []actions.SecretState{actions.SecretRevealed, actions.SecretExpired, actions.SecretRevoked, actions.SecretLocked} {
		t.Run(string(state), func(t *testing.T) { // without what only serves who may still try
			v := newVault(t, "x", "y").ended(state)
			answered(t, posts(secretDoor(v), v.path()+"/status", v.proofs("link")), 200, `{"state":"`+string(state)+`",`+times+`,"passphrase":true}`)
		})
	}
}

// One that opens it gets the body; whoever comes later reads when that was.
func TestSecretOpen(t *testing.T) {
	v := newVault(t, "x", "")
	h, path, good := secretDoor(v), v.path()+"/open", v.proofs("link", "claim")
	body := b64.EncodeToString(v.body)
	answered(t, posts(h, path, good), 200, `{"version":1,"nonce":"BQUFBQUFBQUFBQUF","body":"`+body+`"}`)
	answered(t, posts(h, path, good), 410, `{"error":"revealed","at":"2026-11-20T09:30:00Z"}`)
}

func TestSecretWrongPassphrase(t *testing.T) {
	v := newVault(t, "x", "y")
	h, path, bad := secretDoor(v), v.path()+"/open", v.proofs("link", "claim")
	bad["claim"] = bad["link"]
	for left := 4; left > 0; left-- {
		answered(t, posts(h, path, bad), 403, fmt.Sprintf(`{"error":"wrong_passphrase","attempts_left":%d}`, left))
	}
	answered(t, posts(h, path, bad), 410, `{"error":"locked","at":"2026-11-20T09:30:00Z"}`)
	answered(t, posts(h, path, v.proofs("link", "claim")), 410, `{"error":"locked","at":"2026-11-20T09:30:00Z"}`)
}

func TestSecretAgain(t *testing.T) {
	v := newVault(t, "x", "").ended(actions.SecretExpired)
	answered(t, posts(secretDoor(v), v.path()+"/again", v.proofs("link")), 200, `{}`)
}

// A wrong link and an ID that nobody has look alike, whatever is asked.
func TestSecretIncomplete(t *testing.T) {
	for does, names := range map[string][]string{"status": {"link"}, "open": {"link", "claim"}, "again": {"link"}} {
		v := newVault(t, "x", "")
		wrong := v.proofs(names...)
		wrong["link"] = b64.EncodeToString(make([]byte, 32))
		nowhere := "/s/" + b64.EncodeToString(make([]byte, 16)) + "/" + does
		for _, answer := range []*httptest.ResponseRecorder{
			posts(secretDoor(v), v.path()+"/"+does, wrong), posts(secretDoor(v), nowhere, v.proofs(names...)),
		} {
			answered(t, answer, 404, `{"error":"incomplete_link"}`)
		}
	}
}
