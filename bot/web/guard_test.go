package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/bot/web"
)

func TestLinkForm(t *testing.T) {
	good := url.Values{"token": {linkToken}, "answer": {"go_on"}}.Encode()
	for name, test := range map[string]struct {
		form   string
		change func(*http.Request)
		status int
	}{
		"OK":               {good, func(*http.Request) {}, 303},
		"NoOrigin":         {good, func(r *http.Request) { r.Header.Del("Origin"); r.Header.Del("Sec-Fetch-Site") }, 303},
		"FromTheBar":       {good, header("Sec-Fetch-Site", "none"), 303},
		"Charset":          {good, header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"), 303},
		"OriginElsewhere":  {good, header("Origin", "https://acme.example"), 403},
		"OriginOfHTTP":     {good, header("Origin", "http://help.acme.example"), 403},
		"OriginNull":       {good, header("Origin", "null"), 403},
		"TwoOrigins":       {good, func(r *http.Request) { r.Header.Add("Origin", "https://evil.example") }, 403},
		"CrossSite":        {good, header("Sec-Fetch-Site", "cross-site"), 403},
		"SameSite":         {good, header("Sec-Fetch-Site", "same-site"), 403},
		"ForeignAndNoForm": {good, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "x"); r.Header.Del("Content-Type") }, 403},
		"JSON":             {`{"token":"x"}`, header("Content-Type", "application/json"), 415},
		"Multipart":        {good, header("Content-Type", "multipart/form-data; boundary=x"), 415},
		"NoType":           {good, func(r *http.Request) { r.Header.Del("Content-Type") }, 415},
		"Compressed":       {good, header("Content-Encoding", "gzip"), 415},
		"TooLong":          {good + "&x=" + strings.Repeat("x", 4096), func(*http.Request) {}, 413},
		"NotAForm":         {"token=%zz&answer=go_on", func(*http.Request) {}, 400},
		"NoToken":          {"answer=go_on", func(*http.Request) {}, 400},
		"TwoTokens":        {good + "&token=x", func(*http.Request) {}, 400},
		"NoAnswer":         {"token=" + linkToken, func(*http.Request) {}, 400},
		"TwoAnswers":       {good + "&answer=deny", func(*http.Request) {}, 400},
		"InTheAddress":     {"", func(r *http.Request) { r.URL.RawQuery = good }, 400},
	} {
		t.Run(name, func(t *testing.T) {
			links := goodLink()
			answer := submits(door(links), test.form, test.change)
			if answer.Code != test.status || (len(links.uses) > 0) != (test.status == 303) {
				t.Errorf("got %d; used %v", answer.Code, links.uses)
			}
		})
	}
}

func TestLinkHeaders(t *testing.T) {
	h := door(goodLink())
	page := opens(h, "/l/"+linkID)
	files := regexp.MustCompile(`"\./((?:link|page)-[0-9a-f]+\.(?:js|css))"`).FindAllStringSubmatch(page.Body.String(), -1)
	if len(files) != 2 {
		t.Fatalf("the page loads %v", files)
	}
	answers := map[string]*httptest.ResponseRecorder{
		"page": page, "redirect": presses(h, linkToken, "go_on"), "incomplete": presses(h, "x", "go_on"), "nothing": opens(h, "/l/"),
		"method": visits(h, httptest.NewRequest(http.MethodPut, "/l/"+linkID, nil), nil),
	}
	for _, file := range files {
		answers[file[1]] = opens(h, "/l/"+file[1])
		if answer := answers[file[1]]; answer.Code != http.StatusOK || answer.Body.Len() == 0 {
			t.Errorf("%s: got %d", file[1], answer.Code)
		}
	}
	for name, answer := range answers {
		for header, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self' https://login.acme.example; base-uri 'none'; frame-ancestors 'none'",
			"Cache-Control":           "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex, nofollow",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=63072000", "Access-Control-Allow-Origin": "",
		} {
			if got := answer.Header().Get(header); got != want {
				t.Errorf("%s: %s is %q", name, header, got)
			}
		}
	}
	if got := answers[files[1][1]].Header().Get("Content-Type"); !strings.HasPrefix(got, "text/javascript") {
		t.Errorf("the script is %s", got)
	}
	plain := door(goodLink(), func(p *web.LinkPages) { p.Guard, p.LoginURL = web.NewGuard("http://127.0.0.1:8080", nil), "" })
	answer := opens(plain, "/l/"+linkID)
	if got := answer.Header(); got.Get("Strict-Transport-Security") != "" || !strings.Contains(got.Get("Content-Security-Policy"), "form-action 'self';") {
		t.Errorf("headers without TLS: %v", got)
	}
}

