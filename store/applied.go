package store

import (
	"context"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

// Applied reads back whether the directory shows what a change was to bring
// about: the tables themselves, never the list of changes.
func (s *Store) Applied(ctx context.Context, c actions.Change) (bool, error) {
	applied, err := appliedTo(ctx, s.read, c)
	return applied, failed("reading back what was changed", err)
}

func appliedTo(ctx context.Context, q queryer, c actions.Change) (bool, error) {
	user, err := one(all(ctx, q, userRow.user, `SELECT `+userColumns+` FROM users WHERE id = $1`, storable(c.UserID)))
	switch {
	case err != nil:
		return false, err
	case c.Kind == actions.ChangeDeleted, c.Kind == actions.ChangeAdminDeleted:
		return user == nil, nil
	case user == nil:
		return false, nil
	}
	return shows(ctx, q, c, *user)
}

// shows reports whether a user who is there shows the change.
func shows(ctx context.Context, q queryer, c actions.Change, user actions.User) (bool, error) {
	switch c.Kind {
	case actions.ChangeUnlocked:
		return released(ctx, q, c)
	case actions.ChangeDisabled:
		return user.Status == actions.UserDisabled, nil
	case actions.ChangeEnabled:
		if user.Status != actions.UserActive {
			return false, nil
		}
		return released(ctx, q, c)
	case actions.ChangeContact:
		return (c.Email == "" || user.Email == storable(c.Email)) && (c.Mobile == "" || user.Mobile == storable(c.Mobile)), nil
	case actions.ChangePasswordSet:
		if !user.MustReset || !user.HasPassword {
			return false, nil
		}
		return marked(ctx, q, c.UserID, c.Kind, c.At)
	case actions.ChangeSessions, actions.ChangeFactor, actions.ChangeInvited:
		return marked(ctx, q, c.UserID, c.Kind, c.At)
	case actions.ChangeCreated:
		return created(ctx, q, c, user)
	case actions.ChangeDelisted:
		return delisted(ctx, q, c)
	case actions.ChangeAdminMade:
		return adminMade(ctx, q, c, user)
	case actions.ChangeDeleted, actions.ChangeAdminDeleted: // they are there
	case actions.ChangeAdminChecked: // nothing that a directory makes
	}
	return false, nil
}

// released reports whether no lock of the kinds is open, and the one is there
// that was indicated.
func released(ctx context.Context, q queryer, c actions.Change) (bool, error) {
	args := []any{storable(c.UserID), at(c.At)}
	for _, kind := range c.Locks {
		args = append(args, string(kind))
	}
	if len(c.Locks) > 0 {
		open, err := counted(ctx, q, `SELECT count(*) FROM locks WHERE `+openLocks+` AND kind IN (`+marks(3, len(c.Locks))+`)`, args...)
		if err != nil || open > 0 {
			return false, err
		}
	}
	if c.Indicated == "" {
		return true, nil
	}
	n, err := counted(ctx, q, `SELECT count(*) FROM locks WHERE id = $1 AND released_at IS NOT NULL`, storable(c.ID))
	return n > 0, err
}

// created reports whether a new user is who they should be, with every
// membership.
func created(ctx context.Context, q queryer, c actions.Change, user actions.User) (bool, error) {
	if c.User == nil || !samePerson(user, storableUser(*c.User)) {
		return false, nil
	}
	var accounts []string
	err := q.SelectContext(ctx, &accounts, `SELECT account_id FROM memberships WHERE user_id = $1`, user.ID)
	missing := slices.ContainsFunc(c.Memberships, func(m actions.Membership) bool {
		return !slices.Contains(accounts, storable(m.AccountID))
	})
	return err == nil && !missing, err
}
