package store

import (
	"context"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

// Users returns those with one of the IDs, in their order, and then those whom
// one of the identifiers names exactly, in theirs; each once, at most
// UsersLimit in all. Those that name nobody are left out.
func (s *Store) Users(ctx context.Context, ids, identifiers []string) ([]actions.User, error) {
	ids, identifiers = ids[:min(len(ids), actions.UsersLimit)], identifiers[:min(len(identifiers), actions.UsersLimit)]
	var found named
	for _, look := range []func() error{
		func() error { return found.byID(ctx, s.read, ids) },
		func() error { return found.byName(ctx, s.read, identifiers) },
	} {
		if err := look(); err != nil {
			return nil, failed("looking users up", err)
		}
	}
	return found.users, nil
}

// named are users that were found, each once.
type named struct {
	users []actions.User
	seen  map[string]bool
}

func (n *named) add(row userRow) {
	if n.seen[row.ID] || len(n.users) == actions.UsersLimit {
		return
	}
	if n.seen == nil {
		n.seen = map[string]bool{}
	}
	n.seen[row.ID] = true
	n.users = append(n.users, row.user())
}

func (n *named) byID(ctx context.Context, q queryer, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	var rows []userRow
	err := q.SelectContext(ctx, &rows, `SELECT `+userColumns+` FROM users WHERE id IN (`+marks(1, len(ids))+`)`, anys(stored(ids))...)
	for _, id := range ids {
		if i := slices.IndexFunc(rows, func(row userRow) bool { return row.ID == id }); i >= 0 {
			n.add(rows[i])
		}
	}
	return err
}

func (n *named) byName(ctx context.Context, q queryer, identifiers []string) error {
	rows, err := usersByKey(ctx, q, stored(identifiers))
	for _, identifier := range identifiers {
		for _, row := range rows {
			if means(row.user(), identifier) {
				n.add(row)
			}
		}
	}
	return err
}

// stored are texts as they could be stored.
func stored(texts []string) []string {
	made := make([]string, len(texts))
	for i, text := range texts {
		made[i] = storable(text)
	}
	return made
}
