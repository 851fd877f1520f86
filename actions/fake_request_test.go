package actions

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

func (s *fakeStore) RequestByID(_ context.Context, id string) (SecretRequest, bool, error) {
	r, found := s.state.requests[id]
	return r, found, s.down
}

func (s *fakeStore) RequestsBy(_ context.Context, actor string, limit int) ([]SecretRequest, error) {
	return s.requestsThat(limit, func(r SecretRequest) bool { return r.Actor == actor }), s.down
}

func (s *fakeStore) RequestsOver(_ context.Context, at time.Time, limit int) ([]SecretRequest, error) {
	return s.requestsThat(limit, func(r SecretRequest) bool { return r.EndedAt.IsZero() && !r.ExpiresAt.After(at) }), s.down
}

// requestsThat are some requests, newest first.
func (s *fakeStore) requestsThat(limit int, match func(SecretRequest) bool) []SecretRequest {
	var found []SecretRequest
	for _, r := range s.state.requests {
		if match(r) {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b SecretRequest) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return found[:min(limit, len(found))]
}

func (t *fakeTx) StartRequest(_ context.Context, r SecretRequest) error {
	if _, there := t.requests[r.ID]; there {
		return fmt.Errorf("a request of that ID is there already")
	}
	t.requests[r.ID] = r
	return nil
}

func (t *fakeTx) Request(_ context.Context, id string) (SecretRequest, bool, error) {
	r, found := t.requests[id]
	return r, found, nil
}

func (t *fakeTx) ReceiveRequest(_ context.Context, id string, at, until time.Time) (bool, error) {
	r := t.requests[id]
	if r.State != RequestAsked || !r.ExpiresAt.After(at) {
		return false, nil
	}
	r.State, r.ReceivedAt, r.ExpiresAt = RequestReceived, at, until
	t.requests[id] = r
	return true, nil
}

func (t *fakeTx) EndRequest(_ context.Context, id string, from []RequestState, state RequestState, reason string, at time.Time) (bool, error) {
	r := t.requests[id]
	if !slices.Contains(from, r.State) || state != RequestExpired && !r.ExpiresAt.After(at) {
		return false, nil
	}
	r.State, r.Reason, r.EndedAt = state, reason, at
	t.requests[id] = r
	return true, nil
}

func (t *fakeTx) KeepView(_ context.Context, id string, proof []byte, kid string, until time.Time) error {
	r := t.requests[id]
	r.ViewProof, r.KeyID, r.ViewUntil = proof, kid, until
	t.requests[id] = r
	return nil
}

func (t *fakeTx) MadeSince(_ context.Context, actor string, since time.Time) (int, error) {
	made := 0
	for _, r := range t.requests {
		if r.Actor == actor && r.At.After(since) {
			made++
		}
	}
	for _, s := range t.secrets {
		if s.Actor == actor && s.At.After(since) {
			made++
		}
	}
	return made, nil
}
