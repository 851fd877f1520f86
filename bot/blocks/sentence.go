package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// Sentence says something in plain words. What was typed may be in it.
func Sentence(sentence string) Message {
	text := escape(clip(clean(sentence), maxSection/5))
	return fit(text, section(text))
}

// Failure says what went wrong. All failures look alike. Colleagues are named by
// mention.
func Failure(words actions.Words) Message {
	message := Sentence(words.Sentence)
	if text := named.ReplaceAllStringFunc(message.Text, mentioned); text != message.Text {
		return fit(text, section(text))
	}
	return message
}

// ContinueInDM says that something works only in the support channels and in
// the bot's direct messages, and offers to go on there with nothing to type
// again. channels are Slack channel IDs; value says what to go on with (see
// [ContinueAction]).
func ContinueInDM(channels []string, value string) Message {
	places := make([]string, 0, len(channels)+1)
	for _, channel := range first(channels, 5) {
		places = append(places, "<#"+channel+">")
	}
	where := "in our direct message"
	if len(places) > 0 {
		where = "in " + strings.Join(places, ", ") + " or " + where
	}
	text := "This changes something, so it works only " + where + ", and nothing was done here."
	return fit(text+" Continue in DM, and there is nothing to type again.",
		append([]slack.Block{section(text)}, rows(offer{may: true, label: "Continue in DM", action: ContinueAction, value: value})...)...)
}

// Continued says where the answer is. bot is the Slack user ID of the bot, whose
// mention leads to the direct message; "" when it isn't known.
func Continued(bot string) Message {
	text := "The answer is in our direct message."
	if bot != "" {
		text = "The answer is in our direct message: " + mention(bot)
	}
	return fit(text, section(text))
}
