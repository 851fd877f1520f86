package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// incidentRow is an incident in its table.
type incidentRow struct {
	ID        string                    `db:"id"`
	Outcome   string                    `db:"outcome"`
	At        stamp                     `db:"at"`
	SeenAt    stamp                     `db:"seen_at"`
	EndedAt   stamp                     `db:"ended_at"`
	Customers int                       `db:"customers"`
	Peak      int                       `db:"peak"`
	Usual     float64                   `db:"usual"`
	Shares    document[[]actions.Share] `db:"shares"`
}

const incidentColumns = `id, outcome, at, seen_at, ended_at, customers, peak, usual, shares`

// lasts is the condition of the index over incidents that haven't ended, which a query
// must repeat word by word.
const lasts = `ended_at IS NULL`

func (r incidentRow) incident() actions.Incident {
	return actions.Incident{
		ID: r.ID, Outcome: actions.Outcome(r.Outcome), At: r.At.Time, SeenAt: r.SeenAt.Time, EndedAt: r.EndedAt.Time,
		Customers: r.Customers, Peak: r.Peak, Usual: r.Usual, Shares: r.Shares.Content,
	}
}

// incidents reads incidents by q; where continues the query.
func incidents(ctx context.Context, q queryer, where string, args ...any) ([]actions.Incident, error) {
	return all(ctx, q, incidentRow.incident, `SELECT `+incidentColumns+` FROM incidents WHERE `+where, args...)
}

// OpenIncidents returns the incidents that haven't ended, oldest first.
func (s *Store) OpenIncidents(ctx context.Context) ([]actions.Incident, error) {
	return openIncidents(ctx, s.read)
}

func openIncidents(ctx context.Context, q queryer) ([]actions.Incident, error) {
	open, err := incidents(ctx, q, lasts) // a handful: in order, SQLite would look through all there were
	slices.SortFunc(open, func(a, b actions.Incident) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return open, failed("looking for incidents", err)
}

var errNoIncident = actions.Errorf(actions.NotFound, "That incident isn't on record any more.")

// IncidentByID returns an incident, and NotFound without one.
func (s *Store) IncidentByID(ctx context.Context, id string) (actions.Incident, error) {
	return incidentByID(ctx, s.read, id)
}

func incidentByID(ctx context.Context, q queryer, id string) (actions.Incident, error) {
	found, err := one(incidents(ctx, q, `id = $1`, storable(id)))
	return given(found, err, errNoIncident, "reading an incident")
}

// IncidentsIn returns the incidents that began before until and go on, or were seen last not
// before from, newest first, at most limit: one that was closed later was over by then.
func (s *Store) IncidentsIn(ctx context.Context, from, until time.Time, limit int) ([]actions.Incident, error) {
	return incidentsIn(ctx, s.read, from, until, limit)
}

func incidentsIn(ctx context.Context, q queryer, from, until time.Time, limit int) ([]actions.Incident, error) {
	found, err := incidents(ctx, q, `at < $1 AND (ended_at IS NULL OR seen_at >= $2) ORDER BY at DESC, id DESC LIMIT $3`,
		at(until), at(from), limit)
	return found, failed("reading the incidents of some days", err)
}

// StartIncident stores a new incident; started is false when one of the same outcome
// hasn't ended.
func (t *tx) StartIncident(ctx context.Context, i actions.Incident) (started bool, err error) {
	rows, err := t.exec(ctx, `INSERT INTO incidents (`+incidentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (outcome) WHERE `+lasts+` DO NOTHING`,
		i.ID, string(i.Outcome), at(i.At), at(i.SeenAt), at(i.EndedAt), i.Customers, i.Peak, i.Usual, sharesOf(i))
	return rows == 1, failed("opening an incident", err)
}

// MoveIncident stores all of an incident but its outcome and its beginning, unless it
// has ended or was seen later than i was; moved is false then.
func (t *tx) MoveIncident(ctx context.Context, i actions.Incident) (moved bool, err error) {
	rows, err := t.exec(ctx, `UPDATE incidents SET seen_at = $1, ended_at = $2, customers = $3, peak = $4, usual = $5, shares = $6
		WHERE id = $7 AND seen_at <= $1 AND `+lasts,
		at(i.SeenAt), at(i.EndedAt), i.Customers, i.Peak, i.Usual, sharesOf(i), i.ID)
	return rows == 1, failed("keeping an incident up to date", err)
}

// sharesOf is the document of what an incident's customers have in common.
func sharesOf(i actions.Incident) document[[]actions.Share] {
	shares := make([]actions.Share, len(i.Shares))
	for n, share := range i.Shares {
		share.What, share.ID = storable(share.What), storable(share.ID)
		shares[n] = share
	}
	return document[[]actions.Share]{shares}
}
