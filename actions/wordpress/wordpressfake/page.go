package wordpressfake

import (
	_ "embed"
	"html/template"
	"net/http"
	"strings"
)

//go:embed page.html
var pageText string

var usersPage = template.Must(template.New("page").Parse(pageText))

// shownUser is a row of the page.
type shownUser struct {
	User
	Temporary bool // Latchkey made it
}

// temporaryPrefix begins the login of what Latchkey makes.
const temporaryPrefix = "support-temp-"

// pagePolicy: nothing but what the page itself has, and in a frame of this machine
// only.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"

// ServeUsers shows the list of users as a page that follows what happens.
func (f *Fake) ServeUsers(w http.ResponseWriter, _ *http.Request) {
	var rows []shownUser
	for _, u := range f.Users() {
		rows = append(rows, shownUser{User: u, Temporary: strings.HasPrefix(strings.ToLower(u.Login), temporaryPrefix)})
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", pagePolicy)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_ = usersPage.Execute(w, rows) // who is gone needs no answer
}
