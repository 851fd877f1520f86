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
