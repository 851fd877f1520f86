package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// sumLimit is how many names, and how many outcomes, are gathered in memory.
const sumLimit = 20_000

// span is from the first to the last of several moments.
type span struct{ first, last time.Time }

// with returns the span that includes a moment; the zero span has none.
func (s span) with(moment time.Time) span {
	if s.first.IsZero() || moment.Before(s.first) {
		s.first = moment
	}
	if s.last.IsZero() || moment.After(s.last) {
		s.last = moment
	}
	return s
}

// outcomeHour is who failed how in which hour since 1970.
type outcomeHour struct {
	outcome  actions.Outcome
	hour     int64
	customer string
}

// outcomes say when in the hour.
type outcomes map[outcomeHour]span

func (o outcomes) add(a actions.Attempt) {
	key := outcomeHour{outcome: a.Outcome, hour: hourOf(a.At), customer: customer(a)}
	o[key] = o[key].with(actions.Instant(a.At))
}

// hourOf is the number of the hour since 1970 that t lies in.
func hourOf(t time.Time) int64 {
	seconds := t.Unix()
	hour := seconds / 3600
	if seconds%3600 < 0 {
		hour--
	}
	return hour
}

var hourlyOutcomes = table{
	name: "hourly_outcomes", key: []string{"outcome", "hour", "customer"}, content: []string{"first_at", "last_at"},
}

// storeOutcomes stores the outcomes gathered, always in the same order, so
// that two imports don't wait for each other crosswise.
func (t *importTx) storeOutcomes(ctx context.Context) error {
	rows := make([]row, 0, len(t.outcomes))
	for key, when := range t.outcomes {
		rows = append(rows, row{
			identity: string(key.outcome) + "\x00" + hourKey(key.hour) + key.customer,
			values:   []any{string(key.outcome), key.hour, key.customer, when.first, when.last},
		})
	}
	clear(t.outcomes)
	return failed("counting outcomes by the hour", t.widen(ctx, hourlyOutcomes, rows))
}

// widen stores spans: those that are there become wider.
func (t *importTx) widen(ctx context.Context, table table, rows []row) error {
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.identity, b.identity) })
	clause := table.orNothing()
	clause = clause[:len(clause)-len("NOTHING")] + `UPDATE SET
		first_at = CASE WHEN excluded.first_at < ` + table.name + `.first_at THEN excluded.first_at ELSE ` + table.name + `.first_at END,
		last_at = CASE WHEN excluded.last_at > ` + table.name + `.last_at THEN excluded.last_at ELSE ` + table.name + `.last_at END`
	if t.store.dialect.copies && len(rows) >= copyFrom {
		return t.stage(ctx, table, rows, func() error { _, err := t.fromStage(ctx, table, clause); return err })
	}
	_, err := t.insert(ctx, table, rows, clause)
	return err
}
