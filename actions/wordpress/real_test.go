package wordpress_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/sitetest"
	"github.com/latchkey-bot/latchkey/actions/wordpress"
)

// realSite is a WordPress that `.ci/wordpress start` started, asked by other code than
// the one that is tested.
type realSite struct{ url, user, password string }

// needReal returns the one that the environment names, by a prefix. Without it the test
// is skipped, unless LATCHKEY_TEST_REQUIRE (a list by comma) has "wordpress": then it
// fails.
func needReal(t *testing.T, prefix string) realSite {
	t.Helper()
	there := realSite{os.Getenv(prefix + "URL"), os.Getenv(prefix + "USER"), os.Getenv(prefix + "PASSWORD")}
	switch {
	case there.url != "" && there.user != "" && there.password != "":
		return there
	case !slices.Contains(strings.Split(os.Getenv("LATCHKEY_TEST_REQUIRE"), ","), "wordpress"):
		t.Skipf("it takes a real WordPress, which .ci/wordpress starts, and %sURL, _USER and _PASSWORD aren't set", prefix)
	}
	t.Fatalf("%sURL, _USER and _PASSWORD aren't set; .ci/wordpress says how to start what they are of", prefix)
	return realSite{}
}

// open opens it as Latchkey does.
func (w realSite) open(t *testing.T, password string) actions.Site {
	t.Helper()
	site, err := wordpress.Open(actions.Target{ID: "t-1", Name: "Acme shop", Kind: actions.TargetWordPress, URL: w.url, User: w.user}, password)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// ask asks its API, and reads the answer into what is given.
func (w realSite) ask(t *testing.T, method, route string, query url.Values, body, into any) {
	t.Helper()
	written, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	if query == nil {
		query = url.Values{}
	}
	query.Set("rest_route", route)
	request, err := http.NewRequest(method, w.url+"/?"+query.Encode(), bytes.NewReader(written))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(w.user, w.password)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	read, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode > 299 || into != nil && json.Unmarshal(read, into) != nil {
		t.Fatalf("%s %s: %d %s %v", method, route, answer.StatusCode, read, err)
	}
}

// realUser is a user as the site shows it.
type realUser struct {
	ID       int    `json:"id"`
	Username string `json:"username"`
}

// users are all users, by the login.
func (w realSite) users(t *testing.T) map[string]int {
	t.Helper()
	all := map[string]int{}
	for page := 1; ; page++ {
		var users []realUser
		w.ask(t, http.MethodGet, "/wp/v2/users", url.Values{
			"context": {"edit"}, "per_page": {"100"}, "page": {strconv.Itoa(page)}, "_fields": {"id,username"},
		}, nil, &users)
		for _, u := range users {
			all[u.Username] = u.ID
		}
		if len(users) < 100 {
			return all
		}
	}
}

// owner is who was there first.
const owner = "anna"

// clean deletes everybody who wasn't there at first.
func (w realSite) clean(t *testing.T) {
	t.Helper()
	var deleting sync.WaitGroup
	places := make(chan struct{}, actions.SiteCalls)
	for login, id := range w.users(t) {
		if login == owner || login == w.user || login == "tom" {
			continue
		}
		places <- struct{}{}
		deleting.Go(func() {
			w.ask(t, http.MethodDelete, "/wp/v2/users/"+strconv.Itoa(id), url.Values{"force": {"true"}, "reassign": {"1"}}, nil, nil)
			<-places
		})
	}
	deleting.Wait()
}

// add adds a user who may next to nothing.
func (w realSite) add(t *testing.T, u actions.SiteUser) {
	t.Helper()
	w.ask(t, http.MethodPost, "/wp/v2/users", nil, map[string]any{
		"username": u.Login, "name": u.Name, "email": u.Email, "password": "kept from everybody", "roles": []string{"subscriber"},
	}, nil)
}

// signsIn signs in as people do.
func (w realSite) signsIn(t *testing.T, login, password string) bool {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.PostForm(w.url+"/wp-login.php", url.Values{"log": {login}, "pwd": {password}, "wp-submit": {"Log In"}})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	return answer.StatusCode == http.StatusFound && slices.ContainsFunc(answer.Cookies(), func(c *http.Cookie) bool {
		return strings.HasPrefix(c.Name, "wordpress_logged_in_")
	})
}

// write has a user write a post.
func (w realSite) write(t *testing.T, login string) {
	t.Helper()
	w.ask(t, http.MethodPost, "/wp/v2/posts", nil, map[string]any{"title": "A post", "status": "publish", "author": w.users(t)[login]}, nil)
}

// written is how many posts a user has.
func (w realSite) written(t *testing.T, login string) int {
	t.Helper()
	var posts []struct {
		ID int `json:"id"`
	}
	w.ask(t, http.MethodGet, "/wp/v2/posts", url.Values{
		"author": {strconv.Itoa(w.users(t)[login])}, "per_page": {"100"}, "_fields": {"id"},
	}, nil, &posts)
	return len(posts)
}

// TestRealConformance runs the suite that each site passes on a real WordPress.
func TestRealConformance(t *testing.T) {
	there := needReal(t, "LATCHKEY_TEST_WORDPRESS_")
	sitetest.Run(t, func(t *testing.T) sitetest.Rig {
		there.clean(t)
		t.Cleanup(func() { there.clean(t) })
		return sitetest.Rig{
			Site:      there.open(t, there.password),
			Logins:    func(t *testing.T) []string { return keys(there.users(t)) },
			Owner:     func(t *testing.T) string { return strconv.Itoa(there.users(t)[owner]) },
			Add:       there.add,
			SignsIn:   there.signsIn,
			Write:     there.write,
			Inherited: func(t *testing.T) int { return there.written(t, there.user) },
		}
	})
}

// keys are the logins.
func keys(users map[string]int) []string {
	var all []string
	for login := range users {
		all = append(all, login)
	}
	return all
}

// TestRealMultisite: a multisite is found out before anything is made there.
func TestRealMultisite(t *testing.T) {
	there := needReal(t, "LATCHKEY_TEST_WORDPRESS_MULTI_")
	before := keys(there.users(t))
	err := there.open(t, there.password).Check(t.Context())
	wantError(t, err, actions.Unavailable, "is a multisite, whose REST API can't delete users.")
	wantTurnedAway(t, err, true)
	if after := keys(there.users(t)); len(after) != len(before) {
		t.Errorf("there are %q, were %q", after, before)
	}
}

// counting is the usual network, and counts what goes over it.
type counting struct{ asked atomic.Int32 }

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.asked.Add(1)
	return http.DefaultTransport.RoundTrip(r)
}

