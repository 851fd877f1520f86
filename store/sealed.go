package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// sealedRow is a sealed thing in its table.
type sealedRow struct {
	Purpose string `db:"purpose"`
	ID      string `db:"id"`
	KeyID   string `db:"kid"`
	Body    []byte `db:"body"`
}

const sealedColumns = `purpose, id, kid, body`

func (r sealedRow) sealed() actions.Sealed {
	return actions.Sealed{Purpose: actions.Purpose(r.Purpose), ID: r.ID, KeyID: r.KeyID, Body: r.Body}
}

// sealeds reads sealed things by q; where continues the query.
func sealeds(ctx context.Context, q queryer, where string, args ...any) ([]actions.Sealed, error) {
	return all(ctx, q, sealedRow.sealed, `SELECT `+sealedColumns+` FROM secret_bodies WHERE `+where, args...)
}

// PutSealed stores a sealed thing; there is none of that purpose and ID yet.
func (t *tx) PutSealed(ctx context.Context, s actions.Sealed) error {
	_, err := t.exec(ctx, `INSERT INTO secret_bodies (`+sealedColumns+`) VALUES ($1, $2, $3, $4)`,
		string(s.Purpose), storable(s.ID), s.KeyID, s.Body)
	return failed("keeping something sealed", err)
}

// TakeSealed removes and returns a sealed thing; found is false without one.
func (t *tx) TakeSealed(ctx context.Context, purpose actions.Purpose, id string) (s actions.Sealed, found bool, err error) {
	var row sealedRow
	found, err = t.get(ctx, &row, `DELETE FROM secret_bodies WHERE purpose = $1 AND id = $2 RETURNING `+sealedColumns,
		string(purpose), storable(id))
	if err != nil || !found {
		return actions.Sealed{}, false, failed("taking something sealed", err)
	}
	return row.sealed(), true, nil
}

// DropSealed removes the sealed things of those purposes, if they are there.
func (t *tx) DropSealed(ctx context.Context, id string, purposes ...actions.Purpose) error {
	if len(purposes) == 0 {
		return nil
	}
	args := []any{storable(id)}
	for _, purpose := range purposes {
		args = append(args, string(purpose))
	}
	_, err := t.exec(ctx, `DELETE FROM secret_bodies WHERE id = $1 AND purpose IN (`+marks(2, len(purposes))+`)`, args...)
	return failed("removing something sealed", err)
}

// SealedByID returns a sealed thing and leaves it; found is false without one.
func (s *Store) SealedByID(ctx context.Context, purpose actions.Purpose, id string) (actions.Sealed, bool, error) {
	return sealedByID(ctx, s.read, purpose, id)
}

func sealedByID(ctx context.Context, q queryer, purpose actions.Purpose, id string) (actions.Sealed, bool, error) {
	found, err := one(sealeds(ctx, q, `purpose = $1 AND id = $2`, string(purpose), storable(id)))
	return perhaps(found, err, "looking for something sealed")
}
