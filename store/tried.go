package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Tried returns which of the users have attempts later than their moment in
// since and not later than until, by ID, with one query. It may name users
// whose attempts don't count, and leaves out nobody who has one that does.
func (s *Store) Tried(ctx context.Context, since map[string]time.Time, until time.Time) (map[string]bool, error) {
	return whoTried(ctx, s.read, s.dialect.moments, since, until)
}

// whoTriedQuery asks the index on attempts for each user, under all that their
// attempts are filed under, failures and successes apart. CROSS JOIN makes
// SQLite begin with those who are asked for; of EXISTS, PostgreSQL may make a
// join with all attempts there are.
const whoTriedQuery = `WITH asked AS (%[1]s),
	members AS (SELECT asked.at AS since, users.id, username_key, email_key, mobile_key
		FROM asked CROSS JOIN users WHERE users.id = asked.id),
	filed AS (%[2]s)
	SELECT DISTINCT member FROM filed CROSS JOIN (SELECT 0 AS inside UNION ALL SELECT 1 AS inside) AS ended
	WHERE (SELECT at FROM attempts WHERE %[3]s = who AND %[4]s = ended.inside AND at > since AND at <= $2
		ORDER BY at DESC LIMIT 1) IS NOT NULL`

func whoTried(
	ctx context.Context, q queryer, moments string, since map[string]time.Time, until time.Time,
) (map[string]bool, error) {
	pairs := make([][2]any, 0, len(since))
	for id, after := range since {
		pairs = append(pairs, [2]any{at(after).UnixMicro(), id})
	}
	list, err := json.Marshal(pairs)
	if err != nil {
		return nil, fmt.Errorf("listing who may have tried: %w", err)
	}
	var members []string
	query := fmt.Sprintf(whoTriedQuery, moments, fmt.Sprintf(filedQuery, "since"), customerColumn, insideColumn)
	err = q.SelectContext(ctx, &members, query, string(list), at(until))
	tried := make(map[string]bool, len(members))
	for _, id := range members {
		tried[id] = true
	}
	return tried, failed("looking who tried", err)
}
