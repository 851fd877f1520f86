package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// write writes a row of the audit.
func write(ctx context.Context, st *store.Store, n int) error {
	return st.Tx(ctx, func(tx actions.Tx) error {
		return tx.Audit(ctx, actions.AuditEntry{
			At: time.Now(), Act: actions.ActDiagnose, Actor: "U1", Outcome: actions.ActDone, Detail: fmt.Sprintf("%d", n),
		})
	})
}

// verified returns how many rows the audit of a copy has, which must verify.
func verified(t *testing.T, copied actions.Store) int64 {
	t.Helper()
	v, err := actions.VerifyAudit(t.Context(), copied, storetest.Keyring(t))
	if err != nil {
		t.Error(err)
	}
	return v.Rows
}

// TestBackup copies a database while it is written all the time. Each copy is whole, is
// of one moment, can be read by its owner alone, and opens as the database did.
func TestBackup(t *testing.T) {
	st := storetest.SQLite(t)
	ctx, stop := context.WithCancel(t.Context())
	begun, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for n := 0; ; n++ {
			if n == 20 {
				close(begun)
			}
			if err := write(ctx, st, n); err != nil {
				done <- err
				return
			}
		}
	}()
	<-begun
	var rows int64
	for i := range 3 {
		file := filepath.Join(t.TempDir(), fmt.Sprintf("copy-%d.db", i))
		var inCopy int64
		total, err := st.Backup(t.Context(), file, func(copied actions.Store) error {
			inCopy = verified(t, copied)
			return nil
		})
		if err != nil || inCopy < max(rows, 20) || total < inCopy {
			t.Fatalf("copy %d has %d rows, %d of the audit, after one of %d: %v", i, total, inCopy, rows, err)
		}
		rows = inCopy
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the copy is %v, %v", info.Mode(), err)
		}
		restored, err := store.Open(t.Context(), "sqlite:"+file, store.Options{Keys: storetest.Keyring(t)})
		if err != nil {
			t.Fatal(err)
		}
		if steps, err := restored.Migrate(t.Context()); len(steps) > 0 || err != nil {
			t.Errorf("restored, it was migrated by %v, %v", steps, err)
		}
		if err := write(t.Context(), restored, -1); err != nil || verified(t, restored) != inCopy+1 {
			t.Errorf("restored, it can't be written: %v", err)
		}
		if err := restored.Close(); err != nil {
			t.Error(err)
		}
	}
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) && actions.CodeOf(err) != actions.Unavailable {
		t.Errorf("writing ended with %v", err)
	}
}

// TestBackupRefuses: no copy goes over a file, and what fails leaves none.
func TestBackupRefuses(t *testing.T) {
	st, folder := storetest.SQLite(t), t.TempDir()
	there := filepath.Join(folder, "there.db")
	if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	fine := func(actions.Store) error { return nil }
	if _, err := st.Backup(t.Context(), there, fine); actions.CodeOf(err) != actions.Conflict {
		t.Errorf("over a file: %v", err)
	}
	late := filepath.Join(folder, "late.db")
	_, err := st.Backup(t.Context(), late, func(actions.Store) error { return os.WriteFile(late, []byte("mine"), 0o600) })
	if actions.CodeOf(err) != actions.Conflict {
		t.Errorf("over a file that was made meanwhile: %v", err)
	}
	unfit := errors.New("it doesn't fit")
	if _, err := st.Backup(t.Context(), filepath.Join(folder, "unfit.db"), func(actions.Store) error { return unfit }); !errors.Is(err, unfit) {
		t.Errorf("a copy that doesn't fit: %v", err)
	}
	if _, err := st.Backup(t.Context(), filepath.Join(folder, "nosuch", "x.db"), fine); err == nil {
		t.Error("a copy in no folder was made")
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 2 {
		t.Errorf("there are %v, %v", entries, err)
	}
	for _, mine := range []string{there, late} {
		if content, err := os.ReadFile(mine); err != nil || string(content) != "mine" {
			t.Errorf("%s has %q, %v", mine, content, err)
		}
	}
	_, err = storetest.Postgres(t).Backup(t.Context(), filepath.Join(folder, "pg.db"), fine)
	if actions.CodeOf(err) != actions.Invalid || !strings.Contains(err.Error(), "pg_dump") {
		t.Errorf("of PostgreSQL: %v", err)
	}
}

// TestLook looks at a database as it is: nothing is made, migrated or remembered.
func TestLook(t *testing.T) {
	for name, url := range map[string]string{"sqlite": storetest.SQLiteURL(t), "postgres": storetest.PostgresURL(t)} {
		t.Run(name, func(t *testing.T) {
			st, err := store.OpenAsIs(t.Context(), url, store.Options{Keys: storetest.Keyring(t)})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = st.Close() }()
			engine, err := st.Engine(t.Context())
			if err != nil || !strings.EqualFold(engine.Name, map[string]string{"sqlite": "SQLite", "postgres": "PostgreSQL"}[name]) || engine.Version == "" || engine.ReadOnly {
				t.Errorf("it is %+v, %v", engine, err)
			}
			if engine.Closed || engine.Foreign || engine.Encoding != map[string]string{"sqlite": "", "postgres": "UTF8"}[name] {
				t.Errorf("it is %+v", engine)
			}
			if name == "postgres" && (engine.Major < 10 || time.Since(engine.Clock).Abs() > time.Minute) {
				t.Errorf("it is %+v", engine)
			}
			m, err := st.Migrations(t.Context())
			if err != nil || m.None || m.Newer || len(m.Pending) > 0 {
				t.Errorf("the tables are %+v, %v", m, err)
			}
			if err := st.CheckKeys(t.Context()); err != nil {
				t.Errorf("a new key: %v", err)
			}
			other, err := store.OpenAsIs(t.Context(), url, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = other.Close() }()
			if err := other.CheckKeys(t.Context()); err != nil {
				t.Errorf("the key was remembered: %v", err)
			}
		})
	}
}

// TestLookMakesNothing: a file that isn't there isn't made, and one without tables gets
// none.
func TestLookMakesNothing(t *testing.T) {
	folder := t.TempDir()
	if _, err := store.OpenAsIs(t.Context(), "sqlite:"+filepath.Join(folder, "nosuch.db"), store.Options{}); actions.CodeOf(err) != actions.NotFound {
		t.Errorf("without a file: %v", err)
	}
	empty := filepath.Join(folder, "empty.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	st, err := store.OpenAsIs(t.Context(), "sqlite:"+empty, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := st.Migrations(t.Context())
	if err != nil || !m.None || len(m.Pending) == 0 {
		t.Errorf("the tables are %+v, %v", m, err)
	}
	if err := st.Close(); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(empty); err != nil || info.Size() != 0 {
		t.Errorf("the file has %d bytes, %v", info.Size(), err)
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("there are %v, %v", entries, err)
	}
}
