package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync/atomic"
	"time"
)

// line is the connection that one letter goes over. It can be cut at any moment,
// which ends whatever go-mail waits for, and it knows what go-mail doesn't tell.
type line struct {
	open        func(ctx context.Context, network, address string) (net.Conn, error)
	tls         *tls.Config // of TLS from the first byte; nil without
	credentials credentials

	conn *wire // nil before it is open
}

// line makes the line for a letter.
func (s *SMTP) line() *line {
	l := &line{open: s.options.Dial}
	if s.server.implicit {
		l.tls = s.tlsConfig()
	}
	if user := s.server.user; user != nil {
		password, _ := user.Password()
		l.credentials = credentials{user: user.Username(), password: password, host: s.server.host, loopback: s.server.loopback}
	}
	return l
}

// dial opens the line. With TLS from the first byte it shakes hands first, so
// that a wrong certificate is told as one.
func (l *line) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := l.open(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.conn = &wire{Conn: conn}
	if l.tls == nil {
		return l.conn, nil
	}
	secure := tls.Client(l.conn, l.tls)
	if err := secure.HandshakeContext(ctx); err != nil {
		l.cut()
		return nil, err
	}
	return secure, nil
}

// cut hangs up.
func (l *line) cut() {
	if l.conn != nil {
		_ = l.conn.Close()
	}
}

// goodbye is how long the server may take to say it.
const goodbye = 2 * time.Second

// hurry leaves the server little time for what nobody needs an answer to.
func (l *line) hurry() { _ = l.conn.SetDeadline(time.Now().Add(goodbye)) }

// lost reports whether something that was written to the line surely never
// arrived whole.
func (l *line) lost() bool { return l.conn == nil || l.conn.lost.Load() }

// answerLimit is how much a server may say in one conversation, in bytes.
const answerLimit = 256 << 10

// errTalksTooMuch ends the conversation with a server that never stops.
var errTalksTooMuch = errors.New("the mail server says more than any answer has")

// wire notes when a write fails, which go-mail doesn't tell of the last bytes
// of a letter, and bounds what is read.
type wire struct {
	net.Conn
	lost atomic.Bool
	read int
}

// Write writes.
func (w *wire) Write(p []byte) (int, error) {
	n, err := w.Conn.Write(p)
	if err != nil {
		w.lost.Store(true)
	}
	return n, err
}

// Read reads, up to answerLimit in all.
func (w *wire) Read(p []byte) (int, error) {
	if w.read > answerLimit {
		return 0, errTalksTooMuch
	}
	n, err := w.Conn.Read(p)
	w.read += n
	return n, err
}
