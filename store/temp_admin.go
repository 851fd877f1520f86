package store

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// adminRow is a temporary admin in its table.
type adminRow struct {
	ID           string `db:"id"`
	Site         string `db:"site"`
	State        string `db:"state"`
	Target       string `db:"target"`
	Login        string `db:"login"`
	RemoteID     string `db:"remote_id"`
	UserID       string `db:"user_id"`
	For          string `db:"for_whom"`
	Where        string `db:"place"`
	Request      string `db:"request"`
	Actor        string `db:"actor"`
	Receiver     string `db:"receiver"`
	Approver     string `db:"approver"`
	Reason       string `db:"reason"`
	Ticket       string `db:"ticket"`
	Operation    string `db:"operation"`
	At           stamp  `db:"at"`
	BegunAt      stamp  `db:"begun_at"`
	ExpiresAt    stamp  `db:"expires_at"`
	Days         int    `db:"days"`
	EndingAt     stamp  `db:"ending_at"`
	EndedAt      stamp  `db:"ended_at"`
	Why          string `db:"why"`
	EndedBy      string `db:"ended_by"`
	Due          stamp  `db:"due"`
	Tries        int    `db:"tries"`
	Trouble      string `db:"trouble"`
	TroubleSince stamp  `db:"trouble_since"`
	Told         int    `db:"told"`
	UnsureUntil  stamp  `db:"unsure_until"`
	Lease        string `db:"lease"`
	LeasedUntil  stamp  `db:"leased_until"`
}

// The columns of a temporary admin: those that stay, and those that change.
const (
	adminStays   = `id, site, target, login, at`
	adminChanges = `state, remote_id, user_id, for_whom, place, request, actor, receiver, approver, reason, ticket, operation,
	begun_at, expires_at, days, ending_at, ended_at, why, ended_by, due, tries, trouble, trouble_since, told, unsure_until,
	lease, leased_until`
	adminColumns = adminStays + `, ` + adminChanges
)

// The conditions of indexes over temporary admins, which a query must repeat word by
// word; adminOver is what those are that adminOpen leaves out.
const (
	adminOpen = `state NOT IN ('gone', 'refused')`
	adminOver = `state IN ('gone', 'refused')`
	adminEnds = adminOpen + ` AND state NOT IN ('ending', 'stray')`
	managed   = `target <> ''`
)

func (r adminRow) admin() actions.TempAdmin {
	return actions.TempAdmin{
		ID: r.ID, Site: actions.AdminSite(r.Site), State: actions.AdminState(r.State), Target: r.Target, Login: r.Login,
		RemoteID: r.RemoteID, UserID: r.UserID, For: r.For, Where: r.Where, Request: r.Request, Actor: r.Actor, Receiver: r.Receiver,
		Approver: r.Approver, Reason: r.Reason, Ticket: r.Ticket, Operation: r.Operation, At: r.At.Time, BegunAt: r.BegunAt.Time,
		ExpiresAt: r.ExpiresAt.Time, Days: r.Days, EndingAt: r.EndingAt.Time, EndedAt: r.EndedAt.Time, End: actions.AdminEnd(r.Why),
		EndedBy: r.EndedBy, Due: r.Due.Time, Tries: r.Tries, Trouble: r.Trouble, TroubleSince: r.TroubleSince.Time,
		Told: actions.AdminTold(r.Told), UnsureUntil: r.UnsureUntil.Time, Lease: r.Lease, LeasedUntil: r.LeasedUntil.Time, //nolint:gosec // it was stored from 8 bits
	}
}

// adminStaying are the values of adminStays, and adminChanging those of adminChanges.
func adminStaying(a actions.TempAdmin) []any {
	return []any{storable(a.ID), string(a.Site), storable(a.Target), storable(a.Login), at(a.At)}
}

func adminChanging(a actions.TempAdmin) []any {
	return []any{
		string(a.State), storable(a.RemoteID), storable(a.UserID), storable(a.For), storable(a.Where), a.Request, storable(a.Actor),
		storable(a.Receiver), storable(a.Approver), storable(a.Reason), storable(a.Ticket), a.Operation, at(a.BegunAt), at(a.ExpiresAt),
		a.Days, at(a.EndingAt), at(a.EndedAt), string(a.End), storable(a.EndedBy), at(a.Due), a.Tries, brief(a.Trouble),
		at(a.TroubleSince), int(a.Told), at(a.UnsureUntil), a.Lease, at(a.LeasedUntil),
	}
}

