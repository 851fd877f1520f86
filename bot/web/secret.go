package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// SecretOpener knows the one-time secrets. actions.Actions is one.
type SecretOpener interface {
	// SecretStatus tells of a secret to whoever proves that they have its link, and
	// changes nothing. The zero value is an incomplete link.
	SecretStatus(ctx context.Context, id string, link []byte) (actions.SecretStatus, error)
	// OpenSecret opens a secret, once, for whoever proves that they have its link and
	// its passphrase. A wrong passphrase spends an attempt, a wrong link nothing.
	OpenSecret(ctx context.Context, id string, link, claim []byte) (actions.SecretOpened, error)
	// AskSecretAgain tells the sender, once, that somebody with the link needs a new
	// one; known is false for an incomplete link.
	AskSecretAgain(ctx context.Context, id string, link []byte) (known bool, err error)
}

// SecretPages is what the pages of one-time secrets need. Secrets, Guard and Log
// are required.
type SecretPages struct {
	Secrets SecretOpener
	Guard   *Guard
	Brand   string // the name that customers know the company by; "" names nobody
	Support string // how customers reach support: an address, a number or a sentence; "" is one of the shipped words
	Log     *slog.Logger
}

// The sizes of what the script sends, in bytes.
const (
	proofBytes  = 32
	proofsBytes = 1 << 10 // a body with two of them, and far more
)

// Secrets answers everything under /s/: the page of a one-time secret /s/{id}#root,
// the files that it loads, and what its script asks for by POST, as JSON with
// base64url without padding and times of RFC 3339:
//
//   - /s/{id}/status {"link"}: 200 {"state", "at", "expires_at", "from",
//     "passphrase"}, and while it is live and protected "salt", "rounds" and
//     "attempts_left";
//   - /s/{id}/open {"link", "claim"}: 200 {"version": 1, "nonce", "body"}, once;
//     403 wrong_passphrase with "attempts_left"; 410 {"error": state, "at"};
//   - /s/{id}/again {"link"}: 200 {}, and the sender knows that a new one is needed.
//
// A wrong link and an ID that nobody has look alike: 404 incomplete_link. Beside
// these, 403 foreign_origin for what another site sent, looked at first; 400, 405,
// 413 and 415 for what isn't such a request; 429 after 100 answers of 403 and 404
// to an address in a minute; 500 and 503 with a reference to the log. GET and HEAD
// change nothing and ask nobody. No line of the log holds an ID or a proof.
func Secrets(pages SecretPages) http.Handler {
	h := &secrets{pages}
	return &sealedPage{below: "/s/", guard: pages.Guard, log: pages.Log, files: secretFiles, show: h.show, questions: map[string]question{
		"status": {route: "/s/{id}/status", fields: []string{"link"}, limit: proofsBytes, answer: h.status},
		"open":   {route: "/s/{id}/open", fields: []string{"link", "claim"}, limit: proofsBytes, answer: h.open},
		"again":  {route: "/s/{id}/again", fields: []string{"link"}, limit: proofsBytes, answer: h.again},
	}}
}

// secrets answers what the script of Secrets asks.
type secrets struct{ SecretPages }

// secretStatus is what the page is told.
type secretStatus struct {
	State     actions.SecretState `json:"state"`
	At        time.Time           `json:"at"`
	ExpiresAt time.Time           `json:"expires_at"`
	From      string              `json:"from"`
	Protected bool                `json:"passphrase"`
	*passphraseStatus
}

// passphraseStatus is what it takes to try a passphrase.
type passphraseStatus struct {
	Salt   string `json:"salt"`
	Rounds int    `json:"rounds"`
	Left   int    `json:"attempts_left"`
}

func (h *secrets) status(r *http.Request, id string, sent map[string]string) (any, error) {
	link, err := proofOf(sent, "link")
	if err != nil {
		return nil, err
	}
	found, err := h.Secrets.SecretStatus(r.Context(), id, link)
	switch {
	case err != nil:
		return nil, err
	case found.State == "":
		return nil, errNoLink
	}
	told := secretStatus{State: found.State, At: found.At.UTC(), ExpiresAt: found.ExpiresAt.UTC(), From: found.From, Protected: found.Protected}
	if found.Protected && found.State == actions.SecretLive {
		told.passphraseStatus = &passphraseStatus{Salt: encoded(found.Salt), Rounds: found.Rounds, Left: found.Left}
	}
	return told, nil
}

// secretBody is a body, still sealed for the link and the passphrase.
type secretBody struct {
	Version int    `json:"version"`
	Nonce   string `json:"nonce"`
	Body    string `json:"body"`
}

func (h *secrets) open(r *http.Request, id string, sent map[string]string) (any, error) {
	link, err := proofOf(sent, "link")
	if err != nil {
		return nil, err
	}
	claim, err := proofOf(sent, "claim")
	if err != nil {
		return nil, err
	}
	opened, err := h.Secrets.OpenSecret(r.Context(), id, link, claim)
	switch {
	case err != nil:
		return nil, err
	case opened.State == "":
		return nil, errNoLink
	case opened.Body != nil:
		return secretBody{1, encoded(opened.Nonce), encoded(opened.Body)}, nil
	case opened.State == actions.SecretLive:
		return nil, &fault{status: http.StatusForbidden, Code: "wrong_passphrase", Left: &opened.Left}
	}
	return nil, over(http.StatusGone, string(opened.State), opened.At)
}

func (h *secrets) again(r *http.Request, id string, sent map[string]string) (any, error) {
	link, err := proofOf(sent, "link")
	if err != nil {
		return nil, err
	}
	known, err := h.Secrets.AskSecretAgain(r.Context(), id, link)
	if err == nil && !known {
		return nil, errNoLink
	}
	return struct{}{}, err
}

// proofOf is a proof that a request brings.
func proofOf(sent map[string]string, name string) ([]byte, error) {
	proof, ok := exactBytes(sent[name], proofBytes)
	if !ok {
		return nil, badRequest(name + " must be 32 bytes as base64url without padding, which are 43 letters.")
	}
	return proof, nil
}
