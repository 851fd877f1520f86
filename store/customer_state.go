package store

import (
	"context"
	"fmt"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// statesAtOnce is how many users' states one query reads.
const statesAtOnce = 500

// CustomerStates returns what keeps users out now, with how they failed not before since and
// not after until; who isn't on record is left out.
func (s *Store) CustomerStates(ctx context.Context, users []string, since, until, now time.Time) ([]actions.CustomerState, error) {
	return customerStates(ctx, s.read, s.dialect.texts, users, stateTimes{since, until, now})
}

// stateTimes is when what keeps customers out is looked at, and in which time how they
// failed is counted.
type stateTimes struct{ since, until, now time.Time }

func customerStates(ctx context.Context, q queryer, texts string, users []string, when stateTimes) ([]actions.CustomerState, error) {
	var states []actions.CustomerState
	for len(users) > 0 {
		n := min(len(users), statesAtOnce)
		some, err := someStates(ctx, q, texts, users[:n], when)
		if err != nil {
			return nil, err
		}
		states, users = append(states, some...), users[n:]
	}
	return states, nil
}

// stateQuery asks the index on attempts for each user, under all that their attempts
// are filed under.
const stateQuery = `WITH asked AS (%[1]s),
	members AS (SELECT (protected OR status <> 'active') AS barred, users.id, username_key, email_key, mobile_key FROM asked CROSS JOIN users WHERE users.id = name),
	filed AS (%[2]s)
	SELECT member, barred,
		(SELECT at FROM attempts WHERE %[3]s = who AND %[4]s = 1 AND at <= $2 ORDER BY at DESC LIMIT 1) AS success,
		(SELECT count(CASE outcome WHEN '%[5]s' THEN 1 END) FROM (SELECT outcome FROM attempts
			WHERE %[3]s = who AND %[4]s = 0 AND at >= $3 AND at <= $4 ORDER BY at DESC LIMIT %[6]d) AS w) AS wrong,
		(SELECT count(CASE outcome WHEN '%[7]s' THEN 1 END) FROM (SELECT outcome FROM attempts
			WHERE %[3]s = who AND %[4]s = 0 AND at >= $3 AND at <= $4 ORDER BY at DESC LIMIT %[6]d) AS t) AS told
	FROM filed ORDER BY member`

func someStates(ctx context.Context, q queryer, texts string, users []string, when stateTimes) ([]actions.CustomerState, error) {
	var rows []struct {
		Member  string `db:"member"`
		Barred  bool   `db:"barred"`
		Success stamp  `db:"success"`
		Wrong   int    `db:"wrong"`
		Told    int    `db:"told"`
	}
	query := fmt.Sprintf(stateQuery, texts, fmt.Sprintf(filedQuery, "barred"), customerColumn, insideColumn, actions.WrongPassword, actions.WrongCounted,
		actions.LockedOut)
	if err := q.SelectContext(ctx, &rows, query, jsonList(users), at(when.now), at(when.since), at(when.until)); err != nil {
		return nil, failed("reading what keeps customers out", err)
	}
	locks, err := locksOf(ctx, q, texts, users, when.since, when.now)
	if err != nil {
		return nil, err
	}
	var states []actions.CustomerState
	for _, row := range rows { // several of each user, one after the other
		if len(states) == 0 || states[len(states)-1].UserID != row.Member {
			states = append(states, actions.CustomerState{UserID: row.Member, Barred: row.Barred, Locks: locks[row.Member]})
		}
		state := &states[len(states)-1]
		state.Told = state.Told || row.Told > 0
		state.Wrong = min(state.Wrong+row.Wrong, actions.WrongCounted)
		if row.Success.After(state.Success) {
			state.Success = row.Success.Time
		}
	}
	return states, nil
}

// locksOf are the locks of users that are open now, or ended since since.
func locksOf(ctx context.Context, q queryer, texts string, users []string, since, now time.Time) (map[string][]actions.Lock, error) {
	found, err := all(ctx, q, lockRow.lock, `WITH asked AS (`+texts+`)
		SELECT id, user_id, kind, at, until, released_at, detail FROM asked CROSS JOIN locks
		WHERE user_id = name AND at <= $2 AND (released_at IS NULL OR released_at >= $3) AND (until IS NULL OR until >= $3)
		ORDER BY at DESC, seq DESC`, jsonList(users), at(now), at(since))
	locks := map[string][]actions.Lock{}
	for _, lock := range found {
		locks[lock.UserID] = append(locks[lock.UserID], lock)
	}
	return locks, failed("reading the locks of customers", err)
}
