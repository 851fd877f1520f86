package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

func init() { sqlx.BindDriver("sqlite", sqlx.DOLLAR) }

// The settings of every SQLite connection. Times are integers: as text they
// would compare wrongly. A big import leaves a big journal behind, which is
// cut to journal_size_limit afterwards.
const (
	sqliteTimes    = "_time_integer_format=unix_micro&_inttotime=1"
	sqliteSettings = sqliteTimes +
		"&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=secure_delete(1)" +
		"&_pragma=journal_size_limit(67108864)"
	// sqliteWrite takes the lock at the beginning, so that two writers queue
	// instead of failing half-way.
	sqliteWrite = "&_txlock=immediate&_pragma=cache_size(-8000)"
	sqliteRead  = "&_txlock=deferred&_query_only=1"
	// sqliteReaders is how many look-ups may read at once.
	sqliteReaders = 4
	// sqliteCutWait is how long emptying the journal waits for others, in
	// milliseconds: meanwhile nobody writes.
	sqliteCutWait = "100"
)

// openSQLite opens the file at path, and makes it when it isn't there.
func (s *Store) openSQLite(ctx context.Context, path string) error {
	s.dialect = sqlite
	if err := makeFile(path); err != nil {
		return err
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + sqliteSettings
	write, err := sqlx.Open("sqlite", dsn+sqliteWrite)
	if err != nil {
		return fmt.Errorf("opening the SQLite file %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	read, err := sqlx.Open("sqlite", dsn+sqliteRead)
	if err != nil {
		return fmt.Errorf("opening the SQLite file %s: %w", path, err)
	}
	read.SetMaxOpenConns(sqliteReaders)
	read.SetMaxIdleConns(sqliteReaders)
	s.write, s.read, s.file = write, read, dsn
	// The writer comes first: it is who switches a new file to the journal that
	// lets others read meanwhile.
	return failed("opening the SQLite file "+path, write.PingContext(ctx))
}

// makeFile makes the database readable by its owner only; SQLite gives the
// files beside it the same mode.
func makeFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the operator names the file
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no folder %s for the database; make it, or correct the path in LATCHKEY_DATABASE_URL: %w", filepath.Dir(path), err)
	case err != nil:
		return fmt.Errorf("LATCHKEY_DATABASE_URL names a file that can't be opened: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("making the SQLite file: %w", err)
	}
	return nil
}

// CutJournal empties the journal of an SQLite file, which still holds what was
// removed from the file. Whoever reads or writes meanwhile is waited for a moment,
// and if that isn't enough, the next time does it. On PostgreSQL, where the server
// keeps its journal for its own reasons, it does nothing.
func (s *Store) CutJournal(ctx context.Context) (err error) {
	if s.dialect.server {
		return nil
	}
	// On a connection of its own, nobody who writes waits for one who reads.
	db, err := sqlx.Open("sqlite", s.file)
	if err != nil {
		return fmt.Errorf("opening the SQLite file to empty its journal: %w", err)
	}
	defer func() { err = errors.Join(err, failed("closing the SQLite file", db.Close())) }()
	_, err = db.ExecContext(ctx, `PRAGMA busy_timeout = `+sqliteCutWait+`; PRAGMA wal_checkpoint(TRUNCATE)`)
	if busy(err) {
		return nil
	}
	return failed("emptying the journal", err)
}
