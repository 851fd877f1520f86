package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/records"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

const testKey = "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// served is a server under test, with its Slack.
type served struct {
	t            testing.TB
	slack        *slackfake.Slack
	app          *slackfake.App
	outer, inner string // URLs
	databaseURL  string
	config       Config
	log          *safeBuffer   // what it says on standard error
	stop         func() error  // asks it to end, and returns what Run did
	over         chan struct{} // closed when Run has returned
}

// serveOn starts a server in the process, on a database; changes are made to its
// configuration before.
func serveOn(t testing.TB, databaseURL string, changes ...func(*Config)) *served {
	t.Helper()
	slack := slackfake.Start(slackfake.Config{})
	t.Cleanup(slack.Close)
	slack.AddMember(slackfake.Member{ID: "U0AGENT"})
	slack.AddMember(slackfake.Member{ID: "U0NOBODY"})
	config := Config{
		Data:      Data{DatabaseURL: databaseURL, SecretKey: testKey},
		Judging:   Judging{LockAfter: "3", IdleAfter: "3"},
		Listening: Listening{Listen: "127.0.0.1:0", InternalListen: "127.0.0.1:0"},
		Slack:     Slack{SlackBotToken: slack.Token(), SlackSigningSecret: slack.SigningSecret(), SlackAPIURL: slack.APIURL()},
		People:    People{Agents: "U0AGENT"},
		Hours:     Hours{Timezone: "UTC", WorkingHours: usualHours}, Team: Team{DigestAt: "08:00"},
	}
	for _, change := range changes {
		change(&config)
	}
	s := &served{t: t, slack: slack, databaseURL: databaseURL, config: config, log: &safeBuffer{}}
	s.start(&serveCmd{Config: config})
	s.app = s.reach(nil)
	return s
}

// again starts the next server after s has stopped, where Slack expects it.
func (s *served) again() *served {
	s.t.Helper()
	next := *s
	next.config.Listen = strings.TrimPrefix(s.outer, "http://")
	next.start(&serveCmd{Config: next.config})
	return &next
}

// start runs the server until the test ends, and waits until it listens.
func (s *served) start(c *serveCmd) {
	ctx, cancel := context.WithCancel(context.Background())
	logs, log := io.Pipe()
	done, over := make(chan error, 1), make(chan struct{})
	s.over = over
	go func() {
		done <- c.Run(ctx, terminal{in: strings.NewReader(""), out: io.Discard, err: log})
		close(over)
		_ = log.Close()
	}()
	read := make(chan struct{})
	s.stop = func() error {
		cancel()
		err := <-done
		<-read
		return err
	}
	s.t.Cleanup(cancel)
	lines := bufio.NewScanner(io.TeeReader(logs, s.log))
	for lines.Scan() {
		var line struct{ Msg, Outer, Inner string }
		if err := json.Unmarshal(lines.Bytes(), &line); err == nil && line.Msg == "listening" {
			s.outer, s.inner = "http://"+line.Outer, "http://"+line.Inner
			go func() {
				defer close(read)
				_, _ = io.Copy(s.log, logs)
			}()
			return
		}
	}
	s.t.Fatalf("the server ended before it listened: %v", <-done)
}

func (s *served) diagnose(user, text string) *slackfake.Answer {
	s.t.Helper()
	answer, err := s.app.Command(s.t.Context(), slackfake.Command{User: user, Name: "/diagnose", Text: text})
	if err != nil {
		s.t.Fatal(err)
	}
	return answer
}

func (s *served) status(url string) (int, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, url, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return got.StatusCode, string(body)
}

// importCompany takes the demo's company into a database, the residents alone.
func importCompany(t *testing.T, databaseURL string) {
	t.Helper()
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		t.Fatal(err)
	}
	h, err := openHouse(t.Context(), databaseURL, keys, actions.Rules{}, quiet(terminal{err: io.Discard}))
	if err != nil {
		t.Fatal(err)
	}
	in := actions.Import{Lines: records.Read("company", bytes.NewReader(companyOf(&crowd{now: time.Now().UTC()})))}
	if _, err := h.actions.Import(t.Context(), atTerminal(), in); err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
}

