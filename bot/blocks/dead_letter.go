package blocks

import (
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// lettersShown is how many dead letters one message lists; of lettersRead there may be
// more.
const (
	lettersShown = 15
	lettersRead  = 20
)

// DeadLetters lists what could not be delivered, newest first as it comes, each
// with the button that tries it once more.
func DeadLetters(letters []actions.DeadLetter) Message {
	if len(letters) == 0 {
		return Sentence("Everything was delivered.")
	}
	title := count(len(letters), "message wasn't", "messages weren't") + " delivered"
	if len(letters) >= lettersRead {
		title = "The newest " + count(len(letters), "message that wasn't", "messages that weren't") + " delivered"
	}
	all := blocksOf(header(title))
	for _, letter := range first(letters, lettersShown) {
		all = append(all, withRetry(section(letterLine(letter)), letter))
	}
	if more := len(letters) - lettersShown; more > 0 {
		all = append(all, note("…and "+count(more, "more", "more")+"."))
	}
	return fit(title+". The first: "+letterLine(letters[0]), all...)
}

func letterLine(letter actions.DeadLetter) string {
	text := joined("*"+escape(letterName(letter.Kind))+"*", receiver(letter), "given up "+when(letter.At))
	if why := line(letter.Why); why != "" {
		text += "\n" + why
	}
	return text
}

// letterName says what a message was.
func letterName(kind actions.OutgoingKind) string {
	switch kind {
	case actions.OutgoingWatchEnded:
		return "How a watch ended"
	case actions.OutgoingOperation:
		return "Card of an act"
	case actions.OutgoingApproval:
		return "Question to approve"
	case actions.OutgoingVerification:
		return "Card of a verification"
	case actions.OutgoingBrake:
		return "Notice of a brake"
	case actions.OutgoingHandOver:
		return "Hand-over"
	case actions.OutgoingMail:
		return "Message to a customer"
	case actions.OutgoingSecret:
		return "Card of a one-time secret"
	case actions.OutgoingSecretNews:
		return "What became of a one-time secret"
	case actions.OutgoingRequest:
		return "Card of a request"
	case actions.OutgoingRequestReceived, actions.OutgoingRequestOpened, actions.OutgoingRequestNews:
		return "What became of a request"
	case actions.OutgoingCase, actions.OutgoingCaseAgent, actions.OutgoingCaseThread:
		return "Card of a case"
	case actions.OutgoingCaseEvent, actions.OutgoingCaseNews, actions.OutgoingCaseLeads:
		return "What happened to a case"
	case actions.OutgoingAdmin:
		return "Card of a temporary admin"
	case actions.OutgoingAdminNews:
		return "What became of a temporary admin"
	case actions.OutgoingAdminLeads:
		return "Card of a temporary admin for the leads"
	case actions.OutgoingDigest:
		return "Daily digest"
	case actions.OutgoingIncident:
		return "Card of an incident"
	case actions.OutgoingHome:
		return "Home of the app"
	}
	return capital(plainWords(kind))
}

// receiver says who should have had it: a colleague, a channel, or what a
// customer is reached by.
func receiver(letter actions.DeadLetter) string {
	switch to := letter.To; {
	case letter.Kind == actions.OutgoingMail:
		return "by " + channelWords(actions.Channel(to))
	case slackChannel.MatchString(to):
		return "to <#" + to + ">"
	default:
		return "to " + mention(to)
	}
}

// withRetry puts the button beside a dead letter.
func withRetry(text *slack.SectionBlock, letter actions.DeadLetter) slack.Block {
	if element, ok := button(labelOf(actions.ActRetryLetter), RetryLetterAction, letter.ID); ok {
		element.AccessibilityLabel = "Retry: " + letterName(letter.Kind)
		text.Accessory = slack.NewAccessory(element)
	}
	return text
}
