package actions

import "context"

func (t *fakeTx) ContactsChanged(context.Context) ([]ContactChange, error) {
	changes := t.contacts
	t.contacts = nil
	return changes, nil
}
