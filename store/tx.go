package store

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

const (
	// txTries is how often a transaction is tried that met another one.
	txTries = 5
	// txPause is the longest pause before the second try; it doubles with each.
	txPause = 20 * time.Millisecond
)

// tx is one transaction. It implements escalation.Tx, and so actions.Tx.
type tx struct {
	*sqlx.Tx
	store *Store
}

// Tx runs fn in one transaction, committed when fn returns nil, and again when
// the database asks for it: it met another transaction. A panic rolls back.
// Errors of the database are Unavailable when it doesn't answer.
func (s *Store) Tx(ctx context.Context, fn func(actions.Tx) error) error {
	return s.persistently(ctx, func(t *tx) error { return fn(t) })
}

// Cases runs fn in one transaction, as Tx does.
func (s *Store) Cases(ctx context.Context, fn func(escalation.Tx) error) error {
	return s.persistently(ctx, func(t *tx) error { return fn(t) })
}

// persistently runs fn in one transaction, and again when the database asks for it.
func (s *Store) persistently(ctx context.Context, fn func(*tx) error) error {
	for try := 1; ; try++ {
		err := s.inTx(ctx, s.write, fn)
		if !again(err) || try == txTries {
			return err
		}
		s.log.DebugContext(ctx, "a transaction met another one", "try", try, "error", err)
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// beginner is a pool, or a connection of one.
type beginner interface {
	BeginTxx(ctx context.Context, opts *sql.TxOptions) (*sqlx.Tx, error)
}

// inTx runs fn in one transaction on db.
func (s *Store) inTx(ctx context.Context, db beginner, fn func(*tx) error) (err error) {
	begun, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return failed("beginning a transaction", err)
	}
	// After a commit this does nothing; after an error or a panic it undoes.
	defer func() {
		if undone := begun.Rollback(); undone != nil && !errors.Is(undone, sql.ErrTxDone) && err == nil {
			err = failed("undoing a transaction", undone)
		}
	}()
	if err := fn(&tx{Tx: begun, store: s}); err != nil {
		return err
	}
	return failed("committing a transaction", begun.Commit())
}

// pause waits a little, a random time that grows with the tries, so that two
// that met don't meet again.
func pause(ctx context.Context, try int) error {
	timer := time.NewTimer(rand.N(txPause << (try - 1))) //nolint:gosec // not a secret
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// get reads one row; found is false without one.
func (t *tx) get(ctx context.Context, dest any, query string, args ...any) (found bool, err error) {
	err = t.GetContext(ctx, dest, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// exec runs a statement and returns how many rows it touched.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int, error) {
	result, err := t.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	rows, err := result.RowsAffected()
	return int(rows), err
}
