package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
)

// backupCmd copies an SQLite database into a file.
type backupCmd struct {
	File string `arg:"" help:"The file that the copy is made in; there is none of that name yet."`
	JSON bool   `help:"As JSON."`
	Data
}

// Run makes the copy, also while a server runs, and says what it has.
func (c *backupCmd) Run(ctx context.Context, t terminal) (err error) {
	if err := c.keyed("copies are made"); err != nil {
		return err
	}
	if err := c.current(ctx); err != nil {
		return err
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	report, err := h.actions.Backup(ctx, atTerminal(), c.File, h.store)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(backedUp{c.File, report.Rows, report.Audit.Rows, hex.EncodeToString(report.Audit.Head)})
	}
	_, err = fmt.Fprintf(t.out, "Copied into %s: it is whole, with %s, of which the audit has %d, and they verify; its head is %s. "+
		"Keep it apart from LATCHKEY_SECRET_KEY, which opens what is sealed in it.\n",
		c.File, plural(int(report.Rows), "row"), report.Audit.Rows, hex.EncodeToString(report.Audit.Head))
	return err
}

// backedUp is what was copied as JSON.
type backedUp struct {
	File  string `json:"file"`
	Rows  int64  `json:"rows"`
	Audit int64  `json:"audit"` // rows of the audit
	Head  string `json:"head"`
}

// current refuses a database that opening it would make or change first: a copy is
// of what was there.
func (c *backupCmd) current(ctx context.Context) error {
	if path, err := store.Path(c.DatabaseURL); err == nil && path == "" {
		return store.ErrNotSQLite
	}
	migrations, err := c.seen(ctx, "copy")
	switch {
	case err != nil:
		return err
	case migrations.None:
		return actions.Errorf(actions.NotFound, "There is nothing to copy: the database that LATCHKEY_DATABASE_URL names has no tables.")
	case migrations.Newer:
		return actions.Errorf(actions.Conflict, "This database is of a later version of Latchkey than this program, so nothing was copied. Please copy it with that version.")
	case len(migrations.Pending) > 0:
		return actions.Errorf(actions.Conflict, "This database is of an earlier version of Latchkey, and opening it would change it, so nothing was copied. "+
			"Please copy it with the version that runs, or bring it to this one first: latchkey migrate")
	}
	return nil
}

// seen is how far the tables are of a database that is there: for what makes none.
// doing is what was to be done with it.
func (d *Data) seen(ctx context.Context, doing string) (m store.Migrations, err error) {
	st, err := store.OpenAsIs(ctx, d.DatabaseURL, store.Options{})
	if actions.CodeOf(err) == actions.NotFound {
		return m, actions.Errorf(actions.NotFound, "There is no database to %s: LATCHKEY_DATABASE_URL names a file that isn't there.", doing)
	}
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	return st.Migrations(ctx)
}
