package web_test

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/web"
)

var requestFile = regexp.MustCompile(`"\./((?:page|request|sealed)-[0-9a-f]+\.(?:js|css))"`)

func logTo(lines io.Writer) func(*web.RequestPages) {
	return func(p *web.RequestPages) { p.Log = slog.New(slog.NewJSONHandler(lines, nil)) }
}

// What isn't what the page's script sends is refused with a sentence, and nothing
// is asked of anybody. Where it comes from is looked at first.
func TestRequestRefused(t *testing.T) {
	l := newLetterbox(t)
	good := l.seal(t, "x")
	whole, _ := json.Marshal(good)
	offCurve := bytes.Repeat([]byte{4}, 65)
	infinity, compressed := make([]byte, 65), append([]byte{2}, make([]byte, 64)...)
	none := func(*http.Request) {}
	for name, test := range map[string]struct {
		body   any
		change func(*http.Request)
		status int
		code   string
	}{
		"OriginElsewhere":    {good, header("Origin", "https://acme.example"), 403, "foreign_origin"},
		"OriginOfHTTP":       {good, header("Origin", "http://help.acme.example"), 403, "foreign_origin"},
		"OriginNull":         {good, header("Origin", "null"), 403, "foreign_origin"},
		"TwoOrigins":         {good, func(r *http.Request) { r.Header.Add("Origin", "https://evil.example") }, 403, "foreign_origin"},
		"CrossSite":          {good, header("Sec-Fetch-Site", "cross-site"), 403, "foreign_origin"},
		"SameSite":           {good, header("Sec-Fetch-Site", "same-site"), 403, "foreign_origin"},
		"ForeignAndNonsense": {"{", func(r *http.Request) { r.Header.Set("Origin", "null"); r.Header.Del("Content-Type") }, 403, "foreign_origin"},
		"Form":               {"token=x", header("Content-Type", "application/x-www-form-urlencoded"), 415, "not_json"},
		"Text":               {good, header("Content-Type", "text/plain"), 415, "not_json"},
		"NoType":             {good, func(r *http.Request) { r.Header.Del("Content-Type") }, 415, "not_json"},
		"Compressed":         {good, header("Content-Encoding", "gzip"), 415, "not_json"},
		"TooLong":            {strings.Repeat(" ", 25<<10) + string(whole), none, 413, "too_long"},
		"Nothing":            {"", none, 400, "bad_request"},
		"NotJSON":            {"{", none, 400, "bad_request"},
		"Null":               {"null", none, 400, "bad_request"},
		"List":               {"[" + string(whole) + "]", none, 400, "bad_request"},
		"MoreBehind":         {string(whole) + "{}", none, 400, "bad_request"},
		"Empty":              {map[string]string{}, none, 400, "bad_request"},
		"ExtraField":         {with(good, "content", "x"), none, 400, "bad_request"},
		"OtherCase":          {strings.Replace(string(whole), `"token"`, `"Token"`, 1), none, 400, "bad_request"},
		"DoubledName":        {strings.Replace(string(whole), "{", `{"token":"`+good["token"]+`",`, 1), none, 400, "bad_request"},
		"DoubledEscaped":     {strings.Replace(string(whole), "{", `{"\u0074oken":"`+good["token"]+`",`, 1), none, 400, "bad_request"},
		"Number":             {strings.Replace(string(whole), `"`+good["nonce"]+`"`, "1", 1), none, 400, "bad_request"},
		"NestedObject":       {strings.Replace(string(whole), `"`+good["nonce"]+`"`, `{"nonce":"x"}`, 1), none, 400, "bad_request"},
		"NUL":                {strings.Replace(string(whole), good["token"], good["token"][:42]+`\u0000`, 1), none, 400, "bad_request"},
		"RawNUL":             {strings.Replace(string(whole), good["token"], good["token"][:42]+"\x00", 1), none, 400, "bad_request"},
		"NotUTF8":            {strings.Replace(string(whole), good["token"], good["token"][:42]+"\xff", 1), none, 400, "bad_request"},
		"LineBreak":          {with(good, "token", good["token"][:20]+"\n"+good["token"][20:]), none, 400, "bad_request"},
		"Padding":            {with(good, "token", good["token"]+"="), none, 400, "bad_request"},
		"OtherAlphabet":      {with(good, "token", strings.Repeat("+", 43)), none, 400, "bad_request"},
		"LooseBits":          {with(good, "token", good["token"][:42]+"B"), none, 400, "bad_request"},
		"ShortToken":         {with(good, "token", b64.EncodeToString(make([]byte, 31))), none, 400, "bad_request"},
		"LongToken":          {with(good, "token", b64.EncodeToString(make([]byte, 33))), none, 400, "bad_request"},
		"ShortKey":           {with(good, "key", b64.EncodeToString(make([]byte, 64))), none, 400, "bad_request"},
		"OffTheCurve":        {with(good, "key", b64.EncodeToString(offCurve)), none, 400, "bad_request"},
		"Infinity":           {with(good, "key", b64.EncodeToString(infinity)), none, 400, "bad_request"},
		"Compact":            {with(good, "key", b64.EncodeToString(compressed)), none, 400, "bad_request"},
		"ShortNonce":         {with(good, "nonce", b64.EncodeToString(make([]byte, 11))), none, 400, "bad_request"},
		"LongNonce":          {with(good, "nonce", b64.EncodeToString(make([]byte, 16))), none, 400, "bad_request"},
		"EmptyContent":       {with(good, "body", b64.EncodeToString(make([]byte, 16))), none, 400, "bad_request"},
		"LongContent":        {l.seal(t, strings.Repeat("x", actions.ContentLimit+1)), none, 400, "bad_request"},
		"ShortID":            {good, func(r *http.Request) { r.URL.Path = "/r/AAAA/send" }, 400, "bad_request"},
		"LongID":             {good, func(r *http.Request) { r.URL.Path = "/r/" + strings.Repeat("A", 24) + "/send" }, 400, "bad_request"},
		"NoID":               {good, func(r *http.Request) { r.URL.Path = "/r//send" }, 400, "bad_request"},
		"LooseID":            {good, func(r *http.Request) { r.URL.Path = "/r/" + strings.Repeat("A", 21) + "B/send" }, 400, "bad_request"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := posts(slot(l), "/r/"+l.name()+"/send", test.body, test.change)
			var told struct{ Error, Sentence string }
			err := json.Unmarshal(answer.Body.Bytes(), &told)
			if err != nil || answer.Code != test.status || told.Error != test.code || (told.Sentence == "" && told.Error != "foreign_origin") {
				t.Errorf("got %d %s", answer.Code, answer.Body)
			}
			sealedHeaders(t, name, answer)
		})
	}
	if len(l.calls) > 0 {
		t.Errorf("it was asked for %v", l.calls)
	}
}

