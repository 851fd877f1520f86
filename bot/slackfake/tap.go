package slackfake

import (
	"bytes"
	"io"
	"net/http"
)

// Tap calls f with the body of every request that an app makes from now on, to the Web API
// and to response URLs, and with every frame of its, as it came: with what no person sees,
// too. One call is over before the next begins.
func (s *Slack) Tap(f func(body []byte)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taps = append(s.taps, f)
}

// tapped has the taps hear a request.
func (s *Slack) tapped(r *http.Request) {
	s.mu.Lock()
	none := len(s.taps) == 0
	s.mu.Unlock()
	if none || r.Body == nil {
		return
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), broken{err}))
	s.tap(body)
}

// tap has the taps hear what was sent.
func (s *Slack) tap(sent []byte) {
	s.mu.Lock()
	taps := s.taps
	s.mu.Unlock()
	s.hearing.Lock()
	defer s.hearing.Unlock()
	for _, f := range taps {
		f(sent)
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
