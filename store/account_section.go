package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// domainUsers is how many users of a domain are asked for their accounts.
const domainUsers = 5000

// accounts finds the accounts that the identifier names, by Gateway ID or by
// domain, and who of them failed lately.
func (s *snapshot) accounts(ctx context.Context) error {
	rows, err := s.namedAccounts(ctx)
	if err != nil {
		return failed("looking for the account", err)
	}
	var ids []string
	for _, row := range rows {
		s.Accounts = append(s.Accounts, actions.AccountSnapshot{Account: row.account()})
		ids = append(ids, row.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	if err := s.members(ctx, ids); err != nil {
		return failed("counting the account's members", err)
	}
	return failed("looking who of the account failed", s.failures(ctx, ids))
}

func (s *snapshot) namedAccounts(ctx context.Context) ([]accountRow, error) {
	var rows []accountRow
	if isDomain(s.query.Identifier) {
		return rows, s.q.SelectContext(ctx, &rows, `SELECT `+accountColumns+` FROM accounts WHERE id IN (
				SELECT account_id FROM memberships WHERE user_id IN (
					SELECT id FROM users WHERE email_domain = $1 ORDER BY seq LIMIT $2))
			ORDER BY seq LIMIT $3`, actions.Domain(s.query.Identifier), domainUsers, actions.MatchLimit)
	}
	err := s.q.SelectContext(ctx, &rows, `SELECT `+accountColumns+` FROM gateway_ids
		JOIN accounts ON accounts.id = gateway_ids.account_id
		WHERE gateway_key = $1 ORDER BY accounts.seq LIMIT $2`, actions.Key(s.query.Identifier), actions.MatchLimit)
	asked := actions.Fold(s.query.Identifier)
	return slices.DeleteFunc(rows, func(row accountRow) bool {
		return !slices.ContainsFunc(row.GatewayIDs, func(id string) bool { return actions.Fold(id) == asked })
	}), err
}

// members counts the members of each account.
func (s *snapshot) members(ctx context.Context, ids []string) error {
	var rows []struct {
		AccountID string `db:"account_id"`
		Members   int    `db:"members"`
	}
	err := s.q.SelectContext(ctx, &rows, `SELECT account_id, count(*) AS members FROM memberships
		WHERE account_id IN (`+marks(1, len(ids))+`) GROUP BY account_id`, anys(ids)...)
	for _, row := range rows {
		s.Accounts[slices.Index(ids, row.AccountID)].Members = row.Members
	}
	return err
}

// triedRow is an attempt of a member of an account.
type triedRow struct {
	AccountID string `db:"account_id"`
	Member    string `db:"member"`
	attemptRow
}

// failures fills in who of each account failed in the last day.
func (s *snapshot) failures(ctx context.Context, ids []string) error {
	rows, err := s.tried(ctx, ids)
	if err != nil {
		return err
	}
	byAccount := map[string][]triedRow{}
	var members []string
	for _, row := range rows {
		byAccount[row.AccountID] = append(byAccount[row.AccountID], row)
		members = append(members, row.Member)
	}
	slices.Sort(members)
	users, err := s.usersByID(ctx, slices.Compact(members))
	if err != nil {
		return err
	}
	for i := range s.Accounts {
		s.fillFailed(&s.Accounts[i], byAccount[s.Accounts[i].Account.ID], users)
	}
	return nil
}

// fillFailed makes the list of failed users from the account's attempts, which
// come newest first.
func (s *snapshot) fillFailed(account *actions.AccountSnapshot, rows []triedRow, users map[string]actions.User) {
	found := map[string]*actions.FailedUser{}
	since := map[string]time.Time{} // the oldest success so far, going back
	var order []*actions.FailedUser
	for _, row := range rows {
		user, a := users[row.Member], row.attempt()
		if !belongs(user, a) || !s.counts(a) {
			continue
		}
		if !a.Failed() {
			since[user.ID] = a.At
			continue
		}
		f := found[user.ID]
		if f == nil {
			f = &actions.FailedUser{User: user, Last: a, InSince: since[user.ID]}
			found[user.ID], order = f, append(order, f)
		}
		f.Failures++
	}
	account.Cut = len(order) > actions.FailedUsersMax || len(rows) == actions.AttemptLimit
	for _, f := range order[:min(len(order), actions.FailedUsersMax)] {
		account.Failed = append(account.Failed, *f)
	}
}

// triedQuery reads attempts of members: of each member under all that their
// attempts are filed under, failures and successes each from the newest on, up
// to a limit, so that one who is under attack costs no more than others; of
// each account up to a limit, too. CROSS JOIN makes SQLite begin with the
// members.
const triedQuery = `WITH members AS (
		SELECT memberships.account_id, users.id, username_key, email_key, mobile_key
		FROM memberships JOIN users ON users.id = memberships.user_id WHERE memberships.account_id IN (%[1]s)),
	filed AS (%[6]s),
	bounded AS MATERIALIZED (
		SELECT account_id, member, who, ended.inside, coalesce((SELECT at FROM attempts
			WHERE %[2]s = who AND %[3]s = ended.inside AND at >= $1 AND at <= $2 ORDER BY at DESC LIMIT 1 OFFSET %[4]d), $1) AS since
		FROM filed CROSS JOIN (SELECT 0 AS inside UNION ALL SELECT 1 AS inside) AS ended),
	numbered AS (
		SELECT account_id, member, attempts.*, row_number() OVER (PARTITION BY account_id ORDER BY at DESC, seq DESC) AS n
		FROM bounded CROSS JOIN attempts
		WHERE %[2]s = who AND %[3]s = bounded.inside AND at >= since AND at <= $2)
	SELECT account_id, member, %[5]s FROM numbered WHERE n <= %[4]d ORDER BY account_id, n`

// tried reads the attempts of the last day of all members of the accounts,
// newest first.
func (s *snapshot) tried(ctx context.Context, ids []string) ([]triedRow, error) {
	query := fmt.Sprintf(triedQuery, marks(3, len(ids)), customerColumn, insideColumn, actions.AttemptLimit, attemptColumns,
		fmt.Sprintf(filedQuery, "account_id"))
	args := append([]any{at(s.At.Add(-24 * time.Hour)), at(s.At)}, anys(ids)...)
	var rows []triedRow
	err := s.q.SelectContext(ctx, &rows, query, args...)
	return rows, err
}
