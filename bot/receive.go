package bot

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// maxBody is the most that a request may carry, in bytes.
const maxBody = 1 << 20

// usualBody is more than most requests carry, in bytes.
const usualBody = 16 << 10

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

// Routes puts the routes that face Slack on mux: /slack/commands,
// /slack/interactions and /slack/events.
func (b *Bot) Routes(mux *http.ServeMux) {
	mux.Handle("/slack/commands", b.receive(formType, b.receiveCommand))
	mux.Handle("/slack/interactions", b.receive(formType, b.receiveInteraction))
	mux.Handle("/slack/events", b.receive(jsonType, b.receiveEvent))
}

// Handler returns a handler with the routes that face Slack and nothing else.
func (b *Bot) Handler() http.Handler {
	mux := http.NewServeMux()
	b.Routes(mux)
	return mux
}

// received is a request whose signature held.
type received struct {
	body      []byte
	signature string
}

// key names a request that has no name of its own. Hexadecimal digits may be
// written in two ways, and a replay must not get around it.
func (r received) key() string { return strings.ToLower(r.signature) }

// receive lets through only what Slack signed in the last five minutes, in the
// form that Slack sends. Until the signature held nothing is parsed, and all
// that is wrong with it is answered alike.
func (b *Bot) receive(contentType string, next func(http.ResponseWriter, received)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			refuse(w, http.StatusMethodNotAllowed)
			return
		}
		body, err := readBody(w, r)
		if err != nil {
			refuse(w, statusOfBody(err))
			return
		}
		if !b.signed(r.Header, body) {
			b.log.WarnContext(r.Context(), "a request without a valid signature was refused", "route", r.URL.Path)
			refuse(w, http.StatusUnauthorized)
			return
		}
		if r.URL.RawQuery != "" || r.URL.ForceQuery || !isType(r.Header.Get("Content-Type"), contentType) {
			refuse(w, http.StatusBadRequest)
			return
		}
		next(w, received{body: body, signature: r.Header.Get("X-Slack-Signature")})
	})
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength > maxBody {
		return nil, &http.MaxBytesError{Limit: maxBody}
	}
	// Whoever announces much and sends nothing gets no memory for it.
	var body bytes.Buffer
	body.Grow(int(min(max(r.ContentLength, 0)+bytes.MinRead, usualBody)))
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody))
	return body.Bytes(), err
}

func statusOfBody(err error) int {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

// signed reports whether Slack signed the body within five minutes of now,
// either way. The library compares in constant time.
func (b *Bot) signed(header http.Header, body []byte) bool {
	verifier, err := slack.NewSecretsVerifier(header, b.secret)
	if err != nil || b.secret == "" { // a bot of Socket Mode has no secret, and nothing is signed with none
		return false
	}
	if _, err := verifier.Write(body); err != nil {
		return false
	}
	return verifier.Ensure() == nil
}

func isType(got, want string) bool {
	if got == want {
		return true
	}
	media, _, err := mime.ParseMediaType(got)
	return err == nil && media == want
}

// refuse says no more than the status.
func refuse(w http.ResponseWriter, status int) {
	plain(w, status, http.StatusText(status)+"\n")
}

func plain(w http.ResponseWriter, status int, text string) {
	secure(w.Header(), "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // who hung up reads nothing
}

func secure(header http.Header, contentType string) {
	header.Set("Content-Type", contentType)
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
}

func (b *Bot) receiveCommand(w http.ResponseWriter, request received) {
	in, err := commandInbound(request.body, request.key)
	if err != nil {
		refuse(w, http.StatusBadRequest)
		return
	}
	acknowledge(w, b.answer(in))
}

func (b *Bot) receiveInteraction(w http.ResponseWriter, request received) {
	in, ok, err := interactionInbound(request.body, request.key)
	switch {
	case err != nil:
		refuse(w, http.StatusBadRequest)
	case !ok:
		acknowledge(w, nil)
	default:
		acknowledge(w, b.answer(in))
	}
}

// acknowledge sends the answer when it is there, and otherwise an empty body,
// which Slack takes as "later".
func acknowledge(w http.ResponseWriter, answer *reply) {
	if answer == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	secure(w.Header(), jsonType)
	w.Header().Set("Content-Length", strconv.Itoa(len(answer.body)))
	_, _ = w.Write(answer.body) // who hung up reads nothing
}

// longestChallenge is more than Slack's challenges have.
const longestChallenge = 1024

// receiveEvent answers the challenge by which Slack makes sure that the
// address is ours, and acknowledges everything else at once: what an event
// asks for is done afterwards.
func (b *Bot) receiveEvent(w http.ResponseWriter, request received) {
	var e event
	err := json.Unmarshal(request.body, &e)
	if err != nil || e.Type == "" || len(e.Challenge) > longestChallenge {
		refuse(w, http.StatusBadRequest)
		return
	}
	if e.Type == "url_verification" {
		plain(w, http.StatusOK, e.Challenge)
		return
	}
	b.happen(e, request.key)
	acknowledge(w, nil)
}

// happen begins what an event asks for.
func (b *Bot) happen(e event, fallback func() string) {
	if in, ok := e.inbound(fallback); ok {
		b.answer(in)
	}
	if w, ok := e.written(b.l2Channel); ok {
		b.hear(w)
	}
}
