package store

import "github.com/latchkey-bot/latchkey/actions"

var codes = kindOf("code",
	digested("codes", "id", "user_id channel address sent_at expires_at used_at"),
	func(c actions.LoginCode) string { return c.ID },
	func(to []any, c actions.LoginCode) []any {
		return append(to, c.ID, c.UserID, string(c.Channel), c.Address, at(c.SentAt), at(c.ExpiresAt), at(c.UsedAt))
	})

// codeRow is a code in its table.
type codeRow struct {
	ID        string `db:"id"`
	UserID    string `db:"user_id"`
	Channel   string `db:"channel"`
	Address   string `db:"address"`
	SentAt    stamp  `db:"sent_at"`
	ExpiresAt stamp  `db:"expires_at"`
	UsedAt    stamp  `db:"used_at"`
	Seq       int64  `db:"seq"`
}

func (r codeRow) code() actions.LoginCode {
	return actions.LoginCode{
		ID: r.ID, UserID: r.UserID, Channel: actions.Channel(r.Channel), Address: r.Address, SentAt: r.SentAt.Time,
		ExpiresAt: r.ExpiresAt.Time, UsedAt: r.UsedAt.Time, Seq: r.Seq,
	}
}
