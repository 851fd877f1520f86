package wordpress_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/wordpress"
	"github.com/latchkey-bot/latchkey/actions/wordpress/wordpressfake"
)

// always is a network on which each answer is the same.
type always struct {
	status      int
	total, body string
}

func (a always) RoundTrip(r *http.Request) (*http.Response, error) {
	header := http.Header{"X-Wp-Total": {a.total}, "Retry-After": {a.total}, "Location": {a.body}}
	return &http.Response{StatusCode: a.status, Header: header, Request: r, Body: io.NopCloser(strings.NewReader(a.body))}, nil
}

// FuzzAnswers: whatever a site answers, each call ends, its error is one sentence of
// ours that shows no secret, and what it returns is what was asked for.
func FuzzAnswers(f *testing.F) {
	for _, body := range []string{
		"", "null", "[]", "{}", `[{"id":4,"username":"support-temp-k3m9p2x7qa","roles":["administrator"],"capabilities":{"manage_options":true}}]`,
		`{"id":4,"username":"support-temp-k3m9p2x7qa","name":"a","email":"b","roles":{"1":"administrator"},"capabilities":[]}`,
		`{"deleted":true,"previous":{"id":4,"username":"support-temp-k3m9p2x7qa"}}`, `{"code":"existing_user_login","message":"x","data":null}`,
		`{"code":"rest_user_invalid_id","data":{"status":404}}`, "<br />\n<b>Warning</b>: x []", "<!DOCTYPE html>", "https://acme.example/", "\x00\xff[",
	} {
		for _, status := range []int{200, 201, 301, 404, 500, 501} {
			f.Add(status, "1", body)
		}
	}
	f.Fuzz(func(t *testing.T, status int, total, body string) {
		if status < 100 || status > 999 {
			return // net/http hands on no other
		}
		site, err := wordpress.OpenOver(target("https://acme.example"), wordpressfake.Password, always{status, total, body})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for call, ask := range calls(ctx, site) {
			wantOurs(t, call, ask())
		}
		wantAsked(ctx, t, site)
	})
}

// wantOurs expects no error, or one that people may read.
func wantOurs(t *testing.T, call string, err error) {
	t.Helper()
	ours := new(actions.Error)
	if err == nil {
		return
	}
	if !errors.As(err, &ours) || len(ours.Sentence) > 700 || strings.ContainsAny(ours.Sentence, "\n\x00<") {
		t.Errorf("%s: %q", call, err)
	}
	if code := ours.Code; code != actions.Unavailable && code != actions.Conflict {
		t.Errorf("%s: %s: %v", call, code, err)
	}
	if strings.Contains(err.Error(), given) || strings.Contains(err.Error(), wordpressfake.Password) {
		t.Errorf("%s shows a password: %q", call, err)
	}
}

// wantAsked expects that what is returned is what was asked for.
func wantAsked(ctx context.Context, t *testing.T, site actions.Site) {
	t.Helper()
	if made, err := site.Make(ctx, jane, given); err == nil && (!strings.EqualFold(made.Login, jane.Login) || made.ID == "") {
		t.Errorf("it made %+v", made)
	}
	if seen, found, err := site.Look(ctx, jane.Login, ""); err == nil && found && !strings.EqualFold(seen.Login, jane.Login) {
		t.Errorf("it found %+v", seen)
	}
	users, err := site.Temporary(ctx)
	for _, user := range users {
		if err != nil || !strings.HasPrefix(strings.ToLower(user.Login), actions.AdminPrefix) || user.ID == "" || len([]rune(user.Name)) > 250 {
			t.Errorf("it lists %+v, %v", user, err)
		}
	}
}
