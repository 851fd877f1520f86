// Package wordpress makes, finds and deletes users of a WordPress site by its REST
// API (https://developer.wordpress.org/rest-api/reference/users/), with an
// application password of an administrator there. What the reference doesn't say was
// read in the code of WordPress 6.1, and is tried on a real one by the tests.
//
// It asks by "/?rest_route=", which works without permalinks. It follows no redirect,
// so that the password never goes to another host; it sends nothing to a host whose
// certificate doesn't verify; and it takes nothing for an answer that it can't read as
// a whole: PHP's warnings before one make it unreadable. Nothing is asked twice by
// itself: who calls knows better when to come back.
//
// What can go wrong without anybody noticing is looked for: a list that is shorter
// than the site says it is, or changes while it is read, is an error, since who isn't
// on it would pass for deleted.
package wordpress

import (
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

// Site is an opened WordPress. It is an [actions.Site].
type Site struct {
	name     string // what people call it
	base     string // without a slash at its end
	user     string // the login, or the e-mail address, that Latchkey has there
	password string
	reassign string // the login that gets the content of who is deleted; "": user
	client   *http.Client
}

var _ actions.Site = (*Site)(nil)

// The bounds of what is given.
const (
	loginLimit    = 60 // characters; so many has the column of WordPress
	userLimit     = 100
	passwordLimit = 200
)

// passwordForm: WordPress shows application passwords with spaces, and leaves out
// what isn't a letter or a digit when it compares.
var passwordForm = regexp.MustCompile(`^[\x20-\x7e]*[A-Za-z0-9][\x20-\x7e]*$`)

// Open makes a client of a site. It asks nothing yet.
// Errors: Invalid for a target that can't be asked; they show nothing of the password.
func Open(t actions.Target, password string) (actions.Site, error) {
	return OpenOver(t, password, network)
}

// OpenOver is Open over another network than the usual one, for tests.
func OpenOver(t actions.Target, password string, over http.RoundTripper) (actions.Site, error) {
	if err := actions.CheckTargetURL(t.URL); err != nil {
		return nil, err
	}
	password = strings.TrimSpace(password)
	switch {
	case !isLogin(t.User, userLimit) || strings.Contains(t.User, ":"): // it ends a login in basic authentication
		return nil, actions.Errorf(actions.Invalid, "The login that Latchkey has at a WordPress must have 1 to %d characters, and no colon. Please check it.", userLimit)
	case t.Reassign != "" && !isLogin(t.Reassign, loginLimit):
		return nil, actions.Errorf(actions.Invalid, "The login of who gets the content of deleted users must have 1 to %d characters. Please check it.", loginLimit)
	case len(password) > passwordLimit || !passwordForm.MatchString(password):
		return nil, actions.Errorf(actions.Invalid, "This can't be an application password of WordPress: it has 24 letters and digits. Please copy it anew from Users > Profile > Application Passwords.")
	}
	return &Site{
		name: t.Name, base: strings.TrimRight(t.URL, "/"), user: t.User, password: password, reassign: t.Reassign,
		client: &http.Client{
			Transport:     over,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// network is the way to all sites. Certificates are verified, as usual.
var network = newNetwork()

func newNetwork() *http.Transport {
	n := &http.Transport{Proxy: http.ProxyFromEnvironment}
	if usual, is := http.DefaultTransport.(*http.Transport); is {
		n = usual.Clone()
	}
	n.MaxIdleConnsPerHost, n.IdleConnTimeout = actions.SiteCalls, 30*time.Second
	n.MaxResponseHeaderBytes = headerLimit
	return n
}

// isLogin reports whether something can be a login at all.
func isLogin(login string, limit int) bool {
	return login != "" && utf8.ValidString(login) && utf8.RuneCountInString(login) <= limit &&
		!strings.ContainsFunc(login, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// isTemporary reports whether a login begins as those of temporary admins do. Capitals
// make no other login at WordPress.
func isTemporary(login string) bool { return actions.IsAdminLogin(login) }
