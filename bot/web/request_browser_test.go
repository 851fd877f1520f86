package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/browsertest"
	"github.com/latchkey-bot/latchkey/bot/web"
)

// hangSlot hangs the pages of requests where a browser finds them. What stands
// between browser and pages is around them.
func hangSlot(t *testing.T, l *letterbox, around ...func(http.Handler) http.Handler) (home string) {
	t.Helper()
	var pages http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { pages.ServeHTTP(calm{w}, r) }))
	t.Cleanup(server.Close)
	pages = slot(l, func(p *web.RequestPages) {
		p.Guard, p.Support = web.NewGuard(server.URL, nil), "support@acme.example"
	})
	for _, wrap := range around {
		pages = wrap(pages)
	}
	return server.URL
}

// put puts a text into the box at once, as pasting does.
func put(p *browsertest.Page, text string) {
	browsertest.Value[bool](p, fmt.Sprintf(
		"(box => { box.value = %q; return box.dispatchEvent(new Event('input', {bubbles: true})) })(document.getElementById('content'))", text))
}

// cut takes the network away, restore gives it back.
func cut(p *browsertest.Page) {
	browsertest.Value[bool](p, "(window.whole = window.fetch, window.fetch = () => Promise.reject(new TypeError('Failed to fetch')), true)")
}

func restore(p *browsertest.Page) { browsertest.Value[bool](p, "(window.fetch = window.whole, true)") }

// did checks what was asked of the server, but for states.
func did(t *testing.T, l *letterbox, want ...string) {
	t.Helper()
	if got := l.did(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the server was asked for %v", got)
	}
}

// looks audits a page as it is now, and keeps a picture.
func looks(p *browsertest.Page, name string) {
	p.Audit(name)
	p.NoSidewaysScroll(name)
	keep(p, "request-"+name)
}

const (
	boxName      = "What you want to send"
	askedHeading = "Ana Ruiz asks you for something confidential"
)

// A customer reads who asks and why, types, and sends it sealed, once; whoever asked
// opens it, once.
func TestRequestInABrowser(t *testing.T) {
	l := newLetterbox(t)
	home := hangSlot(t, l)
	const content = "user: shop\npassword: Gr\u00fc\u00dfe-🗝-\"1\""

	customer := browsertest.Open(t, browsertest.Options{})
	customer.Goto(home + l.customerLink())
	customer.CSS("main").WaitText("Ana Ruiz", "The login of your shop's hosting", "Orders fail there and nowhere else", "Saturday, November 21", "support@acme.example")
	if at := browsertest.Value[string](customer, "location.href"); at != home+"/r/"+l.name() {
		t.Errorf("the address is %s", at)
	}
	looks(customer, "asked")
	put(customer, content)
	if masked := browsertest.Of[string](customer.By("textbox", boxName), "getComputedStyle(this).webkitTextSecurity"); masked != "disc" {
		t.Errorf("what is typed is shown: %s", masked)
	}
	customer.By("checkbox", "Show what I type").Click()
	if masked := browsertest.Of[string](customer.By("textbox", boxName), "getComputedStyle(this).webkitTextSecurity"); masked != "none" {
		t.Errorf("what is typed isn't shown: %s", masked)
	}
	looks(customer, "asked-typed")
	customer.By("button", "Seal and send").Click()
	customer.WaitFocus("heading", "Received, thank you")
	looks(customer, "sent")
	if left := browsertest.Value[string](customer, "document.getElementById('content').value"); left != "" || l.kept() != content {
		t.Errorf("the box has %q, the server %q", left, l.kept())
	}

	agent := browsertest.Open(t, browsertest.Options{})
	agent.Goto(home + l.agentLink())
	agent.CSS("main").WaitText("The login of your shop's hosting", "Ana Ruiz", "Friday, November 20")
	looks(agent, "ready")
	did(t, l, "send")
	agent.By("button", "Open it now").Click()
	agent.WaitFocus("heading", "Here it is, this once")
	value := agent.By("textbox", "What was sent")
	if got := browsertest.Of[string](value, "this.value"); got != content || !browsertest.Of[bool](value, "this.readOnly") {
		t.Errorf("it shows %q", got)
	}
	agent.By("button", "Copy").Click()
	agent.CSS("#copied").WaitText("Copied.")
	if got := agent.Copied(); got != content {
		t.Errorf("copied %q", got)
	}
	looks(agent, "shown")
	did(t, l, "send", "open")

	agent.Goto(home + "/r/" + l.name())
	agent.By("heading", "This link is incomplete").Wait() // the code isn't in the address any more
	agent.Goto(home + l.agentLink())
	agent.By("heading", "This was opened already").Wait()
	did(t, l, "send", "open")
}

