package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// outgoingRow is a message in the outbox.
type outgoingRow struct {
	ID          string   `db:"id"`
	Kind        string   `db:"kind"`
	Receiver    string   `db:"receiver"`
	Ref         string   `db:"ref"`
	At          stamp    `db:"at"`
	Due         stamp    `db:"due"`
	Tries       int      `db:"tries"`
	Lease       optional `db:"lease"`
	LeasedUntil stamp    `db:"leased_until"`
	Unclear     bool     `db:"unclear"`
	Request     string   `db:"request"`
}

const outgoingColumns = `id, kind, receiver, ref, at, due, tries, lease, leased_until, unclear, request`

func (r outgoingRow) outgoing() actions.Outgoing {
	return actions.Outgoing{
		ID: r.ID, Kind: actions.OutgoingKind(r.Kind), To: r.Receiver, Ref: r.Ref, At: r.At.Time, Due: r.Due.Time,
		Tries: r.Tries, Lease: string(r.Lease), Unclear: r.Unclear, Request: r.Request,
	}
}

// Enqueue stores a message to be delivered. Of a kind that follows its record,
// nothing is added while one for the same receiver and record waits untaken: that one
// is as young as what it will show.
func (t *tx) Enqueue(ctx context.Context, m actions.Outgoing) error {
	if m.Kind.Follows() {
		if waits, err := t.holdWaiting(ctx, m); err != nil || waits {
			return failed("looking into the outbox", err)
		}
	}
	_, err := t.exec(ctx, `INSERT INTO outbox (id, kind, receiver, ref, at, due, tries, why, request) VALUES ($1, $2, $3, $4, $5, $6, 0, '', $7)`,
		m.ID, string(m.Kind), storable(m.To), storable(m.Ref), at(m.At), at(m.Due), storable(m.Request))
	return failed("putting a message into the outbox", err)
}

// holdWaiting reports whether a message for the same receiver and record waits
// untaken, and keeps it so until the transaction ends: who took it before could
// show the state before. From then on it is as young as m, so that the newest state
// isn't given up because of how long an older one couldn't be shown; its turn, which
// goes by due, stays, and the log names it by m's request. It is no unique index: a message that comes back after a failed
// delivery must not meet a newer one, which shows the same.
func (t *tx) holdWaiting(ctx context.Context, m actions.Outgoing) (waits bool, err error) {
	rows, err := t.exec(ctx, `UPDATE outbox SET at = CASE WHEN at < $4 THEN $4 ELSE at END,
		request = CASE WHEN $5 = '' THEN request ELSE $5 END
		WHERE receiver = $1 AND kind = $2 AND ref = $3 AND `+untaken, storable(m.To), string(m.Kind), storable(m.Ref), at(m.At), storable(m.Request))
	return rows > 0, err
}

// waits is what a message must be that hasn't ended.
const waits = `delivered_at IS NULL AND buried_at IS NULL`

// briefLimit is how much of a reason is kept, in characters.
const briefLimit = 500

// brief is a reason as it is kept.
func brief(why string) string {
	runes := []rune(storable(why))
	return string(runes[:min(len(runes), briefLimit)])
}
