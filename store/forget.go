package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Forget removes what is older than its moment in keep.
func (t *tx) Forget(ctx context.Context, keep actions.Keep) error {
	for _, old := range []struct {
		what, query string
		before      time.Time
	}{
		{"claims", `DELETE FROM inbox WHERE at < $1`, keep.Requests},
		{"tickets", `DELETE FROM tickets WHERE at < $1`, keep.Requests},
		{"parked requests", `DELETE FROM parked WHERE at < $1`, keep.Requests},
		{"delivered messages", `DELETE FROM outbox WHERE delivered_at < $1`, keep.Requests},
		{"runs of jobs", `DELETE FROM job_runs WHERE period < $1`, keep.Runs},
		{"watches", `DELETE FROM watches WHERE judgement = '' AND ended_at < $1`, keep.Watches},
		{"judged watches", `DELETE FROM watches WHERE judgement <> '' AND ended_at < $1`, keep.Judged},
	} {
		if _, err := t.exec(ctx, old.query, at(old.before)); err != nil {
			return failed("forgetting old "+old.what, err)
		}
	}
	return nil
}
