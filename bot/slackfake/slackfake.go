// Package slackfake is a small Slack: a workspace on loopback with members,
// channels, direct messages, threads, ephemeral messages, modals and Home
// views. It answers the Web API methods that the bot calls, sends the app what
// people do as Slack sends it, signed, and shows everybody what they would see.
// It refuses what Slack refuses, so that a test fails where Slack would.
//
// A map of the package:
//
//   - slackfake.go: [Slack], in the process or on loopback; direct.go: requests
//     without a network, for tests with a clock of their own; change.go and
//     happening.go: how to learn that something changed, and what; tap.go: all that
//     an app sends, as it came;
//   - people.go, group.go, channel.go, message.go: who and what is in the
//     workspace; mention.go: whom a message calls; hand.go: what an admin does, by
//     hand; view.go: what one person sees of it; read.go: what can be read in blocks, links.go:
//     where they lead;
//   - webapi.go, call.go: the Web API; auth.go, conversations.go, chat.go,
//     permalink.go, views.go: its methods; rates.go: how often they may be called;
//     failure.go: what can go wrong with them, plan.go: now and then; scopes.go: what
//     an app must have been installed with;
//   - response.go: response URLs, five messages within thirty minutes each;
//     trigger.go: trigger IDs, which live for three seconds;
//   - payload.go: a message or view as an app makes it; limits.go: what Slack
//     refuses of it, check.go by which means, and blocks.go, elements.go,
//     richtext.go, tables.go of which block; naming.go: the names that Slack gives
//     to nameless blocks;
//   - app.go: what Slack sends to an app, and sign.go how it signs it; socket.go:
//     the same by Socket Mode, and socket_conn.go its connections;
//     command.go, click.go, shortcut.go, submit.go, home.go, say.go: what people
//     do; event.go: the events of what they write; modal.go, input.go: their stacks of modals and what stands in them.
//
// The package conversation makes tests of it that read as a conversation.
package slackfake

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Config is what a Slack is made of; every field has a default.
type Config struct {
	Token         string           // the bot token that it takes; "xoxb-test"
	AppToken      string           // the app-level token, for Socket Mode; "xapp-test"
	SigningSecret string           // "signing-secret"
	Team          string           // the workspace's ID; "T0TEAM"
	TeamName      string           // "Test"
	BotUser       string           // the bot's user ID; "U0BOT"
	AppName       string           // what the bot is called; "Latchkey"
	Address       string           // where people read it; "https://test.slack.example/"
	Now           func() time.Time // time.Now
	// Wire is the clock of what goes between it and the app: signatures, triggers and
	// response URLs. Nil is Now; it differs where people's time is moved on.
	Wire      func() time.Time
	Patience  time.Duration // how long it waits for the app; 3 s, as Slack does
	Pings     time.Duration // how often it pings over Socket Mode; 10 s
	Unlimited bool          // no method has a rate
	Scopes    []string      // what the app was installed with; nil: all of [Scopes]
}

// Slack is a workspace with one app installed. It is safe for concurrent use.
type Slack struct {
	config Config
	url    string
	server *http.Server
	mux    *http.ServeMux

	mu        sync.Mutex
	members   map[string]Member
	order     []string // the members' IDs as they came
	groups    map[string]Group
	channels  []*channel
	desks     map[string]*desk
	followers []func(Happening)
	taps      []func([]byte)
	hearing   sync.Mutex // held while one of them hears
	failures  map[string]Failure
	plans     map[string]*planned
	listeners []*App // that get events
	calls     map[string]int
	rates     map[string]*bucket
	responses map[string]*response
	triggers  map[string]*trigger
	sockets   sockets
	version   int64
	changed   chan struct{} // closed when something changes
	serial    int
	stamp     int64 // the newest message's, in microseconds
}

// New makes a Slack inside the process; reach it through its Transport.
func New(config Config) *Slack {
	s := &Slack{
		config: config.withDefaults(), url: "http://slack.test",
		members: map[string]Member{}, groups: map[string]Group{}, desks: map[string]*desk{},
		failures: map[string]Failure{}, plans: map[string]*planned{}, calls: map[string]int{}, rates: map[string]*bucket{},
		responses: map[string]*response{}, triggers: map[string]*trigger{}, changed: make(chan struct{}),
		sockets: sockets{tickets: map[string]bool{}, under: map[string]*envelope{}},
	}
	s.mux = s.routes()
	return s
}

// Listen makes a Slack that listens on loopback, on a port of its own. Close
// stops it.
func Listen(config Config) (*Slack, error) {
	var ports net.ListenConfig
	listener, err := ports.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("a Slack on loopback needs a port: %w", err)
	}
	s := New(config)
	s.url = "http://" + listener.Addr().String()
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.server.Serve(listener) }() // it ends with Close
	return s, nil
}

// Start is Listen for tests, which can't go on without it.
func Start(config Config) *Slack {
	s, err := Listen(config)
	if err != nil {
		panic(err)
	}
	return s
}

func (c Config) withDefaults() Config {
	for _, field := range []struct {
		value    *string
		standard string
	}{
		{&c.Token, "xoxb-test"}, {&c.AppToken, "xapp-test"}, {&c.SigningSecret, "signing-secret"}, {&c.Team, "T0TEAM"}, {&c.TeamName, "Test"},
		{&c.BotUser, "U0BOT"}, {&c.AppName, "Latchkey"}, {&c.Address, "https://test.slack.example/"},
	} {
		*field.value = or(*field.value, field.standard)
	}
	if c.Scopes == nil {
		c.Scopes = Scopes
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Wire == nil {
		c.Wire = c.Now
	}
	if c.Patience == 0 {
		c.Patience = 3 * time.Second
	}
	if c.Pings == 0 {
		c.Pings = 10 * time.Second
	}
	return c
}

// Close stops a Slack that listens.
func (s *Slack) Close() {
	if s.server != nil {
		_ = s.server.Close()
	}
	for _, c := range s.Connections() {
		c.Drop()
	}
}

// APIURL is where its Web API is, with a slash at the end.
func (s *Slack) APIURL() string { return s.url + "/api/" }

// Token is the bot token that it takes.
func (s *Slack) Token() string { return s.config.Token }

// AppToken is the app-level token that it takes.
func (s *Slack) AppToken() string { return s.config.AppToken }

// SigningSecret is what it signs its requests with.
func (s *Slack) SigningSecret() string { return s.config.SigningSecret }

// Team is the workspace's ID.
func (s *Slack) Team() string { return s.config.Team }

// Bot is the bot's user ID.
func (s *Slack) Bot() string { return s.config.BotUser }

// Transport reaches this Slack without a network.
func (s *Slack) Transport() http.RoundTripper { return Direct(s) }

// ServeHTTP answers the Web API and response URLs.
func (s *Slack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.tapped(r)
	s.mux.ServeHTTP(w, r)
}

func (s *Slack) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveMethod)
	mux.HandleFunc("POST /response/{id}", s.respond)
	mux.HandleFunc("GET /link/", s.serveSocket)
	return mux
}

func or(value, standard string) string {
	if value == "" {
		return standard
	}
	return value
}
