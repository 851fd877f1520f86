package slackfake

import (
	"bytes"
	"io"
	"net/http"
)

// Tap calls f with the body of every request that an app makes from now on, to
// the Web API and to response URLs, as it came: with what no person sees, too. f
// may be called by several at once.
func (s *Slack) Tap(f func(body []byte)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taps = append(s.taps, f)
}

// tapped has the taps hear a request.
func (s *Slack) tapped(r *http.Request) {
	s.mu.Lock()
	taps := s.taps
	s.mu.Unlock()
	if len(taps) == 0 || r.Body == nil {
		return
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), broken{err}))
	for _, f := range taps {
		f(body)
	}
}

// broken ends as reading did.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) {
	if b.err == nil {
		return 0, io.EOF
	}
	return 0, b.err
}
