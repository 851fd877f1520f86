package wordpress_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/wordpress"
	"github.com/latchkey-bot/latchkey/actions/wordpress/wordpressfake"
)

// TestRedirects: the password never goes to another address, whatever the redirect.
func TestRedirects(t *testing.T) {
	var asked atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		t.Errorf("the other host got %s with %q", r.Method, r.Header.Get("Authorization"))
	}))
	defer elsewhere.Close()
	for _, status := range []int{300, 301, 302, 303, 304, 307, 308} {
		f, site := opened(t)
		f.Down(wordpressfake.Answer(status, map[string]string{"Location": elsewhere.URL + "/?rest_route=/wp/v2/users"}, ""))
		for call, ask := range calls(t.Context(), site) {
			err, became := ask(), "Nothing was changed there."
			if call == "Make" {
				became = "It may have made the user, or not."
			}
			wantError(t, err, actions.Unavailable, "on to http://127.0.0.1:", "which it doesn't follow. "+became)
			wantTurnedAway(t, err, call != "Make")
		}
	}
	if asked.Load() != 0 {
		t.Error("the other host was asked")
	}
}

// TestCertificates: who can't show that it is the site is sent nothing.
func TestCertificates(t *testing.T) {
	f := wordpressfake.New()
	server := httptest.NewTLSServer(f)
	defer server.Close()
	server.Config.ErrorLog = nil
	selfSigned := client(t, target(server.URL))
	plain := httptest.NewServer(f)
	defer plain.Close()
	noTLS := client(t, target(strings.Replace(plain.URL, "http:", "https:", 1)))
	for _, site := range []actions.Site{selfSigned, noTLS} {
		for _, ask := range calls(t.Context(), site) {
			err := ask()
			wantError(t, err, actions.Unavailable, "shows no certificate that verifies, so Latchkey sent it nothing.")
			wantTurnedAway(t, err, true)
		}
	}
	if asked := f.Asked(); len(asked) > 0 {
		t.Errorf("it was asked %q", asked)
	}
	trusting, err := wordpress.OpenOver(target(server.URL), wordpressfake.Password, server.Client().Transport)
	if err != nil {
		t.Fatal(err)
	}
	if err := trusting.Check(t.Context()); err != nil {
		t.Errorf("with a certificate that verifies: %v", err)
	}
}

// breaking is a site that answers without encryption what came to it encrypted.
func breaking(t *testing.T) actions.Site {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close() //nolint:errcheck // broken anyway
		_, _ = io.WriteString(conn.(*tls.Conn).NetConn(), "HTTP/1.1 400 Bad Request\r\n\r\n")
	}))
	server.StartTLS()
	t.Cleanup(server.Close)
	site, err := wordpress.OpenOver(target(server.URL), wordpressfake.Password, server.Client().Transport)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// TestBrokenEncryption: a connection that breaks after the request was sent says nothing
// of what became of that.
func TestBrokenEncryption(t *testing.T) {
	site := breaking(t)
	for call, ask := range calls(t.Context(), site) {
		became := "Nothing was changed there."
		if call == "Make" {
			became = "It may have made the user, or not."
		}
		err := ask()
		wantError(t, err, actions.Unavailable, "broke the encrypted connection off. "+became)
		wantTurnedAway(t, err, false)
	}
}

// TestNobodyListens: a host that can't be reached surely did nothing.
func TestNobodyListens(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	for _, ask := range calls(t.Context(), client(t, target(server.URL))) {
		err := ask()
		wantError(t, err, actions.Unavailable, "can't be reached. Nothing was changed there.")
		wantTurnedAway(t, err, true)
	}
}

// listing is a site whose list of users is any text, of a length that a header says.
func listing(t *testing.T, total, list string) actions.Site {
	t.Helper()
	return openedAt(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		if total != "" {
			w.Header().Set("X-WP-Total", total)
		}
		_, _ = io.WriteString(w, list)
	}))
}

