package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// transports are the ways by which Slack reaches a server.
var transports = map[string]func(*Config){"HTTP": func(*Config) {}, "Socket": bySocket}

// bySocket has a server use Socket Mode: it has no signing secret.
func bySocket(c *Config) { c.SlackAppToken, c.SlackSigningSecret = "xapp-test", "" }

// reach is the app as Slack reaches it: by requests, which wire carries, or over the
// connections that the server opened.
func (s *served) reach(wire http.RoundTripper) *slackfake.App {
	s.t.Helper()
	if s.config.SlackAppToken == "" {
		return s.slack.App(s.outer, wire)
	}
	s.connected(2)
	return s.slack.SocketApp()
}

// connected waits until that many connections are open.
func (s *served) connected(n int) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	if err := s.slack.AwaitConnections(ctx, n); err != nil {
		s.t.Fatalf("%v:\n%s", err, s.log)
	}
}

// transportTalks are held over both transports.
var transportTalks = map[string]func(*helpdesk){
	"CommandInline": commandInline, "CommandLate": commandLate, "AnswerOver20KB": answerOver20KB, "Replay": replayed,
	"ClickModalErrors": unlockFromTheDiagnosis, "Refused": whoMay, "MessageShortcut": caseFromAThread, "Home": homeOverTransport,
	"EventInAThread": caseHeard, "PrivateAnswer": secretHandedOver, "PrivateMailed": secretMailed, "Case": caseLife, "TempAdmin": adminLife,
}

// TestTransports: the same conversations, whichever way Slack and the server reach
// each other.
func TestTransports(t *testing.T) {
	for transport, change := range transports {
		for _, name := range slices.Sorted(maps.Keys(transportTalks)) {
			t.Run(transport+name, func(t *testing.T) {
				t.Parallel()
				transportTalks[name](openHelpdesk(t, storetest.SQLiteURL(t), http.DefaultTransport, change))
			})
		}
	}
}

// commandInline is answered where it was typed, in the answer to the command.
func commandInline(d *helpdesk) {
	d.ava().Command("/diagnose jane@acme.example #4711").Reads("locked after too many wrong passwords").OnlyFor("U0AGENT")
	answer := d.diagnose("U0AGENT", "jane@acme.example")
	if answer.Message == nil || answer.Failed != "" {
		d.t.Errorf("it came later, or not: %+v", answer)
	}
	d.ava().ExpectEphemeral("locked after too many wrong passwords")
	d.wantAudit(actions.ActDiagnose, actions.ActDone, actions.ActDone)
}

// commandLate is answered at the response URL, once.
func commandLate(d *helpdesk) {
	d.slack.Fail("users.info", slackfake.Failure{Delay: 2500 * time.Millisecond, Times: 1})
	answer := d.diagnose("U0AGENT", "jane@acme.example")
	if answer.Message != nil || answer.Failed != "" || len(answer.Body) != 0 {
		d.t.Errorf("it was acknowledged with %s (%s)", answer.Body, answer.Failed)
	}
	d.ava().ExpectEphemeral("locked after too many wrong passwords")
	if n := len(d.slack.Messages(answer.ResponseURL)); n != 1 {
		d.t.Errorf("%d messages, want 1", n)
	}
	d.wantAudit(actions.ActDiagnose, actions.ActDone)
}

// answerOver20KB is more than an acknowledgement of Socket Mode holds.
func answerOver20KB(d *helpdesk) {
	var lines bytes.Buffer
	for i := range 30 {
		fmt.Fprintf(&lines, `{"type":"user","id":"u-max-%d","username":"max","first_name":%q,"last_name":%q,"status":"active","email":"max%d@acme.example","created_at":"2025-01-01T00:00:00Z"}`+"\n",
			i, strings.Repeat("<", 60), strings.Repeat(">", 60), i)
	}
	d.imports(lines.Bytes())
	answer := d.diagnose("U0AGENT", "max")
	d.ava().ExpectEphemeral("max")
	posted := d.slack.Messages(answer.ResponseURL)
	if size := len(answer.Body); d.config.SlackAppToken == "" && (answer.Message == nil || size < 20_000) {
		d.t.Errorf("the answer has %d bytes", size)
	}
	if d.config.SlackAppToken != "" && (answer.Message != nil || answer.Failed != "" || len(posted) != 1) {
		d.t.Errorf("it was acknowledged with %d bytes (%s), and %d messages came", len(answer.Body), answer.Failed, len(posted))
	}
}

