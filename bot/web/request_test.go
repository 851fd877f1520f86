package web_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/web"
)

// slot serves the pages of a company's requests.
func slot(requests web.RequestKeeper, changes ...func(*web.RequestPages)) http.Handler {
	pages := web.RequestPages{Requests: requests, Guard: web.NewGuard("https://help.acme.example", nil), Brand: "Acme", Log: silent}
	for _, change := range changes {
		change(&pages)
	}
	return web.Requests(pages)
}

// says checks an answer, whose body is JSON.
func says(t *testing.T, answer *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	if got := strings.TrimSpace(answer.Body.String()); answer.Code != status || got != body {
		t.Errorf("got %d %s\nwant %d %s", answer.Code, got, status, body)
	}
	if got := answer.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("it is %s", got)
	}
}

// with is a body with one thing changed.
func with(body map[string]string, name, value string) map[string]string {
	changed := map[string]string{}
	for name, value := range body {
		changed[name] = value
	}
	changed[name] = value
	return changed
}

// A customer sends, whoever asked opens, and each goes once.
func TestRequestConversation(t *testing.T) {
	l := newLetterbox(t)
	h, path := slot(l), "/r/"+l.name()
	const about = `"from":"Ana Ruiz","what":"The login of your shop's hosting","why":"Orders fail there and nowhere else"`
	says(t, posts(h, path+"/status", l.tokenOnly()), 200,
		`{"state":"asked","at":"2026-11-20T09:30:00Z","expires_at":"2026-11-21T09:30:00Z",`+about+`,"key":"`+b64.EncodeToString(l.private.PublicKey().Bytes())+`","viewing":false}`)
	says(t, posts(h, path+"/send", l.seal(t, "grüße")), 200, `{"state":"received","at":"2026-11-20T10:30:00Z"}`)
	says(t, posts(h, path+"/send", l.seal(t, "another")), 409, `{"error":"received","at":"2026-11-20T10:30:00Z"}`)
	l.page.PublicKey = nil
	says(t, posts(h, path+"/status", l.viewOnly()), 200,
		`{"state":"received","at":"2026-11-20T10:30:00Z","expires_at":"2026-11-21T09:30:00Z",`+about+`,"viewing":true}`)
	says(t, posts(h, path+"/open", l.tokenOnly()), 404, `{"error":"incomplete_link"}`)
	says(t, posts(h, path+"/open", l.viewOnly()), 200, `{"content":"`+b64.EncodeToString([]byte("grüße"))+`"}`)
	says(t, posts(h, path+"/open", l.viewOnly()), 410, `{"error":"opened","at":"2026-11-20T11:30:00Z"}`)
	says(t, posts(h, path+"/send", l.seal(t, "another")), 410, `{"error":"opened","at":"2026-11-20T11:30:00Z"}`)
}

// What is over says so, and when; a wrong token and an ID that nobody has say the
// same.
func TestRequestOver(t *testing.T) {
	for _, state := range []actions.RequestState{actions.RequestExpired, actions.RequestWithdrawn, actions.RequestOpened} {
		l := newLetterbox(t).inState(state, "")
		want := `{"error":"` + string(state) + `","at":"2026-11-20T09:30:00Z"}`
		says(t, posts(slot(l), "/r/"+l.name()+"/send", l.seal(t, "x")), 410, want)
		says(t, posts(slot(l), "/r/"+l.name()+"/open", l.viewOnly()), 410, want)
	}
	l := newLetterbox(t).inState(actions.RequestReceived, "x")
	l.late = true
	says(t, posts(slot(l), "/r/"+l.name()+"/open", l.viewOnly()), 410, `{"error":"link_expired","at":"2026-11-20T09:30:00Z"}`)
	for _, action := range []string{"status", "open", "send"} {
		body := map[string]string{"token": b64.EncodeToString(make([]byte, 32))}
		if action == "send" {
			body = with(l.seal(t, "x"), "token", body["token"])
		}
		says(t, posts(slot(l), "/r/"+l.name()+"/"+action, body), 404, `{"error":"incomplete_link"}`)
		says(t, posts(slot(l), "/r/"+strings.Repeat("A", 22)+"/"+action, body), 404, `{"error":"incomplete_link"}`)
	}
	if l.kept() != "x" {
		t.Errorf("it has %q now", l.kept())
	}
}

