package sesfake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// errDropped is for a connection that ended without an answer.
var errDropped = errors.New("the connection was closed")

// Transport is the way to the service without a network, so that a test can have a
// clock of its own (testing/synctest). What the service does is done when a request
// comes back.
func (f *Fake) Transport() http.RoundTripper { return direct{f} }

type direct struct{ f *Fake }

// RoundTrip serves a request as it would arrive.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	arrived := r.Clone(r.Context())
	var err error
	arrived.Host, arrived.RequestURI = r.URL.Host, r.URL.RequestURI()
	if arrived.URL, err = url.ParseRequestURI(arrived.RequestURI); err != nil {
		return nil, fmt.Errorf("reading the request: %w", err)
	}
	w := &written{header: http.Header{}, status: http.StatusOK}
	if d.aborts(w, arrived) {
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		return nil, errDropped
	}
	return &http.Response{StatusCode: w.status, Header: w.header, Body: io.NopCloser(&w.body), Request: r}, nil
}

// aborts reports whether the service ended the connection instead of answering.
func (d direct) aborts(w http.ResponseWriter, r *http.Request) (aborted bool) {
	defer func() {
		switch gone := recover(); gone {
		case nil:
		case http.ErrAbortHandler:
			aborted = true
		default:
			panic(gone)
		}
	}()
	d.f.ServeHTTP(w, r)
	return false
}

// written is an answer.
type written struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is what stands before the body.
func (w *written) Header() http.Header { return w.header }

// WriteHeader takes the status.
func (w *written) WriteHeader(status int) { w.status = status }

// Write takes a piece of the body.
func (w *written) Write(p []byte) (int, error) { return w.body.Write(p) }
