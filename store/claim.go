package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Claim remembers the key of a request; fresh is false when it was claimed
// before. Only a hash is kept: a key may hold what somebody sent.
func (t *tx) Claim(ctx context.Context, key string, when time.Time) (fresh bool, err error) {
	if key == "" {
		return true, nil
	}
	sum := sha256.Sum256([]byte(key))
	rows, err := t.exec(ctx, `INSERT INTO inbox (key, at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING`,
		hex.EncodeToString(sum[:]), at(when))
	return rows == 1, failed("claiming a request", err)
}

// Forget removes claims and tickets older than before.
func (t *tx) Forget(ctx context.Context, before time.Time) error {
	if _, err := t.exec(ctx, `DELETE FROM inbox WHERE at < $1`, at(before)); err != nil {
		return failed("forgetting old claims", err)
	}
	_, err := t.exec(ctx, `DELETE FROM tickets WHERE at < $1`, at(before))
	return failed("forgetting old tickets", err)
}
