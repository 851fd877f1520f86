package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func TestQuick(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		now := time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
		for range 3 {
			err := s.Import(ctx, func(tx actions.ImportTx) error {
				rs := []actions.Record{
					{Body: actions.Account{ID: "a1", Name: "Acme", Status: "active", GatewayIDs: []string{"GW-1"}}, Digest: []byte("1")},
					{Body: actions.User{ID: "u1", Username: "jane", Email: "jane@acme.example", Mobile: "+1 555 0100 200"}, Digest: []byte("1")},
					{Body: actions.User{ID: "u2", Username: "jane", Email: "jane2@acme.example"}, Digest: []byte("2")},
					{Body: actions.User{ID: "u2", Username: "jane", Email: "jane3@acme.example"}, Digest: []byte("3")},
					{Body: actions.Membership{UserID: "u1", AccountID: "a1", Role: "member", Status: "active"}, Digest: []byte("2")},
					{Body: actions.StaffNetwork{CIDR: "10.0.0.0/8"}},
				}
				for i := range 500 {
					rs = append(rs, actions.Record{Body: actions.Attempt{ID: fmt.Sprint(i), At: now.Add(-time.Duration(i) * time.Hour), Identifier: "Jane", Outcome: actions.WrongPassword, UserID: []string{"", "u1", "u2"}[i%3], DeviceID: "d"}})
				}
				tally, err := tx.Put(ctx, rs)
				t.Log(tally)
				if err != nil {
					return err
				}
				p, err := tx.Positions(ctx, []string{"a", "b", "a"})
				t.Log(p)
				if err != nil {
					return err
				}
				p, err = tx.Positions(ctx, []string{"a", "b", "a"})
				t.Log(p)
				m, err := tx.Missing(ctx, []string{"u1", "u9"}, []string{"a1", "a9"})
				t.Log(m)
				if err != nil {
					return err
				}
				return tx.Audit(ctx, actions.AuditEntry{Act: "import", At: now, Subject: "u1", Outcome: "done", Reason: "because"})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, id := range []string{"jane", "jane@acme.example", "gw-1", "@acme.example", "JANE@acme.exampl", "+15550100200"} {
			sn, err := s.Snapshot(ctx, actions.Query{Identifier: id, At: now})
			if err != nil {
				t.Fatal(id, err)
			}
			t.Log(id, len(sn.Users), len(sn.Attempts), len(sn.Places), len(sn.NearUsers), sn.Alike, len(sn.Support), len(sn.Accounts))
		}
		t.Log(actions.VerifyAudit(ctx, s, storetest.Keyring(t)))
	})
}
