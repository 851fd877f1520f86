package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// verificationRow is a verification in its table.
type verificationRow struct {
	ID        string `db:"id"`
	UserID    string `db:"user_id"`
	Actor     string `db:"actor"`
	Ticket    string `db:"ticket"`
	Purpose   string `db:"purpose"`
	Via       string `db:"via"`
	State     string `db:"state"`
	Code      []byte `db:"code"`
	Tries     int    `db:"tries"`
	At        stamp  `db:"at"`
	ExpiresAt stamp  `db:"expires_at"`
	HeldAt    stamp  `db:"held_at"`
}

const verificationColumns = `id, user_id, actor, ticket, purpose, via, state, code, tries, at, expires_at, held_at`

func (r verificationRow) verification() actions.Verification {
	return actions.Verification{
		ID: r.ID, UserID: r.UserID, Actor: r.Actor, Ticket: r.Ticket, Purpose: actions.Act(r.Purpose), Via: actions.Channel(r.Via),
		State: actions.VerificationState(r.State), Code: r.Code, Tries: r.Tries, At: r.At.Time, ExpiresAt: r.ExpiresAt.Time,
		HeldAt: r.HeldAt.Time,
	}
}

// verifications reads verifications by q; where continues the query.
func verifications(ctx context.Context, q queryer, where string, args ...any) ([]actions.Verification, error) {
	return all(ctx, q, verificationRow.verification, `SELECT `+verificationColumns+` FROM verifications WHERE `+where, args...)
}

var errNoVerification = actions.Errorf(actions.NotFound, "That code is so old that it isn't on record any more. Please send the caller another one.")

// StartVerification stores a new verification.
func (t *tx) StartVerification(ctx context.Context, v actions.Verification) error {
	_, err := t.exec(ctx, `INSERT INTO verifications (`+verificationColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		v.ID, storable(v.UserID), storable(v.Actor), storable(v.Ticket), string(v.Purpose), string(v.Via), string(v.State),
		secret(v.Code), v.Tries, at(v.At), at(v.ExpiresAt), at(v.HeldAt))
	return failed("beginning to prove a caller", err)
}

// secret is bytes in a column where none are NULL: an interface around a nil
// slice isn't.
func secret(raw []byte) any {
	if len(raw) == 0 {
		return nil
	}
	return raw
}

// Verification returns a verification, locked until the transaction ends;
// NotFound without one.
func (t *tx) Verification(ctx context.Context, id string) (actions.Verification, error) {
	return verificationByID(ctx, t, t.store.dialect.locking, id)
}

// VerificationByID returns a verification, and NotFound without one.
func (s *Store) VerificationByID(ctx context.Context, id string) (actions.Verification, error) {
	return verificationByID(ctx, s.read, "", id)
}

func verificationByID(ctx context.Context, q queryer, locking, id string) (actions.Verification, error) {
	v, err := one(verifications(ctx, q, `id = $1 `+locking, storable(id)))
	return given(v, err, errNoVerification, "reading whether a caller was proven")
}

// KeepVerification stores State, Code, Tries, ExpiresAt and HeldAt.
func (t *tx) KeepVerification(ctx context.Context, v actions.Verification) error {
	_, err := t.exec(ctx, `UPDATE verifications SET state = $1, code = $2, tries = $3, expires_at = $4, held_at = $5 WHERE id = $6`,
		string(v.State), secret(v.Code), v.Tries, at(v.ExpiresAt), at(v.HeldAt), v.ID)
	return failed("keeping whether a caller was proven", err)
}

// CountVerifications counts those of a user begun later than since.
func (t *tx) CountVerifications(ctx context.Context, userID string, since time.Time) (int, error) {
	return countVerifications(ctx, t, userID, since)
}

func countVerifications(ctx context.Context, q queryer, userID string, since time.Time) (int, error) {
	n, err := counted(ctx, q, `SELECT count(*) FROM verifications WHERE user_id = $1 AND at > $2`, storable(userID), at(since))
	return n, failed("counting a caller's codes", err)
}

// Held returns the newest verification of the user that holds since later than
// since: of the ticket, or, when ticket is "", of the actor and without one.
func (s *Store) Held(ctx context.Context, userID, actor, ticket string, since time.Time) (v actions.Verification, found bool, err error) {
	return held(ctx, s.read, userID, actor, ticket, since)
}

func held(ctx context.Context, q queryer, userID, actor, ticket string, since time.Time) (actions.Verification, bool, error) {
	whose, args := `ticket = $3`, []any{storable(userID), at(since), storable(ticket)}
	if ticket == "" {
		whose, args = `ticket = $3 AND actor = $4`, append(args, storable(actor))
	}
	v, err := one(verifications(ctx, q,
		`user_id = $1 AND held_at > $2 AND state = 'holds' AND `+whose+` ORDER BY held_at DESC, id DESC LIMIT 1`, args...))
	return perhaps(v, err, "looking whether a caller was proven")
}
