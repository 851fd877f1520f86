package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// changed returns those rows that differ from the attempts that are there. What
// the old ones said of an hour's outcomes has to be gathered anew.
func (t *importTx) changed(ctx context.Context, rows []row) ([]row, error) {
	stored, err := t.stored(ctx, rows)
	if err != nil {
		return nil, failed("comparing attempts", err)
	}
	var changed []row
	for _, r := range rows {
		old, ok := stored[r.identity]
		if !ok || sameAttempt(old, r.record.Body.(actions.Attempt)) {
			continue
		}
		changed = append(changed, r)
		if old.Failed() {
			t.stale[hourOfOutcome{old.Outcome, hourOf(old.At)}] = true
		}
	}
	return changed, nil
}

// stored reads the attempts that are there with the identities of rows.
func (t *importTx) stored(ctx context.Context, rows []row) (map[string]actions.Attempt, error) {
	pairs := make([][2]any, len(rows))
	for i, r := range rows {
		a := r.record.Body.(actions.Attempt)
		pairs[i] = [2]any{a.At.UnixMicro(), a.ID}
	}
	list, err := json.Marshal(pairs)
	if err != nil {
		return nil, fmt.Errorf("listing attempts: %w", err)
	}
	var found []attemptRow
	err = t.SelectContext(ctx, &found,
		`SELECT `+attemptColumns+` FROM attempts JOIN (`+t.store.dialect.moments+`) AS given USING (at, id)`, string(list))
	stored := make(map[string]actions.Attempt, len(found))
	for _, row := range found {
		a := row.attempt()
		stored[attemptIdentity(a)] = a
	}
	return stored, err
}

// sameAttempt reports whether two attempts have the same content.
func sameAttempt(a, b actions.Attempt) bool {
	if !actions.Instant(a.At).Equal(actions.Instant(b.At)) {
		return false
	}
	a.At, a.Seq, b.At, b.Seq = time.Time{}, 0, time.Time{}, 0
	return a == b
}

// gatherAnew gathers the outcomes of the hours of which attempts were replaced:
// a span can only grow, so those hours begin from nothing.
func (t *importTx) gatherAnew(ctx context.Context) error {
	hours := map[int64]bool{}
	for _, key := range slices.SortedFunc(maps.Keys(t.stale), hourOfOutcome.compare) {
		_, err := t.run(ctx, `DELETE FROM hourly_outcomes WHERE outcome = $1 AND hour = $2`, []any{string(key.outcome), key.hour})
		if err != nil {
			return failed("emptying an hour", err)
		}
		hours[key.hour], t.touched[key] = true, true
	}
	for _, hour := range slices.Sorted(maps.Keys(hours)) {
		if err := t.gatherHour(ctx, hour); err != nil {
			return failed("gathering an hour anew", err)
		}
	}
	clear(t.stale)
	return nil
}

// gatherPage is how many attempts are read at once.
const gatherPage = 5000

// gatherHour gathers the stale outcomes of an hour from its attempts.
func (t *importTx) gatherHour(ctx context.Context, hour int64) error {
	from, to, id := time.Unix(hour*3600, 0), time.Unix((hour+1)*3600, 0), ""
	for {
		var page []attemptRow
		err := t.SelectContext(ctx, &page, `SELECT `+attemptColumns+` FROM attempts
			WHERE (at, id) > ($1, $2) AND at >= $1 AND at < $3 ORDER BY at, id LIMIT $4`, at(from), id, at(to), gatherPage)
		if err != nil {
			return err
		}
		for _, row := range page {
			a := row.attempt()
			if t.stale[hourOfOutcome{a.Outcome, hour}] && !actions.FromStaff(t.staff, a) {
				t.outcomes.add(a)
			}
			from, id = a.At, a.ID
		}
		if err := t.storeFullSums(ctx); err != nil || len(page) < gatherPage {
			return err
		}
	}
}
