package web_test

import (
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/browsertest"
	"github.com/latchkey-bot/latchkey/bot/web"
)

// hangSecret hangs the pages of secrets where a browser finds them. What stands
// between browser and pages is around them.
func hangSecret(t *testing.T, v *vault, around ...func(http.Handler) http.Handler) (home string) {
	t.Helper()
	var pages http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { pages.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	pages = secretDoor(v, func(p *web.SecretPages) {
		p.Guard, p.Support = web.NewGuard(server.URL, nil), "support@acme.example"
	})
	for _, wrap := range around {
		pages = wrap(pages)
	}
	return server.URL
}

// cable is what breaks between a browser and the pages.
type cable struct {
	mu   sync.Mutex
	lost map[string]string // "before" it arrives, or "after", by what is asked for
}

func (c *cable) breaks(asked, when string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost = map[string]string{asked: when}
}

func (c *cable) around(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		when := c.lost[path.Base(r.URL.Path)]
		if when == "after" { // once: a browser sends it again by itself
			c.lost[path.Base(r.URL.Path)] = "before"
		}
		c.mu.Unlock()
		switch when {
		case "":
			pages.ServeHTTP(w, r)
			return
		case "after":
			pages.ServeHTTP(httptest.NewRecorder(), r)
		}
		connection, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = connection.Close()
		}
	})
}

// seen audits a page as it is now, and keeps a picture.
func seen(p *browsertest.Page, name string) {
	p.Audit(name)
	p.NoSidewaysScroll(name)
	keep(p, "secret-"+name)
}

const (
	liveHeading = "Ana Ruiz has sent you something confidential"
	codeBox     = "Code from the link"
	sentBox     = "What was sent to you"
)

// valueIs checks what stands in the box.
func valueIs(t *testing.T, p *browsertest.Page, want string) {
	t.Helper()
	if got := browsertest.Of[string](p.By("textbox", sentBox), "this.value"); got != want {
		t.Errorf("the box has %q", got)
	}
}

// A click, and nothing before it, opens it; the code leaves the address at once,
// whatever a mail gateway made of the link.
func TestSecretInABrowser(t *testing.T) {
	for name, mangle := range map[string]func(string) string{
		"OK":            func(link string) string { return link },
		"Mangled":       func(link string) string { return strings.Replace(link, "#", "%23", 1) },
		"MangledTwice":  func(link string) string { return strings.Replace(link, "#", "%2523", 1) + "?from=mail" },
		"WithASlash":    func(link string) string { return strings.Replace(link, "#", "/#", 1) },
		"WithAQuery":    func(link string) string { return strings.Replace(link, "#", "?utm=x#", 1) },
		"WithAFullStop": func(link string) string { return link + "." },
	} {
		t.Run(name, func(t *testing.T) {
			const content = " user: jane\npassword: Grüße <b>&amp; \U0001f511\n"
			p := browsertest.Open(t, browsertest.Options{TimeZone: "America/New_York"})
			v := newVault(t, content, "")
			home := hangSecret(t, v)
			p.Goto(home + mangle(v.secretLink()))
			p.WaitFocus("heading", liveHeading)
			p.CSS(`section[data-state="live"]`).WaitText("until Monday, November 23 at 4:30", "EST")
			at := browsertest.Value[string](p, "location.href")
			if strings.ContainsAny(at, "#%") || strings.Contains(at, "utm") || v.asked() != "status" {
				t.Errorf("the address is %s; asked for %s", at, v.asked())
			}
			p.By("textbox", "Passphrase").WaitGone()
			p.By("button", "Open it").Click()
			p.WaitFocus("heading", "Here it is")
			valueIs(t, p, content)
			p.By("button", "Copy").Click()
			p.CSS("#copied").WaitText("Copied.")
			if got := p.Copied(); got != content || v.asked() != "status open" {
				t.Errorf("copied %q; asked for %s", got, v.asked())
			}
			kept := browsertest.Value[int](p, "localStorage.length + sessionStorage.length + document.cookie.length")
			if kept > 0 {
				t.Error("something is kept in the browser")
			}
		})
	}
}

// With the keyboard alone: a wrong passphrase, the right one as it was told on the
// telephone, and what was sent.
func TestSecretInABrowserByKeyboard(t *testing.T) {
	p := browsertest.Open(t, browsertest.Options{Refusals: true})
	v := newVault(t, "p4ssw0rd", "garden café Ⅳ")
	p.Goto(hangSecret(t, v) + v.secretLink())
	p.WaitFocus("heading", liveHeading)
	p.TabTo("Tab", "textbox", "Passphrase")
	p.Press("Enter")
	p.CSS(`[role="alert"]`).WaitText("Please enter the passphrase.")
	p.WaitFocus("textbox", "Passphrase")
	p.Type("Garden")
	p.Press("Enter")
	p.CSS(`[role="alert"]`).WaitText("That isn't the passphrase.")
	p.CSS("#left").WaitText("Attempts left: 4")
	p.WaitFocus("textbox", "Passphrase")
	seen(p, "wrong")
	p.Type("  garden café IV ") // what was wrong is selected: it is written over
	p.TabTo("Tab", "button", "Open it")
	p.Press("Space")
	p.WaitFocus("heading", "Here it is")
	p.TabTo("Tab", "textbox", sentBox)
	valueIs(t, p, "p4ssw0rd")
	p.TabTo("Tab", "button", "Copy")
	p.Press("Enter")
	p.By("status", "").WaitText("Copied.")
	if got := p.Copied(); got != "p4ssw0rd" {
		t.Errorf("copied %q", got)
	}
	p.TabTo("Tab", "link", "support@acme.example")
}

