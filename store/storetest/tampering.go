package storetest

import (
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

// tamperings are what somebody with the database in hand may do, and what the
// check says of it.
var tamperings = []struct{ name, statement, says string }{
	{"Actor", `UPDATE audit SET actor = 'U2' WHERE seq = 2`, "Row 2"},
	{"Act", `UPDATE audit SET act = 'help' WHERE seq = 1`, "Row 1"},
	{"Outcome", `UPDATE audit SET outcome = 'refused' WHERE seq = 4`, "Row 4"},
	{"Ticket", `UPDATE audit SET ticket = '' WHERE seq = 3`, "Row 3"},
	{"Approver", `UPDATE audit SET approver = 'U8' WHERE seq = 4`, "Row 4"},
	{"Time", `UPDATE audit SET at = (SELECT first_seen FROM keys) WHERE seq = 5`, "Row 5"},
	{"Subject", `UPDATE audit SET subject = (SELECT subject FROM audit WHERE seq = 4) WHERE seq = 2`, "Row 2"},
	{"NoSubject", `UPDATE audit SET subject = '' WHERE seq = 2`, "Row 2"},
	{"MAC", `UPDATE audit SET mac = (SELECT mac FROM audit WHERE seq = 1) WHERE seq = 2`, "Row 2"},
	{"ReasonHash", `UPDATE audit SET reason_hash = NULL WHERE seq = 3`, "Row 3"},
	{"Reason", `UPDATE audit_texts SET reason = 'another' WHERE seq = 3`, "text beside row 3"},
	{"NoReason", `UPDATE audit_texts SET reason = '' WHERE seq = 3`, "text beside row 3"},
	{"Detail", `UPDATE audit_texts SET detail = 'another' WHERE seq = 4`, "text beside row 4"},
	{"User", `UPDATE audit_subjects SET user_id = user_id || 'x'`, "user beside row"},
	{"FirstRow", `DELETE FROM audit WHERE seq = 1`, "row 1 is missing"},
	{"MiddleRow", `DELETE FROM audit WHERE seq = 3`, "row 3 is missing"},
	{"Tail", `DELETE FROM audit WHERE seq > 3`, "should have 5 rows and has 3"},
	{"All", `DELETE FROM audit`, "should have 5 rows and has 0"},
	{"Head", `UPDATE audit_head SET mac = (SELECT mac FROM audit WHERE seq = 2)`, "was cut"},
	{"MovedUp", `UPDATE audit SET seq = 6 WHERE seq = 5`, "row 5 is missing"},
}

func testTampering(t *testing.T) { each(t, tampering) }

func tampering(t *testing.T, s *site) {
	s.audit(t, acts()...)
	s.disarm(t)
	s.exec(t, `CREATE TABLE kept AS SELECT * FROM audit`, `CREATE TABLE kept_texts AS SELECT * FROM audit_texts`,
		`CREATE TABLE kept_head AS SELECT * FROM audit_head`, `CREATE TABLE kept_subjects AS SELECT * FROM audit_subjects`)
	for _, tamper := range tamperings {
		t.Run(tamper.name, func(t *testing.T) {
			s.exec(t, tamper.statement)
			_, err := actions.VerifyAudit(t.Context(), s, Keyring(t))
			if actions.CodeOf(err) != actions.Conflict || !strings.Contains(err.Error(), tamper.says) {
				t.Errorf("the check says %v; want a Conflict with %q", err, tamper.says)
			}
			s.exec(t, `DELETE FROM audit`, `INSERT INTO audit SELECT * FROM kept`, `DELETE FROM audit_texts`,
				`INSERT INTO audit_texts SELECT * FROM kept_texts`, `DELETE FROM audit_head`, `INSERT INTO audit_head SELECT * FROM kept_head`,
				`DELETE FROM audit_subjects`, `INSERT INTO audit_subjects SELECT * FROM kept_subjects`)
			verify(t, s, Keyring(t), 5)
		})
	}
}

// disarm takes the triggers away that guard the audit.
func (s *site) disarm(t testing.TB) {
	t.Helper()
	if s.postgres {
		s.exec(t, `DROP TRIGGER audit_refuses ON audit`, `DROP TRIGGER audit_refuses_delete ON audit`)
		return
	}
	s.exec(t, `DROP TRIGGER audit_refuses_update`, `DROP TRIGGER audit_refuses_delete`)
}
