package actions

import (
	"context"
	"fmt"
)

// sealedName names a row of sealed things.
func sealedName(purpose Purpose, id string) string { return string(purpose) + " " + id }

func (s *fakeStore) SealedByID(_ context.Context, purpose Purpose, id string) (Sealed, bool, error) {
	sealed, found := s.current().sealed[sealedName(purpose, id)]
	return sealed, found, s.down
}

func (t *fakeTx) PutSealed(_ context.Context, s Sealed) error {
	name := sealedName(s.Purpose, s.ID)
	if _, there := t.sealed[name]; there {
		return fmt.Errorf("a %s of that ID is there already", s.Purpose)
	}
	t.sealed[name] = s
	return nil
}

func (t *fakeTx) TakeSealed(_ context.Context, purpose Purpose, id string) (Sealed, bool, error) {
	sealed, found := t.sealed[sealedName(purpose, id)]
	delete(t.sealed, sealedName(purpose, id))
	return sealed, found, nil
}

func (t *fakeTx) DropSealed(_ context.Context, id string, purposes ...Purpose) error {
	for _, purpose := range purposes {
		delete(t.sealed, sealedName(purpose, id))
	}
	return nil
}
