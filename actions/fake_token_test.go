package actions

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

func (s *fakeStore) Token(_ context.Context, hash []byte) (Token, []byte, error) {
	if token, there := s.state.tokens[string(hash)]; there {
		return token, hash, s.down
	}
	return Token{}, nil, s.down
}

func (s *fakeStore) Tokens(context.Context) ([]Token, error) {
	var all []Token
	for _, token := range s.state.tokens {
		all = append(all, token)
	}
	slices.SortFunc(all, func(a, b Token) int {
		if a.RevokedAt.IsZero() != b.RevokedAt.IsZero() {
			return cmp.Compare(a.RevokedAt.Unix(), b.RevokedAt.Unix())
		}
		return cmp.Or(b.RevokedAt.Compare(a.RevokedAt), strings.Compare(a.Name, b.Name))
	})
	return all, s.down
}

// named is the hash of the token of that name which isn't revoked.
func (t *fakeTx) named(name string) (hash string, there bool) {
	for hash, token := range t.tokens {
		if token.Name == name && token.RevokedAt.IsZero() {
			return hash, true
		}
	}
	return "", false
}

func (t *fakeTx) AddToken(_ context.Context, token Token, hash []byte) (bool, error) {
	_, taken := t.named(token.Name)
	if !taken {
		t.tokens[string(hash)] = token
	}
	return !taken, nil
}

func (t *fakeTx) UseToken(_ context.Context, hash []byte, at, since time.Time) error {
	token, there := t.tokens[string(hash)]
	if there && token.RevokedAt.IsZero() && !token.LastUsedAt.After(since) {
		token.LastUsedAt = at
		t.tokens[string(hash)] = token
	}
	return nil
}

func (t *fakeTx) RevokeToken(_ context.Context, name string, at time.Time) (bool, error) {
	hash, there := t.named(name)
	if there {
		token := t.tokens[hash]
		token.RevokedAt = at
		t.tokens[hash] = token
	}
	return there, nil
}
