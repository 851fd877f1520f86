package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/web"
)

const (
	linkID    = "c2l4dGVlbi1ieXRlcy1pZA"
	linkToken = "dGhpcnR5LXR3by1yYW5kb20tYnl0ZXMtb2YtdG9rZW4"
	linkCode  = "Y29kZS1mb3ItdGhlLXByb2R1Y3Q"
)

// cabinet is a LinkUser with one link, which notes who comes.
type cabinet struct {
	purpose actions.LinkPurpose
	outcome actions.LinkOutcome // for the right token
	failed  error

	uses []string // id, token and answer of each
}

func (c *cabinet) LinkPage(_ context.Context, id string) actions.LinkPurpose {
	if id != linkID {
		return ""
	}
	return c.purpose
}

func (c *cabinet) UseLink(_ context.Context, id, token string, answer actions.LinkAnswer) (actions.LinkOutcome, error) {
	c.uses = append(c.uses, fmt.Sprint(id, " ", token, " ", answer))
	if id != linkID || token != linkToken {
		return actions.LinkOutcome{State: actions.LinkIncomplete}, c.failed
	}
	return c.outcome, c.failed
}

// goodLink is a login link that can be used.
func goodLink() *cabinet {
	return &cabinet{
		purpose: actions.LinkLogin,
		outcome: actions.LinkOutcome{State: actions.LinkLive, Purpose: actions.LinkLogin, Code: linkCode},
	}
}

// door serves the pages of a company.
func door(links web.LinkUser, changes ...func(*web.LinkPages)) http.Handler {
	pages := web.LinkPages{
		Links: links, Guard: web.NewGuard("https://help.acme.example", nil), LoginURL: "https://login.acme.example/in?from=mail", Brand: "Acme", Log: silent,
	}
	for _, change := range changes {
		change(&pages)
	}
	return web.Links(pages)
}

// opens is somebody who opens an address.
func opens(h http.Handler, path string, changes ...func(*http.Request)) *httptest.ResponseRecorder {
	return visits(h, httptest.NewRequest(http.MethodGet, path, nil), changes)
}

// presses is somebody who presses a button of the page.
func presses(h http.Handler, token, answer string, changes ...func(*http.Request)) *httptest.ResponseRecorder {
	form := url.Values{"token": {token}, "answer": {answer}}.Encode()
	return submits(h, form, changes...)
}

func submits(h http.Handler, form string, changes ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/l/"+linkID, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://help.acme.example")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return visits(h, r, changes)
}

func visits(h http.Handler, r *http.Request, changes []func(*http.Request)) *httptest.ResponseRecorder {
	for _, change := range changes {
		change(r)
	}
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, r)
	return answer
}

// contains checks that a page has the pieces, and not those after "without".
func contains(t *testing.T, answer *httptest.ResponseRecorder, pieces ...string) {
	t.Helper()
	want := true
	for _, piece := range pieces {
		if piece == "without" {
			want = false
		} else if strings.Contains(answer.Body.String(), piece) != want {
			t.Errorf("%q on the page: %t\n%s", piece, !want, answer.Body)
		}
	}
}

func TestLinkPageAsks(t *testing.T) {
	for name, test := range map[string]struct {
		purpose actions.LinkPurpose
		path    string
		pieces  []string
	}{
		"Login":     {actions.LinkLogin, "/l/" + linkID, []string{`value="go_on">Continue<`, "without", `value="deny"`}},
		"Reset":     {actions.LinkReset, "/l/" + linkID, []string{`value="go_on">Continue<`, "without", `value="deny"`}},
		"Confirm":   {actions.LinkConfirm, "/l/" + linkID, []string{`value="go_on">Yes, that was me<`, `value="deny" class="other">This wasn&#39;t me<`}},
		"Removed":   {actions.LinkRemoved, "/l/" + linkID, []string{`value="go_on">I have deleted the temporary administrator<`, "Questions?", "without", `value="deny"`, "log in", "need a new link"}},
		"UnknownID": {actions.LinkConfirm, "/l/AAAA", []string{`value="go_on">Continue<`, "without", `value="deny"`}},
		"Mangled": { // the form goes where the link was meant to lead, and the token isn't said back
			actions.LinkConfirm, "/l/" + linkID + "%23" + linkToken, []string{`action="./` + linkID + `"`, "Yes, that was me", "without", linkToken},
		},
		"MangledTwice": {actions.LinkConfirm, "/l/" + linkID + "%2523" + linkToken, []string{`action="./` + linkID + `"`, "without", linkToken}},
	} {
		t.Run(name, func(t *testing.T) {
			links := &cabinet{purpose: test.purpose}
			answer := opens(door(links), test.path)
			contains(t, answer, append([]string{`method="post"`, `name="token"`, `<label for="token">`, "Acme"}, test.pieces...)...)
			if answer.Code != http.StatusOK || len(links.uses) > 0 {
				t.Errorf("got %d; used %v", answer.Code, links.uses)
			}
		})
	}
}

