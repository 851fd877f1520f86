package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// deleteUser removes a user with their memberships (RULES S4.7). What happened
// to them stays. The digest of their record last imported is kept: the same
// again must not bring them back.
func deleteUser(ctx context.Context, t *tx, c actions.Change, _ actions.User) error {
	for _, statement := range []string{
		`INSERT INTO deleted_users (user_id, digest) SELECT id, digest FROM users WHERE id = $1
			ON CONFLICT (user_id) DO UPDATE SET digest = excluded.digest`,
		`DELETE FROM memberships WHERE user_id = $1`,
		`DELETE FROM user_marks WHERE user_id = $1`,
		`DELETE FROM users WHERE id = $1`,
	} {
		if _, err := t.exec(ctx, statement, c.UserID); err != nil {
			return err
		}
	}
	return nil
}

// createUser makes a user with their memberships. One who was deleted here
// comes back as who they were to the import.
func createUser(ctx context.Context, t *tx, c actions.Change, _ actions.User) error {
	if c.User == nil || c.User.ID != c.UserID {
		return errCantDo
	}
	user := storableUser(*c.User)
	there, err := one(all(ctx, t, userRow.user, `SELECT `+userColumns+` FROM users WHERE id = $1 `+t.store.dialect.locking, user.ID))
	if err != nil {
		return err
	}
	if there != nil && !samePerson(*there, user) {
		return errUserThere
	}
	if there == nil {
		if err := t.insertUser(ctx, user); err != nil {
			return err
		}
	}
	for _, m := range c.Memberships {
		if err := t.putOne(ctx, memberships, storableMembership(m)); err != nil {
			return err
		}
	}
	return nil
}

// insertUser stores a new user, with the digest of one who was deleted.
func (t *tx) insertUser(ctx context.Context, user actions.User) error {
	record := actions.Record{Body: user, Digest: actions.Digest(user)}
	var digest []byte
	found, err := t.get(ctx, &digest, `DELETE FROM deleted_users WHERE user_id = $1 RETURNING digest`, user.ID)
	if err != nil {
		return err
	}
	if found {
		record.Digest = digest
	}
	return t.putRow(ctx, users, record)
}

// storableUser is the user as both databases store it.
func storableUser(u actions.User) actions.User {
	for _, text := range []*string{
		&u.ID, &u.Username, &u.Email, &u.Mobile, &u.FirstName, &u.LastName, &u.DisabledReason, &u.Locale,
	} {
		*text = storable(*text)
	}
	return u
}

func storableMembership(m actions.Membership) actions.Membership {
	for _, text := range []*string{&m.UserID, &m.AccountID, &m.Role, &m.DeactivatedBy} {
		*text = storable(*text)
	}
	return m
}

// samePerson reports whether two profiles of one ID are the same person's.
func samePerson(a, b actions.User) bool {
	return a.Username == b.Username && a.Email == b.Email && a.Mobile == b.Mobile
}
