package slackfake

import (
	"net/http"
	"strconv"
	"time"
)

// Failure is what goes wrong with a method of the Web API.
type Failure struct {
	Down       bool          // 503 without an answer
	RetryAfter time.Duration // 429, in whole seconds; 0: not limited
	Error      string        // Slack's code, such as "plan_upgrade_required"
	Delay      time.Duration // before anything else
	// Late: it strikes after the method was carried out, as when an answer is lost
	// on its way back.
	Late bool
	// Times is how often it strikes; 0: until it is mended.
	Times int
}

// Every names all methods of the Web API.
const Every = ""

// Fail lets a method fail from now on, or every one.
func (s *Slack) Fail(method string, f Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures[method] = f
}

// Recover ends all failures.
func (s *Slack) Recover() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.failures)
}

// Calls returns how often a method was called.
func (s *Slack) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}

// failing counts a call and returns how it fails.
func (s *Slack) failing(method string) Failure {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[method]++
	name := method
	if _, ok := s.failures[name]; !ok {
		name = Every
	}
	f := s.failures[name]
	switch f.Times {
	case 0:
	case 1:
		delete(s.failures, name)
	default:
		left := f
		left.Times--
		s.failures[name] = left
	}
	return f
}

// fails lets a request fail; ok is false when nothing went wrong.
func (f Failure) fails(w http.ResponseWriter, r *http.Request) (failed bool) {
	if f.Delay > 0 {
		select {
		case <-time.After(f.Delay):
		case <-r.Context().Done():
			return true
		}
	}
	switch {
	case f.Down:
		w.WriteHeader(http.StatusServiceUnavailable)
	case f.RetryAfter > 0:
		w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())))
		w.WriteHeader(http.StatusTooManyRequests)
	case f.Error != "":
		writeJSON(w, map[string]any{"ok": false, "error": f.Error})
	default:
		return false
	}
	return true
}
