package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// oneTimeLinkRow is a one-time link in its table.
type oneTimeLinkRow struct {
	ID        string `db:"id"`
	Purpose   string `db:"purpose"`
	UserID    string `db:"user_id"`
	Operation string `db:"operation"`
	Mail      string `db:"mail"`
	Proof     []byte `db:"proof"`
	KeyID     string `db:"kid"`
	At        stamp  `db:"at"`
	ExpiresAt stamp  `db:"expires_at"`
	SpentAt   stamp  `db:"spent_at"`
}

const oneTimeLinkColumns = `id, purpose, user_id, operation, mail, proof, kid, at, expires_at, spent_at`

// unspent is the condition of the index over links that nobody used, which a
// query must repeat word by word.
const unspent = `spent_at IS NULL`

func (r oneTimeLinkRow) link() actions.OneTimeLink {
	return actions.OneTimeLink{
		ID: r.ID, Purpose: actions.LinkPurpose(r.Purpose), UserID: r.UserID, Operation: r.Operation, Mail: r.Mail, Proof: r.Proof,
		KeyID: r.KeyID, At: r.At.Time, ExpiresAt: r.ExpiresAt.Time, SpentAt: r.SpentAt.Time,
	}
}

// StartLink stores a new link. Unavailable when its key was retired.
func (t *tx) StartLink(ctx context.Context, l actions.OneTimeLink) error {
	if err := t.inUse(ctx, l.KeyID); err != nil {
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO one_time_links (`+oneTimeLinkColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		l.ID, string(l.Purpose), storable(l.UserID), l.Operation, l.Mail, l.Proof, l.KeyID, at(l.At), at(l.ExpiresAt), at(l.SpentAt))
	return failed("making a link", err)
}

// OneTimeLink returns a link, locked until the transaction ends; found is false
// without one.
func (t *tx) OneTimeLink(ctx context.Context, id string) (l actions.OneTimeLink, found bool, err error) {
	return linkByID(ctx, t, t.store.dialect.locking, id)
}

// LinkByID returns a link; found is false without one.
func (s *Store) LinkByID(ctx context.Context, id string) (l actions.OneTimeLink, found bool, err error) {
	return linkByID(ctx, s.read, "", id)
}

func linkByID(ctx context.Context, q queryer, locking, id string) (actions.OneTimeLink, bool, error) {
	link, err := one(all(ctx, q, oneTimeLinkRow.link,
		`SELECT `+oneTimeLinkColumns+` FROM one_time_links WHERE id = $1 `+locking, storable(id)))
	return perhaps(link, err, "looking for a link")
}

// SpendLink spends a link that is good; spent is false when somebody was faster.
func (t *tx) SpendLink(ctx context.Context, id string, when time.Time) (spent bool, err error) {
	rows, err := t.exec(ctx, `UPDATE one_time_links SET spent_at = $1 WHERE id = $2 AND expires_at > $1 AND `+unspent, at(when), storable(id))
	return rows == 1, failed("spending a link", err)
}

// SpendLinks spends every other link of the user of those purposes that is good.
func (t *tx) SpendLinks(ctx context.Context, userID string, purposes []actions.LinkPurpose, when time.Time) error {
	if len(purposes) == 0 {
		return nil
	}
	args := []any{at(when), storable(userID)}
	for _, purpose := range purposes {
		args = append(args, string(purpose))
	}
	_, err := t.exec(ctx, `UPDATE one_time_links SET spent_at = $1
		WHERE user_id = $2 AND expires_at > $1 AND `+unspent+` AND purpose IN (`+marks(3, len(purposes))+`)`, args...)
	return failed("spending a customer's other links", err)
}

// linkCodeRow is the code of a spent link in its table.
type linkCodeRow struct {
	Hash      []byte `db:"hash"`
	UserID    string `db:"user_id"`
	Purpose   string `db:"purpose"`
	ExpiresAt stamp  `db:"expires_at"`
}

const linkCodeColumns = `hash, user_id, purpose, expires_at`

// StartLinkCode stores the code that a spent link hands to the product.
func (t *tx) StartLinkCode(ctx context.Context, c actions.LinkCode) error {
	_, err := t.exec(ctx, `INSERT INTO link_codes (`+linkCodeColumns+`) VALUES ($1, $2, $3, $4)`,
		c.Hash, storable(c.UserID), string(c.Purpose), at(c.ExpiresAt))
	return failed("making the code of a link", err)
}

// TakeLinkCode removes and returns a code that hasn't run out at a moment.
func (t *tx) TakeLinkCode(ctx context.Context, hash []byte, when time.Time) (c actions.LinkCode, found bool, err error) {
	var row linkCodeRow
	found, err = t.get(ctx, &row, `DELETE FROM link_codes WHERE hash = $1 AND expires_at > $2 RETURNING `+linkCodeColumns, hash, at(when))
	if err != nil || !found {
		return actions.LinkCode{}, false, failed("redeeming the code of a link", err)
	}
	return actions.LinkCode{
		Hash: row.Hash, UserID: row.UserID, Purpose: actions.LinkPurpose(row.Purpose), ExpiresAt: row.ExpiresAt.Time,
	}, true, nil
}
