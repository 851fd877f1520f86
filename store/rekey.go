package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// SealedBefore returns at most limit sealed things whose key isn't kid, locked
// until the transaction ends.
func (t *tx) SealedBefore(ctx context.Context, kid string, limit int) ([]actions.Sealed, error) {
	return sealedBefore(ctx, t, t.store.dialect.locking, kid, limit)
}

// sealedBefore asks for the keys on either side of kid, since "not equal" would
// read everything that kid sealed.
func sealedBefore(ctx context.Context, q queryer, locking, kid string, limit int) ([]actions.Sealed, error) {
	var found []actions.Sealed
	for _, side := range []string{`kid < $1`, `kid > $1`} {
		more, err := sealeds(ctx, q, side+` LIMIT $2 `+locking, kid, limit-len(found))
		if err != nil {
			return nil, failed("reading what another key sealed", err)
		}
		found = append(found, more...)
	}
	return found, nil
}

// Reseal replaces Body and KeyID of a sealed thing.
func (t *tx) Reseal(ctx context.Context, s actions.Sealed) error {
	_, err := t.exec(ctx, `UPDATE secret_bodies SET kid = $1, body = $2 WHERE purpose = $3 AND id = $4`,
		s.KeyID, s.Body, string(s.Purpose), storable(s.ID))
	return failed("sealing something anew", err)
}

// SealedElsewhere counts the sealed things whose key isn't kid.
func (s *Store) SealedElsewhere(ctx context.Context, kid string) (int, error) {
	return sealedElsewhere(ctx, s.read, kid)
}

func sealedElsewhere(ctx context.Context, q queryer, kid string) (int, error) {
	n, err := counted(ctx, q, `SELECT (SELECT count(*) FROM secret_bodies WHERE kid < $1) + (SELECT count(*) FROM secret_bodies WHERE kid > $1)`, kid)
	return n, failed("counting what another key sealed", err)
}

// namedRow is what names a key.
type namedRow struct {
	KeyID string `db:"kid"`
	Live  int    `db:"live"`
	Last  stamp  `db:"last"`
}

func (r namedRow) named() actions.Named {
	return actions.Named{KeyID: r.KeyID, Live: r.Live, Last: r.Last.Time}
}

// StillNamed returns the keys that aren't retired, or are and are named all the
// same, but for current, the one seen first first, with what is live at a moment
// and names them.
func (s *Store) StillNamed(ctx context.Context, current string, when time.Time) ([]actions.Named, error) {
	return stillNamed(ctx, s.read, current, when)
}

func stillNamed(ctx context.Context, q queryer, current string, when time.Time) ([]actions.Named, error) {
	found, err := all(ctx, q, namedRow.named, `SELECT keys.kid, count(good.kid) AS live, max(good.expires_at) AS last
		FROM keys LEFT JOIN (
			SELECT kid, expires_at FROM secrets WHERE expires_at > $2 AND `+live+`
			UNION ALL SELECT kid, expires_at FROM secret_requests WHERE expires_at > $2 AND `+openRequest+`
			UNION ALL SELECT kid, expires_at FROM one_time_links WHERE expires_at > $2 AND `+unspent+`
		) AS good ON good.kid = keys.kid
		WHERE keys.kid <> $1
		GROUP BY keys.kid, keys.first_seen, keys.retired_at HAVING keys.retired_at IS NULL OR count(good.kid) > 0 ORDER BY keys.first_seen, keys.kid`, current, at(when))
	return found, failed("looking for what still names a key", err)
}

// KeysKept returns the audit keys of retired keys, sealed.
func (s *Store) KeysKept(ctx context.Context) ([]actions.Sealed, error) {
	return keysKept(ctx, s.read)
}

func keysKept(ctx context.Context, q queryer) ([]actions.Sealed, error) {
	found, err := sealeds(ctx, q, `purpose = $1 ORDER BY id`, string(actions.SealAudit))
	return found, failed("reading the audit's keys", err)
}

// inUse fails for a key that was retired: a server that wasn't restarted with the
// new one would make what nobody can open once the old one is gone.
func (t *tx) inUse(ctx context.Context, kid string) error {
	retired, err := counted(ctx, t, `SELECT count(*) FROM keys WHERE kid = $1 AND retired_at IS NOT NULL`, kid)
	if err == nil && retired > 0 {
		return actions.Errorf(actions.Unavailable,
			"This server still seals with the key %q, which was retired, so nothing was made. Please ask your Latchkey admin to restart it with the new key.", kid)
	}
	return failed("asking whether a key was retired", err)
}

// RetireKey notes that nothing but the audit names a key any more, so that the
// database opens without it.
func (t *tx) RetireKey(ctx context.Context, kid string, when time.Time) error {
	_, err := t.exec(ctx, `UPDATE keys SET retired_at = $1 WHERE kid = $2 AND retired_at IS NULL`, at(when), kid)
	return failed("retiring a key", err)
}
