package actions

import (
	"errors"
	"time"
)

// DefaultDay is the default lifetime of a secret on an ordinary day (RULES S3.4).
const DefaultDay = 24 * time.Hour

// CanSendSecrets returns why nothing confidential can be sent or asked for here:
// Unavailable when there is no key, or customers can't reach the pages.
func (a *Actions) CanSendSecrets() error {
	switch {
	case a.Keys.Empty():
		return errNoKeyToSeal()
	case a.PublicURL == "":
		return Errorf(Unavailable, "One-time links aren't set up: customers can't reach Latchkey's pages. Please ask your Latchkey admin to set LATCHKEY_PUBLIC_URL.")
	}
	return nil
}

// CanMail reports whether mail is set up.
func (a *Actions) CanMail() bool { return a.carries(ChannelEmail) }

// errFor is the cause of the refusal of whom a secret or a request is for.
var errFor = errors.New("nobody is found by what was typed")

// IsAboutFor reports whether a secret or a request was refused for whom it is for.
func IsAboutFor(err error) bool { return errors.Is(err, errFor) }
