package bot

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Tokens are for systems of the company: nothing in Slack knows them.

func (m *memory) Token(context.Context, []byte) (actions.Token, []byte, error) {
	panic("the bot knows no tokens")
}

func (m *memory) Tokens(context.Context) ([]actions.Token, error) { panic("the bot knows no tokens") }

func (tx memoryTx) AddToken(context.Context, actions.Token, []byte) (bool, error) {
	panic("the bot knows no tokens")
}

func (tx memoryTx) UseToken(context.Context, []byte, time.Time, time.Time) error {
	panic("the bot knows no tokens")
}

func (tx memoryTx) RevokeToken(context.Context, string, time.Time) (bool, error) {
	panic("the bot knows no tokens")
}
