package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// Asked is a query that was asked, with its plan.
type Asked struct {
	Query string
	Plan  []string
}

// recorder notes every query that a snapshot asks, with its plan.
type recorder struct {
	queryer
	explain string
	asked   []Asked
}

// SelectContext explains the query, and asks it.
func (r *recorder) SelectContext(ctx context.Context, dest any, query string, args ...any) error {
	asked := Asked{Query: query}
	if r.explain == sqlite.name {
		var steps []struct {
			ID, Parent, NotUsed int
			Detail              string
		}
		if err := r.queryer.SelectContext(ctx, &steps, "EXPLAIN QUERY PLAN "+query, args...); err != nil {
			return err
		}
		for _, step := range steps {
			asked.Plan = append(asked.Plan, step.Detail)
		}
	} else if err := r.queryer.SelectContext(ctx, &asked.Plan, "EXPLAIN "+query, args...); err != nil {
		return err
	}
	r.asked = append(r.asked, asked)
	return r.queryer.SelectContext(ctx, dest, query, args...)
}

// Ask takes a snapshot and returns with it the queries that this took.
func (s *Store) Ask(ctx context.Context, query actions.Query) (actions.Snapshot, []Asked, error) {
	begun, err := s.read.BeginTxx(ctx, s.dialect.snapshot)
	if err != nil {
		return actions.Snapshot{}, nil, err
	}
	defer func() { _ = begun.Rollback() }() // it only read
	if s.ddl != nil {
		// A table of a few pages is rightly read as a whole. What counts is that an
		// index would serve.
		if _, err := begun.ExecContext(ctx, "SET LOCAL enable_seqscan = off"); err != nil {
			return actions.Snapshot{}, nil, err
		}
	}
	r := &recorder{queryer: begun, explain: s.dialect.name}
	snapshot, err := takeSnapshot(ctx, r, query)
	return snapshot, r.asked, err
}