// A link that isn't there can't be told from one that is, without its token.
func TestLinkPageTellsNothing(t *testing.T) {
	h := door(goodLink())
	there, nowhere := opens(h, "/l/"+linkID), opens(h, "/l/"+strings.Repeat("A", len(linkID)))
	one := strings.ReplaceAll(there.Body.String(), linkID, "")
	other := strings.ReplaceAll(nowhere.Body.String(), strings.Repeat("A", len(linkID)), "")
	if one != other || there.Code != nowhere.Code {
		t.Errorf("%d: %s\n%d: %s", there.Code, one, nowhere.Code, other)
	}
}

// GET, HEAD and what else isn't a click change nothing.
func TestLinkNeedsAClick(t *testing.T) {
	for method, status := range map[string]int{
		http.MethodGet: 200, http.MethodHead: 200, http.MethodPut: 405, http.MethodDelete: 405, http.MethodOptions: 405, "PROPFIND": 405,
	} {
		links := goodLink()
		target := "/l/" + linkID + "?token=" + linkToken + "&answer=go_on"
		answer := visits(door(links), httptest.NewRequest(method, target, nil), nil)
		if answer.Code != status || len(links.uses) > 0 {
			t.Errorf("%s: got %d; used %v", method, answer.Code, links.uses)
		}
	}
}

func TestLinkLeadsOn(t *testing.T) {
	links := goodLink()
	answer := presses(door(links), linkToken, "go_on")
	const want = "https://login.acme.example/in?code=" + linkCode + "&from=mail"
	if answer.Code != http.StatusSeeOther || answer.Header().Get("Location") != want || answer.Body.Len() > 0 {
		t.Errorf("got %d to %s: %s", answer.Code, answer.Header().Get("Location"), answer.Body)
	}
	if fmt.Sprint(links.uses) != "["+linkID+" "+linkToken+" go_on]" {
		t.Errorf("used %q", links.uses)
	}
}

// What is typed by hand may have around it what stood around it in the mail.
func TestLinkTokenByHand(t *testing.T) {
	for _, typed := range []string{
		linkToken, " " + linkToken + "\r\n", "#" + linkToken, "%23" + linkToken, "https://help.acme.example/l/" + linkID + "#" + linkToken,
		"https://help.acme.example/l/" + linkID + "%23" + linkToken, linkToken[:20] + "\n " + linkToken[20:],
	} {
		if answer := presses(door(goodLink()), typed, "go_on"); answer.Code != http.StatusSeeOther {
			t.Errorf("%q: got %d", typed, answer.Code)
		}
	}
}

// linkPlights is every state that a page can show after a click, by how one comes
// there.
var linkPlights = map[string]struct {
	status int
	alarms bool
	click  func(accept func(*http.Request)) *httptest.ResponseRecorder
}{
	"spent": {410, true, func(accept func(*http.Request)) *httptest.ResponseRecorder {
		return presses(door(&cabinet{outcome: actions.LinkOutcome{State: actions.LinkSpent, Purpose: actions.LinkLogin}}), linkToken, "go_on", accept)
	}},
	"expired": {410, true, func(accept func(*http.Request)) *httptest.ResponseRecorder {
		return presses(door(&cabinet{outcome: actions.LinkOutcome{State: actions.LinkExpired, Purpose: actions.LinkReset}}), linkToken, "go_on", accept)
	}},
	"refused": {403, true, func(accept func(*http.Request)) *httptest.ResponseRecorder {
		return presses(door(&cabinet{outcome: actions.LinkOutcome{State: actions.LinkRefused, Purpose: actions.LinkLogin}}), linkToken, "go_on", accept)
	}},
	"incomplete": {404, true, func(accept func(*http.Request)) *httptest.ResponseRecorder {
		return presses(door(goodLink()), "another", "go_on", accept)
	}},
	"confirmed": {200, false, func(accept func(*http.Request)) *httptest.ResponseRecorder {
		return presses(door(&cabinet{outcome: actions.LinkOutcome{State: actions.LinkLive, Purpose: actions.LinkConfirm}}), linkToken, "go_on", accept)
	}},
	"denied": {200, false, func(accept func(*http.Request)) *httptest.ResponseRecorder {
		return presses(door(&cabinet{outcome: actions.LinkOutcome{State: actions.LinkLive, Purpose: actions.LinkConfirm}}), linkToken, "deny", accept)
	}},
	"foreign": {403, true, func(accept func(*http.Request)) *httptest.ResponseRecorder {
		return presses(door(goodLink()), linkToken, "go_on", header("Origin", "https://evil.example"), accept)
	}},
	"busy": {429, true, func(accept func(*http.Request)) *httptest.ResponseRecorder {
		h := door(goodLink())
		for range 100 {
			presses(h, "another", "go_on")
		}
		return presses(h, linkToken, "go_on", accept)
	}},
	"unread": {400, true, func(accept func(*http.Request)) *httptest.ResponseRecorder {
		return presses(door(goodLink()), linkToken, "perhaps", accept)
	}},
	"no_form": {415, true, func(accept func(*http.Request)) *httptest.ResponseRecorder {
		return presses(door(goodLink()), linkToken, "go_on", header("Content-Type", "application/json"), accept)
	}},
	"too_long": {413, true, func(accept func(*http.Request)) *httptest.ResponseRecorder {
		return presses(door(goodLink()), strings.Repeat("x", 5000), "go_on", accept)
	}},
	"nowhere": {503, true, func(accept func(*http.Request)) *httptest.ResponseRecorder {
		return presses(door(goodLink(), func(p *web.LinkPages) { p.LoginURL = "" }), linkToken, "go_on", accept)
	}},
	"failed": {500, true, func(accept func(*http.Request)) *httptest.ResponseRecorder {
		return presses(door(&cabinet{failed: errors.New("boom")}), linkToken, "go_on", accept)
	}},
	"unavailable": {503, true, func(accept func(*http.Request)) *httptest.ResponseRecorder {
		return presses(door(&cabinet{failed: actions.Errorf(actions.Unavailable, "The database doesn't answer.")}), linkToken, "go_on", accept)
	}},
}

