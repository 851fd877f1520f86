package wordpress_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/wordpress"
	"github.com/latchkey-bot/latchkey/actions/wordpress/wordpressfake"
)

// lacking is a fake whose Latchkey lacks a capability.
func lacking(capability string) *wordpressfake.Fake {
	f := wordpressfake.New()
	f.Remove(wordpressfake.Login)
	f.Add(wordpressfake.User{
		Login: wordpressfake.Login, Email: "latchkey@acme.example", Role: "administrator", Capabilities: map[string]bool{capability: false},
	})
	return f
}

// TestCheck says why a site can't be used before anything is made there.
func TestCheck(t *testing.T) {
	for capability, words := range map[string]string{
		"list_users": "see the users (list_users)", "create_users": "make users (create_users)", "promote_users": "give roles (promote_users)",
		"edit_users": "change users (edit_users)", "delete_users": "delete users (delete_users)",
	} {
		f := lacking(capability)
		err := openedAt(t, f).Check(t.Context())
		wantError(t, err, actions.Unavailable, words, "made an administrator")
		wantTurnedAway(t, err, true)
	}
	f, site := opened(t)
	if err := site.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if deleting := slices.IndexFunc(f.Asked(), func(asked string) bool { return strings.HasPrefix(asked, "DELETE") }); deleting != len(f.Asked())-1 {
		t.Errorf("it asked %q", f.Asked())
	}
	if len(f.Users()) != 3 {
		t.Errorf("there are %d users", len(f.Users()))
	}
	f.SetMultisite(true)
	err := site.Check(t.Context())
	wantError(t, err, actions.Unavailable, "is a multisite, whose REST API can't delete users.", "by hand")
	wantTurnedAway(t, err, true)
	f.SetMultisite(false)
	f.Meets(fine, fine, fine, answer(403, `{"code":"rest_user_cannot_delete"}`))
	wantError(t, site.Check(t.Context()), actions.Unavailable, "it may be a multisite")
	f.Meets(fine, fine, fine, answer(200, `{"deleted":true}`))
	wantError(t, site.Check(t.Context()), actions.Unavailable, "can't read")
	f.Meets(answer(200, `{"id":2,"username":"canary","email":"canary@acme.example","roles":["administrator"]}`))
	wantError(t, site.Check(t.Context()), actions.Unavailable, "can't read")
}

// TestHeir: what the deleted wrote goes to the configured user, and without one nobody
// is deleted.
func TestHeir(t *testing.T) {
	f, _ := opened(t)
	server := openedFor(t, f, func(at *actions.Target) { at.Reassign = "Tom" })
	if _, err := server.Make(t.Context(), jane, given); err != nil {
		t.Fatal(err)
	}
	f.Write(jane.Login)
	if err := server.Delete(t.Context(), jane.Login); err != nil {
		t.Fatal(err)
	}
	if tom, _ := f.User("tom"); tom.Posts != 49 {
		t.Errorf("they have %d posts", tom.Posts)
	}
	f.Remove("tom")
	wantError(t, server.Check(t.Context()), actions.Unavailable, "has no user Tom", "another login")
	if _, err := server.Make(t.Context(), jane, given); err != nil {
		t.Fatal(err)
	}
	err := server.Delete(t.Context(), jane.Login)
	wantError(t, err, actions.Unavailable, "has no user Tom", "Nothing was changed there.")
	wantTurnedAway(t, err, true)
	if _, there := f.User(jane.Login); !there {
		t.Error("it is gone")
	}
	byAddress := openedFor(t, f, func(at *actions.Target) { at.User = "latchkey@acme.example" })
	if err := byAddress.Check(t.Context()); err != nil {
		t.Errorf("with an e-mail address for a login: %v", err)
	}
}