// Every state that a link can be in, to both.
func TestRequestInABrowserStates(t *testing.T) {
	for name, test := range map[string]struct {
		state   actions.RequestState
		agent   bool
		heading string
		says    string
	}{
		"received":          {actions.RequestReceived, false, "This was sent already", "Friday, November 20 at 9:30"},
		"opened":            {actions.RequestOpened, false, "This was sent and opened already", "Friday, November 20 at 9:30"},
		"expired":           {actions.RequestExpired, false, "This link has expired", "Friday, November 20 at 9:30"},
		"withdrawn":         {actions.RequestWithdrawn, false, "This isn't needed any more", "Friday, November 20 at 9:30"},
		"viewed":            {actions.RequestOpened, true, "This was opened already", "Friday, November 20 at 9:30"},
		"lapsed":            {actions.RequestExpired, true, "Nobody opened this in time", "Friday, November 20 at 9:30"},
		"withdrawn-to-both": {actions.RequestWithdrawn, true, "This isn't needed any more", "Friday, November 20 at 9:30"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLetterbox(t).inState(test.state, "x")
			p := browsertest.Open(t, browsertest.Options{})
			link := l.customerLink()
			if test.agent {
				link = l.agentLink()
			}
			p.Goto(hangSlot(t, l) + link)
			p.By("heading", test.heading).Wait()
			p.CSS("main").WaitText(test.says)
			p.By("button", "Seal and send").WaitGone()
			p.By("button", "Open it now").WaitGone()
			looks(p, name)
			did(t, l)
		})
	}
}

// What happens between reading the page and pressing is told, and nothing is sent
// twice.
func TestRequestInABrowserOvertaken(t *testing.T) {
	for name, test := range map[string]struct {
		agent   bool
		before  func(*letterbox)
		heading string
	}{
		"sent elsewhere":    {false, func(l *letterbox) { l.inState(actions.RequestReceived, "first") }, "This was sent already"},
		"withdrawn":         {false, func(l *letterbox) { l.inState(actions.RequestWithdrawn, "") }, "This isn't needed any more"},
		"expired":           {false, func(l *letterbox) { l.inState(actions.RequestExpired, "") }, "This link has expired"},
		"gone":              {false, func(l *letterbox) { l.token = nil }, "This link is incomplete"},
		"opened elsewhere":  {true, func(l *letterbox) { l.inState(actions.RequestOpened, "") }, "This was opened already"},
		"five minutes over": {true, func(l *letterbox) { l.late = true }, "The 5 minutes of this page are over"},
		"a newer link":      {true, func(l *letterbox) { l.view = nil }, "This link is incomplete"},
		"deleted":           {true, func(l *letterbox) { l.inState(actions.RequestExpired, "") }, "Nobody opened this in time"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLetterbox(t)
			link, button := l.customerLink(), "Seal and send"
			if test.agent {
				l.inState(actions.RequestReceived, "x")
				link, button = l.agentLink(), "Open it now"
			}
			p := browsertest.Open(t, browsertest.Options{})
			p.Goto(hangSlot(t, l) + link)
			p.By("button", button).Wait()
			put(p, "mine")
			l.mu.Lock()
			test.before(l)
			l.mu.Unlock()
			p.By("button", button).Click()
			p.WaitFocus("heading", test.heading)
			if name == "five minutes over" { // the others are looked at elsewhere
				looks(p, "late")
			}
			if left := browsertest.Value[string](p, "document.getElementById('content').value"); left != "" || strings.Contains(l.kept(), "mine") {
				t.Errorf("the box has %q, the server %q", left, l.kept())
			}
		})
	}
}

