package store

import "github.com/latchkey-bot/latchkey/actions"

var locks = kindOf("lock",
	digested("locks", "id", "user_id kind at until released_at detail"),
	func(l actions.Lock) string { return l.ID },
	func(to []any, l actions.Lock) []any {
		return append(to, l.ID, l.UserID, string(l.Kind), at(l.At), at(l.Until), at(l.ReleasedAt), l.Detail)
	})

// lockRow is a lock in its table.
type lockRow struct {
	ID         string `db:"id"`
	UserID     string `db:"user_id"`
	Kind       string `db:"kind"`
	At         stamp  `db:"at"`
	Until      stamp  `db:"until"`
	ReleasedAt stamp  `db:"released_at"`
	Detail     string `db:"detail"`
}

func (r lockRow) lock() actions.Lock {
	return actions.Lock{
		ID: r.ID, UserID: r.UserID, Kind: actions.LockKind(r.Kind), At: r.At.Time, Until: r.Until.Time,
		ReleasedAt: r.ReleasedAt.Time, Detail: r.Detail,
	}
}
