package storetest

import (
	"strings"
	"sync"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

func testAudit(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, auditIsWhole) })
	t.Run("AppendOnly", func(t *testing.T) { each(t, auditIsAppendOnly) })
	t.Run("ManyAtOnce", func(t *testing.T) { each(t, auditAtOnce) })
	t.Run("Forgotten", func(t *testing.T) { each(t, auditForgotten) })
	t.Run("Pages", func(t *testing.T) { each(t, auditPages) })
	t.Run("NoKey", func(t *testing.T) { each(t, auditWithoutKey, Keys(actions.Keyring{})) })
}

// audit appends entries, each in a transaction of its own.
func (s *site) audit(t testing.TB, entries ...actions.AuditEntry) {
	t.Helper()
	for _, entry := range entries {
		if err := s.tryAudit(t, entry); err != nil {
			t.Fatalf("auditing: %v", err)
		}
	}
}

func (s *site) tryAudit(t testing.TB, entry actions.AuditEntry) error {
	return s.Tx(t.Context(), func(tx actions.Tx) error { return tx.Audit(t.Context(), entry) })
}

// acts are entries with and without subject, text and ticket.
func acts() []actions.AuditEntry {
	plain := actions.AuditEntry{At: moment, Act: actions.ActDiagnose, Actor: "U1", Outcome: actions.ActDone}
	subject, text, full, odd := plain, plain, plain, plain
	subject.Subject = "user-1"
	text.Reason, text.Ticket = "they called", "#4711"
	full.Subject, full.Outcome, full.Reason, full.Ticket, full.Approver, full.Detail =
		"user-2", actions.ActFailed, "a reason", "#1", "U9", "a detail"
	odd.Subject, odd.Detail = "user-1", "it's \"odd\" \\ %_ \t\n \u202e 🔑"
	return []actions.AuditEntry{plain, subject, text, full, odd}
}

func auditRows(t *testing.T, s *site, after int64) []actions.AuditRow {
	t.Helper()
	var rows []actions.AuditRow
	err := s.AuditRows(t.Context(), after, func(row actions.AuditRow) error { rows = append(rows, row); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// verify checks the chain and that it has that many rows.
func verify(t *testing.T, s *site, keys actions.Keyring, rows int64) {
	t.Helper()
	got, err := actions.VerifyAudit(t.Context(), s, keys)
	if err != nil || got.Rows != rows {
		t.Errorf("the audit has %d rows, error %v; want %d", got.Rows, err, rows)
	}
}

func auditIsWhole(t *testing.T, s *site) {
	verify(t, s, Keyring(t), 0)
	s.audit(t, acts()...)
	verify(t, s, Keyring(t), 5)
	rows := auditRows(t, s, 0)
	same(t, "the entries", idsOf(rows, func(r actions.AuditRow) string { return r.Entry.Detail }), idsOf(acts(), func(e actions.AuditEntry) string { return e.Detail }))
	for i, row := range rows {
		same(t, "an entry", row.Entry, acts()[i])
		if row.Link.Subject != "" && strings.Contains(row.Link.Subject, row.Entry.Subject) {
			t.Errorf("the chain names the subject: %q", row.Link.Subject)
		}
	}
	if rows[1].Link.Subject != rows[4].Link.Subject || rows[1].Link.Subject == rows[3].Link.Subject {
		t.Error("a pseudonym stands for one user, always the same one")
	}
	same(t, "the rows after the third", len(auditRows(t, s, 3)), 2)
}

func auditIsAppendOnly(t *testing.T, s *site) {
	s.audit(t, acts()...)
	statements := []string{`UPDATE audit SET actor = 'U2'`, `UPDATE audit SET actor = actor WHERE seq = 1`, `DELETE FROM audit WHERE seq = 5`, `DELETE FROM audit`}
	if s.postgres {
		statements = append(statements, `TRUNCATE audit`)
	}
	for _, statement := range statements {
		if err := s.try(t, statement); err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v; want to be refused", statement, err)
		}
	}
	verify(t, s, Keyring(t), 5)
}

func auditAtOnce(t *testing.T, s *site) {
	const writers, each = 16, 5
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for _, entry := range acts()[:each] {
				if err := s.tryAudit(t, entry); err != nil {
					t.Errorf("auditing: %v", err)
				}
			}
		})
	}
	all.Wait()
	verify(t, s, Keyring(t), writers*each)
	same(t, "pseudonyms", s.value(t, `SELECT count(*) FROM audit_subjects`), "2")
}

// auditForgotten deletes what lies beside the chain.
func auditForgotten(t *testing.T, s *site) {
	s.audit(t, acts()...)
	s.exec(t, `DELETE FROM audit_texts`, `DELETE FROM audit_subjects`)
	verify(t, s, Keyring(t), 5)
	for _, row := range auditRows(t, s, 0) {
		same(t, "what is left of row's text", row.Entry.Subject+row.Entry.Reason+row.Entry.Detail, "")
	}
	s.audit(t, acts()...)
	verify(t, s, Keyring(t), 10)
}

// auditPages reads more rows than are read at once, and stops when told to.
func auditPages(t *testing.T, s *site) {
	const rows = 501
	err := s.Tx(t.Context(), func(tx actions.Tx) error {
		for range rows {
			if err := tx.Audit(t.Context(), acts()[0]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	verify(t, s, Keyring(t), rows)
	seen := 0
	err = s.AuditRows(t.Context(), 0, func(actions.AuditRow) error {
		if seen++; seen == 7 {
			return errOnPurpose
		}
		return nil
	})
	if seen != 7 || err != errOnPurpose { //nolint:errorlint // it comes back as it is
		t.Errorf("after %d rows: %v", seen, err)
	}
}

func auditWithoutKey(t *testing.T, s *site) {
	err := s.tryAudit(t, acts()[0])
	if actions.CodeOf(err) != actions.Unavailable || !strings.Contains(err.Error(), "LATCHKEY_SECRET_KEY") {
		t.Errorf("without a key: %v; want an Unavailable error that names LATCHKEY_SECRET_KEY", err)
	}
	if s.Keyed() {
		t.Error("the store says that it has a key")
	}
	checkEmpty(t, s)
}
