package slackfake

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// App is the app that is installed in a Slack, as Slack reaches it.
type App struct {
	slack  *Slack
	url    string
	client *http.Client
}

// App returns the app behind a URL, to send it what people do. transport
// carries the requests, nil for the network; see [Direct].
func (s *Slack) App(url string, transport http.RoundTripper) *App {
	return &App{slack: s, url: strings.TrimRight(url, "/"), client: &http.Client{Transport: transport}}
}

// Command is a slash command that somebody types.
type Command struct {
	User        string
	Team        string // empty: this workspace
	Channel     string // empty: "C0SUPPORT"
	ChannelName string // empty: "support"
	Name        string // with its slash: "/diagnose"
	Text        string // as Slack escapes it
	Trigger     string // empty: a new one
}

// Click is a button that somebody clicks.
type Click struct {
	User    string
	Team    string // empty: this workspace
	Channel string // empty: "C0SUPPORT"
	Action  string
	Value   string
	Trigger string // empty: a new one
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
}

// Form is a command as the form that Slack sends, with a fresh response URL.
func (a *App) Form(c Command) url.Values {
	s := a.slack
	return url.Values{
		"token": {"verification-token"}, "api_app_id": {"A0APP"}, "team_id": {or(c.Team, s.config.Team)}, "team_domain": {"test"},
		"channel_id": {or(c.Channel, "C0SUPPORT")}, "channel_name": {or(c.ChannelName, "support")},
		"user_id": {c.User}, "user_name": {strings.ToLower(c.User)}, "command": {c.Name}, "text": {c.Text},
		"response_url": {s.newResponse()}, "trigger_id": {or(c.Trigger, s.newTrigger())}, "is_enterprise_install": {"false"},
	}
}

// Command sends a slash command, signed.
func (a *App) Command(ctx context.Context, c Command) (*Answer, error) {
	form := a.Form(c)
	return a.form(ctx, "/slack/commands", form, form.Get("response_url"))
}

// Click sends a click, signed.
func (a *App) Click(ctx context.Context, c Click) (*Answer, error) {
	s, address := a.slack, a.slack.newResponse()
	payload, err := json.Marshal(map[string]any{
		"type": "block_actions", "api_app_id": "A0APP", "token": "verification-token",
		"team": map[string]any{"id": or(c.Team, s.config.Team), "domain": "test"}, "user": map[string]any{"id": c.User, "team_id": s.config.Team},
		"channel": map[string]any{"id": or(c.Channel, "C0SUPPORT"), "name": "support"}, "trigger_id": or(c.Trigger, s.newTrigger()),
		"response_url": address, "container": map[string]any{"type": "message", "is_ephemeral": true},
		"actions": []any{map[string]any{"type": "button", "action_id": c.Action, "block_id": "b", "value": c.Value}},
	})
	if err != nil {
		return nil, err
	}
	return a.form(ctx, "/slack/interactions", url.Values{"payload": {string(payload)}}, address)
}

// Event sends the envelope of an event, signed.
func (a *App) Event(ctx context.Context, envelope map[string]any) (*Answer, error) {
	body, err := json.Marshal(envelope)
	if err != nil {
		return nil, err
	}
	return a.Send(ctx, a.Request("/slack/events", "application/json", body), "")
}

func (a *App) form(ctx context.Context, path string, form url.Values, address string) (*Answer, error) {
	return a.Send(ctx, a.Request(path, "application/x-www-form-urlencoded", []byte(form.Encode())), address)
}

// Request makes a signed request; a test may spoil it before it sends it.
func (a *App) Request(path, contentType string, body []byte) *http.Request {
	r, err := http.NewRequest(http.MethodPost, a.url+path, bytes.NewReader(body)) //nolint:noctx // Send gives it one
	if err != nil {
		panic(fmt.Sprintf("slackfake: the app's URL can't be read: %v", err))
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	Sign(r.Header, a.slack.config.SigningSecret, a.slack.config.Now(), body)
	return r
}

// Send sends a request and reads the answer. address is its response URL, if
// it has one.
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

func (s *Slack) newTrigger() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	return fmt.Sprintf("%d.%d.trigger", s.config.Now().UnixNano(), s.serial)
}

func or(value, standard string) string {
	if value == "" {
		return standard
	}
	return value
}
