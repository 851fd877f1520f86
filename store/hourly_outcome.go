package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
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

// widening replaces a span by the one that includes both.
const widening = ` ON CONFLICT (%[2]s) DO UPDATE SET
	first_at = CASE WHEN excluded.first_at < %[1]s.first_at THEN excluded.first_at ELSE %[1]s.first_at END,
	last_at = CASE WHEN excluded.last_at > %[1]s.last_at THEN excluded.last_at ELSE %[1]s.last_at END`

// storeOutcomes stores the outcomes of the hours before a given one.
func (t *importTx) storeOutcomes(ctx context.Context, before int64) error {
	keys := make([]outcomeHour, 0, len(t.outcomes))
	for key := range t.outcomes {
		if key.hour < before {
			keys = append(keys, key)
			t.touched[hourOfOutcome{key.outcome, key.hour}] = true
		}
	}
	// Always in the same order, so that two imports don't wait crosswise.
	slices.SortFunc(keys, outcomeHour.compare)
	err := t.widen(ctx, source{table: hourlyOutcomes, n: len(keys), values: func(to []any, i int) []any {
		when := t.outcomes[keys[i]]
		return append(to, string(keys[i].outcome), keys[i].hour, keys[i].customer, when.first, when.last)
	}})
	for _, key := range keys {
		delete(t.outcomes, key)
	}
	return failed("counting outcomes by the hour", err)
}

func (o outcomeHour) compare(other outcomeHour) int {
	return cmp.Or(cmp.Compare(o.outcome, other.outcome), cmp.Compare(o.hour, other.hour), cmp.Compare(o.customer, other.customer))
}

// newestHour is the newest hour gathered.
func (o outcomes) newestHour() int64 {
	newest := int64(math.MinInt64)
	for key := range o {
		newest = max(newest, key.hour)
	}
	return newest
}

// widen stores spans: those that are there become wider.
func (t *importTx) widen(ctx context.Context, s source) error {
	clause := fmt.Sprintf(widening, s.table.name, strings.Join(s.table.key, ", "))
	if fresh, err := t.copyFresh(ctx, s, nil); err != nil || fresh {
		return err
	}
	_, err := t.insertMany(ctx, s, clause)
	return err
}
