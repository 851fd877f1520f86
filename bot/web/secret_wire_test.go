package web_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/web"
)

// What isn't what the page's script sends is refused, and nothing is asked of
// anybody. Where it comes from is looked at first.
func TestSecretRefused(t *testing.T) {
	proof := b64.EncodeToString(newVault(t, "x", "").link)
	good := `{"link":"` + proof + `","claim":"` + proof + `"}`
	none := func(*http.Request) {}
	foreign := func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }
	for name, test := range map[string]struct {
		body   string
		change func(*http.Request)
		status int
		code   string
	}{
		"OriginElsewhere":      {good, header("Origin", "https://acme.example"), 403, "foreign_origin"},
		"OriginOfHTTP":         {good, header("Origin", "http://help.acme.example"), 403, "foreign_origin"},
		"OriginWithPort":       {good, header("Origin", "https://help.acme.example:444"), 403, "foreign_origin"},
		"OriginNull":           {good, header("Origin", "null"), 403, "foreign_origin"},
		"OriginEmpty":          {good, header("Origin", ""), 403, "foreign_origin"},
		"TwoOrigins":           {good, func(r *http.Request) { r.Header.Add("Origin", "https://evil.example") }, 403, "foreign_origin"},
		"CrossSite":            {good, header("Sec-Fetch-Site", "cross-site"), 403, "foreign_origin"},
		"SameSite":             {good, header("Sec-Fetch-Site", "same-site"), 403, "foreign_origin"},
		"ForeignAndNotJSON":    {"{", foreign, 403, "foreign_origin"},
		"ForeignAndNoType":     {good, func(r *http.Request) { foreign(r); r.Header.Del("Content-Type") }, 403, "foreign_origin"},
		"ForeignAndTooLong":    {strings.Repeat("x", 5000), foreign, 403, "foreign_origin"},
		"ForeignAndNoID":       {good, func(r *http.Request) { foreign(r); r.URL.Path = "/s/x/open" }, 403, "foreign_origin"},
		"Form":                 {"link=x", header("Content-Type", "application/x-www-form-urlencoded"), 415, "not_json"},
		"Text":                 {good, header("Content-Type", "text/plain"), 415, "not_json"},
		"NoType":               {good, func(r *http.Request) { r.Header.Del("Content-Type") }, 415, "not_json"},
		"Compressed":           {good, header("Content-Encoding", "gzip"), 415, "not_json"},
		"TooLong":              {good + strings.Repeat(" ", 1024), none, 413, "too_long"},
		"Nothing":              {"", none, 400, "bad_request"},
		"NotJSON":              {"{", none, 400, "bad_request"},
		"Null":                 {"null", none, 400, "bad_request"},
		"List":                 {"[" + good + "]", none, 400, "bad_request"},
		"MoreBehind":           {good + "{}", none, 400, "bad_request"},
		"Empty":                {"{}", none, 400, "bad_request"},
		"NoClaim":              {`{"link":"` + proof + `"}`, none, 400, "bad_request"},
		"ExtraField":           {strings.Replace(good, "{", `{"x":"y",`, 1), none, 400, "bad_request"},
		"DoubledName":          {strings.Replace(good, "{", `{"link":"`+proof+`",`, 1), none, 400, "bad_request"},
		"DoubledEscaped":       {strings.Replace(good, "{", `{"lin\u006b":"`+proof+`",`, 1), none, 400, "bad_request"},
		"OtherCase":            {strings.Replace(good, "link", "Link", 1), none, 400, "bad_request"},
		"Number":               {`{"link":1,"claim":"` + proof + `"}`, none, 400, "bad_request"},
		"NullProof":            {`{"link":null,"claim":"` + proof + `"}`, none, 400, "bad_request"},
		"Object":               {`{"link":{"link":"x"},"claim":"` + proof + `"}`, none, 400, "bad_request"},
		"EmptyProof":           {strings.Replace(good, proof, "", 1), none, 400, "bad_request"},
		"ShortProof":           {strings.Replace(good, proof, proof[1:], 1), none, 400, "bad_request"},
		"LongProof":            {strings.Replace(good, proof, proof+"A", 1), none, 400, "bad_request"},
		"ShortClaim":           {`{"link":"` + proof + `","claim":"` + proof[1:] + `"}`, none, 400, "bad_request"},
		"PaddedProof":          {strings.Replace(good, proof, proof+"=", 1), none, 400, "bad_request"},
		"StandardBase64":       {strings.Replace(good, proof, "+"+proof[1:], 1), none, 400, "bad_request"},
		"LooseBits":            {strings.Replace(good, proof, strings.Repeat("A", 42)+"B", 1), none, 400, "bad_request"},
		"BrokenOverLines":      {strings.Replace(good, proof, proof[:42]+`\n`, 1), none, 400, "bad_request"},
		"NUL":                  {strings.Replace(good, proof, proof[:42]+`\u0000`, 1), none, 400, "bad_request"},
		"NotUTF8":              {strings.Replace(good, proof, "\xff"+proof[1:], 1), none, 400, "bad_request"},
		"HalfASurrogate":       {strings.Replace(good, proof, `\ud800`+proof[1:], 1), none, 400, "bad_request"},
		"ByteOrderMark":        {"\ufeff" + good, none, 400, "bad_request"},
		"ShortID":              {good, func(r *http.Request) { r.URL.Path = "/s/AwMDAwMDAwMDAwMDAwMDA/open" }, 400, "bad_request"},
		"LongID":               {good, func(r *http.Request) { r.URL.Path = "/s/AwMDAwMDAwMDAwMDAwMDAwM/open" }, 400, "bad_request"},
		"NoID":                 {good, func(r *http.Request) { r.URL.Path = "/s//open" }, 400, "bad_request"},
		"IDOfOtherLetters":     {good, func(r *http.Request) { r.URL.Path = "/s/AwMDAwMDAwMDAwMDAwMDA./open" }, 400, "bad_request"},
		"RootStillInTheID":     {good, func(r *http.Request) { r.URL.Path += "%23x" }, 405, ""},
		"NothingAskedFor":      {good, func(r *http.Request) { r.URL.Path = strings.TrimSuffix(r.URL.Path, "/open") }, 405, ""},
		"SomethingElseAskedOf": {good, func(r *http.Request) { r.URL.Path += "/x" }, 405, ""},
		"Get":                  {good, func(r *http.Request) { r.Method = http.MethodGet }, 405, ""},
		"Put":                  {good, func(r *http.Request) { r.Method = http.MethodPut }, 405, ""},
		"Options":              {good, func(r *http.Request) { r.Method = http.MethodOptions }, 405, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := newVault(t, "x", "")
			answer := posts(secretDoor(v), v.path()+"/open", test.body, test.change)
			if answer.Code != test.status || v.asked() != "" {
				t.Errorf("got %d %s; asked for %q", answer.Code, answer.Body, v.asked())
			}
			var said struct{ Error, Sentence string }
			if test.code == "" {
				if answer.Header().Get("Allow") == "" {
					t.Error("it doesn't say what is allowed")
				}
				return
			}
			if err := json.Unmarshal(answer.Body.Bytes(), &said); err != nil || said.Error != test.code || (said.Sentence == "") != (test.status == 403) {
				t.Errorf("it says %s", answer.Body)
			}
			if strings.Contains(said.Sentence, proof[1:41]) {
				t.Errorf("it says what was sent: %s", said.Sentence)
			}
		})
	}
}

