package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// secretCmd sends one-time secrets and follows them: secret_read.go reads what is
// sent, secret_follow.go says what became of it.
type secretCmd struct {
	Create secretCreateCmd `cmd:"" help:"Make a link to a secret from standard input; it opens once."`
	Status secretStatusCmd `cmd:"" help:"Say what became of a secret."`
	Revoke secretRevokeCmd `cmd:"" help:"Make the link of a secret of no use."`
}

// Linking says where the pages of links are, for commands that make them.
type Linking struct {
	PublicURL string `help:"Where customers reach the pages of links." env:"LATCHKEY_PUBLIC_URL" placeholder:"URL"`
}

// secretCreateCmd makes a secret.
type secretCreateCmd struct {
	Lifetime   string   `help:"How long the link is good: 15m, 1h, 1d, 3d or 7d (default ${default})." default:"1d" placeholder:"TIME"`
	Passphrase string   `help:"none, words (generated), or file:PATH with one of your own (default ${default})." default:"words" placeholder:"KIND"`
	For        string   `help:"Whom it is for, as a note for you; customers are known by their identifiers." placeholder:"TEXT"`
	Ticket     string   `help:"The ticket that it belongs to." placeholder:"TICKET"`
	JSON       bool     `help:"As JSON."`
	Content    []string `arg:"" optional:"" hidden:"" help:"Refused: a secret is read from standard input."`
	Data
	Linking
}

// Run makes the secret and prints its link.
func (c *secretCreateCmd) Run(ctx context.Context, t terminal) (err error) {
	n, err := c.read(ctx, t)
	if err != nil {
		return err
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	h.actions.PublicURL = c.PublicURL
	call := atTerminal()
	call.Ticket = c.Ticket
	made, err := h.actions.CreateSecret(ctx, call, n)
	if err != nil {
		return err
	}
	if c.JSON {
		return printMade(t, made)
	}
	return tellMade(t, made)
}

// read checks what was asked for before anything is opened, and reads the secret
// last: nobody types one in vain.
func (c *secretCreateCmd) read(ctx context.Context, t terminal) (n actions.NewSecret, err error) {
	switch {
	case len(c.Content) > 0:
		return n, usagef("A secret is no argument: others on this machine could read it, and the shell keeps it in its history. " +
			"Please pipe it in, or type it when you are asked.")
	case c.PublicURL == "":
		return n, usagef("LATCHKEY_PUBLIC_URL is not set: the link leads there.")
	}
	if err := verify(check{"LATCHKEY_PUBLIC_URL", c.PublicURL, plainURL}, check{"--ticket", c.Ticket, note}, check{"--for", c.For, note}); err != nil {
		return n, err
	}
	if err := c.sealable(); err != nil {
		return n, err
	}
	n.For = c.For
	if n.Lifetime, err = actions.ParseLifetime(c.Lifetime); err != nil {
		return n, usagef("There is no such lifetime. %v", err)
	}
	if n.Passphrase, n.Own, err = passphrase(c.Passphrase); err != nil {
		return n, err
	}
	n.Content, err = readSecret(ctx, t)
	return n, err
}

// sealable refuses to go on without a key, before any database is made.
func (d *Data) sealable() error {
	keys, err := d.keys()
	if err == nil && keys.Empty() {
		err = usagef("LATCHKEY_SECRET_KEY is not set: secrets are sealed with it, and made and revoked on the record.")
	}
	return err
}

// note takes one line beside a secret.
func note(s string) error {
	if len(s) > noteMost || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Errorf("must be one line of at most %d bytes", noteMost)
	}
	return nil
}

// noteMost is the longest note beside a secret, in bytes: as long as an address.
const noteMost = 320

// printMade prints a secret as JSON.
func printMade(t terminal, made actions.SecretMade) error {
	line := struct {
		ID         string    `json:"id"`
		Link       string    `json:"link"`
		Passphrase *string   `json:"passphrase"` // null: none was generated
		ExpiresAt  time.Time `json:"expires_at"`
	}{made.Report.Secret.ID, made.Link, nil, made.Report.Secret.ExpiresAt}
	if made.Passphrase != "" {
		line.Passphrase = &made.Passphrase
	}
	return json.NewEncoder(t.out).Encode(line)
}

// tellMade prints the link alone, so that it can be piped, and the rest in words
// beside it.
func tellMade(t terminal, made actions.SecretMade) error {
	_, _ = fmt.Fprintf(t.err, "The link opens once, until %s. It is shown this once.\n", minute(made.Report.Secret.ExpiresAt))
	if made.Passphrase != "" {
		_, _ = fmt.Fprintf(t.err, "Passphrase: %s\nPlease tell it another way than the link.\n", made.Passphrase)
	}
	if _, err := fmt.Fprintln(t.out, made.Link); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(t.err, "What became of it: latchkey secret status %s\n", made.Report.Secret.ID)
	return nil
}
