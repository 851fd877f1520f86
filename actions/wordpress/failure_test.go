package wordpress_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/wordpress"
	"github.com/latchkey-bot/latchkey/actions/wordpress/wordpressfake"
)

// The temporary admin of these tests, and its password.
var jane = actions.SiteUser{Login: "support-temp-k3m9p2x7qa", Name: "Temporary support admin", Email: "support-temp-k3m9p2x7qa@latchkey.invalid"}

const given = "kV7-mQ2x-Tz9w-Hc4n-Rb8y"

// fine is no trouble.
var fine wordpressfake.Trouble

// calls are what can be asked of a site.
func calls(ctx context.Context, site actions.Site) map[string]func() error {
	return map[string]func() error{
		"Check":     func() error { return site.Check(ctx) },
		"Make":      func() error { _, err := site.Make(ctx, jane, given); return err },
		"Look":      func() error { _, _, err := site.Look(ctx, jane.Login, ""); return err },
		"LookByID":  func() error { _, _, err := site.Look(ctx, "", "2"); return err },
		"Delete":    func() error { return site.Delete(ctx, jane.Login) },
		"Temporary": func() error { _, err := site.Temporary(ctx); return err },
	}
}

// wantError expects an error with words for people, of a code, that shows no secret.
func wantError(t *testing.T, err error, code actions.Code, words ...string) {
	t.Helper()
	ours := new(actions.Error)
	if !errors.As(err, &ours) || ours.Code != code {
		t.Errorf("got %v, want %s", err, code)
		return
	}
	for _, word := range words {
		if !strings.Contains(ours.Sentence, word) {
			t.Errorf("%q doesn't say %q", ours.Sentence, word)
		}
	}
	proof := base64.StdEncoding.EncodeToString([]byte(wordpressfake.Login + ":" + wordpressfake.Password))
	for _, secret := range []string{given, wordpressfake.Password, proof, "canary", "rest_route"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("it shows %q: %v", secret, err)
		}
	}
}

// wantTurnedAway expects that the error says whether surely nothing was done.
func wantTurnedAway(t *testing.T, err error, want bool) {
	t.Helper()
	if errors.Is(err, actions.ErrTurnedAway) != want {
		t.Errorf("surely nothing was done: %t: %v", !want, err)
	}
}

const jsonType = "application/json; charset=UTF-8"

// answer is any answer of JSON.
func answer(status int, body string) wordpressfake.Trouble {
	return wordpressfake.Answer(status, map[string]string{"Content-Type": jsonType}, body)
}

// failures are what a site may answer to anything, and what is made of it.
var failures = map[string]struct {
	trouble wordpressfake.Trouble
	words   string // what people read of it
	turned  bool   // surely nothing was done,
	unless  bool   // but by what changes something: no code says that it is WordPress who answers
	later   time.Duration
}{
	"Dropped":      {trouble: wordpressfake.Dropped, words: "doesn't answer"},
	"Unauthorized": {trouble: wordpressfake.Unauthorized, words: "application password", turned: true},
	"Forbidden":    {trouble: wordpressfake.Forbidden, words: "made an administrator", turned: true},
	"Firewall":     {trouble: wordpressfake.Answer(403, nil, "<html>canary</html>"), words: "a firewall", turned: true, unless: true},
	"Proxy":        {trouble: wordpressfake.Answer(401, nil, "canary"), words: "application password", turned: true, unless: true},
	"ProxyBusy": {
		trouble: wordpressfake.Answer(429, map[string]string{"Retry-After": "60"}, "canary"), words: "takes no more requests", turned: true, unless: true, later: time.Minute,
	},
	"Throttled":    {trouble: wordpressfake.Throttled(""), words: "takes no more requests", turned: true},
	"ThrottledFor": {trouble: wordpressfake.Throttled("120"), words: "takes no more requests", turned: true, later: 2 * time.Minute},
	"ThrottledOdd": {trouble: wordpressfake.Throttled("soon"), words: "takes no more requests", turned: true},
	"Failed":       {trouble: wordpressfake.Failed, words: "an error of its own (500)"},
	"BadGateway":   {trouble: wordpressfake.Answer(502, nil, "canary"), words: "an error of its own (502)"},
	"Maintenance":  {trouble: wordpressfake.Maintenance, words: "maintenance", later: 10 * time.Minute},
	"Garbage":      {trouble: wordpressfake.Garbage, words: "a web page"},
	"Empty":        {trouble: answer(200, ""), words: "can't read"},
	"Null":         {trouble: answer(200, "null"), words: "can't read"},
	"Number":       {trouble: answer(200, "1"), words: "can't read"},
	"Cut":          {trouble: answer(200, `[{"id":1,"username":"canary"`), words: "can't read"},
	"Two":          {trouble: answer(200, `[] []`), words: "can't read"},
	"Warnings":     {trouble: wordpressfake.Warnings, words: "WP_DEBUG_DISPLAY"},
	"Huge":         {trouble: wordpressfake.Huge, words: "can't read"},
	"Headers":      {trouble: wordpressfake.Answer(200, map[string]string{"X-Canary": strings.Repeat("a", 1<<20)}, "[]"), words: "can't read"},
	"Redirect":     {trouble: wordpressfake.Redirect("https://www.acme.example/canary?rest_route"), words: "on to https://www.acme.example,", turned: true, unless: true},
	"RedirectOdd":  {trouble: wordpressfake.Redirect("ftp://canary/"), words: "on to another address,", turned: true, unless: true},
	"NoRoute":      {trouble: answer(404, `{"code":"rest_no_route","message":"canary"}`), words: "no REST API for users", turned: true},
	"NotThere":     {trouble: wordpressfake.Answer(404, nil, "<!DOCTYPE html>canary"), words: "a web page"},
	"Refused":      {trouble: answer(400, `{"code":"rest_invalid_json","message":"canary"}`), words: "(rest_invalid_json)", turned: true},
	"Plugin":       {trouble: answer(422, `{"code":"canary canary"}`), words: "can't read"},
	"Teapot":       {trouble: answer(418, `{"code":"shop_teapot"}`), words: "can't read"},
}

