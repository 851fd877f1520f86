package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// logsIn sends an attempt of Jane's to the server, as her product would.
func (s *served) logsIn(token string, outcome actions.Outcome) {
	s.t.Helper()
	line, err := json.Marshal(map[string]any{
		"type": "attempt", "at": time.Now().UTC().Format(time.RFC3339Nano), "identifier": "jane.doe", "user_id": "u-jane",
		"outcome": outcome, "ip": "203.0.113.7",
	})
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.inner+"/v1/records", strings.NewReader(string(line)+"\n"))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	if got.StatusCode != http.StatusOK {
		s.t.Fatalf("the attempt was answered with %d", got.StatusCode)
	}
}

// tokenFor makes a token for a system that sends events.
func tokenFor(t *testing.T, databaseURL string) string {
	t.Helper()
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		t.Fatal(err)
	}
	h, err := openHouse(t.Context(), databaseURL, keys, actions.Rules{}, quiet(terminal{err: t.Output()}))
	if err != nil {
		t.Fatal(err)
	}
	made, err := h.actions.CreateToken(t.Context(), atTerminal(), "product", actions.ScopeEvents)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	return made.Text
}

// TestTellMeWhenTheyAreIn is the whole way of "Tell me when they're in": asked
// of one server, which ends; told by the next one, once; and judged.
func TestTellMeWhenTheyAreIn(t *testing.T) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteURL, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			databaseURL := url(t)
			importCompany(t, databaseURL)
			token := tokenFor(t, databaseURL)
			s := serveOn(t, databaseURL)
			agent := conversation.Start(t, s.slack, s.app).As("U0AGENT")
			answer := agent.Command("/diagnose jane@acme.example #4711").Reads("locked after too many wrong passwords")
			answer.Click("Tell me when they're in").Reads("Jane").OnlyFor("U0AGENT")
			answer.Click("Tell me when they're in").Reads("Jane") // and still she is waited for once
			if err := s.stop(); err != nil {
				t.Fatal(err)
			}

			next := s.again()
			next.logsIn(token, actions.WrongPassword)
			failed := agent.ExpectDM("Jane", "wrong password")
			failed.Click("Tell me when they're in").Reads("Jane")
			next.logsIn(token, actions.Success)
			in := agent.ExpectDM("Jane", "in at", "Was the diagnosis right?")
			in.Click("Mark as right").Reads("You said that the diagnosis was right").DoesntRead("jane@acme.example")
			next.logsIn(token, actions.Success) // nobody waits any more
			agent.Command("/latchkey last").Reads("Jane", "#4711")
			if err := next.stop(); err != nil { // delivers what is under way
				t.Fatal(err)
			}
		})
	}
}
