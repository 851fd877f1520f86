package store

import (
	"bytes"
	"context"
	"fmt"

	"github.com/latchkey-bot/latchkey/actions"
)

// keyRow is a key that the database has seen, by a value that recognises it.
type keyRow struct {
	KID   string `db:"kid"`
	Check []byte `db:"check_value"`
}

// UseKeys compares the keys that were given with those the database has seen,
// and remembers the sealing one when it is new. Run it after Migrate. A key
// that is missing, or is another one under the same kid, is an Unavailable
// error that names LATCHKEY_SECRET_KEY and the kid.
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

func (s *Store) seenKeys(ctx context.Context) ([]keyRow, error) {
	var seen []keyRow
	err := s.read.SelectContext(ctx, &seen, `SELECT kid, check_value FROM keys ORDER BY first_seen DESC, kid`)
	return seen, failed("reading which keys the database knows", err)
}

// missingKey is the error for a start without a key on a database that has
// seen one; nil when it hasn't.
func missingKey(seen []keyRow) error {
	if len(seen) == 0 {
		return nil
	}
	return actions.Errorf(actions.Unavailable,
		"This database was used with the key %q, and LATCHKEY_SECRET_KEY is empty. Please set it to that key.", seen[0].KID)
}

// compareKeys reports whether the database knows the sealing key. It fails when
// a key that the database knows isn't given, since what was sealed with it
// could be neither read nor verified, and when it knows another by that kid.
func (s *Store) compareKeys(seen []keyRow) (known bool, err error) {
	for _, row := range seen {
		known = known || row.KID == s.keys.Current()
		check, err := s.keys.Check(row.KID)
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

func (s *Store) rememberKey(ctx context.Context) error {
	check, err := s.keys.Check(s.keys.Current())
	if err != nil {
		return fmt.Errorf("making the check value of the key: %w", err)
	}
	_, err = s.write.ExecContext(ctx, `INSERT INTO keys (kid, check_value, first_seen) VALUES ($1, $2, $3)
		ON CONFLICT (kid) DO NOTHING`, s.keys.Current(), check, at(s.now()))
	return failed("remembering the key", err)
}
