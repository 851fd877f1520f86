package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"

	"github.com/latchkey-bot/latchkey/actions"
)

// backupMode lets nobody else read a copy.
const backupMode = 0o600

// ErrNotSQLite is for a PostgreSQL database, which is copied by its own means.
var ErrNotSQLite = actions.Errorf(actions.Invalid,
	"This copies an SQLite file, and your database is PostgreSQL: copy it with pg_dump --format=custom, or let your server's own backups do it.")

// Backup copies an SQLite database as it is at one moment into a new file, which
// nobody else may read, also while others read and write it. check looks at the copy
// before it gets its name; it may only read. What fails leaves no file. It returns how
// many rows the copy has.
//
// Errors: [ErrNotSQLite]; Conflict when there is a file of that name; what
// check returns; Unavailable when the disk is full or the database doesn't answer.
func (s *Store) Backup(ctx context.Context, file string, check func(actions.Store) error) (rows int64, err error) {
	if s.dialect.server {
		return 0, ErrNotSQLite
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		return 0, takenName(file, err)
	}
	partial, err := newPartial(file)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, dropFile(partial)) }()
	if err := s.copyInto(ctx, partial); err != nil {
		return 0, err
	}
	if rows, err = s.checkCopy(ctx, partial, check); err != nil {
		return 0, err
	}
	if err := keep(partial); err != nil {
		return 0, err
	}
	return rows, name(partial, file)
}

// takenName is for a name that something has.
func takenName(file string, err error) error {
	if err != nil {
		return fmt.Errorf("looking whether there is a file %s: %w", file, err)
	}
	return actions.Errorf(actions.Conflict, "There is a file %s already, and no copy goes over it. Please give another name.", file)
}

// newPartial makes an empty file beside the one that the copy will be.
func newPartial(file string) (string, error) {
	partial, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".partial-*")
	if err == nil {
		err = errors.Join(partial.Chmod(backupMode), partial.Close())
	}
	if err != nil {
		return "", fmt.Errorf("making the copy: %w", err)
	}
	return partial.Name(), nil
}

// copyInto copies the database into an empty file: on a connection of its own, so
// that nobody who reads or writes waits for it.
func (s *Store) copyInto(ctx context.Context, file string) (err error) {
	db, err := sqlx.Open("sqlite", s.file) // one that only queries may not make a copy, either
	if err != nil {
		return fmt.Errorf("opening the SQLite file to copy it: %w", err)
	}
	defer func() { err = errors.Join(err, failed("closing the SQLite file", db.Close())) }()
	_, err = db.ExecContext(ctx, `VACUUM INTO $1`, file)
	return failed("copying the database", err)
}

// checkCopy reads the whole copy, has check look at it, too, and counts its rows.
func (s *Store) checkCopy(ctx context.Context, file string, check func(actions.Store) error) (rows int64, err error) {
	copied, err := openReading(ctx, file, "&immutable=1", Options{Keys: s.keys, Now: s.now, Log: s.log})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	var said []string
	if err := copied.read.SelectContext(ctx, &said, `PRAGMA integrity_check(1)`); err != nil {
		return 0, failed("checking the copy", err)
	}
	if len(said) != 1 || said[0] != "ok" {
		return 0, actions.Errorf(actions.Internal,
			"The copy isn't whole, so it wasn't kept; the database itself may be damaged. Check it with: sqlite3 FILE 'PRAGMA integrity_check'")
	}
	if rows, err = copied.rows(ctx); err != nil {
		return 0, err
	}
	return rows, check(copied)
}

// rows counts the rows of all tables of an SQLite file.
func (s *Store) rows(ctx context.Context) (rows int64, err error) {
	var tables []string
	err = s.read.SelectContext(ctx, &tables, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'`)
	for _, table := range tables {
		if err == nil {
			var n int64
			err = s.read.GetContext(ctx, &n, fmt.Sprintf(`SELECT count(*) FROM "%s"`, table))
			rows += n
		}
	}
	return rows, failed("counting the rows of the copy", err)
}

// keep has the disk take the whole file.
func keep(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR, 0) //nolint:gosec // it was made here
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	if err != nil {
		return fmt.Errorf("writing the copy to the disk: %w", err)
	}
	return nil
}

// name gives a finished copy its name. A link never goes over a file that somebody
// made meanwhile; where there are no links, one is looked for once more.
func name(partial, file string) error {
	err := os.Link(partial, file)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		if _, seen := os.Lstat(file); !errors.Is(seen, fs.ErrNotExist) {
			return takenName(file, seen)
		}
		err = os.Rename(partial, file)
	}
	if errors.Is(err, fs.ErrExist) {
		return takenName(file, nil)
	}
	if err != nil {
		return fmt.Errorf("naming the copy: %w", err)
	}
	return keepFolder(filepath.Dir(file))
}

// keepFolder has the disk take the names in a folder.
func keepFolder(folder string) error {
	d, err := os.Open(folder) //nolint:gosec // the operator names it
	if err == nil {
		_ = d.Sync() // some systems can't
		err = d.Close()
	}
	if err != nil {
		return fmt.Errorf("writing the copy's name to the disk: %w", err)
	}
	return nil
}

// dropFile removes a file, if it is there.
func dropFile(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing the unfinished copy: %w", err)
	}
	return nil
}