// A hundred wrong tokens a minute are enough of one address, whatever is written
// before it; others aren't kept waiting, and right tokens aren't counted.
func TestLinkWrongTokens(t *testing.T) {
	from := func(address string) func(*http.Request) {
		return func(r *http.Request) { r.RemoteAddr = address }
	}
	synctest.Test(t, func(t *testing.T) {
		links := goodLink()
		h := door(links)
		for i := range 100 {
			if got := presses(h, linkToken, "go_on", from("192.0.2.1:1")).Code; got != 303 {
				t.Fatalf("right token %d: got %d", i, got)
			}
			here := fmt.Sprintf("[2001:db8::%x]:1", i)
			if got := presses(h, "x", "go_on", from(here), header("X-Forwarded-For", fmt.Sprint("203.0.113.", i))).Code; got != 404 {
				t.Fatalf("wrong token %d: got %d", i, got)
			}
		}
		used := len(links.uses)
		answer := presses(h, linkToken, "go_on", from("[2001:db8::ffff]:2"))
		if answer.Code != 429 || answer.Header().Get("Retry-After") == "" || len(links.uses) != used {
			t.Errorf("got %d, Retry-After %q", answer.Code, answer.Header().Get("Retry-After"))
		}
		for _, other := range []string{"192.0.2.1:3", "[2001:db8:0:1::1]:1"} {
			if got := presses(h, linkToken, "go_on", from(other)).Code; got != 303 {
				t.Errorf("%s: got %d", other, got)
			}
		}
		<-time.After(time.Minute + time.Second) // in the bubble nobody waits for it
		if got := presses(h, linkToken, "go_on", from("[2001:db8::1]:1")).Code; got != 303 {
			t.Errorf("a minute later: got %d", got)
		}
	})
}

// proxied is a guard of a server that stands behind these proxies.
func proxied() *web.Guard {
	return web.NewGuard("https://help.acme.example", []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")})
}

// Who comes through a proxy is told apart by what the proxy says, and only by that:
// what others write doesn't count.
func TestGuardProxies(t *testing.T) {
	for name, test := range map[string]struct {
		guesser, other [2]string // the connection's address, and X-Forwarded-For
		turned         bool      // the other is turned away too
	}{
		"OfAnother":        {[2]string{"10.0.0.1:1", "203.0.113.1"}, [2]string{"10.0.0.1:1", "203.0.113.2"}, false},
		"OfTheSame":        {[2]string{"10.0.0.1:1", "203.0.113.1"}, [2]string{"10.0.0.2:1", "203.0.113.1"}, true},
		"OfTheSameDirect":  {[2]string{"10.0.0.1:1", "203.0.113.1"}, [2]string{"203.0.113.1:9", ""}, true},
		"ThroughIPv6":      {[2]string{"[fd00::1]:1", "203.0.113.1"}, [2]string{"10.0.0.1:1", "203.0.113.1"}, true},
		"ThroughMapped":    {[2]string{"[::ffff:10.0.0.1]:1", "203.0.113.1"}, [2]string{"10.0.0.1:1", "203.0.113.1"}, true},
		"ThroughTwo":       {[2]string{"10.0.0.1:1", "203.0.113.1, 10.0.0.2"}, [2]string{"10.0.0.1:1", "203.0.113.1"}, true},
		"WithAPort":        {[2]string{"10.0.0.1:1", "203.0.113.1:4711"}, [2]string{"10.0.0.1:1", "203.0.113.1"}, true},
		"IPv6WithAPort":    {[2]string{"10.0.0.1:1", "[2001:db8::1]:4711"}, [2]string{"10.0.0.1:1", "2001:db8::2"}, true},
		"WrittenBefore":    {[2]string{"10.0.0.1:1", "192.0.2.9, 203.0.113.1"}, [2]string{"10.0.0.1:1", "192.0.2.8, 203.0.113.1"}, true},
		"BlamedOnAnother":  {[2]string{"10.0.0.1:1", "203.0.113.2, 203.0.113.1"}, [2]string{"10.0.0.1:1", "203.0.113.2"}, false},
		"WrittenByNoProxy": {[2]string{"192.0.2.1:1", "203.0.113.1"}, [2]string{"192.0.2.1:1", "203.0.113.2"}, true},
		"SaidByNoProxy":    {[2]string{"192.0.2.1:1", "203.0.113.1"}, [2]string{"10.0.0.1:1", "203.0.113.1"}, false},
		"SaysNothing":      {[2]string{"10.0.0.1:1", ""}, [2]string{"10.0.0.1:1", ""}, false},
		"SaysNonsense":     {[2]string{"10.0.0.1:1", "unknown"}, [2]string{"10.0.0.1:1", "unknown"}, false},
		"OnlyProxies":      {[2]string{"10.0.0.1:1", "10.0.0.2"}, [2]string{"10.0.0.1:1", ""}, false},
		"Loopback":         {[2]string{"127.0.0.1:1", ""}, [2]string{"127.0.0.1:2", ""}, true},
		"SameNetwork":      {[2]string{"[2001:db8::1]:1", ""}, [2]string{"[2001:db8::2]:1", ""}, true},
		"OtherNetwork":     {[2]string{"[2001:db8::1]:1", ""}, [2]string{"[2001:db8:0:1::1]:1", ""}, false},
		"Neighbour":        {[2]string{"192.0.2.1:1", ""}, [2]string{"192.0.2.2:1", ""}, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := door(goodLink(), func(p *web.LinkPages) { p.Guard = proxied() })
			by := func(who [2]string) func(*http.Request) {
				return func(r *http.Request) {
					r.RemoteAddr = who[0]
					if who[1] != "" {
						r.Header.Set("X-Forwarded-For", who[1])
					}
				}
			}
			for range 100 {
				presses(h, "x", "go_on", by(test.guesser))
			}
			if got := presses(h, linkToken, "go_on", by(test.other)).Code; (got == 429) != test.turned {
				t.Errorf("got %d", got)
			}
		})
	}
}

