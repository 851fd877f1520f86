package wordpress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// untouched is what became of a request that surely did nothing.
const untouched = "Nothing was changed there."

// became says what became of a request whose answer is lost.
func (r request) became() string {
	if r.changing == "" {
		return untouched
	}
	return "It may have " + r.changing + ", or not."
}

// refusal is an answer that isn't a success: the cause of an error, for the log. What
// the site wrote beside its code is in nobody's log: it may repeat what it was sent.
type refusal struct {
	status int
	code   string // such as "existing_user_login"; "" when it can't be read
}

func (r *refusal) Error() string { return strings.TrimSpace(strconv.Itoa(r.status) + " " + r.code) }

// codeOf is the code of the answer behind an error, "" without one.
func codeOf(err error) string {
	refused := new(refusal)
	if errors.As(err, &refused) {
		return refused.code
	}
	return ""
}

// unavailable is an error whose sentence says what happened, what became of the
// request, and what to do.
func (s *Site) unavailable(happened, became, do string, cause error) error {
	return &actions.Error{Code: actions.Unavailable, Sentence: s.name + " " + happened + " " + became + " " + do, Cause: cause}
}

// turnedAway is unavailable of a site that surely did nothing.
func (s *Site) turnedAway(happened, do string, cause error) error {
	return s.unavailable(happened, untouched, do, fmt.Errorf("%w: %w", actions.ErrTurnedAway, cause))
}

// silence is for a request without an answer. Of one that changes something, and was
// sent, nobody knows what became: an encrypted connection may also break while the
// answer is waited for.
func (s *Site) silence(r request, sent bool, err error) error {
	var inURL *url.Error
	if errors.As(err, &inURL) { // its address holds a login
		err = inURL.Err
	}
	var (
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		dialled     *net.OpError
		unknown     x509.UnknownAuthorityError
	)
	switch {
	case sent && (errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch)):
		return s.unavailable("broke the encrypted connection off.", r.became(), "Please have its web server, or what is in front of it, looked at.", err)
	case sent && r.changing != "":
	case errors.As(err, &certificate) || errors.As(err, &unknown) || errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch):
		return s.turnedAway("shows no certificate that verifies, so Latchkey sent it nothing.", "Please have the certificate of the site renewed.", err)
	case errors.As(err, &dialled) && dialled.Op == "dial":
		return s.turnedAway("can't be reached.", "Please check that the site is up and that its address is right.", err)
	}
	switch {
	case strings.Contains(err.Error(), "server response headers exceeded"):
		return s.unreadable(r, nil, err)
	case errors.Is(err, context.DeadlineExceeded):
		return s.unavailable("didn't answer in time.", r.became(), "Please check that the site is up, then try again in a few minutes.", err)
	}
	return s.unavailable("doesn't answer.", r.became(), "Please check that the site is up, then try again in a few minutes.", err)
}

// judge says what an answer means that isn't a success.
func (s *Site) judge(r request, answer *http.Response, body []byte) error {
	cause := &refusal{status: answer.StatusCode, code: readCode(body)}
	busy := &busyRefusal{refusal: cause, later: &actions.LaterError{After: after(answer.Header.Get("Retry-After"), time.Now())}}
	status := answer.StatusCode
	switch {
	case status >= 300 && status <= 399:
		return s.barred(r, "sends Latchkey on to "+hostIn(answer)+", which it doesn't follow.", "Please have a Latchkey admin remove the target and add it with the address that the site really has.", cause)
	case status == http.StatusUnauthorized:
		return s.barred(r, "doesn't take Latchkey's application password, or doesn't get it.",
			"Please have a Latchkey admin make a new one there (Users > Profile > Application Passwords) and add the target once more with it.", cause)
	case status == http.StatusForbidden && cause.code != "":
		return s.turnedAway("doesn't let Latchkey do this.", "Please have its user there made an administrator.", cause)
	case status == http.StatusForbidden:
		return s.barred(r, "turns Latchkey away, or a firewall before it does.", "Please have its requests let through.", cause)
	case status == http.StatusTooManyRequests:
		return s.barred(r, "takes no more requests at the moment.", "Please try again in a few minutes.", busy)
	case status == http.StatusServiceUnavailable:
		return s.unavailable("is closed at the moment, perhaps for maintenance.", r.became(), "Please try again in a few minutes.", busy)
	}
	return s.judgeByCode(r, cause, body)
}