// tempAdmins reads temporary admins by q; where continues the query.
func tempAdmins(ctx context.Context, q queryer, where string, args ...any) ([]actions.TempAdmin, error) {
	return all(ctx, q, adminRow.admin, `SELECT `+adminColumns+` FROM temp_admins WHERE `+where, args...)
}

// StartAdmin stores a new temporary admin. NotFound when its target isn't there: who
// removes it at the same moment is waited for. Conflict when its target has another of
// that login on record: who stores one at the same moment is waited for.
func (t *tx) StartAdmin(ctx context.Context, a actions.TempAdmin) error {
	if a.Target != "" {
		if there, err := t.lockTarget(ctx, a.Target); err != nil || !there {
			return cmp.Or[error](err, errNoTarget)
		}
	}
	values := append(adminStaying(a), adminChanging(a)...)
	rows, err := t.exec(ctx, fmt.Sprintf(`INSERT INTO temp_admins (%s) VALUES (%s) ON CONFLICT (target, login) WHERE %s DO NOTHING`,
		adminColumns, marks(1, len(values)), managed), values...)
	if err == nil && rows == 0 {
		return errLoginKept
	}
	return failed("keeping a temporary admin", err)
}

var (
	errLoginKept = actions.Errorf(actions.Conflict, "That site has a temporary admin of that name on record already, so nothing was kept. Please try again.")
	errNoTarget  = actions.Errorf(actions.NotFound, "The target isn't there any more, so nothing was kept. Please choose another.")
	errNoAdmin   = actions.Errorf(actions.NotFound, "That temporary admin isn't on record any more. Please look at the list of those that are.")
)

// Admin returns a temporary admin, locked until the transaction ends; found is false
// without one.
func (t *tx) Admin(ctx context.Context, id string) (a actions.TempAdmin, found bool, err error) {
	return adminByID(ctx, t, t.store.dialect.locking, id)
}

// AdminByID returns a temporary admin; found is false without one.
func (s *Store) AdminByID(ctx context.Context, id string) (a actions.TempAdmin, found bool, err error) {
	return adminByID(ctx, s.read, "", id)
}

func adminByID(ctx context.Context, q queryer, locking, id string) (actions.TempAdmin, bool, error) {
	found, err := one(tempAdmins(ctx, q, `id = $1 `+locking, storable(id)))
	return perhaps(found, err, "looking for a temporary admin")
}

// AdminOfRequest returns the temporary admin whose credentials come by a secret
// request, locked until the transaction ends; found is false without one.
func (t *tx) AdminOfRequest(ctx context.Context, request string) (a actions.TempAdmin, found bool, err error) {
	return adminOfRequest(ctx, t, t.store.dialect.locking, request)
}

func adminOfRequest(ctx context.Context, q queryer, locking, request string) (actions.TempAdmin, bool, error) {
	found, err := one(tempAdmins(ctx, q, `request <> '' AND request = $1 `+locking, storable(request)))
	return perhaps(found, err, "looking for the temporary admin of a request")
}

// AdminAt returns the temporary admin that a target has, or had, under a login; found
// is false without one.
func (s *Store) AdminAt(ctx context.Context, target, login string) (a actions.TempAdmin, found bool, err error) {
	return adminAt(ctx, s.read, target, login)
}

func adminAt(ctx context.Context, q queryer, target, login string) (actions.TempAdmin, bool, error) {
	found, err := one(tempAdmins(ctx, q, managed+` AND target = $1 AND login = $2`, storable(target), storable(login)))
	return perhaps(found, err, "looking for a site's temporary admin")
}

// PutAdmin stores all that may change of a temporary admin: everything but its ID,
// Site, Target, Login and At. NotFound when it isn't there any more.
func (t *tx) PutAdmin(ctx context.Context, a actions.TempAdmin) error {
	rows, err := t.exec(ctx, puttingAdmin, append(adminChanging(a), storable(a.ID))...)
	if err == nil && rows == 0 {
		return errNoAdmin
	}
	return failed("keeping what became of a temporary admin", err)
}

// puttingAdmin is the statement of PutAdmin; the ID comes last.
var puttingAdmin = func() string {
	n := strings.Count(adminChanges, ",") + 1
	return fmt.Sprintf(`UPDATE temp_admins SET (%s) = (%s) WHERE id = $%d`, adminChanges, marks(1, n), n+1)
}()
