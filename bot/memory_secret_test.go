package bot

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// What a database knows of secrets of which none was sent yet: nothing.

func (m *memory) SecretByID(context.Context, string) (actions.Secret, bool, error) {
	return actions.Secret{}, false, nil
}

func (m *memory) RequestByID(context.Context, string) (actions.SecretRequest, bool, error) {
	return actions.SecretRequest{}, false, nil
}

func (m *memory) SealedByID(context.Context, actions.Purpose, string) (actions.Sealed, bool, error) {
	return actions.Sealed{}, false, nil
}

func (tx memoryTx) Secret(context.Context, string) (actions.Secret, bool, error) {
	return actions.Secret{}, false, nil
}

func (tx memoryTx) Request(context.Context, string) (actions.SecretRequest, bool, error) {
	return actions.SecretRequest{}, false, nil
}
