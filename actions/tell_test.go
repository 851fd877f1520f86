package actions

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// inEach runs a test for every language beside English.
func inEach(t *testing.T, test func(t *testing.T, tongue *tongue)) {
	for i := range tongues {
		t.Run(tongues[i].name, func(t *testing.T) { test(t, &tongues[i]) })
	}
}

// Every sentence for the customer stands in every language, and nothing else.
func TestTongueIsWhole(t *testing.T) {
	inEach(t, func(t *testing.T, tongue *tongue) {
		for _, c := range causes {
			text, there := tongue.customer[c.id]
			if there != (c.tell != "") {
				t.Errorf("%s: %q stands for %q", c.id, text, c.tell)
			}
			if there {
				sameSentence(t, c.tell, text)
			}
		}
		for id := range tongue.customer {
			if !slices.Contains(Causes(), id) {
				t.Errorf("there is no cause %q", id)
			}
		}
		sameSentence(t, tellNoHelp, tongue.noHelp)
		sameSentence(t, tellCaller, tongue.caller)
	})
}

// carried is what every language has to carry over from English unchanged:
// numbers, placeholders of all kinds, markup, and a link.
var carried = regexp.MustCompile(`\d+|%\S|\[[^\]]*\]|\{[^}]*\}|[<>&*_` + "`" + `~]|https?:\S+|\bVPN\b`)

// sameSentence checks what can be checked of a translation: it is another
// text, it isn't empty, it asks when English asks, and carries what English
// does.
func sameSentence(t *testing.T, english, text string) {
	t.Helper()
	if text == english || strings.TrimSpace(text) != text || text == "" {
		t.Errorf("%q stands for %q", text, english)
	}
	if asks(text) != asks(english) {
		t.Errorf("%q and %q: one of them asks", text, english)
	}
	got, want := carried.FindAllString(text, -1), carried.FindAllString(english, -1)
	if !slices.Equal(got, want) {
		t.Errorf("%q carries %q, and %q %q", text, got, english, want)
	}
}

func asks(text string) bool { return strings.HasSuffix(text, "?") }

// No two languages share a sentence, which would be in the wrong one.
func TestTonguesDiffer(t *testing.T) {
	seen := map[string]string{}
	inEach(t, func(t *testing.T, tongue *tongue) {
		for _, text := range slices.AppendSeq([]string{tongue.caller, tongue.noHelp}, maps.Values(tongue.customer)) {
			if other := seen[text]; other != "" {
				t.Errorf("%q stands here and in %s", text, other)
			}
			seen[text] = tongue.name
		}
	})
}

// familiar are the words by which no customer is addressed.
var familiar = map[string]string{
	"German":     "du dich dir dein deine deinen deinem deiner deines euch euer",
	"French":     "tu te toi ton ta tes",
	"Spanish":    "tú tu tus te ti vos vosotros",
	"Portuguese": "tu teu tua teus tuas te ti vós",
}

// The forms of address are the polite ones, in each language.
func TestTonguesArePolite(t *testing.T) {
	inEach(t, func(t *testing.T, tongue *tongue) {
		wrong := strings.Fields(familiar[tongue.name])
		if wrong == nil {
			t.Fatal("nobody said what is familiar")
		}
		for _, text := range slices.AppendSeq([]string{tongue.caller, tongue.noHelp}, maps.Values(tongue.customer)) {
			for word := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
				if slices.Contains(wrong, word) {
					t.Errorf("%q says %q", text, word)
				}
			}
		}
	})
}

// locales are those of records, and the language that serves them.
var locales = map[string]string{
	"de": "German", "de-DE": "German", "de_AT": "German", "DE-ch": "German", "de_DE.UTF-8": "German", "gsw": "German",
	"fr": "French", "fr-CA": "French", "fr_BE": "French",
	"es": "Spanish", "es-419": "Spanish", "es-MX": "Spanish", "eu": "Spanish",
	"pt": "Portuguese", "pt-BR": "Portuguese", "pt_PT": "Portuguese",
	"en": "", "en-AU": "", "": "", "und": "", "nl": "", "zh-Hant": "", "root": "", "C": "", "xx": "", "deutsch": "",
	"d e": "", "de-": "", "-de": "", "de;DROP": "", "\x00de": "", "de\xff": "", "<!channel>": "", "مرحبا": "",
	"de-" + strings.Repeat("x", 100): "", "de" + strings.Repeat("-DE", 1000): "", strings.Repeat("_", 1<<16): "",
}

// shipped are the tags of the languages that we speak.
var shipped = map[string]string{"": "en", "German": "de", "French": "fr", "Spanish": "es", "Portuguese": "pt"}

func TestTellInTheLanguageOfTheLocale(t *testing.T) {
	f := Finding{Cause: CauseWrongPassword, TellCaller: tellCaller, TellCustomer: englishOf(CauseWrongPassword)}
	for locale, want := range locales {
		text, language := TellCustomer(f, locale)
		if language != want || (text == f.TellCustomer) != (want == "") {
			t.Errorf("%.40q: the customer hears %q in %q, want %q", locale, text, language, want)
		}
		text, language = TellCaller(f, locale)
		if language != want || (text == tellCaller) != (want == "") {
			t.Errorf("%.40q: a caller hears %q in %q, want %q", locale, text, language, want)
		}
		if tag := Language(locale); tag != shipped[want] {
			t.Errorf("%.40q: the language is %q, want %q", locale, tag, shipped[want])
		}
	}
}

// A caller who isn't verified hears the same for every cause, in each
// language: the sentence reveals nothing.
func TestTellCallerRevealsNothing(t *testing.T) {
	inEach(t, func(t *testing.T, tongue *tongue) {
		heard := map[string]bool{}
		for _, c := range causes {
			text, language := TellCaller(c.finding(&verdict{grade: Proven, tell: "Something else."}), tongue.tag.String())
			heard[text] = true
			if language != tongue.name {
				t.Errorf("%s: a caller hears %q in %q", c.id, text, language)
			}
		}
		if len(heard) != 1 || !heard[tongue.caller] {
			t.Errorf("callers hear %q", slices.Collect(maps.Keys(heard)))
		}
	})
}

// What a finding of its own says is never exchanged for the cause's sentence.
func TestTellWhatTheFindingSays(t *testing.T) {
	inEach(t, func(t *testing.T, tongue *tongue) {
		for _, c := range causes {
			if text, language := TellCustomer(c.finding(&verdict{}), tongue.tag.String()); text != tongue.customer[c.id] || (language == "") != (c.tell == "") {
				t.Errorf("%s: the customer hears %q in %q", c.id, text, language)
			}
		}
		malicious := Finding{Cause: CauseAccountCancelled, TellCustomer: tellNoHelp}
		if text, language := TellCustomer(malicious, tongue.tag.String()); text != tongue.noHelp || language != tongue.name {
			t.Errorf("of a malicious account: %q in %q", text, language)
		}
		for _, own := range []string{"Something else.", ""} {
			f := Finding{Cause: CauseWrongPassword, TellCaller: own, TellCustomer: own}
			if text, language := TellCustomer(f, tongue.tag.String()); text != own || language != "" {
				t.Errorf("instead of %q: %q in %q", own, text, language)
			}
			if text, language := TellCaller(f, tongue.tag.String()); text != own || language != "" {
				t.Errorf("instead of %q a caller hears %q in %q", own, text, language)
			}
		}
	})
}
