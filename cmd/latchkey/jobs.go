package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/latchkey-bot/latchkey/actions"
)

// job is a line of the cron table: what runs when. A tick is only a wake-up:
// each job may run anywhere and at any time.
type job struct {
	name     string
	schedule string // in UTC
	// period is how often one replica of all runs it with success; 0: all of them do at
	// each tick.
	period time.Duration
	run    func(context.Context) error
}

// jobs is the cron table. check_watches, carry_on, expire_secrets, watch_cases and
// sweep_admins have no period: each is one query, or two, as long as there is nothing
// to do, where claiming a period would be two writes every few seconds; each watch,
// each secret and each reminder is ended, or sent, by whoever is first, and each
// operation and each temporary admin is carried on by whoever leases it. cut_journal
// has none either: a claim would be what fills the journal. retain and reconcile_admins wake up
// more often than their period is long, since what fails is tried again at the next tick:
// a site that was down for a moment isn't compared a day later.
func (h *house) jobs() []job {
	all := []job{
		{"check_watches", "@every 5s", 0, h.actions.CheckWatches},
		{"carry_on", "@every 5s", 0, h.actions.CarryOn},
		{"expire_secrets", "@every 15s", 0, h.actions.ExpireSecrets},
		{"watch_cases", "@every 15s", 0, h.desk.Watch},
		{"sweep_admins", "@every 30s", 0, h.actions.SweepAdmins},
		{"send_digest", "* * * * *", 0, h.actions.SendDigest},
		{"cut_journal", "@every 15s", 0, h.store.CutJournal},
		{"watch_incidents", "* * * * *", time.Minute, h.actions.WatchIncidents},
		{"close_refusals", "* * * * *", time.Minute, h.actions.CloseRefusals},
		{"tidy", "*/10 * * * *", 10 * time.Minute, h.actions.Tidy},
		{"make_partitions", "17 * * * *", time.Hour, h.makePartitions},
		{"retain", "37 * * * *", 24 * time.Hour, h.actions.Retain},
		{"reconcile_admins", "23 * * * *", 24 * time.Hour, h.actions.ReconcileAdmins},
	}
	if len(h.actions.Lists) > 1 { // the directory's own is in the database
		all = append(all, job{"read_lists", "41 * * * *", time.Hour, h.actions.ReadLists})
	}
	return all
}

// partitionsAhead is how many months of attempts have room already.
const partitionsAhead = 3

func (h *house) makePartitions(ctx context.Context) error {
	return h.store.MakePartitions(ctx, h.actions.Now(), partitionsAhead)
}

// jobLimit is how long one run of a job may take.
const jobLimit = 5 * time.Minute

// startJobs runs each job once at the start, for what was missed while nothing
// ran, and then by the table. The returned function stops the table and waits
// for what runs; ctx ends what runs.
func (h *house) startJobs(ctx context.Context, log *slog.Logger) (stop func(), err error) {
	logger := cronLog{log}
	table := cron.New(cron.WithLocation(time.UTC), cron.WithLogger(logger),
		cron.WithChain(cron.Recover(logger), cron.SkipIfStillRunning(logger)))
	var first sync.WaitGroup
	for _, j := range h.jobs() {
		id, err := table.AddFunc(j.schedule, func() { h.attempt(ctx, j, log) })
		if err != nil {
			return nil, fmt.Errorf("the cron table's job %s: %w", j.name, err)
		}
		first.Go(table.Entry(id).WrappedJob.Run)
	}
	table.Start()
	return func() { <-table.Stop().Done(); first.Wait() }, nil
}

// attempt runs the job, unless it ran for this period; what fails is tried
// again at the next tick.
func (h *house) attempt(ctx context.Context, j job, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(actions.WithRequestID(ctx, actions.NewRequestID()), jobLimit)
	defer cancel()
	ran := true
	var err error
	if j.period == 0 {
		err = j.run(ctx)
	} else {
		ran, err = h.actions.RunOnce(ctx, j.name, h.actions.Now().UTC().Truncate(j.period), jobLimit, j.run)
	}
	if err != nil && !errors.Is(ctx.Err(), context.Canceled) {
		log.ErrorContext(ctx, "a job failed", "job", j.name, "error", err)
	}
	if ran && err == nil && h.meter.job != nil {
		h.meter.job(j.name)
	}
}

// cronLog passes what goes wrong in the table on; what goes right is of no
// interest.
type cronLog struct{ log *slog.Logger }

// Info drops what went right.
func (cronLog) Info(string, ...any) {}

// Error logs what went wrong.
func (l cronLog) Error(err error, what string, pairs ...any) {
	l.log.Error("the cron table: "+what, append(pairs, "error", err)...)
}