// Without an Origin, as of another program, or typed into the bar, it is taken.
func TestSecretTaken(t *testing.T) {
	for name, change := range map[string]func(*http.Request){
		"NoOrigin": func(r *http.Request) { r.Header.Del("Origin"); r.Header.Del("Sec-Fetch-Site") }, "FromTheBar": header("Sec-Fetch-Site", "none"),
		"Charset": header("Content-Type", "application/json; charset=utf-8"),
	} {
		t.Run(name, func(t *testing.T) {
			v := newVault(t, "x", "")
			if answer := posts(secretDoor(v), v.path()+"/open", v.proofs("link", "claim"), change); answer.Code != http.StatusOK {
				t.Errorf("got %d %s", answer.Code, answer.Body)
			}
		})
	}
}

var secretFile = regexp.MustCompile(`"\./((?:page|secret|sealed)-[0-9a-f]+\.(?:js|css))"`)

// Every answer has the headers, errors included.
func TestSecretHeaders(t *testing.T) {
	v := newVault(t, "x", "y")
	h := secretDoor(v)
	page := opens(h, v.path())
	wrong := v.proofs("link", "claim")
	wrong["claim"] = wrong["link"]
	answers := map[string]*httptest.ResponseRecorder{
		"page": page, "nothing": opens(h, "/s/"), "below": opens(h, v.path()+"/x"), "head": visits(h, httptest.NewRequest(http.MethodHead, v.path(), nil), nil),
		"method": visits(h, httptest.NewRequest(http.MethodPut, v.path(), nil), nil), "form": posts(h, v.path(), "x=y"), "get": opens(h, v.path()+"/open"),
		"status": posts(h, v.path()+"/status", v.proofs("link")), "wrong": posts(h, v.path()+"/open", wrong),
		"foreign":    posts(h, v.path()+"/open", wrong, header("Origin", "null")),
		"incomplete": posts(h, "/s/AAAAAAAAAAAAAAAAAAAAAA/status", v.proofs("link")),
		"bad":        posts(h, v.path()+"/open", "{"), "type": posts(h, v.path()+"/open", "{", header("Content-Type", "x/y")), "long": posts(h, v.path()+"/open", strings.Repeat(" ", 5000)),
		"open": posts(h, v.path()+"/open", v.proofs("link", "claim")), "over": posts(h, v.path()+"/open", wrong), "again": posts(h, v.path()+"/again", v.proofs("link")),
	}
	v.failed = errors.New("boom")
	answers["failed"] = posts(h, v.path()+"/status", v.proofs("link"))
	files := secretFile.FindAllStringSubmatch(page.Body.String(), -1)
	if len(files) != 3 {
		t.Fatalf("the page loads %v", files)
	}
	for _, file := range files {
		answers[file[1]] = opens(h, "/s/"+file[1])
		if answer := answers[file[1]]; answer.Code != http.StatusOK || answer.Body.Len() == 0 || !strings.HasPrefix(answer.Header().Get("Content-Type"), "text/") {
			t.Errorf("%s: got %d %s", file[1], answer.Code, answer.Header().Get("Content-Type"))
		}
	}
	for name, answer := range answers {
		secretHeaders(t, name, answer)
	}
	plain := secretDoor(newVault(t, "x", ""), func(p *web.SecretPages) { p.Guard = web.NewGuard("http://127.0.0.1:8080", nil) })
	if got := opens(plain, v.path()).Header().Get("Strict-Transport-Security"); got != "" {
		t.Errorf("without TLS: %s", got)
	}
}

