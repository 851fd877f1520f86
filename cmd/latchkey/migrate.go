package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/latchkey-bot/latchkey/actions"
)

// migrateCmd brings the database to this version.
type migrateCmd struct {
	Data
	JSON bool `help:"As JSON."`
}

// Run applies what is missing and says what it applied.
func (c *migrateCmd) Run(ctx context.Context, t terminal) (err error) {
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if c.JSON {
		return json.NewEncoder(t.out).Encode(map[string][]string{"applied": append([]string{}, h.applied...)})
	}
	for _, name := range h.applied {
		_, _ = fmt.Fprintln(t.out, "applied", name)
	}
	if len(h.applied) == 0 {
		_, _ = fmt.Fprintln(t.out, "The database is up to date.")
	}
	return nil
}
