package store

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

// hourOfOutcome is an outcome and an hour since 1970.
type hourOfOutcome struct {
	outcome actions.Outcome
	hour    int64
}

func (h hourOfOutcome) compare(other hourOfOutcome) int {
	return cmp.Or(cmp.Compare(h.outcome, other.outcome), cmp.Compare(h.hour, other.hour))
}

const (
	// claimTotal makes whoever counts the same hour wait until this import is
	// done; only then does countTotal begin, and it sees what the other stored.
	claimTotal = `INSERT INTO outcome_totals (outcome, hour, customers) VALUES ($1, $2, 0)
		ON CONFLICT (outcome, hour) DO UPDATE SET customers = outcome_totals.customers`
	countTotal = `UPDATE outcome_totals
		SET customers = (SELECT count(*) FROM hourly_outcomes WHERE outcome = $1 AND hour = $2) WHERE outcome = $1 AND hour = $2`
)

// storeTotals counts anew how many customers had an outcome in each hour that
// the import touched. Counting, other than adding, stays right however often a
// record is sent.
func (t *importTx) storeTotals(ctx context.Context) error {
	// Always in the same order, so that two imports don't wait crosswise.
	for _, key := range slices.SortedFunc(maps.Keys(t.touched), hourOfOutcome.compare) {
		for _, query := range []string{claimTotal, countTotal} {
			if _, err := t.run(ctx, query, []any{string(key.outcome), key.hour}); err != nil {
				return failed("counting customers by the hour", err)
			}
		}
	}
	clear(t.touched)
	return nil
}
