// Package sms sends texts to mobiles. It speaks to no provider of its own but
// posts to one address:
//
//	POST /sms
//	Authorization: Bearer <token>
//	Content-Type: application/json
//
//	{"to": "+61491570156", "text": "123456 is your code …"}
//
// and takes any answer of 2xx for "sent", 4xx (but 408 and 429) for "this will
// never go", and everything else for "try again". So a few lines before any
// provider do, here in Python with Flask:
//
//	@app.post("/sms")
//	def sms():
//	    if not hmac.compare_digest(request.headers.get("Authorization", ""), "Bearer " + TOKEN):
//	        abort(401)
//	    r = requests.post(PROVIDER, auth=KEY, data={"To": request.json["to"], "From": SENDER, "Body": request.json["text"]})
//	    return "", r.status_code
package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Service is where texts are posted to. It is an [actions.Texter].
type Service struct {
	url    string
	token  string
	client *http.Client
	now    func() time.Time
}

// Options are what may be different.
type Options struct {
	Timeout   time.Duration     // for one text; 0: 30 seconds
	Transport http.RoundTripper // nil: the network
	Now       func() time.Time  // for Retry-After; nil: the system's clock
}

const (
	sendTimeout = 30 * time.Second
	answerLimit = 4 << 10 // bytes of an answer that are read
)

// New makes a service of its address, https:// (http:// on loopback), and the
// bearer token, "" for none. Its errors show neither.
func New(address, token string, o Options) (*Service, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.User != nil:
		return nil, errors.New("the address that texts are posted to can't be read; it looks like https://sms.acme.example/send")
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return nil, errors.New("texts are posted to https:// only, but on loopback: they hold codes")
	case strings.ContainsAny(token, " \t\r\n"):
		return nil, errors.New("the token for texts has a space in it")
	}
	if o.Timeout == 0 {
		o.Timeout = sendTimeout
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Transport == nil {
		o.Transport = transport()
	}
	return &Service{url: address, token: token, now: o.Now, client: &http.Client{
		Timeout: o.Timeout, Transport: o.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// transport opens a connection for each text: one that was kept could have ended
// meanwhile, and nobody would know whether a text went through it.
func transport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // the standard library's
	t.DisableKeepAlives = true
	return t
}

// isLoopback reports whether a host is this very machine.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// SendText sends a text. Its error is an [*actions.SendError] without the number
// and the text.
func (s *Service) SendText(ctx context.Context, letter actions.Letter) error {
	body, err := json.Marshal(map[string]string{"to": letter.To, "text": letter.Text})
	if err != nil {
		return &actions.SendError{Refused: true, Sentence: "The text can't be sent as it is.", Cause: err}
	}
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(info httptrace.WroteRequestInfo) { written.Store(info.Err == nil) },
	})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return &actions.SendError{Sentence: "The text service can't be reached as it is set up. Please tell your Latchkey admin."}
	}
	request.Header.Set("Content-Type", "application/json")
	if s.token != "" {
		request.Header.Set("Authorization", "Bearer "+s.token)
	}
	answer, err := s.client.Do(request)
	if err != nil {
		return silent(err, written.Load())
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, answerLimit))
	return s.judge(answer)
}

// silent is for a service that gave no answer. Once it has the whole request the
// text may be on its way.
func silent(err error, written bool) error {
	var inURL *url.Error
	if errors.As(err, &inURL) { // the address may hold a secret
		err = inURL.Err
	}
	if written {
		return &actions.SendError{
			Unclear: true, Cause: err,
			Sentence: "The text service went silent after it had the text, so it may have arrived or not. Ask the customer to look before you send another.",
		}
	}
	return &actions.SendError{Sentence: "The text service doesn't answer, so the text wasn't sent. Latchkey tries again by itself.", Cause: err}
}

// judge says what an answer means. What it holds isn't looked at: it may repeat
// the number or the text.
func (s *Service) judge(answer *http.Response) error {
	status := answer.StatusCode
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusTooManyRequests || status == http.StatusRequestTimeout || status >= 500:
		return &actions.SendError{
			After:    s.after(answer.Header.Get("Retry-After")),
			Sentence: fmt.Sprintf("The text service can't take it now (%d). Latchkey tries again by itself.", status),
		}
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return &actions.SendError{
			Refused:  true,
			Sentence: fmt.Sprintf("The text service doesn't take Latchkey's token (%d). Please tell your Latchkey admin, and use e-mail.", status),
		}
	case status >= 400:
		return &actions.SendError{
			Refused:  true,
			Sentence: fmt.Sprintf("The text service refused it (%d). Check the mobile number on file with the customer, or use e-mail.", status),
		}
	}
	return &actions.SendError{
		Sentence: fmt.Sprintf("The text service sends Latchkey somewhere else (%d), and texts don't follow. Please tell your Latchkey admin; Latchkey tries again by itself.", status),
	}
}

// after reads a Retry-After: seconds, or a moment.
func (s *Service) after(header string) time.Duration {
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(at.Sub(s.now()), 0)
	}
	return 0
}

var _ actions.Texter = (*Service)(nil)