// The fifth wrong passphrase locks it, and the page says before that it is the
// last.
func TestSecretInABrowserLocked(t *testing.T) {
	p := browsertest.Open(t, browsertest.Options{Refusals: true})
	v := newVault(t, "x", "garden")
	v.status.Left = 2
	p.Goto(hangSecret(t, v) + v.secretLink())
	p.By("textbox", "Passphrase").Click()
	p.Type("wrong")
	p.Press("Enter")
	p.CSS("#left").WaitText("This is the last attempt.")
	p.Press("Enter")
	p.WaitFocus("heading", "This is locked")
	p.By("button", "I need a new one").Wait()
}

// Every end says what happened and when, in the reader's own time zone, and takes
// the wish for a new one, once.
func TestSecretInABrowserOver(t *testing.T) {
	for state, says := range map[actions.SecretState][]string{
		actions.SecretRevealed: {"This was opened already", "Friday, November 20 at 6:30", "GMT+9"}, actions.SecretExpired: {"This has expired", "until Friday, November 20"},
		actions.SecretRevoked: {"This was withdrawn", "Friday, November 20"}, actions.SecretLocked: {"This is locked", "Friday, November 20"},
	} {
		t.Run(string(state), func(t *testing.T) {
			p := browsertest.Open(t, browsertest.Options{Refusals: true, TimeZone: "Asia/Tokyo"})
			v := newVault(t, "x", "").ended(state)
			var c cable
			p.Goto(hangSecret(t, v, c.around) + v.secretLink())
			p.WaitFocus("heading", says[0])
			p.CSS(`[data-state="` + string(state) + `"]`).First().WaitText(says...)
			c.breaks("again", "before")
			p.By("button", "I need a new one").Click()
			p.CSS(".told").WaitText("That didn't get through.")
			c.breaks("", "")
			seen(p, string(state))
			p.By("button", "I need a new one").Click()
			p.CSS(".told").WaitText("It is noted: Ana Ruiz sees that you need a new one.")
			p.By("button", "I need a new one").WaitGone()
			if got := v.asked(); got != "status again" {
				t.Errorf("asked for %s", got)
			}
		})
	}
}

// An incomplete link can be mended by hand: with the code, or with the whole link.
func TestSecretInABrowserByHand(t *testing.T) {
	p := browsertest.Open(t, browsertest.Options{Width: 320, Height: 760, Touch: true, Refusals: true})
	v := newVault(t, "x", "")
	home := hangSecret(t, v)
	p.Goto(home + v.path())
	p.WaitFocus("heading", "This link is incomplete")
	p.By("textbox", codeBox).Click()
	p.Type("abc")
	p.Press("Enter")
	p.CSS("#not-whole").WaitText("That isn't the whole code")
	seen(p, "incomplete-320")
	browsertest.Value[bool](p, "(document.getElementById('code').value = '') === ''")
	p.Type(strings.Repeat("A", 43))
	p.Press("Enter")
	p.CSS("#not-whole").WaitText("") // it was whole, and still not the right one
	p.WaitFocus("heading", "This link is incomplete")
	p.By("textbox", codeBox).Click()
	p.Type("Link: " + home + strings.Replace(v.secretLink(), "#", "%23", 1))
	p.Press("Enter")
	p.WaitFocus("heading", liveHeading)
	p.By("button", "Open it").Click()
	p.WaitFocus("heading", "Here it is")
	valueIs(t, p, "x")
}

// Another link pasted into the same tab counts.
func TestSecretInABrowserOpenedAgain(t *testing.T) {
	p := browsertest.Open(t, browsertest.Options{Refusals: true})
	v := newVault(t, "x", "")
	p.Goto(hangSecret(t, v) + v.path())
	p.WaitFocus("heading", "This link is incomplete")
	browsertest.Value[bool](p, "(location.hash = '"+strings.SplitAfter(v.secretLink(), "#")[1]+"') !== ''")
	p.WaitFocus("heading", liveHeading)
}

