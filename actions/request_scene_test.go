package actions

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// The keys of the tests' servers: first seals; next came after it.
const (
	firstKey = "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	nextKey  = "k2:ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
)

// office is a desk that customers reach: with a key, pages and mail.
func office(t testing.TB, options ...option) *desk {
	t.Helper()
	d := newDesk(options...)
	d.Keys, d.PublicURL, d.Brand = ring(t, firstKey), "https://help.acme.example/", "Acme"
	d.Mailer, d.Writer = silent{}, echo{}
	return d
}

// wifi is what is asked for in the tests.
func wifi(changes ...func(*NewRequest)) NewRequest {
	n := NewRequest{What: "The password of your Wi-Fi", Why: "To see why the printer doesn't find it", From: "Ana", Lifetime: hour}
	for _, change := range changes {
		change(&n)
	}
	return n
}

// ofJane asks jane.
func ofJane(n *NewRequest) { n.For = "jane@acme.example" }

// mailedToJane asks jane by mail.
func mailedToJane(n *NewRequest) { n.For, n.Mail = "jane@acme.example", true }

// requested is a request that was made, with what stands in its link.
type requested struct {
	d           *desk
	id          string
	token       []byte
	fingerprint []byte
}

// asks makes a request of the agent U1's.
func (d *desk) asks(t testing.TB, changes ...func(*NewRequest)) requested {
	t.Helper()
	made, err := d.AskForSecret(t.Context(), agent("", "#4711"), wifi(changes...))
	if err != nil {
		t.Fatal(err)
	}
	id, fragment := parted(t, made.Link)
	token, mark, _ := strings.Cut(fragment, ".")
	return requested{d, id, raw(t, token), raw(t, mark)}
}

// parted takes the link of a request apart.
func parted(t testing.TB, link string) (id, fragment string) {
	t.Helper()
	rest, ours := strings.CutPrefix(link, "https://help.acme.example/r/")
	id, fragment, found := strings.Cut(rest, "#")
	if !ours || !found || len(id) != 22 {
		t.Fatalf("the link is %q", link)
	}
	return id, fragment
}

// raw reads base64url.
func raw(t testing.TB, text string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != 32 {
		t.Fatalf("%q isn't base64url of 32 bytes: %v", text, err)
	}
	return b
}

// stored is the request as it lies in the store.
func (r requested) stored() SecretRequest { return r.d.store.state.requests[r.id] }

// page is what the customer's page shows.
func (r requested) page(t testing.TB) RequestPage {
	t.Helper()
	page, err := r.d.RequestStatus(t.Context(), r.id, r.token)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// browser is what the customer's page does with what they typed: written from the
// design, not with the server's code.
func browser(t testing.TB, requestID string, publicKey []byte, content string) RequestAnswer {
	t.Helper()
	id, err := base64.RawURLEncoding.DecodeString(requestID)
	must(t, err)
	theirs, err := ecdh.P256().NewPublicKey(publicKey)
	must(t, err)
	mine, err := ecdh.P256().GenerateKey(rand.Reader)
	must(t, err)
	shared, err := mine.ECDH(theirs)
	must(t, err)
	key, err := hkdf.Key(sha256.New, shared, id, "latchkey request", 32)
	must(t, err)
	block, err := aes.NewCipher(key)
	must(t, err)
	gcm, err := cipher.NewGCM(block)
	must(t, err)
	x := RequestAnswer{Key: mine.PublicKey().Bytes(), Nonce: make([]byte, 12)}
	_, _ = rand.Read(x.Nonce)
	x.Body = gcm.Seal(nil, x.Nonce, []byte(content), slices.Concat([]byte("latchkey-r/1"), id, x.Key, publicKey))
	return x
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// canary is what customers send in the tests.
const canary = "Canary-Pa55w0rd"

// answers has the customer send something.
func (r requested) answers(t testing.TB, content string) {
	t.Helper()
	_, taken, err := r.d.ReceiveAnswer(t.Context(), r.id, r.token, browser(t, r.id, r.stored().PublicKey, content))
	if err != nil || !taken {
		t.Fatalf("what was sent isn't taken: %v", err)
	}
}

// viewing makes the link by which U1 opens what came, and returns its token.
func (r requested) viewing(t testing.TB) []byte {
	t.Helper()
	link, _, err := r.d.RequestLink(t.Context(), agent("", ""), r.id)
	must(t, err)
	id, fragment := parted(t, link)
	if id != r.id {
		t.Fatal("the link is another request's")
	}
	return raw(t, fragment)
}

// views opens what came.
func (r requested) views(t testing.TB, token []byte) RequestViewed {
	t.Helper()
	viewed, err := r.d.ViewAnswer(t.Context(), r.id, token)
	must(t, err)
	return viewed
}

// withdraws takes the request back.
func (r requested) withdraws(t testing.TB) {
	t.Helper()
	_, err := r.d.WithdrawRequest(t.Context(), agent("", ""), r.id)
	must(t, err)
}

// passes moves the clock on.
func (d *desk) passes(by time.Duration) { d.now = d.now.Add(by) }

// changesNothing checks that what is done leaves the store as it was.
func (d *desk) changesNothing(t testing.TB, do func()) {
	t.Helper()
	before := d.store.state.clone()
	do()
	if !reflect.DeepEqual(before, d.store.state) {
		t.Error("something changed")
	}
}

// sealedNow names what lies sealed of a record.
func (d *desk) sealedNow(id string) []Purpose {
	var purposes []Purpose
	for _, s := range d.store.state.sealed {
		if s.ID == id {
			purposes = append(purposes, s.Purpose)
		}
	}
	slices.Sort(purposes)
	return purposes
}

// holdsSealed checks what lies sealed of a record.
func (d *desk) holdsSealed(t testing.TB, id string, want ...Purpose) {
	t.Helper()
	if got := d.sealedNow(id); !slices.Equal(got, want) {
		t.Errorf("%q lie sealed, want %q", got, want)
	}
}

// written is the newest row of the audit.
func (d *desk) written(t testing.TB) AuditEntry {
	t.Helper()
	if len(d.store.state.audit) == 0 {
		t.Fatal("the audit is empty")
	}
	return d.store.state.audit[len(d.store.state.audit)-1]
}

// told takes what is under way: kinds and receivers, in order.
func (d *desk) told() []string {
	var told []string
	for _, m := range d.store.state.outbox {
		told = append(told, string(m.Kind)+" to "+m.To)
	}
	d.store.state.outbox = nil
	return told
}

// wantTold checks what is under way.
func (d *desk) wantTold(t testing.TB, want ...string) {
	t.Helper()
	if got := d.told(); !slices.Equal(got, want) {
		t.Errorf("%q is told, want %q", got, want)
	}
}

// crossing is a store in which something happens just before a transaction, or
// instead of its commit.
type crossing struct {
	*fakeStore
	before func()
	lost   error // what the commit fails with
}

func (s *crossing) Tx(ctx context.Context, fn func(Tx) error) error {
	if before := s.before; before != nil {
		s.before = nil
		before()
	}
	return s.fakeStore.Tx(ctx, func(tx Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return s.lost
	})
}

// crossed has something happen just before the next transaction.
func (d *desk) crossed(before func()) {
	d.Store = &crossing{fakeStore: d.store, before: before}
}

// vanishing is a store in which something happens just before a key is read.
type vanishing struct {
	*fakeStore
	before func()
}

func (s *vanishing) SealedByID(ctx context.Context, purpose Purpose, id string) (Sealed, bool, error) {
	s.before()
	return s.fakeStore.SealedByID(ctx, purpose, id)
}
