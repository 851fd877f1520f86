package actions

import (
	"context"
	"time"
)

// How long things are kept at least.
const (
	memory      = 2 * time.Hour       // of what is remembered for an hour or so
	runMemory   = 14 * 24 * time.Hour // of a job's runs: longer than any period
	watchMemory = 30 * 24 * time.Hour // of an ended watch that nobody judged
	// judgedMemory is how long one that somebody judged is kept, who it was about
	// and for which ticket included: a digest looks back a year at most.
	judgedMemory = 400 * 24 * time.Hour
	// doneMemory is how long an operation that ended is kept, with its approval and
	// its mails: its row of the audit stays.
	doneMemory   = 90 * 24 * time.Hour
	linkMemory   = 24 * time.Hour      // of a link after it ran out: its page says so until then
	changeMemory = 30 * 24 * time.Hour // of a change that the product has acknowledged
	// caseMemory is how long a resolved case is kept, with its history: as long as a
	// watch that somebody judged.
	caseMemory = judgedMemory
	// adminMemory is how long a temporary admin is kept that is gone, or never was.
	adminMemory = caseMemory
)

// Tidy removes what is of no use any more, so that nothing grows for ever. It
// is a job of the cron table; see Retain for what grows most. Dead letters stay.
func (a *Actions) Tidy(ctx context.Context) error {
	now, kept := Instant(a.Now()), a.Retention.orDefaults()
	return a.Store.Tx(ctx, func(tx Tx) error {
		return tx.Forget(ctx, Keep{
			Requests: now.Add(-memory), Runs: now.Add(-runMemory),
			Watches: now.Add(-watchMemory), Judged: now.Add(-judgedMemory),
			Done: now.Add(-kept.Done), Secrets: now.Add(-kept.Secrets), Links: now.Add(-linkMemory), Changes: now.Add(-changeMemory),
			Cases: now.Add(-kept.Cases), Admins: now.Add(-kept.Admins),
		})
	})
}
