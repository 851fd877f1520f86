package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// AttemptsReach returns when the oldest and the newest attempt on record were made that
// aren't later than a moment; zero without any.
func (s *Store) AttemptsReach(ctx context.Context, until time.Time) (oldest, newest time.Time, err error) {
	return attemptsReach(ctx, s.read, until)
}

func attemptsReach(ctx context.Context, q queryer, until time.Time) (oldest, newest time.Time, err error) {
	look := &snapshot{q: q, Snapshot: actions.Snapshot{At: until}}
	if err := look.newestAttempt(ctx); err != nil {
		return oldest, newest, err
	}
	var first []stamp
	err = q.SelectContext(ctx, &first, `SELECT at FROM attempts WHERE at <= $1 ORDER BY at LIMIT 1`, at(until))
	if len(first) == 1 {
		oldest = first[0].Time
	}
	return oldest, look.NewestAttempt, failed("looking for the oldest attempt", err)
}

// LockoutRecords returns the records of users, by ID, from one moment up to another.
func (s *Store) LockoutRecords(ctx context.Context, userIDs []string, from, to time.Time) (map[string]actions.LockoutRecords, error) {
	return lockoutRecords(ctx, s.read, s.dialect.moments, userIDs, from, to)
}

// Records of users. Those of a time are asked for by what their indexes begin with.
const (
	locksOfQuery = `WITH asked AS (%s) SELECT locks.id, user_id, kind, locks.at, until, released_at, detail FROM asked CROSS JOIN locks
		WHERE user_id = asked.id AND locks.at <= $3 AND (until IS NULL OR until >= $2) AND (released_at IS NULL OR released_at >= $2)
		ORDER BY user_id, locks.at, seq`
	resetsOfQuery = `WITH asked AS (%s) SELECT user_id, used_at FROM asked CROSS JOIN reset_links
		WHERE user_id = asked.id AND used_at >= $2 AND used_at <= $3 ORDER BY user_id, used_at`
	helpedQuery = `WITH asked AS (%s) SELECT subject, act, ended_at FROM asked CROSS JOIN operations
		WHERE subject = asked.id AND state = 'done' AND ended_at >= $2 AND ended_at <= $3 ORDER BY subject, ended_at, operations.id`
	membershipsOfQuery = `WITH asked AS (%s) SELECT user_id, account_id FROM asked CROSS JOIN memberships
		WHERE user_id = asked.id ORDER BY user_id, account_id`
)

func lockoutRecords(ctx context.Context, q queryer, moments string, userIDs []string, from, to time.Time) (map[string]actions.LockoutRecords, error) {
	records := make(map[string]actions.LockoutRecords, len(userIDs))
	read := recordsReader{q: q, moments: moments, users: momentsOf(userIDs), from: from, to: to, into: records}
	for _, part := range []func(context.Context) error{read.locks, read.resets, read.helped, read.memberships} {
		if err := part(ctx); err != nil {
			return nil, failed("reading what is on record of who was locked out", err)
		}
	}
	return records, nil
}

// recordsReader reads what is on record of users.
type recordsReader struct {
	q              queryer
	moments, users string
	from, to       time.Time
	into           map[string]actions.LockoutRecords
}

func (r recordsReader) read(ctx context.Context, rows any, query string) error {
	return r.q.SelectContext(ctx, rows, fmt.Sprintf(query, r.moments), r.users, at(r.from), at(r.to))
}

// of changes the records of a user.
func (r recordsReader) of(userID string, change func(*actions.LockoutRecords)) {
	records := r.into[userID]
	change(&records)
	r.into[userID] = records
}

func (r recordsReader) locks(ctx context.Context) error {
	var rows []lockRow
	err := r.read(ctx, &rows, locksOfQuery)
	for _, row := range rows {
		r.of(row.UserID, func(to *actions.LockoutRecords) { to.Locks = append(to.Locks, row.lock()) })
	}
	return err
}

func (r recordsReader) resets(ctx context.Context) error {
	var rows []struct {
		UserID string `db:"user_id"`
		UsedAt stamp  `db:"used_at"`
	}
	err := r.read(ctx, &rows, resetsOfQuery)
	for _, row := range rows {
		r.of(row.UserID, func(to *actions.LockoutRecords) { to.Resets = append(to.Resets, row.UsedAt.Time) })
	}
	return err
}

func (r recordsReader) helped(ctx context.Context) error {
	var rows []struct {
		Subject string `db:"subject"`
		Act     string `db:"act"`
		EndedAt stamp  `db:"ended_at"`
	}
	err := r.read(ctx, &rows, helpedQuery)
	for _, row := range rows {
		done := actions.Operation{Subject: row.Subject, Act: actions.Act(row.Act), State: actions.OperationDone, EndedAt: row.EndedAt.Time}
		r.of(row.Subject, func(to *actions.LockoutRecords) { to.Helped = append(to.Helped, done) })
	}
	return err
}

func (r recordsReader) memberships(ctx context.Context) error {
	var rows []struct {
		UserID    string `db:"user_id"`
		AccountID string `db:"account_id"`
	}
	err := r.q.SelectContext(ctx, &rows, fmt.Sprintf(membershipsOfQuery, r.moments), r.users)
	for _, row := range rows {
		r.of(row.UserID, func(to *actions.LockoutRecords) { to.Accounts = append(to.Accounts, row.AccountID) })
	}
	return err
}

// SuccessesOf returns the successes of users that count, by ID, oldest first, from one
// moment up to another, of each name they go by at most the newest AttemptLimit.
func (s *Store) SuccessesOf(ctx context.Context, userIDs []string, from, to time.Time) (map[string][]actions.Attempt, error) {
	return successesOf(ctx, s.read, s.dialect.moments, userIDs, from, to)
}

func successesOf(ctx context.Context, q queryer, moments string, userIDs []string, from, to time.Time) (map[string][]actions.Attempt, error) {
	staff, err := staffPrefixes(ctx, q)
	if err != nil {
		return nil, err
	}
	found, err := all(ctx, q, filedUser.user, fmt.Sprintf(usersFiledQuery, moments), momentsOf(userIDs))
	if err != nil {
		return nil, failed("reading users", err)
	}
	since := map[string]time.Time{}
	for _, user := range found {
		for _, who := range customersOf(user) {
			since[who] = from
		}
	}
	rows, err := filedAttempts(ctx, q, moments, since, to, 1)
	if err != nil {
		return nil, failed("reading the successes of users", err)
	}
	successes := make(map[string][]actions.Attempt, len(found))
	for _, tries := range attemptsByUser(found, staff, rows) {
		slices.SortFunc(tries.Attempts, actions.Attempt.Compare)
		successes[tries.UserID] = tries.Attempts
	}
	return successes, nil
}
