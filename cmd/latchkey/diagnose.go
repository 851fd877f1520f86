package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// diagnoseCmd says why somebody can't log in.
type diagnoseCmd struct {
	Identifier string `arg:"" help:"E-mail address, user name, mobile number, user ID, Gateway ID or @domain."`
	At         string `help:"The moment to look at, RFC 3339; now without it." placeholder:"TIME"`
	JSON       bool   `help:"As JSON."`
	Data
	Judging
}

// Run prints the diagnosis.
func (c *diagnoseCmd) Run(ctx context.Context, t terminal) (err error) {
	query := actions.Query{Identifier: c.Identifier}
	if c.At != "" {
		if query.At, err = time.Parse(time.RFC3339Nano, c.At); err != nil {
			return usagef("--at must be a time in RFC 3339, such as 2026-03-10T09:00:00Z.")
		}
	}
	rules, err := c.rules()
	if err != nil {
		return err
	}
	h, err := c.open(ctx, rules, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	d, err := h.actions.Diagnose(ctx, atTerminal(), query)
	if err != nil {
		return err
	}
	if d.Unrecorded {
		_, _ = fmt.Fprintln(t.err, "latchkey: this look-up is not recorded, because LATCHKEY_SECRET_KEY isn't set and the audit is sealed with it.")
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(d)
	}
	return show(t.out, d)
}
