package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// callSlack calls a method of the Web API as the app does.
func (w *town) callSlack(method string, fields map[string]string) {
	w.t.Helper()
	form := url.Values{"token": {w.slack.Token()}}
	for name, value := range fields {
		form.Set(name, value)
	}
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.slack.APIURL()+method, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := w.slack.Transport().RoundTrip(r)
	if err != nil || got.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: %v, %v", method, got, err)
	}
	_ = got.Body.Close()
}

// TestHosts: another name that leads here is another site (DNS rebinding).
func TestHosts(t *testing.T) {
	w := open(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(w.URL, "http://"), ":")
	for host, want := range map[string]int{
		"127.0.0.1:" + port:              http.StatusOK,
		"localhost:" + port:              http.StatusOK,
		"[::1]:" + port:                  http.StatusOK,
		"127.0.0.1:1":                    http.StatusMisdirectedRequest,
		"127.0.0.1":                      http.StatusMisdirectedRequest,
		"evil.example:" + port:           http.StatusMisdirectedRequest,
		"127.0.0.1.evil.example:" + port: http.StatusMisdirectedRequest,
		"localhost.evil.example:" + port: http.StatusMisdirectedRequest,
		"10.0.0.1:" + port:               http.StatusMisdirectedRequest,
	} {
		for _, path := range []string{"/", "/api/state?as=U0AVA", "/static/main.js"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = host
			got, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = got.Body.Close()
			if got.StatusCode != want {
				t.Errorf("%s at %s: %d, not %d", path, host, got.StatusCode, want)
			}
		}
	}
}

// TestOrigins: only the page itself posts.
func TestOrigins(t *testing.T) {
	w := open(t)
	other := strings.Replace(w.URL, "127.0.0.1", "localhost", 1)
	for name, test := range map[string]struct {
		origin, site string
		want         int
	}{
		"OK":          {w.URL, "same-origin", http.StatusOK},
		"OnlyOrigin":  {w.URL, "", http.StatusOK},
		"OnlySite":    {"", "same-origin", http.StatusOK},
		"Nothing":     {"", "", http.StatusForbidden},
		"Foreign":     {"https://evil.example", "cross-site", http.StatusForbidden},
		"OtherPort":   {"http://127.0.0.1:1", "same-site", http.StatusForbidden},
		"OtherName":   {other, "", http.StatusForbidden},
		"Null":        {"null", "", http.StatusForbidden},
		"TypedByHand": {"", "none", http.StatusForbidden},
		"Mixed":       {"https://evil.example", "same-origin", http.StatusForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			r := w.request("say", `{"as":"U0AVA","conversation":"C0SUPPORT","text":"hi"}`)
			for header, value := range map[string]string{"Origin": test.origin, "Sec-Fetch-Site": test.site} {
				r.Header.Del(header)
				if value != "" {
					r.Header.Set(header, value)
				}
			}
			if status, answer := w.send(r); status != test.want {
				t.Errorf("got %d %v, want %d", status, answer, test.want)
			}
		})
	}
}

func TestBodies(t *testing.T) {
	w := open(t)
	for name, test := range map[string]struct {
		kind, body string
		want       int
	}{
		"OK":           {"application/json; charset=utf-8", `{"as":"U0AVA","conversation":"C0SUPPORT","text":"hi"}`, http.StatusOK},
		"Form":         {"application/x-www-form-urlencoded", `as=U0AVA`, http.StatusUnsupportedMediaType},
		"Plain":        {"text/plain", `{"as":"U0AVA","conversation":"C0SUPPORT","text":"hi"}`, http.StatusUnsupportedMediaType},
		"Empty":        {"application/json", ``, http.StatusBadRequest},
		"Broken":       {"application/json", `{"as":`, http.StatusBadRequest},
		"UnknownField": {"application/json", `{"as":"U0AVA","conversation":"C0SUPPORT","text":"hi","admin":true}`, http.StatusBadRequest},
		"TwoValues":    {"application/json", `{"as":"U0AVA","conversation":"C0SUPPORT","text":"hi"}{}`, http.StatusBadRequest},
		"TooLong":      {"application/json", `{"as":"U0AVA","text":"` + strings.Repeat("a", 64<<10) + `"}`, http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			r := w.request("say", test.body)
			r.Header.Set("Content-Type", test.kind)
			if status, answer := w.send(r); status != test.want {
				t.Errorf("got %d %v, want %d", status, answer, test.want)
			}
		})
	}
}

// TestNobodyElse: one can only be one of the people of the config, also when
// somebody else is a member of the workspace.
func TestNobodyElse(t *testing.T) {
	w := open(t)
	for _, as := range []string{"U0BEN", "U0BOT", ""} {
		for _, act := range []string{"command", "say", "click", "shortcut", "submit", "close", "home", "attempt"} {
			if status, answer := w.post(act, map[string]any{"as": as}); status != http.StatusNotFound {
				t.Errorf("%s as %q: %d %v", act, as, status, answer)
			}
		}
		for _, path := range []string{"/api/state?as=", "/api/events?as="} {
			if got := w.get(path + as); got.status != http.StatusNotFound {
				t.Errorf("%s%s: %d", path, as, got.status)
			}
		}
	}
}

func TestHeaders(t *testing.T) {
	w := open(t)
	for _, path := range []string{"/", "/static/main.js", "/api/state?as=U0AVA", "/nothing"} {
		got := w.get(path)
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got.header.Get(header) != want {
				t.Errorf("%s: %s is %q", path, header, got.header.Get(header))
			}
		}
		for _, part := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'"} {
			if csp := got.header.Get("Content-Security-Policy"); !strings.Contains(csp, part) || strings.Contains(csp, "unsafe") {
				t.Errorf("%s: the policy is %q", path, csp)
			}
		}
	}
}