var linkLanguages = map[string]string{
	"en": "en-GB,en;q=0.9", "de": "de-AT,en;q=0.5", "fr": "fr-CA", "es": "es-419,es", "pt": "pt-PT,pt;q=0.8",
}

var (
	heading = regexp.MustCompile(`(?s)<h1>(.+?)</h1>\s*<p>(.+?)</p>`)
	langOf  = regexp.MustCompile(`<html lang="(..)">`)
)

// Every state says in every language what is the matter and whom to ask, with
// the status that fits, and reads differently in each language.
func TestLinkStates(t *testing.T) {
	for state, plight := range linkPlights {
		t.Run(state, func(t *testing.T) {
			seen := map[string]string{}
			for lang, accept := range linkLanguages {
				answer := plight.click(header("Accept-Language", accept))
				page := answer.Body.String()
				said := heading.FindStringSubmatch(page)
				if answer.Code != plight.status || said == nil {
					t.Fatalf("%s: got %d: %s", lang, answer.Code, page)
				}
				for _, text := range said[1:] {
					if other, twice := seen[text]; twice {
						t.Errorf("%s and %s both say %q", lang, other, text)
					}
					seen[text] = lang
				}
				if got := langOf.FindStringSubmatch(page); got == nil || got[1] != lang || answer.Header().Get("Content-Language") != lang {
					t.Errorf("%s: the page is in %v, %s", lang, got, answer.Header().Get("Content-Language"))
				}
				if strings.Contains(page, `role="alert"`) != plight.alarms || !strings.Contains(page, `data-state="`+state+`"`) {
					t.Errorf("%s: %s", lang, page)
				}
				contains(t, answer, "Acme", "without", linkToken, linkCode)
			}
		})
	}
}

// The question reads differently in each language too.
func TestLinkQuestions(t *testing.T) {
	for _, purpose := range []actions.LinkPurpose{actions.LinkLogin, actions.LinkConfirm, actions.LinkRemoved} {
		seen := map[string]bool{}
		for lang, accept := range linkLanguages {
			answer := opens(door(&cabinet{purpose: purpose}), "/l/"+linkID, header("Accept-Language", accept))
			contains(t, answer, `<html lang="`+lang+`">`)
			seen[heading.FindString(answer.Body.String())] = true
		}
		if len(seen) != len(linkLanguages) || seen[""] {
			t.Errorf("%s: there are %d questions: %v", purpose, len(seen), seen)
		}
	}
}

func TestLinkLanguage(t *testing.T) {
	for name, test := range map[string]struct{ accept, locale, sentence, want string }{
		"OfTheBrowser":          {"fr", "de", "", "fr"},
		"OfTheCustomer":         {"ja", "de_AT", "", "de"},
		"OfNobody":              {"ja", "", "", "en"},
		"OfTheSentence":         {"fr", "de-DE", "Ihr Zugang ist gesperrt.", "de"},
		"OfAnUnknownSentence":   {"fr", "ja", "It is locked.", "en"},
		"OfNonsense":            {"=;,;q=x", "also/none", "", "en"},
		"OfTheSecondPreference": {"nl;q=0.9, pt;q=0.8", "", "", "pt"},
		"OfTooMuch":             {strings.Repeat("fr,", 200), "", "", "en"},
	} {
		t.Run(name, func(t *testing.T) {
			links := &cabinet{outcome: actions.LinkOutcome{State: actions.LinkRefused, Purpose: actions.LinkLogin, Locale: test.locale, Sentence: test.sentence}}
			contains(t, presses(door(links), linkToken, "go_on", header("Accept-Language", test.accept)), `<html lang="`+test.want+`">`, test.sentence)
		})
	}
}

