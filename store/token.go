package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// tokenRow is a token in its table.
type tokenRow struct {
	Hash       []byte `db:"hash"`
	Name       string `db:"name"`
	Scopes     list   `db:"scopes"`
	CreatedAt  stamp  `db:"created_at"`
	CreatedBy  string `db:"created_by"`
	LastUsedAt stamp  `db:"last_used_at"`
	RevokedAt  stamp  `db:"revoked_at"`
}

const tokenColumns = `hash, name, scopes, created_at, created_by, last_used_at, revoked_at`

func (r tokenRow) token() actions.Token {
	token := actions.Token{
		Name: r.Name, CreatedAt: r.CreatedAt.Time, CreatedBy: r.CreatedBy, LastUsedAt: r.LastUsedAt.Time, RevokedAt: r.RevokedAt.Time,
	}
	for _, scope := range r.Scopes {
		token.Scopes = append(token.Scopes, actions.Scope(scope))
	}
	return token
}

// Token returns the token with that hash, revoked ones too, and the hash as it
// is kept; without one the zero Token and no hash. It doesn't wait for a writer.
func (s *Store) Token(ctx context.Context, hash []byte) (actions.Token, []byte, error) {
	var row tokenRow
	err := s.read.GetContext(ctx, &row, `SELECT `+tokenColumns+` FROM tokens WHERE hash = $1`, hash)
	if errors.Is(err, sql.ErrNoRows) {
		return actions.Token{}, nil, nil
	}
	return row.token(), row.Hash, failed("looking for a token", err)
}

// Tokens returns every token, those that aren't revoked first, by name; of the
// others the one revoked last comes first.
func (s *Store) Tokens(ctx context.Context) ([]actions.Token, error) {
	var rows []tokenRow
	err := s.read.SelectContext(ctx, &rows, `SELECT `+tokenColumns+` FROM tokens
		ORDER BY CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END, revoked_at DESC, name`)
	var tokens []actions.Token
	for _, row := range rows {
		tokens = append(tokens, row.token())
	}
	return tokens, failed("reading the tokens", err)
}

// AddToken keeps a token by its hash; added is false when there is one of that
// name that isn't revoked.
func (t *tx) AddToken(ctx context.Context, token actions.Token, hash []byte) (added bool, err error) {
	var scopes list
	for _, scope := range token.Scopes {
		scopes = append(scopes, string(scope))
	}
	rows, err := t.exec(ctx, `INSERT INTO tokens (hash, name, scopes, created_at, created_by) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING`,
		hash, token.Name, scopes, at(token.CreatedAt), storable(token.CreatedBy))
	return rows == 1, failed("keeping a token", err)
}

// UseToken notes that a token was used at a moment, unless it was used later
// than since or is revoked.
func (t *tx) UseToken(ctx context.Context, hash []byte, when, since time.Time) error {
	_, err := t.exec(ctx, `UPDATE tokens SET last_used_at = $1
		WHERE hash = $2 AND revoked_at IS NULL AND (last_used_at IS NULL OR last_used_at <= $3)`, at(when), hash, at(since))
	return failed("noting the use of a token", err)
}

// RevokeToken revokes the token of that name; revoked is false when there is
// none that isn't revoked.
func (t *tx) RevokeToken(ctx context.Context, name string, when time.Time) (revoked bool, err error) {
	rows, err := t.exec(ctx, `UPDATE tokens SET revoked_at = $1 WHERE name = $2 AND revoked_at IS NULL`, at(when), storable(name))
	return rows == 1, failed("revoking a token", err)
}