// TestHeirOfMany: however many users have the heir's login in their address, and
// whatever its own address on the site is, a deletion asks for a few lists at most.
func TestHeirOfMany(t *testing.T) {
	const many = 5100
	for name, row := range map[string]struct {
		heir  wordpressfake.User
		last  bool // added after the others
		asked int
	}{
		"Usual":      {wordpressfake.User{Login: "shop"}, true, 3},
		"OddLogin":   {wordpressfake.User{Login: "Shop B.Ito@acme.example"}, true, 3},
		"LongLogin":  {wordpressfake.User{Login: "shop" + strings.Repeat(".a", 28)}, true, 3},
		"OtherSlug":  {wordpressfake.User{Login: "shop", Slug: "anna-berg"}, false, 4},
		"NoSlug":     {wordpressfake.User{Login: "@@", Slug: "anna-berg", Email: "x@@shop.example"}, false, 3},
		"FarBehind":  {wordpressfake.User{Login: "shop", Slug: "anna-berg"}, true, 0},
		"NotAtAll":   {wordpressfake.User{Login: "nobody"}, false, 4},
		"OthersSlug": {wordpressfake.User{Login: "shop.b", Slug: "anna-berg"}, false, 4},
	} {
		t.Run(name, func(t *testing.T) {
			f := wordpressfake.New()
			site := openedFor(t, f, func(at *actions.Target) { at.Reassign = strings.ToUpper(row.heir.Login) })
			f.Add(wordpressfake.User{Login: jane.Login, Email: jane.Email, Posts: 1})
			if !row.last && name != "NotAtAll" {
				f.Add(row.heir)
			}
			for i := range many {
				f.Add(wordpressfake.User{Login: "c" + strconv.Itoa(i), Email: "c" + strconv.Itoa(i) + "@@shop.example"})
			}
			if row.last {
				f.Add(row.heir)
			}
			err := site.Delete(t.Context(), jane.Login)
			heir, _ := f.User(row.heir.Login)
			switch {
			case row.asked == 0: // behind more users than are read
				wantError(t, err, actions.Unavailable, "Nothing was changed there.")
			case name == "NotAtAll":
				wantError(t, err, actions.Unavailable, "has no user NOBODY", "add it once more")
			case err != nil || heir.Posts != 1 || len(f.Asked()) != row.asked:
				t.Errorf("it inherits %d, asked was %q: %v", heir.Posts, f.Asked(), err)
			}
		})
	}
}

// TestOpen takes what can be asked, and shows nothing of what it doesn't take.
func TestOpen(t *testing.T) {
	for _, url := range []string{
		"https://acme.example", "https://acme.example/", "https://acme.example/blog/", "https://acme.example:8443", "https://[::1]",
		"http://127.0.0.1:8080", "http://localhost", "http://[::1]:80", "https://shop.acme.example/a/b",
	} {
		if _, err := wordpress.Open(target(url), wordpressfake.Password); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
	for _, url := range []string{
		"", "acme.example", "http://acme.example", "http://127.0.0.1.acme.example", "http://10.0.0.1", "ftp://acme.example", "https://", "https:acme.example",
		"https://canary@acme.example", "https://canary:x@acme.example", "https://acme.example/?a=b", "https://acme.example/?", "https://acme.example/#canary",
		"https://acme.example/#", "https://acme.example/\n", "//acme.example", "https://acme.example/" + strings.Repeat("a", 300), "javascript:canary",
	} {
		_, err := wordpress.Open(target(url), wordpressfake.Password)
		wantError(t, err, actions.Invalid, "https://", "Please ")
	}
	for name, change := range map[string]func(*actions.Target){
		"NoUser": func(at *actions.Target) { at.User = "" }, "Colon": func(at *actions.Target) { at.User = "canary:x" },
		"Lines": func(at *actions.Target) { at.User = "canary\n" }, "LongUser": func(at *actions.Target) { at.User = strings.Repeat("a", 101) },
		"LongHeir": func(at *actions.Target) { at.Reassign = strings.Repeat("a", 61) }, "OddHeir": func(at *actions.Target) { at.Reassign = "canary\x00" },
	} {
		at := target("https://acme.example")
		change(&at)
		_, err := wordpress.Open(at, wordpressfake.Password)
		if wantError(t, err, actions.Invalid, "login", "Please "); t.Failed() {
			t.Fatal(name)
		}
	}
	for _, password := range []string{"", "   ", "cana\nry", "canary ü", "canary\x00", strings.Repeat("a", 201), "----"} {
		_, err := wordpress.Open(target("https://acme.example"), password)
		wantError(t, err, actions.Invalid, "application password", "Please ")
	}
	f := wordpressfake.New()
	for _, password := range []string{strings.ReplaceAll(wordpressfake.Password, " ", ""), "  " + wordpressfake.Password + "\n"} {
		if err := openedWith(t, f, password, func(at *actions.Target) { at.URL += "/blog/" }).Check(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
