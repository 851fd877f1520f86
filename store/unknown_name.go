package store

import (
	"context"
	"encoding/binary"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

// nameLimit is the longest name in bytes that is kept: longer ones are never
// near anybody's.
const nameLimit = 512

// names are those that nobody had, folded, and when they were typed.
type names map[string]span

// add keeps the name of an attempt of nobody.
func (n names) add(a actions.Attempt) {
	if a.Outcome != actions.UnknownUsername || a.UserID != "" || a.Identifier == "" {
		return
	}
	if name := actions.Fold(a.Identifier); len(name) <= nameLimit {
		n[name] = n[name].with(actions.Instant(a.At))
	}
}

var unknownNames = table{name: "unknown_names", key: []string{"name"}, content: []string{"length", "first_at", "last_at"}}

// storeNames stores the names gathered.
func (t *importTx) storeNames(ctx context.Context) error {
	rows := make([]row, 0, len(t.names))
	for name, when := range t.names {
		rows = append(rows, row{identity: name, values: []any{name, utf8.RuneCountInString(name), when.first, when.last}})
	}
	clear(t.names)
	return failed("keeping the names that nobody has", t.widen(ctx, unknownNames, rows))
}

// hourKey sorts as the number does.
func hourKey(hour int64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(hour)^1<<63) //nolint:gosec // the bits, with negative ones first
	return string(b[:])
}
