package actions

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
)

// key is a server key of 32 times the same byte, as it is written.
func key(b byte) string { return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, 32)) }

func ring(t testing.TB, text string) Keyring {
	t.Helper()
	keys, err := ParseKeyring(text)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestParseKeyringOK(t *testing.T) {
	for name, row := range map[string]struct {
		text string
		want []string
	}{
		"One":        {"k1:" + key(1), []string{"k1"}},
		"Several":    {"k2:" + key(2) + ",k1:" + key(1), []string{"k2", "k1"}},
		"Spaces":     {" k2:" + key(2) + " , k1:" + key(1) + "\n", []string{"k2", "k1"}},
		"NoPadding":  {"k1:" + strings.TrimRight(key(1), "="), []string{"k1"}},
		"URLLetters": {"k_1-a:" + strings.NewReplacer("+", "-", "/", "_").Replace(key(0xfb)), []string{"k_1-a"}},
		"None":       {" \n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			keys := ring(t, row.text)
			if !slices.Equal(keys.IDs(), row.want) || keys.Empty() != (row.want == nil) {
				t.Errorf("the keys are %q, want %q", keys.IDs(), row.want)
			}
			if row.want != nil && keys.Current() != row.want[0] {
				t.Errorf("%q seals", keys.Current())
			}
		})
	}
}

// The errors never show a part of a key, whatever was mistaken for what.
func TestParseKeyringErrors(t *testing.T) {
	secret := key(7)
	for name, text := range map[string]string{
		"NoName":        secret,
		"EmptyName":     ":" + secret,
		"NameOfAKey":    secret + ":k1",
		"LongName":      strings.Repeat("k", 33) + ":" + secret,
		"OddName":       "k 1:" + secret,
		"TooShort":      "k1:" + secret[:40],
		"TooLong":       "k1:" + secret + secret,
		"NotBase64":     "k1:" + secret[:20] + "!" + secret[21:],
		"Twice":         "k1:" + secret + ",k1:" + key(8),
		"EmptyBehind":   "k1:" + secret + ",",
		"TwoColons":     "k1:" + secret + ":" + secret,
		"SecondIsWrong": "k1:" + key(8) + "," + secret,
	} {
		t.Run(name, func(t *testing.T) {
			keys, err := ParseKeyring(text)
			if err == nil || !keys.Empty() {
				t.Fatalf("%q is taken", text)
			}
			for i := range len(secret) - 6 {
				if strings.Contains(err.Error(), secret[i:i+6]) {
					t.Fatalf("the error shows a part of the key: %s", err)
				}
			}
		})
	}
}

func TestDerive(t *testing.T) {
	keys := ring(t, "k1:"+key(1)+",k2:"+key(2))
	seen := map[string]bool{}
	for _, kid := range keys.IDs() {
		for _, purpose := range []string{AuditPurpose, "secrets", "check"} {
			derived, err := keys.Derive(kid, purpose)
			if err != nil || len(derived) != 32 || seen[string(derived)] {
				t.Errorf("%s for %s: %x, %v", kid, purpose, derived, err)
			}
			seen[string(derived)] = true
		}
	}
	again, _ := keys.Derive("k1", AuditPurpose)
	if !seen[string(again)] {
		t.Error("the same purpose has another key")
	}
	_, err := keys.Derive("k3", AuditPurpose)
	wantCode(t, err, Unavailable)
}

func TestCheck(t *testing.T) {
	a, errA := ring(t, "k1:"+key(1)).Check("k1")
	same, errSame := ring(t, "k9:"+key(9)+",k1:"+key(1)).Check("k1")
	other, errOther := ring(t, "k1:"+key(2)).Check("k1")
	if errA != nil || errSame != nil || errOther != nil || !bytes.Equal(a, same) || bytes.Equal(a, other) {
		t.Errorf("%x, %x, %x", a, same, other)
	}
	_, err := Keyring{}.Check("k1")
	wantCode(t, err, Unavailable)
}

// TestKeep: what is kept of a retired key checks the audit, and does nothing else.
func TestKeep(t *testing.T) {
	old, both, alone := ring(t, "k1:"+key(1)), ring(t, "k2:"+key(2)+",k1:"+key(1)), ring(t, "k2:"+key(2))
	audit, err := old.Derive("k1", AuditPurpose)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := both.Seal(SealAudit, "k1", audit)
	if err != nil {
		t.Fatal(err)
	}
	broken := kept
	broken.ID = "k0" // it lies where another belongs
	keeping, err := alone.Keep([]Sealed{broken, kept})
	if err == nil || !strings.Contains(err.Error(), `"k0"`) || strings.Contains(err.Error(), `"k1"`) {
		t.Errorf("the error is %v", err)
	}
	if got, err := keeping.Derive("k1", AuditPurpose); err != nil || !bytes.Equal(got, audit) {
		t.Errorf("it has %x, %v", got, err)
	}
	if !slices.Equal(keeping.IDs(), []string{"k2"}) || keeping.heldOrCurrent("k1") != "k2" {
		t.Errorf("its keys are %q", keeping.IDs())
	}
	for _, purpose := range []string{proofPurpose, string(SealSecret), string(SealAudit), "check"} {
		_, err := keeping.Derive("k1", purpose)
		wantCode(t, err, Unavailable)
	}
	for _, kid := range []string{"k0", "k9"} {
		_, err := keeping.Derive(kid, AuditPurpose)
		wantCode(t, err, Unavailable)
	}
	_, err = alone.Derive("k1", AuditPurpose)
	wantCode(t, err, Unavailable)
}
