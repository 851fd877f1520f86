// Package slackfake is a small Slack to test against: it answers the Web API
// methods that the bot calls, sends signed commands, clicks and events to an
// app, and takes what the app posts to response URLs. It refuses what Slack
// refuses, so that a test fails where Slack would.
//
// A map of the package:
//
//   - slackfake.go: [Slack], in the process or on loopback; direct.go: requests
//     without a network, for tests with a clock of their own;
//   - people.go: who is in the workspace; webapi.go: the Web API;
//     failure.go: what can go wrong with it;
//   - app.go: what Slack sends to an app; sign.go: how it signs it;
//   - response.go: response URLs, five messages within thirty minutes each;
//     message.go: a message, and what Slack refuses of it.
package slackfake

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// Config is what a Slack is made of; every field has a default.
type Config struct {
	Token         string           // the bot token that it takes; "xoxb-test"
	SigningSecret string           // "signing-secret"
	Team          string           // the workspace's ID; "T0TEAM"
	BotUser       string           // the bot's user ID; "U0BOT"
	Now           func() time.Time // time.Now
}

// Slack is a workspace with one app installed. It is safe for concurrent use.
type Slack struct {
	config Config
	url    string
	server *httptest.Server
	mux    *http.ServeMux

	mu        sync.Mutex
	members   map[string]Member
	groups    map[string][]string
	failures  map[string]Failure
	calls     map[string]int
	responses map[string]*response
	changed   chan struct{} // closed when a message arrives
	serial    int
}

// New makes a Slack inside the process; reach it through its Transport.
func New(config Config) *Slack {
	s := &Slack{
		config: config.withDefaults(), url: "http://slack.test",
		members: map[string]Member{}, groups: map[string][]string{}, failures: map[string]Failure{}, calls: map[string]int{},
		responses: map[string]*response{}, changed: make(chan struct{}),
	}
	s.mux = s.routes()
	return s
}

// Start makes a Slack that listens on loopback. Close stops it.
func Start(config Config) *Slack {
	s := New(config)
	s.server = httptest.NewServer(s)
	s.url = s.server.URL
	return s
}

func (c Config) withDefaults() Config {
	for _, field := range []struct {
		value    *string
		standard string
	}{{&c.Token, "xoxb-test"}, {&c.SigningSecret, "signing-secret"}, {&c.Team, "T0TEAM"}, {&c.BotUser, "U0BOT"}} {
		if *field.value == "" {
			*field.value = field.standard
		}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Close stops a Slack that was started.
func (s *Slack) Close() {
	if s.server != nil {
		s.server.Close()
	}
}

// APIURL is where its Web API is, with a slash at the end.
func (s *Slack) APIURL() string { return s.url + "/api/" }

// Token is the bot token that it takes.
func (s *Slack) Token() string { return s.config.Token }

// SigningSecret is what it signs its requests with.
func (s *Slack) SigningSecret() string { return s.config.SigningSecret }

// Team is the workspace's ID.
func (s *Slack) Team() string { return s.config.Team }

// Transport reaches this Slack without a network.
func (s *Slack) Transport() http.RoundTripper { return Direct(s) }

// ServeHTTP answers the Web API and response URLs.
func (s *Slack) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

func (s *Slack) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/auth.test", s.method("auth.test", s.authTest))
	mux.HandleFunc("POST /api/users.info", s.method("users.info", s.usersInfo))
	mux.HandleFunc("POST /api/usergroups.users.list", s.method("usergroups.users.list", s.groupMembers))
	mux.HandleFunc("POST /response/{id}", s.respond)
	return mux
}
