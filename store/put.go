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
	// identity is what rows are the same by, and what they are sorted by.
	identity func(body any) string
	// values appends the values of a row, but for digest and place.
	values func(to []any, body any) []any
}

// kindOf makes a kind from functions over its own type.
func kindOf[T any](name string, table table, identity func(T) string, values func([]any, T) []any) kind {
	return kind{
		name: name, table: table,
		identity: func(body any) string { return identity(body.(T)) },
		values:   func(to []any, body any) []any { return values(to, body.(T)) },
	}
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
	record   actions.Record
	seq      int64 // place in the order of import
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
	for i, rows := range groups {
		if len(rows) == 0 {
			continue
		}
		n, err := t.putKind(ctx, kinds[i], merge(rows))
		if err != nil {
			return nil, failed("storing records of the kind "+kinds[i].name, err)
		}
		tally[kinds[i].name] = n
	}
	return tally, nil
}

// group makes rows of records, by the number of their kind.
func (t *importTx) group(ctx context.Context, records []actions.Record) ([][]row, error) {
	groups := make([][]row, len(kinds))
	for _, record := range records {
		name := record.Kind()
		i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
		seq, err := t.place(ctx)
		if err != nil {
			return nil, err
		}
		groups[i] = append(groups[i], row{identity: kinds[i].identity(record.Body), record: record, seq: seq})
	}
	return groups, nil
}

// merge sorts rows, always the same way, so that two imports don't wait for
// each other crosswise, and makes one of those with the same identity: the
// last gives the content, the first the place.
func merge(rows []row) []row {
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.identity, b.identity) })
	merged := rows[:0]
	for _, r := range rows {
		if n := len(merged); n > 0 && merged[n-1].identity == r.identity {
			first := merged[n-1]
			r.seq, r.before = first.seq, append(first.before, first.record)
			merged[n-1] = r
			continue
		}
		merged = append(merged, r)
	}
	return merged
}

// putKind stores rows of one kind, with what hangs on them.
func (t *importTx) putKind(ctx context.Context, k kind, rows []row) (actions.Count, error) {
	rows, left, err := t.leaveForgotten(ctx, rows)
	if err != nil || len(rows) == 0 {
		return actions.Count{Unchanged: left}, err
	}
	if k.name == users.name || k.name == memberships.name {
		var gone int
		rows, gone, err = t.leaveOut(ctx, rows)
		if left += gone; err != nil || len(rows) == 0 {
			return actions.Count{Unchanged: left}, err
		}
	}
	n, err := t.putAlive(ctx, k, rows)
	n.Unchanged += left
	return n, err
}

// putAlive stores rows of one kind, of which none is of a user deleted here.
func (t *importTx) putAlive(ctx context.Context, k kind, rows []row) (actions.Count, error) {
	switch k.name {
	case attempts.name:
		return t.putAttempts(ctx, rows)
	case accounts.name:
		return t.putAccounts(ctx, rows)
	case users.name:
		return t.putUsers(ctx, rows)
	case staffNetworks.name:
		t.staff = nil // to be read again
	}
	return t.putRows(ctx, k, rows)
}

// source makes the rows of a kind ready for their table.
func (k kind) source(rows []row) source {
	digest, place := slices.Contains(k.table.content, "digest"), len(k.table.kept) > 0
	return source{table: k.table, n: len(rows), values: func(to []any, i int) []any {
		to = k.values(to, rows[i].record.Body)
		if digest {
			to = append(to, append([]byte{}, rows[i].record.Digest...))
		}
		if place {
			to = append(to, rows[i].seq)
		}
		return to
	}}
}

// putRows stores rows of one kind and counts them.
func (t *importTx) putRows(ctx context.Context, k kind, rows []row) (actions.Count, error) {
	inserted, changed, err := t.putSource(ctx, k.source(rows))
	return count(rows, inserted, changed), err
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
