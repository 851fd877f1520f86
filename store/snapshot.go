package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// queryer is what reading needs of a transaction.
type queryer interface {
	SelectContext(ctx context.Context, dest any, query string, args ...any) error
}

// snapshot is a snapshot under way: every section reads by q and fills its
// part of Snapshot.
type snapshot struct {
	actions.Snapshot
	q     queryer
	query actions.Query
}

// Abilities says what the embedded directory can do. It mirrors a product,
// whose own resets it can't hold.
func (s *Store) Abilities() actions.Abilities {
	return actions.Abilities{TellsUnknownUser: true, Changes: slices.Sorted(maps.Keys(changers))}
}

// Snapshot reads all that diagnosis needs as of query.At, in one read-only
// transaction and a constant number of bounded queries. Nobody found is no
// error. Errors are Unavailable when the database doesn't answer.
func (s *Store) Snapshot(ctx context.Context, query actions.Query) (actions.Snapshot, error) {
	begun, err := s.read.BeginTxx(ctx, s.dialect.snapshot)
	if err != nil {
		return actions.Snapshot{}, failed("beginning to look somebody up", err)
	}
	defer func() { _ = begun.Rollback() }() // it only read
	return takeSnapshot(ctx, begun, query)
}

// takeSnapshot reads the snapshot by q.
func takeSnapshot(ctx context.Context, q queryer, query actions.Query) (actions.Snapshot, error) {
	asked := query.Identifier
	query.Identifier, query.UserID = storable(query.Identifier), storable(query.UserID)
	query.At = actions.Instant(query.At)
	s := &snapshot{q: q, query: query, Snapshot: actions.Snapshot{Identifier: asked, At: query.At}}
	err := s.read(ctx, s.newestAttempt, s.staff, s.match)
	if err == nil {
		switch len(s.Users) {
		case 0:
			err = s.nobody(ctx)
		case 1:
			err = s.user(ctx, s.Users[0])
		}
	}
	return s.Snapshot, err
}

// read runs sections in order, up to the first error.
func (s *snapshot) read(ctx context.Context, sections ...func(context.Context) error) error {
	for _, section := range sections {
		if err := section(ctx); err != nil {
			return err
		}
	}
	return nil
}

// newestAttempt reads how fresh the records are.
func (s *snapshot) newestAttempt(ctx context.Context) error {
	var newest []stamp
	err := s.q.SelectContext(ctx, &newest, `SELECT at FROM attempts WHERE at <= $1 ORDER BY at DESC LIMIT 1`, at(s.At))
	if len(newest) == 1 {
		s.NewestAttempt = newest[0].Time
	}
	return failed("looking for the newest attempt", err)
}

func (s *snapshot) staff(ctx context.Context) (err error) {
	s.StaffNetworks, err = staffPrefixes(ctx, s.q)
	return err
}

// recent is the moment that recent records are later than.
func (s *snapshot) recent() time.Time { return s.At.Add(-actions.RecentWindow) }

// counts reports whether an attempt counts: staff's never do.
func (s *snapshot) counts(a actions.Attempt) bool { return !actions.FromStaff(s.StaffNetworks, a) }
