package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/web"
)

// counterOf is a Doorkeeper that lets in who has the token "good" of one scope,
// and knows a token "other" of another.
type counterOf actions.Scope

func (d counterOf) Authenticate(_ context.Context, bearer string, scopes ...actions.Scope) (actions.TokenHolder, error) {
	if len(scopes) != 1 || scopes[0] != actions.Scope(d) {
		return actions.TokenHolder{}, errors.New("asked for other scopes")
	}
	switch bearer {
	case "good":
		return actions.TokenHolder{Name: "product", Scopes: scopes}, nil
	case "other":
		return actions.TokenHolder{}, actions.Errorf(actions.Forbidden, "This token doesn't open that.")
	}
	return actions.TokenHolder{}, actions.ErrUnknownToken
}

// till is a Redeemer with one code.
type till struct {
	counterOf
	failed error
	asked  []string
}

func (d *till) RedeemLinkCode(_ context.Context, holder actions.TokenHolder, code string) (string, actions.LinkPurpose, error) {
	d.asked = append(d.asked, holder.Name+" "+code)
	switch {
	case d.failed != nil:
		return "", "", d.failed
	case code != linkCode || len(d.asked) > 1:
		return "", "", actions.Errorf(actions.NotFound, "This code isn't good.")
	}
	return "u1", actions.LinkReset, nil
}

// ask sends a request of a system with a good token.
func ask(h http.Handler, method, target, body string, changes ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer good")
	return visits(h, r, changes)
}

const (
	redeemPath = "/v1/links/redeem"
	goodCode   = `{"code":"` + linkCode + `"}`
)

func TestRedeem(t *testing.T) {
	desk := &till{counterOf: counterOf(actions.ScopeLinks)}
	h := web.Redeem(desk, silent)
	answer := ask(h, http.MethodPost, redeemPath, goodCode, header("Content-Type", "application/json; charset=utf-8"))
	if answer.Code != http.StatusOK || answer.Body.String() != `{"user_id":"u1","purpose":"reset"}`+"\n" || answer.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
	answer = ask(h, http.MethodPost, redeemPath, goodCode)
	if answer.Code != http.StatusNotFound || answer.Body.String() != `{"error":"unknown_code"}`+"\n" {
		t.Errorf("again: got %d %s", answer.Code, answer.Body)
	}
}

func TestRedeemRefused(t *testing.T) {
	for name, test := range map[string]struct {
		method, body string
		change       func(*http.Request)
		status       int
		says         string
	}{
		"NoToken":      {"POST", goodCode, func(r *http.Request) { r.Header.Del("Authorization") }, 401, "unauthorized"},
		"UnknownToken": {"POST", goodCode, header("Authorization", "Bearer bad"), 401, "unauthorized"},
		"TwoTokens":    {"POST", goodCode, func(r *http.Request) { r.Header.Add("Authorization", "Bearer good") }, 401, "unauthorized"},
		"NotBearer":    {"POST", goodCode, header("Authorization", "Basic good"), 401, "unauthorized"},
		"OtherScope":   {"POST", goodCode, header("Authorization", "Bearer other"), 403, "forbidden"},
		"Get":          {"GET", "", func(*http.Request) {}, 405, "POST"},
		"Form":         {"POST", "code=x", header("Content-Type", "application/x-www-form-urlencoded"), 415, "application/json"},
		"Compressed":   {"POST", goodCode, header("Content-Encoding", "gzip"), 415, "compressed"},
		"TooLong":      {"POST", `{"code":"` + strings.Repeat("x", 1024) + `"}`, func(*http.Request) {}, 413, "too long"},
		"Nothing":      {"POST", "", func(*http.Request) {}, 400, "code"},
		"NotJSON":      {"POST", "code", func(*http.Request) {}, 400, "code"},
		"NoCode":       {"POST", `{}`, func(*http.Request) {}, 400, "code"},
		"EmptyCode":    {"POST", `{"code":""}`, func(*http.Request) {}, 400, "code"},
		"NullCode":     {"POST", `{"code":null}`, func(*http.Request) {}, 400, "code"},
		"Number":       {"POST", `{"code":1}`, func(*http.Request) {}, 400, "code"},
		"OtherCase":    {"POST", `{"CODE":"x"}`, func(*http.Request) {}, 400, "code"},
		"MoreNames":    {"POST", `{"code":"x","user_id":"u2"}`, func(*http.Request) {}, 400, "code"},
		"Twice":        {"POST", `{"code":"x","code":"y\""}`, func(*http.Request) {}, 400, "code"},
		"TwoObjects":   {"POST", goodCode + goodCode, func(*http.Request) {}, 400, "code"},
		"List":         {"POST", `["code"]`, func(*http.Request) {}, 400, "code"},
	} {
		t.Run(name, func(t *testing.T) {
			desk := &till{counterOf: counterOf(actions.ScopeLinks)}
			answer := ask(web.Redeem(desk, silent), test.method, redeemPath, test.body, test.change)
			if answer.Code != test.status || !strings.Contains(answer.Body.String(), test.says) || len(desk.asked) > 0 {
				t.Errorf("got %d %s; asked %v", answer.Code, answer.Body, desk.asked)
			}
			if (answer.Header().Get("WWW-Authenticate") != "") != (test.status == 401) || (answer.Header().Get("Allow") != "") != (test.status == 405) {
				t.Errorf("headers: %v", answer.Header())
			}
		})
	}
}

// A code with an escaped character is a code like others.
func TestRedeemEscaped(t *testing.T) {
	desk := &till{counterOf: counterOf(actions.ScopeLinks)}
	escaped := `{ "c\u006fde" : "\"` + linkCode + `\\" }`
	if answer := ask(web.Redeem(desk, silent), http.MethodPost, redeemPath, escaped); answer.Code != 404 || len(desk.asked) != 1 || desk.asked[0] != `product "`+linkCode+`\` {
		t.Errorf("got %d; asked %q", answer.Code, desk.asked)
	}
}

func TestRedeemFails(t *testing.T) {
	for status, failed := range map[int]error{
		503: actions.Errorf(actions.Unavailable, "The database doesn't answer."), 500: errors.New("boom"), 403: actions.Errorf(actions.Forbidden, "No."),
	} {
		desk := &till{counterOf: counterOf(actions.ScopeLinks), failed: failed}
		answer := ask(web.Redeem(desk, silent), http.MethodPost, redeemPath, goodCode)
		if answer.Code != status || strings.Contains(answer.Body.String(), "boom") || (answer.Header().Get("Retry-After") != "") != (status == 503) {
			t.Errorf("got %d %s, want %d", answer.Code, answer.Body, status)
		}
	}
}
