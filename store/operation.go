package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// operationRow is an operation in its table.
type operationRow struct {
	ID          string                   `db:"id"`
	Act         string                   `db:"act"`
	Actor       string                   `db:"actor"`
	Subject     string                   `db:"subject"`
	Reason      string                   `db:"reason"`
	Ticket      string                   `db:"ticket"`
	Approver    string                   `db:"approver"`
	Attested    bool                     `db:"attested"`
	Params      document[actions.Params] `db:"params"`
	State       string                   `db:"state"`
	Step        int                      `db:"step"`
	Why         string                   `db:"why"`
	At          stamp                    `db:"at"`
	EndedAt     stamp                    `db:"ended_at"`
	Until       stamp                    `db:"until"`
	Lease       string                   `db:"lease"`
	LeasedUntil stamp                    `db:"leased_until"`
	Bulk        string                   `db:"bulk"`
}

const operationColumns = `id, act, actor, subject, reason, ticket, approver, attested, params, state, step, why, at,
	ended_at, until, lease, leased_until, bulk`

// The conditions of the indexes over operations that haven't ended, which a
// query must repeat word by word.
const (
	underWay = `state IN ('asked', 'owner', 'running')`
	running  = `state = 'running'`
	waiting  = `state IN ('asked', 'owner')`
)

func (r operationRow) operation() actions.Operation {
	return actions.Operation{
		ID: r.ID, Act: actions.Act(r.Act), Actor: r.Actor, Subject: r.Subject, Reason: r.Reason, Ticket: r.Ticket,
		Approver: r.Approver, Attested: r.Attested, Params: r.Params.Content, State: actions.OperationState(r.State),
		Step: r.Step, Why: r.Why, At: r.At.Time, EndedAt: r.EndedAt.Time, Until: r.Until.Time, Lease: r.Lease,
		LeasedUntil: r.LeasedUntil.Time, Bulk: r.Bulk,
	}
}

// operations reads operations by q; where continues the query.
func operations(ctx context.Context, q queryer, where string, args ...any) ([]actions.Operation, error) {
	return all(ctx, q, operationRow.operation, `SELECT `+operationColumns+` FROM operations WHERE `+where, args...)
}

var errNoOperation = actions.Errorf(actions.NotFound, "That is so long ago that it isn't on record any more. Please look the customer up again.")

// startTries is how often a new operation is tried when the one under way ends
// at the same moment.
const startTries = 3

// StartOperation stores a new operation. Its started is false, and the one
// under way is returned, when the same act for the same subject hasn't ended.
func (t *tx) StartOperation(ctx context.Context, op actions.Operation) (actions.Operation, bool, error) {
	for range startTries {
		if started, err := t.insertOperation(ctx, op); err != nil || started {
			return op, started, failed("beginning what was asked for", err)
		}
		other, err := one(underWayFor(ctx, t, t.store.dialect.locking, op.Subject, op.Act))
		if err != nil {
			return actions.Operation{}, false, failed("looking for what is under way", err)
		}
		if other != nil {
			return *other, false, nil
		}
	}
	return actions.Operation{}, false, actions.Errorf(actions.Conflict, "The same is being done for this customer right now. Please look them up again.")
}

func underWayFor(ctx context.Context, q queryer, locking, subject string, act actions.Act) ([]actions.Operation, error) {
	return operations(ctx, q, `subject = $1 AND act = $2 AND `+underWay+` `+locking, storable(subject), string(act))
}

