package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// alike counts other customers with the outcome of the user's last attempt: in
// the last hour, and in the same hour of each of the 7 days before.
func (s userSection) alike(ctx context.Context) error {
	last, ok := s.lastAttempt()
	if !ok || !last.Failed() {
		return nil
	}
	s.Alike.Outcome = last.Outcome
	var u union
	outcome, others := u.arg(string(last.Outcome)), ""
	for _, who := range customersOf(s.who) {
		others += " AND customer <> " + u.arg(who)
	}
	for day := range 1 + len(s.Alike.Before) {
		to := s.At.AddDate(0, 0, -day)
		from := to.Add(-time.Hour)
		// The hour reaches from one hour of the clock into the next: of the first
		// its end counts, of the second its beginning.
		u.add(`SELECT %d AS day, count(DISTINCT customer) AS customers FROM hourly_outcomes WHERE outcome = %s
			AND ((hour = %s AND last_at >= %s) OR (hour = %s AND first_at <= %s))%s`,
			day, outcome, u.arg(hourOf(from)), u.arg(at(from)), u.arg(hourOf(to)), u.arg(at(to)), others)
	}
	var rows []struct {
		Day       int `db:"day"`
		Customers int `db:"customers"`
	}
	err := s.q.SelectContext(ctx, &rows, u.query("day", len(u.branches)), u.args...)
	for _, row := range rows {
		if row.Day == 0 {
			s.Alike.LastHour = row.Customers
		} else {
			s.Alike.Before[row.Day-1] = row.Customers
		}
	}
	return failed("counting who else failed alike", err)
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
