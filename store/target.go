package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// targetRow is a site that we manage in its table.
type targetRow struct {
	ID       string `db:"id"`
	Name     string `db:"name"`
	Kind     string `db:"kind"`
	URL      string `db:"url"`
	User     string `db:"login"`
	Reassign string `db:"reassign"`
	Account  string `db:"account"`
	At       stamp  `db:"at"`
	By       string `db:"added_by"`
}

const targetColumns = `id, name, kind, url, login, reassign, account, at, added_by`

func (r targetRow) target() actions.Target {
	return actions.Target{
		ID: r.ID, Name: r.Name, Kind: actions.TargetKind(r.Kind), URL: r.URL, User: r.User, Reassign: r.Reassign, Account: r.Account,
		At: r.At.Time, By: r.By,
	}
}

// targets reads targets by q; rest continues the query.
func targets(ctx context.Context, q queryer, rest string, args ...any) ([]actions.Target, error) {
	return all(ctx, q, targetRow.target, `SELECT `+targetColumns+` FROM targets `+rest, args...)
}

// StartTarget stores a target; Conflict when one of that name, in whatever case, is
// there.
func (t *tx) StartTarget(ctx context.Context, g actions.Target) error {
	name := storable(g.Name)
	rows, err := t.exec(ctx, `INSERT INTO targets (`+targetColumns+`, name_key) VALUES (`+marks(1, 10)+`) ON CONFLICT (name_key) DO NOTHING`,
		storable(g.ID), name, string(g.Kind), storable(g.URL), storable(g.User), storable(g.Reassign), storable(g.Account), at(g.At),
		storable(g.By), actions.Fold(name))
	if err == nil && rows == 0 {
		return errTargetThere
	}
	return failed("adding a target", err)
}

var (
	errTargetThere = actions.Errorf(actions.Conflict, "There is a target of that name already, so nothing was added. Please give this one another name, or remove that one first.")
	errTargetGone  = actions.Errorf(actions.NotFound, "The target isn't there any more, so nothing was changed. Please add it once more.")
)

// PutTarget stores the user and the heir of a target; NotFound when it isn't there.
func (t *tx) PutTarget(ctx context.Context, g actions.Target) error {
	rows, err := t.exec(ctx, `UPDATE targets SET login = $1, reassign = $2 WHERE id = $3`, storable(g.User), storable(g.Reassign), storable(g.ID))
	if err == nil && rows == 0 {
		return errTargetGone
	}
	return failed("changing a target", err)
}

// lockTarget has nobody else change a target, or begin anything on it, until the
// transaction ends; there is false when it isn't there.
func (t *tx) lockTarget(ctx context.Context, id string) (there bool, err error) {
	_, there, err = targetBy(ctx, t, t.store.dialect.locking, `id`, storable(id))
	return there, err
}

// EndTarget removes a target; ended is false when it isn't there.
func (t *tx) EndTarget(ctx context.Context, id string) (ended bool, err error) {
	rows, err := t.exec(ctx, `DELETE FROM targets WHERE id = $1`, storable(id))
	return rows == 1, failed("removing a target", err)
}

// TargetByID returns a target; found is false without one.
func (s *Store) TargetByID(ctx context.Context, id string) (g actions.Target, found bool, err error) {
	return targetBy(ctx, s.read, "", `id`, storable(id))
}

// TargetByName returns the target of a name, in whatever case; found is false without
// one.
func (s *Store) TargetByName(ctx context.Context, name string) (g actions.Target, found bool, err error) {
	return targetBy(ctx, s.read, "", `name_key`, actions.Fold(storable(name)))
}

func targetBy(ctx context.Context, q queryer, locking, column, value string) (actions.Target, bool, error) {
	found, err := one(targets(ctx, q, `WHERE `+column+` = $1 `+locking, value))
	return perhaps(found, err, "looking for a target")
}

// Targets returns all targets, by name.
func (s *Store) Targets(ctx context.Context) ([]actions.Target, error) {
	found, err := targets(ctx, s.read, `ORDER BY name_key`)
	return found, failed("reading the targets", err)
}
