package actions

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

func (s *fakeStore) SecretByID(_ context.Context, id string) (Secret, bool, error) {
	secret, found := s.state.secrets[id]
	return secret, found, s.down
}

func (s *fakeStore) SecretsBy(_ context.Context, actor string, limit int) ([]Secret, error) {
	return s.secretsThat(limit, func(secret Secret) bool { return secret.Actor == actor }), s.down
}

func (s *fakeStore) SecretsOver(_ context.Context, at time.Time, limit int) ([]Secret, error) {
	return s.secretsThat(limit, func(secret Secret) bool {
		return secret.State == SecretLive && !secret.ExpiresAt.After(at)
	}), s.down
}

// secretsThat are some secrets, newest first.
func (s *fakeStore) secretsThat(limit int, match func(Secret) bool) []Secret {
	var found []Secret
	for _, secret := range s.state.secrets {
		if match(secret) {
			found = append(found, secret)
		}
	}
	slices.SortFunc(found, func(a, b Secret) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return found[:min(limit, len(found))]
}

func (t *fakeTx) StartSecret(_ context.Context, s Secret) error {
	if _, there := t.secrets[s.ID]; there {
		return fmt.Errorf("a secret of that ID is there already")
	}
	t.secrets[s.ID] = s
	return nil
}

func (t *fakeTx) Secret(_ context.Context, id string) (Secret, bool, error) {
	s, found := t.secrets[id]
	return s, found, nil
}

func (t *fakeTx) EndSecret(_ context.Context, id string, state SecretState, why string, at time.Time) (bool, error) {
	s := t.secrets[id]
	if s.State != SecretLive || state != SecretExpired && !s.ExpiresAt.After(at) {
		return false, nil
	}
	s.State, s.Why, s.EndedAt = state, why, at
	t.secrets[id] = s
	return true, nil
}

func (t *fakeTx) SpendTry(_ context.Context, id string, limit int, at time.Time) (int, bool, error) {
	s := t.secrets[id]
	if s.State != SecretLive || !s.ExpiresAt.After(at) || s.Wrong >= limit {
		return s.Wrong, false, nil
	}
	s.Wrong++
	t.secrets[id] = s
	return s.Wrong, true, nil
}

func (t *fakeTx) AskAgain(_ context.Context, id string, at time.Time) (bool, error) {
	s := t.secrets[id]
	if !s.AgainAt.IsZero() {
		return false, nil
	}
	s.AgainAt = at
	t.secrets[id] = s
	return true, nil
}

// HandoutsOver finds none: the tests that set passwords have a store of their own.
func (s *fakeStore) HandoutsOver(context.Context, time.Time, int) ([]string, error) {
	return nil, s.down
}