func secretHeaders(t *testing.T, name string, answer *httptest.ResponseRecorder) {
	t.Helper()
	for header, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; " +
			"base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex, nofollow",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		"Strict-Transport-Security": "max-age=63072000",
	} {
		if got := answer.Header().Get(header); got != want {
			t.Errorf("%s (%d): %s is %q", name, answer.Code, header, got)
		}
	}
	for header := range answer.Header() {
		if strings.HasPrefix(header, "Access-Control-") {
			t.Errorf("%s: there is %s", name, header)
		}
	}
}

// Whatever opens a link before its reader does changes nothing: GET, HEAD, the
// bots that draw previews, and scanners that send every form they find.
func TestSecretNeedsAClick(t *testing.T) {
	v := newVault(t, "x", "")
	h := secretDoor(v)
	for _, path := range []string{v.path(), v.path() + "?open=1", v.path() + "%23" + b64.EncodeToString(v.root), v.path() + "/open", "/s/"} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodDelete, "PROPFIND"} {
			for _, agent := range []string{"Slackbot-LinkExpanding 1.0", "facebookexternalhit/1.1", "Microsoft Office"} {
				visits(h, httptest.NewRequest(method, path, nil), []func(*http.Request){header("User-Agent", agent)})
			}
		}
	}
	page := opens(h, v.path()).Body.String()
	for _, attribute := range []string{"action=", "method=", "formaction=", "href=\"/s", "onclick", "onload", "<iframe", "http-equiv"} {
		if strings.Contains(page, attribute) {
			t.Errorf("the page has %s", attribute)
		}
	}
	for _, form := range []url.Values{{}, {"passphrase": {"x"}}, {"link": {b64.EncodeToString(v.link)}, "claim": {b64.EncodeToString(v.claim)}}} {
		for _, path := range []string{v.path(), v.path() + "/open", v.path() + "/again"} {
			posts(h, path, form.Encode(), header("Content-Type", "application/x-www-form-urlencoded"))
			posts(h, path, form.Encode(), header("Content-Type", "text/plain"))
			opens(h, path+"?"+form.Encode())
		}
	}
	if v.asked() != "" {
		t.Errorf("it was asked for %s", v.asked())
	}
}

// The page says nothing of a secret, nor whether there is one.
func TestSecretPageTellsNothing(t *testing.T) {
	v := newVault(t, "x", "")
	h := secretDoor(v)
	here, nowhere := opens(h, v.path()), opens(h, "/s/AAAAAAAAAAAAAAAAAAAAAA")
	if here.Body.String() != nowhere.Body.String() || here.Code != http.StatusOK || nowhere.Code != http.StatusOK {
		t.Errorf("%d: %s\n%d: %s", here.Code, here.Body, nowhere.Code, nowhere.Body)
	}
	contains(t, here, "Acme", "without", v.name(), "Ana Ruiz")
}

func TestSecretNothingThere(t *testing.T) {
	h := secretDoor(newVault(t, "x", ""))
	for _, path := range []string{"/s/", "/s/%23x", "/s/a/b", "/s/a/b/c"} {
		answer := opens(h, path)
		contains(t, answer, "This link is incomplete", `="./`+strings.Repeat("../", strings.Count(path, "/")-2)+`page-`, "without", "<script", "<form")
		if answer.Code != http.StatusNotFound {
			t.Errorf("%s: got %d", path, answer.Code)
		}
	}
	slash := opens(h, "/s/AAAAAAAAAAAAAAAAAAAAAA/")
	contains(t, slash, `src="./../secret-`)
}