// TestRealHeir: a real one knows who inherits by what it makes of their login in
// addresses, also when others have that login in theirs.
func TestRealHeir(t *testing.T) {
	there := needReal(t, "LATCHKEY_TEST_WORDPRESS_")
	there.clean(t)
	t.Cleanup(func() { there.clean(t) })
	there.add(t, actions.SiteUser{Login: "other", Name: "Other", Email: "tom@other.example"})
	for i, heir := range []string{"Tom B.Ito@acme.example", "tom_-_ito", "tom." + strings.Repeat("a.", 27)} {
		there.add(t, actions.SiteUser{Login: heir, Name: "Tom Ito", Email: fmt.Sprintf("heir%d@acme.example", i)})
		network := new(counting)
		at := actions.Target{ID: "t-1", Name: "Acme shop", Kind: actions.TargetWordPress, URL: there.url, User: there.user, Reassign: heir}
		site, err := wordpress.OpenOver(at, there.password, network)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := site.Make(t.Context(), jane, given); err != nil {
			t.Fatal(err)
		}
		there.write(t, jane.Login)
		network.asked.Store(0)
		if err := site.Delete(t.Context(), jane.Login); err != nil || there.written(t, heir) != 1 || network.asked.Load() != 3 {
			t.Errorf("%s inherits %d, after %d requests: %v", heir, there.written(t, heir), network.asked.Load(), err)
		}
	}
}

// TestRealRefusals: what a real one says to a wrong password, to a name that isn't one
// and to an address that is taken, as the fake does.
func TestRealRefusals(t *testing.T) {
	there := needReal(t, "LATCHKEY_TEST_WORDPRESS_")
	there.clean(t)
	t.Cleanup(func() { there.clean(t) })
	for _, ask := range calls(t.Context(), there.open(t, "aaaa bbbb cccc dddd eeee ffff")) {
		err := ask()
		wantError(t, err, actions.Unavailable, "application password")
		wantTurnedAway(t, err, true)
	}
	site := there.open(t, there.password)
	taken := jane
	taken.Email = "anna@acme.example"
	_, err := site.Make(t.Context(), taken, given)
	wantError(t, err, actions.Conflict, "e-mail address")
	odd := jane
	odd.Login += " ü/"
	_, err = site.Make(t.Context(), odd, given)
	wantError(t, err, actions.Conflict, "doesn't take the login")
	_, err = site.Make(t.Context(), jane, `back\slash`)
	wantError(t, err, actions.Conflict, "so nobody was made")
	if users := there.users(t); len(users) != 3 {
		t.Errorf("there are %q", keys(users))
	}
}
