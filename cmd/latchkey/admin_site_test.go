package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/web"
)

// onEachSite runs a test with a site on each database.
func onEachSite(t *testing.T, test func(*testing.T, *siteWard)) {
	t.Helper()
	onEachKeyed(t, func(t *testing.T, databaseURL string) { test(t, openSiteWard(t, databaseURL)) })
}

// TestRekeyOfTargets: what Latchkey proves itself with to a target, and the password of
// a temporary admin that nobody handed out yet, are sealed anew and open without the
// first key.
func TestRekeyOfTargets(t *testing.T) {
	t.Parallel()
	onEachKeyed(t, func(t *testing.T, databaseURL string) {
		s := openSiteWard(t, databaseURL)
		id := s.makesAdmin()
		two := keyed(t, databaseURL, keyTwo+","+testKey, s.clock().Add(time.Hour))
		if report := two.rekeys(); report.Sealed != 2 || len(report.Retired) != 1 || report.Named != nil {
			t.Errorf("got %+v", report)
		}
		s.ward = keyed(t, databaseURL, keyTwo, two.clock().Add(time.Hour))
		if _, err := s.actions.TestTarget(t.Context(), atTerminal(), s.target.Name); err != nil {
			t.Error(err)
		}
		s.wantHandsOutOnce(id)
		s.ends(id, actions.ActTempAdmin, actions.ActAdminSecret)
		s.wantAudit()
	})
}

// solve says that a ticket was solved, as the ticket system does.
func (s *siteWard) solve(token, body string) (status int, said string) {
	s.t.Helper()
	desk := httptest.NewServer(web.TicketsSolved(s.actions, slog.New(slog.DiscardHandler)))
	defer desk.Close()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, desk.URL+"/v1/tickets/solved", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := desk.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, strings.TrimSpace(string(text))
}

// TestTicketSolvedEndsItsAdmins: the ticket system says so in any of the three ways,
// and what was made for that ticket is gone when it is answered, and nothing else.
func TestTicketSolvedEndsItsAdmins(t *testing.T) {
	t.Parallel()
	onEachSite(t, func(t *testing.T, s *siteWard) {
		made, err := s.actions.CreateToken(t.Context(), atTerminal(), "zendesk", actions.ScopeTickets)
		if err != nil {
			t.Fatal(err)
		}
		id := s.makesAdmin() // for #4711
		login := s.admin(id).Admin.Login
		for body, want := range map[string]string{
			`{"ticket":"#4712"}`: `{"ticket":"#4712","ended":0,"gone":0}`, `{"ticket":471}`: `{"ticket":"#471","ended":0,"gone":0}`,
		} {
			if status, said := s.solve(made.Text, body); status != http.StatusOK || said != want {
				t.Errorf("%s is answered %d %s", body, status, said)
			}
		}
		s.wantUsers(login)
		for _, body := range []string{`{"ticket":"not one"}`, `{"ticket":"4711 OR 1=1"}`} {
			if status, said := s.solve(made.Text, body); status != http.StatusBadRequest || strings.Contains(said, "OR 1") {
				t.Errorf("%s is answered %d %s", body, status, said)
			}
		}
		if status, said := s.solve(made.Text+"x", `{"ticket":4711}`); status != http.StatusUnauthorized || said != `{"error":"unauthorized"}` {
			t.Errorf("without a token: %d %s", status, said)
		}
		s.wantUsers(login)
		if status, said := s.solve(made.Text, `{"ticket":4711}`); status != http.StatusOK || said != `{"ticket":"#4711","ended":1,"gone":1}` {
			t.Errorf("it is answered %d %s", status, said)
		}
		s.wantGone(id, actions.AdminSolved, actions.ActTempAdmin, actions.ActAdminEnded, actions.ActAdminGone)
		if status, said := s.solve(made.Text, `{"ticket":"4711"}`); status != http.StatusOK || said != `{"ticket":"#4711","ended":0,"gone":0}` {
			t.Errorf("once more: %d %s", status, said)
		}
		if rows := s.entries(actions.ActAdminEnded); len(rows) != 1 || rows[0].Actor != "token:zendesk" {
			t.Errorf("the audit has %+v", rows)
		}
	})
}