// Without a connection nothing is lost, and it can be tried again.
func TestSecretInABrowserOffline(t *testing.T) {
	p := browsertest.Open(t, browsertest.Options{Refusals: true})
	v := newVault(t, "x", "garden")
	var c cable
	c.breaks("status", "before")
	p.Goto(hangSecret(t, v, c.around) + v.secretLink())
	p.WaitFocus("heading", "We can't be reached")
	seen(p, "offline")
	c.breaks("open", "before")
	p.By("button", "Try again").Click()
	p.By("textbox", "Passphrase").Click()
	p.Type("garden")
	p.By("button", "Open it").Click()
	p.WaitFocus("heading", "The connection broke off")
	seen(p, "broken")
	c.breaks("", "")
	p.By("button", "Try again").Click()
	p.WaitFocus("heading", liveHeading)
	p.By("button", "Open it").Click() // the passphrase is still there
	p.WaitFocus("heading", "Here it is")
	if got := v.asked(); strings.Join(strings.Fields(got), ",") != "status,status,open" {
		t.Errorf("asked for %s", got)
	}
}

// An answer that got lost is said to be lost.
func TestSecretInABrowserLost(t *testing.T) {
	t.Run("Broken", func(t *testing.T) {
		p := browsertest.Open(t, browsertest.Options{Refusals: true})
		v := newVault(t, "x", "")
		var c cable
		p.Goto(hangSecret(t, v, c.around) + v.secretLink())
		c.breaks("open", "after")
		p.By("button", "Open it").Click()
		p.WaitFocus("heading", "The connection broke off")
		p.By("button", "Try again").Click()
		p.WaitFocus("heading", "It was opened, and got lost on the way")
		p.By("button", "I need a new one").Click()
		p.CSS(".told").WaitText("It is noted")
		seen(p, "lost")
	})
	t.Run("SentTwice", func(t *testing.T) { // by the browser itself
		p := browsertest.Open(t, browsertest.Options{Refusals: true})
		v := newVault(t, "x", "")
		v.now = time.Now().UTC()
		p.Goto(hangSecret(t, v) + v.secretLink())
		p.WaitFocus("heading", liveHeading)
		v.mu.Lock()
		v.ended(actions.SecretRevealed)
		v.mu.Unlock()
		p.By("button", "Open it").Click()
		p.WaitFocus("heading", "It was opened, and got lost on the way")
	})
	t.Run("ByAnother", func(t *testing.T) { // long before
		p := browsertest.Open(t, browsertest.Options{Refusals: true})
		v := newVault(t, "x", "")
		v.now = time.Now().UTC().Add(-time.Hour)
		p.Goto(hangSecret(t, v) + v.secretLink())
		p.WaitFocus("heading", liveHeading)
		v.mu.Lock()
		v.ended(actions.SecretRevealed)
		v.mu.Unlock()
		p.By("button", "Open it").Click()
		p.WaitFocus("heading", "This was opened already")
	})
}

// What was shown goes when the page is left, and stays away when it comes back.
func TestSecretInABrowserLeft(t *testing.T) {
	p := browsertest.Open(t, browsertest.Options{Refusals: true})
	v := newVault(t, "p4ssw0rd", "")
	p.Goto(hangSecret(t, v) + v.secretLink())
	p.By("button", "Open it").Click()
	p.WaitFocus("heading", "Here it is")
	browsertest.Value[bool](p, "dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
	valueIs(t, p, "")
	browsertest.Value[bool](p, "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
	p.WaitFocus("heading", "This was opened already")
	if strings.Contains(browsertest.Value[string](p, "document.documentElement.outerHTML"), "p4ssw0rd") {
		t.Error("it is still on the page")
	}
}

// What is damaged, refused or fails is said, each in its own words.
func TestSecretInABrowserTrouble(t *testing.T) {
	for heading, trouble := range map[string]func(*vault){
		"It can't be read": func(v *vault) { v.body[0] ^= 1 },
		"That didn't work": func(v *vault) { v.failed = actions.Errorf(actions.Unavailable, "The database sleeps.") },
	} {
		p := browsertest.Open(t, browsertest.Options{Refusals: true})
		v := newVault(t, "x", "")
		p.Goto(hangSecret(t, v) + v.secretLink())
		p.WaitFocus("heading", liveHeading)
		v.mu.Lock()
		trouble(v)
		v.mu.Unlock()
		p.By("button", "Open it").Click()
		p.WaitFocus("heading", heading)
		seen(p, strings.Fields(heading)[1])
	}
	t.Run("TooManyGuesses", func(t *testing.T) {
		p := browsertest.Open(t, browsertest.Options{Refusals: true})
		v := newVault(t, "x", "")
		home := hangSecret(t, v)
		for range 100 {
			answer, err := http.Post(home+v.path()+"/status", "application/json", strings.NewReader(`{"link":"`+strings.Repeat("A", 43)+`"}`))
			if err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close()
		}
		p.Goto(home + v.secretLink())
		p.WaitFocus("heading", "Please wait a minute")
		seen(p, "busy")
	})
}
