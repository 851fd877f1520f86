package web

import (
	"context"
	"crypto/ecdh"
	"log/slog"
	"net/http"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// RequestKeeper knows the requests for secrets. actions.Actions is one. IDs and
// tokens are those of a link: of the customer who is asked or, for a few minutes,
// of whoever asked.
type RequestKeeper interface {
	// RequestStatus tells what a page shows, and changes nothing. The zero page is an
	// incomplete link.
	RequestStatus(ctx context.Context, id string, token []byte) (actions.RequestPage, error)
	// ReceiveAnswer keeps what a customer's browser sealed, once; when it isn't taken,
	// the page's state says why. Its error is Invalid for what can't be opened.
	ReceiveAnswer(ctx context.Context, id string, token []byte, answer actions.RequestAnswer) (page actions.RequestPage, taken bool, err error)
	// ViewAnswer opens what came for whoever asked, once, and keeps nothing of it.
	ViewAnswer(ctx context.Context, id string, token []byte) (actions.RequestViewed, error)
}

// RequestPages is what the pages of requests for secrets need. Requests, Guard and
// Log are required.
type RequestPages struct {
	Requests RequestKeeper
	Guard    *Guard
	Brand    string // the name that customers know the company by; "" names nobody
	Support  string // how customers reach support: an address, a number or a sentence; "" is one of the shipped words
	Log      *slog.Logger
}

// Requests answers everything under /r/: the page of a request for a secret,
// /r/{id}#token.fingerprint for the customer who is asked and /r/{id}#token for
// whoever asked; the files that it loads; and what its script asks. GET and HEAD
// look nothing up and change nothing.
//
//   - POST /r/{id}/status {"token"} → 200 {"state", "at", "expires_at", "from",
//     "what", "why", "key" (while asked), "viewing"};
//   - POST /r/{id}/send {"token", "key", "nonce", "body"} → 200 {"state", "at"},
//     409 {"error": "received", "at"} when something came before;
//   - POST /r/{id}/open {"token"} → 200 {"content"}, once.
//
// Bytes are base64url without padding, times RFC 3339. The last two answer 410
// {"error": state, "at"} when it is over; link_expired is the state when only the
// agent's link is. All answer 404 {"error": "incomplete_link"} to a wrong token
// and an ID that nobody has, and beside these 400, 413, 415 and 429 with a
// sentence, 403 to another site, 500 and 503 with a reference to the log. No line
// of the log holds an ID, a token or content.
func Requests(pages RequestPages) http.Handler {
	h := &requests{pages}
	return &sealedPage{below: "/r/", guard: pages.Guard, log: pages.Log, files: requestFiles, show: h.show, questions: map[string]question{
		"status": {route: "/r/{id}/status", fields: []string{"token"}, limit: shortBytes, answer: h.status},
		"send":   {route: "/r/{id}/send", fields: []string{"token", "key", "nonce", "body"}, limit: sealedBytes, answer: h.send},
		"open":   {route: "/r/{id}/open", fields: []string{"token"}, limit: shortBytes, answer: h.open},
	}}
}

// The sizes of what the script sends, in bytes.
const (
	tokenBytes  = 32
	pointBytes  = 65 // of P-256, uncompressed
	nonceBytes  = 12
	tagBytes    = 16
	shortBytes  = 1 << 10  // a body with a token
	sealedBytes = 24 << 10 // a body with what was sealed, as base64url
)

// requests answers what the script of Requests asks.
type requests struct{ RequestPages }

// asked is what a page tells of a request.
type asked struct {
	State     actions.RequestState `json:"state"`
	At        time.Time            `json:"at"`
	ExpiresAt time.Time            `json:"expires_at"`
	From      string               `json:"from"`
	What      string               `json:"what"`
	Why       string               `json:"why"`
	Key       string               `json:"key,omitempty"`
	Viewing   bool                 `json:"viewing"`
}

// status tells what there is to a link.
func (h *requests) status(r *http.Request, id string, sent map[string]string) (any, error) {
	token, err := sentToken(sent)
	if err != nil {
		return nil, err
	}
	page, err := h.Requests.RequestStatus(r.Context(), id, token)
	switch {
	case err != nil:
		return nil, err
	case page.State == "":
		return nil, errNoLink
	}
	return asked{
		page.State, page.At.UTC(), page.ExpiresAt.UTC(), page.From, page.What, page.Why,
		encoded(page.PublicKey), page.Viewing,
	}, nil
}

// received says that what was sent is kept.
type received struct {
	State actions.RequestState `json:"state"`
	At    time.Time            `json:"at"`
}

// send takes what a customer's browser sealed.
func (h *requests) send(r *http.Request, id string, sent map[string]string) (any, error) {
	token, err := sentToken(sent)
	if err != nil {
		return nil, err
	}
	answer, err := sentAnswer(sent)
	if err != nil {
		return nil, err
	}
	page, taken, err := h.Requests.ReceiveAnswer(r.Context(), id, token, answer)
	switch {
	case err != nil:
		return nil, err
	case taken:
		return received{actions.RequestReceived, page.At.UTC()}, nil
	case page.State == actions.RequestReceived:
		return nil, over(http.StatusConflict, string(page.State), page.At)
	case page.State == "":
		return nil, errNoLink
	}
	return nil, over(http.StatusGone, string(page.State), page.At)
}

// opened carries what was sent, as base64url of UTF-8.
type opened struct {
	Content string `json:"content"`
}

// open opens what came, for whoever asked.
func (h *requests) open(r *http.Request, id string, sent map[string]string) (any, error) {
	token, err := sentToken(sent)
	if err != nil {
		return nil, err
	}
	viewed, err := h.Requests.ViewAnswer(r.Context(), id, token)
	switch {
	case err != nil:
		return nil, err
	case viewed.Content != nil:
		return opened{encoded(viewed.Content)}, nil
	case viewed.Late:
		return nil, over(http.StatusGone, "link_expired", viewed.At)
	case viewed.State == "":
		return nil, errNoLink
	}
	return nil, over(http.StatusGone, string(viewed.State), viewed.At)
}

// over says that there is nothing to do any more, and since when.
func over(status int, state string, at time.Time) *fault {
	at = at.UTC()
	return &fault{status: status, Code: state, At: &at}
}

// sentToken is the token of a link.
func sentToken(sent map[string]string) ([]byte, error) {
	token, ok := exactBytes(sent["token"], tokenBytes)
	if !ok {
		return nil, badRequest("A token is 32 bytes in base64url.")
	}
	return token, nil
}

// sentAnswer is what a customer's browser sealed: of the right sizes, and with a
// key that lies on the curve.
func sentAnswer(sent map[string]string) (answer actions.RequestAnswer, err error) {
	var ok bool
	if answer.Key, ok = exactBytes(sent["key"], pointBytes); !ok {
		return answer, badRequest("A key is 65 bytes in base64url: a point of P-256, uncompressed.")
	}
	if _, err := ecdh.P256().NewPublicKey(answer.Key); err != nil {
		return answer, badRequest("That key isn't a point of P-256.")
	}
	if answer.Nonce, ok = exactBytes(sent["nonce"], nonceBytes); !ok {
		return answer, badRequest("A nonce is 12 bytes in base64url.")
	}
	if answer.Body, ok = bytesBetween(sent["body"], 1+tagBytes, actions.ContentLimit+tagBytes); !ok {
		return answer, badRequest("A body is 1 byte to 16 KB, sealed, in base64url.")
	}
	return answer, nil
}
