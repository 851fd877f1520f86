package blocks

import (
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// RequestReceived says below the card that something came.
func RequestReceived(r actions.RequestReport) Message {
	text := "*Received:* " + askedOf(r.Request) + ". Press *Open it* above; it opens once."
	return fit(text, section(text))
}

// RequestOpened says below the card who opened what came.
func RequestOpened(r actions.RequestReport) Message {
	text := "*Opened* by " + mention(r.Request.Actor) + endedAt(r.Since, r.Request.EndedAt) + " and deleted here: " + askedOf(r.Request) + "."
	return fit(text, section(text))
}

// RequestNews says below the card what else has become of a request.
func RequestNews(r actions.RequestReport) Message {
	text := requestName(r.Request) + ". " + requestSentence(r)
	if s := r.Request.State; s == actions.RequestExpired || s == actions.RequestWithdrawn {
		text += " Press *Ask again* above if it is still needed."
	}
	return fit(text, section(text))
}

// RequestView hands whoever asked the link of the page that opens what came,
// until it ends. It is for them alone, as an ephemeral message; Text is without
// the link.
func RequestView(link string, until time.Time) Message {
	text := "*The page that opens what came*: once, and only until " + clock(until) + "."
	all := blocksOf(section(text))
	if link != "" {
		all = append(all, richText(slack.NewRichTextSection(slack.NewRichTextSectionLinkElement(link, "Open the page", bold))))
	}
	return fit(text, append(all, note("Have a place ready to put it: it isn't shown a second time. "+
		"If the five minutes are over, press Open it once more."))...)
}

// RequestEnded answers whoever withdrew a request: with what it had come to, when
// that was too late.
func RequestEnded(r actions.RequestReport) Message {
	text := requestSentence(r)
	if r.Request.State != actions.RequestWithdrawn {
		text = "*It was too late to withdraw it.* " + text
	}
	return fit(text, section(text))
}
