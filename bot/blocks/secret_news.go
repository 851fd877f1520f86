package blocks

import (
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// SecretNews says below the card what has become of a secret: a card that is
// redrawn calls nobody.
func SecretNews(r actions.SecretReport) Message {
	text := secretName(r.Secret) + ". " + strings.Join(secretStanding(r), " ")
	needed := r.Secret.State != actions.SecretRevealed || !r.Secret.AgainAt.IsZero()
	if needed && r.Secret.Operation == "" {
		text += " Press *Send another* above if it is still needed."
	}
	return fit(text, section(text))
}

// SecretEnded answers whoever revoked a secret: with what it had come to, when
// that was too late.
func SecretEnded(r actions.SecretReport) Message {
	text := strings.Join(secretStanding(r), " ")
	if s := r.Secret.State; s != actions.SecretRevoked {
		text = "*It was too late to revoke it.* " + text
	}
	return fit(text, section(text))
}
