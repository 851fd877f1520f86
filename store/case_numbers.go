package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// What a case must be that was opened, or was resolved and still is, from $1 on and
// before $2.
const (
	openedIn   = `at >= $1 AND at < $2`
	resolvedIn = resolved + ` AND resolved_at >= $1 AND resolved_at < $2`
)

// CasesIn counts the cases that were opened in a span, and those that were resolved in it
// and still are.
func (s *Store) CasesIn(ctx context.Context, in actions.Span) (opened, resolved int, err error) {
	return casesIn(ctx, s.read, in)
}

func casesIn(ctx context.Context, q queryer, in actions.Span) (int, int, error) {
	var rows []struct {
		Opened   int `db:"opened"`
		Resolved int `db:"resolved"`
	}
	err := q.SelectContext(ctx, &rows, `SELECT (SELECT count(*) FROM cases WHERE `+openedIn+`) AS opened,
		(SELECT count(*) FROM cases WHERE `+resolvedIn+`) AS resolved`, at(in.From), at(in.Until))
	if err != nil || len(rows) == 0 {
		return 0, 0, failed("counting the cases of some days", err)
	}
	return rows[0].Opened, rows[0].Resolved, nil
}

// CasesOpened returns the cases that were opened in a span, the newest first, at most
// limit from offset on.
func (s *Store) CasesOpened(ctx context.Context, in actions.Span, limit, offset int) ([]escalation.Case, error) {
	return casesOpened(ctx, s.read, in, limit, offset)
}

func casesOpened(ctx context.Context, q queryer, in actions.Span, limit, offset int) ([]escalation.Case, error) {
	found, err := cases(ctx, q, openedIn+` ORDER BY at DESC, id DESC LIMIT $3 OFFSET $4`, at(in.From), at(in.Until), limit, offset)
	return found, failed("reading the cases that were opened in some days", err)
}

// CasesResolved returns the cases that were resolved in a span and still are, likewise.
func (s *Store) CasesResolved(ctx context.Context, in actions.Span, limit, offset int) ([]escalation.Case, error) {
	return casesResolved(ctx, s.read, in, limit, offset)
}

func casesResolved(ctx context.Context, q queryer, in actions.Span, limit, offset int) ([]escalation.Case, error) {
	found, err := cases(ctx, q, resolvedIn+` ORDER BY resolved_at DESC, id DESC LIMIT $3 OFFSET $4`, at(in.From), at(in.Until), limit, offset)
	return found, failed("reading the cases that were resolved in some days", err)
}

// timedQuery finds the cases of which a clock may have run out from $1 on and before $2:
// those that run, those of which a reminder says so, and those that were stopped in
// that time, late.
const timedQuery = `id IN (
	SELECT id FROM cases WHERE ` + unresolved + ` AND (first_ends_at >= $1 AND first_ends_at < $2
		OR resolution_ends_at >= $1 AND resolution_ends_at < $2
		OR state = 'waiting_customer' AND resolution_used >= resolution_limit AND changed_at >= $1 AND changed_at < $2)
	UNION SELECT case_id FROM case_events WHERE kind = 'reminded' AND at >= $1 AND at < $2 AND level >= %d
	UNION SELECT id FROM cases WHERE claimed_at IS NOT NULL AND claimed_at >= $1 AND claimed_at < $2 AND first_used >= first_limit
	UNION SELECT id FROM cases WHERE ` + resolved + ` AND resolved_at >= $1 AND resolved_at < $2
		AND (first_used >= first_limit OR resolution_used >= resolution_limit)) ORDER BY id`

// CasesTimed returns the cases of which a clock may have run out in a span.
func (s *Store) CasesTimed(ctx context.Context, in actions.Span) ([]escalation.Timed, error) {
	return casesTimed(ctx, s.read, in)
}

func casesTimed(ctx context.Context, q queryer, in actions.Span) ([]escalation.Timed, error) {
	late, err := cases(ctx, q, fmt.Sprintf(timedQuery, escalation.AtTheEnd), at(in.From), at(in.Until))
	if err != nil {
		return nil, failed("looking for cases whose time ran out", err)
	}
	timed := make([]escalation.Timed, len(late))
	for i, c := range late {
		timed[i].Case = c
	}
	for portion := range slices.Chunk(timed, casePage) {
		if err := addEvents(ctx, q, portion); err != nil {
			return nil, failed("reading when the time of cases ran out", err)
		}
	}
	return timed, nil
}

// addEvents reads the events of cases that say that a clock ran out or that it began anew.
func addEvents(ctx context.Context, q queryer, timed []escalation.Timed) error {
	places := make(map[string]int, len(timed))
	var ids []string
	for i, t := range timed {
		places[t.Case.ID] = i
		ids = append(ids, t.Case.ID)
	}
	events, err := all(ctx, q, eventRow.event, `SELECT `+eventColumns+` FROM case_events
		WHERE case_id IN (`+marks(1, len(ids))+`) AND kind IN ('reminded', 'handed_back', 'reopened') ORDER BY case_id, seq`, anys(ids)...)
	for _, e := range events {
		of := &timed[places[e.Case]]
		of.Events = append(of.Events, e)
	}
	return err
}

// queued is what a case must be that is in L2's queue at $1.
const queued = unresolved + ` AND (state = 'open' OR ends_at <= $1)`

// CaseQueue returns the cases that nobody claimed or that are late at a moment, the one
// whose time runs out first first, those without one last, at most limit.
func (s *Store) CaseQueue(ctx context.Context, when time.Time, limit int) ([]escalation.Case, error) {
	return caseQueue(ctx, s.read, when, limit)
}

func caseQueue(ctx context.Context, q queryer, when time.Time, limit int) ([]escalation.Case, error) {
	found, err := cases(ctx, q, queued+endsFirst+` LIMIT $2`, at(when), limit)
	return found, failed("reading L2's queue", err)
}

// CaseQueueCount counts them, up to limit.
func (s *Store) CaseQueueCount(ctx context.Context, when time.Time, limit int) (int, error) {
	return caseQueueCount(ctx, s.read, when, limit)
}

func caseQueueCount(ctx context.Context, q queryer, when time.Time, limit int) (int, error) {
	n, err := counted(ctx, q, `SELECT count(*) FROM (SELECT 1 FROM cases WHERE `+queued+` LIMIT $2) AS few`, at(when), limit)
	return n, failed("counting L2's queue", err)
}
