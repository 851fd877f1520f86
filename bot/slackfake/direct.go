package slackfake

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// Direct carries requests to a handler without a network, so that a test can
// have a clock of its own (testing/synctest). A request that is given up ends
// at once; the handler sees it by its context.
func Direct(handler http.Handler) http.RoundTripper { return direct{handler} }

type direct struct{ handler http.Handler }

// RoundTrip calls the handler.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	served := r.Clone(r.Context())
	if served.Body == nil {
		served.Body = http.NoBody
	}
	served.RequestURI, served.RemoteAddr = r.URL.RequestURI(), "192.0.2.1:1234"
	done := make(chan *written, 1)
	go func() { done <- d.serve(served) }()
	select {
	case answer := <-done:
		if answer == nil {
			return nil, fmt.Errorf("reading the answer: %w", io.ErrUnexpectedEOF)
		}
		return answer.response(r), nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// serve returns what the handler wrote; nil when it cut the connection, as
// [http.ErrAbortHandler] does.
func (d direct) serve(r *http.Request) (w *written) {
	defer func() {
		switch cut := recover(); cut {
		case nil:
		case http.ErrAbortHandler:
			w = nil
		default:
			panic(cut)
		}
	}()
	w = &written{header: http.Header{}}
	d.handler.ServeHTTP(w, r)
	return w
}

// written is what a handler wrote.
type written struct {
	header http.Header
	sent   http.Header // as it was when the status was written
	status int
	body   bytes.Buffer
}

// Header is what the handler sets before it writes.
func (w *written) Header() http.Header { return w.header }

// WriteHeader takes the first status.
func (w *written) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
	}
}

// Write takes a piece of the body.
func (w *written) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

func (w *written) response(r *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: r,
	}
}
