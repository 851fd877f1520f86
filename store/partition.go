package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/latchkey-bot/latchkey/actions"
)

// month is a calendar month, UTC: the span of one partition of attempts.
type month struct {
	year  int
	month time.Month
}

func monthOf(t time.Time) month {
	year, m, _ := t.UTC().Date()
	return month{year, m}
}

func (m month) start() time.Time { return time.Date(m.year, m.month, 1, 0, 0, 0, 0, time.UTC) }

func (m month) next() month { return monthOf(m.start().AddDate(0, 1, 0)) }

// partition is the name of the month's table.
func (m month) partition() string { return fmt.Sprintf("attempts_%04d_%02d", m.year, m.month) }

// partitionLock is the advisory lock under which partitions are made.
const partitionLock = 0x6c617463_68 // "latch"

// MakePartitions makes the partitions of attempts for that many months from
// the month of from on, those that aren't there. It is a job of the cron table,
// safe to run anywhere at any time; on SQLite, which has no partitions, it does
// nothing.
func (s *Store) MakePartitions(ctx context.Context, from time.Time, months int) error {
	for m := monthOf(from); months > 0; m, months = m.next(), months-1 {
		if err := s.makePartition(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// makePartition makes the partition of a month, if it isn't there, in a short
// transaction of its own. Attaching a table made before locks the parent in a
// way that neither reading nor a long import minds.
func (s *Store) makePartition(ctx context.Context, m month) error {
	if s.ddl == nil {
		return nil
	}
	doing := "making the partition " + m.partition()
	begun, err := s.ddl.BeginTxx(ctx, nil)
	if err != nil {
		return failed(doing, err)
	}
	defer func() { _ = begun.Rollback() }() // after a commit this does nothing
	if err := attach(ctx, begun, m); err != nil {
		return failed(doing, err)
	}
	return failed(doing, begun.Commit())
}

func attach(ctx context.Context, begun *sqlx.Tx, m month) error {
	if _, err := begun.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, partitionLock); err != nil {
		return err
	}
	var there int
	err := begun.GetContext(ctx, &there, postgres.hasTable, m.partition())
	if err != nil || there > 0 {
		return err
	}
	create := fmt.Sprintf(`CREATE TABLE %s (LIKE attempts INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`, m.partition())
	if _, err := begun.ExecContext(ctx, create); err != nil {
		return err
	}
	_, err = begun.ExecContext(ctx, fmt.Sprintf(`ALTER TABLE attempts ATTACH PARTITION %s FOR VALUES FROM (%s) TO (%s)`,
		m.partition(), boundary(m), boundary(m.next())))
	return err
}

// boundary is the first moment of a month, as a literal: DDL takes no
// parameters.
func boundary(m month) string { return pq.QuoteLiteral(string(pq.FormatTimestamp(m.start()))) }

// makeMonths makes the partitions that the attempts need.
func (t *importTx) makeMonths(ctx context.Context, rows []row) error {
	if !t.store.dialect.server {
		return nil
	}
	for _, r := range rows {
		m := monthOf(r.record.Body.(actions.Attempt).At)
		if t.months[m] {
			continue
		}
		if err := t.store.makePartition(ctx, m); err != nil {
			return err
		}
		// A connection that has used attempts in its transaction hears of a
		// partition made since only when it locks something new.
		if _, err := t.exec(ctx, `LOCK TABLE `+m.partition()+` IN ROW EXCLUSIVE MODE`); err != nil {
			return failed("using the partition "+m.partition(), err)
		}
		if t.months == nil {
			t.months = map[month]bool{}
		}
		t.months[m] = true
	}
	return nil
}
