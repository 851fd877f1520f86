package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// auditPage is how many rows of the audit are read at once.
const auditPage = 500

// headRow is the end of the chain.
type headRow struct {
	Count int64  `db:"count"`
	MAC   []byte `db:"mac"`
}

// auditRow is a row of the audit with what lies beside it.
type auditRow struct {
	Seq        int64    `db:"seq"`
	At         stamp    `db:"at"`
	Act        string   `db:"act"`
	Actor      string   `db:"actor"`
	Subject    string   `db:"subject"`
	Outcome    string   `db:"outcome"`
	ReasonHash []byte   `db:"reason_hash"`
	DetailHash []byte   `db:"detail_hash"`
	Ticket     string   `db:"ticket"`
	Approver   string   `db:"approver"`
	KID        string   `db:"kid"`
	MAC        []byte   `db:"mac"`
	UserID     optional `db:"user_id"`
	Salt       []byte   `db:"salt"`
	UserSalt   []byte   `db:"user_salt"`
	Reason     optional `db:"reason"`
	Detail     optional `db:"detail"`
}

// auditColumns joins the names and texts that still lie beside the chain.
const auditColumns = `SELECT audit.seq, at, act, actor, subject, outcome, reason_hash, detail_hash, ticket, approver,
		kid, mac, user_id, audit_subjects.salt AS user_salt, audit_texts.salt AS salt, reason, detail
	FROM audit
	LEFT JOIN audit_subjects ON audit_subjects.pseudonym = audit.subject
	LEFT JOIN audit_texts ON audit_texts.seq = audit.seq `

func (r auditRow) entry() actions.AuditEntry {
	return actions.AuditEntry{
		At: r.At.Time, Act: actions.Act(r.Act), Actor: r.Actor, Subject: string(r.UserID),
		Outcome: actions.AuditOutcome(r.Outcome), Reason: string(r.Reason), Ticket: r.Ticket, Approver: r.Approver,
		Detail: string(r.Detail),
	}
}

func (r auditRow) row() actions.AuditRow {
	return actions.AuditRow{Entry: r.entry(), Salt: r.Salt, SubjectSalt: r.UserSalt, Link: actions.Link{
		Seq: r.Seq, At: r.At.Time, Act: actions.Act(r.Act), Actor: r.Actor, Subject: r.Subject,
		Outcome: actions.AuditOutcome(r.Outcome), ReasonHash: r.ReasonHash, DetailHash: r.DetailHash,
		Ticket: r.Ticket, Approver: r.Approver, KeyID: r.KID, MAC: r.MAC,
	}}
}

// AuditRows calls yield for each row of the audit after the number after, in
// order, until it returns an error. It reads page by page, so that no
// connection is held while yield works.
func (s *Store) AuditRows(ctx context.Context, after int64, yield func(actions.AuditRow) error) error {
	for {
		var page []auditRow
		err := s.read.SelectContext(ctx, &page, auditColumns+`WHERE audit.seq > $1 ORDER BY audit.seq LIMIT $2`, after, auditPage)
		if err != nil {
			return failed("reading the audit", err)
		}
		for _, row := range page {
			if err := yield(row.row()); err != nil {
				return err
			}
			after = row.Seq
		}
		if len(page) < auditPage {
			return nil
		}
	}
}

// AuditHead returns how many rows the audit has and the MAC of the last.
func (s *Store) AuditHead(ctx context.Context) (count int64, head []byte, err error) {
	var row headRow
	err = s.read.GetContext(ctx, &row, `SELECT count, mac FROM audit_head`)
	return row.Count, row.MAC, failed("reading the head of the audit", err)
}

// Looks returns the actor's newest diagnoses, newest first, at most limit.
func (s *Store) Looks(ctx context.Context, actor string, limit int) ([]actions.AuditRow, error) {
	return looks(ctx, s.read, actor, limit)
}

func looks(ctx context.Context, q queryer, actor string, limit int) ([]actions.AuditRow, error) {
	var rows []auditRow
	err := q.SelectContext(ctx, &rows, auditColumns+`WHERE actor = $1 AND act = $2 AND outcome = $3
		ORDER BY audit.seq DESC LIMIT $4`, storable(actor), string(actions.ActDiagnose), string(actions.ActDone), limit)
	made := make([]actions.AuditRow, len(rows))
	for i, row := range rows {
		made[i] = row.row()
	}
	return made, failed("reading somebody's last look-ups", err)
}
