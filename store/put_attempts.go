package store

import (
	"context"
	"math"

	"github.com/latchkey-bot/latchkey/actions"
)

// putAttempts stores attempts, and gathers from them what diagnosis needs of
// everybody's.
func (t *importTx) putAttempts(ctx context.Context, rows []row) (actions.Count, error) {
	if err := t.makeMonths(ctx, rows); err != nil {
		return actions.Count{}, err
	}
	if t.staff == nil {
		staff, err := staffPrefixes(ctx, t)
		if err != nil {
			return actions.Count{}, err
		}
		t.staff = staff
	}
	if err := t.beginRebuild(ctx); err != nil {
		return actions.Count{}, err
	}
	n, err := t.storeAttempts(ctx, rows)
	if err != nil {
		return n, err
	}
	if err := t.setAside(ctx, n.New); err != nil {
		return n, err
	}
	return n, t.storeFullSums(ctx)
}

// storeAttempts stores attempts, as fresh ones while none was met that was
// there. What is gathered of a batch that turns out to hold nothing new does no
// harm: it is there already.
func (t *importTx) storeAttempts(ctx context.Context, rows []row) (actions.Count, error) {
	source := attempts.source(rows)
	fresh, err := t.copyFresh(ctx, source, func() { t.sum(rows) })
	if err != nil || fresh {
		return count(rows, len(rows), 0), err
	}
	inserted, err := t.add(ctx, source)
	if err != nil || inserted == len(rows) {
		t.sum(rows)
		return count(rows, inserted, 0), err
	}
	changed, err := t.changed(ctx, rows)
	if err != nil {
		return actions.Count{}, err
	}
	if len(changed) > 0 {
		if _, err = t.replace(ctx, attempts.source(changed)); err != nil {
			return actions.Count{}, err
		}
	}
	if inserted+len(changed) > 0 {
		t.sum(rows)
	}
	return count(rows, inserted, len(changed)), nil
}

// sum gathers names and outcomes of attempts.
func (t *importTx) sum(rows []row) {
	for _, r := range rows {
		attempt := r.record.Body.(actions.Attempt)
		t.names.add(attempt)
		if attempt.Failed() && !actions.FromStaff(t.staff, attempt) {
			t.outcomes.add(attempt)
		}
	}
}

// storeFullSums stores what was gathered when it is much, so that memory stays
// flat. The newest hour waits, since records mostly come by time: then each
// hour is stored once.
func (t *importTx) storeFullSums(ctx context.Context) error {
	if len(t.names) > sumLimit {
		if err := t.storeNames(ctx); err != nil {
			return err
		}
	}
	if len(t.touched) > sumLimit {
		if err := t.storeTotals(ctx); err != nil {
			return err
		}
	}
	if len(t.outcomes) <= sumLimit {
		return nil
	}
	if err := t.storeOutcomes(ctx, t.outcomes.newestHour()); err != nil || len(t.outcomes) <= sumLimit {
		return err
	}
	return t.storeOutcomes(ctx, math.MaxInt64)
}
