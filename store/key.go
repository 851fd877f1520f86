package store

import (
	"bytes"
	"context"
	"fmt"

	"github.com/latchkey-bot/latchkey/actions"
)

// keyRow is a key that the database has seen, by a value that recognises it. One
// that was retired is named by the audit alone, which has what it needs of it.
type keyRow struct {
	KID       string `db:"kid"`
	Check     []byte `db:"check_value"`
	RetiredAt stamp  `db:"retired_at"`
}

func (r keyRow) retired() bool { return !r.RetiredAt.IsZero() }

// UseKeys compares the keys that were given with those the database has seen,
// and remembers the sealing one when it is new, or was retired. Run it after
// Migrate. A key that is missing and wasn't retired, or is another one under the
// same kid, is an Unavailable error that names LATCHKEY_SECRET_KEY and the kid.
func (s *Store) UseKeys(ctx context.Context) error {
	seen, err := s.seenKeys(ctx)
	if err != nil {
		return err
	}
	if s.keys.Empty() {
		return missingKey(seen)
	}
	known, err := s.compareKeys(seen)
	if err != nil || known {
		return err
	}
	if err := s.rememberKey(ctx); err != nil {
		return err
	}
	// Another process may have been faster, with another key of that name.
	if seen, err = s.seenKeys(ctx); err != nil {
		return err
	}
	_, err = s.compareKeys(seen)
	return err
}

// CheckKeys is [Store.UseKeys] for who only looks: a new key isn't remembered.
func (s *Store) CheckKeys(ctx context.Context) error {
	seen, err := s.seenKeys(ctx)
	if err != nil {
		return err
	}
	if s.keys.Empty() {
		return missingKey(seen)
	}
	_, err = s.compareKeys(seen)
	return err
}

func (s *Store) seenKeys(ctx context.Context) ([]keyRow, error) {
	var seen []keyRow
	err := s.read.SelectContext(ctx, &seen, `SELECT kid, check_value, retired_at FROM keys ORDER BY first_seen DESC, kid`)
	return seen, failed("reading which keys the database knows", err)
}

// missingKey is the error for a start without a key on a database that has
// seen one; nil when it hasn't.
func missingKey(seen []keyRow) error {
	for _, row := range seen {
		if !row.retired() {
			return actions.Errorf(actions.Unavailable,
				"This database was used with the key %q, and LATCHKEY_SECRET_KEY is empty. Please set it to that key.", row.KID)
		}
	}
	return nil
}

// compareKeys reports whether the database knows the sealing key as one that
// isn't retired. It fails when a key that the database knows isn't given, since
// what was sealed with it could be neither read nor verified, unless nothing is
// any more; and when it knows another by that kid.
func (s *Store) compareKeys(seen []keyRow) (known bool, err error) {
	for _, row := range seen {
		known = known || (row.KID == s.keys.Current() && !row.retired())
		check, err := s.keys.Check(row.KID)
		if err != nil && row.retired() {
			continue
		}
		if err != nil {
			return false, actions.Errorf(actions.Unavailable,
				"This database was used with the key %q, which isn't in LATCHKEY_SECRET_KEY. Please add it; the first one seals.", row.KID)
		}
		if !bytes.Equal(check, row.Check) {
			return false, actions.Errorf(actions.Unavailable,
				"The key %q in LATCHKEY_SECRET_KEY differs from the one this database knows by that name. Please give the right one, or the new one a new name.", row.KID)
		}
	}
	return known, nil
}

// rememberKey writes the sealing key down. One that was retired and seals again
// must be given again, too.
func (s *Store) rememberKey(ctx context.Context) error {
	check, err := s.keys.Check(s.keys.Current())
	if err != nil {
		return fmt.Errorf("making the check value of the key: %w", err)
	}
	_, err = s.write.ExecContext(ctx, `INSERT INTO keys (kid, check_value, first_seen) VALUES ($1, $2, $3)
		ON CONFLICT (kid) DO UPDATE SET retired_at = NULL`, s.keys.Current(), check, at(s.now()))
	return failed("remembering the key", err)
}
