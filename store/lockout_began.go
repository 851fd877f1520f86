package store

import (
	"context"
	"fmt"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// beganQuery finds for what attempts are filed under the first failure from a moment on.
const beganQuery = `WITH asked AS (%[1]s)
	SELECT asked.id AS who, attempts.at, seq, outcome, user_id, CASE WHEN user_id IS NULL THEN identifier ELSE '' END AS identifier, ip
	FROM asked CROSS JOIN attempts WHERE %[2]s = asked.id AND %[3]s = 0 AND attempts.at = (SELECT earlier.at FROM attempts AS earlier
		WHERE %[2]s = asked.id AND %[3]s = 0 AND earlier.at >= asked.at ORDER BY earlier.at LIMIT 1)`

// walksMost is how often the way back is asked for: without staff among who failed,
// twice a week of the time read is enough.
const walksMost = 100

// walk is the way back to where the failures began of which only the newest were read.
type walk struct {
	bound time.Time // it goes no further
	from  time.Time // what is asked for next
	at    time.Time // how far it came
}

// began returns, of who failed so often that only the newest failures were read, older
// ones: each is the first within TriesQuery.Before of the next, down to the first after
// the last success, so that it is known when what goes on began.
func (r *triesReader) began(ctx context.Context, users []actions.User, asked map[string]time.Time, rows []filedAttempt) ([]filedAttempt, error) {
	walks := r.walks(users, asked, rows)
	var found []filedAttempt
	for n := 0; n < walksMost && len(walks) > 0; n++ {
		filed := make([][2]any, 0, len(walks))
		for who, w := range walks {
			filed = append(filed, [2]any{at(w.from).UnixMicro(), who})
		}
		var earlier []filedAttempt
		query := fmt.Sprintf(beganQuery, r.moments, customerColumn, insideColumn)
		if err := r.q.SelectContext(ctx, &earlier, query, pairsOf(filed)); err != nil {
			return nil, err
		}
		gone := walks
		walks = map[string]walk{}
		for _, one := range earlier {
			w := gone[one.Who]
			switch {
			case !one.At.Before(w.at): // it began there
				continue
			case actions.FromStaff(r.staff, one.attempt()):
				w.from = one.At.Add(time.Microsecond)
			default:
				found, w.at = append(found, one), one.At.Time
				w.from = later(w.bound, w.at.Add(-r.ask.Before))
			}
			walks[one.Who] = w
		}
	}
	return found, nil
}

// walks are the ways back of who has more failures than were read.
func (r *triesReader) walks(users []actions.User, asked map[string]time.Time, rows []filedAttempt) map[string]walk {
	failures, first := map[string]int{}, map[string]time.Time{}
	for _, row := range rows {
		if a := row.attempt(); a.Failed() {
			failures[row.Who]++
			if before, there := first[row.Who]; !there || a.At.Before(before) {
				first[row.Who] = a.At
			}
		}
	}
	walks := map[string]walk{}
	for i, tries := range attemptsByUser(users, r.staff, rows) {
		for _, who := range customersOf(users[i]) {
			if failures[who] < actions.AttemptLimit {
				continue
			}
			w := walk{bound: asked[who], at: first[who]}
			for _, a := range tries.Attempts {
				if !a.Failed() && a.At.Before(w.at) {
					w.bound = later(w.bound, a.At.Add(time.Microsecond))
				}
			}
			w.from = later(w.bound, w.at.Add(-r.ask.Before))
			walks[who] = w
		}
	}
	return walks
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
