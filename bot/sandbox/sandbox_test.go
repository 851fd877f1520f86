package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/sandbox"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// app is an app that answers what it is told to and remembers what it was
// asked.
type app struct {
	mu      sync.Mutex
	answer  string // JSON; "" for an empty body
	status  int
	command url.Values
	payload map[string]any
	event   map[string]any
	told    chan map[string]any // every payload, if somebody waits for it
}

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch r.URL.Path {
	case "/slack/commands":
		_ = r.ParseForm()
		a.command = r.PostForm
	case "/slack/interactions":
		a.payload = nil
		_ = json.Unmarshal([]byte(r.PostFormValue("payload")), &a.payload)
		if a.told != nil {
			a.told <- a.payload
		}
	case "/slack/events":
		_ = json.NewDecoder(r.Body).Decode(&a.event)
	}
	w.Header().Set("Content-Type", "application/json")
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	_, _ = io.WriteString(w, a.answer)
}

// answers makes the app answer from now on.
func (a *app) answers(status int, body string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.status, a.answer = status, body
}

func (a *app) asked() (command url.Values, payload, event map[string]any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.command, a.payload, a.event
}

// customers remember who tried what. Some are locked, and the codes of links
// are made of what they are good for.
type customers struct {
	tried  []string
	locked string // the user ID of one who isn't let in
}

func (c *customers) Attempt(_ context.Context, userID, outcome string) (string, error) {
	if userID == "u-broken" {
		return "", errors.New("the database is on fire")
	}
	c.tried = append(c.tried, userID+" "+outcome)
	if userID == c.locked {
		return "locked", nil
	}
	return outcome, nil
}

func (c *customers) Redeem(_ context.Context, code string) (sandbox.Visitor, bool, error) {
	switch code {
	case "login":
		return sandbox.Visitor{UserID: "u-jane", Name: "<b>Jane</b>"}, true, nil
	case "reset":
		return sandbox.Visitor{UserID: "u-jane", Name: "Jane", Chooses: true}, true, nil
	case "broken":
		return sandbox.Visitor{}, false, errors.New("nobody answers")
	}
	return sandbox.Visitor{}, false, nil
}

// town is a workspace with its page.
type town struct {
	*httptest.Server
	t         *testing.T
	slack     *slackfake.Slack
	app       *app
	customers *customers
	letters   *sandbox.Post
}

// open opens a page over a Slack with Ava, who is an agent, and Ben, who isn't
// one of those whom one can be.
func open(t *testing.T) *town {
	t.Helper()
	return openWith(t, func(*sandbox.Config) {})
}

// openWith opens a page that is otherwise than usual.
func openWith(t *testing.T, change func(*sandbox.Config)) *town {
	t.Helper()
	s := slackfake.New(slackfake.Config{TeamName: "Acme Support"})
	s.AddMember(slackfake.Member{ID: "U0AVA", Name: "Ava Reyes"})
	s.AddMember(slackfake.Member{ID: "U0BEN", Name: "Ben Stone"})
	s.AddChannel(slackfake.Channel{ID: "C0SUPPORT", Name: "support"})
	s.AddChannel(slackfake.Channel{ID: "C0LEADS", Name: "leads", Private: true, Members: []string{"U0BEN"}})
	made := &town{t: t, slack: s, app: &app{}, customers: &customers{}, letters: newPost()}
	c := config(made)
	change(&c)
	handler, err := sandbox.New(c)
	if err != nil {
		t.Fatal(err)
	}
	made.Server = httptest.NewServer(handler)
	t.Cleanup(made.Close)
	return made
}

// newPost is an empty post whose IDs are numbers.
func newPost() *sandbox.Post {
	n := 0
	return sandbox.NewPost(func() string { n++; return strconv.Itoa(n) })
}

