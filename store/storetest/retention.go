package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testRetention(t *testing.T) {
	t.Run("Attempts", func(t *testing.T) { each(t, attemptsRetained) })
	t.Run("Audit", func(t *testing.T) { each(t, auditRetained) })
	t.Run("AuditAll", func(t *testing.T) { each(t, auditRetainedWhole) })
	t.Run("Guarded", func(t *testing.T) { each(t, cutIsGuarded) })
	t.Run("Changed", func(t *testing.T) { each(t, changedIsNotCut) })
	t.Run("Forged", func(t *testing.T) { each(t, forgedIsNotCut) })
}

// months is the first moment of a month, counted from January 2025.
func months(n int) time.Time { return time.Date(2025, time.Month(1+n), 1, 0, 0, 0, 0, time.UTC) }

// retaining are use cases at a moment.
func retaining(t *testing.T, s *site, now time.Time) *actions.Actions {
	t.Helper()
	return &actions.Actions{Store: s, Directory: s, Keys: Keyring(t), Now: func() time.Time { return now }}
}

func (s *site) retain(t *testing.T, now time.Time) {
	t.Helper()
	if err := retaining(t, s, now).Retain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// aYear puts an attempt of a user and one of nobody into each of 15 months, with what
// belongs to them, on the first and on the last moment.
func (s *site) aYear(t *testing.T) {
	t.Helper()
	bodies := []any{sampleUser}
	for m := range 15 {
		for at, name := range map[time.Time]string{months(m): "first", months(m + 1).Add(-time.Microsecond): "last"} {
			id := fmt.Sprintf("%s-%02d", name, m)
			unknown := try("unknown-"+id, "", at, actions.UnknownUsername)
			unknown.Identifier = "nobody-" + id
			bodies = append(bodies, try(id, "user-1", at, actions.WrongPassword), unknown,
				actions.LoginCode{ID: id, UserID: "user-1", SentAt: at}, actions.ResetLink{ID: id, UserID: "user-1", SentAt: at, ExpiresAt: at.Add(time.Hour)},
				actions.Delivery{ID: id, UserID: "user-1", Address: "a@example.com", At: at},
				actions.Lock{ID: "released-" + id, UserID: "user-1", Kind: actions.LockAttempts, At: months(0), ReleasedAt: at},
				actions.Lock{ID: "over-" + id, UserID: "user-1", Kind: actions.LockAttempts, At: months(0), Until: at})
		}
	}
	s.put(t, append(bodies, actions.Lock{ID: "holds", UserID: "user-1", Kind: actions.LockManual, At: months(0)},
		actions.Lock{ID: "released late", UserID: "user-1", Kind: actions.LockAttempts, At: months(0), Until: months(0), ReleasedAt: months(14)})...)
}

// attemptsRetained: of 15 months those go that were wholly over 13 months ago, with what
// belongs to them; of a month that wasn't, everything stays.
func attemptsRetained(t *testing.T, s *site) {
	s.aYear(t)
	now := months(15).Add(12 * time.Hour) // less 403 days lies in February 2025
	counts := func() map[string]string {
		got := map[string]string{}
		for _, table := range []string{"attempts", "codes", "deliveries", "reset_links", "locks", "unknown_names", "hourly_outcomes", "outcome_totals"} {
			got[table] = s.value(t, `SELECT count(*) FROM `+table)
		}
		return got
	}
	whole := counts()
	s.retain(t, months(14)) // less 403 days lies in January
	same(t, "before a month is over", counts(), whole)
	s.retain(t, now)
	want := map[string]string{
		"attempts": "56", "codes": "28", "deliveries": "28", "reset_links": "28", "locks": "58", "unknown_names": "28", "hourly_outcomes": "56", "outcome_totals": "56",
	}
	same(t, "one month later", counts(), want)
	same(t, "the oldest attempt", s.value(t, `SELECT id FROM attempts WHERE user_id IS NOT NULL ORDER BY at LIMIT 1`), "first-01")
	if s.postgres && strings.Contains(partitionsOf(t, s), "2025_01") {
		t.Error("the month's partition is still there")
	}
	s.retain(t, now)
	same(t, "again", counts(), want)
	rows := auditRows(t, s, 0)
	if len(rows) != 1 || rows[0].Entry.Act != actions.ActRetention || !strings.Contains(rows[0].Entry.Detail, "codes 2") || !strings.Contains(rows[0].Entry.Detail, "locks 4") {
		t.Errorf("it is recorded as %+v", rows)
	}
	verify(t, s, Keyring(t), 1)
}

// auditYears writes rows of nine years, one a month, of a user of their own each year.
func (s *site) auditYears(t *testing.T) {
	t.Helper()
	for m := range 9 * 12 {
		s.audit(t, actions.AuditEntry{
			At: months(m - 9*12), Act: actions.ActUnlock, Actor: "U1", Outcome: actions.ActDone, Subject: fmt.Sprintf("user-%d", m/12), Reason: fmt.Sprint("reason ", m),
		})
	}
}

// auditRetained: rows older than seven years go, with their texts and the names that no
// other row needs; the rest verifies, and so does what comes after, with another key too.
func auditRetained(t *testing.T, s *site) {
	s.auditYears(t)
	s.retain(t, months(0)) // 7 · 366 days before is 26 December 2017, of nine years two less a bit
	rows := auditRows(t, s, 0)
	first := rows[0].Link.Seq
	if first != 25 || rows[0].Entry.Reason != "reason 24" || rows[len(rows)-1].Entry.Act != actions.ActRetention {
		t.Fatalf("the first row is %d (%q), the last %+v", first, rows[0].Entry.Reason, rows[len(rows)-1])
	}
	same(t, "the texts", s.value(t, `SELECT count(*) FROM audit_texts`), fmt.Sprint(len(rows)))
	same(t, "the subjects", s.value(t, `SELECT count(*) FROM audit_subjects`), "7")
	verify(t, s, Keyring(t), 109)
	checked, err := actions.VerifyAudit(t.Context(), s, Keyring(t))
	if err != nil || checked.Begins != 25 || !checked.CutAt.Equal(months(0)) {
		t.Errorf("it begins at %d, cut at %s, %v", checked.Begins, checked.CutAt, err)
	}
	s.audit(t, acts()...)
	s.retain(t, months(0)) // nothing to do
	verify(t, s, Keyring(t), 114)
	s.retain(t, months(12))
	checked, err = actions.VerifyAudit(t.Context(), s, Keyring(t))
	if err != nil || checked.Begins != 37 || checked.Rows != 115 {
		t.Errorf("a year later it begins at %d of %d, %v", checked.Begins, checked.Rows, err)
	}
}

// auditRetainedWhole: when every row is old, all go, and the chain goes on.
func auditRetainedWhole(t *testing.T, s *site) {
	s.audit(t, acts()...)
	s.retain(t, moment.AddDate(8, 0, 0))
	same(t, "the rows", len(auditRows(t, s, 0)), 1) // about that
	verify(t, s, Keyring(t), 6)
	s.audit(t, acts()...)
	verify(t, s, Keyring(t), 11)
}

// cutIsGuarded: what somebody does who has the database is found: a checkpoint of their
// own, rows removed after one, rows changed after one.
func cutIsGuarded(t *testing.T, s *site) {
	s.auditYears(t)
	s.retain(t, months(0))
	for _, statement := range []string{`DELETE FROM audit`, `DELETE FROM audit WHERE seq = 25`, `UPDATE audit SET actor = 'U2'`} {
		if err := s.try(t, statement); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v; want to be refused", statement, err)
		}
	}
	s.disarm(t)
	s.exec(t, `CREATE TABLE kept AS SELECT * FROM audit`, `CREATE TABLE kept_points AS SELECT * FROM audit_checkpoints`)
	for _, tamper := range []struct{ statement, says string }{
		{`DELETE FROM audit WHERE seq = 25`, "row 25 is missing"},
		{`DELETE FROM audit WHERE seq = 50`, "row 50 is missing"},
		{`UPDATE audit SET ticket = '#9' WHERE seq = 25`, "Row 25"},
		{`DELETE FROM audit_checkpoints`, "row 1 is missing"},
		{`UPDATE audit_checkpoints SET seq = 30`, "isn't signed"},
		{`UPDATE audit_checkpoints SET mac = (SELECT mac FROM audit WHERE seq = 30)`, "isn't signed"},
		{`INSERT INTO audit_checkpoints SELECT 40, at, (SELECT mac FROM audit WHERE seq = 40), kid, proof FROM audit_checkpoints`, "isn't signed"},
	} {
		s.exec(t, tamper.statement)
		_, err := actions.VerifyAudit(t.Context(), s, Keyring(t))
		if actions.CodeOf(err) != actions.Conflict || !strings.Contains(err.Error(), tamper.says) {
			t.Errorf("%s: the check says %v; want a Conflict with %q", tamper.statement, err, tamper.says)
		}
		s.exec(t, `DELETE FROM audit`, `INSERT INTO audit SELECT * FROM kept`, `DELETE FROM audit_checkpoints`,
			`INSERT INTO audit_checkpoints SELECT * FROM kept_points`)
		verify(t, s, Keyring(t), 109)
	}
}

