package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// Admins returns the users with an active membership as admin in one of the
// accounts, in the order of import, each once, at most UsersLimit. Of accounts
// no more than UsersLimit are read.
func (s *Store) Admins(ctx context.Context, accountIDs []string) ([]actions.User, error) {
	return admins(ctx, s.read, accountIDs)
}

// admins reads by an index over admins alone: an account may have many members.
func admins(ctx context.Context, q queryer, accountIDs []string) ([]actions.User, error) {
	ids := stored(accountIDs[:min(len(accountIDs), actions.UsersLimit)])
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := all(ctx, q, userRow.user, `SELECT `+userColumns+` FROM users WHERE id IN (SELECT user_id FROM memberships
			WHERE account_id IN (`+marks(1, len(ids))+`) AND role = 'admin' AND status = 'active')
		ORDER BY seq LIMIT `+marks(len(ids)+1, 1), append(anys(ids), actions.UsersLimit)...)
	return found, failed("looking for the admins of an account", err)
}

// TempAdmins returns the users of an account whose user name begins with AdminPrefix,
// in the order of import: all of them, since who isn't among them is held to be gone.
func (s *Store) TempAdmins(ctx context.Context, accountID string) ([]actions.User, error) {
	return adminsOfAccount(ctx, s.read, accountID)
}

// adminsOfAccount reads by the index over names: an account may have many members.
func adminsOfAccount(ctx context.Context, q queryer, accountID string) ([]actions.User, error) {
	found, err := all(ctx, q, userRow.user, `SELECT `+userColumns+` FROM users WHERE username_key >= $1 AND username_key < $2
			AND substr(username, 1, $3) = $1
			AND EXISTS (SELECT 1 FROM memberships WHERE user_id = users.id AND account_id = $4) ORDER BY seq`,
		actions.AdminPrefix, afterAdmins, len(actions.AdminPrefix), storable(accountID))
	return found, failed("looking for the temporary admins of an account", err)
}

// afterAdmins is the first key behind all that begin with AdminPrefix.
const afterAdmins = "support-temp."
