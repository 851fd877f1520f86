package slackfake

import (
	"net/http"
	"net/http/httptest"
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
	done := make(chan *http.Response, 1)
	go func() {
		answer := httptest.NewRecorder()
		d.handler.ServeHTTP(answer, served)
		done <- answer.Result()
	}()
	select {
	case answer := <-done:
		answer.Request = r
		return answer, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}
