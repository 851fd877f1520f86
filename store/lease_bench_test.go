package store_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

const (
	leaseWaiting   = 1_000
	leaseReceivers = 50
	leaseDelivered = 1_000_000
	// leaseGoal is how much slower a lease may be with delivered messages behind it.
	leaseGoal = 1.3
)

// BenchmarkLease leases a message for each of 50 receivers and gives them back, with
// 1,000 that wait: first with nothing behind them, then with 1,000,000 delivered
// ones. ratio is the second by the first.
//
//	go test ./store -run '^$' -bench Lease -benchtime 200x
func BenchmarkLease(b *testing.B) {
	for name, url := range map[string]func(testing.TB) string{
		"sqlite":   storetest.SQLiteURL,
		"postgres": func(t testing.TB) string { return storetest.NewCluster(t, true).Database(t, "latchkey") },
	} {
		var base float64
		for _, behind := range []int{0, leaseDelivered} {
			var s *store.Store // filled once, however often the benchmark is tried
			b.Run(fmt.Sprintf("%s/%d", name, behind), func(sub *testing.B) {
				if s == nil {
					s = openFilled(b, url(b), behind)
				}
				took := leaseAndGiveBack(sub, s)
				if behind == 0 {
					base = took
				} else if base > 0 && sub.N > 1 { // once is only tried out
					sub.ReportMetric(took/base, "ratio(goal-1.3)")
					if took/base > leaseGoal {
						sub.Logf("missed: a lease takes %.2f times as long, the goal is %.1f", took/base, leaseGoal)
					}
				}
			})
		}
	}
}

// leaseAndGiveBack returns how many milliseconds a lease takes.
func leaseAndGiveBack(b *testing.B, s *store.Store) float64 {
	b.Helper()
	var leasing time.Duration
	for range b.N {
		began := time.Now()
		leased, err := s.Lease(b.Context(), benchStart, time.Minute, leaseReceivers, []actions.OutgoingKind{actions.OutgoingWatchEnded})
		leasing += time.Since(began)
		if err != nil || len(leased) != leaseReceivers {
			b.Fatalf("leased %d: %v", len(leased), err)
		}
		endings := make([]actions.Ending, len(leased))
		for i, m := range leased {
			endings[i] = actions.Ending{Message: m, Due: m.Due}
		}
		if err := s.Settle(b.Context(), benchStart, endings...); err != nil {
			b.Fatal(err)
		}
	}
	took := leasing.Seconds() * 1000 / float64(b.N)
	b.ReportMetric(took, "ms/lease")
	return took
}

// openFilled makes an outbox in which messages wait and others were delivered.
func openFilled(b *testing.B, url string, delivered int) *store.Store {
	b.Helper()
	s, err := store.Open(b.Context(), url, store.Options{Keys: storetest.Keyring(b)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	if _, err := s.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	driver, dsn, moment := "postgres", url, "$1::timestamptz"
	if path, isFile := strings.CutPrefix(url, "sqlite:"); isFile {
		driver, dsn, moment = "sqlite", "file:"+path+"?_time_integer_format=unix_micro&_pragma=busy_timeout(5000)", "$1"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, rows := range []struct {
		n           int
		name, ended string
	}{{delivered, "d", moment}, {leaseWaiting, "w", "NULL"}} {
		_, err := db.ExecContext(b.Context(), fmt.Sprintf(`INSERT INTO outbox (id, kind, receiver, ref, at, due, tries, why, delivered_at)
			WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			SELECT '%s' || i, 'watch_ended', 'U' || (i %% %d), 'r', %s, %s, 0, '', %s FROM n WHERE i < %d`,
			rows.n, rows.name, leaseReceivers, moment, moment, rows.ended, rows.n), benchStart.Add(-time.Hour))
		if err != nil {
			b.Fatal(err)
		}
	}
	return s
}