// What the keeper refuses and what fails is told, without details.
func TestRequestFails(t *testing.T) {
	l := newLetterbox(t)
	spoilt := l.seal(t, "x")
	spoilt["nonce"] = b64.EncodeToString(make([]byte, 12))
	says(t, posts(slot(l), "/r/"+l.name()+"/send", spoilt), 400, `{"error":"bad_request","sentence":"What came can't be opened, so nothing was kept."}`)
	for status, failed := range map[int]error{500: errors.New("boom"), 503: actions.Errorf(actions.Unavailable, "The database doesn't answer.")} {
		l.failed = failed
		answer := posts(slot(l), "/r/"+l.name()+"/open", l.viewOnly())
		var told struct{ Error, Reference string }
		if err := json.Unmarshal(answer.Body.Bytes(), &told); err != nil || answer.Code != status || told.Error != "unavailable" || told.Reference == "" {
			t.Errorf("got %d %s", answer.Code, answer.Body)
		}
		contains(t, answer, "without", "boom", "database")
	}
}

// GET, HEAD and whatever else isn't a click look nothing up.
func TestRequestNeedsAClick(t *testing.T) {
	l := newLetterbox(t)
	h, path := slot(l), "/r/"+l.name()
	for _, test := range []struct {
		method, path string
		status       int
	}{
		{"GET", path, 200}, {"HEAD", path, 200}, {"GET", path + "?token=" + b64.EncodeToString(l.token), 200}, {"POST", path, 405}, {"PUT", path, 405},
		{"DELETE", path, 405}, {"OPTIONS", path, 405}, {"GET", path + "/open", 405}, {"HEAD", path + "/send", 405}, {"PUT", path + "/open", 405},
		{"GET", path + "%23" + b64.EncodeToString(l.token), 200}, {"GET", path + "%2523" + b64.EncodeToString(l.token), 200},
		{"GET", "/r/", 404}, {"GET", path + "/more", 404}, {"GET", "/r/short", 404}, {"GET", path + "AAAA", 404}, {"POST", path + "/more", 405},
	} {
		if answer := visits(h, httptest.NewRequest(test.method, test.path, nil), nil); answer.Code != test.status {
			t.Errorf("%s %s: got %d", test.method, test.path, answer.Code)
		}
	}
	if len(l.calls) > 0 {
		t.Errorf("it was asked for %v", l.calls)
	}
}

// The page is the same whatever stands in its address, and says nothing of it back.
func TestRequestPageTellsNothing(t *testing.T) {
	l := newLetterbox(t)
	there, nowhere := opens(slot(l), "/r/"+l.name()+"%23"+b64.EncodeToString(l.token)), opens(slot(l), "/r/"+strings.Repeat("A", 22))
	if there.Body.String() != nowhere.Body.String() || there.Code != nowhere.Code {
		t.Errorf("%d: %s\n%d: %s", there.Code, there.Body, nowhere.Code, nowhere.Body)
	}
	contains(t, there, "Acme", "Seal and send", "without", l.name(), b64.EncodeToString(l.token))
}

// The company's own words are text on the page, never markup.
func TestRequestPageSupport(t *testing.T) {
	own := func(p *web.RequestPages) { p.Support, p.Brand = "Call <b>us</b>", "A & <i>B</i>" }
	contains(t, opens(slot(newLetterbox(t), own), "/r/x"), "Call &lt;b&gt;us", "A &amp; &lt;i&gt;B", "without", "<b>", "<i>", "never ask you for your password")
}

// Who made a login that can't be sent any more is asked to delete it.
func TestRequestPageAsksToDelete(t *testing.T) {
	if n := strings.Count(opens(slot(newLetterbox(t)), "/r/x").Body.String(), "If you made a login for this, please delete that again."); n != 2 {
		t.Errorf("%d states ask for it", n)
	}
}

