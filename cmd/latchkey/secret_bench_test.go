package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

const (
	// pairGoal is the least share of what bare SQL does.
	pairGoal = 0.6
	// storedGoal is how many times slower a thousand times as many stored secrets may
	// make it.
	storedGoal = 1.2
)

// BenchmarkSecrets makes secrets and opens them over HTTP, 16 and 64 clients at
// once, with a thousand and with a million stored ones, on durable databases, and
// runs the same two transactions in bare SQL beside each: by pgbench on PostgreSQL,
// by the same driver on SQLite. share is pairs a second of what bare SQL does.
//
//	go test ./cmd/latchkey -run '^$' -bench Secrets -benchtime 4000x -timeout 1h
func BenchmarkSecrets(b *testing.B) {
	for name, open := range map[string]func(testing.TB) string{
		"sqlite":   storetest.SQLiteURL,
		"postgres": func(t testing.TB) string { return storetest.NewCluster(t, true).URL },
	} {
		first := map[int]float64{} // pairs a second with a thousand stored, by clients
		for _, stored := range []int{1_000, 1_000_000} {
			var s *served // filled once, however often the benchmark is tried
			var token string
			for _, clients := range []int{16, 64} {
				b.Run(fmt.Sprintf("%s/%d/%dclients", name, stored, clients), func(sub *testing.B) {
					if s == nil {
						s, token = openForSecrets(b, open(b), stored)
					}
					pairs := s.benchPairs(sub, token, clients)
					if sub.N == 1 { // only tried out
						return
					}
					bare := s.barePairs(sub, clients)
					sub.ReportMetric(pairs/bare, "share(goal-0.6)")
					if pairs/bare < pairGoal {
						sub.Logf("missed: %.2f of what bare SQL does, the goal is %.1f", pairs/bare, pairGoal)
					}
					if stored == 1_000 {
						first[clients] = pairs
					} else if slower := first[clients] / pairs; first[clients] > 0 {
						sub.ReportMetric(slower, "times-slower(goal-1.2)")
						if slower > storedGoal {
							sub.Logf("missed: %.2f times slower than with a thousand, the goal is %.1f", slower, storedGoal)
						}
					}
				})
			}
		}
	}
}

// openForSecrets opens a server over a database with so many secrets, and a token
// for another tool.
func openForSecrets(b *testing.B, databaseURL string, stored int) (s *served, token string) {
	b.Helper()
	h, err := openHouse(b.Context(), databaseURL, benchKeys(b), actions.Rules{}, quiet(terminal{}))
	if err != nil {
		b.Fatal(err)
	}
	made, err := h.actions.CreateToken(b.Context(), atTerminal(), "tool", actions.ScopeSecrets)
	if err != nil {
		b.Fatal(err)
	}
	if err := h.close(); err != nil {
		b.Fatal(err)
	}
	storeSecrets(b, databaseURL, stored)
	s = serveOn(b, databaseURL, func(c *Config) { c.PublicURL = publicURL })
	return s, made.Text
}

