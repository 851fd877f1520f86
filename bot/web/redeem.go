package web

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"

	"github.com/latchkey-bot/latchkey/actions"
)

// redeemBytes is how long a request to redeem a code may be, which is far more
// than a code is.
const redeemBytes = 1 << 10

// Redeemer knows whom the code of a spent link lets in. actions.Actions is one.
type Redeemer interface {
	Doorkeeper
	// RedeemLinkCode spends a code. Its error is NotFound for a code that nobody
	// was given, that was redeemed before, and that ran out.
	RedeemLinkCode(ctx context.Context, holder actions.TokenHolder, code string) (userID string, purpose actions.LinkPurpose, err error)
}

// redeemed is the answer to a good code.
type redeemed struct {
	UserID  string              `json:"user_id"`
	Purpose actions.LinkPurpose `json:"purpose"`
}

var (
	errNotCode     = &refusal{status: http.StatusBadRequest, Sentence: `A code is redeemed with {"code": "…"}, and nothing beside it.`}
	errNotJSON     = &refusal{status: http.StatusUnsupportedMediaType, Sentence: "A code is sent as application/json, and not compressed."}
	errLongCode    = &refusal{status: http.StatusRequestEntityTooLarge, Sentence: "That is too long to be a code."}
	errUnknownCode = &refusal{status: http.StatusNotFound, Sentence: "unknown_code"}
)

// Redeem answers POST /v1/links/redeem, by which the product learns who comes
// with the code of a one-time link, and for what. It needs a token of the scope
// links. A code is good once, for a minute.
//
// The request is {"code"} and nothing else. 200 says {"user_id", "purpose"}, and
// the purpose is login or reset: a login link never replaces a second factor
// (RULES S1.4). 404 unknown_code doesn't say whether a code was redeemed, ran
// out or never was. 400, 413 and 415 say what is wrong with the request; 401 and
// 403 say no more; unexpected errors go to log.
func Redeem(redeemer Redeemer, log *slog.Logger) http.Handler {
	return &desk{
		door: redeemer, scope: actions.ScopeLinks, method: http.MethodPost, log: log, failed: "a code could not be redeemed",
		serve: func(w http.ResponseWriter, r *http.Request, holder actions.TokenHolder) (any, error) {
			code, err := sentCode(w, r)
			if err != nil {
				return nil, err
			}
			userID, purpose, err := redeemer.RedeemLinkCode(r.Context(), holder, code)
			if actions.CodeOf(err) == actions.NotFound {
				return nil, errUnknownCode
			}
			return redeemed{userID, purpose}, err
		},
	}
}

// sentCode reads the code out of a request.
func sentCode(w http.ResponseWriter, r *http.Request) (string, error) {
	if r.Header.Get("Content-Encoding") != "" {
		return "", errNotJSON
	}
	if given := r.Header.Get("Content-Type"); given != "" {
		if media, _, err := mime.ParseMediaType(given); err != nil || media != "application/json" {
			return "", errNotJSON
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, redeemBytes))
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		return "", errLongCode
	case err != nil:
		return "", errNotCode
	}
	return onlyCode(body)
}

// onlyCode reads {"code": "…"} and takes nothing else for it.
func onlyCode(body []byte) (string, error) {
	sent, problem := readObject(body, []string{"code"}, nil)
	if problem != "" || sent["code"] == "" {
		return "", errNotCode
	}
	return sent["code"], nil
}
