package bot

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// link is one connection to Slack.
type link struct {
	socket *Socket
	conn   *websocket.Conn
	began  time.Time
	heard  atomic.Int64 // when the last frame came, in nanoseconds since 1970

	greeted chan struct{} // closed when Slack has said hello
	due     chan struct{} // closed when it must be replaced
	over    chan struct{} // closed when nothing is read from it any more
	hello   sync.Once
	replace sync.Once
	reason  string // why; set before due is closed

	writing sync.Mutex
	under   inflight // envelopes that came on it and aren't acknowledged
}

func newLink(s *Socket, conn *websocket.Conn) *link {
	l := &link{
		socket: s, conn: conn, began: time.Now(),
		greeted: make(chan struct{}), due: make(chan struct{}), over: make(chan struct{}),
	}
	l.frameCame()
	conn.SetPingHandler(l.pong)
	conn.SetPongHandler(func(string) error { l.frameCame(); return nil })
	return l
}

// frameCame sets the watchdog anew: reading fails when no frame comes for a minute.
func (l *link) frameCame() {
	now := time.Now()
	l.heard.Store(now.UnixNano())
	_ = l.conn.SetReadDeadline(now.Add(socketSilence)) // of a connection that is closed, reading fails anyway
}

// lively reports whether it is open and had a frame within a minute.
func (l *link) lively() bool {
	select {
	case <-l.over:
		return false
	default:
		return time.Since(time.Unix(0, l.heard.Load())) < socketSilence
	}
}

// pong answers a ping. That this fails, the next read will tell.
func (l *link) pong(data string) error {
	l.frameCame()
	_ = l.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeFrameLimit))
	return nil
}

// read reads until the connection ends. After ctx has ended nothing that arrives
// is taken any more.
func (l *link) read(ctx context.Context) {
	defer close(l.over)
	for {
		frame, err := l.frame(ctx)
		if err != nil {
			l.mustReplace(whyEnded(err))
			_ = l.conn.Close() // it is over either way
			return
		}
		if frame != nil && ctx.Err() == nil {
			l.take(ctx, frame)
		}
	}
}

// frame reads one frame; nil for one that is too long, of which no more than that
// is kept in memory.
func (l *link) frame(ctx context.Context) ([]byte, error) {
	_, r, err := l.conn.NextReader() // it skips what is left of the frame before
	if err != nil {
		return nil, err
	}
	l.frameCame()
	frame, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if err != nil {
		return nil, err
	}
	if len(frame) > maxBody {
		l.socket.bot.log.WarnContext(ctx, "a frame of Socket Mode that is longer than a request may be was ignored", "most", maxBody)
		return nil, nil
	}
	return frame, nil
}

// mustReplace says once that another connection is needed.
func (l *link) mustReplace(reason string) {
	l.replace.Do(func() {
		l.reason = reason
		close(l.due)
	})
}

// whyEnded names why reading failed, for the log.
func whyEnded(err error) string {
	var timeout net.Error
	var closed *websocket.CloseError
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return "silence"
	case errors.As(err, &closed):
		return "closed"
	}
	return "dropped"
}

// write writes one frame. It fails when the connection is gone.
func (l *link) write(frame []byte) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	if err := l.conn.SetWriteDeadline(time.Now().Add(writeFrameLimit)); err != nil {
		return err
	}
	return l.conn.WriteMessage(websocket.TextMessage, frame)
}

// leave ends a connection that was replaced. Slack closes it itself soon after it
// asked for another, and what it still sends until then is answered; when ctx has
// ended nobody waits for that.
func (l *link) leave(ctx context.Context) {
	timer := time.NewTimer(leaveLimit)
	defer timer.Stop()
	select {
	case <-l.over:
		return
	case <-timer.C:
	case <-ctx.Done():
	}
	l.close()
}

// close ends the connection, after the acknowledgements under way, and returns
// when nothing is read any more.
func (l *link) close() {
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	l.under.wait(ctx)
	goodbye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = l.conn.WriteControl(websocket.CloseMessage, goodbye, time.Now().Add(closeHandshake)) // else it is cut below
	timer := time.NewTimer(closeHandshake)
	defer timer.Stop()
	select {
	case <-l.over:
	case <-timer.C:
	}
	_ = l.conn.Close() // it ends reading, if nothing else did
	<-l.over
}
