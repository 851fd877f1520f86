// Package storetest gives tests real databases, and holds the suite that every
// database must pass.
//
// SQLite files lie in the test's own folder, each a copy of one that was
// migrated. PostgreSQL is a server of the test process, started at first need and
// gone with it, whatever ends it; each test gets a database of its own, cloned
// from a migrated template. With LATCHKEY_TEST_POSTGRES_URL databases are made on
// that server instead. Where there is neither, tests of PostgreSQL are skipped,
// unless LATCHKEY_TEST_REQUIRE (a list by comma) has "postgres": then they fail.
package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
)

// Option changes how a Store of a test is opened.
type Option func(*store.Options)

// Keys gives the Store these keys instead of a test key.
func Keys(keys actions.Keyring) Option { return func(o *store.Options) { o.Keys = keys } }

// Now gives the Store a clock.
func Now(now func() time.Time) Option { return func(o *store.Options) { o.Now = now } }

// testKey is the key of tests: 32 bytes, of no use elsewhere.
const testKey = "test:bGF0Y2hrZXktdGVzdC1rZXktbGF0Y2hrZXktdGVzdC0="

// Keyring is the keyring of tests.
func Keyring(t testing.TB) actions.Keyring {
	t.Helper()
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		t.Fatalf("reading the test key: %v", err)
	}
	return keys
}

// Each runs a test on every database, as the subtests "sqlite" and "postgres".
func Each(t *testing.T, test func(*testing.T, *store.Store), opts ...Option) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t, opts...)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t, opts...)) })
}

// SQLite returns a migrated Store in a new file.
func SQLite(t testing.TB, opts ...Option) *store.Store {
	t.Helper()
	return open(t, SQLiteURL(t), opts...)
}

// Postgres returns a Store in a new, migrated PostgreSQL database.
func Postgres(t testing.TB, opts ...Option) *store.Store {
	t.Helper()
	return open(t, PostgresURL(t), opts...)
}

// SQLiteURL returns the URL of a new, migrated SQLite file.
func SQLiteURL(t testing.TB) string {
	t.Helper()
	content, err := migrated()
	if err != nil {
		t.Fatalf("making a database: %v", err)
	}
	url := missingURL(t)
	if err := os.WriteFile(strings.TrimPrefix(url, "sqlite:"), content, 0o600); err != nil {
		t.Fatalf("making a database: %v", err)
	}
	return url
}

// missingURL is the URL of a file that isn't there yet.
func missingURL(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "latchkey.db")
}

// migrated is a migrated file, made once for the process: to read and carry out every
// step for every test takes longer than most tests do.
var migrated = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "latchkey-sqlite-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "latchkey.db")
	if err := migrateNew(context.Background(), "sqlite:"+path); err != nil { // no test's context: it is for others, too
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // made above
})

// migrateNew makes the tables of an empty database.
func migrateNew(ctx context.Context, url string) error {
	db, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		return err
	}
	_, err = db.Migrate(ctx)
	return errors.Join(err, db.Close())
}

// open opens and migrates a database, and closes it with the test.
func open(t testing.TB, url string, opts ...Option) *store.Store {
	t.Helper()
	options := store.Options{Keys: Keyring(t)}
	for _, opt := range opts {
		opt(&options)
	}
	ctx := context.Background()
	s, err := store.Open(ctx, url, options)
	if err != nil {
		t.Fatalf("opening the database: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the database: %v", err)
		}
	})
	if _, err := s.Migrate(ctx); err != nil {
		t.Fatalf("making the tables: %v", err)
	}
	if err := s.UseKeys(ctx); err != nil {
		t.Fatalf("using the keys: %v", err)
	}
	return s
}
