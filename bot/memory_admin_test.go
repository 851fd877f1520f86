package bot

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// What a database knows of temporary admins of which there never was one, and of
// targets of which none was added: nothing.

func (m *memory) AdminByID(context.Context, string) (t actions.TempAdmin, found bool, err error) {
	return t, false, m.down
}

func (m *memory) AdminAt(context.Context, string, string) (t actions.TempAdmin, found bool, err error) {
	return t, false, m.down
}

func (m *memory) AdminList(context.Context, actions.AdminFilter, int) ([]actions.TempAdmin, error) {
	return nil, m.down
}

func (m *memory) AdminCount(context.Context, actions.AdminFilter) (int, error) { return 0, m.down }

func (m *memory) AdminsDue(context.Context, time.Time, int) ([]actions.TempAdmin, error) {
	return nil, m.down
}

func (m *memory) TargetByID(context.Context, string) (t actions.Target, found bool, err error) {
	return t, false, m.down
}

func (m *memory) TargetByName(context.Context, string) (t actions.Target, found bool, err error) {
	return t, false, m.down
}

func (m *memory) Targets(context.Context) ([]actions.Target, error) { return nil, m.down }

func (x memoryTx) Admin(context.Context, string) (t actions.TempAdmin, found bool, err error) {
	return t, false, nil
}

func (x memoryTx) AdminOfRequest(context.Context, string) (t actions.TempAdmin, found bool, err error) {
	return t, false, nil
}