// openDirectly opens a database without the store.
func openDirectly(b *testing.B, databaseURL string) (db *sql.DB, postgres bool) {
	b.Helper()
	driver, source := "sqlite", databaseURL
	if path, isSQLite := strings.CutPrefix(databaseURL, "sqlite:"); isSQLite {
		source = "file:" + path + "?_txlock=immediate&_pragma=busy_timeout(60000)&_pragma=journal_mode(WAL)&_pragma=secure_delete(1)"
	} else {
		driver, postgres = "postgres", true
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	return db, postgres
}

// storeSecrets fills the tables with live secrets of somebody else.
func storeSecrets(b *testing.B, databaseURL string, n int) {
	b.Helper()
	db, postgres := openDirectly(b, databaseURL)
	rows := `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) `
	at, until, blob := "1900000000000000", "1900000000000000 + i", "randomblob"
	from := "n"
	if postgres {
		rows, from = "", fmt.Sprintf("generate_series(1, %d) AS i", n)
		at, until, blob = "timestamptz '2030-01-01'", "timestamptz '2030-01-01' + i * interval '1 second'", "random_bytes"
		if _, err := db.ExecContext(b.Context(), `CREATE FUNCTION random_bytes(n integer) RETURNS bytea LANGUAGE sql AS
			$$ SELECT substring(sha256(random()::text::bytea) || sha256(random()::text::bytea) || sha256(random()::text::bytea) FOR n) $$`); err != nil {
			b.Fatal(err)
		}
	} else {
		rows = fmt.Sprintf(rows, n)
	}
	for _, statement := range []string{
		rows + `INSERT INTO secrets (id, state, actor, from_name, for_whom, user_id, ticket, operation, mail, salt, link_proof, claim_proof, kid, wrong, why, at, expires_at)
			SELECT 'stored-' || i, 'live', 'token:other', '', '', '', '', '', '', NULL, ` + blob + `(32), ` + blob + `(32), 'k1', 0, '', ` + at + `, ` + until + ` FROM ` + from,
		rows + `INSERT INTO secret_bodies (purpose, id, kid, body) SELECT 'secret', 'stored-' || i, 'k1', ` + blob + `(90) FROM ` + from,
		`ANALYZE`,
	} {
		if _, err := db.ExecContext(b.Context(), statement); err != nil {
			b.Fatal(err)
		}
	}
}

// benchPairs makes secrets and opens them, and returns how many pairs a second.
func (s *served) benchPairs(b *testing.B, token string, clients int) float64 {
	b.Helper()
	var next atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	began := time.Now()
	for range clients {
		all.Go(func() {
			for next.Add(1) <= int64(b.N) {
				s.pair(b, token)
			}
		})
	}
	all.Wait()
	took := time.Since(began)
	b.StopTimer()
	pairs := float64(b.N) / took.Seconds()
	b.ReportMetric(pairs, "pairs/s")
	return pairs
}

// pair makes a secret and opens it, as another tool and a browser do.
func (s *served) pair(b *testing.B, token string) {
	body, _ := json.Marshal(map[string]string{"content": sentContent, "passphrase": "none"}) //nolint:errchkjson // strings
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.inner+"/v1/secrets", bytes.NewReader(body))
	if err != nil {
		b.Error(err)
		return
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	got, err := callers.Do(r)
	if err != nil {
		b.Error(err)
		return
	}
	var made struct{ Link string }
	err = json.NewDecoder(got.Body).Decode(&made)
	_ = got.Body.Close()
	if err != nil || got.StatusCode != http.StatusOK {
		b.Errorf("making one is answered %d, %v", got.StatusCode, err)
		return
	}
	opened, err := readSecretLink(b, made.Link).with(b, nil).opens(context.Background(), s.outer)
	if err != nil || opened.status != http.StatusOK {
		b.Errorf("opening one is answered %d, %v", opened.status, err)
	}
}

// barePairs runs the same two transactions in bare SQL and returns how many pairs
// a second.
func (s *served) barePairs(b *testing.B, clients int) float64 {
	b.Helper()
	db, postgres := openDirectly(b, s.databaseURL)
	if postgres {
		return s.pgbench(b, clients)
	}
	db.SetMaxOpenConns(1) // SQLite has one writer; more would only wait
	var next atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for range clients {
		all.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				if err := barePair(b.Context(), db, fmt.Sprintf("bare-%d-%d-%d", clients, began.UnixNano(), i)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	pairs := float64(b.N) / time.Since(began).Seconds()
	b.ReportMetric(pairs, "bare-pairs/s")
	return pairs
}

// The two transactions: what is stored of a secret that is made, and of one that is
// opened, each with its row of the audit.
var (
	bareAudit = []string{
		`SELECT count, mac FROM audit_head FOR UPDATE`,
		`INSERT INTO audit (seq, at, act, actor, subject, outcome, ticket, approver, kid, mac)
			SELECT count + 1, $2, 'secret', 'token-bare', '', 'done', '', '', 'k1', $3 FROM audit_head`,
		`UPDATE audit_head SET count = count + 1, mac = $3`,
		`INSERT INTO audit_texts (seq, salt, reason, detail) SELECT count, $3, '', 'made, without a passphrase, secret 01234567' FROM audit_head`,
	}
	bareMake = append([]string{
		`INSERT INTO secrets (id, state, actor, from_name, for_whom, user_id, ticket, operation, mail, link_proof, claim_proof, kid, wrong, why, at, expires_at)
			VALUES ($1, 'live', 'token-bare', '', '', '', '', '', '', $3, $3, 'k1', 0, '', $2, $4)`,
		`INSERT INTO secret_bodies (purpose, id, kid, body) VALUES ('secret', $1, 'k1', $5)`,
	}, bareAudit...)
	bareOpen = append([]string{
		`UPDATE secrets SET state = 'revealed', ended_at = $2 WHERE id = $1 AND state = 'live' AND expires_at > $2`,
		`DELETE FROM secret_bodies WHERE purpose = 'secret' AND id = $1 RETURNING body`,
	}, bareAudit...)
)

// barePair makes and opens one on SQLite.
func barePair(ctx context.Context, db *sql.DB, id string) error {
	args := []any{id, time.Now().UnixMicro(), make([]byte, 32), time.Now().Add(24 * time.Hour).UnixMicro(), make([]byte, 87)}
	for _, statements := range [][]string{bareMake, bareOpen} {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		for _, statement := range statements {
			statement = strings.TrimSuffix(statement, " FOR UPDATE") // nobody else writes anyway
			if _, err := tx.ExecContext(ctx, statement, args[:most(statement)]...); err != nil {
				_ = tx.Rollback()
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// most is the number of the last placeholder of a statement.
func most(statement string) int {
	for n := 5; n > 0; n-- {
		if strings.Contains(statement, "$"+strconv.Itoa(n)) {
			return n
		}
	}
	return 0
}

// pgbench runs them on PostgreSQL.
func (s *served) pgbench(b *testing.B, clients int) float64 {
	b.Helper()
	program, err := findPgbench()
	if err != nil {
		b.Fatal(err)
	}
	script := filepath.Join(b.TempDir(), "pair.sql")
	bytea := func(n int) string { return `'\x` + strings.Repeat("ab", n) + `'::bytea` }
	values := strings.NewReplacer("$1", "'bare-' || :run || '-' || :client_id || '-' || :n", "$2", "now()", "$3", bytea(32), "$4", "now() + interval '1 day'", "$5", bytea(87))
	var text strings.Builder
	text.WriteString("\\set n random(1, 9000000000000000000)\n")
	for _, statements := range [][]string{bareMake, bareOpen} {
		text.WriteString("BEGIN;\n")
		for _, statement := range statements {
			text.WriteString(strings.Join(strings.Fields(values.Replace(statement)), " ") + ";\n")
		}
		text.WriteString("COMMIT;\n")
	}
	if err := os.WriteFile(script, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	out, err := exec.CommandContext(b.Context(), program, "-n", "-c", strconv.Itoa(clients), "-j", "2",
		"-t", strconv.Itoa(max(b.N/clients, 1)), "-D", "run="+strconv.FormatInt(time.Now().UnixNano(), 10), "-f", script, s.databaseURL).CombinedOutput()
	found := regexp.MustCompile(`tps = ([0-9.]+)`).FindSubmatch(out)
	if err != nil || found == nil {
		b.Fatalf("pgbench: %v\n%s", err, out)
	}
	pairs, _ := strconv.ParseFloat(string(found[1]), 64)
	b.ReportMetric(pairs, "bare-pairs/s")
	return pairs
}

// findPgbench finds it in PATH or where Debian keeps it.
func findPgbench() (string, error) {
	if path, err := exec.LookPath("pgbench"); err == nil {
		return path, nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench")
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("there is no pgbench in PATH or /usr/lib/postgresql: %w", err)
	}
	return found[len(found)-1], nil
}