func TestRequestHeaders(t *testing.T) {
	l := newLetterbox(t)
	h, path := slot(l), "/r/"+l.name()
	answers := map[string]*httptest.ResponseRecorder{
		"page": opens(h, path), "nothing": opens(h, "/r/"), "method": posts(h, path, ""), "wrong method": opens(h, path+"/open"),
		"status": posts(h, path+"/status", l.tokenOnly()), "incomplete": posts(h, path+"/status", l.viewOnly()), "bad": posts(h, path+"/open", "{"),
		"foreign": posts(h, path+"/open", "{", header("Origin", "https://evil.example")), "type": posts(h, path+"/open", "{", header("Content-Type", "text/plain")),
		"long": posts(h, path+"/open", strings.Repeat(" ", 30<<10)), "id": posts(h, "/r/AAAA/open", l.viewOnly()),
		"sent": posts(h, path+"/send", l.seal(t, "x")), "twice": posts(h, path+"/send", l.seal(t, "x")), "opened": posts(h, path+"/open", l.viewOnly()),
		"over": posts(h, path+"/open", l.viewOnly()),
	}
	files := requestFile.FindAllStringSubmatch(answers["page"].Body.String(), -1)
	if len(files) != 4 {
		t.Fatalf("the page loads %v", files)
	}
	for _, file := range files {
		answers[file[1]] = opens(h, "/r/"+file[1])
		if answer := answers[file[1]]; answer.Code != http.StatusOK || answer.Body.Len() == 0 {
			t.Errorf("%s: got %d", file[1], answer.Code)
		}
	}
	for name, answer := range answers {
		sealedHeaders(t, name, answer)
	}
}

func sealedHeaders(t *testing.T, name string, answer *httptest.ResponseRecorder) {
	t.Helper()
	for header, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; " +
			"base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex, nofollow",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		"Strict-Transport-Security": "max-age=63072000", "Access-Control-Allow-Origin": "",
	} {
		if got := answer.Header().Get(header); got != want {
			t.Errorf("%s: %s is %q", name, header, got)
		}
	}
}

// A hundred guesses of an address a minute are enough; what is right isn't counted.
func TestRequestGuesses(t *testing.T) {
	l := newLetterbox(t)
	h, path := slot(l), "/r/"+l.name()
	guess := map[string]string{"token": b64.EncodeToString(make([]byte, 32))}
	for i := range 100 {
		from, want := "https://help.acme.example", 404
		if i%2 == 1 {
			from, want = "null", 403
		}
		if got := posts(h, path+"/open", guess, header("Origin", from)).Code; got != want {
			t.Fatalf("guess %d: got %d", i, got)
		}
		for _, right := range []int{posts(h, path+"/status", l.tokenOnly()).Code, posts(h, path+"/status", "{").Code} {
			if i < 99 && right != 200 && right != 400 {
				t.Fatalf("after guess %d: got %d", i, right)
			}
		}
	}
	asked := len(l.calls)
	answer := posts(h, path+"/status", l.tokenOnly())
	if answer.Code != 429 || answer.Header().Get("Retry-After") == "" || len(l.calls) != asked {
		t.Errorf("got %d, Retry-After %q", answer.Code, answer.Header().Get("Retry-After"))
	}
	contains(t, answer, `"error":"too_many"`, "try again in a minute")
	if got := posts(h, path+"/status", l.tokenOnly(), func(r *http.Request) { r.RemoteAddr = "198.51.100.7:1" }).Code; got != 200 {
		t.Errorf("somebody else: got %d", got)
	}
}

// The log names no link, no token and nothing that was sent.
func TestRequestLog(t *testing.T) {
	var lines bytes.Buffer
	l := newLetterbox(t)
	h := slot(l, logTo(&lines))
	sent := l.seal(t, "x")
	l.failed = errors.New("the database is gone")
	for action, body := range map[string]map[string]string{"status": l.tokenOnly(), "open": l.viewOnly(), "send": sent} {
		posts(h, "/r/"+l.name()+"/"+action, body)
		if !strings.Contains(lines.String(), fmt.Sprintf(`"route":"/r/{id}/%s"`, action)) {
			t.Errorf("the log doesn't have %s: %s", action, &lines)
		}
	}
	for _, secret := range []string{l.name(), sent["token"], sent["key"], sent["body"], b64.EncodeToString(l.view)} {
		if strings.Contains(lines.String(), secret) {
			t.Errorf("the log has %q: %s", secret, &lines)
		}
	}
}
