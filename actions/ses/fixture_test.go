package ses_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/ses"
	"github.com/latchkey-bot/latchkey/actions/ses/sesfake"
)

// fixture is a request and its answer, built from a page of the public reference.
type fixture struct {
	Source  string
	Request struct{ Method, Target string }
	Answer  struct {
		Status int
		Header map[string]string
		Body   json.RawMessage
	}
}

// fixtures reads them all, by their names.
func fixtures(t *testing.T) map[string]fixture {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]fixture{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var f fixture
		if err := json.Unmarshal(text, &f); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if !strings.HasPrefix(f.Source, "https://docs.aws.amazon.com/ses/latest/APIReference-V2/") {
			t.Errorf("%s doesn't say from which page it was built", file)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = f
	}
	return all
}

// body is what an answer holds, as it goes over the wire.
func (f fixture) body() string {
	if string(f.Answer.Body) == "null" {
		return ""
	}
	return string(f.Answer.Body)
}

// replay answers each request by the fixture that is about it, and nothing else.
type replay struct {
	t        *testing.T
	fixtures []fixture
}

func (r *replay) RoundTrip(request *http.Request) (*http.Response, error) {
	for _, f := range r.fixtures {
		if f.Request.Method == request.Method && f.Request.Target == request.URL.RequestURI() {
			answer := &http.Response{StatusCode: f.Answer.Status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(f.body())), Request: request}
			for name, value := range f.Answer.Header {
				answer.Header.Set(name, value)
			}
			return answer, nil
		}
	}
	r.t.Errorf("there is no fixture for %s %s", request.Method, request.URL.RequestURI())
	return nil, io.ErrUnexpectedEOF
}

// TestFixtures asks as the reference says, and reads what it says.
func TestFixtures(t *testing.T) {
	all := fixtures(t)
	jane := actions.Suppression{Address: jane, List: actions.ListBounce, Since: time.Unix(1773057845, 678e6).UTC()}
	news := actions.Suppression{Address: "jane+news/1@acme.example", List: actions.ListComplaint, Since: time.Unix(1773057845, 0).UTC()}
	john := actions.Suppression{Address: "john@acme.example", List: actions.ListComplaint, Since: time.Unix(1773057846, 0).UTC()}
	seen := map[string]bool{}
	for _, row := range []struct {
		fixtures string // by comma
		call     string
		want     []actions.Suppression
		words    string // of the error; "" for none
	}{
		{"get_bounce", "Listed " + jane.Address, []actions.Suppression{jane}, ""},
		{"get_complaint_odd_address", "Listed " + news.Address, []actions.Suppression{news}, ""},
		{"get_not_found", "Listed " + jane.Address, nil, ""},
		{"get_too_many", "Listed " + jane.Address, nil, "takes no more requests"},
		{"get_throttled", "Listed " + jane.Address, nil, "takes no more requests"},
		{"get_bad_request", "Listed " + jane.Address, nil, "doesn't take the request"},
		{"get_access_denied", "Listed " + jane.Address, nil, "turns Latchkey away"},
		{"get_internal_failure", "Listed " + jane.Address, nil, "doesn't answer"},
		{"delete", "Delist " + jane.Address, nil, ""},
		{"delete_not_found", "Delist " + jane.Address, nil, ""},
		{"list_first_page,list_last_page", "Each", []actions.Suppression{jane, john}, ""},
		{"list_first_page,list_expired_token", "Each", []actions.Suppression{jane}, "doesn't take the request"},
	} {
		apart(t, row.fixtures, func(t *testing.T) {
			transport := &replay{t: t}
			for name := range strings.SplitSeq(row.fixtures, ",") {
				seen[name] = true
				transport.fixtures = append(transport.fixtures, all[name])
			}
			config := configured(sesfake.Sydney, nil)
			config.Transport = transport
			c := client(t, config)
			var got []actions.Suppression
			var err error
			switch call, address, _ := strings.Cut(row.call, " "); call {
			case "Listed":
				got, err = c.Listed(t.Context(), address)
			case "Delist":
				err = c.Delist(t.Context(), actions.Change{Email: address})
			default:
				err = c.Each(t.Context(), func(page []actions.Suppression) error { got = append(got, page...); return nil })
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
			if row.words == "" && err != nil {
				t.Errorf("got %v", err)
			} else if row.words != "" {
				wantWords(t, err, row.words, "")
			}
		})
	}
	for name := range all {
		if !seen[name] {
			t.Errorf("nobody asks for the fixture %s", name)
		}
	}
}

// shape is what a JSON value is made of, without what it says.
func shape(t *testing.T, text []byte) any {
	t.Helper()
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return shapeOf(value)
}

func shapeOf(value any) any {
	switch v := value.(type) {
	case map[string]any:
		shapes := map[string]any{}
		for name, field := range v {
			shapes[name] = shapeOf(field)
		}
		return shapes
	case []any:
		if len(v) > 0 {
			return []any{shapeOf(v[0])}
		}
		return v
	case string:
		return "a text"
	case float64:
		return "a number"
	}
	return value
}

// tap keeps the answers that came through.
type tap struct {
	to      http.RoundTripper
	answers []fixture
}

func (p *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := p.to.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	var f fixture
	f.Answer.Status, f.Answer.Body = answer.StatusCode, body
	f.Answer.Header = map[string]string{"X-Amzn-Errortype": answer.Header.Get("X-Amzn-Errortype")}
	p.answers = append(p.answers, f)
	return answer, nil
}

// TestFakeAnswersAsTheReference holds the fake to the fixtures: the same status, the
// same code, the same fields.
func TestFakeAnswersAsTheReference(t *testing.T) {
	faults := map[string]sesfake.Fault{
		"get_too_many": sesfake.Throttled, "get_throttled": sesfake.ThrottledAll, "get_access_denied": sesfake.Denied,
		"get_internal_failure": sesfake.Failed,
	}
	for name, want := range fixtures(t) {
		apart(t, name, func(t *testing.T) {
			f := sesfake.New(sesfake.Sydney, time.Now)
			if !strings.Contains(name, "not_found") {
				f.Suppress(jane, "BOUNCE", yesterday)
			}
			if fault, faulty := faults[name]; faulty {
				f.Down(fault)
			}
			p := &tap{to: f.Transport()}
			config := configured(sesfake.Sydney, f)
			config.Transport = p
			as(t, name, f, client(t, config))
			got := p.answers[0]
			if name == "list_expired_token" {
				got = p.answers[len(p.answers)-1]
			}
			if got.Answer.Status != want.Answer.Status || got.Answer.Header["X-Amzn-Errortype"] != want.Answer.Header["X-Amzn-Errortype"] {
				t.Errorf("got %d %v, want %d", got.Answer.Status, got.Answer.Header, want.Answer.Status)
			}
			if diff := cmp.Diff(shape(t, []byte(want.body())), shape(t, got.Answer.Body)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// as asks the fake what a fixture is about.
func as(t *testing.T, name string, f *sesfake.Fake, c *ses.Client) {
	t.Helper()
	switch {
	case strings.HasPrefix(name, "delete"):
		_ = c.Delist(t.Context(), off) // the answers are looked at
	case name == "get_bad_request":
		_, _ = c.Listed(t.Context(), "@acme.example")
	case strings.HasPrefix(name, "get_"):
		_, _ = c.Listed(t.Context(), jane)
	default:
		if name != "list_last_page" {
			suppressMany(f, 1100)
		}
		_ = c.Each(t.Context(), func([]actions.Suppression) error { f.ForgetTokens(); return nil })
	}
}
