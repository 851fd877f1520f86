package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// putAttempts stores attempts, and gathers from them what diagnosis needs of
// everybody's.
func (t *importTx) putAttempts(ctx context.Context, rows []row) (actions.Count, error) {
	if err := t.makeMonths(ctx, rows); err != nil {
		return actions.Count{}, err
	}
	n, err := t.storeAttempts(ctx, rows)
	if err != nil || n.New+n.Changed == 0 {
		return n, err
	}
	return n, t.sum(ctx, rows)
}

func (t *importTx) storeAttempts(ctx context.Context, rows []row) (actions.Count, error) {
	if !t.store.dialect.copies || len(rows) < copyFrom || t.met > 0 {
		t.met = max(0, t.met-1)
		return t.putRows(ctx, attempts.table, rows)
	}
	fresh, err := t.copyFresh(ctx, attempts.table, rows)
	if err != nil {
		return actions.Count{}, err
	}
	if fresh {
		return count(rows, len(rows), 0), nil
	}
	t.met = carefulBatches
	return t.putRows(ctx, attempts.table, rows)
}

// sum gathers names and outcomes of attempts.
func (t *importTx) sum(ctx context.Context, rows []row) error {
	if t.staff == nil {
		staff, err := staffPrefixes(ctx, t)
		if err != nil {
			return err
		}
		t.staff = staff
	}
	for _, r := range rows {
		attempt := r.record.Body.(actions.Attempt)
		t.names.add(attempt)
		if attempt.Failed() && !actions.FromStaff(t.staff, attempt) {
			t.outcomes.add(attempt)
		}
	}
	if len(t.names) > sumLimit {
		if err := t.storeNames(ctx); err != nil {
			return err
		}
	}
	if len(t.outcomes) > sumLimit {
		return t.storeOutcomes(ctx)
	}
	return nil
}
