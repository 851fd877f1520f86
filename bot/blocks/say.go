package blocks

import (
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// whatToSay has the sentence for a caller whom nobody has verified, which
// reveals nothing, apart from the one for the verified customer; each ready to
// copy. The help article is for the latter alone, as it names the cause.
func whatToSay(decisive actions.Finding, user *actions.Person) []slack.Block {
	locale := ""
	if user != nil {
		locale = user.Locale
	}
	parts := append(toCaller(decisive, locale), toCustomer(decisive, locale)...)
	if article := plain(decisive.Article, maxAddress); article != "" {
		parts = append(parts, copyable("A help article for the verified customer", article)...)
	}
	if len(parts) == 0 {
		return nil
	}
	return []slack.Block{richText(parts...)}
}

// toCaller is English first: to answer a stranger in the language of the record
// would say that there is one. Who speaks it already may hear it.
func toCaller(decisive actions.Finding, locale string) []slack.RichTextElement {
	if sentence(decisive.TellCaller) == "" {
		return nil
	}
	parts := copyable("Say to a caller who isn't verified", sentence(decisive.TellCaller))
	if text, language := actions.TellCaller(decisive, locale); language != "" {
		parts = append(parts, copyable("The same in "+language+", if they speak it", sentence(text))...)
	}
	return parts
}

// toCustomer is in the customer's language when it is shipped, with the English
// below so that the agent knows what they say.
func toCustomer(decisive actions.Finding, locale string) []slack.RichTextElement {
	const title = "Say to the verified customer"
	switch text, language := actions.TellCustomer(decisive, locale); {
	case sentence(text) == "":
		return nil
	case language == "":
		return copyable(title, sentence(text))
	default:
		english := richLine("In English: "+sentence(decisive.TellCustomer), italic)
		return append(copyable(title+", in "+language, sentence(text)), english)
	}
}

// sentence is a plain sentence to say.
func sentence(s string) string { return plain(s, sentenceLength) }
