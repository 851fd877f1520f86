package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

func testAway(t *testing.T) {
	t.Run("postgres", func(t *testing.T) {
		cluster := NewCluster(t, true)
		url := cluster.Database(t, "latchkey")
		away(t, cluster, &site{Store: open(t, url), url: url, postgres: true})
	})
}

// soon is how long somebody may wait to hear that the database is away.
const soon = 5 * time.Second

// away takes the database away and gives it back.
func away(t *testing.T, cluster *Cluster, s *site) {
	s.put(t, samples()...)
	s.audit(t, acts()...)
	before := s.look(t, "jane.doe")
	if err := cluster.Stop(); err != nil {
		t.Fatal(err)
	}
	for name, ask := range questions(s) {
		ctx, cancel := context.WithTimeout(t.Context(), soon)
		if err := ask(ctx); actions.CodeOf(err) != actions.Unavailable {
			t.Errorf("%s while the database is away: %v; want an Unavailable error", name, err)
		}
		if ctx.Err() != nil {
			t.Errorf("%s took longer than %s to say that the database is away", name, soon)
		}
		cancel()
	}
	if err := cluster.Start(); err != nil {
		t.Fatal(err)
	}
	for name, ask := range questions(s) {
		if err := ask(t.Context()); err != nil {
			t.Errorf("%s after the database came back: %v", name, err)
		}
	}
	same(t, "the attempts that were there before", attemptIDs(s.look(t, "jane.doe").Attempts), attemptIDs(before.Attempts))
	verify(t, s, Keyring(t), 6)
}

// questions are what one can ask of a Store.
func questions(s *site) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Ping": s.Ping,
		"Snapshot": func(ctx context.Context) error {
			_, err := s.Snapshot(ctx, actions.Query{Identifier: "jane.doe", At: moment})
			return err
		},
		"Tx": func(ctx context.Context) error {
			return s.Tx(ctx, func(tx actions.Tx) error { return tx.Audit(ctx, acts()[0]) })
		},
		"Lease":     func(ctx context.Context) error { _, err := s.Lease(ctx, moment, day, 1, known); return err },
		"Delivered": func(ctx context.Context) error { return s.Delivered(ctx, letter("a", "U1", 0), moment) },
		"Watches":   func(ctx context.Context) error { _, err := s.Watches(ctx); return err },
		"WatchesOf": func(ctx context.Context) error { _, err := s.WatchesOf(ctx, "U1"); return err },
		"Looks":     func(ctx context.Context) error { _, err := s.Looks(ctx, "U1", 1); return err },
		"Users":     func(ctx context.Context) error { _, err := s.Users(ctx, []string{"user-1"}, nil); return err },
		"AttemptsSince": func(ctx context.Context) error {
			_, err := s.AttemptsSince(ctx, "user-1", ago(day), moment)
			return err
		},
		"Tried": func(ctx context.Context) error {
			_, err := s.Tried(ctx, map[string]time.Time{"user-1": ago(day)}, moment)
			return err
		},
		"SecretByID":  func(ctx context.Context) error { _, _, err := s.SecretByID(ctx, "s1"); return err },
		"SecretsOver": func(ctx context.Context) error { _, err := s.SecretsOver(ctx, moment, 1); return err },
		"RequestByID": func(ctx context.Context) error { _, _, err := s.RequestByID(ctx, "r1"); return err },
		"CaseByID":    func(ctx context.Context) error { _, _, err := s.CaseByID(ctx, "c1"); return err },
		"EventsOf":    func(ctx context.Context) error { _, err := s.EventsOf(ctx, "c1"); return err },
		"FollowersOf": func(ctx context.Context) error { _, err := s.FollowersOf(ctx, "c1"); return err },
		"CasesDue":    func(ctx context.Context) error { _, err := s.CasesDue(ctx, moment, 1); return err },
		"CaseList":    func(ctx context.Context) error { _, err := s.CaseList(ctx, escalation.Filter{}, 1, 0); return err },
		"CaseCount":   func(ctx context.Context) error { _, err := s.CaseCount(ctx, escalation.Filter{}, 1); return err },
		"CaseAt": func(ctx context.Context) error {
			_, _, err := s.CaseAt(ctx, actions.Posted{Channel: "C", TS: "1"})
			return err
		},
		"ResolvedLately": func(ctx context.Context) error { _, _, err := s.ResolvedLately(ctx, "key", moment); return err },
		"EachCase": func(ctx context.Context) error {
			return s.EachCase(ctx, time.Time{}, time.Time{}, func(escalation.Case) error { return nil })
		},
		"Cases": func(ctx context.Context) error {
			return s.Cases(ctx, func(tx escalation.Tx) error { _, _, err := tx.Case(ctx, "c1"); return err })
		},
		"AdminByID":      func(ctx context.Context) error { _, _, err := s.AdminByID(ctx, "a1"); return err },
		"AdminAt":        func(ctx context.Context) error { _, _, err := s.AdminAt(ctx, "t1", "a"); return err },
		"AdminList":      func(ctx context.Context) error { _, err := s.AdminList(ctx, actions.AdminFilter{}, 1); return err },
		"AdminCount":     func(ctx context.Context) error { _, err := s.AdminCount(ctx, actions.AdminFilter{}); return err },
		"AdminsDue":      func(ctx context.Context) error { _, err := s.AdminsDue(ctx, moment, 1); return err },
		"TempAdmins":     func(ctx context.Context) error { _, err := s.TempAdmins(ctx, "acc-1"); return err },
		"TargetByName":   func(ctx context.Context) error { _, _, err := s.TargetByName(ctx, "Acme"); return err },
		"Targets":        func(ctx context.Context) error { _, err := s.Targets(ctx); return err },
		"SealedByID":     func(ctx context.Context) error { _, _, err := s.SealedByID(ctx, actions.SealSecret, "s1"); return err },
		"StillNamed":     func(ctx context.Context) error { _, err := s.StillNamed(ctx, "test", moment); return err },
		"Import":         func(ctx context.Context) error { _, err := s.tryPut(ctx, samples()...); return err },
		"Migrate":        func(ctx context.Context) error { _, err := s.Migrate(ctx); return err },
		"UseKeys":        s.UseKeys,
		"MakePartitions": func(ctx context.Context) error { return s.MakePartitions(ctx, moment, 1) },
		"AuditHead":      func(ctx context.Context) error { _, _, err := s.AuditHead(ctx); return err },
		"AuditRows": func(ctx context.Context) error {
			return s.AuditRows(ctx, 0, func(actions.AuditRow) error { return nil })
		},
	}
}
