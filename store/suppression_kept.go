package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// listedRows is how many rows of what another system lists go into one statement.
const listedRows = 200

// KeepListed keeps a page of what another system lists, with seen, the moment when
// the run that reads it began; a later moment stays. What was imported has rows of
// its own and stays as it is, what Latchkey took off a list of that system at seen or
// later stays off, and addresses of who was forgotten aren't kept.
func (t *tx) KeepListed(ctx context.Context, source string, listed []actions.Suppression, seen time.Time) error {
	if source == "" || len(listed) == 0 {
		return nil
	}
	listed, err := t.listedOf(ctx, listed)
	if err != nil {
		return err
	}
	seq, err := t.ownPlace(ctx)
	if err != nil {
		return err
	}
	for rows := range slices.Chunk(onceEach(listed), listedRows) {
		var v values
		for _, one := range rows {
			v.row(one.Address, string(one.List), at(one.Since), brief(one.Reason), actions.AddressKey(one.Address),
				storable(source), at(seen), []byte{}, seq)
			seq++
		}
		if err := v.exec(ctx, t, keepingListed); err != nil {
			return failed("keeping what another system lists", err)
		}
	}
	return nil
}

// keepingListed is the statement of KeepListed. Its rows come of no record, and so
// their digest is empty.
const keepingListed = `INSERT INTO suppressions (address, list, since, reason, address_key, source, seen_at, digest, seq) VALUES %s
	ON CONFLICT (address, list, source) DO UPDATE SET since = excluded.since, reason = excluded.reason,
		seen_at = CASE WHEN suppressions.seen_at > excluded.seen_at THEN suppressions.seen_at ELSE excluded.seen_at END,
		delisted_at = CASE WHEN suppressions.delisted_at >= excluded.seen_at THEN suppressions.delisted_at END`

// saidOnce is what a row of suppressions must be for a diagnosis of the moment $2:
// what another system lists isn't said again where the import lists the same.
const saidOnce = `(source = '' OR NOT EXISTS (SELECT 1 FROM suppressions own WHERE own.address = suppressions.address
	AND own.list = suppressions.list AND own.source = '' AND own.since <= $2 AND own.delisted_at IS NULL))`

// onceEach returns suppressions as they are stored, each once, the last of those
// with the same identity, always in the same order, so that two runs don't wait for
// each other crosswise.
func onceEach(listed []actions.Suppression) []actions.Suppression {
	last := make(map[actions.Suppression]actions.Suppression, len(listed))
	for _, one := range listed {
		one.Address, one.List = storable(one.Address), actions.SuppressionList(storable(string(one.List)))
		last[actions.Suppression{Address: one.Address, List: one.List}] = one
	}
	once := make([]actions.Suppression, 0, len(last))
	for _, one := range last {
		once = append(once, one)
	}
	slices.SortFunc(once, func(a, b actions.Suppression) int {
		return cmp.Or(cmp.Compare(a.Address, b.Address), cmp.Compare(a.List, b.List))
	})
	return once
}

// DropListed removes what a system listed once and no run has seen since the one
// that began at seen.
func (t *tx) DropListed(ctx context.Context, source string, seen time.Time) error {
	_, err := t.exec(ctx, `DELETE FROM suppressions WHERE source <> '' AND source = $1 AND seen_at < $2`, storable(source), at(seen))
	return failed("dropping what another system lists no more", err)
}

// DelistKept takes an address off what is kept of a system's lists, but
// "unsubscribe", at the moment when that system was seen to list it no more.
func (t *tx) DelistKept(ctx context.Context, source, address string, when time.Time) error {
	_, err := t.exec(ctx, `UPDATE suppressions SET delisted_at = $3 WHERE source <> '' AND source = $2 AND `+holding,
		actions.AddressKey(storable(address)), storable(source), at(when))
	return failed("noting that another system lists an address no more", err)
}

// spellingsMost is how many spellings of an address are looked at.
const spellingsMost = 10

// Spellings returns the ways in which an address is written on the lists that are
// known, those that it was taken off included, at most ten.
func (s *Store) Spellings(ctx context.Context, address string) ([]string, error) {
	return spellings(ctx, s.read, address)
}

func spellings(ctx context.Context, q queryer, address string) ([]string, error) {
	var written []string
	err := q.SelectContext(ctx, &written, `SELECT DISTINCT address FROM suppressions WHERE address_key = $1 ORDER BY address LIMIT $2`,
		actions.AddressKey(storable(address)), spellingsMost)
	return written, failed("looking how an address is written", err)
}
