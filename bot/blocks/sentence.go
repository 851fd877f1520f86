package blocks

import (
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// Sentence says something in plain words. What was typed may be in it.
func Sentence(sentence string) Message {
	text := escape(clip(clean(sentence), maxSection/5))
	return fit(text, section(text))
}

// Failure says what went wrong. All failures look alike.
func Failure(words actions.Words) Message { return Sentence(words.Sentence) }

// ContinueInDM says that something works only in the support channels and in
// the bot's direct messages. channels are Slack channel IDs; bot is the bot's
// Slack user ID, which people reach the direct message by.
func ContinueInDM(channels []string, bot string) Message {
	places := make([]string, 0, len(channels)+1)
	for _, channel := range channels[:min(len(channels), 5)] {
		places = append(places, "<#"+channel+">")
	}
	where := "in our direct message"
	if len(places) > 0 {
		where = "in " + strings.Join(places, ", ") + " or " + where
	}
	text := "This changes something, so it works only " + where + ", and nothing was done here. Continue in DM: open <@" + bot + "> and send the same command there."
	return fit(text, section(text))
}
