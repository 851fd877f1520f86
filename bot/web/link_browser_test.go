package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/browsertest"
	"github.com/latchkey-bot/latchkey/bot/web"
)

func TestMain(m *testing.M) { os.Exit(browsertest.Closing{Tests: m}.Run()) }

// shelf is a cabinet that pages of a browser use one after the other.
type shelf struct {
	mu sync.Mutex
	cabinet
}

func (s *shelf) LinkPage(ctx context.Context, id string) actions.LinkPurpose {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cabinet.LinkPage(ctx, id)
}

func (s *shelf) UseLink(ctx context.Context, id, token string, answer actions.LinkAnswer) (actions.LinkOutcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cabinet.UseLink(ctx, id, token, answer)
}

// used is what was used so far.
func (s *shelf) used() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.uses, ", ")
}

// shelfOf is a link of a purpose that can be used.
func shelfOf(purpose actions.LinkPurpose) *shelf {
	s := &shelf{cabinet: *goodLink()}
	s.purpose, s.outcome.Purpose = purpose, purpose
	if purpose == actions.LinkConfirm || purpose == actions.LinkRemoved {
		s.outcome.Code = ""
	}
	return s
}

// calm answers every page with 200: the browser complains about others, which
// the test would hear.
type calm struct{ http.ResponseWriter }

func (c calm) WriteHeader(status int) {
	if status >= 400 {
		status = http.StatusOK
	}
	c.ResponseWriter.WriteHeader(status)
}

