package web_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/bot/web"
)

// wire is a network of one listener, which may stand inside a synctest bubble.
type wire struct {
	calls  chan net.Conn
	closed chan struct{}
}

func (w wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.calls:
		return c, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

func (w wire) Close() error   { close(w.closed); return nil }
func (w wire) Addr() net.Addr { return &net.UnixAddr{Name: "wire"} }

func (w wire) dial(context.Context, string, string) (net.Conn, error) {
	here, there := net.Pipe()
	w.calls <- there
	return here, nil
}

// overTheWire serves the handler with the limits of a real server, and sends it
// bodies.
func overTheWire(t *testing.T, h http.Handler, use func(send func(io.Reader) (*http.Response, error))) {
	w := wire{make(chan net.Conn), make(chan struct{})}
	server := &http.Server{Handler: h, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute}
	done := make(chan error, 1)
	go func() { done <- server.Serve(w) }()
	transport := &http.Transport{DialContext: w.dial}
	use(func(body io.Reader) (*http.Response, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://latchkey.test/v1/records", body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer good")
		return transport.RoundTrip(r)
	})
	transport.CloseIdleConnections()
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; !errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

// slowly is a body of lines that come one by one, each after a pause.
type slowly struct {
	pause time.Duration
	lines int
	end   chan struct{} // closed: it breaks off
}

func (s *slowly) Read(p []byte) (int, error) {
	if s.lines == 0 {
		return 0, io.EOF
	}
	s.lines--
	pause := time.NewTimer(s.pause)
	defer pause.Stop()
	select {
	case <-pause.C:
		return copy(p, userLine), nil
	case <-s.end:
		return 0, io.ErrUnexpectedEOF
	}
}

func TestRecordsOverASlowLink(t *testing.T) {
	for name, row := range map[string]struct {
		body   slowly
		hold   time.Duration // how long storing takes
		status int
		says   string
		after  time.Duration
	}{
		"Slow":        {slowly{pause: 29 * time.Second, lines: 10}, 0, 200, `"imported":10`, 290 * time.Second},
		"SlowToStore": {slowly{pause: time.Second, lines: 1}, 119 * time.Second, 200, `"imported":1`, 120 * time.Second},
		"NeverStored": {slowly{pause: time.Second, lines: 1}, time.Hour, 503, "took too long", 121 * time.Second},
		"Stalled":     {slowly{pause: 31 * time.Second, lines: 2}, 0, 408, "too long to arrive", 30 * time.Second},
		"EndlessSlow": {slowly{pause: 29 * time.Second, lines: 1000}, 0, 408, "too long to arrive", 5 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				row.body.end = make(chan struct{})
				desk := &counter{hold: func(ctx context.Context) {
					select {
					case <-time.After(row.hold):
					case <-ctx.Done():
					}
				}}
				overTheWire(t, web.Records(desk, nil, silent), func(send func(io.Reader) (*http.Response, error)) {
					begin := time.Now()
					answer, err := send(&row.body)
					if err != nil {
						t.Error(err)
						return
					}
					body, err := io.ReadAll(answer.Body)
					_ = answer.Body.Close()
					if err != nil || answer.StatusCode != row.status || !strings.Contains(string(body), row.says) || time.Since(begin) != row.after {
						t.Errorf("got %d %s after %s, %v", answer.StatusCode, body, time.Since(begin), err)
					}
					close(row.body.end)
				})
			})
		})
	}
}

// Who hangs up takes the import along.
func TestRecordsHungUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storing, gone := make(chan struct{}), make(chan struct{})
		desk := &counter{hold: func(ctx context.Context) { close(storing); <-ctx.Done(); close(gone) }}
		overTheWire(t, web.Records(desk, nil, silent), func(send func(io.Reader) (*http.Response, error)) {
			go func() {
				answer, err := send(strings.NewReader(userLine))
				if err == nil {
					_ = answer.Body.Close()
					t.Errorf("got %d", answer.StatusCode)
				}
			}()
			<-storing
		})
		<-gone
		if desk.taken.Load() != 0 {
			t.Error("it was taken all the same")
		}
	})
}
