package bot

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Nobody is forgotten from Slack, and retention is a job.

func (m *memory) Aliases(context.Context, string) ([]string, []string, error) {
	panic("the bot forgets nobody")
}

func (m *memory) RecordsAbout(context.Context, actions.Known) ([]string, error) {
	panic("the bot forgets nobody")
}

func (m *memory) UnderWay(context.Context, actions.Known) (string, error) {
	panic("the bot forgets nobody")
}

func (m *memory) Unshared(context.Context, []string, []string) ([]string, error) {
	panic("the bot forgets nobody")
}

func (m *memory) Audience(context.Context) ([]string, []string, error) {
	panic("the bot forgets nobody")
}

func (m *memory) MessagesAbout(context.Context, actions.Known) ([]actions.Posted, error) {
	panic("the bot forgets nobody")
}

func (m *memory) Checkpoint(context.Context) (actions.Checkpoint, bool, error) {
	panic("the bot checks no audit")
}

func (m *memory) AuditBefore(context.Context, time.Time) (int64, error) {
	panic("the bot cuts no audit")
}

func (m *memory) CutAudit(context.Context, int64) (int, error) { panic("the bot cuts no audit") }

func (m *memory) DropAttempts(context.Context, time.Time) (map[string]int, error) {
	panic("the bot drops no attempts")
}

func (tx memoryTx) HoldImports(context.Context) error { panic("the bot forgets nobody") }

func (tx memoryTx) UnderWay(context.Context, actions.Known) (string, error) {
	panic("the bot forgets nobody")
}

func (tx memoryTx) Erase(context.Context, actions.Known) (map[string]int, error) {
	panic("the bot forgets nobody")
}

func (tx memoryTx) CardsAt(context.Context, []actions.Posted, time.Time) ([]actions.Outgoing, error) {
	panic("the bot forgets nobody")
}

func (tx memoryTx) AddTombstones(context.Context, [][]byte, time.Time) error {
	panic("the bot forgets nobody")
}

func (tx memoryTx) AddCheckpoint(context.Context, actions.Checkpoint) error {
	panic("the bot cuts no audit")
}
