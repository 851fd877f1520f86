package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

var (
	errLoginUsed   = actions.Errorf(actions.Conflict, "Another user is called so, and so no temporary admin was made. Please try again: it gets another name.")
	errNoTempAdmin = actions.Errorf(actions.Conflict, "That user is no temporary admin of Latchkey's, so nothing was changed.")
)

// makeAdmin makes a temporary admin with its memberships and its password, whose hash
// stands in the change. The same user again gets the profile, the memberships and
// the password of this change, and keeps the digest of the record last imported.
func makeAdmin(ctx context.Context, t *tx, c actions.Change, _ actions.User) error {
	if c.User == nil || c.User.ID != c.UserID || c.PasswordHash == "" {
		return errCantDo
	}
	user := storableUser(*c.User)
	user.HasPassword = true
	if !tempAdmin(user) {
		return errNoTempAdmin
	}
	there, err := one(all(ctx, t, userRow.user, `SELECT `+userColumns+` FROM users WHERE id = $1 `+t.store.dialect.locking, user.ID))
	if err != nil {
		return err
	}
	if there != nil && there.Username != user.Username {
		return errUserThere
	}
	if err := nameFree(ctx, t, user); err != nil {
		return err
	}
	if there == nil {
		err = t.insertUser(ctx, user)
	} else {
		err = t.renewUser(ctx, *there, user)
	}
	if err != nil {
		return err
	}
	for _, m := range c.Memberships {
		if err := t.renewMembership(ctx, storableMembership(m)); err != nil {
			return err
		}
	}
	return mark(ctx, t, c, user)
}

// deleteAdmin deletes a temporary admin, and nobody else.
func deleteAdmin(ctx context.Context, t *tx, c actions.Change, user actions.User) error {
	if !tempAdmin(user) {
		return errNoTempAdmin
	}
	return deleteUser(ctx, t, c, user)
}

// tempAdmin reports whether a user is called as only temporary admins are.
func tempAdmin(user actions.User) bool { return strings.HasPrefix(user.Username, actions.AdminPrefix) }

// nameFree fails with Conflict when anybody else has the user's name or e-mail
// address.
func nameFree(ctx context.Context, q queryer, user actions.User) error {
	n, err := counted(ctx, q, `SELECT count(*) FROM users WHERE username_key = $1 AND id <> $2`, actions.Key(user.Username), user.ID)
	switch {
	case err != nil:
		return err
	case n > 0:
		return errLoginUsed
	case user.Email == "":
		return nil
	}
	return emailFree(ctx, q, user.Email, user.ID)
}

// renewUser gives a user who is there the profile of another moment. What happened to
// them, and their place and digest, stay.
func (t *tx) renewUser(ctx context.Context, there, user actions.User) error {
	user.CreatedAt, user.LastLoginAt = there.CreatedAt, there.LastLoginAt
	_, err := t.exec(ctx, renewingUser, users.values(nil, user)...)
	return err
}

// renewingUser is the statement of renewUser: the ID comes first, as in the table.
var renewingUser = func() string {
	columns := users.table.content[:len(users.table.content)-1] // without the digest
	return fmt.Sprintf(`UPDATE users SET (%s) = (%s) WHERE id = $1`, strings.Join(columns, ", "), marks(2, len(columns)))
}()

// renewMembership stores a membership. One that is there gets its content, and keeps
// its digest, so that an identical record doesn't undo it.
func (t *tx) renewMembership(ctx context.Context, m actions.Membership) error {
	rows, err := t.exec(ctx, renewingMembership, memberships.values(nil, m)...)
	if err != nil || rows > 0 {
		return err
	}
	return t.putOne(ctx, memberships, m)
}

// renewingMembership is the statement of renewMembership: the key comes first.
var renewingMembership = func() string {
	columns := memberships.table.content[:len(memberships.table.content)-1] // without the digest
	return fmt.Sprintf(`UPDATE memberships SET (%s) = (%s) WHERE user_id = $1 AND account_id = $2`, strings.Join(columns, ", "), marks(3, len(columns)))
}()

// adminMade reports whether a temporary admin who is there is who they should be,
// active in every place with the role of the change, with the password of the change
// or a later one.
func adminMade(ctx context.Context, q queryer, c actions.Change, user actions.User) (bool, error) {
	if c.User == nil || !samePerson(user, storableUser(*c.User)) || user.Status != c.User.Status || !user.HasPassword {
		return false, nil
	}
	for _, m := range c.Memberships {
		n, err := counted(ctx, q, `SELECT count(*) FROM memberships WHERE user_id = $1 AND account_id = $2 AND role = $3 AND status = $4`,
			user.ID, storable(m.AccountID), storable(m.Role), string(m.Status))
		if err != nil || n == 0 {
			return false, err
		}
	}
	return marked(ctx, q, c.UserID, c.Kind, c.At)
}
