package bot

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// caseless is what a database knows of cases of which none was opened yet:
// nothing.
type caseless struct {
	escalation.Store // what nobody here asks for
	memory           *memory
}

// newDesk makes the use cases of escalations over a memory.
func newDesk(a *actions.Actions, m *memory) *escalation.Desk {
	return &escalation.Desk{Actions: a, Store: caseless{memory: m}, Channel: "C0LTWO"}
}

func (c caseless) CaseByID(context.Context, string) (escalation.Case, bool, error) {
	return escalation.Case{}, false, nil
}

func (c caseless) OpenCaseOf(context.Context, string) (escalation.Case, bool, error) {
	return escalation.Case{}, false, nil
}

func (c caseless) CaseList(context.Context, escalation.Filter, int, int) ([]escalation.Case, error) {
	return nil, nil
}

func (c caseless) CaseCount(context.Context, escalation.Filter, int) (int, error) { return 0, nil }

func (c caseless) CaseAt(context.Context, actions.Posted) (string, bool, error) {
	return "", false, nil
}

func (c caseless) ResolvedLately(context.Context, string, time.Time) (escalation.Case, bool, error) {
	return escalation.Case{}, false, nil
}

func (c caseless) Cases(ctx context.Context, fn func(escalation.Tx) error) error {
	return c.memory.Tx(ctx, func(tx actions.Tx) error { return fn(caselessTx{memoryTx: tx.(memoryTx)}) }) //nolint:forcetypeassert // it is the memory's own
}

// caselessTx is a transaction of it.
type caselessTx struct{ memoryTx }

func (t caselessTx) Case(context.Context, string) (escalation.Case, bool, error) {
	return escalation.Case{}, false, nil
}

func (t caselessTx) OpenCase(context.Context, string) (escalation.Case, bool, error) {
	return escalation.Case{}, false, nil
}

func (t caselessTx) OpenedSince(context.Context, string, time.Time) (int, error) { return 0, nil }

func (t caselessTx) StartCase(context.Context, escalation.Case) (bool, error) {
	panic("nobody here opens a case")
}

func (t caselessTx) SaveCase(context.Context, escalation.Case) (bool, error) {
	panic("there is no case to change")
}

func (t caselessTx) AddEvent(context.Context, escalation.Event) error {
	panic("there is no case that something happens to")
}

func (t caselessTx) Follow(context.Context, escalation.Follower) (bool, error) {
	panic("there is no case to follow")
}

func (t caselessTx) EventsOf(context.Context, string) ([]escalation.Event, error) { return nil, nil }

func (t caselessTx) FollowersOf(context.Context, string) ([]escalation.Follower, error) {
	return nil, nil
}

func (c caseless) EventsOf(context.Context, string) ([]escalation.Event, error) { return nil, nil }

func (c caseless) FollowersOf(context.Context, string) ([]escalation.Follower, error) {
	return nil, nil
}
