package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// change makes a change of one kind in the tables of the directory.
type change func(ctx context.Context, t *tx, c actions.Change, user actions.User) error

// changers make the changes that the embedded directory can make. All but those
// that make somebody are about a user who is there.
var changers = map[actions.ChangeKind]change{
	actions.ChangeUnlocked:    unlock,
	actions.ChangeDisabled:    disable,
	actions.ChangeEnabled:     enable,
	actions.ChangeContact:     changeContact,
	actions.ChangePasswordSet: setPassword,
	actions.ChangeSessions:    mark,
	actions.ChangeFactor:      mark,
	actions.ChangeInvited:     mark,
	actions.ChangeDeleted:     deleteUser,
	actions.ChangeCreated:     createUser,
	actions.ChangeDelisted:    delist,

	actions.ChangeAdminMade:    makeAdmin,
	actions.ChangeAdminDeleted: deleteAdmin,
}

var (
	errNoUser    = actions.Errorf(actions.NotFound, "The customer isn't in the directory any more, so nothing was changed. Please look them up again.")
	errCantDo    = actions.Errorf(actions.Unavailable, "The directory can't do that, so nothing was changed.")
	errEmailUsed = actions.Errorf(actions.Conflict, "Another user has that e-mail address, or is called so, and so nothing was changed. Please look that address up first.")
	errNotTheirs = actions.Errorf(actions.Conflict, "The customer has another e-mail address by now, so nothing was changed. Please look them up again.")
	errUserThere = actions.Errorf(actions.Conflict, "There is a user with that ID already, and with another profile, so nothing was changed. Please look them up first.")
)

// Apply makes a change in the directory's own tables and appends it to the
// changes that the product learns of, both or neither. The same change again,
// by its ID, does nothing. The digest of the record last imported stays, so that
// an identical one doesn't undo what was done here.
//
// Errors: NotFound when the user isn't there, Conflict when the new e-mail, name
// or ID is somebody else's, the address isn't theirs, or a temporary admin isn't one;
// Unavailable when the database doesn't answer or for a kind of change that it can't
// make.
func (s *Store) Apply(ctx context.Context, c actions.Change) error {
	return s.persistently(ctx, func(t *tx) error { return t.apply(ctx, c) })
}

func (t *tx) apply(ctx context.Context, c actions.Change) error {
	changer := changers[c.Kind]
	if changer == nil {
		return errCantDo
	}
	fresh, err := t.claimChange(ctx, c)
	if err != nil || !fresh {
		return err
	}
	var user actions.User
	if c.Kind != actions.ChangeCreated && c.Kind != actions.ChangeAdminMade {
		if user, err = t.lockUser(ctx, c.UserID); err != nil {
			return err
		}
	}
	if err := changer(ctx, t, c, user); err != nil {
		return failed("changing a user", err)
	}
	return t.appendChange(ctx, c)
}