func config(w *town) sandbox.Config {
	return sandbox.Config{
		Post: w.letters, Brand: "Skylark",
		Help:  []sandbox.Remedy{{Name: "Unlock Jane", Command: "/unlock jane@acme.example late", Line: "Then be Jane.", UserID: "u-jane"}},
		Slack: w.slack, App: w.slack.App("http://app.test", slackfake.Direct(w.app)), Customers: w.customers, Support: "C0SUPPORT",
		Commands:  []sandbox.Command{{Name: "/diagnose", Usage: "IDENTIFIER", Summary: "Says why."}},
		Shortcuts: []sandbox.Shortcut{{Callback: "diagnose_message", Name: "Diagnose this person", Message: true}, {Callback: "anybody", Name: "Diagnose somebody"}},
		People:    []sandbox.Persona{{ID: "U0AVA", Name: "Ava Reyes", Role: "agent", Line: "May look."}},
		Try: []sandbox.Trial{
			{Name: "Jane Doe", Identifier: "jane@acme.example", Cause: "locked_attempts", Line: "“Too often.”", UserID: "u-jane"},
			{Name: "Nobody", Identifier: "ghost@acme.example", Cause: "identity_unresolved", Line: "Nobody has it."},
			{Name: "<b>Bob</b>", Identifier: `"><script>`, Cause: "brand_new", Line: "Broken.", UserID: "u-broken"},
		},
	}
}

// post sends what the page would send.
func (w *town) post(act string, body map[string]any) (status int, answer map[string]any) {
	w.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.send(w.request(act, string(raw)))
}

func (w *town) request(act, body string) *http.Request {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.URL+"/api/"+act, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", w.URL)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

func (w *town) send(r *http.Request) (status int, answer map[string]any) {
	w.t.Helper()
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	if err := json.NewDecoder(got.Body).Decode(&answer); err != nil {
		w.t.Fatalf("%s %s: %s: %v", r.Method, r.URL.Path, got.Status, err)
	}
	return got.StatusCode, answer
}

// file is what the page gets.
type file struct {
	status int
	header http.Header
	body   string
}

// get fetches a file of the page.
func (w *town) get(path string) file {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.URL+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return file{got.StatusCode, got.Header, string(body)}
}

// state is what Ava sees, as the page reads it.
func (w *town) state() slackfake.View {
	w.t.Helper()
	got := w.get("/api/state?as=U0AVA")
	var view slackfake.View
	if err := json.Unmarshal([]byte(got.body), &view); err != nil || got.status != http.StatusOK {
		w.t.Fatalf("the state: %d: %v", got.status, err)
	}
	return view
}

// messages are those that Ava sees in a conversation.
func (w *town) messages(id string) []slackfake.Shown {
	w.t.Helper()
	for _, c := range w.state().Conversations {
		if c.ID == id {
			return c.Messages
		}
	}
	w.t.Fatalf("Ava doesn't see %s", id)
	return nil
}

func TestNewRefuses(t *testing.T) {
	whole := config(&town{slack: slackfake.New(slackfake.Config{}), app: &app{}, customers: &customers{}, letters: newPost()})
	if _, err := sandbox.New(whole); err != nil {
		t.Fatalf("a whole config: %v", err)
	}
	for name, spoil := range map[string]func(*sandbox.Config){
		"NoSlack":     func(c *sandbox.Config) { c.Slack = nil },
		"NoApp":       func(c *sandbox.Config) { c.App = nil },
		"NoCustomers": func(c *sandbox.Config) { c.Customers = nil },
		"NoPeople":    func(c *sandbox.Config) { c.People = nil },
		"NoCommands":  func(c *sandbox.Config) { c.Commands = nil },
		"NoPost":      func(c *sandbox.Config) { c.Post = nil },
		"NoBrand":     func(c *sandbox.Config) { c.Brand = "" },
		"NothingToDo": func(c *sandbox.Config) { c.Try = nil },
	} {
		c := whole
		spoil(&c)
		if _, err := sandbox.New(c); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
}
