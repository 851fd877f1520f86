package store

import (
	"context"
	"errors"
	"math"
	"net/netip"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/latchkey-bot/latchkey/actions"
)

// importTx is the transaction of an import. It implements actions.ImportTx.
type importTx struct {
	tx
	places     places
	statements statements
	// conn is the connection that the transaction lies on.
	conn *sqlx.Conn
	// inserts are the texts of the INSERTs used; args and lines are room that is
	// used again and again.
	inserts map[insertKey]string
	args    []any
	lines   []byte
	// staff are the staff's networks known so far; nil before the first look.
	staff []netip.Prefix
	// months are the partitions known to be there.
	months map[month]bool
	// met counts down, by table, the batches that aren't tried as fresh ones,
	// since one met rows that were there.
	met map[string]int
	// counting: the table of positions is there.
	counting bool
	rebuild  rebuild
	// outcomes and names are what diagnosis needs of everybody's attempts. They
	// are stored at the end: two imports often share names, and whoever stores
	// one first makes the other wait until the whole import is done.
	outcomes outcomes
	names    names
	// stale are the hours whose outcomes have to be gathered anew, since attempts
	// of them were replaced.
	stale map[hourOfOutcome]bool
	// touched are the hours whose totals have to be counted anew.
	touched map[hourOfOutcome]bool
	// contacts are those that records sent with a token have replaced.
	contacts []actions.ContactChange
	// forgotten are those who were, nil when nobody was, once recognised.
	forgotten  *tombstones
	recognised bool
	// acts are rows for the audit. They are written last: whoever takes the end
	// of the chain makes every look-up wait.
	acts []actions.AuditEntry
}

// Audit keeps a row for the end of the import.
func (t *importTx) Audit(_ context.Context, entry actions.AuditEntry) error {
	if !t.store.Keyed() {
		return errNoKey
	}
	t.acts = append(t.acts, entry)
	return nil
}

func (t *importTx) storeActs(ctx context.Context) error {
	for _, entry := range t.acts {
		if err := t.tx.Audit(ctx, entry); err != nil {
			return err
		}
	}
	return nil
}

const errImportMet = "Another import took in the same records at the same time, so nothing of this one was stored. Please send it again."

// Import runs fn in one transaction that takes records in bulk. It never runs
// fn twice. Two imports that wait for each other end with Unavailable for one
// of them, and a sentence that it can be sent again.
func (s *Store) Import(ctx context.Context, fn func(actions.ImportTx) error) error {
	conn, err := s.write.Connx(ctx)
	if err != nil {
		return failed("beginning an import", err)
	}
	defer func() { _ = conn.Close() }() // gives it back to the pool
	err = s.patiently(ctx, conn, func(t *tx) error {
		in := newImport(t, conn)
		if err := fn(in); err != nil {
			return err
		}
		if err := in.finishRebuild(ctx); err != nil {
			return err
		}
		if err := in.storeSums(ctx); err != nil {
			return err
		}
		return in.storeActs(ctx)
	})
	var server *pq.Error
	if errors.As(err, &server) && server.Code == pqerror.TRDeadlockDetected {
		return &actions.Error{Code: actions.Unavailable, Sentence: errImportMet, Cause: err}
	}
	return err
}

// importTurns is how often an import waits for its turn on SQLite, a busy_timeout
// each time: another import may take minutes.
const importTurns = 120

// patiently runs fn in one transaction, and waits while another writer has the
// SQLite file.
func (s *Store) patiently(ctx context.Context, db beginner, fn func(*tx) error) error {
	for turn := 1; ; turn++ {
		began := false
		err := s.inTx(ctx, db, func(t *tx) error {
			began = true
			return fn(t)
		})
		if began || !busy(err) || turn == importTurns || ctx.Err() != nil {
			return err
		}
	}
}

func newImport(t *tx, conn *sqlx.Conn) *importTx {
	return &importTx{
		tx: *t, conn: conn, statements: statements{}, inserts: map[insertKey]string{}, outcomes: outcomes{},
		names: names{}, met: map[string]int{}, stale: map[hourOfOutcome]bool{}, touched: map[hourOfOutcome]bool{},
	}
}

// storeSums stores what was gathered from attempts.
func (t *importTx) storeSums(ctx context.Context) error {
	if err := t.storeNames(ctx); err != nil {
		return err
	}
	if err := t.gatherAnew(ctx); err != nil {
		return err
	}
	if err := t.storeOutcomes(ctx, math.MaxInt64); err != nil {
		return err
	}
	return t.storeTotals(ctx)
}