// Two headers of the same name are one list.
func TestGuardForwardedTwice(t *testing.T) {
	h := door(goodLink(), func(p *web.LinkPages) { p.Guard = proxied() })
	twice := func(r *http.Request) {
		r.RemoteAddr = "10.0.0.1:1"
		r.Header.Add("X-Forwarded-For", "192.0.2.1")
		r.Header.Add("X-Forwarded-For", "203.0.113.1")
	}
	for range 100 {
		presses(h, "x", "go_on", twice)
	}
	one := func(r *http.Request) { r.RemoteAddr = "203.0.113.1:1" }
	if got := presses(h, linkToken, "go_on", one).Code; got != 429 {
		t.Errorf("got %d", got)
	}
}

// Only answers of 403 and 404 count as guesses, of all pages together; who guessed
// too much still reads the pages.
func TestGuardCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, guard := newVault(t, "x", ""), proxied()
		h := secretDoor(v, func(p *web.SecretPages) { p.Guard = guard })
		links := door(goodLink(), func(p *web.LinkPages) { p.Guard = guard })
		good, wrong := v.proofs("link"), map[string]string{"link": b64.EncodeToString(make([]byte, 32))}
		for range 200 { // none of these counts
			posts(h, v.path()+"/status", good)
			posts(h, v.path()+"/status", "{")
			posts(h, v.path()+"/status", good, header("Content-Type", "x/y"))
			posts(h, v.path(), good)
			opens(h, "/s/")
			opens(links, "/l/")
		}
		for range 40 { // 100 of these do
			posts(h, v.path()+"/status", wrong)
			presses(links, "x", "go_on")
		}
		for range 20 {
			posts(h, v.path()+"/open", good, header("Origin", "null"))
		}
		asked := v.asked()
		answer := posts(h, v.path()+"/status", good)
		if answer.Code != 429 || answer.Header().Get("Retry-After") == "" || v.asked() != asked || !strings.Contains(answer.Body.String(), `{"error":"too_many","sentence":"`) {
			t.Errorf("got %d %s", answer.Code, answer.Body)
		}
		secretHeaders(t, "busy", answer)
		for path, h := range map[string]http.Handler{v.path(): h, "/l/" + linkID: links} {
			if got := opens(h, path).Code; got != http.StatusOK {
				t.Errorf("%s: got %d", path, got)
			}
		}
		if got := presses(links, linkToken, "go_on").Code; got != 429 {
			t.Errorf("the other page: got %d", got)
		}
		<-time.After(time.Minute + time.Second) // in the bubble nobody waits for it
		if got := posts(h, v.path()+"/status", good).Code; got != http.StatusOK {
			t.Errorf("a minute later: got %d", got)
		}
	})
}
