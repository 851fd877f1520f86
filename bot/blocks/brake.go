package blocks

import (
	"github.com/latchkey-bot/latchkey/actions"
)

// Braked tells leads that somebody was stopped who did unusually much, and who
// released them.
func Braked(b actions.Brake) Message {
	text := mention(b.Actor) + " was stopped" + at(b.At) + ". " + orElse(said(b.Why), "They did unusually much in an hour.")
	if !b.ReleasedAt.IsZero() {
		text += " Released by " + mention(b.ReleasedBy) + at(b.ReleasedAt) + "."
		return fit(text, section(text))
	}
	advice := "Ask them whether it was them, by a call and not in Slack: their account may be somebody else's now. Until a lead releases them, " +
		"they can do nothing here."
	all := append(blocksOf(section(text), section(advice)),
		rows(offer{may: true, label: labelOf(actions.ActReleaseBrake), action: ReleaseBrakeAction, value: b.Actor})...)
	return fit(text+" "+advice, all...)
}
