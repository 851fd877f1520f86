package main

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/records"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// tried imports an attempt: while there is none, no digest is told.
func tried(t *testing.T, databaseURL string) {
	t.Helper()
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		t.Fatal(err)
	}
	h, err := openHouse(t.Context(), databaseURL, keys, actions.Rules{}, quiet(terminal{err: io.Discard}))
	if err != nil {
		t.Fatal(err)
	}
	lines := `{"type":"attempt","at":"` + time.Now().UTC().AddDate(0, 0, -2).Format(time.RFC3339) + `","identifier":"jane","outcome":"success"}`
	if _, err := h.actions.Import(t.Context(), atTerminal(), actions.Import{Lines: records.Read("one", strings.NewReader(lines))}); err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
}

// TestDigestIsMadeUpFor: a digest that was due while nothing ran comes at the start,
// and not again at the next.
func TestDigestIsMadeUpFor(t *testing.T) {
	t.Parallel()
	for name, databaseURL := range map[string]func(testing.TB) string{"SQLite": storetest.SQLiteURL, "Postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := databaseURL(t)
			tried(t, url)
			due := time.Now().UTC().Add(-10 * time.Hour)
			first := serveOn(t, url, func(c *Config) {
				c.Leads, c.LeadsChannel, c.DigestAt = "U0LEAD", leadsRoom, due.Format("15:04")
			})
			first.slack.AddMember(slackfake.Member{ID: "U0LEAD"})
			first.slack.AddChannel(slackfake.Channel{ID: leadsRoom, Name: "leads", Private: true, Members: []string{"U0LEAD"}})
			talk := conversation.Start(t, first.slack, first.app)
			yesterday := due.AddDate(0, 0, -1)
			talk.In(leadsRoom).Expects("on "+yesterday.Format("Monday, 2 January"), "The audit has")
			if err := first.stop(); err != nil {
				t.Fatal(err)
			}
			if err := first.again().stop(); err != nil { // its jobs have run once by then
				t.Fatal(err)
			}
			var told int
			if err := behind(t, first.databaseURL).QueryRowContext(t.Context(), `SELECT count(*) FROM outbox WHERE kind = 'digest'`).Scan(&told); err != nil || told != 1 {
				t.Errorf("it was told %d times: %v", told, err)
			}
		})
	}
}
