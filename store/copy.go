package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

const (
	// copyFrom is the smallest batch worth COPY, and a temporary table.
	copyFrom = 200
	// carefulBatches is how many batches aren't tried as fresh ones, once one
	// met attempts that were there.
	carefulBatches = 32
)

// copyRows sends rows to a table by COPY.
func (t *importTx) copyRows(ctx context.Context, into string, table table, rows []row) error {
	statement, err := t.PrepareContext(ctx, fmt.Sprintf("COPY %s (%s) FROM STDIN", into, strings.Join(table.columns(), ", ")))
	if err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := statement.ExecContext(ctx, r.values...); err != nil {
			return errors.Join(err, statement.Close())
		}
	}
	if _, err := statement.ExecContext(ctx); err != nil {
		return errors.Join(err, statement.Close())
	}
	return statement.Close()
}

// copyFresh sends rows straight into their table; fresh is false, and nothing
// is stored, when one of them was there. It is the quick way for a first
// import.
func (t *importTx) copyFresh(ctx context.Context, table table, rows []row) (fresh bool, err error) {
	if _, err := t.exec(ctx, `SAVEPOINT fresh`); err != nil {
		return false, err
	}
	err = t.copyRows(ctx, table.name, table, rows)
	if pq.As(err, pqerror.UniqueViolation) != nil {
		_, err = t.exec(ctx, `ROLLBACK TO SAVEPOINT fresh`)
		return false, err
	}
	if err != nil {
		return false, err
	}
	_, err = t.exec(ctx, `RELEASE SAVEPOINT fresh`)
	return true, err
}

// putStaged stores rows by way of a temporary table: first those that aren't
// there, then those that differ.
func (t *importTx) putStaged(ctx context.Context, table table, rows []row) (inserted, changed int, err error) {
	err = t.stage(ctx, table, rows, func() (err error) {
		if inserted, err = t.fromStage(ctx, table, table.orNothing()); err != nil || inserted == len(rows) {
			return err
		}
		changed, err = t.fromStage(ctx, table, table.orReplace())
		return err
	})
	return inserted, changed, err
}

// stage fills the temporary table of a table while use runs.
func (t *importTx) stage(ctx context.Context, table table, rows []row, use func() error) error {
	_, err := t.exec(ctx, fmt.Sprintf(`CREATE TEMPORARY TABLE IF NOT EXISTS stage_%s (LIKE %s) %s`, table.name, table.name, t.store.dialect.temporary))
	if err != nil {
		return err
	}
	if err := t.copyRows(ctx, "stage_"+table.name, table, rows); err != nil {
		return err
	}
	if err := use(); err != nil {
		return err
	}
	_, err = t.exec(ctx, `TRUNCATE stage_`+table.name)
	return err
}

// fromStage moves what is staged into the table, with that clause at the end,
// and returns how many rows it touched.
func (t *importTx) fromStage(ctx context.Context, table table, clause string) (int, error) {
	return t.exec(ctx, table.insert(t.store.dialect)+"SELECT "+strings.Join(table.columns(), ", ")+" FROM stage_"+table.name+clause)
}
