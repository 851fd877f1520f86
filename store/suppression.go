package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// A record of other content than the one last imported is listed anew, also when
// Latchkey took it off before. Its source is always ”: what other systems list has
// rows of its own.
var suppressions = kindOf("suppression",
	digested("suppressions", "address list source", "since reason address_key delisted_at"),
	func(s actions.Suppression) string { return s.Address + "\x00" + string(s.List) },
	func(to []any, s actions.Suppression) []any {
		return append(to,
			s.Address, string(s.List), "", at(s.Since), s.Reason, actions.AddressKey(s.Address), nil,
		)
	})

// suppressionRow is a suppression in its table.
type suppressionRow struct {
	Address string `db:"address"`
	List    string `db:"list"`
	Since   stamp  `db:"since"`
	Reason  string `db:"reason"`
}

const suppressionColumns = `address, list, since, reason`

func (r suppressionRow) suppression() actions.Suppression {
	return actions.Suppression{
		Address: r.Address, List: actions.SuppressionList(r.List), Since: r.Since.Time, Reason: r.Reason,
	}
}

// imported is what a row must be that no other system lists.
const imported = `source = ''`

// stillListed is what a row must be that Latchkey didn't take off its list.
const stillListed = `delisted_at IS NULL`

// suppressionPage is how many suppressions are read at once.
const suppressionPage = 1000

// Name is what people call the lists of the embedded directory: those that were
// imported. What other systems list lies beside them, for the diagnosis, and is
// theirs to say.
func (s *Store) Name() string { return "the directory" }

// Listed returns what an address stands on, newest first. Unavailable when the
// database doesn't answer.
func (s *Store) Listed(ctx context.Context, address string) ([]actions.Suppression, error) {
	return listed(ctx, s.read, address)
}

func listed(ctx context.Context, q queryer, address string) ([]actions.Suppression, error) {
	found, err := all(ctx, q, suppressionRow.suppression, `SELECT `+suppressionColumns+` FROM suppressions
		WHERE address_key = $1 AND `+imported+` AND `+stillListed+` ORDER BY since DESC, seq DESC LIMIT $2`,
		actions.AddressKey(storable(address)), actions.RecordLimit)
	return found, failed("reading the lists that an address is on", err)
}

// Delist takes an address off every list but "unsubscribe"; see [Store.Apply].
func (s *Store) Delist(ctx context.Context, c actions.Change) error { return s.Apply(ctx, c) }

// Each calls yield with all that is listed, page by page, until it returns an
// error. Unavailable when the database doesn't answer.
func (s *Store) Each(ctx context.Context, yield func([]actions.Suppression) error) error {
	var last actions.Suppression
	for {
		page, err := listedAfter(ctx, s.read, last)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := yield(page); err != nil || len(page) < suppressionPage {
			return err
		}
		last = page[len(page)-1]
	}
}

// listedAfter reads the page of suppressions that follow another one.
func listedAfter(ctx context.Context, q queryer, last actions.Suppression) ([]actions.Suppression, error) {
	found, err := all(ctx, q, suppressionRow.suppression, `SELECT `+suppressionColumns+` FROM suppressions
		WHERE (address, list) > ($1, $2) AND `+imported+` AND `+stillListed+` ORDER BY address, list LIMIT $3`,
		last.Address, string(last.List), suppressionPage)
	return found, failed("reading the lists", err)
}
