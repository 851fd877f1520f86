package web_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/web"
)

// ticketOffice is a TicketDesk that notes which tickets it hears of.
type ticketOffice struct {
	counterOf
	failed error
	heard  []string
}

func (o *ticketOffice) TicketSolved(_ context.Context, holder actions.TokenHolder, ticket string) (actions.SolvedTicket, error) {
	o.heard = append(o.heard, holder.Name+" "+ticket)
	if o.failed != nil {
		return actions.SolvedTicket{}, o.failed
	}
	return actions.SolvedTicket{Ticket: "#4711", Ended: 2, Gone: 1}, nil
}

func newOffice() *ticketOffice { return &ticketOffice{counterOf: counterOf(actions.ScopeTickets)} }

const (
	solvedPath = "/v1/tickets/solved"
	goodTicket = `{"ticket":"#4711"}`
)

func TestTicketsSolved(t *testing.T) {
	for name, test := range map[string]struct{ body, heard string }{
		"Named":   {goodTicket, "#4711"},
		"Digits":  {`{"ticket":"4711"}`, "4711"},
		"Number":  {`{"ticket":4711}`, "4711"},
		"Spaces":  {"{\r\n\t\"ticket\" : \"#4711\"\r\n}\r\n", "#4711"},
		"Escaped": {`{"t\u0069cket":"\u00234711"}`, "#4711"},
	} {
		t.Run(name, func(t *testing.T) {
			office := newOffice()
			answer := ask(web.TicketsSolved(office, silent), http.MethodPost, solvedPath, test.body, header("Content-Type", "application/json; charset=utf-8"))
			answered(t, answer, 200, `{"ticket":"#4711","ended":2,"gone":1}`)
			if len(office.heard) != 1 || office.heard[0] != "product "+test.heard || answer.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("it heard %q; %v", office.heard, answer.Header())
			}
		})
	}
}

func TestTicketsSolvedRefused(t *testing.T) {
	none := func(*http.Request) {}
	for name, test := range map[string]struct {
		method, body string
		change       func(*http.Request)
		status       int
		says         string
	}{
		"NoToken":      {"POST", goodTicket, func(r *http.Request) { r.Header.Del("Authorization") }, 401, "unauthorized"},
		"UnknownToken": {"POST", goodTicket, header("Authorization", "Bearer bad"), 401, "unauthorized"},
		"TwoTokens":    {"POST", goodTicket, func(r *http.Request) { r.Header.Add("Authorization", "Bearer good") }, 401, "unauthorized"},
		"NotBearer":    {"POST", goodTicket, header("Authorization", "Basic good"), 401, "unauthorized"},
		"OtherScope":   {"POST", goodTicket, header("Authorization", "Bearer other"), 403, "forbidden"},
		"Get":          {"GET", "", none, 405, "POST"},
		"Untyped":      {"POST", goodTicket, func(r *http.Request) { r.Header.Del("Content-Type") }, 415, "application/json"},
		"Form":         {"POST", "ticket=4711", header("Content-Type", "application/x-www-form-urlencoded"), 415, "application/json"},
		"Compressed":   {"POST", goodTicket, header("Content-Encoding", "gzip"), 415, "compressed"},
		"TooLong":      {"POST", `{"ticket":"` + strings.Repeat("1", 1024) + `"}`, none, 413, "too long"},
		"Nothing":      {"POST", "", none, 400, "ticket"},
		"NotJSON":      {"POST", "#4711", none, 400, "ticket"},
		"NotUTF8":      {"POST", "{\"ticket\":\"#\xff\"}", none, 400, "ticket"},
		"Surrogate":    {"POST", `{"ticket":"\ud800"}`, none, 400, "ticket"},
		"NUL":          {"POST", `{"ticket":"4711\u0000"}`, none, 400, "ticket"},
		"Empty":        {"POST", `{"ticket":""}`, none, 400, "ticket"},
		"Null":         {"POST", `{"ticket":null}`, none, 400, "ticket"},
		"True":         {"POST", `{"ticket":true}`, none, 400, "ticket"},
		"Negative":     {"POST", `{"ticket":-4711}`, none, 400, "ticket"},
		"Fraction":     {"POST", `{"ticket":4711.0}`, none, 400, "ticket"},
		"Exponent":     {"POST", `{"ticket":1e3}`, none, 400, "ticket"},
		"Nested":       {"POST", `{"ticket":{"id":4711}}`, none, 400, "ticket"},
		"Several":      {"POST", `{"ticket":[4711]}`, none, 400, "ticket"},
		"NoTicket":     {"POST", `{}`, none, 400, "ticket"},
		"OtherCase":    {"POST", `{"Ticket":"4711"}`, none, 400, "ticket"},
		"MoreNames":    {"POST", `{"ticket":"4711","status":"solved"}`, none, 400, "ticket"},
		"Twice":        {"POST", `{"ticket":"4711","ticket":"4712"}`, none, 400, "ticket"},
		"TwoObjects":   {"POST", goodTicket + goodTicket, none, 400, "ticket"},
		"List":         {"POST", `["ticket","4711"]`, none, 400, "ticket"},
		"Text":         {"POST", `"ticket"`, none, 400, "ticket"},
	} {
		t.Run(name, func(t *testing.T) {
			office := newOffice()
			answer := ask(web.TicketsSolved(office, silent), test.method, solvedPath, test.body, header("Content-Type", asJSON), test.change)
			if answer.Code != test.status || !strings.Contains(answer.Body.String(), test.says) || len(office.heard) > 0 {
				t.Errorf("got %d %s; it heard %v", answer.Code, answer.Body, office.heard)
			}
			if (answer.Header().Get("WWW-Authenticate") != "") != (test.status == 401) || (answer.Header().Get("Allow") != "") != (test.status == 405) {
				t.Errorf("headers: %v", answer.Header())
			}
		})
	}
}

