package store

import (
	"context"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

var accounts = kindOf("account",
	digested("accounts", "id", "name status gateway_ids status_reason owner created_at closed_at brand"),
	func(a actions.Account) string { return a.ID },
	func(to []any, a actions.Account) []any {
		return append(to,
			a.ID, a.Name, string(a.Status), list(a.GatewayIDs), a.StatusReason, a.Owner, at(a.CreatedAt), at(a.ClosedAt), a.Brand,
		)
	})

// accountRow is an account in its table. Its columns have a prefix of their
// own, since accounts are read beside what points to them.
type accountRow struct {
	ID           string `db:"account_id"`
	Name         string `db:"account_name"`
	Status       string `db:"account_status"`
	GatewayIDs   list   `db:"gateway_ids"`
	StatusReason string `db:"status_reason"`
	Owner        string `db:"owner"`
	CreatedAt    stamp  `db:"account_created_at"`
	ClosedAt     stamp  `db:"closed_at"`
	Brand        string `db:"brand"`
}

const accountColumns = `accounts.id AS account_id, accounts.name AS account_name, accounts.status AS account_status,
	accounts.gateway_ids, accounts.status_reason, accounts.owner, accounts.created_at AS account_created_at,
	accounts.closed_at, accounts.brand`

func (r accountRow) account() actions.Account {
	return actions.Account{
		ID: r.ID, Name: r.Name, Status: actions.AccountStatus(r.Status), GatewayIDs: r.GatewayIDs,
		StatusReason: r.StatusReason, Owner: r.Owner, CreatedAt: r.CreatedAt.Time, ClosedAt: r.ClosedAt.Time, Brand: r.Brand,
	}
}

// gatewayIDs is the table by which accounts are looked up.
var gatewayIDs = table{name: "gateway_ids", key: []string{"gateway_key", "account_id"}}

// putAccounts stores accounts, and how they are looked up.
func (t *importTx) putAccounts(ctx context.Context, rows []row) (actions.Count, error) {
	n, err := t.putRows(ctx, accounts, rows)
	if err != nil || n.New+n.Changed == 0 {
		return n, err
	}
	var ids []string
	var keys [][2]string
	for _, r := range rows {
		account := r.record.Body.(actions.Account)
		ids = append(ids, account.ID)
		for _, id := range account.GatewayIDs {
			keys = append(keys, [2]string{actions.Key(id), account.ID})
		}
	}
	for piece := range slices.Chunk(ids, t.store.dialect.rows) {
		if _, err := t.run(ctx, `DELETE FROM gateway_ids WHERE account_id IN (`+marks(1, len(piece))+`)`, anys(piece)); err != nil {
			return n, err
		}
	}
	_, err = t.insert(ctx, source{table: gatewayIDs, n: len(keys), values: func(to []any, i int) []any {
		return append(to, keys[i][0], keys[i][1])
	}}, gatewayIDs.orNothing())
	return n, err
}