// A key that isn't the one that the link speaks of is told plainly, and nothing can
// be typed or sent.
func TestRequestInABrowserAnotherKey(t *testing.T) {
	l := newLetterbox(t)
	link := l.customerLink()
	l.private = newLetterbox(t).private
	l.page.PublicKey = l.private.PublicKey().Bytes()
	p := browsertest.Open(t, browsertest.Options{})
	p.Goto(hangSlot(t, l) + link)
	p.WaitFocus("heading", "Something is wrong with this link")
	p.By("textbox", boxName).WaitGone()
	p.By("button", "Seal and send").WaitGone()
	looks(p, "changed")
	did(t, l)
}

// Whatever goes wrong on the way, what was typed stays, and the next try sends it.
func TestRequestInABrowserOnTheWay(t *testing.T) {
	for name, test := range map[string]struct {
		broken func(p *browsertest.Page, l *letterbox)
		mended func(p *browsertest.Page, l *letterbox)
		says   string
	}{
		"offline": {
			func(p *browsertest.Page, _ *letterbox) { cut(p) }, func(p *browsertest.Page, _ *letterbox) { restore(p) },
			"We can't be reached. Please check your connection and try again. What you typed is still here.",
		},
		"silent": {
			func(p *browsertest.Page, _ *letterbox) {
				browsertest.Value[bool](p, "(window.timeout = AbortSignal.timeout, AbortSignal.timeout = () => AbortSignal.abort(new DOMException('', 'TimeoutError')), true)")
			},
			func(p *browsertest.Page, _ *letterbox) {
				browsertest.Value[bool](p, "(AbortSignal.timeout = window.timeout, true)")
			},
			"No answer came in time. Please try again. What you typed is still here.",
		},
		"failed": {
			func(_ *browsertest.Page, l *letterbox) { l.fail(actions.Errorf(actions.Unavailable, "Full.")) }, func(_ *browsertest.Page, l *letterbox) { l.fail(nil) },
			"please give us this reference: E-",
		},
		"a stranger's answer": {
			func(p *browsertest.Page, _ *letterbox) {
				browsertest.Value[bool](p, "(window.whole = window.fetch, window.fetch = () => Promise.resolve(new Response('<html>')), true)")
			},
			func(p *browsertest.Page, _ *letterbox) { restore(p) },
			"Something went wrong on our side",
		},
		"busy": {
			func(p *browsertest.Page, _ *letterbox) { answers(p, "too_many") }, func(p *browsertest.Page, _ *letterbox) { restore(p) },
			"Too many links that aren't right",
		},
		"foreign": {
			func(p *browsertest.Page, _ *letterbox) { answers(p, "foreign_origin") }, func(p *browsertest.Page, _ *letterbox) { restore(p) },
			"This came from another page",
		},
		"unread": {
			func(p *browsertest.Page, _ *letterbox) { answers(p, "bad_request") }, func(p *browsertest.Page, _ *letterbox) { restore(p) },
			"That could not be read",
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLetterbox(t)
			p := browsertest.Open(t, browsertest.Options{})
			p.Goto(hangSlot(t, l) + l.customerLink())
			p.By("button", "Seal and send").Wait()
			put(p, "mine")
			test.broken(p, l)
			p.By("button", "Seal and send").Click()
			p.CSS(`[role="alert"]`).WaitText(test.says)
			if left := browsertest.Of[string](p.By("textbox", boxName), "this.value"); left != "mine" {
				t.Errorf("the box has %q", left)
			}
			looks(p, "on-the-way-"+strings.ReplaceAll(name, " ", "-"))
			test.mended(p, l)
			p.By("button", "Try again").Click()
			p.By("heading", "Received, thank you").Wait()
			if l.kept() != "mine" {
				t.Errorf("the server has %q", l.kept())
			}
		})
	}
}

// answers lets the server answer with an error.
func answers(p *browsertest.Page, code string) {
	browsertest.Value[bool](p, fmt.Sprintf(
		"(window.whole = window.fetch, window.fetch = () => Promise.resolve(Response.json({error: %q})), true)", code))
}

