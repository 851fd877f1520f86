package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// approvalRow is an approval in its table.
type approvalRow struct {
	ID        string `db:"id"`
	Operation string `db:"operation"`
	Asked     list   `db:"asked"`
	State     string `db:"state"`
	Decider   string `db:"decider"`
	At        stamp  `db:"at"`
	Until     stamp  `db:"until"`
	WidenAt   stamp  `db:"widen_at"`
	DecidedAt stamp  `db:"decided_at"`
}

const approvalColumns = `id, operation, asked, state, decider, at, until, widen_at, decided_at`

// undecided is the condition of the index over approvals that nobody decided,
// which a query must repeat word by word.
const undecided = `state = 'asked'`

func (r approvalRow) approval() actions.Approval {
	return actions.Approval{
		ID: r.ID, Operation: r.Operation, Asked: r.Asked, State: actions.ApprovalState(r.State), By: r.Decider, At: r.At.Time,
		Until: r.Until.Time, WidenAt: r.WidenAt.Time, DecidedAt: r.DecidedAt.Time,
	}
}

// approvals reads approvals by q; where continues the query.
func approvals(ctx context.Context, q queryer, where string, args ...any) ([]actions.Approval, error) {
	return all(ctx, q, approvalRow.approval, `SELECT `+approvalColumns+` FROM approvals WHERE `+where, args...)
}

var errNoApproval = actions.Errorf(actions.NotFound, "That question is so old that it isn't on record any more. Whoever asked can ask again.")

// StartApproval stores the question to a second person.
func (t *tx) StartApproval(ctx context.Context, a actions.Approval) error {
	_, err := t.exec(ctx, `INSERT INTO approvals (`+approvalColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.ID, a.Operation, list(a.Asked), string(a.State), storable(a.By), at(a.At), at(a.Until), at(a.WidenAt), at(a.DecidedAt))
	return failed("asking a second person", err)
}

// Approval returns an approval, locked until the transaction ends; NotFound
// without one.
func (t *tx) Approval(ctx context.Context, id string) (actions.Approval, error) {
	return approvalByID(ctx, t, t.store.dialect.locking, id)
}

// ApprovalByID returns an approval, and NotFound without one.
func (s *Store) ApprovalByID(ctx context.Context, id string) (actions.Approval, error) {
	return approvalByID(ctx, s.read, "", id)
}

func approvalByID(ctx context.Context, q queryer, locking, id string) (actions.Approval, error) {
	a, err := one(approvals(ctx, q, `id = $1 `+locking, storable(id)))
	return given(a, err, errNoApproval, "reading what a second person was asked")
}

// ApprovalOf returns the newest approval of an operation; found is false
// without one.
func (s *Store) ApprovalOf(ctx context.Context, operation string) (a actions.Approval, found bool, err error) {
	return approvalOf(ctx, s.read, operation)
}

func approvalOf(ctx context.Context, q queryer, operation string) (actions.Approval, bool, error) {
	a, err := one(approvals(ctx, q, `operation = $1 ORDER BY at DESC, id DESC LIMIT 1`, storable(operation)))
	return perhaps(a, err, "looking for what a second person was asked")
}

// OpenApprovals returns those that are asked, oldest first, at most limit.
func (s *Store) OpenApprovals(ctx context.Context, limit int) ([]actions.Approval, error) {
	return openApprovals(ctx, s.read, limit)
}

func openApprovals(ctx context.Context, q queryer, limit int) ([]actions.Approval, error) {
	open, err := approvals(ctx, q, undecided+` ORDER BY at, id LIMIT $1`, limit)
	return open, failed("reading what nobody approved yet", err)
}

// DecideApproval stores State, By and DecidedAt of one that is asked; decided is
// false when somebody was faster.
func (t *tx) DecideApproval(ctx context.Context, a actions.Approval) (decided bool, err error) {
	rows, err := t.exec(ctx, `UPDATE approvals SET state = $1, decider = $2, decided_at = $3 WHERE id = $4 AND `+undecided,
		string(a.State), storable(a.By), at(a.DecidedAt), a.ID)
	return rows == 1, failed("keeping what a second person said", err)
}

// WidenApproval stores Asked and clears WidenAt.
func (t *tx) WidenApproval(ctx context.Context, a actions.Approval) error {
	_, err := t.exec(ctx, `UPDATE approvals SET asked = $1, widen_at = NULL WHERE id = $2`, list(a.Asked), a.ID)
	return failed("asking more people", err)
}
