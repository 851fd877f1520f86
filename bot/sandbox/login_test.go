package sandbox_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// ticket is what the form of the login page carries.
var ticket = regexp.MustCompile(`name="ticket" value="([^"]*)"`)

// choose sends the form, from an origin.
func (w *town) choose(ticket, password, origin string) file {
	w.t.Helper()
	form := url.Values{"ticket": {ticket}, "password": {password}}
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.URL+"/login", strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", origin)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return file{got.StatusCode, got.Header, string(body)}
}

func TestLogin(t *testing.T) {
	for name, test := range map[string]struct {
		code, state, says string
		status            int
		tried             string
	}{
		"Front":   {"", "front", "Log in to Skylark", http.StatusOK, ""},
		"In":      {"login", "in", "You’re in, &lt;b&gt;Jane&lt;/b&gt;", http.StatusOK, "u-jane success"},
		"Chooses": {"reset", "choose", "Choose a new password", http.StatusOK, ""},
		"Spent":   {"nosuch", "spent", "good once", http.StatusOK, ""},
		"Trouble": {"broken", "trouble", "Something went wrong", http.StatusBadGateway, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t)
			got := w.get("/login?code=" + test.code)
			if got.status != test.status || !strings.Contains(got.body, `data-state="`+test.state+`"`) || !strings.Contains(got.body, test.says) {
				t.Errorf("%d: %s", got.status, got.body)
			}
			if tried := strings.Join(w.customers.tried, ", "); tried != test.tried {
				t.Errorf("what the customer tried is %q, not %q", tried, test.tried)
			}
			if policy := got.header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self'") || strings.Contains(policy, "script") {
				t.Errorf("its policy is %s", policy)
			}
			if test.code != "" && strings.Contains(got.body, "?code="+test.code) {
				t.Error("the code stands on the page")
			}
		})
	}
}

// TestLoginWhileLocked: a link opens no lock.
func TestLoginWhileLocked(t *testing.T) {
	w := open(t)
	w.customers.locked = "u-jane"
	if got := w.get("/login?code=login"); !strings.Contains(got.body, `data-state="refused"`) {
		t.Errorf("whoever is locked reads %s", got.body)
	}
}

// TestChoosePassword: whoever came with a good link chooses a password, once,
// and from the page alone.
func TestChoosePassword(t *testing.T) {
	const secret = "correct horse battery"
	w := open(t)
	page := w.get("/login?code=reset").body
	found := ticket.FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("there is no form in %s", page)
	}
	for name, test := range map[string]struct {
		ticket, password, origin, says string
		status                         int
	}{
		"Foreign":    {found[1], secret, "https://evil.example", "own page", http.StatusForbidden},
		"Nowhere":    {found[1], secret, "null", "own page", http.StatusForbidden},
		"Short":      {found[1], "short", w.URL, "12 to 200 characters", http.StatusUnprocessableEntity},
		"Long":       {found[1], strings.Repeat("é", 201), w.URL, "12 to 200 characters", http.StatusUnprocessableEntity},
		"NoTicket":   {"", secret, w.URL, "good once", http.StatusOK},
		"GuessedOne": {"0", secret, w.URL, "good once", http.StatusOK},
	} {
		if got := w.choose(test.ticket, test.password, test.origin); got.status != test.status || !strings.Contains(got.body, test.says) || strings.Contains(got.body, secret) {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if len(w.customers.tried) > 0 {
		t.Errorf("somebody logged in: %v", w.customers.tried)
	}
	if got := w.choose(found[1], secret, w.URL); !strings.Contains(got.body, `data-state="changed"`) || strings.Contains(got.body, secret) || len(w.customers.tried) != 1 {
		t.Errorf("with a good password: %s, %v", got.body, w.customers.tried)
	}
	if got := w.choose(found[1], secret, w.URL); !strings.Contains(got.body, `data-state="spent"`) || len(w.customers.tried) != 1 {
		t.Errorf("once more: %s, %v", got.body, w.customers.tried)
	}
}