// fail makes everything fail, or nothing any more.
func (l *letterbox) fail(why error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = why
}

// What can't be asked at first is asked again by a button.
func TestRequestInABrowserTryAgain(t *testing.T) {
	l := newLetterbox(t)
	l.failed = actions.Errorf(actions.Unavailable, "Full.")
	p := browsertest.Open(t, browsertest.Options{})
	p.Goto(hangSlot(t, l) + l.customerLink())
	p.WaitFocus("heading", "It didn't work")
	p.CSS("main").WaitText("Something went wrong on our side", "E-")
	looks(p, "trouble")
	cut(p)
	p.By("button", "Try again").Click()
	p.CSS("main").WaitText("We can't be reached. Please check your connection and try again.")
	looks(p, "offline")
	restore(p)
	l.fail(nil)
	p.By("button", "Try again").Click()
	p.WaitFocus("heading", askedHeading)
}

// An answer that is lost on the way to the agent isn't shown as another's doing
// before it is known.
func TestRequestInABrowserAnswerLost(t *testing.T) {
	l := newLetterbox(t).inState(actions.RequestReceived, "x")
	p := browsertest.Open(t, browsertest.Options{})
	p.Goto(hangSlot(t, l) + l.agentLink())
	p.By("button", "Open it now").Wait()
	browsertest.Value[bool](p, "(window.whole = window.fetch, window.fetch = (...all) => window.whole(...all).then(() => { throw new TypeError() }), true)")
	p.By("button", "Open it now").Click()
	p.CSS(`[role="alert"]`).WaitText("We can't be reached.", "Whether it was opened is told when you try again.")
	looks(p, "answer-lost")
	restore(p)
	p.By("button", "Try again").Click()
	p.By("heading", "This was opened already").Wait()
	p.CSS("main").WaitText("If you haven't seen it, ask for it again.")
}

// Who presses twice sends once, and opens once.
func TestRequestInABrowserTwice(t *testing.T) {
	const twice = "['', ''].every(() => { document.querySelector('section:not([hidden]) button').click(); return true })"
	l := newLetterbox(t)
	home := hangSlot(t, l)
	p := browsertest.Open(t, browsertest.Options{})
	p.Goto(home + l.customerLink())
	p.By("button", "Seal and send").Wait()
	put(p, "mine")
	browsertest.Value[bool](p, twice)
	p.By("heading", "Received, thank you").Wait()
	p.Goto(home + l.agentLink())
	p.By("button", "Open it now").Wait()
	browsertest.Value[bool](p, twice)
	p.By("heading", "Here it is, this once").Wait()
	did(t, l, "send", "open")
}

// What was shown is gone when the page goes, and when it comes back from the
// browser's cache.
func TestRequestInABrowserWiped(t *testing.T) {
	l := newLetterbox(t).inState(actions.RequestReceived, "top secret")
	home := hangSlot(t, l)
	p := browsertest.Open(t, browsertest.Options{})
	p.Goto(home + l.agentLink())
	p.By("button", "Open it now").Click()
	p.By("textbox", "What was sent").Wait()
	leave := func(name string) {
		browsertest.Value[bool](p, fmt.Sprintf("dispatchEvent(new PageTransitionEvent(%q, {persisted: true}))", name))
	}
	leave("pagehide")
	p.By("heading", "Nothing is shown here any more").Wait()
	if left := browsertest.Value[string](p, "document.getElementById('value').value + document.body.innerHTML"); strings.Contains(left, "top secret") {
		t.Error("it is still there")
	}
	leave("pageshow")
	p.By("heading", "Nothing is shown here any more").Wait()
	looks(p, "wiped")

	l = newLetterbox(t)
	p.Goto(hangSlot(t, l) + l.customerLink())
	p.By("textbox", boxName).Wait()
	put(p, "half a pass")
	leave("pagehide")
	if left := browsertest.Value[string](p, "document.getElementById('content').value"); left != "" {
		t.Errorf("the box has %q", left)
	}
	leave("pageshow")
	p.WaitFocus("heading", askedHeading)
	put(p, "whole")
	p.By("button", "Seal and send").Click()
	p.By("heading", "Received, thank you").Wait()
}