// Whom to ask is said in the company's own words, when it has some.
func TestLinkSupport(t *testing.T) {
	own := func(p *web.LinkPages) { p.Support = "Call us: 0800 <1234>." }
	contains(t, opens(door(goodLink(), own), "/l/"+linkID), "Call us: 0800 &lt;1234&gt;.", "without", "Please contact")
	contains(t, opens(door(goodLink()), "/l/"+linkID), "Please contact Acme support")
	contains(t, opens(door(goodLink(), func(p *web.LinkPages) { p.Brand = "" }), "/l/"+linkID), "Please contact our support", "without", `class="brand"`)
}

// A refused confirmation doesn't speak of logging in.
func TestLinkOvertaken(t *testing.T) {
	links := &cabinet{purpose: actions.LinkConfirm, outcome: actions.LinkOutcome{
		State: actions.LinkRefused, Purpose: actions.LinkConfirm, Sentence: "Something else changed.",
	}}
	contains(t, presses(door(links), linkToken, "go_on"), "Something else changed.", "without", "log in")
}

// An incomplete link can be mended by hand, with the same answers.
func TestLinkIncompleteAsksAgain(t *testing.T) {
	for purpose, button := range map[actions.LinkPurpose]string{actions.LinkLogin: "Continue", actions.LinkConfirm: "Yes, that was me", actions.LinkRemoved: "I have deleted"} {
		links := goodLink()
		links.purpose = purpose
		contains(t, presses(door(links), "another", "go_on"), button, `name="token"`, `action="./`+linkID+`"`, "without", "another")
	}
}

// An answer that a link doesn't know is nobody's defect.
func TestLinkAnswerUnknown(t *testing.T) {
	answer := presses(door(&cabinet{failed: actions.Errorf(actions.Invalid, "That isn't an answer to this link.")}), linkToken, "deny")
	if answer.Code != http.StatusBadRequest {
		t.Errorf("got %d", answer.Code)
	}
}

// Without a login page a link that asks something works, since nobody is sent on.
func TestLinkWithoutLoginPage(t *testing.T) {
	for purpose, answer := range map[actions.LinkPurpose]string{actions.LinkConfirm: "deny", actions.LinkRemoved: "go_on"} {
		links := &cabinet{purpose: purpose, outcome: actions.LinkOutcome{State: actions.LinkLive, Purpose: purpose}}
		h := door(links, func(p *web.LinkPages) { p.LoginURL = "" })
		if page := presses(h, linkToken, answer); page.Code != http.StatusOK || len(links.uses) != 1 {
			t.Errorf("%s: got %d; used %v", purpose, page.Code, links.uses)
		}
	}
}

func TestLinkNothingThere(t *testing.T) {
	for _, path := range []string{"/l/", "/l/" + linkID + "/more", "/l/link.html", "/l/link-000000000000.js", "/l/%23" + linkToken} {
		links := goodLink()
		answer := opens(door(links), path)
		if path == "/l/link.html" || path == "/l/link-000000000000.js" { // an ID that nobody has
			contains(t, answer, "Continue")
			continue
		}
		contains(t, answer, "incomplete", "without", linkToken, "<form")
		if answer.Code != http.StatusNotFound {
			t.Errorf("%s: got %d", path, answer.Code)
		}
	}
}

// The log names no link, no token and no code, also when something fails.
func TestLinkLog(t *testing.T) {
	var lines bytes.Buffer
	log := func(p *web.LinkPages) { p.Log = slog.New(slog.NewJSONHandler(&lines, nil)) }
	links := goodLink()
	h := door(links, log)
	presses(h, linkToken, "go_on")
	presses(h, "another", "go_on")
	opens(h, "/l/"+linkID+"%23"+linkToken)
	links.failed = errors.New("the database is gone")
	answer := presses(h, linkToken, "go_on")
	reference := regexp.MustCompile(`E-[A-Z2-7]{8}`).FindString(answer.Body.String())
	if reference == "" || !strings.Contains(lines.String(), reference) || !strings.Contains(lines.String(), `"route":"/l/{id}"`) {
		t.Errorf("the page says %q, the log %s", reference, &lines)
	}
	for _, secret := range []string{linkID, linkToken, linkCode} {
		if strings.Contains(lines.String(), secret) {
			t.Errorf("the log has %q: %s", secret, &lines)
		}
	}
	contains(t, answer, "without", "database")
}
