package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// changeRow is a write to the directory in its table.
type changeRow struct {
	Seq     int64                    `db:"seq"`
	Content document[actions.Change] `db:"content"`
}

func (r changeRow) recorded() actions.Recorded {
	return actions.Recorded{Seq: r.Seq, Change: r.Content.Content}
}

// Changes returns the changes of Seq greater than after, in order, at most
// limit, and whether there are more. Those up to after are acknowledged.
//
// Numbers come in the order of commits (see appendChange), so that who goes on
// after the last one that they have read misses none.
func (s *Store) Changes(ctx context.Context, after int64, limit int) (changes []actions.Recorded, more bool, err error) {
	found, err := changesAfter(ctx, s.read, after, limit+1)
	if err != nil {
		return nil, false, err
	}
	s.acknowledge(ctx, after)
	if len(found) > limit {
		return found[:limit], true, nil
	}
	return found, false, nil
}

func changesAfter(ctx context.Context, q queryer, after int64, limit int) ([]actions.Recorded, error) {
	found, err := all(ctx, q, changeRow.recorded, `SELECT seq, content FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2`, after, limit)
	return found, failed("reading what was changed", err)
}

// acknowledge writes down that the product has every change up to a number.
// One that isn't there yet acknowledges nothing. When that fails nobody is kept
// from reading: the same is acknowledged with the next request.
func (s *Store) acknowledge(ctx context.Context, after int64) {
	const news = `acknowledged < $1 AND last >= $1`
	n, err := counted(ctx, s.read, `SELECT count(*) FROM change_head WHERE `+news, after)
	if err == nil && n > 0 { // nearly always there is no news, and nobody waits for a writer
		err = s.persistently(ctx, func(t *tx) error {
			_, err := t.exec(ctx, `UPDATE change_head SET acknowledged = $1 WHERE `+news, after)
			return err
		})
	}
	if err != nil {
		s.log.WarnContext(ctx, "what the product has read of the changes could not be written down", "after", after, "error", err)
	}
}
