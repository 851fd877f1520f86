// Package wordpressfake is a WordPress with the calls about users of its REST API, as
// its public reference describes them
// (https://developer.wordpress.org/rest-api/reference/users/), and as the code of
// WordPress 6.1 answers them
// (https://github.com/WordPress/wordpress-develop/blob/6.1/src/wp-includes/rest-api/endpoints/class-wp-rest-users-controller.php).
// The conformance suite that it passes is passed by a real one, too. It can be slow,
// broken, gone or a multisite, and it can lie. It shows its list of users as a page.
package wordpressfake

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Login and Password are those that Latchkey has on every fake: an administrator and
// its application password, with the spaces that WordPress shows it with.
const (
	Login    = "latchkey"
	Password = "Ab12 cD34 eF56 gH78 iJ90 kL12"
)

// Owner is the login of the administrator whose shop it is.
const Owner = "anna"

// User is a user of the site.
type User struct {
	ID         int
	Login      string
	Name       string
	Email      string
	Slug       string // in addresses; "": the usual one of the login
	Role       string // such as "administrator"; "" for none
	Password   string
	Posts      int // how much content is theirs
	Registered time.Time
	// Capabilities are set beside those of the role, as plugins do; false takes one away.
	Capabilities map[string]bool
}

// Fake is the site. All of it is safe for concurrent use.
type Fake struct {
	now func() time.Time

	mu        sync.Mutex
	users     map[int]User
	last      int // the newest ID: none is used twice
	multisite bool
	next      []Trouble
	down      *Trouble
	asked     []string
	busy      int
	busiest   int
}

// New makes a site with three users: its owner, Latchkey and an editor.
func New() *Fake { return NewAt(time.Now) }

// NewAt makes one with a clock of its own, which dates its users.
func NewAt(now func() time.Time) *Fake {
	f := &Fake{now: now, users: map[int]User{}}
	f.Add(User{Login: Owner, Name: "Anna Berg", Email: "anna@acme.example", Role: "administrator", Posts: 12})
	f.Add(User{Login: Login, Name: "Latchkey", Email: "latchkey@acme.example", Role: "administrator"})
	f.Add(User{Login: "tom", Name: "Tom Ito", Email: "tom@acme.example", Role: "editor", Posts: 48})
	return f
}

// Add adds a user as somebody does by hand, and returns it with its ID.
func (f *Fake) Add(u User) User {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.add(u)
}

func (f *Fake) add(u User) User {
	f.last++
	u.ID, u.Registered = f.last, f.now().UTC()
	f.users[u.ID] = u
	return u
}

// Remove removes the user of a login as somebody does by hand.
func (f *Fake) Remove(login string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	maps.DeleteFunc(f.users, func(_ int, u User) bool { return strings.EqualFold(u.Login, login) })
}

// Write has the user of a login write something.
func (f *Fake) Write(login string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if u, found := f.named(login); found {
		u.Posts++
		f.users[u.ID] = u
	}
}

// Users are all users, by their ID.
func (f *Fake) Users() []User {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sorted()
}

func (f *Fake) sorted() []User {
	return slices.SortedFunc(maps.Values(f.users), func(a, b User) int { return cmp.Compare(a.ID, b.ID) })
}

// User returns the user of a login; found is false without one.
func (f *Fake) User(login string) (u User, found bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.named(login)
}

// named compares as WordPress does: capitals make no other login.
func (f *Fake) named(login string) (User, bool) {
	for _, u := range f.users {
		if strings.EqualFold(u.Login, login) {
			return u, true
		}
	}
	return User{}, false
}

// addressed is named by the e-mail address, which WordPress takes for a login, too.
func (f *Fake) addressed(email string) (User, bool) {
	for _, u := range f.users {
		if strings.EqualFold(u.Email, email) {
			return u, true
		}
	}
	return User{}, false
}

// SetMultisite makes it a multisite, which can't delete users by its API, or ends that.
func (f *Fake) SetMultisite(multisite bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.multisite = multisite
}

// Meets has the next requests meet these troubles, one each.
func (f *Fake) Meets(troubles ...Trouble) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next = append(f.next, troubles...)
}

// Down has every request meet a trouble, until Up.
func (f *Fake) Down(trouble Trouble) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down = &trouble
}

// Up ends all trouble.
func (f *Fake) Up() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down, f.next = nil, nil
}

// Asked is what was asked of its API, oldest first, such as "DELETE /wp/v2/users/4".
func (f *Fake) Asked() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.asked)
}

// Busiest is how many requests of its API were under way at once at most.
func (f *Fake) Busiest() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.busiest
}

// ServeHTTP answers the REST API by "?rest_route=" and below "/wp-json", and shows
// the users at "/users".
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route := r.URL.Query().Get("rest_route")
	if rest, below := strings.CutPrefix(r.URL.Path, "/wp-json"); route == "" && below {
		route = rest
	}
	switch {
	case route != "":
		f.serveAPI(w, r, route)
	case r.URL.Path == "/users" || r.URL.Path == "/":
		f.ServeUsers(w, r)
	default:
		http.NotFound(w, r)
	}
}

// serveAPI answers a request of the API, or meets it with a trouble.
func (f *Fake) serveAPI(w http.ResponseWriter, r *http.Request, route string) {
	trouble, end := f.begin(r.Method + " " + route)
	defer end()
	if trouble.before(w, r) {
		return
	}
	trouble.after(w, r, f.answer(r, route, trouble.lies))
}

// begin notes a request, and says which trouble it meets.
func (f *Fake) begin(asked string) (trouble Trouble, end func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, asked)
	f.busy++
	f.busiest = max(f.busiest, f.busy)
	switch {
	case len(f.next) > 0:
		trouble, f.next = f.next[0], f.next[1:]
	case f.down != nil:
		trouble = *f.down
	}
	return trouble, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.busy--
	}
}