// replayed: what comes again under the same trigger is carried out once.
func replayed(d *helpdesk) {
	for range 3 {
		_, err := d.app.Command(d.t.Context(), slackfake.Command{User: "U0AGENT", Name: "/unlock", Text: "jane@acme.example back from leave #4711", Trigger: "1.2.again"})
		if err != nil {
			d.t.Fatal(err)
		}
	}
	d.ava().ExpectEphemeral("Done and read back")
	d.ava().ExpectEphemeral()
	d.ava().ExpectEphemeral()
	d.ava().ExpectDM("Unlock – done", "back from leave")
	d.wantChanges(actions.ChangeUnlocked)
	d.wantAudit(actions.ActUnlock, actions.ActDone)
}

// homeOverTransport: it is opened, and a button in it opens a modal.
func homeOverTransport(d *helpdesk) {
	home := d.ava().OpensHome().Reads("Diagnose somebody")
	home.Click("Diagnose somebody").Opens("Diagnose somebody").Fill("Who can't log in?", "robert@acme.example").Submit()
	d.ava().ExpectDM("robert@acme.example")
}

// TestSocketServer: in Socket Mode nothing of Slack's is served, no signing secret is
// needed, and /readyz says how the connections are.
func TestSocketServer(t *testing.T) {
	t.Parallel()
	d := openHelpdesk(t, storetest.SQLiteURL(t), nil, bySocket)
	for _, path := range []string{"/slack/commands", "/slack/interactions", "/slack/events"} {
		if status, _ := d.status(d.outer + path); status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, status)
		}
	}
	d.readies(http.StatusOK, `"socket":"ok"`)
	d.slack.Fail("apps.connections.open", slackfake.Failure{Down: true})
	for _, c := range d.slack.Connections() {
		c.Drop()
	}
	d.readies(http.StatusServiceUnavailable, `"socket":"No Socket Mode connection to Slack is open`)
	d.slack.Recover()
	d.readies(http.StatusOK, `"socket":"ok"`)
	d.end()
	if log := d.log.String(); strings.Contains(log, "xapp-test") || strings.Contains(log, "ticket-") {
		t.Errorf("a token is in the log:\n%s", log)
	}
}

// readies waits until /readyz says so.
func (s *served) readies(status int, part string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	for {
		got, body := s.status(s.inner + "/readyz")
		if got == status && strings.Contains(body, part) {
			return
		}
		if ctx.Err() != nil {
			s.t.Fatalf("/readyz answers %d %s", got, body)
		}
	}
}

// TestSocketServerEnds: a token that Slack refuses, and Socket Mode switched off, end
// the process with a sentence.
func TestSocketServerEnds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil func(*helpdesk)
		says  string
	}{
		"TokenRevoked": {func(d *helpdesk) {
			d.slack.Fail("apps.connections.open", slackfake.Failure{Error: "token_revoked"})
			d.slack.Connections()[0].Drop()
		}, "refused the app token"},
		"SwitchedOff": {func(d *helpdesk) { d.slack.SwitchSocketMode(false) }, "Socket Mode switched off"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := openHelpdesk(t, storetest.SQLiteURL(t), nil, bySocket)
			test.spoil(d)
			select {
			case <-d.over:
			case <-time.After(20 * time.Second):
				t.Error("it didn't end by itself")
			}
			d.stopped = true
			err := d.stop()
			if err == nil || !strings.HasPrefix(err.Error(), "LATCHKEY_SLACK_APP_TOKEN: ") || !strings.Contains(err.Error(), test.says) {
				t.Errorf("it ended with %v", err)
			}
		})
	}
}