// TestFailures: whatever a site answers, a sentence says what to do, and the error
// whether surely nothing was done.
func TestFailures(t *testing.T) {
	for name, row := range failures {
		t.Run(name, func(t *testing.T) {
			f, site := opened(t)
			f.Down(row.trouble)
			for call, ask := range calls(t.Context(), site) {
				err := ask()
				if err == nil {
					t.Errorf("%s takes it for an answer", call)
					continue
				}
				wantError(t, err, actions.Unavailable, row.words, "Acme shop ", "Please ")
				wantTurnedAway(t, err, row.turned && (!row.unless || call != "Make")) // the others begin with a question
				if later := actions.Later(err); later != row.later {
					t.Errorf("it asks to come back in %s, want %s", later, row.later)
				}
			}
		})
	}
}

// TestLostAnswers: when what changes something goes wrong, the sentence says that it
// may have happened, unless it surely didn't; and when it did, the next try is fine.
func TestLostAnswers(t *testing.T) {
	after := func(status int, body string) wordpressfake.Trouble {
		return wordpressfake.AnswerAfter(status, map[string]string{"Content-Type": jsonType}, body)
	}
	for name, trouble := range map[string]wordpressfake.Trouble{
		"Dropped": wordpressfake.DroppedAfter, "Failed": wordpressfake.FailedAfter, "Warnings": wordpressfake.Warnings,
		"Null": after(200, "null"), "List": after(200, "[]"), "Other": after(201, `{"id":7,"username":"canary","deleted":true,"previous":{"id":7,"username":"x"}}`),
		"Redirect": wordpressfake.AnswerAfter(302, map[string]string{"Location": "https://www.acme.example/"}, ""),
		"Firewall": after(403, "canary"), "Proxy": after(401, "canary"), "ProxyBusy": after(429, "canary"),
		"NotDeleted": after(200, `{"deleted":false}`), "OddDeleted": after(200, `{"deleted":"yes","previous":[]}`),
	} {
		t.Run(name, func(t *testing.T) {
			f, site := opened(t)
			f.Meets(trouble)
			_, err := site.Make(t.Context(), jane, given)
			wantError(t, err, actions.Unavailable, "It may have made the user, or not.")
			wantTurnedAway(t, err, false)
			f.Meets(fine, fine, trouble)
			_, err = site.Make(t.Context(), jane, "another")
			wantError(t, err, actions.Unavailable, "It may have changed the user, or not.")
			if made, err := site.Make(t.Context(), jane, given); err != nil || !made.Admin {
				t.Errorf("trying again: %+v, %v", made, err)
			}
			f.Meets(fine, fine, trouble)
			wantError(t, site.Delete(t.Context(), jane.Login), actions.Unavailable, "It may have deleted the user, or not.")
			if err := site.Delete(t.Context(), jane.Login); err != nil {
				t.Errorf("trying again: %v", err)
			}
			if _, there := f.User(jane.Login); there {
				t.Error("it is still there")
			}
		})
	}
}

