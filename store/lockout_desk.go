package store

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

// MembersOf returns the IDs of an account's members, whatever their state.
func (s *Store) MembersOf(ctx context.Context, accountID string) (map[string]bool, error) {
	return membersOf(ctx, s.read, accountID)
}

func membersOf(ctx context.Context, q queryer, accountID string) (map[string]bool, error) {
	var ids []string
	err := q.SelectContext(ctx, &ids, `SELECT user_id FROM memberships WHERE account_id = $1`, storable(accountID))
	members := make(map[string]bool, len(ids))
	for _, id := range ids {
		members[id] = true
	}
	return members, failed("reading the members of an account", err)
}

// AccountsNamed returns the accounts that somebody means: those of that Gateway ID or ID,
// else those of the domain or exactly of that name, without regard to case; at most
// MatchLimit.
func (s *Store) AccountsNamed(ctx context.Context, named string) ([]actions.Account, error) {
	return accountsNamed(ctx, s.read, storable(strings.TrimSpace(named)))
}

func accountsNamed(ctx context.Context, q queryer, named string) ([]actions.Account, error) {
	look := &snapshot{q: q, query: actions.Query{Identifier: named}}
	rows, err := look.namedAccounts(ctx)
	if err == nil && len(rows) == 0 && !isDomain(named) {
		err = q.SelectContext(ctx, &rows, `SELECT `+accountColumns+` FROM accounts WHERE id = $1`, named)
	}
	if err == nil && len(rows) == 0 && !isDomain(named) {
		rows, err = accountsCalled(ctx, q, named)
	}
	found := make([]actions.Account, len(rows))
	for i, row := range rows {
		found[i] = row.account()
	}
	return found, failed("looking for the account", err)
}

// foldGrows is how many times as long a text may be whose case is folded.
const foldGrows = 3

// accountsCalled looks through the names of all accounts: there are few of them, no
// database folds letters as we do, and somebody asks for one once in a while.
func accountsCalled(ctx context.Context, q queryer, name string) ([]accountRow, error) {
	var names []struct {
		ID   string `db:"id"`
		Name string `db:"name"`
	}
	length := utf8.RuneCountInString(name)
	err := q.SelectContext(ctx, &names, `SELECT id, name FROM accounts WHERE length(name) BETWEEN $1 AND $2 ORDER BY seq`,
		length/foldGrows, length*foldGrows)
	var ids []string
	for _, n := range names {
		if len(ids) < actions.MatchLimit && actions.Fold(strings.TrimSpace(n.Name)) == actions.Fold(name) {
			ids = append(ids, n.ID)
		}
	}
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return accountRows(ctx, q, ids)
}

func accountRows(ctx context.Context, q queryer, ids []string) (rows []accountRow, err error) {
	err = q.SelectContext(ctx, &rows, `SELECT `+accountColumns+` FROM accounts WHERE id IN (`+marks(1, len(ids))+`) ORDER BY seq`, anys(ids)...)
	return rows, err
}

// AccountsByID returns accounts by their IDs; those that aren't there are left out.
func (s *Store) AccountsByID(ctx context.Context, ids []string) (map[string]actions.Account, error) {
	found := make(map[string]actions.Account, len(ids))
	for portion := range slices.Chunk(stored(ids), triesPortion) {
		rows, err := accountRows(ctx, s.read, portion)
		if err != nil {
			return nil, failed("reading accounts", err)
		}
		for _, row := range rows {
			found[row.ID] = row.account()
		}
	}
	return found, nil
}

// Judged returns the watches whose diagnosis was judged in a span, the newest judgement
// first.
func (s *Store) Judged(ctx context.Context, in actions.Span) ([]actions.Watch, error) {
	return judged(ctx, s.read, in)
}

func judged(ctx context.Context, q queryer, in actions.Span) ([]actions.Watch, error) {
	return watches(ctx, q, `judgement <> '' AND judged_at >= $1 AND judged_at < $2 ORDER BY judged_at DESC, id`, at(in.From), at(in.Until))
}

// ranOut is the condition of secrets that ran out from $1 on and before $2, as of $3,
// and that nobody opened; those that nobody has written down as such yet among them.
const ranOut = `expires_at >= $1 AND expires_at < $2 AND expires_at <= $3 AND state IN ('live', 'expired')`

// Unopened returns the secrets that ran out in a span, as of now, and that nobody opened,
// the one that ran out last first, at most limit from offset on.
func (s *Store) Unopened(ctx context.Context, in actions.Span, now time.Time, limit, offset int) ([]actions.Secret, error) {
	return unopened(ctx, s.read, in, now, limit, offset)
}

func unopened(ctx context.Context, q queryer, in actions.Span, now time.Time, limit, offset int) ([]actions.Secret, error) {
	found, err := secrets(ctx, q, ranOut+` ORDER BY expires_at DESC, id LIMIT $4 OFFSET $5`, at(in.From), at(in.Until), at(now), limit, offset)
	return found, failed("looking for secrets that nobody opened", err)
}

// DeskNumbers counts what support has open now; Unopened in a span.
func (s *Store) DeskNumbers(ctx context.Context, in actions.Span, now time.Time) (actions.DeskNumbers, error) {
	return deskNumbers(ctx, s.read, in, now)
}

// deskQuery counts, of the temporary admins that aren't gone, those that are in use,
// those that are to go and weren't seen gone, those asked for and those that nobody answers
// for; and of all, those beyond their end.
const deskQuery = `SELECT
	coalesce(sum(CASE WHEN state IN ('in_use', 'received') THEN 1 ELSE 0 END), 0) AS alive,
	coalesce(sum(CASE WHEN state IN ('in_use', 'received', 'ending') AND expires_at <= $3 THEN 1 ELSE 0 END), 0) AS overdue,
	coalesce(sum(CASE WHEN state = 'ending' THEN 1 ELSE 0 END), 0) AS unconfirmed,
	coalesce(sum(CASE WHEN state = 'asked' THEN 1 ELSE 0 END), 0) AS asked,
	coalesce(sum(CASE WHEN state = 'stray' THEN 1 ELSE 0 END), 0) AS stray,
	(SELECT count(*) FROM secrets WHERE ` + ranOut + `) AS unopened,
	(SELECT count(*) FROM outbox WHERE buried_at IS NOT NULL) AS letters
	FROM temp_admins WHERE ` + adminOpen

func deskNumbers(ctx context.Context, q queryer, in actions.Span, now time.Time) (actions.DeskNumbers, error) {
	var rows []struct {
		Alive       int `db:"alive"`
		Overdue     int `db:"overdue"`
		Unconfirmed int `db:"unconfirmed"`
		Asked       int `db:"asked"`
		Stray       int `db:"stray"`
		Unopened    int `db:"unopened"`
		Letters     int `db:"letters"`
	}
	err := q.SelectContext(ctx, &rows, deskQuery, at(in.From), at(in.Until), at(now))
	if err != nil || len(rows) == 0 {
		return actions.DeskNumbers{}, failed("counting what support has open", err)
	}
	r := rows[0]
	return actions.DeskNumbers{
		AdminsAlive: r.Alive, AdminsOverdue: r.Overdue, AdminsUnconfirmed: r.Unconfirmed, AdminsAsked: r.Asked, AdminsStray: r.Stray,
		Unopened: r.Unopened, DeadLetters: r.Letters,
	}, nil
}
