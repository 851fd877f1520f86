package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/browsertest"
)

// Links come as mail gateways and people leave them.
func TestRequestInABrowserMangled(t *testing.T) {
	for name, change := range map[string]func(string) string{
		"Escaped":      func(link string) string { return strings.Replace(link, "#", "%23", 1) },
		"EscapedTwice": func(link string) string { return strings.Replace(link, "#", "%2523", 1) + "?from=mail" },
		"DotEscaped":   func(link string) string { return strings.Replace(link, ".", "%2E", 1) },
		"Followed":     func(link string) string { return link + ")." },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLetterbox(t)
			home := hangSlot(t, l)
			p := browsertest.Open(t, browsertest.Options{})
			p.Goto(home + change(l.customerLink()))
			p.WaitFocus("heading", askedHeading)
			if at := browsertest.Value[string](p, "location.href"); strings.ContainsAny(at, "#%.?") && !strings.HasSuffix(at, "/r/"+l.name()) {
				t.Errorf("the address is %s", at)
			}
		})
	}
}

// A customer's link without its end can't be used, whatever the end was: without a
// fingerprint nobody knows whom it would seal for.
func TestRequestInABrowserIncomplete(t *testing.T) {
	l := newLetterbox(t)
	home, link := hangSlot(t, l), l.customerLink()
	dot := strings.Index(link, ".")
	for name, test := range map[string]struct {
		link  string
		asker bool
	}{
		"NoCode": {link[:strings.Index(link, "#")], true}, "HalfToken": {link[:dot-3], true}, "NoFingerprint": {link[:dot], true}, "OnlyTheDot": {link[:dot+1], true},
		"HalfFingerprint": {link[:len(link)-1], true}, "AnotherToken": {strings.Replace(link, "#C", "#D", 1), false}, "ShortID": {"/r/AAAA" + link[strings.Index(link, "#"):], true},
		"AgentWithFingerprint": {l.agentLink() + link[dot:], false}, "AgentNotTheirs": {l.agentLink()[:40] + strings.Repeat("A", 29), true},
	} {
		t.Run(name, func(t *testing.T) {
			p := browsertest.Open(t, browsertest.Options{})
			p.Goto(home + test.link)
			p.WaitFocus("heading", "This link is incomplete")
			if told := strings.Contains(p.CSS("main").Text(), "press “Open it” in Slack again"); told != test.asker {
				t.Errorf("what who asked can do is told: %t", told)
			}
			did(t, l)
		})
	}
}

// The code can be put in by hand, also as a whole link, and another link opened in
// the same tab counts.
func TestRequestInABrowserByHand(t *testing.T) {
	l := newLetterbox(t)
	home := hangSlot(t, l)
	p := browsertest.Open(t, browsertest.Options{Width: 320, Height: 760, Touch: true})
	p.Goto(home + "/r/" + l.name())
	p.By("textbox", "Code from the link").Click()
	p.Type("not a code")
	p.Press("Enter")
	p.WaitFocus("textbox", "Code from the link")
	p.CSS("#code-wrong").WaitText("That isn't a whole code.")
	looks(p, "incomplete-320")
	browsertest.Value[bool](p, "(document.getElementById('code').value = '', true)")
	p.Type(home + l.customerLink())
	p.Press("Enter")
	p.WaitFocus("heading", askedHeading)
	browsertest.Value[bool](p, "(location.hash = '"+strings.Repeat("A", 43)+"') !== ''")
	p.WaitFocus("heading", "This link is incomplete")
	p.By("textbox", "Code from the link").Click()
	p.Type(l.customerLink()[strings.Index(l.customerLink(), "#")+1:])
	p.By("button", "Continue").Click()
	p.WaitFocus("heading", askedHeading)
	if code := browsertest.Value[string](p, "document.getElementById('code').value + location.hash"); code != "" {
		t.Errorf("the code is still there: %s", code)
	}
}

// Without a script the page says what it needs, and asks nothing.
func TestRequestInABrowserWithoutScript(t *testing.T) {
	l := newLetterbox(t)
	p := browsertest.Open(t, browsertest.Options{})
	p.Goto(hangSlot(t, l, withoutScript) + l.customerLink())
	p.By("heading", "This page needs JavaScript").Wait()
	p.By("textbox", boxName).WaitGone()
	looks(p, "no-script")
	if len(l.calls) > 0 {
		t.Errorf("it was asked for %v", l.calls)
	}
}

// withoutCrypto is a browser that can't seal, as one without TLS.
func withoutCrypto(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/sealed-") {
			_, _ = w.Write([]byte("Object.defineProperty(globalThis, 'crypto', {value: {}});\n"))
			w.Header().Set("Content-Type", "text/javascript")
		}
		pages.ServeHTTP(w, r)
	})
}

func TestRequestInABrowserTooOld(t *testing.T) {
	l := newLetterbox(t)
	p := browsertest.Open(t, browsertest.Options{})
	p.Goto(hangSlot(t, l, withoutCrypto) + l.customerLink())
	p.WaitFocus("heading", "This browser can't do it")
	looks(p, "old")
	did(t, l)
}

