package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/latchkey-bot/latchkey/actions"
)

// retentionBatch is how many rows go in one transaction: others write meanwhile.
const retentionBatch = 5000

// DropAttempts removes the attempts of the months that were over at before, with the
// codes, deliveries and reset links of that age, the locks that had ended then and what was
// counted of them, and returns how many rows went by table.
func (s *Store) DropAttempts(ctx context.Context, before time.Time) (map[string]int, error) {
	gone := map[string]int{}
	limit := monthOf(before).start()
	var err error
	if s.dialect.server {
		err = s.dropMonths(ctx, limit, gone)
	} else {
		err = s.dropRows(ctx, dated{"attempts", "rowid", "at"}, limit, gone)
	}
	for _, old := range []dated{
		{"codes", "id", "sent_at"}, {"deliveries", "id", "at"}, {"reset_links", "id", "sent_at"}, {"unknown_names", "name", "last_at"},
		{"locks", "id", "coalesce(released_at, until)"}, // one that holds on has ended at no time
	} {
		if err == nil {
			err = s.dropRows(ctx, old, limit, gone)
		}
	}
	if err == nil {
		err = s.dropHours(ctx, hourOf(limit), gone)
	}
	return gone, err
}

// monthWait is how long dropping a month may keep others waiting.
const monthWait = `SET LOCAL lock_timeout = '3s'`

// dropMonths drops the partitions of the months that are over at limit.
func (s *Store) dropMonths(ctx context.Context, limit time.Time, gone map[string]int) error {
	var names []string
	err := s.read.SelectContext(ctx, &names, `SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
		WHERE inhparent = 'attempts'::regclass ORDER BY relname`)
	if err != nil {
		return failed("looking for old months of attempts", err)
	}
	for _, name := range names {
		var m month
		if n, err := fmt.Sscanf(name, "attempts_%d_%d", &m.year, &m.month); n != 2 || err != nil || m.partition() != name || m.next().start().After(limit) {
			continue
		}
		if err := s.dropMonth(ctx, m); err != nil {
			return err
		}
		gone["months of attempts"]++
	}
	return nil
}

// dropMonth drops the partition of a month. Who reads or writes attempts for longer than
// a moment is not waited for: the next run does it.
func (s *Store) dropMonth(ctx context.Context, m month) error {
	doing := "dropping the partition " + m.partition()
	begun, err := s.ddl.BeginTxx(ctx, nil)
	if err != nil {
		return failed(doing, err)
	}
	defer func() { _ = begun.Rollback() }() // after a commit this does nothing
	for _, statement := range []string{
		monthWait, fmt.Sprintf(`SELECT pg_advisory_xact_lock(%d)`, int64(partitionLock)), `DROP TABLE IF EXISTS ` + m.partition(),
	} {
		if _, err := begun.ExecContext(ctx, statement); err != nil {
			var server *pq.Error
			if errors.As(err, &server) && server.Code == pqerror.LockNotAvailable {
				return &actions.Error{Code: actions.Unavailable, Cause: err, Sentence: "Old attempts couldn't be dropped, since others read or wrote attempts all the time. It is tried again."}
			}
			return failed(doing, err)
		}
	}
	return failed(doing, begun.Commit())
}

// dated is a table whose rows grow old: what they are told apart by, and when they are
// from, as a column or an expression.
type dated struct{ table, id, when string }

// dropRows removes the rows of a table that are older than limit, batch by batch.
func (s *Store) dropRows(ctx context.Context, old dated, limit time.Time, gone map[string]int) error {
	query := fmt.Sprintf(`DELETE FROM %[1]s WHERE %[2]s IN (SELECT %[2]s FROM %[1]s WHERE %[3]s < $1 LIMIT %[4]d)`,
		old.table, old.id, old.when, retentionBatch)
	return s.batches(ctx, "removing old "+old.table, func(t *tx) (int, error) {
		rows, err := t.exec(ctx, query, at(limit))
		if rows > 0 {
			gone[old.table] += rows
		}
		return rows, err
	}, retentionBatch)
}

// batches runs a batch in a transaction of its own until one does less than all of it.
func (s *Store) batches(ctx context.Context, doing string, batch func(*tx) (int, error), all int) error {
	for {
		var rows int
		err := s.persistently(ctx, func(t *tx) (err error) {
			rows, err = batch(t)
			return err
		})
		if err != nil || rows < all {
			return failed(doing, err)
		}
	}
}

// hoursBatch is how many hours of outcomes go in one transaction.
const hoursBatch = 500

