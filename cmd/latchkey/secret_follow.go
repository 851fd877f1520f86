package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Known names a secret that was made.
type Known struct {
	ID string `arg:"" optional:"" help:"The secret's ID; of its whole link only the ID is used."`
}

var secretID = regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`)

// unflagged is a command line in which the ID of a secret that begins with a hyphen
// isn't taken for a flag.
func unflagged(args []string) []string {
	args = slices.Clone(args)
	for i, arg := range args {
		if args[0] == "secret" && strings.HasPrefix(arg, "-") && secretID.MatchString(arg) {
			args[i] = "/s/" + arg
		}
	}
	return args
}

// id reads the ID. Whatever else was typed may be the rest of a link, and isn't
// repeated.
func (k Known) id() (string, error) {
	id := k.ID
	if _, behind, whole := strings.Cut(id, "/s/"); whole {
		id = behind
	}
	if end := strings.IndexAny(id, "#%?&/"); end >= 0 {
		id = id[:end]
	}
	if !secretID.MatchString(id) {
		return "", usagef("That is no ID of a secret: it has 22 letters, digits, - and _, and stands in the link between /s/ and #.")
	}
	return id, nil
}

// secretStatusCmd says what became of a secret.
type secretStatusCmd struct {
	Known
	JSON bool `help:"As JSON."`
	Data
}

// Run prints the secret's state.
func (c *secretStatusCmd) Run(ctx context.Context, t terminal) (err error) {
	id, err := c.id()
	if err != nil {
		return err
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	r, err := h.actions.SecretFor(ctx, atTerminal(), id)
	if err != nil {
		return err
	}
	if c.JSON {
		return printSecret(t, r)
	}
	return tellSecret(t, r)
}

// secretLine is a secret as it is printed.
type secretLine struct {
	ID         string              `json:"id"`
	State      actions.SecretState `json:"state"`
	At         time.Time           `json:"at"` // when the state began
	ExpiresAt  time.Time           `json:"expires_at"`
	From       string              `json:"from"`
	For        string              `json:"for"`
	Passphrase bool                `json:"passphrase"`
	Wrong      int                 `json:"wrong_attempts"`
	AgainAt    *time.Time          `json:"again_at"` // null: nobody asked for a new one
}

// printSecret prints a secret as JSON.
func printSecret(t terminal, r actions.SecretReport) error {
	s := r.Secret
	return json.NewEncoder(t.out).Encode(secretLine{s.ID, s.State, r.Since, s.ExpiresAt, s.From, s.For, r.Protected, s.Wrong, known(s.AgainAt)})
}

// stateWords say a state; a time follows.
var stateWords = map[actions.SecretState]string{
	actions.SecretLive: "Waiting since", actions.SecretRevealed: "Opened at", actions.SecretExpired: "Expired unopened at",
	actions.SecretRevoked: "Revoked at", actions.SecretLocked: "Locked, after five wrong passphrases, at",
}

// tellSecret prints a secret in words.
func tellSecret(t terminal, r actions.SecretReport) error {
	s, line := r.Secret, &strings.Builder{}
	_, _ = fmt.Fprintf(line, "%s %s", stateWords[s.State], minute(r.Since))
	if s.Why != "" {
		_, _ = fmt.Fprintf(line, ": %s", s.Why)
	}
	if s.State == actions.SecretLive {
		_, _ = fmt.Fprintf(line, ", good until %s", minute(s.ExpiresAt))
	}
	if s.For != "" {
		_, _ = fmt.Fprintf(line, "; for %s", s.For)
	}
	if s.State == actions.SecretLive && s.Wrong > 0 {
		_, _ = fmt.Fprintf(line, "; wrong passphrases so far: %d", s.Wrong)
	}
	if !s.AgainAt.IsZero() {
		_, _ = fmt.Fprintf(line, "; somebody with the link needs a new one, since %s", minute(s.AgainAt))
	}
	_, err := fmt.Fprintln(t.out, line)
	return err
}

// secretRevokeCmd makes the link of a secret of no use.
type secretRevokeCmd struct {
	Known
	JSON bool `help:"As JSON."`
	Data
}

// Run revokes the secret. One that ended another way before stays what it is,
// which is no success.
func (c *secretRevokeCmd) Run(ctx context.Context, t terminal) (err error) {
	id, err := c.id()
	if err != nil {
		return err
	}
	if err := c.sealable(); err != nil {
		return err
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	r, err := h.actions.RevokeSecret(ctx, atTerminal(), id)
	if err != nil {
		return err
	}
	if c.JSON {
		err = printSecret(t, r)
	} else {
		err = tellSecret(t, r)
	}
	if err == nil && r.Secret.State != actions.SecretRevoked {
		return actions.Errorf(actions.Conflict, "Nothing was revoked: the secret had ended before.")
	}
	return err
}
