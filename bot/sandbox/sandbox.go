// Package sandbox is a Slack in a browser, so that anybody can try the bot
// without owning a workspace: a page over a [slackfake.Slack], with channels,
// threads, direct messages, modals and App Home, a choice of who one is, and a
// customer who tries to log in. The app behind it is the real one; this package
// only carries what people do to slackfake and shows what they then see.
//
// A map of the package:
//
//   - sandbox.go: [Config], what the page is about, and [New];
//   - trial.go: "try this", somebody for every cause, in groups;
//   - page.go: the page and its files, which are embedded from page/;
//   - guard.go: nobody but the page itself, on loopback, gets anything;
//   - state.go: what a person sees, and the stream that says when it changed;
//     board.go: how readers learn that something has;
//   - act.go: what a person does, one route for each; customer.go: what a
//     customer does;
//   - post.go: what reached the customers; mailbox.go: the mail server that it
//     comes to, phone.go: the text service; login.go: the login page of their
//     product, where links lead to;
//   - site.go: a site that the workspace manages, with who can log in there;
//   - clock.go: the time of the sandbox, and the buttons that let it pass;
//   - fault.go: what went wrong, as a sentence.
//
// In page/ stand one page, one stylesheet and the scripts: plain ES modules that
// begin in main.js. There is no build step, and nothing comes from outside.
package sandbox

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// Config is what the page is about. Everything but Shortcuts, Help, Support, Clock,
// Jump and Site is required.
type Config struct {
	Slack     *slackfake.Slack
	App       *slackfake.App
	Commands  []Command
	Shortcuts []Shortcut
	People    []Persona // whom one can be; the first is who one is at the start
	Try       []Trial
	Help      []Remedy // what can be done for some of them
	Customers Customers
	Post      *Post
	Brand     string // the name of the customers' product
	Support   string // ID of the channel that is opened first; "" for the first
	// Clock is the time of all that the page shows; nil: the system's.
	Clock *Clock
	// Jump lets time pass, sets the Clock, and returns once all that was due meanwhile has
	// happened; nil: nobody can let it pass.
	Jump func(ctx context.Context, by time.Duration) error
	Site *Site // nil: none is shown
}

// Command is a slash command, as the composer completes it.
type Command struct {
	Name    string // with its slash: "/diagnose"
	Usage   string // what follows the name; "" for nothing
	Summary string
}

// Shortcut is a shortcut of the app.
type Shortcut struct {
	Callback string // its callback_id
	Name     string // "Diagnose this person"
	Message  bool   // it stands at a message; otherwise it is a global one
}

// Persona is somebody of the workspace whom one can be.
type Persona struct {
	ID   string // a member of the Slack
	Name string // "Ava Reyes"
	Role string // "agent", "L2", "lead", "no role"
	Line string // what they may do, in one sentence
}

// sandbox is what the handlers share.
type sandbox struct {
	config Config
	page   []byte
	login  *login
}

// New makes the handler of the page. Its streams end with their requests, so a
// server that is to stop gives them a context that ends
// ([http.Server.BaseContext]). It fails for a Config that lacks something.
func New(c Config) (http.Handler, error) {
	switch {
	case c.Slack == nil, c.App == nil, c.Customers == nil:
		return nil, errors.New("the sandbox needs a Slack, an app and customers")
	case c.Post == nil, c.Brand == "":
		return nil, errors.New("the sandbox needs a post and the name of a product")
	case len(c.People) == 0, len(c.Commands) == 0, len(c.Try) == 0:
		return nil, errors.New("the sandbox needs people, commands and something to try")
	}
	if c.Clock == nil {
		c.Clock = new(Clock)
	}
	page, err := render(c)
	if err != nil {
		return nil, err
	}
	door, err := newLogin(c)
	if err != nil {
		return nil, err
	}
	s := &sandbox{config: c, page: page, login: door}
	return guard(s.routes()), nil
}

func (s *sandbox) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.servePage)
	mux.Handle("GET /static/", files())
	mux.HandleFunc("GET /mail/{id}", s.serveMail)
	mux.HandleFunc("GET /login", s.login.arrive)
	mux.HandleFunc("POST /login", s.login.choose)
	mux.HandleFunc("GET /api/state", s.state)
	mux.HandleFunc("GET /api/post", s.post)
	if s.config.Site != nil {
		mux.HandleFunc("GET /api/site", s.site)
	}
	mux.HandleFunc("GET /api/events", s.events)
	mux.HandleFunc("POST /api/command", take(s, s.command))
	mux.HandleFunc("POST /api/say", take(s, s.say))
	mux.HandleFunc("POST /api/click", take(s, s.click))
	mux.HandleFunc("POST /api/shortcut", take(s, s.shortcut))
	mux.HandleFunc("POST /api/submit", take(s, s.submit))
	mux.HandleFunc("POST /api/close", take(s, s.closeModal))
	mux.HandleFunc("POST /api/home", take(s, s.openHome))
	mux.HandleFunc("POST /api/attempt", take(s, s.attempt))
	mux.HandleFunc("POST /api/jump", take(s, s.jump))
	return mux
}

// knows tells whether one can be this person.
func (s *sandbox) knows(id string) bool {
	return slices.ContainsFunc(s.config.People, func(p Persona) bool { return p.ID == id })
}
