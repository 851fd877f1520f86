package ses

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// The bounds of a call.
const (
	requestLimit = 5 * time.Second  // for one request
	callLimit    = 20 * time.Second // for all tries of a call, with the waits between
	tries        = 4
	firstWait    = 200 * time.Millisecond // doubled with each try
	answerLimit  = 1 << 20                // bytes of an answer
)

// passing is a failure that may be over a moment later.
type passing struct {
	said  *actions.Error // what it is when it isn't over
	after time.Duration  // how long Amazon asks to wait; 0: it doesn't
}

func (p *passing) Error() string { return p.said.Error() }

// call asks for something until there is an answer, and returns what it holds. Its
// errors are errNotFound, and Unavailable.
func (c *Client) call(ctx context.Context, method, path string, query url.Values) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	for try := 1; ; try++ {
		body, err := c.once(ctx, method, path, query)
		lost := new(passing)
		switch {
		case !errors.As(err, &lost):
			return body, err
		case try == tries || !wait(ctx, max(backOff(try), lost.after)):
			return nil, lost.said
		}
	}
}

// backOff is how long to wait after a try: longer each time, and never as long as
// others who were turned away with us.
func backOff(try int) time.Duration {
	longest := firstWait << (try - 1)
	return longest/2 + rand.N(longest/2) //nolint:gosec // it only spreads load
}

// wait waits, unless the context ends before.
func wait(ctx context.Context, d time.Duration) bool {
	if deadline, ends := ctx.Deadline(); ends && time.Until(deadline) <= d {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// once sends one signed request and returns what the answer holds.
func (c *Client) once(ctx context.Context, method, path string, query url.Values) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, requestLimit)
	defer cancel()
	request, err := c.request(ctx, method, path, query)
	if err != nil {
		return nil, unavailable(unreadable, err)
	}
	answer, err := c.client.Do(request)
	if err != nil {
		return nil, silence(err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(io.LimitReader(answer.Body, answerLimit+1))
	switch {
	case err != nil:
		return nil, silence(err)
	case len(body) > answerLimit:
		return nil, unavailable(unreadable, fmt.Errorf("the answer (%d) has more than %d bytes", answer.StatusCode, answerLimit))
	case answer.StatusCode < 200 || answer.StatusCode > 299:
		return nil, c.judge(answer, body)
	}
	return body, nil
}

// nothing is the hash of an empty body.
var nothing = sha256.Sum256(nil)

// request is a signed request. path is escaped already.
func (c *Client) request(ctx context.Context, method, path string, query url.Values) (*http.Request, error) {
	address := c.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	request, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, errors.New("the address of the API can't be read") // the error would show the customer's
	}
	request.Header.Set("Accept", "application/json")
	err = c.signer.SignHTTP(ctx, c.credentials, request, hex.EncodeToString(nothing[:]), "ses", c.region, c.now().UTC())
	return request, err
}
