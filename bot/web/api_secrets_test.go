package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/web"
)

// mint is a SecretMaker that notes what was wanted.
type mint struct {
	counterOf
	failed error
	wanted []string
}

const mintedLink = "https://help.acme.example/s/AwMDAwMDAwMDAwMDAwMDAw#BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ"

func (m *mint) CreateSecretFor(_ context.Context, holder actions.TokenHolder, n actions.NewSecret, ticket string) (actions.SecretMade, error) {
	m.wanted = append(m.wanted, fmt.Sprintf("%s %+v %s", holder.Name, n, ticket))
	if m.failed != nil {
		return actions.SecretMade{}, m.failed
	}
	made := actions.SecretMade{Link: mintedLink}
	made.Report.Secret = actions.Secret{ID: "AwMDAwMDAwMDAwMDAwMDAw", ExpiresAt: askedAt.In(time.FixedZone("", 3600))}
	if n.Passphrase == actions.PassphraseWords {
		made.Passphrase = "apple-river-candle-meadow-stone"
	}
	return made, nil
}

const (
	mintPath = "/v1/secrets"
	asJSON   = "application/json"
)

func newMint() *mint { return &mint{counterOf: counterOf(actions.ScopeSecrets)} }

func TestMakeSecret(t *testing.T) {
	const begin = `{"id":"AwMDAwMDAwMDAwMDAwMDAw","link":"` + mintedLink + `","passphrase":`
	for name, test := range map[string]struct{ body, wanted, passphrase string }{
		"Content": {`{"content":" p4ss\n"}`, "product {Content: p4ss\n Lifetime:24h0m0s Passphrase:words Own: From: For: Mail:false} ", `"apple-river-candle-meadow-stone"`},
		"All": {
			`{"content":"x","lifetime":"15m","passphrase":"own","own_passphrase":"correct horse","for":"jane.doe","ticket":"T-1"}`,
			"product {Content:x Lifetime:15m0s Passphrase:own Own:correct horse From: For:jane.doe Mail:false} T-1", "null",
		},
		"None": {`{"passphrase":"none","content":"x","lifetime":"7d"}`, "product {Content:x Lifetime:168h0m0s Passphrase:none Own: From: For: Mail:false} ", "null"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMint()
			answer := ask(web.MakeSecrets(m, silent), http.MethodPost, mintPath, test.body, header("Content-Type", asJSON))
			answered(t, answer, 200, begin+test.passphrase+`,"expires_at":"2026-11-20T09:30:00Z"}`)
			if len(m.wanted) != 1 || m.wanted[0] != test.wanted || answer.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("wanted %q; %v", m.wanted, answer.Header())
			}
		})
	}
}

func TestMakeSecretRefused(t *testing.T) {
	const good = `{"content":"top-secret"}`
	none := func(*http.Request) {}
	for name, test := range map[string]struct {
		method, body string
		change       func(*http.Request)
		status       int
		says         string
	}{
		"NoToken":        {"POST", good, func(r *http.Request) { r.Header.Del("Authorization") }, 401, "unauthorized"},
		"UnknownToken":   {"POST", good, header("Authorization", "Bearer bad"), 401, "unauthorized"},
		"OtherScope":     {"POST", good, header("Authorization", "Bearer other"), 403, "forbidden"},
		"Get":            {"GET", "", none, 405, "POST"},
		"Form":           {"POST", "content=x", header("Content-Type", "application/x-www-form-urlencoded"), 415, "application/json"},
		"NoType":         {"POST", good, func(r *http.Request) { r.Header.Del("Content-Type") }, 415, "application/json"},
		"Compressed":     {"POST", good, header("Content-Encoding", "gzip"), 415, "compressed"},
		"TooLong":        {"POST", `{"content":"` + strings.Repeat("x", 120<<10) + `"}`, none, 413, "16 KB"},
		"Nothing":        {"POST", "", none, 400, "JSON"},
		"NotJSON":        {"POST", "top-secret", none, 400, "JSON"},
		"NoContent":      {"POST", `{}`, none, 400, "content"},
		"NullContent":    {"POST", `{"content":null}`, none, 400, "content"},
		"Number":         {"POST", `{"content":1}`, none, 400, "content"},
		"OtherCase":      {"POST", `{"Content":"top-secret"}`, none, 400, "content"},
		"Extra":          {"POST", `{"content":"top-secret","mail":"x"}`, none, 400, "content"},
		"Twice":          {"POST", `{"content":"top-secret","content":"y"}`, none, 400, "twice"},
		"TwoObjects":     {"POST", good + good, none, 400, "JSON"},
		"NUL":            {"POST", `{"content":"top-secret\u0000"}`, none, 400, "NUL"},
		"NotUTF8":        {"POST", "{\"content\":\"top-secret\xff\"}", none, 400, "UTF-8"},
		"Lifetime":       {"POST", `{"content":"top-secret","lifetime":"2d"}`, none, 400, "15m"},
		"LifetimeBelow0": {"POST", `{"content":"top-secret","lifetime":"-1h"}`, none, 400, "15m"},
		"LifetimeEmpty":  {"POST", `{"content":"top-secret","lifetime":""}`, none, 400, "15m"},
		"LifetimeHuge":   {"POST", `{"content":"top-secret","lifetime":"99999999999999999999d"}`, none, 400, "15m"},
		"Passphrase":     {"POST", `{"content":"top-secret","passphrase":"hunter2"}`, none, 400, "none, words or own"},
		"OwnWithout":     {"POST", `{"content":"top-secret","passphrase":"own"}`, none, 400, "own_passphrase"},
		"OwnBesideWords": {"POST", `{"content":"top-secret","own_passphrase":"correct horse"}`, none, 400, "own_passphrase"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMint()
			answer := ask(web.MakeSecrets(m, silent), test.method, mintPath, test.body, header("Content-Type", asJSON), test.change)
			if answer.Code != test.status || !strings.Contains(answer.Body.String(), test.says) || len(m.wanted) > 0 {
				t.Errorf("got %d %s; wanted %v", answer.Code, answer.Body, m.wanted)
			}
			if strings.Contains(answer.Body.String(), "top-secret") || strings.Contains(answer.Body.String(), "hunter2") {
				t.Errorf("it says what was sent: %s", answer.Body)
			}
		})
	}
}

func TestMakeSecretFails(t *testing.T) {
	for status, failed := range map[int]error{
		400: actions.Errorf(actions.Invalid, "That is too long."), 503: actions.Errorf(actions.Unavailable, "The database doesn't answer."),
		500: errors.New("boom"), 403: actions.Errorf(actions.Forbidden, "No."),
	} {
		var lines bytes.Buffer
		m := newMint()
		m.failed = failed
		answer := ask(web.MakeSecrets(m, slog.New(slog.NewJSONHandler(&lines, nil))), http.MethodPost, mintPath, `{"content":"top-secret"}`, header("Content-Type", asJSON))
		if answer.Code != status || strings.Contains(answer.Body.String(), "boom") || (lines.Len() > 0) != (status >= 500) {
			t.Errorf("got %d %s, want %d; the log has %s", answer.Code, answer.Body, status, &lines)
		}
		if strings.Contains(lines.String(), "top-secret") {
			t.Errorf("the log has what was sent: %s", &lines)
		}
	}
}
