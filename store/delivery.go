package store

import "github.com/latchkey-bot/latchkey/actions"

var deliveries = kindOf("delivery",
	digested("deliveries", "id", "address kind status at user_id detail address_key"),
	func(d actions.Delivery) string { return d.ID },
	func(to []any, d actions.Delivery) []any {
		return append(to,
			d.ID, d.Address, string(d.Kind), string(d.Status), at(d.At), d.UserID, d.Detail, actions.AddressKey(d.Address),
		)
	})

// deliveryRow is a delivery in its table.
type deliveryRow struct {
	ID         string `db:"id"`
	Address    string `db:"address"`
	Kind       string `db:"kind"`
	Status     string `db:"status"`
	At         stamp  `db:"at"`
	UserID     string `db:"user_id"`
	Detail     string `db:"detail"`
	AddressKey string `db:"address_key"`
	Seq        int64  `db:"seq"`
}

func (r deliveryRow) delivery() actions.Delivery {
	return actions.Delivery{
		ID: r.ID, Address: r.Address, Kind: actions.DeliveryKind(r.Kind), Status: actions.DeliveryStatus(r.Status),
		At: r.At.Time, UserID: r.UserID, Detail: r.Detail, Seq: r.Seq,
	}
}
