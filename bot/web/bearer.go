package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// Doorkeeper knows who holds which token. actions.Actions is one.
type Doorkeeper interface {
	// Authenticate returns who holds a token that opens one of the scopes. Its
	// errors are actions.ErrUnknownToken, another Forbidden one, and Unavailable.
	Authenticate(ctx context.Context, bearer string, scopes ...actions.Scope) (actions.TokenHolder, error)
}

// bearer returns who sends a request, when their token opens one of the scopes.
func bearer(r *http.Request, door Doorkeeper, scopes ...actions.Scope) (actions.TokenHolder, error) {
	given := r.Header.Values("Authorization")
	if len(given) != 1 {
		return actions.TokenHolder{}, actions.ErrUnknownToken
	}
	scheme, token, _ := strings.Cut(given[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return actions.TokenHolder{}, actions.ErrUnknownToken
	}
	ctx, cancel := context.WithTimeout(r.Context(), slotTime)
	defer cancel()
	return door.Authenticate(ctx, strings.TrimSpace(token), scopes...)
}

// refusal is why a request wasn't taken.
type refusal struct {
	status   int
	Sentence string `json:"error"`
	Line     int    `json:"line,omitempty"`
	Field    string `json:"field,omitempty"`
}

// Error is the sentence.
func (r *refusal) Error() string { return r.Sentence }

// refusalFor turns an error into an answer. What is unexpected goes to the log
// after what, which says what could not be done, and the answer names where.
func refusalFor(ctx context.Context, err error, what string, log *slog.Logger) *refusal {
	var known *refusal
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, actions.ErrUnknownToken):
		return &refusal{status: http.StatusUnauthorized, Sentence: "unauthorized"}
	case actions.CodeOf(err) == actions.Forbidden:
		return &refusal{status: http.StatusForbidden, Sentence: "forbidden"}
	}
	words := actions.Explain(err)
	blame(ctx, log, what, "reference", words.Reference, "error", err)
	status := http.StatusServiceUnavailable
	if words.Code == actions.Internal {
		status = http.StatusInternalServerError
	}
	return &refusal{status: status, Sentence: words.Sentence}
}

// blame logs what could not be done for a request: as an error, unless whoever sent it has
// hung up, which is no fault of ours.
func blame(ctx context.Context, log *slog.Logger, what string, attrs ...any) {
	level := slog.LevelError
	if errors.Is(ctx.Err(), context.Canceled) {
		level = slog.LevelInfo
	}
	log.Log(ctx, level, what, attrs...)
}

// head begins the answer that says why a request wasn't taken.
func (r *refusal) head(w http.ResponseWriter) {
	switch r.status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", retryAfter)
	}
	w.WriteHeader(r.status)
}

// desk is the handler of one small request of a system that holds a token, which
// is answered with JSON.
type desk struct {
	door   Doorkeeper
	scope  actions.Scope
	method string
	failed string // what the log says when it could not be done
	log    *slog.Logger
	// serve answers the holder of a token of the scope. Nothing of the body is
	// read before.
	serve func(w http.ResponseWriter, r *http.Request, holder actions.TokenHolder) (any, error)
}

// ServeHTTP answers one request.
func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header(), "application/json")
	answer, err := d.take(w, r)
	if err != nil {
		refused := refusalFor(r.Context(), err, d.failed, d.log)
		refused.head(w)
		answer = refused
	}
	_ = json.NewEncoder(w).Encode(answer) // who hung up reads nothing
}

func (d *desk) take(w http.ResponseWriter, r *http.Request) (any, error) {
	if r.Method != d.method {
		w.Header().Set("Allow", d.method)
		return nil, &refusal{status: http.StatusMethodNotAllowed, Sentence: "This is asked with " + d.method + "."}
	}
	holder, err := bearer(r, d.door, d.scope)
	if err != nil {
		return nil, err
	}
	return d.serve(w, r, holder)
}
