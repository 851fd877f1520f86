package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/latchkey-bot/latchkey/store"
)

// migrateCmd brings the database to this version.
type migrateCmd struct {
	Data
	JSON bool `help:"As JSON."`
}

// Run applies what is missing and says what it applied.
func (c *migrateCmd) Run(ctx context.Context, t terminal) (err error) {
	keys, err := c.keys()
	if err != nil {
		return err
	}
	st, err := store.Open(ctx, c.DatabaseURL, store.Options{Keys: keys, Now: time.Now, Log: quiet(t)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	applied, err := st.Migrate(ctx)
	if err != nil {
		return err
	}
	if err := st.UseKeys(ctx); err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(map[string][]string{"applied": append([]string{}, applied...)})
	}
	for _, name := range applied {
		_, _ = fmt.Fprintln(t.out, "applied", name)
	}
	if len(applied) == 0 {
		_, _ = fmt.Fprintln(t.out, "The database is up to date.")
	}
	return nil
}
