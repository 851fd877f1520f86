package slackfake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// What Socket Mode is like.
const (
	openMethod      = "apps.connections.open"
	mostConnections = 10
	mostTries       = 4               // of one envelope
	ackTime         = 3 * time.Second // until it is sent again
	longestAck      = 20_000          // bytes
)

// sockets is Socket Mode: the connections of the app, and what goes over them.
type sockets struct {
	mu      sync.Mutex
	tickets map[string]bool
	open    []*Connection
	turn    int
	serial  int
	under   map[string]*envelope // those that aren't acknowledged
	off     bool                 // Socket Mode is switched off
	once    bool                 // what isn't acknowledged isn't sent again
	twice   Twice
}

// Twice is how every envelope is sent a second time, though it was acknowledged.
type Twice int

// How envelopes are sent twice.
const (
	Once     Twice = iota // they aren't
	SameWay               // on the same connection, before it is acknowledged
	OtherWay              // on another one, before it is acknowledged
	Later                 // on any, after it was acknowledged
)

// envelope is something that the app is to hear of.
type envelope struct {
	id, kind string
	payload  json.RawMessage
	accepts  bool
	retries  int // before it was sent at all
	reason   string

	on    map[*Connection]bool // where it was sent
	acked chan struct{}
	ack   []byte // its payload
	wrong string // why the acknowledgement isn't taken
}

// SocketApp returns the app that is connected by Socket Mode: all that an [App]
// does goes over its connections. With none, it fails at once.
func (s *Slack) SocketApp() *App { return s.App("http://socket.test", s.SocketTransport()) }

// SocketTransport carries what [App] sends over the app's connections.
func (s *Slack) SocketTransport() http.RoundTripper { return overSocket{s} }

type overSocket struct{ slack *Slack }

// RoundTrip sends a request as an envelope, and returns the acknowledgement as the
// answer.
func (o overSocket) RoundTrip(r *http.Request) (*http.Response, error) {
	e, err := enveloping(r)
	if err != nil {
		return nil, err
	}
	if err := o.slack.deliver(r.Context(), e); err != nil {
		return nil, err
	}
	answer := &written{header: http.Header{}}
	if e.wrong != "" {
		http.Error(answer, e.wrong, http.StatusBadRequest)
		return answer.response(r), nil
	}
	if len(e.ack) > 0 {
		answer.Header().Set("Content-Type", jsonType)
	}
	_, _ = answer.Write(e.ack) // it is a buffer
	return answer.response(r), nil
}

// enveloping is a request as an envelope.
func enveloping(r *http.Request) (*envelope, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	e := &envelope{on: map[*Connection]bool{}, acked: make(chan struct{})}
	switch r.URL.Path {
	case "/slack/commands":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		fields := map[string]string{}
		for name := range form {
			fields[name] = form.Get(name)
		}
		e.kind, e.payload, e.accepts = "slash_commands", encode(fields), true
	case "/slack/interactions":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		e.kind, e.payload = "interactive", json.RawMessage(form.Get("payload"))
		e.accepts = bytes.Contains(e.payload, []byte(`"type":"view_submission"`))
	case "/slack/events":
		e.kind, e.payload = "events_api", body
		e.reason = strings.TrimPrefix(r.Header.Get("X-Slack-Retry-Reason"), "http_")
		_, _ = fmt.Sscan(r.Header.Get("X-Slack-Retry-Num"), &e.retries) // none is 0
	default:
		return nil, fmt.Errorf("slackfake: nothing of Socket Mode goes to %s", r.URL.Path)
	}
	return e, nil
}

// errUnconnected is why nothing reaches the app.
var errUnconnected = errors.New("slackfake: the app has no connection open")

