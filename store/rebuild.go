package store

import "context"

// rebuildFrom is how many attempts make it worth to build their indexes at the
// end of an import.
const rebuildFrom = 20_000

// rebuild is how a big first import into SQLite goes: its indexes are put aside
// and built at the end, by sorting, which takes less time than growing them row
// by row in random places. It is one transaction, so nobody else sees that.
type rebuild struct {
	known bool // whether it is the first
	first bool // there were no attempts when the import began
	put   int  // attempts put so far
	aside []string
}

// begin looks whether there are attempts already.
func (t *importTx) beginRebuild(ctx context.Context) error {
	if t.rebuild.known || t.store.dialect.server {
		return nil
	}
	var there int
	err := t.GetContext(ctx, &there, `SELECT count(*) FROM (SELECT 1 FROM attempts LIMIT 1)`)
	t.rebuild.known, t.rebuild.first = true, there == 0
	return failed("looking for attempts", err)
}

// setAside puts the indexes aside once this is a big first import.
func (t *importTx) setAside(ctx context.Context, put int) error {
	if t.rebuild.put += put; !t.rebuild.first || t.rebuild.put < rebuildFrom || t.rebuild.aside != nil {
		return nil
	}
	var indexes []struct {
		Name string `db:"name"`
		SQL  string `db:"sql"`
	}
	err := t.SelectContext(ctx, &indexes, `SELECT name, sql FROM sqlite_master
		WHERE type = 'index' AND tbl_name = 'attempts' AND sql IS NOT NULL`)
	if err != nil {
		return failed("looking for the indexes on attempts", err)
	}
	for _, index := range indexes {
		if _, err := t.exec(ctx, `DROP INDEX `+index.Name); err != nil {
			return failed("putting an index aside", err)
		}
		t.rebuild.aside = append(t.rebuild.aside, index.SQL)
	}
	return nil
}

// finishRebuild builds the indexes that were put aside.
func (t *importTx) finishRebuild(ctx context.Context) error {
	for _, sql := range t.rebuild.aside {
		if _, err := t.exec(ctx, sql); err != nil {
			return failed("building an index", err)
		}
	}
	return nil
}
