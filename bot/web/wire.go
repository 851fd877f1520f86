package web

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// sealedPolicy is the content security policy of the pages whose script decrypts
// or encrypts: nothing from elsewhere, nothing inline, and no text ever becomes
// markup.
const sealedPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; " +
	"base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"

// linkIDBytes is the size of the ID of a secret or a request.
const linkIDBytes = 16

// fault is why what a page's script asked for wasn't done, as the script reads it.
type fault struct {
	status    int
	Code      string     `json:"error"`
	Sentence  string     `json:"sentence,omitempty"`
	Left      *int       `json:"attempts_left,omitempty"`
	At        *time.Time `json:"at,omitempty"`
	Reference string     `json:"reference,omitempty"` // to the log
}

// Error is the code.
func (f *fault) Error() string { return f.Code }

var (
	errForeign = &fault{status: http.StatusForbidden, Code: "foreign_origin"}
	errNoLink  = &fault{status: http.StatusNotFound, Code: "incomplete_link"}
	errTooMany = &fault{
		status: http.StatusTooManyRequests, Code: "too_many",
		Sentence: "Too many links that aren't right came from this address. Please try again in a minute.",
	}
	errNoJSON = &fault{
		status: http.StatusUnsupportedMediaType, Code: "not_json", Sentence: "This is sent as application/json, and not compressed.",
	}
	errTooBig = &fault{status: http.StatusRequestEntityTooLarge, Code: "too_long", Sentence: "That is too long for what is asked here."}
)

// badRequest is the fault of a request that isn't what the page's script sends.
func badRequest(sentence string) *fault {
	return &fault{status: http.StatusBadRequest, Code: "bad_request", Sentence: sentence}
}

// sealedPage is a page whose script decrypts or encrypts, with the files that it
// loads and what it asks for by POST, with JSON.
type sealedPage struct {
	below     string // the path that all stands below: "/s/"
	guard     *Guard
	log       *slog.Logger
	files     pageFiles
	questions map[string]question // by what follows the ID in the path
	show      func(w http.ResponseWriter, r *http.Request, id string)
}

// ServeHTTP answers one request.
func (p *sealedPage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.guard.secure(w.Header(), "text/html; charset=utf-8", sealedPolicy)
	name := strings.TrimPrefix(r.URL.Path, p.below)
	id, action, _ := strings.Cut(name, "/")
	q, asks := p.questions[action]
	switch reads := r.Method == http.MethodGet || r.Method == http.MethodHead; {
	case asks && r.Method == http.MethodPost:
		p.serve(w, r, id, q)
	case asks:
		w.Header().Set("Allow", "POST")
		w.WriteHeader(http.StatusMethodNotAllowed)
	case !reads:
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
	case p.files.has(name):
		p.files.serve(w, name)
	default:
		p.show(w, r, name)
	}
}

// question is one thing that a script asks for.
type question struct {
	route  string   // for the log, without an ID
	fields []string // the names that the request has, all of them, with texts
	limit  int64    // of the request, in bytes
	// answer does it. The ID is one by its looks. An error that is a fault is answered
	// as it is.
	answer func(r *http.Request, id string, sent map[string]string) (any, error)
}

// serve answers a question about what has an ID.
func (p *sealedPage) serve(w http.ResponseWriter, r *http.Request, id string, q question) {
	p.guard.secure(w.Header(), "application/json", sealedPolicy)
	status := http.StatusOK
	answer, err := p.take(w, r, id, q)
	if err != nil {
		refused := p.faultOf(r, q, err)
		answer, status = refused, refused.status
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "60")
	}
	p.guard.note(r, status)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // who hung up reads nothing
}

// take looks at where a request comes from before anything else, and then at what
// it is.
func (p *sealedPage) take(w http.ResponseWriter, r *http.Request, id string, q question) (any, error) {
	if !p.guard.own(r) {
		return nil, errForeign
	}
	if p.guard.busy(r) {
		return nil, errTooMany
	}
	if _, ok := exactBytes(id, linkIDBytes); !ok {
		return nil, badRequest("What stands in the address isn't an ID: that is 16 bytes as base64url, which are 22 letters.")
	}
	body, fault := readBody(w, r, q.limit)
	if fault != nil {
		return nil, fault
	}
	sent, problem := readObject(body, q.fields, nil)
	if problem != "" {
		return nil, badRequest(problem)
	}
	return q.answer(r, id, sent)
}

// readBody reads a JSON body of at most limit bytes.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, *fault) {
	body, err := jsonBody(w, r, limit)
	var tooLong *http.MaxBytesError
	switch {
	case errors.Is(err, errNotSaidJSON):
		return nil, errNoJSON
	case errors.As(err, &tooLong):
		return nil, errTooBig
	case err != nil:
		return nil, badRequest("The request broke off. Please send it again.")
	}
	return body, nil
}

// faultOf turns an error into an answer. What is unexpected goes to the log, and
// the answer names where.
func (p *sealedPage) faultOf(r *http.Request, q question, err error) *fault {
	var known *fault
	if errors.As(err, &known) {
		return known
	}
	words := actions.Explain(err)
	if words.Code == actions.Invalid {
		return badRequest(words.Sentence)
	}
	blame(r.Context(), p.log, "a page could not be answered", "route", q.route, "reference", words.Reference, "error", err)
	status := http.StatusInternalServerError
	if words.Code == actions.Unavailable {
		status = http.StatusServiceUnavailable
	}
	return &fault{status: status, Code: "unavailable", Reference: words.Reference}
}
