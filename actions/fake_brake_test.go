package actions

import (
	"context"
	"time"
)

func (t *fakeTx) Brake(_ context.Context, actor string) (Brake, bool, error) {
	brake, found := t.brakes[actor]
	return brake, found, nil
}

func (t *fakeTx) PullBrake(_ context.Context, b Brake) error {
	if old, found := t.brakes[b.Actor]; !found || !old.ReleasedAt.IsZero() {
		t.brakes[b.Actor] = b
	}
	return nil
}

func (t *fakeTx) ReleaseBrake(_ context.Context, b Brake) (bool, error) {
	old, found := t.brakes[b.Actor]
	if !found || !old.ReleasedAt.IsZero() {
		return false, nil
	}
	old.ReleasedAt, old.ReleasedBy = b.ReleasedAt, b.ReleasedBy
	t.brakes[b.Actor] = old
	return true, nil
}

func (t *fakeTx) LookedAt(_ context.Context, actor string, since time.Time) (int, error) {
	seen := map[string]bool{}
	for _, e := range t.audit {
		if e.Actor == actor && e.Subject != "" && e.At.After(since) {
			seen[e.Subject] = true
		}
	}
	return len(seen), nil
}

func (s *fakeStore) Held(context.Context, string, string, string, time.Time) (Verification, bool, error) {
	return Verification{}, false, s.down
}
