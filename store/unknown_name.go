package store

import (
	"context"
	"maps"
	"slices"
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
	keys := slices.Sorted(maps.Keys(t.names))
	err := t.widen(ctx, source{table: unknownNames, n: len(keys), values: func(to []any, i int) []any {
		when := t.names[keys[i]]
		return append(to, keys[i], utf8.RuneCountInString(keys[i]), when.first, when.last)
	}})
	clear(t.names)
	return failed("keeping the names that nobody has", err)
}
