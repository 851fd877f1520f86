package bot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// ErrAppTokenRefused says that Slack doesn't take the app token. Waiting doesn't
// mend it.
var ErrAppTokenRefused = errors.New("slack refused the app token; please make one with the scope connections:write under " +
	"“App-Level Tokens” on the app's page “Basic Information”, it begins with xapp-")

// ErrSocketModeOff says that the app doesn't use Socket Mode.
var ErrSocketModeOff = errors.New("the Slack app has Socket Mode switched off; please switch it on, on the app's page " +
	"“Socket Mode”, or unset this and let Slack reach Latchkey over HTTP")

// tokenCodes are what Slack says of a token that it will never take.
var tokenCodes = []string{
	"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type", "missing_scope",
	"no_permission", "access_denied", "org_login_required", "ekm_access_denied", "enterprise_is_restricted", "forbidden_team",
	"team_access_not_granted", "two_factor_setup_required",
}

// passingCodes are what Slack says when it is busy or broken itself.
var passingCodes = []string{"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited", "rate_limited", "team_added_to_org"}

// Why Slack asks for a connection to be replaced.
const (
	reasonDisabled = "link_disabled"     // Socket Mode was switched off
	reasonRefresh  = "refresh_requested" // it has become old
	reasonWarning  = "warning"           // it is closed in about ten seconds
)

// Pauses between tries.
const (
	firstPauseToOpen = time.Second
	lastPauseToOpen  = time.Minute
	steadyAfter      = time.Minute // a connection that lived that long was no failure
)

// trials are how opening connections went lately.
type trials struct {
	failures int  // in a row
	disabled bool // the last connection ended since Socket Mode was switched off
}

// failed notes that no connection could be opened. Its error is why none ever can.
func (t *trials) failed(err error) error {
	t.failures++
	var answer slack.SlackErrorResponse
	switch {
	case refused(err, tokenCodes...) && !t.disabled:
		return fmt.Errorf("%w (%w)", ErrAppTokenRefused, err)
	case t.disabled && errors.As(err, &answer) && !refused(err, passingCodes...):
		return fmt.Errorf("%w (%w)", ErrSocketModeOff, err)
	}
	return nil
}

// ended notes that a connection must be replaced after it has lived for so long.
// Its error is why none ever can: the app may be switched over and back, so one
// more is tried first.
func (t *trials) ended(reason string, lived time.Duration) error {
	again := t.disabled
	t.disabled = reason == reasonDisabled
	if t.disabled && again {
		return ErrSocketModeOff
	}
	t.failures++
	asked := reason == reasonRefresh || reason == reasonWarning
	if lived >= steadyAfter || (asked && lived >= firstPauseToOpen) {
		t.failures = 0
	}
	return nil
}

// rest waits before the next try, as long as Slack asked for if it did.
func (t *trials) rest(ctx context.Context, err error) {
	pause := pauseToOpen(t.failures, rand.Float64()) //nolint:gosec // not a secret
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		pause = max(pause, limited.RetryAfter)
	}
	if pause == 0 {
		return
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// pauseToOpen is how long to wait after so many failures in a row: none after
// none, then a second and twice as long each time up to a minute, of which up to
// half is left to chance (from 0 to 1), so that not all replicas come at once.
func pauseToOpen(failures int, chance float64) time.Duration {
	if failures == 0 {
		return 0
	}
	pause := min(firstPauseToOpen<<min(failures-1, 10), lastPauseToOpen)
	return max(firstPauseToOpen, pause-time.Duration(chance*float64(pause)/2))
}

// open asks Slack for a connection, opens it and waits for its hello.
func (s *Socket) open(ctx context.Context) (*link, error) {
	limited, cancel := context.WithTimeout(ctx, openLimit)
	defer cancel()
	_, address, err := s.client.StartSocketModeContext(limited)
	if err != nil {
		return nil, fmt.Errorf("asking Slack for a connection: %w", err)
	}
	if !s.accepts(address) {
		return nil, errors.New("asking Slack for a connection: what it answered isn't an address of one")
	}
	conn, response, err := s.dialer.DialContext(limited, address, nil)
	if response != nil && response.Body != nil {
		_ = response.Body.Close() // the connection is taken over, or nothing more is in it
	}
	if err != nil {
		return nil, fmt.Errorf("connecting: %w", withoutURL(err))
	}
	l := newLink(s, conn)
	go l.read(ctx)
	select {
	case <-l.greeted:
		s.hold(l)
		return l, nil
	case <-l.over:
		err = fmt.Errorf("slack ended the connection before it said hello (%s)", l.reason)
	case <-limited.Done():
		err = fmt.Errorf("waiting for Slack's hello: %w", limited.Err())
	}
	l.close()
	return nil, err
}

// accepts reports whether an address is one of a connection: encrypted, unless
// the API itself isn't, which is for tests on one machine.
func (s *Socket) accepts(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && u.User == nil && (u.Scheme == "wss" || (s.plain && strings.EqualFold(u.Scheme, "ws")))
}
