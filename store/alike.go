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
	s.Alike.Outcome = last.Outcome
	now, err := s.countAlike(ctx, 0, 0)
	if err != nil || now[0] < alikeFew {
		s.Alike.LastHour = now[0]
		return err
	}
	totals, err := s.alikeTotals(ctx)
	if err != nil {
		return err
	}
	s.Alike.LastHour = now[0]
	if now[0] >= alikeExact {
		s.Alike.LastHour = max(now[0], totals[0])
	}
	before, sum := totals[1:], 0
	for _, n := range before {
		sum += n
	}
	if sum <= alikeExact {
		if before, err = s.countAlike(ctx, 1, len(s.Alike.Before)); err != nil {
			return err
		}
	}
	copy(s.Alike.Before[:], before)
	return nil
}

// countAlike counts the others one by one, in the hour before the moment on
// each of some days ago, at most alikeExact of each.
func (s userSection) countAlike(ctx context.Context, firstDay, lastDay int) ([]int, error) {
	var u union
	outcome, others := u.arg(string(s.Alike.Outcome)), ""
	for _, who := range customersOf(s.who) {
		others += " AND customer <> " + u.arg(who)
	}
	for day := firstDay; day <= lastDay; day++ {
		from, to := s.alikeHour(day)
		// The hour reaches from one hour of the clock into the next: of the first
		// its end counts, of the second its beginning. With OR instead of IN,
		// SQLite would look through every hour.
		first := u.arg(hourOf(from))
		u.add(`SELECT %d AS day, count(DISTINCT customer) AS customers FROM (SELECT customer FROM hourly_outcomes
			WHERE outcome = %s AND hour IN (%s, %s) AND CASE hour WHEN %s THEN last_at >= %s ELSE first_at <= %s END%s LIMIT %d) AS d%d`,
			day, outcome, first, u.arg(hourOf(to)), first, u.arg(at(from)), u.arg(at(to)), others, 2*alikeExact, day)
	}
	var rows []struct {
		Day       int `db:"day"`
		Customers int `db:"customers"`
	}
	err := s.q.SelectContext(ctx, &rows, u.query("day", len(u.branches)), u.args...)
	counts := make([]int, 1+lastDay-firstDay)
	for _, row := range rows {
		counts[row.Day-firstDay] = row.Customers
	}
	return counts, failed("counting who else failed alike", err)
}

// alikeTotals estimates the same from the totals by the hour of the clock, for
// today and each of the 7 days before: of the first hour that an hour reaches
// into, and of the second, the share that lies in it; today's second has only
// what came so far.
func (s userSection) alikeTotals(ctx context.Context) ([]int, error) {
	var u union
	outcome := u.arg(string(s.Alike.Outcome))
	for day := range 1 + len(s.Alike.Before) {
		from, to := s.alikeHour(day)
		share := float64(to.Unix()-hourOf(to)*3600) / 3600
		second := share
		if day == 0 {
			second = 1
		}
		for hour, weight := range map[int64]float64{hourOf(from): 1 - share, hourOf(to): second} {
			u.add(`SELECT %d AS day, customers * CAST(%s AS double precision) AS customers FROM outcome_totals WHERE outcome = %s AND hour = %s`,
				day, u.arg(weight), outcome, u.arg(hour))
		}
	}
	var rows []struct {
		Day       int     `db:"day"`
		Customers float64 `db:"customers"`
	}
	err := s.q.SelectContext(ctx, &rows, u.query("day", len(u.branches)), u.args...)
	sums := make([]float64, 1+len(s.Alike.Before))
	for _, row := range rows {
		sums[row.Day] += row.Customers
	}
	totals := make([]int, len(sums))
	for day, sum := range sums {
		totals[day] = int(sum + 0.5)
	}
	return totals, failed("counting who else failed alike", err)
}

// alikeHour is the hour before the moment, some days ago.
func (s userSection) alikeHour(day int) (from, to time.Time) {
	to = s.At.AddDate(0, 0, -day)
	return to.Add(-time.Hour), to
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
