package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// holding is what a row of suppressions must be of the address $1 that Latchkey
// may take off its list: "unsubscribe" is the customer's wish (RULES S2.2).
const holding = `address_key = $1 AND list <> '` + string(actions.ListUnsubscribe) + `' AND ` + stillListed

// delist takes the user's own address off every list of the directory's own that
// holds mail back; of what another system lists see [tx.DelistKept]. The rows stay:
// an identical record must not bring them back.
func delist(ctx context.Context, t *tx, c actions.Change, user actions.User) error {
	address := actions.AddressKey(storable(c.Email))
	if address == "" || address != actions.AddressKey(user.Email) {
		return errNotTheirs
	}
	_, err := t.exec(ctx, `UPDATE suppressions SET delisted_at = $2 WHERE `+imported+` AND `+holding, address, at(c.At))
	return err
}

// delisted reports whether no list of the directory's own holds back mail to the
// address.
func delisted(ctx context.Context, q queryer, c actions.Change) (bool, error) {
	n, err := counted(ctx, q, `SELECT count(*) FROM suppressions WHERE `+imported+` AND `+holding, actions.AddressKey(storable(c.Email)))
	return err == nil && n == 0, err
}
