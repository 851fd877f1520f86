package actions

import (
	"strings"

	"golang.org/x/text/language"
)

// tellCaller is what anybody not yet verified hears, whatever was found: it
// reveals nothing about the account, not even that there is one, and so it is
// the same for every cause.
const tellCaller = "For your security I can't talk about any login before I know who I'm speaking with. " +
	"You can always use \"Forgot your user name or password?\" on the login page: " +
	"if there is a login for what you enter, a mail goes to the address on file. Please look in spam too."

// tellNoHelp is what the customer of an account that was closed as malicious
// hears, instead of the sentence of account_cancelled (RULES S4.4).
const tellNoHelp = "I'm sorry, we can't help with this account."

// tongue is a language that what to say is shipped in. It is whole: a test
// holds that every sentence of the English table stands in each. The forms of
// address are the polite ones, and no sentence says the customer's gender.
type tongue struct {
	tag      language.Tag
	name     string // in English, for the agent
	caller   string // tellCaller
	noHelp   string // tellNoHelp
	customer map[Cause]string
}

// tongues is every language beside English.
var tongues = []tongue{german, french, spanish, portuguese}

// TellCustomer is what the verified customer hears about a finding, in the
// language of their locale when it is shipped (BCP 47 as records carry it:
// "de-DE", "de_AT"), else as the finding says it. language is the English name
// of the language, "" when the text is English. A sentence that isn't the
// table's own stays as it is.
func TellCustomer(f Finding, locale string) (text, language string) {
	t := tongueOf(locale)
	if t == nil {
		return f.TellCustomer, ""
	}
	switch f.TellCustomer {
	case tellNoHelp:
		return t.noHelp, t.name
	case "":
		return "", ""
	case englishOf(f.Cause):
		return t.customer[f.Cause], t.name
	}
	return f.TellCustomer, ""
}

// TellCaller is what anybody not yet verified hears, in the language of the
// locale as [TellCustomer] has it: in each language one sentence for every
// cause, so that it reveals nothing.
func TellCaller(f Finding, locale string) (text, language string) {
	t := tongueOf(locale)
	if t == nil || f.TellCaller != tellCaller {
		return f.TellCaller, ""
	}
	return t.caller, t.name
}

// localeLimit is how long a locale may be, in bytes; longer ones are nonsense.
const localeLimit = 64

// matcher finds the language for a locale; what comes first serves those for
// whom nothing is shipped.
var matcher = func() language.Matcher {
	tags := []language.Tag{language.English}
	for _, t := range tongues {
		tags = append(tags, t.tag)
	}
	return language.NewMatcher(tags)
}()

// tongueOf is the language of a locale; nil for English, for one that isn't
// shipped and for nonsense. Unicode's tables say which language serves the
// readers of another, as Spanish does those of Basque.
func tongueOf(locale string) *tongue {
	locale, _, _ = strings.Cut(locale, ".") // de_DE.UTF-8, as POSIX writes it
	if locale == "" || len(locale) > localeLimit {
		return nil
	}
	tag, err := language.Parse(locale)
	if err != nil {
		return nil
	}
	_, i, confidence := matcher.Match(tag)
	if i == 0 || confidence < language.High {
		return nil
	}
	return &tongues[i-1]
}

// Language is the language in which customers with a locale are spoken to, such
// as "de" for "de_AT": "en" for each that isn't shipped, as [TellCustomer] has it.
func Language(locale string) string {
	if t := tongueOf(locale); t != nil {
		return t.tag.String()
	}
	return language.English.String()
}

// englishOf is the sentence for the customer that stands in the table of
// causes.
func englishOf(id Cause) string {
	for i := range causes {
		if causes[i].id == id {
			return causes[i].tell
		}
	}
	return ""
}
