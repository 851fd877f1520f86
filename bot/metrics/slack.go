package metrics

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path"
	"slices"
)

// What became of a call of Slack.
const (
	callOK           = "ok"
	callRefused      = "refused"       // Slack said why it didn't do it
	callTokenRefused = "token_refused" // Slack doesn't take the token, whatever was called
	callRateLimited  = "rate_limited"  // too many; Slack said when to try again
	callUnavailable  = "unavailable"   // a status that Slack shouldn't have
	callFailed       = "failed"        // no answer, or half of one
)

// CallOutcomes are all outcomes of a call of Slack.
func CallOutcomes() []string {
	return []string{callOK, callRefused, callTokenRefused, callRateLimited, callUnavailable, callFailed}
}

// ResponseURL is the method under which answers are counted that are posted to a
// response_url: its path has secrets.
const ResponseURL = "response_url"

// answerLimit is how much of an answer is read ahead, in bytes; Slack's are shorter.
const answerLimit = 16 << 20

// SlackTransport counts the calls of Slack's methods that next carries; nil: the default
// one.
func (m *Metrics) SlackTransport(next http.RoundTripper) http.RoundTripper {
	return m.counting(next, func(r *http.Request) string { return oneOf(m.known.Methods, path.Base(r.URL.Path)) })
}

// ResponseTransport counts the answers that next carries to a response_url.
func (m *Metrics) ResponseTransport(next http.RoundTripper) http.RoundTripper {
	return m.counting(next, func(*http.Request) string { return oneOf(m.known.Methods, ResponseURL) })
}

func (m *Metrics) counting(next http.RoundTripper, method func(*http.Request) string) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		answer, err := next.RoundTrip(r)
		m.calls.WithLabelValues(method(r), callOutcome(answer, err)).Inc()
		return answer, err
	})
}

// roundTripper is a function that carries a request.
type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip carries it.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// callOutcome is what became of a call. It reads the answer, and puts it back.
func callOutcome(answer *http.Response, err error) string {
	switch {
	case err != nil:
		return callFailed
	case answer.StatusCode == http.StatusTooManyRequests:
		return callRateLimited
	case answer.StatusCode >= http.StatusInternalServerError:
		return callUnavailable
	case answer.StatusCode >= http.StatusMultipleChoices:
		return callRefused
	}
	read, err := io.ReadAll(io.LimitReader(answer.Body, answerLimit))
	answer.Body = rest{io.MultiReader(bytes.NewReader(read), broken{err}, answer.Body), answer.Body}
	if err != nil {
		return callFailed
	}
	return saidOutcome(read)
}

// saidOutcome is what Slack's own words say of a call. A response_url says no JSON when
// it took the answer.
func saidOutcome(read []byte) string {
	var said struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	switch err := json.Unmarshal(read, &said); {
	case err != nil || said.OK == nil || *said.OK:
		return callOK
	case said.Error == "ratelimited":
		return callRateLimited
	case slices.Contains(tokenCodes, said.Error):
		return callTokenRefused
	}
	return callRefused
}

// tokenCodes are how Slack says that it doesn't take a token.
var tokenCodes = []string{"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "not_allowed_token_type"}

// rest is a body that was read in part.
type rest struct {
	io.Reader
	io.Closer
}

// broken fails as reading did, once what was read before is read again; nil: it doesn't.
type broken struct{ err error }

// Read fails, or says that there is nothing.
func (b broken) Read([]byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	return 0, io.EOF
}
