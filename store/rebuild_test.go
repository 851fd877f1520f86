package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// TestRebuild holds that a first import so big that indexes are built at its
// end leaves them as they were, whether it succeeds or not, and everything in
// them.
func TestRebuild(t *testing.T) {
	url := storetest.SQLiteURL(t)
	s, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := indexesOf(t, url)
	errBad := errors.New("a bad line")
	if err := s.Import(t.Context(), func(tx actions.ImportTx) error { return errors.Join(putMany(t, tx), errBad) }); !errors.Is(err, errBad) {
		t.Fatalf("the import that failed: %v", err)
	}
	if diff := cmp.Diff(before, indexesOf(t, url)); diff != "" {
		t.Errorf("indexes after an import that failed (-before +after):\n%s", diff)
	}
	for _, when := range []string{"the first import", "the second, of the same"} {
		if err := s.Import(t.Context(), func(tx actions.ImportTx) error { return putMany(t, tx) }); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, indexesOf(t, url)); diff != "" {
			t.Errorf("indexes after %s (-before +after):\n%s", when, diff)
		}
		snapshot, err := s.Snapshot(t.Context(), actions.Query{Identifier: "jane.doe", At: asking})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(snapshot.Attempts); got != 250 {
			t.Errorf("after %s Jane has %d attempts, want 250", when, got)
		}
	}
}

// putMany puts 25,000 attempts of a hundred people.
func putMany(t *testing.T, tx actions.ImportTx) error {
	batch := []actions.Record{{Body: actions.User{ID: "0", Username: "jane.doe"}, Digest: []byte{1}}}
	for i := range 25_000 {
		batch = append(batch, actions.Record{Body: actions.Attempt{
			ID: fmt.Sprint(i), At: asking.Add(-time.Duration(i) * time.Second), UserID: fmt.Sprint(i % 100), Outcome: actions.Success,
		}})
		if len(batch) < 2000 {
			continue
		}
		if _, err := tx.Put(t.Context(), batch); err != nil {
			return err
		}
		batch = batch[:0]
	}
	_, err := tx.Put(t.Context(), batch)
	return err
}

// indexesOf reads the definitions of all indexes, by name.
func indexesOf(t *testing.T, url string) map[string]string {
	t.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(url, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	indexes := map[string]string{}
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			t.Fatal(err)
		}
		indexes[name] = text
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return indexes
}