// What is too long, in bytes, and what is empty is said before anything is sent.
func TestRequestInABrowserBounds(t *testing.T) {
	l := newLetterbox(t)
	p := browsertest.Open(t, browsertest.Options{})
	p.Goto(hangSlot(t, l) + l.customerLink())
	p.By("button", "Seal and send").Click()
	p.WaitFocus("textbox", boxName)
	p.CSS("#content-wrong").WaitText("Please type what you want to send.")
	looks(p, "empty")
	put(p, strings.Repeat("ü", actions.ContentLimit/2)+"🗝")
	p.CSS("#content-wrong").WaitText("That is 4 bytes too long.")
	p.By("button", "Seal and send").Click()
	p.WaitFocus("textbox", boxName)
	looks(p, "too-long")
	did(t, l)
	longest := strings.Repeat("ü", actions.ContentLimit/2)
	put(p, longest)
	p.CSS("#content-wrong:not(:empty)").WaitGone()
	p.By("button", "Seal and send").Click()
	p.By("heading", "Received, thank you").Wait()
	if did(t, l, "send"); l.kept() != longest {
		t.Errorf("the server has %d bytes", len(l.kept()))
	}
}

// Both walk their whole way by keyboard.
func TestRequestInABrowserByKeyboard(t *testing.T) {
	l := newLetterbox(t)
	home := hangSlot(t, l)
	p := browsertest.Open(t, browsertest.Options{})
	p.Goto(home + l.customerLink())
	p.WaitFocus("heading", askedHeading)
	p.TabTo("Tab", "textbox", boxName)
	p.Type("first line")
	p.Press("Enter")
	p.Type("second")
	p.TabTo("Tab", "checkbox", "Show what I type")
	p.Press("Space")
	p.TabTo("Tab", "button", "Seal and send")
	p.Press("Enter")
	p.WaitFocus("heading", "Received, thank you")
	if l.kept() != "first line\nsecond" {
		t.Errorf("the server has %q", l.kept())
	}
	p.Goto(home + l.agentLink())
	p.WaitFocus("heading", "Something came for you")
	p.TabTo("Tab", "button", "Open it now")
	p.Press("Space")
	p.WaitFocus("heading", "Here it is, this once")
	p.TabTo("Tab", "textbox", "What was sent")
	p.TabTo("Tab", "button", "Copy")
	p.Press("Enter")
	p.CSS("#copied").WaitText("Copied.")
	if got := p.Copied(); got != "first line\nsecond" {
		t.Errorf("copied %q", got)
	}
	did(t, l, "send", "open")
}

// Every page of both reads well in the light, in the dark, and on the smallest
// telephone in the longest language, with words that are long.
func TestRequestInABrowserLooks(t *testing.T) {
	for name, options := range map[string]browsertest.Options{
		"light": {}, "dark": {Dark: true}, "phone": {Width: 320, Height: 760, Touch: true}, "phone-dark": {Width: 390, Height: 844, Touch: true, Dark: true},
	} {
		t.Run(name, func(t *testing.T) {
			options.Locale = "de-DE"
			l := newLetterbox(t)
			l.page.From, l.page.What = "Donaudampfschifffahrtsgesellschaft-Kundenbetreuung", strings.Repeat("Zugangsdaten", 12)
			l.page.Why = "Zeile eins\nhttps://hosting.example/" + strings.Repeat("pfad/", 20)
			home := hangSlot(t, l, inGerman)
			p := browsertest.Open(t, options)
			p.Goto(home + l.customerLink())
			p.By("button", "Versiegeln und senden").Wait()
			looks(p, "asked-"+name)
			put(p, strings.Repeat("x", 17<<10))
			looks(p, "too-long-"+name)
			put(p, strings.Repeat("lang", 60))
			p.By("button", "Versiegeln und senden").Click()
			p.By("heading", "Erhalten, vielen Dank").Wait()
			looks(p, "sent-"+name)
			p.Goto(home + l.agentLink())
			p.By("button", "Jetzt öffnen").Wait()
			looks(p, "ready-"+name)
			p.By("button", "Jetzt öffnen").Click()
			p.By("textbox", "Was gesendet wurde").Wait()
			looks(p, "shown-"+name)
			p.Goto(home + l.agentLink() + "x")
			p.By("heading", "Dieser Link ist unvollständig").Wait()
			looks(p, "incomplete-"+name)
			if options.Touch {
				walkStates(t, options, "walk-"+name)
			}
		})
	}
}

// walkStates looks at the states that only say something.
func walkStates(t *testing.T, options browsertest.Options, name string) {
	t.Helper()
	for _, state := range []actions.RequestState{actions.RequestReceived, actions.RequestOpened, actions.RequestExpired, actions.RequestWithdrawn} {
		l := newLetterbox(t).inState(state, "x")
		p := browsertest.Open(t, options)
		p.Goto(hangSlot(t, l, inGerman) + l.customerLink())
		p.CSS(`main[data-state="` + string(state) + `"]`).Wait()
		looks(p, name+"-"+string(state))
	}
}
