package ses

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// What an agent reads.
const (
	silent     = name + " doesn't answer. Please try again in a few minutes."
	busy       = name + " takes no more requests at the moment. Please try again in a few minutes."
	turnedAway = name + " turns Latchkey away: its access key isn't valid, or may not do this. Please tell your Latchkey admin."
	refused    = name + " doesn't take the request, so nothing was done. Please tell your Latchkey admin."
	unreadable = name + " gave an answer that Latchkey can't read. Please tell your Latchkey admin."
)

// errNotFound is for an address that isn't on the list.
var errNotFound = errors.New("it isn't on the list")

func unavailable(sentence string, cause error) *actions.Error {
	return &actions.Error{Code: actions.Unavailable, Sentence: sentence, Cause: cause}
}

// silence is for a request without an answer. When who asked stopped waiting, nobody
// asks again.
func silence(err error) error {
	var inURL *url.Error
	if errors.As(err, &inURL) { // the address of the request holds the customer's
		err = inURL.Err
	}
	said := unavailable(silent, err)
	if errors.Is(err, context.Canceled) {
		return said
	}
	return &passing{said: said}
}

// codes are those of errors that say more than their status (see "Common errors" of
// the reference).
var codes = map[string]string{
	"ThrottlingException": busy, "Throttling": busy, "TooManyRequestsException": busy, "RequestLimitExceeded": busy, "SlowDown": busy,

	"AccessDenied": turnedAway, "AccessDeniedException": turnedAway, "ExpiredToken": turnedAway, "ExpiredTokenException": turnedAway,
	"IncompleteSignature": turnedAway, "IncompleteSignatureException": turnedAway, "InvalidAccessKeyId": turnedAway,
	"InvalidClientTokenId": turnedAway, "InvalidSignatureException": turnedAway, "MissingAuthenticationToken": turnedAway,
	"MissingAuthenticationTokenException": turnedAway, "NotAuthorized": turnedAway, "OptInRequired": turnedAway,
	"RequestExpired": turnedAway, "SignatureDoesNotMatch": turnedAway, "UnrecognizedClientException": turnedAway,

	"InternalFailure": silent, "InternalServiceErrorException": silent, "RequestTimeoutException": silent, "ServiceUnavailable": silent,
}

// judge says what an answer means that isn't a success. Its message isn't looked at:
// it repeats the address, and that of a wrong signature even the session token.
func (c *Client) judge(answer *http.Response, body []byte) error {
	status, code := answer.StatusCode, codeOf(answer.Header, body)
	cause := fmt.Errorf("%d %s, request %q", status, code, plain(answer.Header.Get("X-Amzn-Requestid")))
	said, known := codes[code]
	switch {
	case status == http.StatusNotFound && code == "NotFoundException":
		return errNotFound
	case said == busy || status == http.StatusTooManyRequests:
		return &passing{said: unavailable(busy, cause), after: c.after(answer.Header.Get("Retry-After"))}
	case said == turnedAway || status == http.StatusUnauthorized || status == http.StatusForbidden:
		return unavailable(turnedAway, fmt.Errorf("%w: %w", actions.ErrTurnedAway, cause))
	case said == silent || status >= 500 || status == http.StatusRequestTimeout:
		return &passing{said: unavailable(silent, cause), after: c.after(answer.Header.Get("Retry-After"))}
	case !known && status == http.StatusBadRequest && code != "":
		return unavailable(refused, cause)
	}
	return unavailable(unreadable, cause)
}

// codeOf is the code of an error, wherever it stands: in a header, where more may
// follow it, or in the body, where a namespace may stand before it.
func codeOf(header http.Header, body []byte) string {
	var in struct {
		Type string `json:"__type"`
		Code string `json:"code"`
	}
	_ = json.Unmarshal(body, &in) // what can't be read has no code
	for _, code := range []string{header.Get("X-Amzn-Errortype"), in.Type, in.Code} {
		code, _, _ = strings.Cut(code, ":")
		code = code[strings.LastIndex(code, "#")+1:]
		if code = plain(code); code != "" {
			return code
		}
	}
	return ""
}

var plainForm = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

// plain is a name of Amazon's for the log, "" for anything else.
func plain(name string) string {
	if plainForm.MatchString(name) {
		return name
	}
	return ""
}

// after reads a Retry-After: seconds, or a moment.
func (c *Client) after(header string) time.Duration {
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(at.Sub(c.now()), 0)
	}
	return 0
}