// dropHours removes what was counted of the hours before one.
func (s *Store) dropHours(ctx context.Context, before int64, gone map[string]int) error {
	return s.batches(ctx, "removing old hours", func(t *tx) (int, error) {
		var hours []struct {
			Outcome string `db:"outcome"`
			Hour    int64  `db:"hour"`
		}
		err := t.SelectContext(ctx, &hours, `SELECT outcome, hour FROM outcome_totals WHERE hour < $1 ORDER BY outcome, hour LIMIT $2 `+
			t.store.dialect.locking, before, hoursBatch)
		if err != nil {
			return 0, err
		}
		for _, h := range hours {
			rows, err := t.exec(ctx, `DELETE FROM hourly_outcomes WHERE outcome = $1 AND hour = $2`, h.Outcome, h.Hour)
			if err != nil {
				return 0, err
			}
			if _, err := t.exec(ctx, `DELETE FROM outcome_totals WHERE outcome = $1 AND hour = $2`, h.Outcome, h.Hour); err != nil {
				return 0, err
			}
			gone["hourly_outcomes"] += rows
		}
		return len(hours), nil
	}, hoursBatch)
}

// checkpointRow is a checkpoint in its table.
type checkpointRow struct {
	Seq   int64  `db:"seq"`
	At    stamp  `db:"at"`
	MAC   []byte `db:"mac"`
	KeyID string `db:"kid"`
	Proof []byte `db:"proof"`
}

func (r checkpointRow) checkpoint() actions.Checkpoint {
	return actions.Checkpoint{Seq: r.Seq, At: r.At.Time, MAC: r.MAC, KeyID: r.KeyID, Proof: r.Proof}
}

// Checkpoint returns the newest checkpoint of the audit; found is false without one.
func (s *Store) Checkpoint(ctx context.Context) (c actions.Checkpoint, found bool, err error) {
	newest, err := one(all(ctx, s.read, checkpointRow.checkpoint, `SELECT seq, at, mac, kid, proof FROM audit_checkpoints ORDER BY seq DESC LIMIT 1`))
	return perhaps(newest, err, "looking where the audit was cut")
}

// AddCheckpoint stores a checkpoint. Rows of the audit up to it may then be deleted.
func (t *tx) AddCheckpoint(ctx context.Context, c actions.Checkpoint) error {
	_, err := t.exec(ctx, `INSERT INTO audit_checkpoints (seq, at, mac, kid, proof) VALUES ($1, $2, $3, $4, $5)`,
		c.Seq, at(c.At), c.MAC, c.KeyID, c.Proof)
	return failed("noting where the audit is cut", err)
}

// AuditBefore returns the number of the last row of the audit that is older than before,
// as all rows before it are; 0 without one.
func (s *Store) AuditBefore(ctx context.Context, before time.Time) (int64, error) {
	var seqs []int64
	err := s.read.SelectContext(ctx, &seqs, `SELECT seq FROM audit WHERE at >= $1 ORDER BY seq LIMIT 1`, at(before))
	if err == nil && len(seqs) == 0 { // all of them are
		err = s.read.SelectContext(ctx, &seqs, `SELECT count + 1 FROM audit_head`)
	}
	if err != nil || len(seqs) == 0 {
		return 0, failed("looking for old rows of the audit", err)
	}
	return seqs[0] - 1, nil
}

// cutBatch is how many rows of the audit go in one transaction.
const cutBatch = 1000

// CutAudit removes the rows up to seq, which a checkpoint must have, with what lies
// beside them, and returns how many those were.
func (s *Store) CutAudit(ctx context.Context, seq int64) (rows int, err error) {
	err = s.batches(ctx, "cutting the audit", func(t *tx) (int, error) {
		cut, err := t.cut(ctx, seq)
		if err == nil {
			rows += cut
		}
		return cut, err
	}, cutBatch)
	return rows, err
}

// cut removes the oldest rows up to seq.
func (t *tx) cut(ctx context.Context, seq int64) (int, error) {
	if err := t.holdAudit(ctx); err != nil {
		return 0, err
	}
	var seqs []int64
	err := t.SelectContext(ctx, &seqs, `SELECT seq FROM audit WHERE seq <= $1 ORDER BY seq LIMIT $2`, seq, cutBatch)
	if err != nil || len(seqs) == 0 {
		return 0, err
	}
	last := seqs[len(seqs)-1]
	var subjects []string
	if err := t.SelectContext(ctx, &subjects, `SELECT DISTINCT subject FROM audit WHERE seq <= $1 AND subject <> ''`, last); err != nil {
		return 0, err
	}
	for _, table := range []string{"audit_texts", "audit"} {
		if _, err := t.exec(ctx, `DELETE FROM `+table+` WHERE seq <= $1`, last); err != nil {
			return 0, err
		}
	}
	for piece := range slices.Chunk(subjects, retentionBatch) {
		_, err := t.exec(ctx, `DELETE FROM audit_subjects WHERE pseudonym IN (`+marks(1, len(piece))+`)
			AND NOT EXISTS (SELECT 1 FROM audit WHERE audit.subject = audit_subjects.pseudonym AND audit.subject <> '')`, anys(piece)...)
		if err != nil {
			return 0, err
		}
	}
	return len(seqs), nil
}

// holdAudit makes whoever writes a row of the audit wait until the transaction ends: no
// name goes that a row under way stands for.
func (t *tx) holdAudit(ctx context.Context) error {
	var count int64
	return t.GetContext(ctx, &count, `SELECT count FROM audit_head `+t.store.dialect.locking)
}
