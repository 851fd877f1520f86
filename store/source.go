package store

import "context"

// source is rows ready for a table.
type source struct {
	table table
	n     int
	// values appends the values of row i, in the order of the table's columns.
	values func(to []any, i int) []any
}

// slice is the rows from one to before another.
func (s source) slice(from, to int) source {
	values := s.values
	return source{table: s.table, n: to - from, values: func(args []any, i int) []any { return values(args, from+i) }}
}

// putSource stores rows: first those that aren't there, which are all in most
// imports, then those that differ.
func (t *importTx) putSource(ctx context.Context, s source) (inserted, changed int, err error) {
	if inserted, err = t.add(ctx, s); err != nil || inserted == s.n {
		return inserted, 0, err
	}
	changed, err = t.replace(ctx, s)
	return inserted, changed, err
}

// add stores the rows that aren't there and returns how many those were.
func (t *importTx) add(ctx context.Context, s source) (int, error) {
	return t.insertMany(ctx, s, s.table.orNothing())
}

// replace stores rows over those that are there and differ, and returns how
// many those were.
func (t *importTx) replace(ctx context.Context, s source) (int, error) {
	return t.insertMany(ctx, s, s.table.orReplace())
}

// insertMany stores rows with that clause at the end, by COPY when they are many,
// and returns how many rows it touched.
func (t *importTx) insertMany(ctx context.Context, s source, clause string) (int, error) {
	if t.copies(s) {
		return t.insertStaged(ctx, s, clause)
	}
	return t.insert(ctx, s, clause)
}

// insert runs INSERT with that clause at its end, in pieces of as many rows as
// the database likes, and returns how many rows it touched.
func (t *importTx) insert(ctx context.Context, s source, clause string) (int, error) {
	touched := 0
	for from := 0; from < s.n; from += t.store.dialect.rows {
		piece := s.slice(from, min(from+t.store.dialect.rows, s.n))
		args := t.args[:0]
		for i := range piece.n {
			args = piece.values(args, i)
		}
		t.args = args
		n, err := t.run(ctx, t.inserting(s.table, piece.n, clause), args)
		if err != nil {
			return 0, err
		}
		touched += n
	}
	return touched, nil
}

// inserting is the text of an INSERT of n rows. It is long, and comes again
// and again.
func (t *importTx) inserting(table table, n int, clause string) string {
	key := insertKey{table.name, n, clause}
	text, ok := t.inserts[key]
	if !ok {
		text = table.insert(t.store.dialect) + table.values(t.store.dialect, n) + clause
		t.inserts[key] = text
	}
	return text
}

// insertKey names an INSERT.
type insertKey struct {
	table  string
	rows   int
	clause string
}
