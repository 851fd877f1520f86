package actions

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Scope is what a token opens.
type Scope string

// The scopes of a token.
const (
	ScopeEvents    Scope = "events"    // send attempts, deliveries, codes and reset links
	ScopeDirectory Scope = "directory" // send what events does, and accounts, users, memberships, locks, suppressions
	ScopeSecrets   Scope = "secrets"
	ScopeLinks     Scope = "links"
	ScopeTickets   Scope = "tickets"
	ScopeChanges   Scope = "changes"
)

// Scopes lists every scope there is.
var Scopes = []Scope{ScopeEvents, ScopeDirectory, ScopeSecrets, ScopeLinks, ScopeTickets, ScopeChanges}

// Token is what a system of the company proves itself with. Its text is shown
// once and kept nowhere; a hash recognises it.
type Token struct {
	Name       string // unique among those that aren't revoked
	Scopes     []Scope
	CreatedAt  time.Time
	CreatedBy  string    // the actor who made it
	LastUsedAt time.Time // to the minute; zero: never
	RevokedAt  time.Time // zero: it is good
}

// NewToken is a token at the one moment when its text is known.
type NewToken struct {
	Token
	Text string // a secret: for whoever asked for it, and for no log
}

// TokenHolder is a system that has proven itself with a token.
type TokenHolder struct {
	Name   string
	Scopes []Scope
}

// Has reports whether the holder may do what the scope opens.
func (h TokenHolder) Has(scope Scope) bool { return slices.Contains(h.Scopes, scope) }

// Actor is the holder as the audit names it: "token:" and the name.
func (h TokenHolder) Actor() Actor { return Actor{ID: "token:" + h.Name} }

// TokenTx is how tokens are made, used and revoked.
type TokenTx interface {
	// AddToken keeps a token by the hash of its text; added is false when there is
	// one of that name that isn't revoked.
	AddToken(ctx context.Context, token Token, hash []byte) (added bool, err error)
	// UseToken notes that the token was used at a moment, unless it was used later
	// than since or is revoked.
	UseToken(ctx context.Context, hash []byte, at, since time.Time) error
	// RevokeToken revokes the token of that name; revoked is false when there is
	// none that isn't revoked.
	RevokeToken(ctx context.Context, name string, at time.Time) (revoked bool, err error)
}

const (
	// tokenPrefix lets people, and programs that look for secrets, recognise one.
	tokenPrefix = "latchkey_"
	tokenBytes  = 32
	// tokenMinute is how exactly the last use is known: not every use is written.
	tokenMinute = time.Minute
	// useLimit is how long noting a use may take. Nobody is turned away for it.
	useLimit = time.Second
)

var (
	tokenLength  = len(tokenPrefix) + base64.RawURLEncoding.EncodedLen(tokenBytes)
	tokenPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
)

// CreateToken makes a token and returns it with its text, which can't be had
// again. It is a row of the audit.
//
// Errors: Forbidden for who may not, Invalid for a name or a scope that can't
// be one, Conflict when the name is taken by a token that isn't revoked,
// Unavailable without a key or when the database doesn't answer.
func (a *Actions) CreateToken(ctx context.Context, call Call, name string, scopes ...Scope) (NewToken, error) {
	if !May(call.Actor.Roles, ActTokenCreate) {
		return NewToken{}, a.Refuse(ctx, call, ActTokenCreate)
	}
	scopes, err := checkToken(name, scopes)
	if err != nil {
		return NewToken{}, err
	}
	made := NewToken{
		Token: Token{Name: name, Scopes: scopes, CreatedAt: Instant(a.Now()), CreatedBy: call.Actor.ID},
		Text:  newTokenText(),
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		added, err := tx.AddToken(ctx, made.Token, hashToken(made.Text))
		if err != nil {
			return err
		}
		if !added {
			return Errorf(Conflict, "There is a token %q already. Please choose another name, or revoke that one first: latchkey token revoke %s", name, name)
		}
		return a.recordToken(ctx, tx, call, ActTokenCreate, name+": "+joinScopes(scopes))
	})
	if err != nil {
		return NewToken{}, err
	}
	return made, nil
}

