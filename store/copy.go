package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

const (
	// copyFrom is the smallest number of rows worth COPY, and a temporary table.
	copyFrom = 200
	// copyBytes is how much is handed to the driver at once.
	copyBytes = 48 << 10
	// carefulBatches is how many batches of a table aren't tried as fresh ones
	// after one that met rows which were there.
	carefulBatches = 32
)

// copies reports whether the rows are worth COPY.
func (t *importTx) copies(s source) bool { return t.store.dialect.server && s.n >= copyFrom }

// copier is what the driver's statement for COPY can do: take lines as they
// are. The way through database/sql costs as much as the rest of an import.
type copier interface {
	driver.Stmt
	CopyData(ctx context.Context, lines string) (driver.Result, error)
}

// copyRows sends rows to a table by COPY. meanwhile, if set, runs while the
// server works on the last of them.
func (t *importTx) copyRows(ctx context.Context, into string, s source, meanwhile func()) error {
	query := fmt.Sprintf("COPY %s (%s) FROM STDIN", into, strings.Join(s.table.columns(), ", "))
	return t.conn.Raw(func(raw any) (err error) {
		statement, err := raw.(driver.ConnPrepareContext).PrepareContext(ctx, query)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, statement.Close()) }()
		if err := t.sendLines(ctx, statement.(copier), s); err != nil {
			return err
		}
		if meanwhile != nil {
			meanwhile()
		}
		_, err = statement.Exec(nil) //nolint:staticcheck // this driver's way to end COPY
		return err
	})
}

// sendLines sends the lines of rows, many at once.
func (t *importTx) sendLines(ctx context.Context, to copier, s source) error {
	lines := t.lines[:0]
	for i := range s.n {
		if len(lines) > 0 {
			lines = append(lines, '\n')
		}
		t.args = s.values(t.args[:0], i)
		lines = appendLine(lines, t.args)
		if len(lines) < copyBytes && i < s.n-1 {
			continue
		}
		if _, err := to.CopyData(ctx, string(lines)); err != nil {
			return err
		}
		lines = lines[:0]
	}
	t.lines = lines
	return nil
}

// copyFresh sends rows straight into their table; fresh is false, and nothing
// is stored, when one of them was there. It is the quick way for a first
// import. Rows that aren't worth COPY, and those that come soon after some that
// were there, aren't tried.
func (t *importTx) copyFresh(ctx context.Context, s source, meanwhile func()) (fresh bool, err error) {
	if !t.copies(s) {
		return false, nil
	}
	if t.met[s.table.name] > 0 {
		t.met[s.table.name]--
		return false, nil
	}
	if _, err := t.exec(ctx, `SAVEPOINT fresh`); err != nil {
		return false, err
	}
	err = t.copyRows(ctx, s.table.name, s, meanwhile)
	if pq.As(err, pqerror.UniqueViolation) != nil {
		t.met[s.table.name] = carefulBatches
		_, err = t.exec(ctx, `ROLLBACK TO SAVEPOINT fresh`)
		return false, err
	}
	if err != nil {
		return false, err
	}
	_, err = t.exec(ctx, `RELEASE SAVEPOINT fresh`)
	return true, err
}

// insertStaged stores rows by way of a temporary table, since COPY itself takes
// no clause, and returns how many rows it touched.
func (t *importTx) insertStaged(ctx context.Context, s source, clause string) (int, error) {
	name, columns := s.table.name, strings.Join(s.table.columns(), ", ")
	_, err := t.exec(ctx, fmt.Sprintf(`CREATE TEMPORARY TABLE IF NOT EXISTS stage_%s (LIKE %s) %s`, name, name, t.store.dialect.temporary))
	if err != nil {
		return 0, err
	}
	if err := t.copyRows(ctx, "stage_"+name, s, nil); err != nil {
		return 0, err
	}
	touched, err := t.exec(ctx, s.table.insert(t.store.dialect)+"SELECT "+columns+" FROM stage_"+name+clause)
	if err != nil {
		return 0, err
	}
	_, err = t.exec(ctx, `TRUNCATE stage_`+name)
	return touched, err
}
