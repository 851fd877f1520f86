package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// positions counts equal attempts of one import, in a temporary table: however
// many there are, memory stays flat.
var positions = table{name: "import_positions", key: []string{"fingerprint"}, content: []string{"n"}}

// Positions counts, for each fingerprint in order, how many equal ones this
// import had up to and including it: 1 for the first.
func (t *importTx) Positions(ctx context.Context, fingerprints []string) ([]int, error) {
	if err := t.beginPositions(ctx); err != nil {
		return nil, failed("making room to count equal attempts", err)
	}
	batch := map[string]int{}
	result := make([]int, len(fingerprints))
	for i, fingerprint := range fingerprints {
		batch[fingerprint]++
		result[i] = batch[fingerprint]
	}
	before, err := t.addPositions(ctx, batch)
	if err != nil {
		return nil, failed("counting equal attempts", err)
	}
	for i, fingerprint := range fingerprints {
		result[i] += before[fingerprint]
	}
	return result, nil
}

// beginPositions makes the table, empty: SQLite keeps it with the connection.
func (t *importTx) beginPositions(ctx context.Context) error {
	if t.counting {
		return nil
	}
	t.counting = true
	_, err := t.exec(ctx, fmt.Sprintf(`CREATE TEMPORARY TABLE IF NOT EXISTS %s
		(fingerprint text NOT NULL PRIMARY KEY, n integer NOT NULL) %s`, positions.name, t.store.dialect.temporary))
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `DELETE FROM `+positions.name)
	return err
}

// addPositions adds a batch's counts and returns those before it.
func (t *importTx) addPositions(ctx context.Context, batch map[string]int) (map[string]int, error) {
	keys := slices.Sorted(maps.Keys(batch))
	s := source{table: positions, n: len(keys), values: func(to []any, i int) []any { return append(to, keys[i], batch[keys[i]]) }}
	// Most batches have none that came before.
	if fresh, err := t.copyFresh(ctx, s, nil); err != nil || fresh {
		return nil, err
	}
	before := make(map[string]int, len(batch))
	for from := 0; from < s.n; from += t.store.dialect.rows {
		piece := s.slice(from, min(from+t.store.dialect.rows, s.n))
		var args []any
		for i := range piece.n {
			args = piece.values(args, i)
		}
		var sums []positionRow
		if err := t.SelectContext(ctx, &sums, t.inserting(positions, piece.n, addingPositions), args...); err != nil {
			return nil, err
		}
		for _, sum := range sums {
			before[sum.Fingerprint] = sum.N - batch[sum.Fingerprint]
		}
	}
	return before, nil
}

// positionRow is how often a fingerprint came so far.
type positionRow struct {
	Fingerprint string `db:"fingerprint"`
	N           int    `db:"n"`
}

const addingPositions = ` ON CONFLICT (fingerprint) DO UPDATE SET n = import_positions.n + excluded.n RETURNING fingerprint, n`
