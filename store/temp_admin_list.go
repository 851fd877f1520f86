package store

import (
	"context"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// AdminList returns the temporary admins that the filter picks, newest first, at most
// limit.
func (s *Store) AdminList(ctx context.Context, f actions.AdminFilter, limit int) ([]actions.TempAdmin, error) {
	return adminList(ctx, s.read, f, limit)
}

func adminList(ctx context.Context, q queryer, f actions.AdminFilter, limit int) ([]actions.TempAdmin, error) {
	var u union
	where := adminsThat(&u, f)
	found, err := tempAdmins(ctx, q, where+` ORDER BY at DESC, id DESC LIMIT `+u.arg(limit), u.args...)
	return found, failed("reading the temporary admins", err)
}

// AdminCount counts the temporary admins that the filter picks.
func (s *Store) AdminCount(ctx context.Context, f actions.AdminFilter) (int, error) {
	return adminCount(ctx, s.read, f)
}

func adminCount(ctx context.Context, q queryer, f actions.AdminFilter) (int, error) {
	var u union
	n, err := counted(ctx, q, `SELECT count(*) FROM temp_admins WHERE `+adminsThat(&u, f), u.args...)
	return n, failed("counting the temporary admins", err)
}

// adminsThat is the condition of a filter. Each part of it has an index: of the
// actor it is two, which one condition with OR wouldn't be sure to use.
func adminsThat(u *union, f actions.AdminFilter) string {
	var where []string
	switch {
	case f.Ends:
		where = append(where, adminEnds)
	case f.Open || (f.State != "" && !f.State.Final()):
		where = append(where, adminOpen)
	}
	if f.State != "" {
		where = append(where, `state = `+u.arg(string(f.State)))
	}
	if f.Ticket != "" {
		where = append(where, `ticket <> '' AND upper(ticket) = `+u.arg(strings.ToUpper(storable(f.Ticket)))) // letters of ASCII alone
	}
	if f.Target != "" {
		where = append(where, managed+` AND target = `+u.arg(storable(f.Target)))
	}
	if f.Actor != "" {
		actor := u.arg(storable(f.Actor))
		where = append(where, `id IN (SELECT id FROM temp_admins WHERE actor = `+actor+` UNION SELECT id FROM temp_admins WHERE receiver = `+actor+`)`)
	}
	if len(where) == 0 {
		return `TRUE`
	}
	return strings.Join(where, ` AND `)
}

// AdminsLeased locks a target until the transaction ends, and counts its temporary
// admins whose lease isn't over at now.
func (t *tx) AdminsLeased(ctx context.Context, target string, now time.Time) (int, error) {
	if _, err := t.lockTarget(ctx, target); err != nil {
		return 0, err
	}
	return adminsLeased(ctx, t, target, now)
}

func adminsLeased(ctx context.Context, q queryer, target string, now time.Time) (int, error) {
	n, err := counted(ctx, q, `SELECT count(*) FROM temp_admins WHERE leased_until IS NOT NULL AND target = $1 AND leased_until > $2`,
		storable(target), at(now))
	return n, failed("counting the temporary admins that somebody is about", err)
}

// AdminsLeft locks a target until the transaction ends, and returns its temporary
// admins that aren't final, by ID, each locked as well.
func (t *tx) AdminsLeft(ctx context.Context, target string) ([]actions.TempAdmin, error) {
	if _, err := t.lockTarget(ctx, target); err != nil {
		return nil, err
	}
	return adminsLeft(ctx, t, t.store.dialect.locking, target)
}

func adminsLeft(ctx context.Context, q queryer, locking, target string) ([]actions.TempAdmin, error) {
	left, err := tempAdmins(ctx, q, managed+` AND target = $1 AND `+adminOpen+` ORDER BY id `+locking, storable(target))
	return left, failed("reading the temporary admins of a target", err)
}

// AdminsDue returns the temporary admins whose Due is at or before now and whose
// lease is free, what is due first coming first, at most limit.
func (s *Store) AdminsDue(ctx context.Context, now time.Time, limit int) ([]actions.TempAdmin, error) {
	return adminsDue(ctx, s.read, now, limit)
}

func adminsDue(ctx context.Context, q queryer, now time.Time, limit int) ([]actions.TempAdmin, error) {
	found, err := tempAdmins(ctx, q, `due IS NOT NULL AND due <= $1 AND (leased_until IS NULL OR leased_until <= $1)
		ORDER BY due, id LIMIT $2`, at(now), limit)
	return found, failed("looking for temporary admins whose time has come", err)
}
