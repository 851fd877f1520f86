package store

import (
	"context"
	"errors"
	"net/netip"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/latchkey-bot/latchkey/actions"
)

// importTx is the transaction of an import. It implements actions.ImportTx.
type importTx struct {
	tx
	places     places
	statements statements
	// staff are the staff's networks known so far; nil before the first look.
	staff []netip.Prefix
	// months are the partitions known to be there.
	months map[month]bool
	// met counts down the batches that take the careful way, since a batch met
	// attempts that were there already.
	met int
	// counting: the table of positions is there.
	counting bool
	// outcomes and names are what diagnosis needs of everybody's attempts. They
	// are stored at the end: two imports often share names, and whoever stores
	// one first makes the other wait until the whole import is done.
	outcomes outcomes
	names    names
}

const errImportMet = "Another import took in the same records at the same time, so nothing of this one was stored. Please send it again."

// Import runs fn in one transaction that takes records in bulk. It never runs
// fn twice. Two imports that wait for each other end with Unavailable for one
// of them, and a sentence that it can be sent again.
func (s *Store) Import(ctx context.Context, fn func(actions.ImportTx) error) error {
	err := s.inTx(ctx, func(t *tx) error {
		in := &importTx{tx: *t, statements: statements{}, outcomes: outcomes{}, names: names{}}
		if err := fn(in); err != nil {
			return err
		}
		return in.storeSums(ctx)
	})
	var server *pq.Error
	if errors.As(err, &server) && server.Code == pqerror.TRDeadlockDetected {
		return &actions.Error{Code: actions.Unavailable, Sentence: errImportMet, Cause: err}
	}
	return err
}

// storeSums stores what was gathered from attempts.
func (t *importTx) storeSums(ctx context.Context) error {
	if err := t.storeNames(ctx); err != nil {
		return err
	}
	return t.storeOutcomes(ctx)
}
