package sandbox

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"sync"
	"time"
	"unicode/utf8"
)

// loginPolicy is the page's, but that its form may be sent, to the page itself.
const loginPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// The bounds of a new password, in characters, and how long a visitor may take
// to choose one.
const (
	passwordLeast = 12
	passwordMost  = 200
	choosingTime  = 15 * time.Minute
	choosersMost  = 1000
)

// login is the login page of the demo's product: where Latchkey's links send
// people on to.
type login struct {
	customers Customers
	brand     string
	page      *template.Template
	serial    func() string
	now       func() time.Time

	mu       sync.Mutex
	choosers map[string]chooser // by what their form carries
}

// chooser is a visitor who may choose a new password, once.
type chooser struct {
	Visitor
	until time.Time
}

// The states of the page.
const (
	loginFront   = "front"   // nobody came by a link
	loginIn      = "in"      // they are in
	loginChoose  = "choose"  // they may choose a new password
	loginChanged = "changed" // they chose one, and are in
	loginSpent   = "spent"   // the code isn't good any more
	loginRefused = "refused" // the product doesn't let them in
	loginTrouble = "trouble"
)

// view is what the page shows.
type view struct {
	State, Brand, Name, Ticket, Wrong string
	Least, Most                       int
}

func newLogin(c Config) (*login, error) {
	page, err := template.ParseFS(embedded, "page/login.html")
	if err != nil {
		return nil, fmt.Errorf("reading the login page of the sandbox: %w", err)
	}
	return &login{customers: c.Customers, brand: c.Brand, page: page, serial: c.Post.serial, now: c.Clock.Now, choosers: map[string]chooser{}}, nil
}

// arrive greets whoever comes, with a code of Latchkey's or without.
func (l *login) arrive(w http.ResponseWriter, r *http.Request) {
	code := r.URL.Query().Get("code")
	if code == "" {
		l.show(w, http.StatusOK, view{State: loginFront})
		return
	}
	visitor, known, err := l.customers.Redeem(r.Context(), code)
	switch {
	case err != nil:
		l.show(w, http.StatusBadGateway, view{State: loginTrouble})
	case !known:
		l.show(w, http.StatusOK, view{State: loginSpent})
	case visitor.Chooses:
		l.show(w, http.StatusOK, view{State: loginChoose, Name: visitor.Name, Ticket: l.admit(visitor)})
	default:
		l.enter(w, r, visitor, loginIn)
	}
}

// enter logs somebody in, if the product lets them.
func (l *login) enter(w http.ResponseWriter, r *http.Request, v Visitor, state string) {
	happened, err := l.customers.Attempt(r.Context(), v.UserID, LogsIn)
	switch {
	case err != nil:
		l.show(w, http.StatusBadGateway, view{State: loginTrouble})
	case happened != LogsIn:
		l.show(w, http.StatusOK, view{State: loginRefused, Name: v.Name})
	default:
		l.show(w, http.StatusOK, view{State: state, Name: v.Name})
	}
}

// choose takes a new password. The product of a demo has no use for it: it is
// forgotten at once.
func (l *login) choose(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	ticket, length := r.PostFormValue("ticket"), utf8.RuneCountInString(r.PostFormValue("password"))
	visitor, known := l.chooser(ticket)
	switch {
	case !known:
		l.show(w, http.StatusOK, view{State: loginSpent})
	case length < passwordLeast || length > passwordMost:
		wrong := fmt.Sprintf("It must have %d to %d characters.", passwordLeast, passwordMost)
		l.show(w, http.StatusUnprocessableEntity, view{State: loginChoose, Name: visitor.Name, Ticket: ticket, Wrong: wrong})
	default:
		l.forget(ticket)
		l.enter(w, r, visitor, loginChanged)
	}
}

// admit remembers who may choose a password, and returns what proves it. Who
// took too long is forgotten, and everybody when they are too many.
func (l *login) admit(v Visitor) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for ticket, c := range l.choosers {
		if now.After(c.until) || len(l.choosers) >= choosersMost {
			delete(l.choosers, ticket)
		}
	}
	ticket := l.serial()
	l.choosers[ticket] = chooser{v, now.Add(choosingTime)}
	return ticket
}

func (l *login) chooser(ticket string) (Visitor, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c, known := l.choosers[ticket]
	return c.Visitor, known && l.now().Before(c.until)
}

func (l *login) forget(ticket string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.choosers, ticket)
}

func (l *login) show(w http.ResponseWriter, status int, v view) {
	v.Brand, v.Least, v.Most = l.brand, passwordLeast, passwordMost
	var page bytes.Buffer
	if err := l.page.Execute(&page, v); err != nil {
		fail(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", loginPolicy)
	h.Set("Referrer-Policy", "same-origin") // or its form would come from nowhere, as the guard sees it
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // who hung up reads nothing
}
