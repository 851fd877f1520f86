package actions

import (
	"bytes"
	"testing"
)

// TestProofs: a proof is one thing's only, the same parts cut elsewhere are
// others, and it outlives the key that comes next.
func TestProofs(t *testing.T) {
	const first, second = "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "k2:ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
	old, err := ParseKeyring(first)
	if err != nil {
		t.Fatal(err)
	}
	next, err := ParseKeyring(second + "," + first)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := old.prove(old.Current(), proofLink, "id", "token")
	if err != nil || len(proof) != 32 {
		t.Fatalf("got %x, %v", proof, err)
	}
	if !next.proves(proof, proofLink, "id", "token") {
		t.Error("the next key doesn't know what the one before proved")
	}
	for _, parts := range [][]string{{"i", "dtoken"}, {"idtoken"}, {"id", "token", ""}, {"id", "Token"}} {
		if old.proves(proof, proofLink, parts...) {
			t.Errorf("%q are proven", parts)
		}
	}
	if old.proves(proof, proofCode, "id", "token") || old.proves(nil, proofLink, "id", "token") || (Keyring{}).proves(nil, proofLink) {
		t.Error("something else is proven")
	}
	key, err := old.Derive("k1", AuditPurpose)
	if err != nil || bytes.Equal(key, proof) {
		t.Error("the audit's key is used")
	}
}

// TestRandomText: IDs, tokens and codes have their form, and nothing else has.
func TestRandomText(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		id, token, code := randomText(linkIDBytes), randomText(linkTokenBytes), newCode()
		if !isRandomText(id, linkIDBytes) || !isRandomText(token, linkTokenBytes) || len(id) != 22 || len(token) != 43 {
			t.Fatalf("got %q, %q", id, token)
		}
		if read, err := readCode(code); err != nil || read != code {
			t.Fatalf("got %q, %v", read, err)
		}
		seen[id], seen[token] = true, true
	}
	if len(seen) != 200 {
		t.Errorf("only %d are different", len(seen))
	}
	for _, s := range []string{"", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAA+", "AAAAAAAAAAAAAAAAAAAAAB", "AAAAAAAAAAAAAAAAAAAA\r\n"} {
		if isRandomText(s, linkIDBytes) {
			t.Errorf("%q is an ID", s)
		}
	}
}

// TestEveryLanguageIsWhole: why a link is refused is said in every language.
func TestEveryLanguageIsWhole(t *testing.T) {
	for refusal, words := range linkRefusals {
		for _, locale := range []string{"", "xx", "de-DE", "fr", "es-MX", "pt_BR"} {
			if said := refusal.in(locale); said == "" || (languageOf(locale) != "" && said == words[""]) {
				t.Errorf("%s isn't said in %q: %q", refusal, locale, said)
			}
		}
		if len(words) != len(tongues)+1 {
			t.Errorf("%s is said in %d languages", refusal, len(words))
		}
	}
}
