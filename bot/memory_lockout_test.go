package bot

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// Nobody was locked out here, and support has nothing open.

func (m *memory) AttemptsReach(context.Context, time.Time) (oldest, newest time.Time, err error) {
	return oldest, newest, m.down
}

func (m *memory) EachTries(context.Context, actions.TriesQuery, func([]actions.Tries) error) error {
	return m.down
}

func (m *memory) LockoutRecords(context.Context, []string, time.Time, time.Time) (map[string]actions.LockoutRecords, error) {
	return nil, m.down
}

func (m *memory) SuccessesOf(context.Context, []string, time.Time, time.Time) (map[string][]actions.Attempt, error) {
	return nil, m.down
}

func (m *memory) AccountsByID(context.Context, []string) (map[string]actions.Account, error) {
	return nil, m.down
}

func (m *memory) Judged(context.Context, actions.Span) ([]actions.Watch, error) { return nil, m.down }

func (m *memory) Unopened(context.Context, actions.Span, time.Time, int, int) ([]actions.Secret, error) {
	return nil, m.down
}

func (m *memory) DeskNumbers(context.Context, actions.Span, time.Time) (actions.DeskNumbers, error) {
	return actions.DeskNumbers{}, m.down
}

func (c caseless) CasesIn(context.Context, actions.Span) (opened, resolved int, err error) {
	return 0, 0, c.memory.uncountable
}

func (c caseless) CasesOpened(context.Context, actions.Span, int, int) ([]escalation.Case, error) {
	return nil, nil
}

func (c caseless) CasesResolved(context.Context, actions.Span, int, int) ([]escalation.Case, error) {
	return nil, nil
}

func (c caseless) CasesTimed(context.Context, actions.Span) ([]escalation.Timed, error) {
	return nil, nil
}

func (c caseless) CaseQueue(context.Context, time.Time, int) ([]escalation.Case, error) {
	return nil, nil
}

func (c caseless) CaseQueueCount(context.Context, time.Time, int) (int, error) { return 0, nil }