// What a browser may leave out or add, it may.
func TestRequestTaken(t *testing.T) {
	for name, change := range map[string]func(*http.Request){
		"NoOrigin": func(r *http.Request) { r.Header.Del("Origin"); r.Header.Del("Sec-Fetch-Site") },
		"Charset":  header("Content-Type", "application/json; charset=utf-8"), "FromTheBar": header("Sec-Fetch-Site", "none"),
	} {
		l := newLetterbox(t)
		longest := strings.Repeat("x", actions.ContentLimit)
		if answer := posts(slot(l), "/r/"+l.name()+"/send", l.seal(t, longest), change); answer.Code != 200 || l.kept() != longest {
			t.Errorf("%s: got %d %s", name, answer.Code, answer.Body)
		}
	}
}

// FuzzRequestSend holds that nothing but a whole answer of a browser gets through.
func FuzzRequestSend(f *testing.F) {
	l := newLetterbox(f)
	good := l.seal(f, "x")
	whole, _ := json.Marshal(good)
	for _, seed := range []string{string(whole), "{}", `{"token":""}`, strings.Replace(string(whole), "{", `{"token":"",`, 1), `{"key":{"a":1}}`, "\xff", `"\ud800"`} {
		f.Add([]byte(seed))
	}
	names := []string{"body", "key", "nonce", "token"}
	sizes := map[string][2]int{"body": {17, actions.ContentLimit + 16}, "key": {65, 65}, "nonce": {12, 12}, "token": {32, 32}}
	f.Fuzz(func(t *testing.T, body []byte) {
		l := newLetterbox(t)
		answer := posts(slot(l), "/r/"+l.name()+"/send", string(body))
		if len(l.calls) == 0 {
			if answer.Code != 400 && answer.Code != 413 {
				t.Errorf("got %d", answer.Code)
			}
			return
		}
		var sent map[string]string
		if err := json.Unmarshal(body, &sent); err != nil || len(sent) != len(names) {
			t.Fatalf("taken: %q", body)
		}
		for _, name := range names {
			raw, err := b64.Strict().DecodeString(sent[name])
			if err != nil || len(raw) < sizes[name][0] || len(raw) > sizes[name][1] || b64.EncodeToString(raw) != sent[name] {
				t.Errorf("taken with %s: %q", name, body)
			}
		}
	})
}

