package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// BenchmarkLockouts measures the report of today, of a week and of 30 days over a
// million attempts.
func BenchmarkLockouts(b *testing.B) {
	for name, open := range map[string]func(testing.TB, ...storetest.Option) *store.Store{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			fillAttempts(b, s)
			a := &actions.Actions{
				Directory: s, Store: s, Rules: actions.Rules{LockAfter: 3, IdleMonths: 3}, Now: func() time.Time { return asking },
			}
			for _, spec := range []string{"today", "7d", "30d"} {
				b.Run(spec, func(b *testing.B) {
					for b.Loop() {
						r, err := a.Lockouts(b.Context(), lead(), spec)
						if err != nil || r.Customers == 0 || r.Usual < 0 {
							b.Fatalf("%d customers, usually %.1f; error: %v", r.Customers, r.Usual, err)
						}
						b.ReportMetric(float64(r.Customers), "customers")
					}
				})
			}
		})
	}
}

// fillAttempts puts the attempts of 40,000 users over 70 days on record, oldest first as
// they come. Of ten about three fail.
func fillAttempts(b *testing.B, s *store.Store) {
	b.Helper()
	const users, days, portion = 40_000, 70, 20_000
	dice := rand.New(rand.NewPCG(1, 2))
	outcomes := []actions.Outcome{
		actions.WrongPassword, actions.WrongPassword, actions.WrongPassword, actions.LockedOut, actions.MFAFailed, actions.PasswordExpired,
	}
	put := func(records []actions.Record) {
		if err := s.Import(b.Context(), func(tx actions.ImportTx) error { _, err := tx.Put(b.Context(), records); return err }); err != nil {
			b.Fatal(err)
		}
	}
	records := []actions.Record{}
	for i := range users {
		id := fmt.Sprintf("u-%05d", i)
		records = append(records, actions.Record{Digest: []byte{1}, Body: actions.User{ID: id, Username: "name-" + id, Email: id + "@mail.example", Status: actions.UserActive}})
	}
	put(records)
	begin := asking.Add(-days * 24 * time.Hour)
	for n := 0; n < benchAttempts; n += portion {
		records = records[:0]
		for i := n; i < n+portion; i++ {
			user := dice.IntN(users)
			a := actions.Attempt{
				ID: fmt.Sprint("a-", i), At: begin.Add(days * 24 * time.Hour / benchAttempts * time.Duration(i)), Outcome: actions.Success,
				UserID: fmt.Sprintf("u-%05d", user), IP: fmt.Sprintf("10.%d.%d.7", user%200, user/200), UserAgent: "Mozilla/5.0", Country: "AU",
			}
			if dice.IntN(10) < 3 {
				a.Outcome = outcomes[dice.IntN(len(outcomes))]
			}
			records = append(records, actions.Record{Digest: []byte{1}, Body: a})
		}
		put(records)
	}
}
