package escalation

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

// all is every news.
var all = []news{mended, heldStill, notHeld, mailLooked, looked}

// Every text stands in every language, once, and has what the English one has.
func TestTellingsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for language, texts := range tellings {
		if len(texts) != len(all) {
			t.Errorf("%s has %d texts", language, len(texts))
		}
		for _, n := range all {
			text := texts[n]
			if text == "" || seen[text] || strings.TrimSpace(text) != text || strings.ContainsAny(text, "<>&*_`~[]{}") {
				t.Errorf("%s: %q", language, text)
			}
			seen[text] = true
			if asks := strings.Contains(text, "?"); asks != strings.Contains(tellings[english][n], "?") {
				t.Errorf("%s: %q asks: %v", language, text, asks)
			}
		}
	}
}

// No text says whose list it was, or that there are lists at all.
func TestTellingsRevealNothing(t *testing.T) {
	inner := strings.Fields("list lists blacklist blocklist liste listen sperrliste listes lista listas l2 amazon ses gateway unlock")
	for language, texts := range tellings {
		for _, text := range texts {
			for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
				if slices.Contains(inner, word) && (language != "fr" || word != "ses") {
					t.Errorf("%s: %q says %q", language, text, word)
				}
			}
		}
	}
}

// The forms of address are the polite ones, in each language.
func TestTellingsArePolite(t *testing.T) {
	for language, familiar := range map[string]string{
		"de": "du dich dir dein deine deinen deinem deiner deines euch euer",
		"fr": "tu te toi ton ta tes",
		"es": "tú tu tus te ti vos vosotros",
		"pt": "tu teu tua teus tuas te ti vós",
	} {
		for _, text := range tellings[language] {
			for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
				if slices.Contains(strings.Fields(familiar), word) {
					t.Errorf("%q says %q", text, word)
				}
			}
		}
	}
}

func TestTellCustomer(t *testing.T) {
	for _, test := range []struct {
		kind    Kind
		outcome Outcome
		locale  string
		news    news
		other   string // language, "" for none
	}{
		{Blocklist, ListedRemoved, "", mended, ""},
		{Delivery, ListedRemoved, "de-AT", mended, "de"},
		{Blocklist, ListedKept, "fr_CA", heldStill, "fr"},
		{Blocklist, NotListed, "es-419", notHeld, "es"},
		{Delivery, OutcomeOther, "pt-BR", mailLooked, "pt"},
		{Account, OutcomeOther, "en-AU", looked, ""},
		{Security, OutcomeOther, "nl", looked, ""},
		{Other, OutcomeOther, "de", looked, "de"},
		{Account, ListedRemoved, "de", noNews, ""},
		{Blocklist, "", "de", noNews, ""},
	} {
		var want []Saying
		if test.news != noNews {
			want = []Saying{{english, tellings[english][test.news]}}
		}
		if test.other != "" {
			want = append(want, Saying{test.other, tellings[test.other][test.news]})
		}
		if got := TellCustomer(test.kind, test.outcome, test.locale); !slices.Equal(got, want) {
			t.Errorf("%s, %s, %s: %v, want %v", test.kind, test.outcome, test.locale, got, want)
		}
	}
}
