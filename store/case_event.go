package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/escalation"
)

// eventRow is an event of a case in its table.
type eventRow struct {
	CaseID string `db:"case_id"`
	Seq    int    `db:"seq"`
	Kind   string `db:"kind"`
	Actor  string `db:"actor"`
	At     stamp  `db:"at"`
	Body   string `db:"body"`
	Whom   string `db:"whom"`
	Clock  string `db:"clock"`
	Level  int    `db:"level"`
}

const eventColumns = `case_id, seq, kind, actor, at, body, whom, clock, level`

func (r eventRow) event() escalation.Event {
	return escalation.Event{
		Case: r.CaseID, Seq: r.Seq, Kind: escalation.EventKind(r.Kind), Actor: r.Actor, At: r.At.Time, Text: r.Body, To: r.Whom,
		Clock: r.Clock, Level: escalation.Reminder(r.Level),
	}
}

// AddEvent stores an event.
func (t *tx) AddEvent(ctx context.Context, e escalation.Event) error {
	_, err := t.exec(ctx, `INSERT INTO case_events (`+eventColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.Case, e.Seq, string(e.Kind), storable(e.Actor), at(e.At), storable(e.Text), storable(e.To), e.Clock, int(e.Level))
	return failed("writing down what happened to a case", err)
}

// EventsOf returns the events of a case, oldest first.
func (s *Store) EventsOf(ctx context.Context, id string) ([]escalation.Event, error) {
	return eventsOf(ctx, s.read, id)
}

// EventsOf returns them as this transaction sees them.
func (t *tx) EventsOf(ctx context.Context, id string) ([]escalation.Event, error) {
	return eventsOf(ctx, t, id)
}

func eventsOf(ctx context.Context, q queryer, id string) ([]escalation.Event, error) {
	events, err := all(ctx, q, eventRow.event, `SELECT `+eventColumns+` FROM case_events WHERE case_id = $1 ORDER BY seq`, storable(id))
	return events, failed("reading what happened to a case", err)
}
