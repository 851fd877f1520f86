package slackfake

import (
	"net/http"
	"strconv"
	"time"
)

// Failure is what goes wrong with a method of the Web API.
type Failure struct {
	Down       bool          // 503 without an answer
	Status     int           // that status without an answer, such as 500; 0: none
	Cut        bool          // the connection ends without an answer
	Hang       time.Duration // that long nothing comes, and then 503
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
	clear(s.plans)
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
	for _, name := range []string{method, Every} {
		if f, ok := s.failures[name]; ok {
			s.wear(name, f)
			return f
		}
		if p, ok := s.plans[name]; ok {
			return p.strike()
		}
	}
	return Failure{}
}

// wear counts a failure that struck.
func (s *Slack) wear(name string, f Failure) {
	switch f.Times {
	case 0:
	case 1:
		delete(s.failures, name)
	default:
		f.Times--
		s.failures[name] = f
	}
}

// fails lets a request fail; failed is false when nothing went wrong.
func (f Failure) fails(w http.ResponseWriter, r *http.Request) (failed bool) {
	if !lasts(r, f.Delay) || !lasts(r, f.Hang) {
		return true
	}
	switch {
	case f.Cut:
		panic(http.ErrAbortHandler) // so a server cuts a connection
	case f.Down, f.Hang > 0:
		w.WriteHeader(http.StatusServiceUnavailable)
	case f.Status != 0:
		w.WriteHeader(f.Status)
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

// lasts waits; false when the caller has given up meanwhile.
func lasts(r *http.Request, wait time.Duration) bool {
	if wait <= 0 {
		return true
	}
	select {
	case <-time.After(wait):
		return true
	case <-r.Context().Done():
		return false
	}
}