// TestWrongTypes: a list that isn't one as a whole is none, since who isn't on it would
// pass for deleted.
func TestWrongTypes(t *testing.T) {
	for name, list := range map[string]string{
		"IDIsText": `[{"id":"1","username":"support-temp-a"}]`, "IDIsZero": `[{"id":0,"username":"support-temp-a"}]`,
		"IDIsNegative": `[{"id":-1,"username":"support-temp-a"}]`, "IDIsFraction": `[{"id":1.5,"username":"support-temp-a"}]`,
		"IDIsHuge": `[{"id":1e30,"username":"support-temp-a"}]`, "NoID": `[{"username":"support-temp-a"}]`,
		"NoLogin": `[{"id":1}]`, "LoginIsNumber": `[{"id":1,"username":1}]`, "LoginIsEmpty": `[{"id":1,"username":""}]`,
		"LoginHasLines": `[{"id":1,"username":"support-temp-a\nb"}]`, "LoginIsLong": `[{"id":1,"username":"` + strings.Repeat("a", 300) + `"}]`,
		"Null": `[null]`, "Text": `["support-temp-a"]`, "List": `[[]]`, "Object": `{"1":{"id":1,"username":"support-temp-a"}}`,
		"RolesAreText":        `[{"id":1,"username":"support-temp-a","roles":"administrator"}]`,
		"RolesHaveNumber":     `[{"id":1,"username":"support-temp-a","roles":[1]}]`,
		"CapabilitiesAreList": `[{"id":1,"username":"support-temp-a","capabilities":["manage_options"]}]`,
		"CapabilitiesAreText": `[{"id":1,"username":"support-temp-a","capabilities":"all"}]`,
		"MarkOfOrder":         "\ufeff" + `[{"id":1,"username":"support-temp-a"}]`, "Deep": strings.Repeat("[", 20000),
	} {
		t.Run(name, func(t *testing.T) {
			users, err := listing(t, "1", list).Temporary(t.Context())
			wantError(t, err, actions.Unavailable, "can't read")
			if len(users) > 0 {
				t.Errorf("it read %+v", users)
			}
		})
	}
}

// TestOddUsers reads what plugins make of users.
func TestOddUsers(t *testing.T) {
	for name, row := range map[string]struct {
		rest  string
		admin bool
	}{
		"Usual":           {`"roles":["administrator"],"capabilities":{"manage_options":true}`, true},
		"OneOfTwo":        {`"roles":["shop_manager","administrator"],"capabilities":{"manage_options":true}`, true},
		"RolesAreObject":  {`"roles":{"1":"administrator"},"capabilities":{"manage_options":true}`, true},
		"Number":          {`"roles":["administrator"],"capabilities":{"manage_options":1}`, true},
		"Digit":           {`"roles":["administrator"],"capabilities":{"manage_options":"1"}`, true},
		"Zero":            {`"roles":["administrator"],"capabilities":{"manage_options":0}`, false},
		"False":           {`"roles":["administrator"],"capabilities":{"manage_options":false}`, false},
		"OddCapability":   {`"roles":["administrator"],"capabilities":{"manage_options":{"x":[]}}`, false},
		"NoCapabilities":  {`"roles":["administrator"],"capabilities":[]`, false},
		"NullEverywhere":  {`"roles":null,"capabilities":null,"name":null,"email":null`, false},
		"CapabilityAlone": {`"roles":["editor"],"capabilities":{"manage_options":true,"administrator":true}`, false},
		"RoleAlone":       {`"roles":["administrator"]`, false},
		"SimilarRole":     {`"roles":["administrators","Administrator"],"capabilities":{"manage_options":true}`, false},
		"None":            {`"roles":[]`, false},
	} {
		t.Run(name, func(t *testing.T) {
			site := listing(t, "1", `[{"id":7,"username":"support-temp-a",`+row.rest+`}]`)
			users, err := site.Temporary(t.Context())
			if err != nil || len(users) != 1 || users[0].ID != "7" || users[0].Admin != row.admin {
				t.Errorf("got %+v, %v", users, err)
			}
		})
	}
	site := listing(t, "1", `[{"id":7,"username":"Support-Temp-A","name":"a\u0000\nb`+strings.Repeat("ü", 300)+`","email":"<b>@x"}]`)
	users, err := site.Temporary(t.Context())
	if err != nil || len(users) != 1 || users[0].Name != "ab"+strings.Repeat("ü", 248) || users[0].Email != "<b>@x" {
		t.Errorf("got %+v, %v", users, err)
	}
}

