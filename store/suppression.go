package store

import "github.com/latchkey-bot/latchkey/actions"

var suppressions = kindOf("suppression",
	digested("suppressions", "address list", "since reason address_key"),
	func(s actions.Suppression) string { return s.Address + "\x00" + string(s.List) },
	func(to []any, s actions.Suppression) []any {
		return append(to,
			s.Address, string(s.List), at(s.Since), s.Reason, actions.AddressKey(s.Address),
		)
	})

// suppressionRow is a suppression in its table.
type suppressionRow struct {
	Address string `db:"address"`
	List    string `db:"list"`
	Since   stamp  `db:"since"`
	Reason  string `db:"reason"`
}

func (r suppressionRow) suppression() actions.Suppression {
	return actions.Suppression{
		Address: r.Address, List: actions.SuppressionList(r.List), Since: r.Since.Time, Reason: r.Reason,
	}
}
