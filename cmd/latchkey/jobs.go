package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/robfig/cron/v3"
)

// job is a line of the cron table: what runs when. A tick is only a wake-up:
// each job may run anywhere, at any time, and on several replicas at once.
type job struct {
	name     string
	schedule string // in UTC
	run      func(context.Context) error
}

// jobs is the cron table.
func (h *house) jobs() []job {
	return []job{
		{"close_refusals", "* * * * *", h.actions.CloseRefusals},
		{"tidy", "*/10 * * * *", h.actions.Tidy},
		{"make_partitions", "17 * * * *", h.makePartitions},
	}
}

// partitionsAhead is how many months of attempts have room already.
const partitionsAhead = 3

func (h *house) makePartitions(ctx context.Context) error {
	return h.store.MakePartitions(ctx, time.Now(), partitionsAhead)
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
		id, err := table.AddFunc(j.schedule, func() { j.attempt(ctx, log) })
		if err != nil {
			return nil, fmt.Errorf("the cron table's job %s: %w", j.name, err)
		}
		first.Go(table.Entry(id).WrappedJob.Run)
	}
	table.Start()
	return func() { <-table.Stop().Done(); first.Wait() }, nil
}

// attempt runs the job once; what fails is tried again at the next tick.
func (j job) attempt(ctx context.Context, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, jobLimit)
	defer cancel()
	if err := j.run(ctx); err != nil && !errors.Is(ctx.Err(), context.Canceled) {
		log.ErrorContext(ctx, "a job failed", "job", j.name, "error", err)
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
