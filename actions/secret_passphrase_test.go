package actions

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// TestWords: there are as many as five dice throw twice over, plain, each once, and
// none that is a slip of the ear or the hand away from another.
func TestWords(t *testing.T) {
	if len(passphraseList) != 1296 {
		t.Errorf("there are %d words", len(passphraseList))
	}
	if !slices.IsSorted(passphraseList) || strings.Join(passphraseList, "\n")+"\n" != wordsFile {
		t.Error("the file isn't sorted, or not one word a line")
	}
	plain := regexp.MustCompile(`^[a-z]{3,8}$`)
	for i, word := range passphraseList {
		if !plain.MatchString(word) {
			t.Errorf("%q isn't 3 to 8 small letters", word)
		}
		for _, other := range passphraseList[:i] {
			if slip(word, other) {
				t.Errorf("%q and %q are a slip apart", other, word)
			}
		}
	}
}

// slip reports whether two words are the same but for one letter that is other,
// missing or more, or two that changed places.
func slip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i, j := 0, 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	for j < len(a)-i && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	switch left, right := a[i:len(a)-j], b[i:len(b)-j]; {
	case len(left) <= 1 && len(right) <= 1:
		return true
	default:
		return len(left) == 2 && len(right) == 2 && left[0] == right[1] && left[1] == right[0]
	}
}

// TestGenerateWords: five words of the list, drawn anew each time.
func TestGenerateWords(t *testing.T) {
	made := map[string]bool{}
	for range 200 {
		p := generateWords()
		parts := strings.Split(p, "-")
		if len(parts) != 5 || slices.ContainsFunc(parts, func(w string) bool { return !slices.Contains(passphraseList, w) }) {
			t.Fatalf("a passphrase is %q", p)
		}
		if err := CheckPassphrase(p); err != nil {
			t.Errorf("it wouldn't be taken as one's own: %v", err)
		}
		made[p] = true
	}
	if len(made) != 200 {
		t.Errorf("of 200 passphrases %d differ", len(made))
	}
	if bits := 5 * math.Log2(float64(len(passphraseList))); bits < 51 {
		t.Errorf("a passphrase has %.1f bits", bits)
	}
}

// TestGeneratePassword: it fits the usual rules, can be read out, and has 90 bits.
func TestGeneratePassword(t *testing.T) {
	shape := regexp.MustCompile(`^[A-HJKMNP-Z][a-hjkmnp-z2-9]{3}(-[a-hjkmnp-z2-9]{4}){4}$`)
	made, first, others := map[string]bool{}, map[byte]bool{}, map[byte]bool{}
	for range 2000 {
		p := GeneratePassword()
		has := func(is func(rune) bool) bool { return strings.ContainsFunc(p, is) }
		if !shape.MatchString(p) || !has(unicode.IsUpper) || !has(unicode.IsLower) || !has(unicode.IsDigit) || !strings.Contains(p, "-") {
			t.Fatalf("a password is %q", p)
		}
		made[p], first[p[0]] = true, true
		for i := 1; i < len(p); i++ {
			if p[i] != '-' {
				others[p[i]] = true
			}
		}
	}
	if len(made) != 2000 {
		t.Errorf("of 2000 passwords %d differ", len(made))
	}
	// Those without a digit are thrown away: fewer than one in a hundred.
	if bits := math.Log2(float64(len(first))) + 19*math.Log2(float64(len(others))) - 0.1; bits < 90 {
		t.Errorf("a password has %.1f bits", bits)
	}
}

// TestCheckContent: text of 1 byte to 16 KB.
func TestCheckContent(t *testing.T) {
	for _, good := range []string{"x", " x ", "a\r\n\tb\x01", "Grüße 🔑", strings.Repeat("x", ContentLimit)} {
		if err := CheckContent(good); err != nil {
			t.Errorf("%.20q isn't taken: %v", good, err)
		}
	}
	for _, bad := range []string{"", " ", "\n\t ", "a\x00b", "\xff", "a\xc3", strings.Repeat("x", ContentLimit+1), strings.Repeat("é", ContentLimit/2+1)} {
		err := CheckContent(bad)
		wantCode(t, err, Invalid)
		if err != nil && len(bad) > 1 && strings.TrimSpace(bad) != "" && strings.Contains(err.Error(), bad) {
			t.Errorf("the error repeats what was to be sent: %v", err)
		}
	}
}

// TestCheckPassphrase: 8 to 200 characters as they are compared.
func TestCheckPassphrase(t *testing.T) {
	for _, good := range []string{"12345678", "ﬁﬁﬁﬁ", "  pass word  ", strings.Repeat("ü", 200), "日本語日本語日本"} {
		if err := CheckPassphrase(good); err != nil {
			t.Errorf("%q isn't taken: %v", good, err)
		}
	}
	for what, bad := range map[string]string{
		"empty": "", "spaces": "         ", "7 characters": "1234567", "7 between spaces": "  1234567  ", "201 characters": strings.Repeat("x", 201),
		"7 that were 14": strings.Repeat("e\u0301", 7), "NUL": "12345678\x00", "a line": "1234\n5678", "no UTF-8": "12345678\xff",
		"what only browsers trim": "\uFEFF12345678", "31 marks on a letter": "1234567q" + strings.Repeat("\u0327", 31), "what only servers trim": "\u008512345678",
	} {
		t.Run(what, func(t *testing.T) { wantCode(t, CheckPassphrase(bad), Invalid) })
	}
}
