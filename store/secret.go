package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// secretRow is a one-time secret in its table.
type secretRow struct {
	ID         string `db:"id"`
	State      string `db:"state"`
	Actor      string `db:"actor"`
	From       string `db:"from_name"`
	For        string `db:"for_whom"`
	UserID     string `db:"user_id"`
	Ticket     string `db:"ticket"`
	Operation  string `db:"operation"`
	Mail       string `db:"mail"`
	Salt       []byte `db:"salt"`
	LinkProof  []byte `db:"link_proof"`
	ClaimProof []byte `db:"claim_proof"`
	KeyID      string `db:"kid"`
	Wrong      int    `db:"wrong"`
	Why        string `db:"why"`
	At         stamp  `db:"at"`
	ExpiresAt  stamp  `db:"expires_at"`
	EndedAt    stamp  `db:"ended_at"`
	AgainAt    stamp  `db:"again_at"`
}

const secretColumns = `id, state, actor, from_name, for_whom, user_id, ticket, operation, mail, salt, link_proof, claim_proof,
	kid, wrong, why, at, expires_at, ended_at, again_at`

// live is the condition of the index over secrets that haven't ended, which a
// query must repeat word by word.
const live = `state = 'live'`

func (r secretRow) secret() actions.Secret {
	return actions.Secret{
		ID: r.ID, State: actions.SecretState(r.State), Actor: r.Actor, From: r.From, For: r.For, UserID: r.UserID, Ticket: r.Ticket,
		Operation: r.Operation, Mail: r.Mail, Salt: r.Salt, LinkProof: r.LinkProof, ClaimProof: r.ClaimProof, KeyID: r.KeyID,
		Wrong: r.Wrong, Why: r.Why, At: r.At.Time, ExpiresAt: r.ExpiresAt.Time, EndedAt: r.EndedAt.Time, AgainAt: r.AgainAt.Time,
	}
}

// secrets reads secrets by q; where continues the query.
func secrets(ctx context.Context, q queryer, where string, args ...any) ([]actions.Secret, error) {
	return all(ctx, q, secretRow.secret, `SELECT `+secretColumns+` FROM secrets WHERE `+where, args...)
}

