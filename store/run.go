package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// ClaimRun takes a run of a job when nobody has had it, when it failed, or when
// its claim ran out.
func (t *tx) ClaimRun(ctx context.Context, run actions.JobRun) (claimed bool, err error) {
	rows, err := t.exec(ctx, `INSERT INTO job_runs (job, period, claim, started_at, until, why) VALUES ($1, $2, $3, $4, $5, '')
		ON CONFLICT (job, period) DO UPDATE
		SET claim = excluded.claim, started_at = excluded.started_at, until = excluded.until, ended_at = NULL, why = ''
		WHERE job_runs.why <> '' OR (job_runs.ended_at IS NULL AND job_runs.until <= excluded.started_at)`,
		run.Job, at(run.Period), run.Claim, at(run.Started), at(run.Until))
	return rows == 1, failed("claiming a job's run", err)
}

// EndRun writes down how a run ended, unless somebody else has taken it over.
func (t *tx) EndRun(ctx context.Context, run actions.JobRun, when time.Time, why string) error {
	_, err := t.exec(ctx, `UPDATE job_runs SET ended_at = $1, why = $2
		WHERE job = $3 AND period = $4 AND claim = $5 AND ended_at IS NULL`,
		at(when), brief(why), run.Job, at(run.Period), run.Claim)
	return failed("ending a job's run", err)
}