// TestLies: who says yes and does nothing is found out by looking.
func TestLies(t *testing.T) {
	f, site := opened(t)
	f.Meets(wordpressfake.Lies)
	if _, err := site.Make(t.Context(), jane, given); err != nil {
		t.Fatal(err)
	}
	if _, found, err := site.Look(t.Context(), jane.Login, "4"); found || err != nil {
		t.Errorf("nobody was made, and somebody is found: %v", err)
	}
	if _, err := site.Make(t.Context(), jane, given); err != nil {
		t.Fatal(err)
	}
	f.Meets(fine, fine, wordpressfake.Lies)
	if err := site.Delete(t.Context(), jane.Login); err != nil {
		t.Fatal(err)
	}
	if _, found, err := site.Look(t.Context(), jane.Login, ""); !found || err != nil {
		t.Errorf("nobody was deleted, and nobody is found: %v", err)
	}
}

// TestNames: a login or an address that WordPress refuses is a Conflict, and nobody is
// made.
func TestNames(t *testing.T) {
	for name, row := range map[string]struct {
		trouble wordpressfake.Trouble
		words   string
	}{
		"Login":         {answer(400, `{"code":"rest_user_invalid_username","message":"canary"}`), "doesn't allow the login"},
		"IllegalLogin":  {answer(500, `{"code":"invalid_username"}`), "doesn't allow the login"},
		"LongLogin":     {answer(500, `{"code":"user_login_too_long"}`), "doesn't allow the login"},
		"Address":       {answer(500, `{"code":"existing_user_email"}`), "e-mail address"},
		"AddressOfMany": {answer(400, `{"code":"rest_user_invalid_email"}`), "e-mail address"},
		"Parameter":     {answer(400, `{"code":"rest_invalid_param","data":{"params":{"email":"canary"}}}`), "e-mail address or the role"},
		"Password":      {answer(400, `{"code":"rest_user_invalid_password"}`), "the generated password"},
		"Role":          {answer(403, `{"code":"rest_user_invalid_role"}`), "made an administrator"},
		"HiddenLogin":   {answer(500, `{"code":"existing_user_login"}`), "doesn't show by whom"},
	} {
		t.Run(name, func(t *testing.T) {
			f, site := opened(t)
			f.Meets(row.trouble)
			_, err := site.Make(t.Context(), jane, given)
			wantError(t, err, actions.Conflict, row.words, "Please ")
			if name != "HiddenLogin" && name != "Role" {
				f.Add(wordpressfake.User{Login: jane.Login, Email: jane.Email, Role: "administrator"})
				f.Meets(fine, fine, row.trouble) // the same when it is taken over
				_, err := site.Make(t.Context(), jane, given)
				wantError(t, err, actions.Conflict, row.words)
			}
		})
	}
	f, site := opened(t)
	f.Add(wordpressfake.User{Login: "tina", Email: jane.Email, Role: "subscriber"})
	_, err := site.Make(t.Context(), jane, given)
	wantError(t, err, actions.Conflict, "e-mail address")
	if _, there := f.User(jane.Login); there {
		t.Error("somebody was made")
	}
}

// TestMadeAtTheSameMoment: WordPress found no such login, and then the address that
// another try of ours had just taken.
func TestMadeAtTheSameMoment(t *testing.T) {
	f, site := opened(t)
	f.Add(wordpressfake.User{Login: jane.Login, Email: jane.Email, Role: "administrator"})
	f.Meets(answer(500, `{"code":"existing_user_email"}`))
	if made, err := site.Make(t.Context(), jane, given); err != nil || made.Login != jane.Login {
		t.Errorf("it made %+v: %v", made, err)
	}
}

// silence is a network on which nobody answers.
type silence struct{}

func (silence) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// dripping answers at once, and never ends.
type dripping struct{}

func (dripping) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: io.NopCloser(drip{r.Context()})}, nil
}

type drip struct{ ctx context.Context }

func (d drip) Read(p []byte) (int, error) {
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	select {
	case <-timer.C:
		p[0] = ' '
		return 1, nil
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	}
}

// TestSlow: no call takes longer than SiteLimit, whatever the site does.
func TestSlow(t *testing.T) {
	for name, network := range map[string]http.RoundTripper{"Silent": silence{}, "Dripping": dripping{}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				site, err := wordpress.OpenOver(target("https://acme.example"), wordpressfake.Password, network)
				if err != nil {
					t.Fatal(err)
				}
				for call, ask := range calls(t.Context(), site) {
					began := time.Now()
					err := ask()
					wantError(t, err, actions.Unavailable, "didn't answer in time")
					wantTurnedAway(t, err, false)
					if took := time.Since(began); took != actions.SiteLimit {
						t.Errorf("%s took %s", call, took)
					}
				}
			})
		})
	}
}

// TestSlowAfter: a site that made the user, and answers later than anybody waits.
func TestSlowAfter(t *testing.T) {
	f, site := opened(t)
	f.Meets(wordpressfake.SlowAfter)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := site.Make(ctx, jane, given)
	wantError(t, err, actions.Unavailable, "It may have made the user, or not.")
	if _, there := f.User(jane.Login); !there {
		t.Error("nobody was made")
	}
}