// StartSecret stores a new secret. Unavailable when its key was retired.
func (t *tx) StartSecret(ctx context.Context, s actions.Secret) error {
	if err := t.inUse(ctx, s.KeyID); err != nil {
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO secrets (`+secretColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		s.ID, string(s.State), storable(s.Actor), storable(s.From), storable(s.For), storable(s.UserID), storable(s.Ticket),
		s.Operation, s.Mail, s.Salt, s.LinkProof, s.ClaimProof, s.KeyID, s.Wrong, storable(s.Why), at(s.At), at(s.ExpiresAt),
		at(s.EndedAt), at(s.AgainAt))
	return failed("keeping a secret", err)
}

// Secret returns a secret, locked until the transaction ends; found is false
// without one.
func (t *tx) Secret(ctx context.Context, id string) (s actions.Secret, found bool, err error) {
	return secretByID(ctx, t, t.store.dialect.locking, id)
}

// SecretByID returns a secret; found is false without one.
func (s *Store) SecretByID(ctx context.Context, id string) (actions.Secret, bool, error) {
	return secretByID(ctx, s.read, "", id)
}

func secretByID(ctx context.Context, q queryer, locking, id string) (actions.Secret, bool, error) {
	found, err := one(secrets(ctx, q, `id = $1 `+locking, storable(id)))
	return perhaps(found, err, "looking for a secret")
}

// EndSecret moves a secret from live to a final state, in one statement. One that
// ran out by then can only expire, and no other can.
func (t *tx) EndSecret(ctx context.Context, id string, state actions.SecretState, why string, when time.Time) (ended bool, err error) {
	rows, err := t.exec(ctx, `UPDATE secrets SET state = $1, why = $2, ended_at = $3 WHERE id = $4 AND `+live+` AND `+inTime(state == actions.SecretExpired),
		string(state), brief(why), at(when), storable(id))
	return rows == 1, failed("ending a secret", err)
}

// inTime is the condition by which something that has until expires_at ends at
// the moment $3: by running out, or otherwise before it does.
func inTime(expires bool) string {
	if expires {
		return `expires_at <= $3`
	}
	return `expires_at > $3`
}

// SpendTry counts a wrong passphrase, in one statement: tries is how many there
// are now. spent is false when the secret isn't live, or limit are spent.
func (t *tx) SpendTry(ctx context.Context, id string, limit int, when time.Time) (tries int, spent bool, err error) {
	spent, err = t.get(ctx, &tries, `UPDATE secrets SET wrong = wrong + 1
		WHERE id = $1 AND `+live+` AND expires_at > $2 AND wrong < $3 RETURNING wrong`, storable(id), at(when), limit)
	return tries, spent, failed("counting a wrong passphrase", err)
}

// AskAgain notes that somebody needs a new one; first is false when it was noted
// before.
func (t *tx) AskAgain(ctx context.Context, id string, when time.Time) (first bool, err error) {
	rows, err := t.exec(ctx, `UPDATE secrets SET again_at = $1 WHERE id = $2 AND again_at IS NULL`, at(when), storable(id))
	return rows == 1, failed("noting that somebody needs a new secret", err)
}

// MadeSince counts the secrets and requests that an actor made later than since.
func (t *tx) MadeSince(ctx context.Context, actor string, since time.Time) (int, error) {
	return madeSince(ctx, t, actor, since)
}

func madeSince(ctx context.Context, q queryer, actor string, since time.Time) (int, error) {
	n, err := counted(ctx, q, `SELECT (SELECT count(*) FROM secrets WHERE actor = $1 AND at > $2)
		+ (SELECT count(*) FROM secret_requests WHERE actor = $1 AND at > $2)`, storable(actor), at(since))
	return n, failed("counting somebody's secrets", err)
}

// SecretsBy returns an actor's secrets, newest first, at most limit.
func (s *Store) SecretsBy(ctx context.Context, actor string, limit int) ([]actions.Secret, error) {
	return secretsBy(ctx, s.read, actor, limit)
}

func secretsBy(ctx context.Context, q queryer, actor string, limit int) ([]actions.Secret, error) {
	found, err := secrets(ctx, q, `actor = $1 ORDER BY at DESC, id DESC LIMIT $2`, storable(actor), limit)
	return found, failed("reading somebody's secrets", err)
}

// SecretsOver returns live secrets that ran out at or before a moment, the one
// that did so first first, at most limit.
func (s *Store) SecretsOver(ctx context.Context, when time.Time, limit int) ([]actions.Secret, error) {
	return secretsOver(ctx, s.read, when, limit)
}

func secretsOver(ctx context.Context, q queryer, when time.Time, limit int) ([]actions.Secret, error) {
	found, err := secrets(ctx, q, live+` AND expires_at <= $1 ORDER BY expires_at LIMIT $2`, at(when), limit)
	return found, failed("looking for secrets that ran out", err)
}

// SecretOf returns the newest secret that handed out an operation's password.
func (s *Store) SecretOf(ctx context.Context, operation string) (actions.Secret, bool, error) {
	return secretOf(ctx, s.read, "", operation)
}

// SecretOf returns the newest secret that handed out an operation's password, locked
// until the transaction ends.
func (t *tx) SecretOf(ctx context.Context, operation string) (actions.Secret, bool, error) {
	return secretOf(ctx, t, t.store.dialect.locking, operation)
}

func secretOf(ctx context.Context, q queryer, locking, operation string) (actions.Secret, bool, error) {
	found, err := one(secrets(ctx, q, `operation <> '' AND operation = $1 ORDER BY at DESC, id DESC LIMIT 1 `+locking, storable(operation)))
	return perhaps(found, err, "looking for a password's secret")
}
