package main

import (
	"net/http/httptest"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/latchkey-bot/latchkey/actions/wordpress/wordpressfake"
)

// scriptSite is the key of a script's WordPress among its values.
type scriptSite struct{}

// startSite starts a WordPress for a script; $WORDPRESS is its address, and $BLOG
// another one of it.
func startSite(env *testscript.Env) {
	site := wordpressfake.New()
	for _, name := range []string{"WORDPRESS", "BLOG"} {
		server := httptest.NewServer(site)
		env.Defer(server.Close)
		env.Setenv(name, server.URL)
	}
	env.Values[scriptSite{}] = site
}

// siteCommand is what becomes of a script's WordPress:
//
//	site fails        it answers every request with an error; site refuses: with 401
//	site works        that is over
//	site multisite    it is one of several
//	site adds LOGIN   somebody adds an administrator by hand
//	site has N        it must have so many users
func siteCommand(ts *testscript.TestScript, neg bool, args []string) {
	site, started := ts.Value(scriptSite{}).(*wordpressfake.Fake)
	if neg || !started || len(args) == 0 {
		ts.Fatalf("usage: site fails|refuses|works|multisite|adds LOGIN|has N")
	}
	switch what := args[0]; {
	case what == "fails":
		site.Down(wordpressfake.Failed)
	case what == "refuses":
		site.Down(wordpressfake.Unauthorized)
	case what == "works":
		site.Up()
	case what == "multisite":
		site.SetMultisite(true)
	case what == "adds" && len(args) == 2:
		site.Add(wordpressfake.User{Login: args[1], Role: "administrator"})
	case what == "has" && len(args) == 2:
		if has := strconv.Itoa(len(site.Users())); has != args[1] {
			ts.Fatalf("the site has %s users", has)
		}
	default:
		ts.Fatalf("there is no site %s", what)
	}
}
