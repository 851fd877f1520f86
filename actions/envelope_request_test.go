package actions

import (
	"bytes"
	"crypto/ecdh"
	"slices"
	"strings"
	"testing"
)

// FuzzDecoded: what is read as base64url is what was written, in one way only, and
// of exactly that many bytes.
func FuzzDecoded(f *testing.F) {
	for _, n := range []int{secretIDBytes, requestTokenBytes, nonceBytes, publicKeyBytes} {
		text := encoded(make([]byte, n))
		f.Add(text, n)
		f.Add(text+"=", n)
		f.Add(text[:len(text)-1]+"B", n)
		f.Add(text[:len(text)-1]+"\n", n)
		f.Add(strings.Repeat("_", len(text)), n)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		if n < 0 || n > 1<<10 {
			return
		}
		raw, ok := decoded(text, n)
		if !ok {
			return
		}
		if len(raw) != n || encoded(raw) != text {
			t.Errorf("%q is read as %d bytes, %x", text, len(raw), raw)
		}
	})
}

// FuzzUnpackAnswer: whatever lies where an answer should is read without a panic,
// and what was packed is unpacked as it was.
func FuzzUnpackAnswer(f *testing.F) {
	for _, n := range []int{0, publicKeyBytes, publicKeyBytes + nonceBytes + tagBytes - 1, publicKeyBytes + nonceBytes + tagBytes, 1 << 10} {
		f.Add(make([]byte, n))
	}
	f.Fuzz(func(t *testing.T, packed []byte) {
		x, ok := unpackAnswer(packed)
		if ok != (x.check() == nil || len(packed) > publicKeyBytes+nonceBytes+ContentLimit+tagBytes) {
			t.Errorf("%d bytes are read: %v, and taken: %v", len(packed), ok, x.check())
		}
		if ok && !bytes.Equal(x.packed(), packed) {
			t.Errorf("%x is read as %+v", packed, x)
		}
	})
}

// FuzzReceiveAnswer: with the right token, nothing is taken but what was sealed for
// the request, and what isn't taken changes nothing.
func FuzzReceiveAnswer(f *testing.F) {
	d := office(f)
	r := d.asks(f)
	whole := browser(f, r.id, r.stored().PublicKey, canary)
	f.Add(whole.Key, whole.Nonce, flipped(whole.Body))
	f.Add(whole.Key, whole.Nonce, whole.Body[:tagBytes])
	f.Add(whole.Key, flipped(whole.Nonce), whole.Body)
	f.Add(make([]byte, publicKeyBytes), make([]byte, nonceBytes), make([]byte, tagBytes))
	f.Add(r.stored().PublicKey, []byte{}, []byte("body"))
	f.Fuzz(func(t *testing.T, key, nonce, body []byte) {
		d.changesNothing(t, func() {
			_, taken, err := d.ReceiveAnswer(t.Context(), r.id, r.token, RequestAnswer{key, nonce, body})
			wantCode(t, err, Invalid)
			if taken {
				t.Errorf("%x, %x, %x is taken", key, nonce, body)
			}
		})
	})
}

// FuzzRequestToken: no ID and no token but the right ones see, send or open
// anything.
func FuzzRequestToken(f *testing.F) {
	d := office(f)
	r := d.asks(f)
	r.answers(f, canary)
	view := r.viewing(f)
	f.Add(r.id, flipped(r.token))
	f.Add(r.id+"=", r.token)
	f.Add(r.id[:21]+"B", view)
	f.Add("", []byte(nil))
	f.Fuzz(func(t *testing.T, id string, token []byte) {
		if id == r.id && (bytes.Equal(token, r.token) || bytes.Equal(token, view)) {
			return
		}
		d.changesNothing(t, func() {
			if page, err := d.RequestStatus(t.Context(), id, token); err != nil || page.State != "" {
				t.Errorf("asking gets %+v, %v", page, err)
			}
			if page, taken, err := d.ReceiveAnswer(t.Context(), id, token, RequestAnswer{}); err != nil || taken || page.State != "" {
				t.Errorf("sending gets %+v, %v", page, err)
			}
			if viewed, err := d.ViewAnswer(t.Context(), id, token); err != nil || viewed.State != "" || viewed.Content != nil {
				t.Errorf("opening gets %+v, %v", viewed, err)
			}
		})
	})
}

// TestOpenAnswerIsBound: an answer opens for one ID and one key only.
func TestOpenAnswerIsBound(t *testing.T) {
	d := office(t)
	r := d.asks(t)
	private, err := d.Keys.Unseal(d.store.state.sealed[sealedName(SealRequest, r.id)])
	must(t, err)
	id, ok := decoded(r.id, secretIDBytes)
	if !ok || len(private) != privateKeyBytes {
		t.Fatalf("the key has %d bytes", len(private))
	}
	x := browser(t, r.id, r.stored().PublicKey, canary)
	if got, err := openAnswer(private, id, x.Key, x.Nonce, x.Body); err != nil || string(got) != canary {
		t.Fatalf("got %q, %v", got, err)
	}
	other, err := ecdh.P256().NewPrivateKey(slices.Concat(private[:31], []byte{private[31] ^ 1}))
	must(t, err)
	for name, open := range map[string]func() ([]byte, error){
		"another ID":     func() ([]byte, error) { return openAnswer(private, flipped(id), x.Key, x.Nonce, x.Body) },
		"another key":    func() ([]byte, error) { return openAnswer(other.Bytes(), id, x.Key, x.Nonce, x.Body) },
		"another nonce":  func() ([]byte, error) { return openAnswer(private, id, x.Key, flipped(x.Nonce), x.Body) },
		"another sender": func() ([]byte, error) { return openAnswer(private, id, other.PublicKey().Bytes(), x.Nonce, x.Body) },
		"a zero key":     func() ([]byte, error) { return openAnswer(make([]byte, 32), id, x.Key, x.Nonce, x.Body) },
	} {
		if got, err := open(); err == nil || got != nil {
			t.Errorf("%s: got %q", name, got)
		}
	}
}