// checkToken returns the scopes, each once and in the order of [Scopes].
func checkToken(name string, scopes []Scope) ([]Scope, error) {
	if !tokenPattern.MatchString(name) {
		return nil, Errorf(Invalid, "A token is named by up to 64 letters, digits, dots, dashes and underscores, such as crm or login-events.")
	}
	for _, scope := range scopes {
		if !slices.Contains(Scopes, scope) {
			return nil, Errorf(Invalid, "There is no scope %.40q; a scope is one of %s.", scope, joinScopes(Scopes))
		}
	}
	if len(scopes) == 0 {
		return nil, Errorf(Invalid, "A token needs a scope; a scope is one of %s.", joinScopes(Scopes))
	}
	return slices.DeleteFunc(slices.Clone(Scopes), func(s Scope) bool { return !slices.Contains(scopes, s) }), nil
}

func joinScopes(scopes []Scope) string {
	names := make([]string, len(scopes))
	for i, scope := range scopes {
		names[i] = string(scope)
	}
	return strings.Join(names, ", ")
}

func newTokenText() string { return tokenPrefix + randomText(tokenBytes) }

// hashToken is what is kept of a token's text. The text is random and long, so
// that a quick hash is as good as a slow one.
func hashToken(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

func (a *Actions) recordToken(ctx context.Context, tx Tx, call Call, act Act, detail string) error {
	return a.record(ctx, tx, call, AuditEntry{At: Instant(a.Now()), Act: act, Outcome: ActDone, Detail: detail})
}

// Tokens returns every token there ever was, those that aren't revoked first,
// by name. Whoever may make tokens may see them.
//
// Errors: Forbidden for who may not, Unavailable when the database doesn't
// answer.
func (a *Actions) Tokens(ctx context.Context, call Call) ([]Token, error) {
	if !May(call.Actor.Roles, ActTokenCreate) {
		return nil, a.Refuse(ctx, call, ActTokenCreate)
	}
	return a.Store.Tokens(ctx)
}

// RevokeToken makes a token of no use, from now on and for ever. It is a row of
// the audit.
//
// Errors: Forbidden for who may not, NotFound when there is no such token that
// isn't revoked, Unavailable without a key or when the database doesn't answer.
func (a *Actions) RevokeToken(ctx context.Context, call Call, name string) error {
	if !May(call.Actor.Roles, ActTokenRevoke) {
		return a.Refuse(ctx, call, ActTokenRevoke)
	}
	return a.Store.Tx(ctx, func(tx Tx) error {
		revoked, err := tx.RevokeToken(ctx, name, Instant(a.Now()))
		if err != nil {
			return err
		}
		if !revoked {
			return Errorf(NotFound, "There is no token %.64q that could be revoked. The tokens there are: latchkey token list", name)
		}
		return a.recordToken(ctx, tx, call, ActTokenRevoke, name)
	})
}

// ErrUnknownToken is the one error for a token that isn't one, that nobody made
// and that was revoked: it doesn't say which.
var ErrUnknownToken = Errorf(Forbidden, "This token isn't known.")

// Authenticate returns who holds the token with that text, when it opens at
// least one of the scopes. It notes the use, at most once a minute.
//
// Errors: ErrUnknownToken, another Forbidden error for a token without any of
// the scopes, Unavailable when the database doesn't answer.
func (a *Actions) Authenticate(ctx context.Context, bearer string, scopes ...Scope) (TokenHolder, error) {
	if len(bearer) != tokenLength || !strings.HasPrefix(bearer, tokenPrefix) {
		return TokenHolder{}, ErrUnknownToken
	}
	hash := hashToken(bearer)
	token, kept, err := a.Store.Token(ctx, hash)
	if err != nil {
		return TokenHolder{}, err
	}
	if subtle.ConstantTimeCompare(kept, hash) != 1 || !token.RevokedAt.IsZero() {
		return TokenHolder{}, ErrUnknownToken
	}
	holder := TokenHolder{Name: token.Name, Scopes: token.Scopes}
	if !slices.ContainsFunc(scopes, holder.Has) {
		return TokenHolder{}, Errorf(Forbidden, "This token doesn't open that.")
	}
	a.noteUse(ctx, token, hash)
	return holder, nil
}

// noteUse writes down that a token was used, unless it was within the last
// minute. When the database is busy with something long the next use does it.
func (a *Actions) noteUse(ctx context.Context, token Token, hash []byte) {
	now := Instant(a.Now())
	since := now.Add(-tokenMinute)
	if token.LastUsedAt.After(since) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, useLimit)
	defer cancel()
	if err := a.Store.Tx(ctx, func(tx Tx) error { return tx.UseToken(ctx, hash, now, since) }); err != nil {
		a.Log.WarnContext(ctx, "the use of a token could not be noted", "token", token.Name, "error", err)
	}
}
