package wordpress

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"

	"github.com/latchkey-bot/latchkey/actions"
)

// The bounds of an answer, in bytes.
const (
	answerLimit = 1 << 20
	headerLimit = 64 << 10
)

// request is what is asked of a site.
type request struct {
	method string
	route  string // such as "/wp/v2/users"
	query  url.Values
	body   any // JSON, nil for none
	// changing is what it changes, such as "made the user"; "" for what only reads.
	changing string
}

// The routes.
const (
	usersRoute = "/wp/v2/users"
	selfRoute  = usersRoute + "/me"
)

// routeOf is the route of one user.
func routeOf(id int64) string { return usersRoute + "/" + strconv.FormatInt(id, 10) }

// fields are what an answer holds of each user: all of it may be ten times as much.
const fields = "id,username,name,email,roles,capabilities"

// editing is what shows logins, roles and capabilities; more are name and value by
// turns.
func editing(more ...string) url.Values {
	query := url.Values{"context": {"edit"}, "_fields": {fields}}
	for i := 0; i+1 < len(more); i += 2 {
		query.Set(more[i], more[i+1])
	}
	return query
}

// call asks for something, and returns the answer when it is a success. Its errors are
// Unavailable, with a *refusal as a cause when the site said something else.
func (s *Site) call(ctx context.Context, r request) (http.Header, []byte, error) {
	asked, err := s.request(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	var sent atomic.Bool
	asked = asked.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { sent.Store(true) }, // as late as nothing but them is on its way
		WroteRequest: func(httptrace.WroteRequestInfo) { sent.Store(true) },
	}))
	answer, err := s.client.Do(asked)
	if err != nil {
		return nil, nil, s.silence(r, sent.Load(), err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(io.LimitReader(answer.Body, answerLimit+1))
	switch {
	case answer.StatusCode < 200 || answer.StatusCode > 299: // whatever can be read of it
		return nil, nil, s.judge(r, answer, body)
	case err != nil:
		return nil, nil, s.silence(r, true, err)
	case len(body) > answerLimit:
		return nil, nil, s.unreadable(r, nil, fmt.Errorf("the answer (%d) has more than %d bytes", answer.StatusCode, answerLimit))
	}
	return answer.Header, body, nil
}

// request writes a request. Its address holds no secret, and its body may.
func (s *Site) request(ctx context.Context, r request) (*http.Request, error) {
	query := url.Values{"rest_route": {r.route}}
	for name, values := range r.query {
		query[name] = values
	}
	var body io.Reader
	if r.body != nil {
		written, err := json.Marshal(r.body)
		if err != nil {
			return nil, &actions.Error{Code: actions.Internal, Sentence: "Latchkey can't write what it wants to ask " + s.name + ". Please tell your Latchkey admin.", Cause: err}
		}
		body = bytes.NewReader(written)
	}
	asked, err := http.NewRequestWithContext(ctx, r.method, s.base+"/?"+query.Encode(), body)
	if err != nil {
		return nil, &actions.Error{Code: actions.Internal, Sentence: "Latchkey can't ask at the address of " + s.name + ". Please tell your Latchkey admin.", Cause: err}
	}
	asked.SetBasicAuth(s.user, s.password)
	asked.Header.Set("User-Agent", "Latchkey")
	asked.Header.Set("Accept", "application/json")
	asked.Header.Set("Cache-Control", "no-cache")
	if r.body != nil {
		asked.Header.Set("Content-Type", "application/json")
	}
	return asked, nil
}
