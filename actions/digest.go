package actions

import (
	"context"
	"time"
)

const (
	digestJob = "digest"
	// digestLimit is how long it may take to ask Slack who the leads are and to have
	// them told; then somebody else may do it.
	digestLimit = time.Minute
)

// SendDigest has yesterday's digest told to the leads' channel (without one, to each
// lead) once the team's hour (Actions.DigestAt, in Actions.Zone) has come, once for
// each day whoever runs it: a job of the cron table that wakes up each minute. One that was
// missed is made up for at the next start; of several only the newest. While nothing was
// ever tried, there is none. Errors: Unavailable;
// then it is tried again at the next tick.
func (a *Actions) SendDigest(ctx context.Context) error {
	now := Instant(a.Now())
	due := digestDue(now, a.zone(), a.DigestAt)
	ctx, cancel := context.WithTimeout(ctx, digestLimit) // begins before the claim does
	defer cancel()
	day := dateOf(due.In(a.zone())).plus(-1)
	// The period is the day that it is about: at another hour it isn't told again.
	run, claimed, err := a.claimRun(ctx, digestJob, startOf(day, time.UTC), digestLimit)
	if err != nil || !claimed {
		return err
	}
	_, newest, err := a.Store.AttemptsReach(ctx, now)
	switch {
	case err == nil && newest.IsZero(): // nothing ever came in, so there is nothing to tell
		return a.endRun(ctx, run, nil)
	case err == nil:
		err = a.tellDigest(ctx, run, day)
	}
	if err != nil {
		return a.endRun(ctx, run, err)
	}
	return nil
}

// tellDigest has the digest of a day told, and ends the run in the same transaction: a
// process that ends before that told nothing, and none tells twice.
func (a *Actions) tellDigest(ctx context.Context, run JobRun, day date) error {
	leads, err := a.toLeads(ctx)
	if err != nil {
		return err
	}
	return a.Store.Tx(ctx, func(tx Tx) error {
		for _, lead := range leads {
			if err := a.Enqueue(ctx, tx, OutgoingDigest, lead, day.String()); err != nil {
				return err
			}
		}
		return tx.EndRun(ctx, run, Instant(a.Now()), "")
	})
}

// digestDue is the newest moment at or before now at which a digest was due. It is a
// pure function: at minutes after midnight on the clock on the wall; where daylight saving
// skips that, at the first moment after the gap; where it comes twice, the first time.
func digestDue(now time.Time, zone *time.Location, at time.Duration) time.Time {
	day := dateOf(now.In(zone))
	for {
		if due := Instant(momentOf(day, at, zone)); !due.After(now) {
			return due
		}
		day = day.plus(-1)
	}
}