// TestServe plays the whole use case: records imported, a signed command, the
// proven answer, the row in the audit.
func TestServe(t *testing.T) {
	t.Parallel()
	databaseURL := "sqlite:" + filepath.Join(t.TempDir(), "latchkey.db")
	importCompany(t, databaseURL)
	s := serveOn(t, databaseURL)

	if status, body := s.status(s.outer + "/readyz"); status != http.StatusOK {
		t.Errorf("/readyz answers %d: %s", status, body)
	}
	if status, _ := s.status(s.inner + "/healthz"); status != http.StatusOK {
		t.Errorf("/healthz on the inner address answers %d", status)
	}
	if status, _ := s.status(s.inner + "/slack/commands"); status != http.StatusNotFound {
		t.Errorf("/slack/commands on the inner address answers %d", status)
	}

	answer := s.diagnose("U0AGENT", "jane@acme.example #4711")
	if answer.Refused != "" || answer.Message == nil || !bytes.Contains(answer.Body, []byte("locked after too many wrong passwords")) {
		t.Errorf("the agent reads %s (%s)", answer.Body, answer.Refused)
	}
	refused, unknown := s.diagnose("U0NOBODY", "jane@acme.example"), s.diagnose("U0NOBODY", "nosuch@acme.example")
	if !bytes.Equal(refused.Body, unknown.Body) || bytes.Contains(refused.Body, []byte("locked")) {
		t.Errorf("somebody without a role reads %s and %s", refused.Body, unknown.Body)
	}
	if err := s.stop(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	s.checkAudit(t)
}

// checkAudit expects one look-up with its ticket and one counted refusal after
// the import's row.
func (s *served) checkAudit(t *testing.T) {
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		t.Fatal(err)
	}
	h, err := openHouse(t.Context(), s.databaseURL, keys, actions.Rules{}, quiet(terminal{err: os.Stderr}))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.close() }()
	if v, err := actions.VerifyAudit(t.Context(), h.store, keys); err != nil || v.Rows != 3 {
		t.Errorf("the audit has %d rows, %v", v.Rows, err)
	}
	var rows []actions.AuditEntry
	err = h.store.AuditRows(t.Context(), 1, func(row actions.AuditRow) error {
		rows = append(rows, row.Entry)
		return nil
	})
	if err != nil || len(rows) != 2 {
		t.Fatalf("the audit has %v after the import, %v", rows, err)
	}
	if look := rows[0]; look.Act != actions.ActDiagnose || look.Actor != "U0AGENT" || look.Subject != "u-jane" || look.Ticket != "#4711" {
		t.Errorf("the look-up is recorded as %+v", look)
	}
	if no := rows[1]; no.Outcome != actions.ActRefused || no.Actor != "U0NOBODY" || no.Subject != "" || no.Detail != "" {
		t.Errorf("the refusal is recorded as %+v", no)
	}
}

// TestServeStopsOnRefusedToken: a token that Slack doesn't take ends the
// process with a sentence.
func TestServeStopsOnRefusedToken(t *testing.T) {
	t.Parallel()
	slack := slackfake.Start(slackfake.Config{Token: "xoxb-another"})
	defer slack.Close()
	c := &serveCmd{Config: Config{
		Data:      Data{DatabaseURL: "sqlite:" + filepath.Join(t.TempDir(), "latchkey.db"), SecretKey: testKey},
		Listening: Listening{Listen: "127.0.0.1:0", InternalListen: "127.0.0.1:0"},
		Slack:     Slack{SlackBotToken: "xoxb-wrong-canary", SlackSigningSecret: "shh", SlackAPIURL: slack.APIURL()},
	}}
	var log bytes.Buffer
	err := c.Run(t.Context(), terminal{out: io.Discard, err: &log})
	if err == nil || !strings.Contains(err.Error(), "LATCHKEY_SLACK_BOT_TOKEN") {
		t.Errorf("it ended with %v", err)
	}
	if strings.Contains(log.String()+err.Error(), "canary") {
		t.Error("the token stands in what was printed")
	}
}

// TestServeWithoutDatabase: while the database is away the agent reads a
// sentence with a reference and /readyz says so; when it is back, all is well
// again by itself.
func TestServeWithoutDatabase(t *testing.T) {
	cluster := storetest.NewCluster(t, false)
	importCompany(t, cluster.URL)
	s := serveOn(t, cluster.URL)
	if answer := s.diagnose("U0AGENT", "jane@acme.example"); !bytes.Contains(answer.Body, []byte("locked after too many")) {
		t.Fatalf("with its database the agent reads %s", answer.Body)
	}
	if err := cluster.Stop(); err != nil {
		t.Fatal(err)
	}
	answer := s.diagnose("U0AGENT", "jane@acme.example")
	if !bytes.Contains(answer.Body, []byte("can't reach its database")) || !bytes.Contains(answer.Body, []byte("reference E-")) {
		t.Errorf("without its database the agent reads %s", answer.Body)
	}
	if status, body := s.status(s.outer + "/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "database doesn't answer") {
		t.Errorf("/readyz answers %d: %s", status, body)
	}
	if err := cluster.Start(); err != nil {
		t.Fatal(err)
	}
	if answer := s.diagnose("U0AGENT", "jane@acme.example"); !bytes.Contains(answer.Body, []byte("locked after too many")) {
		t.Errorf("with its database back the agent reads %s", answer.Body)
	}
	if status, body := s.status(s.outer + "/readyz"); status != http.StatusOK {
		t.Errorf("/readyz answers %d: %s", status, body)
	}
}
