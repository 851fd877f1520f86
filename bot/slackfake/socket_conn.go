package slackfake

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// closingTime is how long Slack leaves a connection open after it asked for
// another.
const closingTime = 10 * time.Second

// Connection is one connection of the app by Socket Mode, with what can go wrong
// with it.
type Connection struct {
	slack   *Slack
	ws      *websocket.Conn
	gone    chan struct{} // closed when it has ended
	writing sync.Mutex

	mu      sync.Mutex
	greeted bool // it was told hello
	frozen  bool
}

// socketOpened answers apps.connections.open: an address that is good once.
func (s *Slack) socketOpened(call) (map[string]any, *refusal) {
	h := &s.sockets
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.off {
		return nil, refuse("socket_mode_not_enabled")
	}
	h.serial++
	ticket := fmt.Sprintf("ticket-%d", h.serial)
	h.tickets[ticket] = true
	return map[string]any{"url": "ws" + strings.TrimPrefix(s.url, "http") + "/link/?app_id=" + appID + "&ticket=" + ticket}, nil
}

// serveSocket is one connection, until it ends.
func (s *Slack) serveSocket(w http.ResponseWriter, r *http.Request) {
	h := &s.sockets
	h.mu.Lock()
	good := h.tickets[r.URL.Query().Get("ticket")]
	delete(h.tickets, r.URL.Query().Get("ticket"))
	h.mu.Unlock()
	if !good {
		http.Error(w, "the ticket is used, or was none", http.StatusForbidden)
		return
	}
	var upgrade websocket.Upgrader
	ws, err := upgrade.Upgrade(w, r, nil)
	if err != nil {
		return // it has answered
	}
	c := &Connection{slack: s, ws: ws, gone: make(chan struct{})}
	defer c.end()
	n := h.join(c)
	if n > mostConnections {
		c.send(encode(map[string]any{"type": "disconnect", "reason": "too_many_websockets", "debug_info": debugInfo}))
		return
	}
	c.send(encode(map[string]any{
		"type": "hello", "num_connections": n, "connection_info": map[string]any{"app_id": appID}, "debug_info": debugInfo,
	}))
	c.greet()
	s.announce()
	go c.ping()
	c.listen()
}

// greet notes that hello was said.
func (c *Connection) greet() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.greeted = true
}

var debugInfo = map[string]any{"host": "applink-test", "approximate_connection_time": 18060}

// join adds a connection, and returns how many there are with it; one too many isn't
// added.
func (h *sockets) join(c *Connection) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.open) < mostConnections {
		h.open = append(h.open, c)
		return len(h.open)
	}
	return len(h.open) + 1
}

// announce tells who waits for a change.
func (s *Slack) announce() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change()
}

// end closes the connection.
func (c *Connection) end() {
	h := &c.slack.sockets
	h.mu.Lock()
	h.open = slices.DeleteFunc(h.open, func(other *Connection) bool { return other == c })
	h.mu.Unlock()
	_ = c.ws.Close()
	close(c.gone)
	c.slack.announce()
}

// listen reads acknowledgements until the connection ends.
func (c *Connection) listen() {
	for {
		_, frame, err := c.ws.ReadMessage()
		if err != nil {
			return
		}
		if c.isFrozen() {
			continue
		}
		c.slack.tap(frame)
		c.slack.sockets.acknowledged(c, frame)
	}
}

// ping pings until the connection ends.
func (c *Connection) ping() {
	ticker := time.NewTicker(c.slack.config.Pings)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-c.gone:
			return
		}
		if !c.isFrozen() {
			_ = c.ws.WriteControl(websocket.PingMessage, []byte("Ping from applink-test"), time.Now().Add(ackTime)) // it may be gone
		}
	}
}

func (c *Connection) isFrozen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frozen
}

// send sends a frame, if the connection is there.
func (c *Connection) send(frame []byte) {
	if !c.isFrozen() {
		c.Send(frame)
	}
}

// Send sends a frame as it is.
func (c *Connection) Send(frame []byte) {
	c.writing.Lock()
	defer c.writing.Unlock()
	_ = c.ws.SetWriteDeadline(time.Now().Add(ackTime)) // of one that is gone, writing fails anyway
	_ = c.ws.WriteMessage(websocket.TextMessage, frame)
}

// Drop cuts the connection, without a word.
func (c *Connection) Drop() {
	_ = c.ws.NetConn().Close() // it may be cut already
	<-c.gone
}

// Freeze lets nothing through any more, in either direction, and says nothing: as a
// network does that has forgotten the connection.
func (c *Connection) Freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frozen = true
}

// Gone is closed when the connection has ended.
func (c *Connection) Gone() <-chan struct{} { return c.gone }

// Disconnect asks the app for another connection instead of this one:
// "refresh_requested" or "warning", and ten seconds later it is closed.
func (c *Connection) Disconnect(reason string) {
	c.send(encode(map[string]any{"type": "disconnect", "reason": reason, "debug_info": debugInfo}))
	time.AfterFunc(closingTime, c.hangUp)
}

// hangUp closes the connection in good form.
func (c *Connection) hangUp() {
	goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = c.ws.WriteControl(websocket.CloseMessage, goodbye, time.Now().Add(time.Second)) // it may be gone
	_ = c.ws.NetConn().Close()
}

// Connections are those that are open, the oldest first.
func (s *Slack) Connections() []*Connection {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	return slices.Clone(s.sockets.open)
}

// AwaitConnections waits until that many are open and were told hello.
func (s *Slack) AwaitConnections(ctx context.Context, n int) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		open := s.greeted()
		if open == n {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("the app has %d connections, not %d: %w", open, n, ctx.Err())
		}
	}
}

// greeted is how many connections were told hello.
func (s *Slack) greeted() (n int) {
	for _, c := range s.Connections() {
		c.mu.Lock()
		if c.greeted {
			n++
		}
		c.mu.Unlock()
	}
	return n
}

// SwitchSocketMode switches it off, as an admin of the app does, or on again. The
// app is told by link_disabled, and its connections are closed.
func (s *Slack) SwitchSocketMode(on bool) {
	s.sockets.mu.Lock()
	s.sockets.off = !on
	s.sockets.mu.Unlock()
	if on {
		return
	}
	for _, c := range s.Connections() {
		c.send(encode(map[string]any{"type": "disconnect", "reason": "link_disabled", "debug_info": debugInfo}))
		c.hangUp()
	}
}

// SendTwice has every envelope sent a second time from now on.
func (s *Slack) SendTwice(how Twice) {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	s.sockets.twice = how
}

// SendOnce has no envelope sent again from now on that wasn't acknowledged.
func (s *Slack) SendOnce() {
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	s.sockets.once = true
}
