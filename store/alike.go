package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

const (
	// alikeFew is how many others in the last hour are too few to mind.
	alikeFew = 10
	// alikeExact is how many are counted one by one. Beyond it totals by the
	// hour of the clock do, so that a busy hour costs no more than a quiet one.
	alikeExact = 300
)

// alike counts other customers with the outcome of the user's last attempt: in
// the last hour, and in the same hour of each of the 7 days before.
func (s userSection) alike(ctx context.Context) error {
	last, ok := s.lastAttempt()
	if !ok || !last.Failed() {
		return nil
	}
	var err error
	s.Alike, err = failedAlike{q: s.q, outcome: last.Outcome, at: s.At, but: customersOf(s.who)}.counts(ctx)
	return err
}

// failedAlike counts customers with an outcome in the hour before a moment.
type failedAlike struct {
	q       queryer
	outcome actions.Outcome
	at      time.Time
	but     []string // customers who don't count
}

// counts says how many there are in that hour, and in the same hour of each of the 7 days before
// unless they are too few to mind.
func (f failedAlike) counts(ctx context.Context) (actions.AlikeCounts, error) {
	counts := actions.AlikeCounts{Outcome: f.outcome}
	now, err := f.oneByOne(ctx, 0, 0)
	if counts.LastHour = now[0]; err != nil || now[0] < alikeFew {
		return counts, err
	}
	totals, err := f.totals(ctx)
	if err != nil {
		return counts, err
	}
	if now[0] >= alikeExact {
		counts.LastHour = max(now[0], totals[0])
	}
	before, sum := totals[1:], 0
	for _, n := range before {
		sum += n
	}
	if sum <= alikeExact {
		if before, err = f.oneByOne(ctx, 1, len(counts.Before)); err != nil {
			return counts, err
		}
	}
	copy(counts.Before[:], before)
	return counts, nil
}

// oneByOne counts them one by one, in the hour before the moment on each of some days
// ago, at most alikeExact of each.
func (f failedAlike) oneByOne(ctx context.Context, firstDay, lastDay int) ([]int, error) {
	var u union
	others := ""
	for _, who := range f.but {
		others += " AND customer <> " + u.arg(who)
	}
	for day := firstDay; day <= lastDay; day++ {
		u.add(`SELECT %d AS day, count(DISTINCT customer) AS customers FROM (%s%s LIMIT %d) AS d%d`,
			day, inHour(&u, f.outcome, f.hour(day)), others, 2*alikeExact, day)
	}
	var rows []struct {
		Day       int `db:"day"`
		Customers int `db:"customers"`
	}
	err := f.q.SelectContext(ctx, &rows, u.query("day", len(u.branches)), u.args...)
	counts := make([]int, 1+lastDay-firstDay)
	for _, row := range rows {
		counts[row.Day-firstDay] = row.Customers
	}
	return counts, failed("counting who else failed alike", err)
}

// inHour selects who had an outcome in an hour that need not begin with one of the
// clock.
func inHour(u *union, outcome actions.Outcome, hour span) string {
	// It reaches from one hour of the clock into the next: of the first its end counts,
	// of the second its beginning. With OR instead of IN, SQLite would look through
	// every hour.
	first := u.arg(hourOf(hour.first))
	return `SELECT customer FROM hourly_outcomes WHERE outcome = ` + u.arg(string(outcome)) +
		` AND hour IN (` + first + `, ` + u.arg(hourOf(hour.last)) + `)` +
		` AND CASE hour WHEN ` + first + ` THEN last_at >= ` + u.arg(at(hour.first)) + ` ELSE first_at <= ` + u.arg(at(hour.last)) + ` END`
}

// totals estimates the same from the totals by the hour of the clock, for
// today and each of the 7 days before: of the first hour that an hour reaches
// into, and of the second, the share that lies in it; today's second has only
// what came so far.
func (f failedAlike) totals(ctx context.Context) ([]int, error) {
	var u union
	outcome := u.arg(string(f.outcome))
	days := 1 + len(actions.AlikeCounts{}.Before)
	for day := range days {
		hour := f.hour(day)
		share := float64(hour.last.Unix()-hourOf(hour.last)*3600) / 3600
		second := share
		if day == 0 {
			second = 1
		}
		for hour, weight := range map[int64]float64{hourOf(hour.first): 1 - share, hourOf(hour.last): second} {
			u.add(`SELECT %d AS day, customers * CAST(%s AS double precision) AS customers FROM outcome_totals WHERE outcome = %s AND hour = %s`,
				day, u.arg(weight), outcome, u.arg(hour))
		}
	}
	var rows []struct {
		Day       int     `db:"day"`
		Customers float64 `db:"customers"`
	}
	err := f.q.SelectContext(ctx, &rows, u.query("day", len(u.branches)), u.args...)
	sums := make([]float64, days)
	for _, row := range rows {
		sums[row.Day] += row.Customers
	}
	totals := make([]int, len(sums))
	for day, sum := range sums {
		totals[day] = int(sum + 0.5)
	}
	return totals, failed("counting who else failed alike", err)
}

// hour is the hour before the moment, some days ago.
func (f failedAlike) hour(day int) span {
	to := f.at.AddDate(0, 0, -day)
	return span{to.Add(-time.Hour), to}
}

// lastAttempt is the newest recent attempt that counts.
func (s userSection) lastAttempt() (actions.Attempt, bool) {
	for _, a := range s.Attempts {
		if s.counts(a) {
			return a, a.At.After(s.recent())
		}
	}
	return actions.Attempt{}, false
}