// claimChange takes the ID of a change; fresh is false when it was made before.
// Who makes the same one at the same moment waits here.
func (t *tx) claimChange(ctx context.Context, c actions.Change) (fresh bool, err error) {
	rows, err := t.exec(ctx, `INSERT INTO changes (id, kind, user_id, at, content) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
		c.ID, string(c.Kind), storable(c.UserID), at(c.At), document[actions.Change]{c})
	return rows == 1, failed("keeping a change", err)
}

// appendChange gives a change its number. It comes last: whoever takes a number
// makes everybody else wait until it is committed, so that no number is seen
// before a smaller one.
func (t *tx) appendChange(ctx context.Context, c actions.Change) error {
	var seq int64
	if err := t.GetContext(ctx, &seq, `UPDATE change_head SET last = last + 1 RETURNING last`); err != nil {
		return failed("taking the next number of the changes", err)
	}
	_, err := t.exec(ctx, `UPDATE changes SET seq = $1 WHERE id = $2`, seq, c.ID)
	return failed("numbering a change", err)
}

// lockUser reads a user, whom nobody else changes until the transaction ends.
func (t *tx) lockUser(ctx context.Context, id string) (actions.User, error) {
	user, err := one(all(ctx, t, userRow.user, `SELECT `+userColumns+` FROM users WHERE id = $1 `+t.store.dialect.locking, storable(id)))
	return given(user, err, errNoUser, "reading the user")
}

// openLocks is what a lock must be that holds at $2, of the user $1.
const openLocks = `user_id = $1 AND at <= $2 AND (released_at IS NULL OR released_at > $2) AND (until IS NULL OR until > $2)`

// releaseLocks releases the user's open locks of those kinds.
func (t *tx) releaseLocks(ctx context.Context, c actions.Change) error {
	if len(c.Locks) == 0 {
		return nil
	}
	args := []any{c.UserID, at(c.At)}
	for _, kind := range c.Locks {
		args = append(args, string(kind))
	}
	_, err := t.exec(ctx, `UPDATE locks SET released_at = $2 WHERE `+openLocks+` AND kind IN (`+marks(3, len(c.Locks))+`)`, args...)
	return err
}

// unlock releases locks, and writes one down that was only indicated, released
// at once (RULES S4.6).
func unlock(ctx context.Context, t *tx, c actions.Change, _ actions.User) error {
	if err := t.releaseLocks(ctx, c); err != nil || c.Indicated == "" {
		return err
	}
	since := c.Since
	if since.IsZero() || since.After(c.At) {
		since = c.At
	}
	return t.putOne(ctx, locks, actions.Lock{
		ID: c.ID, UserID: c.UserID, Kind: c.Indicated, At: actions.Instant(since), ReleasedAt: actions.Instant(c.At),
	})
}

func disable(ctx context.Context, t *tx, c actions.Change, _ actions.User) error {
	_, err := t.exec(ctx, `UPDATE users SET status = $1 WHERE id = $2`, string(actions.UserDisabled), c.UserID)
	return err
}

// enable makes a user active and releases locks (RULES S4.3).
func enable(ctx context.Context, t *tx, c actions.Change, _ actions.User) error {
	_, err := t.exec(ctx, `UPDATE users SET status = $1, disabled_reason = '' WHERE id = $2`, string(actions.UserActive), c.UserID)
	if err != nil {
		return err
	}
	return t.releaseLocks(ctx, c)
}

// changeContact replaces e-mail and mobile, as far as they are given. The owner
// confirmed it on another contact (RULES S4.12), which proves nothing of the new
// one: that it is verified is the product's to say.
func changeContact(ctx context.Context, t *tx, c actions.Change, user actions.User) error {
	if c.Email != "" {
		if err := emailFree(ctx, t, c.Email, c.UserID); err != nil {
			return err
		}
		user.Email, user.EmailVerified = storable(c.Email), false
	}
	if c.Mobile != "" {
		user.Mobile, user.MobileVerified = storable(c.Mobile), false
	}
	_, err := t.exec(ctx, `UPDATE users SET email = $1, email_verified = $2, email_key = $3, email_domain = $4, mobile = $5,
			mobile_verified = $6, mobile_key = $7, contact_changed_at = $8 WHERE id = $9`,
		user.Email, user.EmailVerified, optional(actions.Key(user.Email)), optional(actions.Domain(user.Email)), user.Mobile,
		user.MobileVerified, optional(actions.MobileKey(user.Mobile)), at(c.At), c.UserID)
	return err
}

// emailFree fails with Conflict when anybody else has the e-mail address, or it
// as a user name.
func emailFree(ctx context.Context, q queryer, email, userID string) error {
	var u union
	key, id := u.arg(actions.Key(storable(email))), u.arg(storable(userID))
	u.add(`SELECT 1 FROM users WHERE email_key IS NOT NULL AND email_key = %s AND id <> %s LIMIT 1`, key, id)
	u.add(`SELECT 1 FROM users WHERE username_key = %s AND id <> %s LIMIT 1`, key, id)
	n, err := counted(ctx, q, u.all(), u.args...)
	if err == nil && n > 0 {
		return errEmailUsed
	}
	return err
}

// setPassword: the password itself is the product's; its hash stands in the
// change.
func setPassword(ctx context.Context, t *tx, c actions.Change, user actions.User) error {
	_, err := t.exec(ctx, `UPDATE users SET must_reset = $1, has_password = $1 WHERE id = $2`, true, c.UserID)
	if err != nil {
		return err
	}
	return mark(ctx, t, c, user)
}

// mark keeps when something was done to a user that no column shows.
func mark(ctx context.Context, t *tx, c actions.Change, _ actions.User) error {
	_, err := t.exec(ctx, `INSERT INTO user_marks (user_id, kind, at) VALUES ($1, $2, $3)
		ON CONFLICT (user_id, kind) DO UPDATE SET at = excluded.at WHERE user_marks.at < excluded.at`, c.UserID, string(c.Kind), at(c.At))
	return err
}

// marked reports whether that was done to the user at a moment or later.
func marked(ctx context.Context, q queryer, userID string, kind actions.ChangeKind, since time.Time) (bool, error) {
	n, err := counted(ctx, q, `SELECT count(*) FROM user_marks WHERE user_id = $1 AND kind = $2 AND at >= $3`,
		storable(userID), string(kind), at(since))
	return n > 0, err
}