// changedIsNotCut: rows that were made older than they are aren't cut away, but found.
func changedIsNotCut(t *testing.T, s *site) {
	s.audit(t, acts()...)
	s.disarm(t)
	s.exec(t, `UPDATE audit SET act = 'help' WHERE seq = 2`)
	err := retaining(t, s, moment.AddDate(8, 0, 0)).Retain(t.Context())
	if actions.CodeOf(err) != actions.Conflict || !strings.Contains(err.Error(), "Row 2") {
		t.Errorf("it is cut all the same: %v", err)
	}
	same(t, "the rows", s.value(t, `SELECT count(*) FROM audit`), "5")
}

// forgedIsNotCut: a checkpoint that somebody put in who has the database removes nothing,
// whatever key it names.
func forgedIsNotCut(t *testing.T, s *site) {
	s.audit(t, acts()...)
	for _, forged := range []actions.Checkpoint{
		{Seq: 3, At: moment, MAC: []byte("0"), KeyID: Keyring(t).Current(), Proof: []byte("0")},
		{Seq: 4, At: moment, MAC: []byte("0"), KeyID: "nobody's", Proof: []byte("0")},
	} {
		s.in(t, func(tx actions.Tx) error { return tx.AddCheckpoint(t.Context(), forged) })
		err := retaining(t, s, moment).Retain(t.Context())
		if forged.Seq == 3 && (actions.CodeOf(err) != actions.Conflict || !strings.Contains(err.Error(), "isn't signed")) || err == nil {
			t.Errorf("a checkpoint of %s's is believed: %v", forged.KeyID, err)
		}
		same(t, "the rows", s.value(t, `SELECT count(*) FROM audit`), "5")
	}
}