func TestTicketsSolvedFails(t *testing.T) {
	for status, failed := range map[int]error{
		400: actions.Errorf(actions.Invalid, "A ticket is written #4711."), 403: actions.Errorf(actions.Forbidden, "No."),
		500: errors.New("boom"), 503: actions.Errorf(actions.Unavailable, "The database doesn't answer."),
	} {
		office := newOffice()
		office.failed = failed
		answer := ask(web.TicketsSolved(office, silent), http.MethodPost, solvedPath, goodTicket, header("Content-Type", asJSON))
		said := answer.Body.String()
		if answer.Code != status || strings.Contains(said, "boom") || (answer.Header().Get("Retry-After") != "") != (status == 503) {
			t.Errorf("got %d %s, want %d", answer.Code, said, status)
		}
		if status == 400 && !strings.Contains(said, "is written #4711") {
			t.Errorf("it doesn't say what is wrong: %s", said)
		}
	}
}

// TestHungUp: a fault is logged as an error, unless whoever asked has hung up meanwhile.
func TestHungUp(t *testing.T) {
	for name, test := range map[string]struct {
		leaves bool
		level  string
	}{"Waits": {false, "ERROR"}, "HungUp": {true, "INFO"}} {
		t.Run(name, func(t *testing.T) {
			var lines bytes.Buffer
			office := newOffice()
			office.failed = errors.New("broken")
			h := web.TicketsSolved(office, slog.New(slog.NewTextHandler(&lines, nil)))
			ctx, hangUp := context.WithCancel(t.Context())
			defer hangUp()
			if test.leaves {
				hangUp()
			}
			r := httptest.NewRequestWithContext(ctx, http.MethodPost, solvedPath, strings.NewReader(goodTicket))
			r.Header.Set("Authorization", "Bearer good")
			r.Header.Set("Content-Type", "application/json")
			h.ServeHTTP(httptest.NewRecorder(), r)
			if !strings.Contains(lines.String(), "level="+test.level) || strings.Count(lines.String(), "\n") != 1 {
				t.Errorf("the log says %s", lines.String())
			}
		})
	}
}
