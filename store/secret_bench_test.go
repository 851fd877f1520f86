package store_test

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

const (
	secretsFew     = 1_000
	secretsMany    = 1_000_000
	secretsClients = 16
	// secretsGoal is how much longer a pair may take with many secrets stored.
	secretsGoal = 1.2
)

// BenchmarkSecrets makes secrets and opens them, with their rows of the audit and
// of the outbox, by 16 clients at once, with the disk as careful as a real one's:
// first with 1,000 live secrets stored, then with 1,000,000. ratio is the time of a
// pair by that of the first.
//
//	go test ./store -run '^$' -bench Secrets -benchtime 5000x -timeout 30m
func BenchmarkSecrets(b *testing.B) {
	for name, url := range map[string]func(testing.TB) string{
		"sqlite":   storetest.SQLiteURL,
		"postgres": func(t testing.TB) string { return storetest.NewCluster(t, true).Database(t, "latchkey") },
	} {
		var base float64
		for _, stored := range []int{secretsFew, secretsMany} {
			var s *store.Store // filled once, however often the benchmark is tried
			b.Run(fmt.Sprintf("%s/%d", name, stored), func(sub *testing.B) {
				if s == nil {
					s = openWithSecrets(b, url(b), stored)
				}
				took := makeAndOpen(sub, s)
				if stored == secretsFew {
					base = took
				} else if base > 0 && sub.N > 1 { // once is only tried out
					sub.ReportMetric(took/base, "ratio(goal-1.2)")
					if took/base > secretsGoal {
						sub.Logf("missed: a pair takes %.2f times as long, the goal is %.1f", took/base, secretsGoal)
					}
				}
			})
		}
	}
}

// makeAndOpen returns how many milliseconds a pair takes, all clients together.
func makeAndOpen(b *testing.B, s *store.Store) float64 {
	b.Helper()
	var clients sync.WaitGroup
	var next atomic.Int64
	b.ResetTimer()
	began := time.Now()
	for range secretsClients {
		clients.Go(func() {
			for next.Add(1) <= int64(b.N) {
				if err := makeAndOpenOne(b, s); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	clients.Wait()
	took := time.Since(began)
	b.StopTimer()
	b.ReportMetric(float64(b.N)/took.Seconds(), "pairs/s")
	return took.Seconds() * 1000 / float64(b.N)
}

// makeAndOpenOne is the two transactions of a secret.
func makeAndOpenOne(b *testing.B, s *store.Store) error {
	b.Helper()
	id := rand.Text()
	if err := s.Tx(b.Context(), func(tx actions.Tx) error { return makeSecret(b, tx, id) }); err != nil {
		return err
	}
	return s.Tx(b.Context(), func(tx actions.Tx) error { return openSecret(b, tx, id) })
}

func makeSecret(b *testing.B, tx actions.Tx, id string) error {
	b.Helper()
	one := actions.Secret{
		ID: id, State: actions.SecretLive, Actor: "U1", From: "Maria", Salt: make([]byte, 16), LinkProof: make([]byte, 32),
		ClaimProof: make([]byte, 32), KeyID: "test", At: benchStart, ExpiresAt: benchStart.Add(24 * time.Hour),
	}
	errs := []error{tx.StartSecret(b.Context(), one)}
	for _, purpose := range []actions.Purpose{actions.SealSecret, actions.SealPassphrase} {
		errs = append(errs, tx.PutSealed(b.Context(), actions.Sealed{Purpose: purpose, ID: id, KeyID: "test", Body: make([]byte, 100)}))
	}
	return errors.Join(append(errs, noteSecret(b, tx, id))...)
}

func openSecret(b *testing.B, tx actions.Tx, id string) error {
	b.Helper()
	_, there, err := tx.Secret(b.Context(), id)
	ended, failed := tx.EndSecret(b.Context(), id, actions.SecretRevealed, "", benchStart)
	_, taken, lost := tx.TakeSealed(b.Context(), actions.SealSecret, id)
	if err := errors.Join(err, failed, lost); err != nil || !there || !ended || !taken {
		return fmt.Errorf("opening a secret: there %t, ended %t, taken %t: %w", there, ended, taken, err)
	}
	return errors.Join(tx.DropSealed(b.Context(), id, actions.SealPassphrase), noteSecret(b, tx, id))
}

// noteSecret writes a row of the audit and one of the outbox.
func noteSecret(b *testing.B, tx actions.Tx, id string) error {
	b.Helper()
	entry := actions.AuditEntry{At: benchStart, Act: actions.ActSecret, Actor: "U1", Outcome: actions.ActDone, Detail: "a secret"}
	card := actions.Outgoing{ID: rand.Text(), Kind: actions.OutgoingSecret, To: "U1", Ref: id, At: benchStart, Due: benchStart}
	return errors.Join(tx.Audit(b.Context(), entry), tx.Enqueue(b.Context(), card))
}

// openWithSecrets makes a database in which live secrets lie, each with a body.
func openWithSecrets(b *testing.B, url string, stored int) *store.Store {
	b.Helper()
	s, err := store.Open(b.Context(), url, store.Options{Keys: storetest.Keyring(b)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	if _, err := s.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	fillSecrets(b, url, stored)
	return s
}

// bulk is how each database makes rows of its own.
type bulk struct {
	driver, dsn string
	id, bytes   string // of the row i
	made, over  string // moments, from $1
	// after is what makes a full database one that has been full for long: the disk
	// has nothing left to write.
	after []string
}

func bulkOf(url string) bulk {
	if path, isFile := strings.CutPrefix(url, "sqlite:"); isFile {
		return bulk{
			driver: "sqlite", dsn: "file:" + path + "?_time_integer_format=unix_micro&_pragma=busy_timeout(5000)&_pragma=cache_size(-400000)",
			id: `hex(i * 7919 % 1000003 || 'x' || i)`, bytes: `randomblob(96)`, made: `$1`, over: `$1 + i * 1000000`,
			after: []string{`ANALYZE`, `PRAGMA wal_checkpoint(TRUNCATE)`},
		}
	}
	return bulk{
		driver: "postgres", dsn: url, id: `md5(i::text)`, bytes: `decode(repeat(md5(random()::text), 6), 'hex')`,
		made: `$1::timestamptz`, over: `$1::timestamptz + i * interval '1 second'`,
		after: []string{`VACUUM ANALYZE`, `CHECKPOINT`},
	}
}

// fillSecrets stores live secrets by two statements.
func fillSecrets(b *testing.B, url string, stored int) {
	b.Helper()
	rows := bulkOf(url)
	db, err := sql.Open(rows.driver, rows.dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	numbers := fmt.Sprintf(`(WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n) AS numbers`, stored-1)
	if _, err := db.ExecContext(b.Context(), `INSERT INTO secrets (id, state, actor, from_name, for_whom, user_id, ticket, operation,
			mail, salt, link_proof, claim_proof, kid, wrong, why, at, expires_at)
		SELECT `+rows.id+`, 'live', 'U' || (i % 100), 'Maria', '', '', '', '', '', `+rows.bytes+`, `+rows.bytes+`, `+rows.bytes+`,
			'test', 0, '', `+rows.made+`, `+rows.over+` FROM `+numbers, benchStart); err != nil {
		b.Fatal(err)
	}
	bodies := `INSERT INTO secret_bodies (purpose, id, kid, body) SELECT 'secret', id, kid, ` + rows.bytes + ` FROM secrets`
	for _, more := range append([]string{bodies}, rows.after...) {
		if _, err := db.ExecContext(b.Context(), more); err != nil {
			b.Fatal(err)
		}
	}
}