// --- The words ---

var (
	saidIn      = regexp.MustCompile(`(?s)<section data-state="(\w+)"[^>]*>.*?</section>`)
	headingIn   = regexp.MustCompile(`<h1 tabindex="-1" data-fill="([^"]*)"`)
	filledIn    = regexp.MustCompile(`<p data-fill="([^"]*)"`)
	noticeIn    = regexp.MustCompile(`data-notice="(\w+)">([^<]*)<`)
	placeholder = regexp.MustCompile(`\{\w+\}`)
)

// wordsOf is what a page can say, by state and notice.
func wordsOf(page string) map[string]string {
	words := map[string]string{}
	for _, section := range saidIn.FindAllStringSubmatch(page, -1) {
		if heading := headingIn.FindStringSubmatch(section[0]); heading != nil {
			words["heading of "+section[1]] = html.UnescapeString(heading[1])
		}
		if text := filledIn.FindStringSubmatch(section[0]); text != nil {
			words[section[1]] = html.UnescapeString(text[1])
		}
	}
	for _, notice := range noticeIn.FindAllStringSubmatch(page, -1) {
		words["notice "+notice[1]] = html.UnescapeString(notice[2])
	}
	return words
}

// Every state and every notice has words of its own in each language, which tell
// the same.
func TestRequestWords(t *testing.T) {
	english := wordsOf(opens(slot(newLetterbox(t)), "/r/x").Body.String())
	if len(english) != 2*17-1+11 { // states with heading and text, but one; and notices
		t.Errorf("there are %d: %v", len(english), english)
	}
	for lang, accept := range linkLanguages {
		answer := opens(slot(newLetterbox(t)), "/r/x", header("Accept-Language", accept))
		if contains(t, answer, `<html lang="`+lang+`">`); answer.Header().Get("Content-Language") != lang {
			t.Errorf("%s: it says %s", lang, answer.Header().Get("Content-Language"))
		}
		words := wordsOf(answer.Body.String())
		for name, said := range english {
			if words[name] == "" || (lang != "en" && words[name] == said) {
				t.Errorf("%s: %s is %q", lang, name, words[name])
			}
			want, got := placeholder.FindAllString(said, -1), placeholder.FindAllString(words[name], -1)
			if slices.Sort(want); !slices.Equal(want, got) {
				t.Errorf("%s: %s speaks of %v, and should of %v", lang, name, got, want)
			}
		}
	}
}

// No word is empty in any language, and nothing on the page comes from elsewhere or
// stands in line.
func TestRequestPageIsWhole(t *testing.T) {
	for lang, accept := range linkLanguages {
		page := opens(slot(newLetterbox(t)), "/r/x", header("Accept-Language", accept)).Body.String()
		for _, empty := range []string{`<button></button>`, `<dt></dt>`, `data-fill=""`, `data-busy=""`, `data-again=""`, `data-not=""`, `data-copied=""`, `data-wrong=""`, `""></label>`, `<p class="hint" id="hint"></p>`} {
			if strings.Contains(page, empty) {
				t.Errorf("%s: %s", lang, empty)
			}
		}
		for _, foreign := range []string{"http://", "https://", `="//`, "style=", "onclick", "onload", "javascript:", "<style"} {
			if strings.Contains(page, foreign) {
				t.Errorf("%s: the page has %s", lang, foreign)
			}
		}
		if strings.Count(page, "<script") != strings.Count(page, "></script>") {
			t.Errorf("%s: a script stands in line", lang)
		}
	}
}