// The page is in the reader's language, all of it, with the same placeholders.
func TestSecretLanguages(t *testing.T) {
	words := regexp.MustCompile(`>([^<>]{12,})<|data-[a-z-]+="([^"]{12,})"`)
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	seen, marks := map[string]string{}, map[string][]string{}
	for lang, accept := range linkLanguages {
		answer := opens(secretDoor(newVault(t, "x", "")), "/s/x", header("Accept-Language", accept))
		contains(t, answer, `<html lang="`+lang+`">`)
		if got := answer.Header(); got.Get("Content-Language") != lang || got.Get("Vary") != "Accept-Language" {
			t.Errorf("%s: %v", lang, got)
		}
		for _, found := range words.FindAllStringSubmatch(answer.Body.String(), -1) {
			text := strings.TrimSpace(found[1] + found[2])
			if other, twice := seen[text]; twice && other != lang && text != "{from}" {
				t.Errorf("%s and %s both say %q", lang, other, text)
			}
			seen[text] = lang
		}
		marks[lang] = placeholder.FindAllString(answer.Body.String(), -1)
		slices.Sort(marks[lang])
	}
	for lang := range linkLanguages {
		if len(marks[lang]) < 10 || !slices.Equal(marks[lang], marks["en"]) {
			t.Errorf("%s has %v, English %v", lang, marks[lang], marks["en"])
		}
	}
	contains(t, opens(secretDoor(newVault(t, "x", "")), "/s/x", header("Accept-Language", "ja")), `<html lang="en">`)
}

// How support is reached becomes a link where it is one.
func TestSecretSupport(t *testing.T) {
	for support, piece := range map[string]string{
		"help@acme.example": `<a href="mailto:help@acme.example"`, "https://acme.example/help?a=b&c": `<a href="https://acme.example/help?a=b&amp;c"`,
		"+49 (30) 123-45": `<a href="tel:&#43;493012345"`, "Call <us>: 0800": "Call &lt;us&gt;: 0800", "": "Please contact Acme support",
		"javascript:alert(1)": "<p>javascript:alert(1)</p>", "data:text/html,x": "<p>data:text/html,x</p>",
	} {
		answer := opens(secretDoor(newVault(t, "x", ""), func(p *web.SecretPages) { p.Support = support }), "/s/x")
		contains(t, answer, piece)
		if has := strings.Contains(answer.Body.String(), "You can reach our support here:"); has != strings.HasPrefix(piece, "<a") {
			t.Errorf("%q: %s", support, answer.Body)
		}
	}
}

// What fails is answered with a reference to the log, which names no secret.
func TestSecretFails(t *testing.T) {
	for status, failed := range map[int]error{503: actions.Errorf(actions.Unavailable, "The database sleeps."), 500: errors.New("boom")} {
		for does, names := range map[string][]string{"status": {"link"}, "open": {"link", "claim"}, "again": {"link"}} {
			var lines bytes.Buffer
			v := newVault(t, "x", "")
			v.failed = failed
			h := secretDoor(v, func(p *web.SecretPages) { p.Log = slog.New(slog.NewJSONHandler(&lines, nil)) })
			answer := posts(h, v.path()+"/"+does, v.proofs(names...))
			var said struct{ Error, Reference string }
			if err := json.Unmarshal(answer.Body.Bytes(), &said); err != nil || answer.Code != status || said.Error != "unavailable" || said.Reference == "" {
				t.Errorf("%s: got %d %s", does, answer.Code, answer.Body)
			}
			if (answer.Header().Get("Retry-After") != "") != (status == 503) {
				t.Errorf("Retry-After is %q", answer.Header().Get("Retry-After"))
			}
			if !strings.Contains(lines.String(), said.Reference) || !strings.Contains(lines.String(), `"route":"/s/{id}/`+does+`"`) {
				t.Errorf("the log has %s", &lines)
			}
			for _, hidden := range []string{v.name(), b64.EncodeToString(v.link), b64.EncodeToString(v.claim)} {
				if strings.Contains(lines.String()+answer.Body.String(), hidden) {
					t.Errorf("%s and %s name %s", &lines, answer.Body, hidden)
				}
			}
		}
	}
}

// What the use case finds wrong is said in its words.
func TestSecretInvalid(t *testing.T) {
	v := newVault(t, "x", "")
	v.failed = actions.Errorf(actions.Invalid, "That isn't a link.")
	answered(t, posts(secretDoor(v), v.path()+"/status", v.proofs("link")), 400, `{"error":"bad_request","sentence":"That isn't a link."}`)
}
