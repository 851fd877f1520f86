package store

import (
	"context"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// bulkRow is a customer of a bulk unlock in its table.
type bulkRow struct {
	Operation string `db:"operation"`
	Seq       int    `db:"seq"`
	UserID    string `db:"user_id"`
	State     string `db:"state"`
	Why       string `db:"why"`
}

const bulkColumns = `operation, seq, user_id, state, why`

func (r bulkRow) item() actions.BulkItem {
	return actions.BulkItem{Operation: r.Operation, Seq: r.Seq, UserID: r.UserID, State: actions.BulkState(r.State), Why: r.Why}
}

// BulkItems returns the customers of a bulk unlock behind a number, in order, with one
// of the states or, without any, all; at most limit.
func (s *Store) BulkItems(
	ctx context.Context, operation string, after, limit int, states ...actions.BulkState,
) ([]actions.BulkItem, error) {
	return bulkItems(ctx, s.read, operation, after, limit, states...)
}

func bulkItems(
	ctx context.Context, q queryer, operation string, after, limit int, states ...actions.BulkState,
) ([]actions.BulkItem, error) {
	var u union
	where := `operation = ` + u.arg(storable(operation)) + ` AND seq > ` + u.arg(after)
	if len(states) > 0 {
		places := make([]string, len(states))
		for i, state := range states {
			places[i] = u.arg(string(state))
		}
		where += ` AND state IN (` + strings.Join(places, ", ") + `)`
	}
	items, err := all(ctx, q, bulkRow.item, `SELECT `+bulkColumns+` FROM bulk_items WHERE `+where+` ORDER BY seq LIMIT `+u.arg(limit), u.args...)
	return items, failed("reading whom a bulk unlock is for", err)
}

// BulkTally counts the customers of a bulk unlock by state.
func (s *Store) BulkTally(ctx context.Context, operation string) (actions.BulkTally, error) {
	return bulkTally(ctx, s.read, operation)
}

// BulkTally counts the customers of a bulk unlock by state.
func (t *tx) BulkTally(ctx context.Context, operation string) (actions.BulkTally, error) {
	return bulkTally(ctx, t, operation)
}

func bulkTally(ctx context.Context, q queryer, operation string) (actions.BulkTally, error) {
	var rows []struct {
		State string `db:"state"`
		N     int    `db:"n"`
	}
	err := q.SelectContext(ctx, &rows, `SELECT state, count(*) AS n FROM bulk_items WHERE operation = $1 GROUP BY state`, storable(operation))
	var tally actions.BulkTally
	for _, row := range rows {
		switch actions.BulkState(row.State) {
		case actions.BulkWaiting:
			tally.Waiting = row.N
		case actions.BulkDone:
			tally.Done = row.N
		case actions.BulkLeftOut:
			tally.LeftOut = row.N
		case actions.BulkFailed:
			tally.Failed = row.N
		}
	}
	return tally, failed("counting whom a bulk unlock is for", err)
}

// bulkAtOnce is how many customers of a bulk unlock one statement stores.
const bulkAtOnce = 100

// StartBulk stores the customers of a bulk unlock.
func (t *tx) StartBulk(ctx context.Context, items []actions.BulkItem) error {
	for len(items) > 0 {
		n := min(len(items), bulkAtOnce)
		var u union
		rows := make([]string, n)
		for i, item := range items[:n] {
			rows[i] = `(` + strings.Join([]string{
				u.arg(item.Operation), u.arg(item.Seq), u.arg(storable(item.UserID)), u.arg(string(item.State)), u.arg(storable(item.Why)),
			}, ", ") + `)`
		}
		if _, err := t.exec(ctx, `INSERT INTO bulk_items (`+bulkColumns+`) VALUES `+strings.Join(rows, ", "), u.args...); err != nil {
			return failed("keeping whom a bulk unlock is for", err)
		}
		items = items[n:]
	}
	return nil
}

// SettleItem stores what became of a customer of a bulk unlock, Operation and UserID of
// item; settled is false when that is stored already.
func (t *tx) SettleItem(ctx context.Context, item actions.BulkItem) (settled bool, err error) {
	rows, err := t.exec(ctx, `UPDATE bulk_items SET state = $1, why = $2 WHERE user_id = $3 AND operation = $4 AND state = 'waiting'`,
		string(item.State), storable(item.Why), storable(item.UserID), storable(item.Operation))
	return rows > 0, failed("keeping what became of a customer of a bulk unlock", err)
}

// EndBulk forgets the customers of a bulk unlock of whom nothing became.
func (t *tx) EndBulk(ctx context.Context, operation string) error {
	_, err := t.exec(ctx, `DELETE FROM bulk_items WHERE operation = $1 AND state = 'waiting'`, storable(operation))
	return failed("forgetting whom a bulk unlock was for", err)
}
