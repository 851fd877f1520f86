package store

import (
	"cmp"
	"context"
	"fmt"
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

// positionRow is how often a fingerprint came so far.
type positionRow struct {
	Fingerprint string `db:"fingerprint"`
	N           int    `db:"n"`
}

// addPositions adds a batch's counts and returns those before it.
func (t *importTx) addPositions(ctx context.Context, batch map[string]int) (map[string]int, error) {
	rows := make([]positionRow, 0, len(batch))
	for fingerprint, n := range batch {
		rows = append(rows, positionRow{fingerprint, n})
	}
	slices.SortFunc(rows, func(a, b positionRow) int { return cmp.Compare(a.Fingerprint, b.Fingerprint) })
	before := make(map[string]int, len(batch))
	for piece := range slices.Chunk(rows, referenceChunk) {
		var args []any
		for _, r := range piece {
			args = append(args, r.Fingerprint, r.N)
		}
		var sums []positionRow
		err := t.SelectContext(ctx, &sums, positions.insert(t.store.dialect)+positions.values(t.store.dialect, len(piece))+
			` ON CONFLICT (fingerprint) DO UPDATE SET n = import_positions.n + excluded.n RETURNING fingerprint, n`, args...)
		if err != nil {
			return nil, err
		}
		for _, sum := range sums {
			before[sum.Fingerprint] = sum.N - batch[sum.Fingerprint]
		}
	}
	return before, nil
}
