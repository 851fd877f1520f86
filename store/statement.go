package store

import (
	"context"
	"database/sql"
)

// statements are those that a transaction has prepared, by their text. They end
// with it.
type statements map[string]*sql.Stmt

// run executes a statement that comes again and again, and returns how many
// rows it touched.
func (t *importTx) run(ctx context.Context, query string, args []any) (int, error) {
	statement := t.statements[query]
	if statement == nil {
		var err error
		if statement, err = t.PrepareContext(ctx, query); err != nil {
			return 0, err
		}
		t.statements[query] = statement
	}
	result, err := statement.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	rows, err := result.RowsAffected()
	return int(rows), err
}
