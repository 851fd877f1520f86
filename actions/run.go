package actions

import (
	"context"
	"crypto/rand"
	"time"
)

// JobRun is a job's run for one period, as a row of the database. A tick of the
// cron table is only a wake-up; the row, of which there is one for a job and a
// period, decides who runs it.
type JobRun struct {
	Job     string
	Period  time.Time // its beginning
	Claim   string    // proves who runs it
	Started time.Time
	Until   time.Time // when others may take it over
}

// RunTx is how a run is claimed and ended.
type RunTx interface {
	// ClaimRun takes the run when nobody has had it, when it failed, or when its
	// claim ran out at or before run.Started; claimed is false when somebody else
	// runs it or has.
	ClaimRun(ctx context.Context, run JobRun) (claimed bool, err error)
	// EndRun writes down that the run ended well, or why it failed. It does
	// nothing once somebody else has taken the run over.
	EndRun(ctx context.Context, run JobRun, at time.Time, why string) error
}

// endLimit is how long writing the end of a run may take.
const endLimit = 10 * time.Second

// RunOnce runs a job for a period, unless it ran or runs for it already, here
// or on another replica: ran is false then. run gets a context that ends after
// limit, because from then on somebody else may take the period over; they may
// also once it failed. What run returns comes back as it is; other errors are
// the database's.
func (a *Actions) RunOnce(
	ctx context.Context, job string, period time.Time, limit time.Duration, run func(context.Context) error,
) (ran bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit) // begins before the claim does
	defer cancel()
	mine, claimed, err := a.claimRun(ctx, job, period, limit)
	if err != nil || !claimed {
		return false, err
	}
	err = run(ctx)
	return true, a.endRun(ctx, mine, err)
}

// claimRun takes the run of a job for a period, until a limit is over; claimed is false
// when somebody else runs it or has.
func (a *Actions) claimRun(ctx context.Context, job string, period time.Time, limit time.Duration) (run JobRun, claimed bool, err error) {
	now := Instant(a.Now())
	run = JobRun{Job: job, Period: Instant(period), Claim: rand.Text(), Started: now, Until: now.Add(limit)}
	err = a.Store.Tx(ctx, func(tx Tx) (err error) {
		claimed, err = tx.ClaimRun(ctx, run)
		return err
	})
	return run, claimed && err == nil, err
}

// endRun writes down how the run ended, even when its context has ended, and
// returns why it failed.
func (a *Actions) endRun(ctx context.Context, run JobRun, failed error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endLimit)
	defer cancel()
	why := ""
	if failed != nil {
		why = failed.Error()
	}
	err := a.Store.Tx(ctx, func(tx Tx) error { return tx.EndRun(ctx, run, Instant(a.Now()), why) })
	if failed != nil {
		return failed
	}
	return err
}
