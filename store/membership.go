package store

import "github.com/latchkey-bot/latchkey/actions"

var memberships = kindOf("membership",
	digested("memberships", "user_id account_id", "role status deactivated_by deactivated_at keeps_login"),
	func(m actions.Membership) string { return m.UserID + "\x00" + m.AccountID },
	func(to []any, m actions.Membership) []any {
		return append(to,
			m.UserID, m.AccountID, m.Role, string(m.Status), m.DeactivatedBy, at(m.DeactivatedAt), m.KeepsLogin,
		)
	})

// placeRow is a membership with its account.
type placeRow struct {
	UserID        string `db:"user_id"`
	Role          string `db:"role"`
	Status        string `db:"status"`
	DeactivatedBy string `db:"deactivated_by"`
	DeactivatedAt stamp  `db:"deactivated_at"`
	KeepsLogin    bool   `db:"keeps_login"`
	accountRow
}

func (r placeRow) place() actions.Place {
	return actions.Place{Account: r.account(), Membership: actions.Membership{
		UserID: r.UserID, AccountID: r.ID, Role: r.Role, Status: actions.MembershipStatus(r.Status),
		DeactivatedBy: r.DeactivatedBy, DeactivatedAt: r.DeactivatedAt.Time, KeepsLogin: r.KeepsLogin,
	}}
}
