package store

import "github.com/latchkey-bot/latchkey/actions"

var resetLinks = kindOf("reset_link",
	digested("reset_links", "id", "user_id sent_at expires_at used_at used_ip"),
	func(l actions.ResetLink) string { return l.ID },
	func(to []any, l actions.ResetLink) []any {
		return append(to, l.ID, l.UserID, at(l.SentAt), at(l.ExpiresAt), at(l.UsedAt), l.UsedIP)
	})

// resetLinkRow is a reset link in its table.
type resetLinkRow struct {
	ID        string `db:"id"`
	UserID    string `db:"user_id"`
	SentAt    stamp  `db:"sent_at"`
	ExpiresAt stamp  `db:"expires_at"`
	UsedAt    stamp  `db:"used_at"`
	UsedIP    string `db:"used_ip"`
	Seq       int64  `db:"seq"`
}

func (r resetLinkRow) link() actions.ResetLink {
	return actions.ResetLink{
		ID: r.ID, UserID: r.UserID, SentAt: r.SentAt.Time, ExpiresAt: r.ExpiresAt.Time, UsedAt: r.UsedAt.Time,
		UsedIP: r.UsedIP, Seq: r.Seq,
	}
}