// hang hangs a company's pages and, on an origin of its own, its login page.
// What stands between browser and pages is around them.
func hang(t *testing.T, links web.LinkUser, around ...func(http.Handler) http.Handler) (home string) {
	t.Helper()
	login := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><html lang="en"><title>In</title><link rel="icon" href="data:,"><h1>Code ` + r.FormValue("code") + `</h1>
			<p>from ` + r.Referer() + `.</p>`))
	}))
	t.Cleanup(login.Close)
	var pages http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { pages.ServeHTTP(calm{w}, r) }))
	t.Cleanup(server.Close)
	pages = door(links, func(p *web.LinkPages) { p.Guard, p.LoginURL = web.NewGuard(server.URL, nil), login.URL+"/in" })
	for _, wrap := range around {
		pages = wrap(pages)
	}
	return server.URL
}

const wholeLink = "/l/" + linkID + "#" + linkToken

// keep saves a picture of a page, where LATCHKEY_TEST_PICTURES says.
func keep(p *browsertest.Page, name string) {
	if folder := os.Getenv("LATCHKEY_TEST_PICTURES"); folder != "" {
		p.Screenshot(filepath.Join(folder, name+".png"))
	}
}

// A click, and nothing before it, spends the link and leads on to the login page,
// which learns the code and not where it came from.
func TestLinkInABrowser(t *testing.T) {
	for name, link := range map[string]string{
		"OK": wholeLink, "Mangled": "/l/" + linkID + "%23" + linkToken, "MangledTwice": "/l/" + linkID + "%2523" + linkToken + "?from=mail",
	} {
		t.Run(name, func(t *testing.T) {
			p := browsertest.Open(t, browsertest.Options{})
			s := shelfOf(actions.LinkLogin)
			home := hang(t, s)
			p.Goto(home + link)
			p.By("button", "Continue").Wait()
			p.By("textbox", "Code from the link").WaitGone()
			if at := browsertest.Value[string](p, "location.href"); at != home+"/l/"+linkID || s.used() != "" {
				t.Errorf("the address is %s; used %s", at, s.used())
			}
			p.By("button", "Continue").Click()
			p.By("heading", "Code "+linkCode).Wait()
			p.CSS("p").WaitText("from .")
			if got := s.used(); got != linkID+" "+linkToken+" go_on" {
				t.Errorf("used %s", got)
			}
		})
	}
}

// Another link opened in the same tab counts, although only what stands after
// the # is new.
func TestLinkInABrowserOpenedAgain(t *testing.T) {
	p := browsertest.Open(t, browsertest.Options{})
	s := shelfOf(actions.LinkLogin)
	home := hang(t, s)
	p.Goto(home + "/l/" + linkID)
	p.By("textbox", "Code from the link").Wait()
	browsertest.Value[bool](p, "(location.hash = '"+linkToken+"') !== ''")
	p.By("textbox", "Code from the link").WaitGone()
	p.By("button", "Continue").Click()
	p.By("heading", "Code "+linkCode).Wait()
}

// Who presses twice is led on, instead of reading that the link is used up.
func TestLinkInABrowserTwice(t *testing.T) {
	p := browsertest.Open(t, browsertest.Options{})
	s := shelfOf(actions.LinkLogin)
	p.Goto(hang(t, s) + wholeLink)
	browsertest.Value[bool](p, "['', ''].every(() => { document.querySelector('button').click(); return true })")
	p.By("heading", "Code "+linkCode).Wait()
	if got := s.used(); got != linkID+" "+linkToken+" go_on" {
		t.Errorf("used %s", got)
	}
}

func TestLinkInABrowserConfirms(t *testing.T) {
	for button, said := range map[string]string{"Yes, that was me": "Thank you, it is confirmed", "This wasn't me": "Thank you for telling us"} {
		p := browsertest.Open(t, browsertest.Options{})
		s := shelfOf(actions.LinkConfirm)
		p.Goto(hang(t, s) + wholeLink)
		p.Audit("the question")
		p.By("button", button).Click()
		p.By("heading", said).Wait()
		p.CSS(`[role="status"]`).Wait()
		p.Audit(said)
		if len(s.uses) != 1 {
			t.Errorf("%s: used %s", button, s.used())
		}
	}
}

func TestLinkInABrowserByKeyboard(t *testing.T) {
	p := browsertest.Open(t, browsertest.Options{})
	s := shelfOf(actions.LinkConfirm)
	p.Goto(hang(t, s) + wholeLink)
	p.By("button", "This wasn't me").Wait()
	p.Press("Tab")
	p.WaitFocus("button", "Yes, that was me")
	p.Press("Tab")
	p.WaitFocus("button", "This wasn't me")
	p.Press("Space")
	p.By("heading", "Thank you for telling us").Wait()
	if got := s.used(); got != linkID+" "+linkToken+" deny" {
		t.Errorf("used %s", got)
	}
}

// withoutScript is a browser that runs no script: it gets an empty one.
func withoutScript(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".js") {
			w.Header().Set("Content-Type", "text/javascript")
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// inGerman is a browser of somebody who reads German.
func inGerman(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("Accept-Language", "de-DE")
		pages.ServeHTTP(w, r)
	})
}

// Without a script, a box takes the code by hand, or the whole link.
func TestLinkInABrowserByHand(t *testing.T) {
	p := browsertest.Open(t, browsertest.Options{Width: 320, Height: 760, Touch: true})
	s := shelfOf(actions.LinkLogin)
	home := hang(t, s, withoutScript)
	p.Goto(home + wholeLink)
	p.By("textbox", "Code from the link").Click()
	p.Type("# wrong")
	p.Press("Enter")
	p.By("heading", "This link is incomplete").Wait()
	p.CSS(`[role="alert"]`).Wait()
	p.Audit("an incomplete link")
	p.NoSidewaysScroll("an incomplete link")
	keep(p, "incomplete-320")
	p.By("textbox", "Code from the link").Click()
	p.Type(home + wholeLink)
	p.Press("Enter")
	p.By("heading", "Code "+linkCode).Wait()
}

// Every page reads well in the light, in the dark, and on the smallest telephone
// in the longest language.
func TestLinkInABrowserLooks(t *testing.T) {
	for name, options := range map[string]browsertest.Options{
		"light": {}, "dark": {Dark: true}, "phone": {Width: 320, Height: 760, Touch: true}, "phone-dark": {Width: 390, Height: 844, Touch: true, Dark: true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, purpose := range []actions.LinkPurpose{actions.LinkLogin, actions.LinkConfirm, actions.LinkRemoved} {
				p := browsertest.Open(t, options)
				s := shelfOf(purpose)
				s.outcome = actions.LinkOutcome{State: actions.LinkExpired, Purpose: purpose}
				p.Goto(hang(t, s, inGerman) + wholeLink)
				p.CSS("button").First().Wait()
				p.Audit(name)
				p.NoSidewaysScroll(name)
				keep(p, string(purpose)+"-"+name)
				p.CSS("button").First().Click()
				p.CSS(`[data-state="expired"]`).Wait()
				p.Audit(name + ", expired")
				p.NoSidewaysScroll(name + ", expired")
				keep(p, string(purpose)+"-expired-"+name)
			}
		})
	}
}
