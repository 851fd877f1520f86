package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// requestRow is a request for a secret in its table.
type requestRow struct {
	ID         string `db:"id"`
	State      string `db:"state"`
	Actor      string `db:"actor"`
	From       string `db:"from_name"`
	What       string `db:"what"`
	Why        string `db:"why"`
	For        string `db:"for_whom"`
	UserID     string `db:"user_id"`
	Ticket     string `db:"ticket"`
	Mail       string `db:"mail"`
	Proof      []byte `db:"proof"`
	ViewProof  []byte `db:"view_proof"`
	ViewUntil  stamp  `db:"view_until"`
	KeyID      string `db:"kid"`
	PublicKey  []byte `db:"public_key"`
	Reason     string `db:"reason"`
	At         stamp  `db:"at"`
	ExpiresAt  stamp  `db:"expires_at"`
	ReceivedAt stamp  `db:"received_at"`
	EndedAt    stamp  `db:"ended_at"`
}

const requestColumns = `id, state, actor, from_name, what, why, for_whom, user_id, ticket, mail, proof, view_proof, view_until,
	kid, public_key, reason, at, expires_at, received_at, ended_at`

// openRequest is the condition of the index over requests that haven't ended,
// which a query must repeat word by word.
const openRequest = `state IN ('asked', 'received')`

func (r requestRow) request() actions.SecretRequest {
	return actions.SecretRequest{
		ID: r.ID, State: actions.RequestState(r.State), Actor: r.Actor, From: r.From, What: r.What, Why: r.Why, For: r.For,
		UserID: r.UserID, Ticket: r.Ticket, Mail: r.Mail, Proof: r.Proof, ViewProof: r.ViewProof, ViewUntil: r.ViewUntil.Time,
		KeyID: r.KeyID, PublicKey: r.PublicKey, Reason: r.Reason, At: r.At.Time, ExpiresAt: r.ExpiresAt.Time,
		ReceivedAt: r.ReceivedAt.Time, EndedAt: r.EndedAt.Time,
	}
}

// requests reads requests for secrets by q; where continues the query.
func requests(ctx context.Context, q queryer, where string, args ...any) ([]actions.SecretRequest, error) {
	return all(ctx, q, requestRow.request, `SELECT `+requestColumns+` FROM secret_requests WHERE `+where, args...)
}

// StartRequest stores a new request. Unavailable when its key was retired.
func (t *tx) StartRequest(ctx context.Context, r actions.SecretRequest) error {
	if err := t.inUse(ctx, r.KeyID); err != nil {
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO secret_requests (`+requestColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		r.ID, string(r.State), storable(r.Actor), storable(r.From), storable(r.What), storable(r.Why), storable(r.For),
		storable(r.UserID), storable(r.Ticket), r.Mail, r.Proof, r.ViewProof, at(r.ViewUntil), r.KeyID, r.PublicKey,
		storable(r.Reason), at(r.At), at(r.ExpiresAt), at(r.ReceivedAt), at(r.EndedAt))
	return failed("keeping a request for a secret", err)
}

// Request returns a request, locked until the transaction ends; found is false
// without one.
func (t *tx) Request(ctx context.Context, id string) (r actions.SecretRequest, found bool, err error) {
	return requestByID(ctx, t, t.store.dialect.locking, id)
}

// RequestByID returns a request; found is false without one.
func (s *Store) RequestByID(ctx context.Context, id string) (actions.SecretRequest, bool, error) {
	return requestByID(ctx, s.read, "", id)
}

func requestByID(ctx context.Context, q queryer, locking, id string) (actions.SecretRequest, bool, error) {
	found, err := one(requests(ctx, q, `id = $1 `+locking, storable(id)))
	return perhaps(found, err, "looking for a request for a secret")
}

// ReceiveRequest moves a request from asked to received, in one statement; until
// is when what came is deleted unopened. received is false when it isn't asked
// any more, or ran out.
func (t *tx) ReceiveRequest(ctx context.Context, id string, when, until time.Time) (received bool, err error) {
	rows, err := t.exec(ctx, `UPDATE secret_requests SET state = $1, received_at = $2, expires_at = $3
		WHERE id = $4 AND state = $5 AND expires_at > $2`,
		string(actions.RequestReceived), at(when), at(until), storable(id), string(actions.RequestAsked))
	return rows == 1, failed("noting that something secret came", err)
}

// EndRequest moves a request from one of those states to a final one, in one
// statement. One that ran out by then can only expire, and no other can.
func (t *tx) EndRequest(
	ctx context.Context, id string, from []actions.RequestState, state actions.RequestState, reason string, when time.Time,
) (ended bool, err error) {
	if len(from) == 0 {
		return false, nil
	}
	args := []any{string(state), brief(reason), at(when), storable(id)}
	for _, earlier := range from {
		args = append(args, string(earlier))
	}
	rows, err := t.exec(ctx, `UPDATE secret_requests SET state = $1, reason = $2, ended_at = $3
		WHERE id = $4 AND `+inTime(state == actions.RequestExpired)+` AND `+openRequest+` AND state IN (`+marks(5, len(from))+`)`, args...)
	return rows == 1, failed("ending a request for a secret", err)
}

// KeepView stores the proof of the link by which an agent opens what came.
func (t *tx) KeepView(ctx context.Context, id string, proof []byte, kid string, until time.Time) error {
	_, err := t.exec(ctx, `UPDATE secret_requests SET view_proof = $1, kid = $2, view_until = $3 WHERE id = $4`,
		proof, kid, at(until), storable(id))
	return failed("keeping the link to something secret", err)
}

// RequestsBy returns an actor's requests, newest first, at most limit.
func (s *Store) RequestsBy(ctx context.Context, actor string, limit int) ([]actions.SecretRequest, error) {
	return requestsBy(ctx, s.read, actor, limit)
}

func requestsBy(ctx context.Context, q queryer, actor string, limit int) ([]actions.SecretRequest, error) {
	found, err := requests(ctx, q, `actor = $1 ORDER BY at DESC, id DESC LIMIT $2`, storable(actor), limit)
	return found, failed("reading somebody's requests for secrets", err)
}

// RequestsOver returns requests that ran out at or before a moment, the one that
// did so first first, at most limit.
func (s *Store) RequestsOver(ctx context.Context, when time.Time, limit int) ([]actions.SecretRequest, error) {
	return requestsOver(ctx, s.read, when, limit)
}

func requestsOver(ctx context.Context, q queryer, when time.Time, limit int) ([]actions.SecretRequest, error) {
	found, err := requests(ctx, q, openRequest+` AND expires_at <= $1 ORDER BY expires_at LIMIT $2`, at(when), limit)
	return found, failed("looking for requests for secrets that ran out", err)
}