func (t *tx) insertOperation(ctx context.Context, op actions.Operation) (started bool, err error) {
	rows, err := t.exec(ctx, `INSERT INTO operations (`+operationColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
		ON CONFLICT (subject, act) WHERE `+underWay+` DO NOTHING`,
		op.ID, string(op.Act), storable(op.Actor), storable(op.Subject), storable(op.Reason), storable(op.Ticket), storable(op.Approver),
		op.Attested, document[actions.Params]{op.Params}, string(op.State), op.Step, storable(op.Why), at(op.At), at(op.EndedAt),
		at(op.Until), op.Lease, at(op.LeasedUntil), op.Bulk)
	return rows == 1, err
}

// Operation returns an operation, locked until the transaction ends; NotFound
// without one.
func (t *tx) Operation(ctx context.Context, id string) (actions.Operation, error) {
	return operationByID(ctx, t, t.store.dialect.locking, id)
}

// OperationByID returns an operation, and NotFound without one.
func (s *Store) OperationByID(ctx context.Context, id string) (actions.Operation, error) {
	return operationByID(ctx, s.read, "", id)
}

func operationByID(ctx context.Context, q queryer, locking, id string) (actions.Operation, error) {
	op, err := one(operations(ctx, q, `id = $1 `+locking, storable(id)))
	return given(op, err, errNoOperation, "reading what was asked for")
}

// MoveOperation stores State, Step, Why, Approver, Params, EndedAt, Until, Lease
// and LeasedUntil, if it is still in the state from and its lease is lease;
// moved is false when somebody was faster.
func (t *tx) MoveOperation(ctx context.Context, op actions.Operation, from actions.OperationState, lease string) (moved bool, err error) {
	rows, err := t.exec(ctx, `UPDATE operations SET state = $1, step = $2, why = $3, approver = $4, params = $5, ended_at = $6, until = $7,
			lease = $8, leased_until = $9
		WHERE id = $10 AND state = $11 AND lease = $12`,
		string(op.State), op.Step, storable(op.Why), storable(op.Approver), document[actions.Params]{op.Params}, at(op.EndedAt), at(op.Until),
		op.Lease, at(op.LeasedUntil), op.ID, string(from), lease)
	return rows == 1, failed("writing down how far something came", err)
}

// WritingActs counts the actor's operations begun later than since, without the parts of
// a bulk unlock.
func (t *tx) WritingActs(ctx context.Context, actor string, since time.Time) (int, error) {
	return writingActs(ctx, t, actor, since)
}

func writingActs(ctx context.Context, q queryer, actor string, since time.Time) (int, error) {
	n, err := counted(ctx, q, `SELECT count(*) FROM operations WHERE actor = $1 AND at > $2 AND bulk = ''`, storable(actor), at(since))
	return n, failed("counting what somebody did", err)
}

// LookedAt counts the different customers that the actor looked up later than
// since: those whom a row of the audit with their name is about, but those of a bulk
// unlock.
func (t *tx) LookedAt(ctx context.Context, actor string, since time.Time) (int, error) {
	return lookedAt(ctx, t, actor, since)
}

func lookedAt(ctx context.Context, q queryer, actor string, since time.Time) (int, error) {
	n, err := counted(ctx, q, `SELECT count(DISTINCT subject) FROM audit WHERE actor = $1 AND at > $2 AND subject <> ''
		AND (act <> '`+string(actions.ActUnlock)+`' OR subject NOT IN (SELECT pseudonym FROM operations CROSS JOIN audit_subjects
			WHERE user_id = operations.subject AND operations.actor = $1 AND operations.at > $2 AND bulk <> ''))`,
		storable(actor), at(since))
	return n, failed("counting whom somebody looked at", err)
}

// Abandoned returns operations that run whose lease ran out at or before now,
// and those that wait whose time is over, oldest first, at most limit.
func (s *Store) Abandoned(ctx context.Context, now time.Time, limit int) ([]actions.Operation, error) {
	return abandoned(ctx, s.read, now, limit)
}

func abandoned(ctx context.Context, q queryer, now time.Time, limit int) ([]actions.Operation, error) {
	var u union
	to := u.arg(at(now))
	for _, over := range []string{
		running + ` AND leased_until <= ` + to, // one that never had a lease is nobody's, too:
		running + ` AND leased_until IS NULL`,
		waiting + ` AND until <= ` + to,
	} {
		u.add(`SELECT %s FROM operations WHERE %s ORDER BY at, id LIMIT %d`, operationColumns, over, limit)
	}
	ops, err := all(ctx, q, operationRow.operation, u.query("at, id", limit), u.args...)
	return ops, failed("looking for what was left half done", err)
}

// OperationsOf returns what was begun for a subject later than since, newest
// first, at most limit.
func (s *Store) OperationsOf(ctx context.Context, subject string, since time.Time, limit int) ([]actions.Operation, error) {
	return operationsOf(ctx, s.read, subject, since, limit)
}

func operationsOf(ctx context.Context, q queryer, subject string, since time.Time, limit int) ([]actions.Operation, error) {
	if since.IsZero() {
		since = time.Unix(0, 0) // as NULL it would be later than nothing
	}
	ops, err := operations(ctx, q, `subject = $1 AND at > $2 ORDER BY at DESC, id DESC LIMIT $3`, storable(subject), at(since), limit)
	return ops, failed("reading what was done for a customer", err)
}
