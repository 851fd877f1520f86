package slackfake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The app and its bot, as Slack names them beside the bot's user ID.
const (
	appID = "A0APP"
	botID = "B0BOT"
)

// App is the app that is installed in a Slack, as Slack reaches it.
type App struct {
	slack  *Slack
	url    string
	client *http.Client
	events subscription // of messages; guarded by the Slack's lock
}

// App returns the app behind a URL, to send it what people do. transport
// carries the requests, nil for the network; see [Direct].
func (s *Slack) App(url string, transport http.RoundTripper) *App {
	return &App{slack: s, url: strings.TrimRight(url, "/"), client: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Answer is what the app answered a request with. A message may still come to
// its response URL; see [Slack.Wait].
type Answer struct {
	Status      int
	Header      http.Header
	Body        []byte
	ResponseURL string
	// Message is what the body says; nil for an empty one. Refused is why Slack
	// wouldn't show it, "" when it would.
	Message *Message
	Refused string
	// Failed is what the person is told instead of an answer, by Slack's code:
	// "operation_timeout", "dispatch_failed"; "" when the app took the request.
	Failed string
}

// Event sends the envelope of an event, signed.
func (a *App) Event(ctx context.Context, envelope map[string]any) (*Answer, error) {
	return a.ask(ctx, a.Request("/slack/events", "application/json", encode(envelope)), "")
}

// interact sends the payload of an interaction.
func (a *App) interact(ctx context.Context, payload map[string]any, address string) (*Answer, error) {
	return a.ask(ctx, a.form("/slack/interactions", url.Values{"payload": {string(encode(payload))}}), address)
}

// interactUnheard sends an interaction whose answer in the body Slack ignores:
// the app must post to the response URL.
func (a *App) interactUnheard(ctx context.Context, payload map[string]any, address string) (*Answer, error) {
	answer, err := a.interact(ctx, payload, address)
	if err == nil {
		answer.Message, answer.Refused = nil, ""
	}
	return answer, err
}

// form is a signed request with a form.
func (a *App) form(path string, form url.Values) *http.Request {
	return a.Request(path, "application/x-www-form-urlencoded", []byte(form.Encode()))
}

// ask sends a request and waits as long as Slack does. That the app fails is an
// answer; an error is that the caller gave up.
func (a *App) ask(ctx context.Context, r *http.Request, address string) (*Answer, error) {
	ends := time.Now().Add(a.slack.config.Patience)
	limited, cancel := context.WithDeadline(ctx, ends)
	defer cancel()
	answer, err := a.Send(limited, r, address)
	if err == nil && !time.Now().Before(ends) { // it came in the moment in which Slack gave up
		err = context.DeadlineExceeded
	}
	switch {
	case err == nil && answer.Status == http.StatusOK:
		return answer, nil
	case err == nil:
		answer.Failed, answer.Message = "dispatch_failed", nil
		return answer, nil
	case ctx.Err() != nil:
		return nil, err
	case errors.Is(err, context.DeadlineExceeded):
		return &Answer{ResponseURL: address, Failed: "operation_timeout"}, nil
	}
	return &Answer{ResponseURL: address, Failed: "dispatch_failed"}, nil
}

// Request makes a signed request; a test may spoil it before it sends it.
func (a *App) Request(path, contentType string, body []byte) *http.Request {
	r, err := http.NewRequest(http.MethodPost, a.url+path, bytes.NewReader(body)) //nolint:noctx // Send gives it one
	if err != nil {
		panic(fmt.Sprintf("slackfake: the app's URL can't be read: %v", err))
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	Sign(r.Header, a.slack.config.SigningSecret, a.slack.config.Wire(), body)
	return r
}

// Send sends a request and reads the answer, without showing it to anybody.
// address is its response URL, if it has one.
func (a *App) Send(ctx context.Context, r *http.Request, address string) (*Answer, error) {
	got, err := a.client.Do(r.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		return nil, err
	}
	answer := &Answer{Status: got.StatusCode, Header: got.Header, Body: body, ResponseURL: address}
	if got.StatusCode == http.StatusOK && strings.HasPrefix(got.Header.Get("Content-Type"), "application/json") {
		answer.Message, answer.Refused = readMessage(body)
	}
	return answer, nil
}

// mutter lets Slackbot tell somebody something that nobody else reads.
func (s *Slack) mutter(c *channel, user, thread, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.write(c, message{user: Slackbot, to: user, thread: thread, text: text})
}
