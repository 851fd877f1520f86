package actions

import (
	"bytes"
	"errors"
	"testing"
)

// TestSealed: what is sealed opens where it belongs.
func TestSealed(t *testing.T) {
	first := ring(t, "k1:"+key(1))
	sealed, err := first.Seal(SealSecret, "row-1", []byte("what is in it"))
	must(t, err)
	if sealed.Purpose != SealSecret || sealed.ID != "row-1" || sealed.KeyID != "k1" || bytes.Contains(sealed.Body, []byte("what")) {
		t.Errorf("got %+v", sealed)
	}
	again, err := first.Seal(SealSecret, "row-1", []byte("what is in it"))
	must(t, err)
	if bytes.Equal(again.Body, sealed.Body) {
		t.Error("the same is sealed to the same")
	}
	for what, keys := range map[string]Keyring{"the key": first, "the key and a newer one": ring(t, "k2:"+key(2)+",k1:"+key(1))} {
		if plain, err := keys.Unseal(sealed); err != nil || string(plain) != "what is in it" {
			t.Errorf("with %s it opens to %q, %v", what, plain, err)
		}
	}
}

// TestSealedElsewhere: nothing opens that was changed, or lies where another thing
// belongs.
func TestSealedElsewhere(t *testing.T) {
	keys := ring(t, "k1:"+key(1)+",k2:"+key(2)+",k3:"+key(1))
	sealed, err := keys.Seal(SealSecret, "row-1", []byte("what is in it"))
	must(t, err)
	cases := map[string]func(*Sealed){
		"another row":                    func(s *Sealed) { s.ID = "row-2" },
		"no row":                         func(s *Sealed) { s.ID = "" },
		"another key":                    func(s *Sealed) { s.KeyID = "k2" },
		"the same key by another name":   func(s *Sealed) { s.KeyID = "k3" },
		"a bit of the nonce changed":     func(s *Sealed) { s.Body[0] ^= 1 },
		"a bit of the body changed":      func(s *Sealed) { s.Body[nonceBytes] ^= 1 },
		"a bit of the tag changed":       func(s *Sealed) { s.Body[len(s.Body)-1] ^= 1 },
		"cut short":                      func(s *Sealed) { s.Body = s.Body[:len(s.Body)-1] },
		"cut to its nonce":               func(s *Sealed) { s.Body = s.Body[:nonceBytes] },
		"cut into its nonce":             func(s *Sealed) { s.Body = s.Body[:nonceBytes-1] },
		"empty":                          func(s *Sealed) { s.Body = nil },
		"the purpose and the row joined": func(s *Sealed) { s.Purpose, s.ID = SealSecret+"k", "1row-1" },
	}
	for _, purpose := range []Purpose{SealPassphrase, SealMail, SealRequest, SealAnswer, SealHandout, SealAudit} {
		cases["the purpose "+string(purpose)] = func(s *Sealed) { s.Purpose = purpose }
	}
	for what, change := range cases {
		t.Run(what, func(t *testing.T) {
			s := sealed
			s.Body = bytes.Clone(sealed.Body)
			change(&s)
			if plain, err := keys.Unseal(s); !errors.Is(err, errUnsealed) {
				t.Errorf("it opens to %q, %v", plain, err)
			}
		})
	}
}

// TestSealedWithoutKey: what can't be opened says which key is missing, and nothing
// is sealed without one.
func TestSealedWithoutKey(t *testing.T) {
	sealed, err := ring(t, "k1:"+key(1)).Seal(SealSecret, "row-1", []byte("what is in it"))
	must(t, err)
	_, err = ring(t, "k2:"+key(2)).Unseal(sealed)
	wantCode(t, err, Unavailable)
	_, err = Keyring{}.Unseal(sealed)
	wantCode(t, err, Unavailable)
	_, err = Keyring{}.Seal(SealSecret, "row-1", []byte("what is in it"))
	wantCode(t, err, Unavailable)
}