// barred is for an answer that turns Latchkey away. Without a code of WordPress it may
// come from what is in front of the site, and late: what was asked may be done by then.
func (s *Site) barred(r request, happened, do string, cause error) error {
	if r.changing != "" && codeOf(cause) == "" {
		return s.unavailable(happened, r.became(), do, cause)
	}
	return s.turnedAway(happened, do, cause)
}

// judgeByCode says what an answer means whose status alone says too little.
func (s *Site) judgeByCode(r request, cause *refusal, body []byte) error {
	switch {
	case cause.code == "rest_cannot_delete" && cause.status == http.StatusNotImplemented:
		return s.turnedAway("is a multisite, whose REST API can't delete users.", "It can't be a target; please make and delete temporary admins by hand there.", cause)
	case cause.code == "rest_no_route":
		return s.turnedAway("has no REST API for users.", "Please check that no plugin switches it off.", cause)
	case cause.code == "rest_user_invalid_reassign":
		return s.turnedAway("doesn't give the content of the deleted user to whom it should.", "Please have a Latchkey admin add it once more, with another login for that.", cause)
	case cause.status < 500 && strings.HasPrefix(cause.code, "rest_"): // WordPress looks at all of a request before it begins
		return s.turnedAway("doesn't take the request ("+cause.code+").", "Please tell your Latchkey admin.", cause)
	case cause.status >= 500:
		return s.unavailable(fmt.Sprintf("failed with an error of its own (%d).", cause.status), r.became(), "Please have its error log looked into, then try again.", cause)
	}
	return s.unreadable(r, body, cause)
}

// unreadable is for an answer that is none.
func (s *Site) unreadable(r request, body []byte, cause error) error {
	happened, do := "gave an answer that Latchkey can't read.", "Please check that nothing between the site and Latchkey changes what it says."
	switch begin := strings.ToLower(string(body[:min(len(body), beginning)])); {
	case strings.Contains(begin, "<b>warning</b>") || strings.Contains(begin, "<b>notice</b>") || strings.Contains(begin, "<b>deprecated</b>"):
		happened, do = "writes warnings of PHP into its answers, so Latchkey can't read them.", "Please have WP_DEBUG_DISPLAY set to false in its wp-config.php."
	case strings.Contains(begin, "<!doctype") || strings.Contains(begin, "<html"):
		happened, do = "answers with a web page and not as the REST API of WordPress does.", "Please check its address, and that neither a plugin nor a firewall switches its REST API off."
	}
	return s.unavailable(happened, r.became(), do, cause)
}

// beginning is how much of an answer shows what it is, in bytes.
const beginning = 512

// busyRefusal is the cause of a site's error that says when to come back.
type busyRefusal struct {
	*refusal
	later *actions.LaterError
}

func (b *busyRefusal) Unwrap() []error {
	if b.later.After == 0 {
		return []error{b.refusal}
	}
	return []error{b.refusal, b.later}
}

// after reads a Retry-After: seconds, or a moment.
func after(header string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

var hostForm = regexp.MustCompile(`^[A-Za-z0-9.:\[\]-]{1,100}$`)

// hostIn is where a redirect goes, when that can be said.
func hostIn(answer *http.Response) string {
	to, err := answer.Location()
	if err != nil || !hostForm.MatchString(to.Host) || to.Scheme != "https" && to.Scheme != "http" {
		return "another address"
	}
	return to.Scheme + "://" + to.Host
}
