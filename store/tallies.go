package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Tallies counts what operators watch, at a moment. It reads indexes and tables that
// retention keeps small, and runs until ctx ends at most.
func (s *Store) Tallies(ctx context.Context, now time.Time) (actions.Tallies, error) {
	t := actions.Tallies{Jobs: map[string]time.Time{}}
	var err error
	if t.Outbox, err = tallied[actions.OutboxState](ctx, s.read, `SELECT 'waiting' AS name, count(*) AS n FROM outbox WHERE `+untaken+`
		UNION ALL SELECT 'under_way', count(*) FROM outbox WHERE lease IS NOT NULL AND `+waits+`
		UNION ALL SELECT 'dead', count(*) FROM outbox WHERE buried_at IS NOT NULL`); err != nil {
		return t, failed("counting the outbox", err)
	}
	if t.Oldest, err = oldestWaiting(ctx, s.read, now); err != nil {
		return t, failed("looking for the oldest message", err)
	}
	if t.Cases, err = tallied[string](ctx, s.read, `SELECT state AS name, count(*) AS n FROM cases GROUP BY state`); err != nil {
		return t, failed("counting the cases", err)
	}
	// One that ran out is expired before anybody has written that down.
	if t.Secrets, err = tallied[actions.SecretState](ctx, s.read, `SELECT CASE WHEN state = 'live' AND expires_at <= $1 THEN 'expired' ELSE state END AS name,
		count(*) AS n FROM secrets GROUP BY 1`, at(now)); err != nil {
		return t, failed("counting the secrets", err)
	}
	return t, s.lastRuns(ctx, t.Jobs)
}

// tallied counts by name.
func tallied[K ~string](ctx context.Context, q queryer, query string, args ...any) (map[K]int, error) {
	var rows []struct {
		Name string `db:"name"`
		N    int    `db:"n"`
	}
	if err := q.SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	counts := make(map[K]int, len(rows))
	for _, r := range rows {
		counts[K(r.Name)] += r.N
	}
	return counts, nil
}

// oldestWaiting is since when the oldest message has waited that was due at a moment:
// one that was never tried since it is due, others since they were enqueued.
func oldestWaiting(ctx context.Context, q queryer, now time.Time) (time.Time, error) {
	var since []stamp
	err := q.SelectContext(ctx, &since, `SELECT CASE WHEN tries = 0 THEN due ELSE at END AS since FROM outbox
		WHERE `+waits+` AND (tries > 0 OR due <= $1) ORDER BY 1 LIMIT 1`, at(now))
	if err != nil || len(since) == 0 {
		return time.Time{}, err
	}
	return since[0].Time, nil
}

// lastRuns adds when each job last ended well.
func (s *Store) lastRuns(ctx context.Context, jobs map[string]time.Time) error {
	var names []string
	if err := s.read.SelectContext(ctx, &names, `SELECT DISTINCT job FROM job_runs`); err != nil {
		return failed("reading which jobs ran", err)
	}
	for _, job := range names {
		var ended stamp
		err := s.read.GetContext(ctx, &ended, `SELECT ended_at FROM job_runs
			WHERE job = $1 AND ended_at IS NOT NULL AND why = '' ORDER BY period DESC LIMIT 1`, job)
		if err == nil {
			jobs[job] = ended.Time
		} else if !errors.Is(err, sql.ErrNoRows) {
			return failed("reading when a job ran last", err)
		}
	}
	return nil
}
