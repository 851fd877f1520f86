package main

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/ses/sesfake"
	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// clinic is a company where everything is as it should be, before it is spoiled.
type clinic struct {
	t      *testing.T
	slack  *slackfake.Slack
	amazon *sesfake.Fake
	post   *postCounter
	texts  *httptest.Server
	page   *httptest.Server // at the public address
	config *Config
	disk   *roomyDisk
	now    func() time.Time
}

// postCounter is a mail server that takes one password, and mail from one address.
type postCounter struct {
	password, from string
	letters        int
}

func (p *postCounter) NewSession(*smtp.Conn) (smtp.Session, error) { return p, nil }
func (p *postCounter) AuthMechanisms() []string                    { return []string{sasl.Plain} }
func (p *postCounter) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (p *postCounter) Reset()                                      {}
func (p *postCounter) Logout() error                               { return nil }

func (p *postCounter) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, password string) error {
		if password != p.password {
			return &smtp.SMTPError{Code: 535, Message: "wrong: " + password}
		}
		return nil
	}), nil
}

func (p *postCounter) Mail(from string, _ *smtp.MailOptions) error {
	if from != p.from {
		return &smtp.SMTPError{Code: 553, Message: "sender address rejected"}
	}
	return nil
}

func (p *postCounter) Data(r io.Reader) error {
	p.letters++
	_, err := io.Copy(io.Discard, r)
	return err
}

// roomyDisk is a disk with room, until it is spoiled.
type roomyDisk struct {
	wrong error
	left  uint64
}

func (d *roomyDisk) try(string) error           { return d.wrong }
func (d *roomyDisk) free(string) (uint64, bool) { return d.left, true }

// newClinic makes the company, with a database that has a row of the audit.
func newClinic(t *testing.T) *clinic {
	t.Helper()
	c := &clinic{t: t, now: time.Now, disk: &roomyDisk{left: 1 << 40}, post: &postCounter{password: "canary-mail", from: "support@acme.example"}}
	c.slack = slackfake.Start(slackfake.Config{Token: "xoxb-canary", Scopes: bot.Manifest("", "https://latchkey.acme.example").OAuthConfig.Scopes.Bot, Unlimited: true})
	t.Cleanup(c.slack.Close)
	for _, id := range []string{"U0AVA", "U0MARCUS", "U0PRIYA"} {
		c.slack.AddMember(slackfake.Member{ID: id, Zone: "Australia/Melbourne"})
	}
	c.slack.SetGroup("S0L2", "U0PRIYA")
	for _, id := range []string{"C0SUPPORT", "C0L2", "C0LEADS"} {
		c.channel(slackfake.Channel{ID: id})
	}
	c.amazon = sesfake.New(sesfake.Account{Region: "ap-southeast-2", AccessKeyID: "AKIACANARY", SecretAccessKey: "canary/canary+canary"}, time.Now)
	amazon := httptest.NewServer(c.amazon)
	t.Cleanup(amazon.Close)
	c.texts = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		t.Error("a text was sent")
	}))
	t.Cleanup(c.texts.Close)
	c.serve(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	config := whole()
	config.DatabaseURL = "sqlite:" + filepath.Join(t.TempDir(), "latchkey.db")
	config.PublicURL, config.TrustedProxies = "https://example.com", "127.0.0.1" // the name in the certificate of httptest
	config.SlackBotToken, config.SlackAPIURL = c.slack.Token(), c.slack.APIURL()
	config.People = People{
		Agents: "U0AVA", L2: "S0L2", Leads: "U0MARCUS", Admins: "U0PRIYA",
		SupportChannels: "C0SUPPORT", L2Channel: "C0L2", LeadsChannel: "C0LEADS", L2Group: "S0L2",
	}
	config.Timezone = "Australia/Melbourne"
	config.SMTPURL, config.SMSURL = "smtp://robot:canary-mail@"+c.open(), c.texts.URL
	config.SES = inSydney()
	config.SESURL = amazon.URL
	c.config = &config
	c.act()
	return c
}

// channel makes a private channel that Latchkey is in.
func (c *clinic) channel(is slackfake.Channel) {
	is.Name, is.Private = strings.ToLower(is.ID), true
	c.slack.AddChannel(is)
}

// serve has something else answer at the public address.
func (c *clinic) serve(answer http.HandlerFunc) {
	c.page = httptest.NewTLSServer(answer)
	c.page.Config.ErrorLog = log.New(io.Discard, "", 0) // of who doesn't take its certificate
	c.t.Cleanup(c.page.Close)
}

// open opens the mail server, and returns its address.
func (c *clinic) open() string {
	server := smtp.NewServer(c.post)
	server.AllowInsecureAuth = true
	l, err := new(net.ListenConfig).Listen(c.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		c.t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }() // it ends with Close
	c.t.Cleanup(func() { _ = server.Close() })
	return l.Addr().String()
}

// act makes the database, and writes a row of the audit.
func (c *clinic) act() {
	h, err := c.config.open(c.t.Context(), actions.Rules{}, quiet(terminal{err: io.Discard}))
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := h.actions.CreateToken(c.t.Context(), atTerminal(), "crm", "events"); err != nil {
		c.t.Fatal(err)
	}
	if err := h.close(); err != nil {
		c.t.Fatal(err)
	}
}

// sql changes the database by hand.
func (c *clinic) sql(statement string) {
	c.t.Helper()
	changeByHand(c.t, c.config.DatabaseURL, statement)
}

// examine has the doctor look.
func (c *clinic) examine() []bot.Checked {
	d := newDoctor(c.config)
	d.now, d.disk = c.now, c.disk
	transport := c.page.Client().Transport.(*http.Transport).Clone() //nolint:forcetypeassert // httptest's
	transport.DialContext = dialTo(c.page.Listener.Addr().String())
	d.transport = transport
	return d.examine(c.t.Context())
}