// deliver sends an envelope until it is acknowledged: again at once when the
// connection ends, and after three seconds, each time on another connection if there
// is one. It goes on with that when nobody waits for it any more.
func (s *Slack) deliver(ctx context.Context, e *envelope) error {
	h := &s.sockets
	h.mu.Lock()
	h.serial++
	e.id = fmt.Sprintf("envelope-%d-%d", s.config.Wire().UnixNano(), h.serial)
	h.under[e.id] = e
	h.mu.Unlock()
	done := make(chan error, 1)
	go func() { done <- h.pursue(e) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pursue sends an envelope until it is acknowledged.
func (h *sockets) pursue(e *envelope) error {
	defer h.settled(e)
	for try := range mostTries {
		c := h.pick(e)
		if c == nil && try == 0 {
			return errUnconnected
		}
		if acked := h.offer(e, c, try); acked {
			h.again(e, c, true)
			return nil
		}
		if h.sendsOnce() {
			break
		}
	}
	<-time.After(ackTime) // so long the person who waits sees nothing
	return context.DeadlineExceeded
}

// offer sends an envelope on a connection, nil for none, and waits for it to be
// acknowledged: for three seconds, or until the connection ends.
func (h *sockets) offer(e *envelope, c *Connection, try int) (acked bool) {
	timer := time.NewTimer(ackTime)
	defer timer.Stop()
	var gone <-chan struct{}
	if c != nil {
		c.send(e.frame(try))
		gone = c.gone
	}
	if try == 0 {
		h.again(e, c, false)
	}
	select {
	case <-e.acked:
		return true
	case <-gone:
		return false
	case <-timer.C:
		e.reason = "timeout"
		return false
	}
}

// again sends an envelope a second time, if that is to be.
func (h *sockets) again(e *envelope, c *Connection, acked bool) {
	h.mu.Lock()
	twice := h.twice
	h.mu.Unlock()
	switch {
	case twice == SameWay && !acked:
		c.send(e.frame(1))
	case (twice == OtherWay && !acked) || (twice == Later && acked):
		if other := h.pick(e); other != nil {
			other.send(e.frame(1))
		}
	}
}

// frame is the envelope as it is sent.
func (e *envelope) frame(try int) []byte {
	fields := map[string]any{"type": e.kind, "envelope_id": e.id, "payload": e.payload, "accepts_response_payload": e.accepts}
	if e.kind == "events_api" {
		fields["retry_attempt"], fields["retry_reason"] = e.retries+try, e.reason
	}
	return encode(fields)
}

// pick chooses the connection that an envelope is sent on: each in turn, and one on
// which it wasn't sent if there is any. It is nil when there is no connection.
func (h *sockets) pick(e *envelope) *Connection {
	h.mu.Lock()
	defer h.mu.Unlock()
	var chosen *Connection
	for i := range h.open {
		c := h.open[(h.turn+i)%len(h.open)]
		if !e.on[c] {
			chosen = c
			break
		}
		if chosen == nil {
			chosen = c
		}
	}
	if chosen != nil {
		h.turn++
		e.on[chosen] = true
	}
	return chosen
}

// settled forgets an envelope.
func (h *sockets) settled(e *envelope) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.under, e.id)
}

func (h *sockets) sendsOnce() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.once
}

// acknowledged takes an acknowledgement: the first one, on a connection on which the
// envelope was sent.
func (h *sockets) acknowledged(c *Connection, frame []byte) {
	var ack struct {
		ID      string          `json:"envelope_id"`
		Payload json.RawMessage `json:"payload"`
	}
	_ = json.Unmarshal(frame, &ack) // what isn't one acknowledges nothing
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.under[ack.ID]
	if e == nil || !e.on[c] {
		return
	}
	delete(h.under, ack.ID)
	switch {
	case len(frame) >= longestAck:
		e.wrong = "the acknowledgement is too long"
	case len(ack.Payload) > 0 && !e.accepts:
		e.wrong = "the acknowledgement of this has no payload"
	default:
		e.ack = ack.Payload
	}
	close(e.acked)
}

// Dial opens a connection to this Slack without a network, so that a client of
// Socket Mode can have a clock of its own (testing/synctest).
func (s *Slack) Dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(&single{conn: far}) }() // it ends after the only one
	return near, nil
}

// single is a listener with one connection.
type single struct{ conn net.Conn }

// Accept returns the connection once.
func (l *single) Accept() (net.Conn, error) {
	if l.conn == nil {
		return nil, net.ErrClosed
	}
	conn := l.conn
	l.conn = nil
	return conn, nil
}

// Close does nothing: the connection is closed by who has it.
func (l *single) Close() error { return nil }

// Addr is no address.
func (l *single) Addr() net.Addr { return &net.UnixAddr{Name: "slackfake", Net: "pipe"} }