// TestLengthLies: a list that isn't as long as it says is none.
func TestLengthLies(t *testing.T) {
	one := `[{"id":7,"username":"support-temp-a"}]`
	twice := `[{"id":7,"username":"support-temp-a"},{"id":7,"username":"support-temp-a"}]`
	for name, row := range map[string]struct{ total, list, words string }{
		"None":     {"", one, "can't read"},
		"Text":     {"many", one, "can't read"},
		"Negative": {"-1", one, "can't read"},
		"Endless":  {"2000000000", one, "can't read"},
		"More":     {"2", one, "doesn't show all of its users"},
		"Fewer":    {"0", one, "doesn't show all of its users"},
		"Twice":    {"2", twice, "doesn't show all of its users"},
		"Pages":    {"51", one, "doesn't show all of its users"},
	} {
		t.Run(name, func(t *testing.T) {
			site := listing(t, row.total, row.list)
			for _, call := range []string{"Temporary", "Look", "Delete"} {
				err := calls(t.Context(), site)[call]()
				wantError(t, err, actions.Unavailable, row.words, "Nothing was changed there.")
			}
		})
	}
}

// TestListChanges: who is deleted while a list is read shifts all who come after, and
// somebody would be on no page.
func TestListChanges(t *testing.T) {
	f := wordpressfake.New()
	for i := range 60 {
		f.Add(wordpressfake.User{Login: fmt.Sprintf("support-temp-%02d", i), Role: "administrator"})
	}
	var pages atomic.Int32
	site := openedAt(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.ServeHTTP(w, r)
		if pages.Add(1) == 1 {
			f.Remove("support-temp-00")
		}
	}))
	users, err := site.Temporary(t.Context())
	if err != nil || len(users) != 59 || pages.Load() != 4 {
		t.Errorf("%d users of %d pages: %v", len(users), pages.Load(), err)
	}
}

// TestForeignLogins: only who is called as Latchkey calls them is touched.
func TestForeignLogins(t *testing.T) {
	f, site := opened(t)
	before := len(f.Users())
	for _, login := range []string{"", wordpressfake.Owner, wordpressfake.Login, "support-temp", "support-temp-", "not-support-temp-a", " support-temp-a"} {
		wantError(t, site.Delete(t.Context(), login), actions.Invalid, "doesn't begin with support-temp-")
		_, err := site.Make(t.Context(), actions.SiteUser{Login: login}, given)
		wantError(t, err, actions.Invalid, "doesn't begin with support-temp-")
	}
	if asked := f.Asked(); len(asked) > 0 || len(f.Users()) != before {
		t.Errorf("it was asked %q", asked)
	}
	own := target("http://127.0.0.1:1")
	own.User, own.Reassign = "support-temp-own", "support-temp-heir"
	for _, login := range []string{own.User, own.Reassign, "Support-Temp-OWN"} {
		wantError(t, client(t, own).Delete(t.Context(), login), actions.Invalid)
	}
}

// TestTwins: WordPress can be made to have a login twice, and both go.
func TestTwins(t *testing.T) {
	f, site := opened(t)
	f.Add(wordpressfake.User{Login: jane.Login, Role: "administrator"})
	f.Add(wordpressfake.User{Login: strings.ToUpper(jane.Login), Role: "administrator"})
	if err := site.Delete(t.Context(), jane.Login); err != nil || len(f.Users()) != 3 {
		t.Errorf("there are %d users: %v", len(f.Users()), err)
	}
}
