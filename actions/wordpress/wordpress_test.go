package wordpress_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/sitetest"
	"github.com/latchkey-bot/latchkey/actions/wordpress"
	"github.com/latchkey-bot/latchkey/actions/wordpress/wordpressfake"
)

// target is a target at an address.
func target(url string) actions.Target {
	return actions.Target{ID: "t-1", Name: "Acme shop", Kind: actions.TargetWordPress, URL: url, User: wordpressfake.Login}
}

// opened is a fake, and a client of it.
func opened(t *testing.T) (*wordpressfake.Fake, actions.Site) {
	t.Helper()
	f := wordpressfake.New()
	return f, openedAt(t, f)
}

// openedAt is a client of a handler, over a network.
func openedAt(t *testing.T, h http.Handler) actions.Site {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return client(t, target(server.URL))
}

// client opens a target.
func client(t *testing.T, at actions.Target) actions.Site {
	t.Helper()
	site, err := wordpress.Open(at, wordpressfake.Password)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// TestConformance runs the suite that each site passes.
func TestConformance(t *testing.T) {
	sitetest.Run(t, func(t *testing.T) sitetest.Rig {
		f, site := opened(t)
		return sitetest.Rig{
			Site:   site,
			Logins: func(*testing.T) []string { return logins(f) },
			Owner: func(*testing.T) string {
				owner, _ := f.User(wordpressfake.Owner)
				return strconv.Itoa(owner.ID)
			},
			Add: func(_ *testing.T, u actions.SiteUser) {
				f.Add(wordpressfake.User{Login: u.Login, Name: u.Name, Email: u.Email, Role: "subscriber"})
			},
			SignsIn: func(_ *testing.T, login, password string) bool {
				u, found := f.User(login)
				return found && u.Password == password
			},
			Write: func(_ *testing.T, login string) { f.Write(login) },
			Inherited: func(*testing.T) int {
				heir, _ := f.User(wordpressfake.Login)
				return heir.Posts
			},
		}
	})
}

// logins are those of all users of a fake.
func logins(f *wordpressfake.Fake) []string {
	var all []string
	for _, u := range f.Users() {
		all = append(all, u.Login)
	}
	return all
}

// openedFor is a client of a handler, for a target that is changed first.
func openedFor(t *testing.T, h http.Handler, change func(*actions.Target)) actions.Site {
	t.Helper()
	return openedWith(t, h, wordpressfake.Password, change)
}

// openedWith is openedFor with another password.
func openedWith(t *testing.T, h http.Handler, password string, change func(*actions.Target)) actions.Site {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	at := target(server.URL)
	change(&at)
	site, err := wordpress.Open(at, password)
	if err != nil {
		t.Fatal(err)
	}
	return site
}
