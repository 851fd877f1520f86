package bot

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// OpenIncidents: nothing unusual happens.
func (m *memory) OpenIncidents(context.Context) ([]actions.Incident, error) { return nil, nil }

// IncidentByID: none was ever seen.
func (m *memory) IncidentByID(context.Context, string) (actions.Incident, error) {
	return actions.Incident{}, actions.Errorf(actions.NotFound, "That incident isn't on record any more.")
}

// IncidentsIn: none.
func (m *memory) IncidentsIn(context.Context, time.Time, time.Time, int) ([]actions.Incident, error) {
	return nil, m.down
}
