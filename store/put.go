package store

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

// kind says how the records of one kind become rows.
type kind struct {
	name  string // as Record.Kind says
	table table
	// row makes the values of a row, but for digest and place; identity is what
	// rows are the same by, and what they are sorted by.
	row func(body any) (identity string, values []any)
}

// kindOf makes a kind from a function over its own type.
func kindOf[T any](name string, table table, row func(T) (string, []any)) kind {
	return kind{name: name, table: table, row: func(body any) (string, []any) { return row(body.(T)) }}
}

// kinds are all kinds, in the order in which a batch is stored: always the
// same, so that two imports don't wait for each other crosswise; staff's
// networks first, since they say which attempts don't count.
var kinds = []kind{
	staffNetworks, accounts, users, memberships, locks, suppressions, codes, deliveries, resetLinks, attempts,
}

// row is a record on its way into its table.
type row struct {
	identity string
	values   []any
	record   actions.Record
	// before are records of the same batch that this one replaced.
	before []actions.Record
}

// Put stores records, later ones winning over earlier ones of the same
// identity, and counts what they did. A record identical to the one last
// imported changes nothing.
func (t *importTx) Put(ctx context.Context, records []actions.Record) (actions.Tally, error) {
	groups, err := t.group(ctx, records)
	if err != nil {
		return nil, err
	}
	tally := actions.Tally{}
	for _, k := range kinds {
		rows := groups[k.name]
		if len(rows) == 0 {
			continue
		}
		slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.identity, b.identity) })
		count, err := t.putKind(ctx, k, rows)
		if err != nil {
			return nil, failed("storing records of the kind "+k.name, err)
		}
		tally[k.name] = count
	}
	return tally, nil
}

// group makes rows of records, by kind. Of several records of one identity the
// last gives the content, the first the place.
func (t *importTx) group(ctx context.Context, records []actions.Record) (map[string][]row, error) {
	byName := map[string]kind{}
	for _, k := range kinds {
		byName[k.name] = k
	}
	groups := map[string][]row{}
	seen := make(map[string]int, len(records))
	for _, record := range records {
		k := byName[record.Kind()]
		identity, values := k.row(record.Body)
		made := row{identity: identity, values: values, record: record}
		if slices.Contains(k.table.content, "digest") {
			made.values = append(made.values, append([]byte{}, record.Digest...))
		}
		if i, twice := seen[k.name+identity]; twice {
			groups[k.name][i] = groups[k.name][i].replacedBy(made)
			continue
		}
		if len(k.table.kept) > 0 {
			seq, err := t.place(ctx)
			if err != nil {
				return nil, err
			}
			made.values = append(made.values, seq)
		}
		seen[k.name+identity] = len(groups[k.name])
		groups[k.name] = append(groups[k.name], made)
	}
	return groups, nil
}

// replacedBy returns the later row, in the place of r.
func (r row) replacedBy(later row) row {
	if len(r.values) > len(later.values) {
		later.values = append(later.values, r.values[len(r.values)-1])
	}
	later.before = append(r.before, r.record)
	return later
}

// putKind stores rows of one kind, with what hangs on them.
func (t *importTx) putKind(ctx context.Context, k kind, rows []row) (actions.Count, error) {
	switch k.name {
	case attempts.name:
		return t.putAttempts(ctx, rows)
	case accounts.name:
		return t.putAccounts(ctx, rows)
	case staffNetworks.name:
		t.staff = nil // to be read again
	}
	return t.putRows(ctx, k.table, rows)
}

// putRows stores rows of one table and counts them.
func (t *importTx) putRows(ctx context.Context, table table, rows []row) (actions.Count, error) {
	var inserted, changed int
	var err error
	if t.store.dialect.copies && len(rows) >= copyFrom {
		inserted, changed, err = t.putStaged(ctx, table, rows)
	} else {
		inserted, changed, err = t.putValues(ctx, table, rows)
	}
	return count(rows, inserted, changed), err
}

// putValues stores rows by INSERT: first those that aren't there, which are
// all in most imports, then those that differ.
func (t *importTx) putValues(ctx context.Context, table table, rows []row) (inserted, changed int, err error) {
	if inserted, err = t.insert(ctx, table, rows, table.orNothing()); err != nil || inserted == len(rows) {
		return inserted, 0, err
	}
	changed, err = t.insert(ctx, table, rows, table.orReplace())
	return inserted, changed, err
}

// insert runs INSERT with that clause at its end, in pieces of as many rows as
// the database likes, and returns how many rows it touched.
func (t *importTx) insert(ctx context.Context, table table, rows []row, clause string) (int, error) {
	touched := 0
	for piece := range slices.Chunk(rows, t.store.dialect.rows) {
		args := make([]any, 0, len(piece)*len(piece[0].values))
		for _, r := range piece {
			args = append(args, r.values...)
		}
		n, err := t.run(ctx, table.insert(t.store.dialect)+table.values(t.store.dialect, len(piece))+clause, args)
		if err != nil {
			return 0, err
		}
		touched += n
	}
	return touched, nil
}

// count counts what rows did, of which some were inserted and others changed.
// A record that a later one of its batch replaced counts as changed when it
// differs from that and anything of the kind was written at all: a batch that
// comes again changes nothing.
func count(rows []row, inserted, changed int) actions.Count {
	n := actions.Count{New: inserted, Changed: changed, Unchanged: len(rows) - inserted - changed}
	for _, r := range rows {
		for i, earlier := range r.before {
			later := r.record
			if i+1 < len(r.before) {
				later = r.before[i+1]
			}
			if inserted+changed > 0 && !same(earlier, later) {
				n.Changed++
			} else {
				n.Unchanged++
			}
		}
	}
	return n
}

// same reports whether two records of one identity have the same content.
func same(a, b actions.Record) bool {
	if attempt, ok := a.Body.(actions.Attempt); ok {
		return attempt == b.Body
	}
	if network, ok := a.Body.(actions.StaffNetwork); ok {
		return network == b.Body
	}
	return bytes.Equal(a.Digest, b.Digest)
}
