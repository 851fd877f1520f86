package storetest

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

func testTraces(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		url := SQLiteURL(t)
		noTraces(t, &site{Store: open(t, url), url: url})
	})
	t.Run("sqlite while it is read and written", func(t *testing.T) {
		t.Parallel()
		url := SQLiteURL(t)
		cutWhileUsed(t, &site{Store: open(t, url), url: url})
	})
	t.Run("postgres", func(t *testing.T) {
		if err := Postgres(t).CutJournal(t.Context()); err != nil {
			t.Errorf("a database whose journal isn't ours: %v", err)
		}
	})
}

// noTraces: no file of an SQLite database ever holds what was sealed as it was,
// and none holds what lay sealed once it was removed and the journal was cut.
func noTraces(t *testing.T, s *site) {
	keys := Keyring(t)
	plain, lain := map[string][]byte{}, map[string][]byte{}
	for i, size := range []int{1, 100, 1000, actions.ContentLimit} {
		for _, purpose := range []actions.Purpose{actions.SealSecret, actions.SealMail, actions.SealRequest, actions.SealAnswer} {
			name := fmt.Sprintf("%s %d", purpose, size)
			text := []byte(strings.Repeat("plain "+name+"; ", size/10+1))
			one, err := keys.Seal(purpose, fmt.Sprint(i), text)
			if err != nil {
				t.Fatal(err)
			}
			s.seal(t, one)
			plain[name], lain[name] = text[:14], one.Body
		}
	}
	same(t, "what is found sealed while it lies there", len(s.traces(t, lain)), len(lain))
	s.in(t, func(tx actions.Tx) error { return tx.Reseal(t.Context(), sealed(actions.SealSecret, "0", "new")) })
	for i := range 4 {
		id := fmt.Sprint(i)
		s.take(t, actions.SealSecret, id)
		s.in(t, func(tx actions.Tx) error {
			return tx.DropSealed(t.Context(), id, actions.SealMail, actions.SealRequest, actions.SealAnswer)
		})
	}
	same(t, "what is found in plain", s.traces(t, plain), nil)
	if err := s.CutJournal(t.Context()); err != nil {
		t.Fatal(err)
	}
	same(t, "what is found once it was removed", s.traces(t, lain), nil)
	same(t, "what is found in plain in the end", s.traces(t, plain), nil)
}

// cutWhileUsed: somebody who reads or writes isn't disturbed, and the journal is
// cut the next time.
func cutWhileUsed(t *testing.T, s *site) {
	one := sealed(actions.SealSecret, "a", "test")
	s.seal(t, one)
	lain := map[string][]byte{"it": one.Body}
	cut := func() {
		if err := s.CutJournal(t.Context()); err != nil {
			t.Error(err)
		}
	}
	db := s.behind(t)
	defer func() { _ = db.Close() }()
	reader, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := reader.QueryRowContext(t.Context(), `SELECT count(*) FROM secret_bodies`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	s.take(t, actions.SealSecret, "a")
	cut()
	same(t, "what is found while somebody still sees it", s.traces(t, lain), []string{"it"})
	s.in(t, func(tx actions.Tx) error {
		cut()
		return tx.PutSealed(t.Context(), sealed(actions.SealSecret, "b", "test"))
	})
	if err := reader.Rollback(); err != nil {
		t.Fatal(err)
	}
	cut()
	same(t, "what is found once nobody does", s.traces(t, lain), nil)
	got, _ := s.sealed(t, actions.SealSecret, "b")
	same(t, "what was written meanwhile", got, sealed(actions.SealSecret, "b", "test"))
}

// traces names what is found in any file of the database: of something long, the
// beginning, the middle or the end.
func (s *site) traces(t testing.TB, what map[string][]byte) (found []string) {
	t.Helper()
	const piece = 14
	path := strings.TrimPrefix(s.url, "sqlite:")
	var all []byte
	for _, file := range []string{path, path + "-wal", path + "-shm"} {
		content, err := os.ReadFile(file) //nolint:gosec // the test's own
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, content...)
	}
	for name, body := range what {
		middle := max(0, len(body)/2-piece)
		for _, part := range [][]byte{body[:piece], body[middle : middle+piece], body[len(body)-piece:]} {
			if bytes.Contains(all, part) {
				found = append(found, name)
				break
			}
		}
	}
	return found
}
