package main

import (
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/latchkey-bot/latchkey/actions"
)

// Config is the whole configuration. Every field is a variable and a flag, and
// is read as a plain string and checked here, so that no value of a secret is
// ever printed. Commands embed the parts that they use.
type Config struct {
	Data
	Judging
	Listening
	Slack
	People
	Team
	Mail
	Words
}

// Data says where the records lie, and with which key what is secret is sealed.
type Data struct {
	DatabaseURL string `help:"The database: sqlite:PATH or postgres://… (default ${default})." env:"LATCHKEY_DATABASE_URL" default:"sqlite:latchkey.db" placeholder:"URL" group:"Data"`
	SecretKey   string `help:"The server's keys, kid:base64(32 bytes), several by comma; the first seals." env:"LATCHKEY_SECRET_KEY" placeholder:"KEYS" group:"Data"`
}

// Judging sets the numbers of the diagnosis.
type Judging struct {
	LockAfter string `help:"More than this many wrong passwords indicate a lock; 0 switches that off (default ${default})." env:"LATCHKEY_LOCK_AFTER" default:"3" placeholder:"N" group:"Diagnosis"`
	IdleAfter string `help:"More than this many months without a login indicate a lock; 0 switches that off (default ${default})." env:"LATCHKEY_IDLE_AFTER" default:"3" placeholder:"MONTHS" group:"Diagnosis"`
}

// Listening says where Latchkey is reached.
type Listening struct {
	Listen         string `help:"The address that faces Slack and customers (default ${default})." env:"LATCHKEY_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" group:"Network"`
	InternalListen string `help:"The address for your own systems: health, API, metrics (default ${default})." env:"LATCHKEY_INTERNAL_LISTEN" default:"127.0.0.1:8081" placeholder:"HOST:PORT" group:"Network"`
	PublicURL      string `help:"Where customers and Slack reach the outer address." env:"LATCHKEY_PUBLIC_URL" placeholder:"URL" group:"Network"`
}

// Slack is what the app in Slack is known by.
type Slack struct {
	SlackBotToken      string `help:"The bot's token (xoxb-…)." env:"LATCHKEY_SLACK_BOT_TOKEN" placeholder:"TOKEN" group:"Slack"`
	SlackSigningSecret string `help:"The secret that Slack signs its requests with." env:"LATCHKEY_SLACK_SIGNING_SECRET" placeholder:"SECRET" group:"Slack"`
	SlackAppToken      string `help:"An app token (xapp-…) switches Socket Mode on." env:"LATCHKEY_SLACK_APP_TOKEN" placeholder:"TOKEN" group:"Slack"`
	SlackAPIURL        string `name:"slack-api-url" help:"Where Slack's API is (default ${default})." env:"LATCHKEY_SLACK_API_URL" default:"https://slack.com/api/" placeholder:"URL" group:"Slack"`
	CommandPrefix      string `help:"Put before the name of each slash command, to avoid clashes." env:"LATCHKEY_COMMAND_PREFIX" placeholder:"TEXT" group:"Slack"`
}

// People says who holds which role, and where they work.
type People struct {
	Agents          string `help:"Agents: IDs of Slack users and user groups, by comma." env:"LATCHKEY_AGENTS" placeholder:"IDS" group:"People"`
	L2              string `name:"l2" help:"L2 engineers: IDs of Slack users and user groups, by comma." env:"LATCHKEY_L2" placeholder:"IDS" group:"People"`
	Leads           string `help:"Leads: IDs of Slack users, by comma." env:"LATCHKEY_LEADS" placeholder:"IDS" group:"People"`
	Admins          string `help:"Admins: IDs of Slack users, by comma." env:"LATCHKEY_ADMINS" placeholder:"IDS" group:"People"`
	SupportChannels string `help:"Channels where customers' logins may be changed, by comma." env:"LATCHKEY_SUPPORT_CHANNELS" placeholder:"IDS" group:"People"`
	L2Channel       string `name:"l2-channel" help:"The channel for escalations." env:"LATCHKEY_L2_CHANNEL" placeholder:"ID" group:"People"`
	LeadsChannel    string `help:"The channel for the daily digest." env:"LATCHKEY_LEADS_CHANNEL" placeholder:"ID" group:"People"`
	L2Group         string `name:"l2-group" help:"The user group that escalations mention." env:"LATCHKEY_L2_GROUP" placeholder:"ID" group:"People"`
}

// Team says when the team works.
type Team struct {
	Timezone string `help:"The team's time zone (default ${default})." env:"LATCHKEY_TIMEZONE" default:"UTC" placeholder:"ZONE" group:"Team"`
	DigestAt string `help:"When the daily digest is posted, in that zone (default ${default})." env:"LATCHKEY_DIGEST_AT" default:"08:00" placeholder:"HH:MM" group:"Team"`
}

// Mail says how customers are reached.
type Mail struct {
	SMTPURL  string `name:"smtp-url" help:"The mail server, smtp://…; without it mail can only be copied by hand." env:"LATCHKEY_SMTP_URL" placeholder:"URL" group:"Mail"`
	MailFrom string `help:"The address that mail comes from." env:"LATCHKEY_MAIL_FROM" placeholder:"ADDRESS" group:"Mail"`
	SMSURL   string `name:"sms-url" help:"Where texts are posted to; without it none are sent." env:"LATCHKEY_SMS_URL" placeholder:"URL" group:"Mail"`
	SMSToken string `name:"sms-token" help:"The bearer token for that." env:"LATCHKEY_SMS_TOKEN" placeholder:"TOKEN" group:"Mail"`
}

// Words are the company's own in messages to customers.
type Words struct {
	Articles string `help:"Help articles per cause, CAUSE=URL, by comma." env:"LATCHKEY_ARTICLES" placeholder:"LIST" group:"Words"`
	Brand    string `help:"The name that customers know you by." env:"LATCHKEY_BRAND" placeholder:"NAME" group:"Words"`
	LoginURL string `help:"Your login page." env:"LATCHKEY_LOGIN_URL" placeholder:"URL" group:"Words"`
	Closing  string `help:"The closing of mails to customers." env:"LATCHKEY_CLOSING" placeholder:"TEXT" group:"Words"`
}

// check is one rule that a value has to fit.
type check struct {
	name, value string
	rule        func(string) error
}

// verify returns the first value that doesn't fit its rule, naming the
// variable, never the value of one that may be secret. An unset value always
// fits.
func verify(checks ...check) error {
	for _, c := range checks {
		if c.value == "" {
			continue
		}
		if err := c.rule(c.value); err != nil {
			return usagef("%s %v.", c.name, err)
		}
	}
	return nil
}

// Verify checks the whole configuration of a server.
func (c *Config) Verify() error {
	checks := []check{
		{"LATCHKEY_LOCK_AFTER", c.LockAfter, number}, {"LATCHKEY_IDLE_AFTER", c.IdleAfter, number},
		{"LATCHKEY_LISTEN", c.Listen, hostPort}, {"LATCHKEY_INTERNAL_LISTEN", c.InternalListen, hostPort},
		{"LATCHKEY_PUBLIC_URL", c.PublicURL, plainURL}, {"LATCHKEY_SLACK_API_URL", c.SlackAPIURL, webURL},
		{"LATCHKEY_SLACK_BOT_TOKEN", c.SlackBotToken, botToken}, {"LATCHKEY_SLACK_SIGNING_SECRET", c.SlackSigningSecret, oneWord},
		{"LATCHKEY_COMMAND_PREFIX", c.CommandPrefix, commandPrefix},
		{"LATCHKEY_AGENTS", c.Agents, peopleList}, {"LATCHKEY_L2", c.L2, peopleList},
		{"LATCHKEY_LEADS", c.Leads, userList}, {"LATCHKEY_ADMINS", c.Admins, userList},
		{"LATCHKEY_SUPPORT_CHANNELS", c.SupportChannels, channelList},
		{"LATCHKEY_L2_CHANNEL", c.L2Channel, oneChannel}, {"LATCHKEY_LEADS_CHANNEL", c.LeadsChannel, oneChannel},
		{"LATCHKEY_L2_GROUP", c.L2Group, groupID},
		{"LATCHKEY_TIMEZONE", c.Timezone, zone}, {"LATCHKEY_DIGEST_AT", c.DigestAt, clockTime},
		{"LATCHKEY_SMTP_URL", c.SMTPURL, smtpURL}, {"LATCHKEY_SMS_URL", c.SMSURL, webURL}, {"LATCHKEY_LOGIN_URL", c.LoginURL, webURL},
		{"LATCHKEY_ARTICLES", c.Articles, articles}, {"LATCHKEY_MAIL_FROM", c.MailFrom, address},
	}
	if err := verify(checks...); err != nil {
		return err
	}
	switch {
	case c.Listen == c.InternalListen && !strings.HasSuffix(c.Listen, ":0"):
		return usagef("LATCHKEY_LISTEN and LATCHKEY_INTERNAL_LISTEN are the same address; what faces Slack must not serve your own systems.")
	case c.SMSToken != "" && c.SMSURL == "":
		return usagef("LATCHKEY_SMS_TOKEN is set without LATCHKEY_SMS_URL.")
	case c.SMTPURL != "" && c.MailFrom == "":
		return usagef("LATCHKEY_SMTP_URL is set without LATCHKEY_MAIL_FROM.")
	}
	return nil
}

// required names the first variable that a server can't do without.
func (c *Config) required() error {
	for _, r := range []struct{ name, value, why string }{
		{"LATCHKEY_SECRET_KEY", c.SecretKey, "the audit and everything secret are sealed with it; make one with: echo k1:$(openssl rand -base64 32)"},
		{"LATCHKEY_SLACK_BOT_TOKEN", c.SlackBotToken, "it is on the page \"OAuth & Permissions\" of the Slack app"},
		{"LATCHKEY_SLACK_SIGNING_SECRET", c.SlackSigningSecret, "it is on the page \"Basic Information\" of the Slack app"},
	} {
		if r.value == "" {
			return usagef("%s is not set: %s.", r.name, r.why)
		}
	}
	return nil
}

// keys reads the server's keys.
func (d *Data) keys() (actions.Keyring, error) {
	ring, err := actions.ParseKeyring(d.SecretKey)
	if err != nil {
		return ring, usagef("LATCHKEY_SECRET_KEY can't be used: %v.", err)
	}
	return ring, nil
}

// rules reads the numbers of the diagnosis.
func (j *Judging) rules() (actions.Rules, error) {
	err := verify(check{"LATCHKEY_LOCK_AFTER", j.LockAfter, number}, check{"LATCHKEY_IDLE_AFTER", j.IdleAfter, number})
	if err != nil {
		return actions.Rules{}, err
	}
	lock, _ := strconv.Atoi(j.LockAfter)
	idle, _ := strconv.Atoi(j.IdleAfter)
	return actions.Rules{LockAfter: lock, IdleMonths: idle}, nil
}

func number(s string) error {
	if n, err := strconv.Atoi(s); err != nil || n < 0 || n > 1000 {
		return fmt.Errorf("must be a whole number from 0 to 1000")
	}
	return nil
}

func hostPort(s string) error {
	_, port, err := net.SplitHostPort(s)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
		return fmt.Errorf("must be HOST:PORT, such as 127.0.0.1:8080")
	}
	return nil
}

// webURL takes https, and http only on loopback.
func webURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("must be a URL, such as https://latchkey.example")
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return fmt.Errorf("must begin with https:// (http:// is for this machine only)")
	}
	return nil
}

// plainURL takes a URL that others are built upon.
func plainURL(s string) error {
	if u, err := url.Parse(s); err == nil && (u.RawQuery != "" || u.Fragment != "") {
		return fmt.Errorf("must end before any ? or #")
	}
	return webURL(s)
}

func smtpURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "smtp" && u.Scheme != "smtps") {
		return fmt.Errorf("must be smtp://HOST:PORT or smtps://HOST:PORT")
	}
	return nil
}

func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && addr.IsLoopback())
}

var (
	idPattern     = regexp.MustCompile(`^[A-Z][A-Z0-9]+$`)
	prefixPattern = regexp.MustCompile(`^[a-z0-9_-]{1,12}$`)
)

func commandPrefix(s string) error {
	if !prefixPattern.MatchString(s) {
		return fmt.Errorf("must be up to 12 small letters, digits, - or _")
	}
	return nil
}

// oneID takes the ID of something in Slack.
func oneID(s string) error {
	if !idPattern.MatchString(s) {
		return fmt.Errorf("must hold IDs from Slack, such as U012ABCDEF")
	}
	return nil
}

func idList(s string) error {
	for _, id := range split(s) {
		if err := oneID(id); err != nil {
			return err
		}
	}
	return nil
}

// peopleList takes users and user groups.
func peopleList(s string) error {
	for _, id := range split(s) {
		if strings.ContainsAny(id[:1], "CDG") {
			return fmt.Errorf("must hold IDs of users and user groups, not of channels")
		}
	}
	return idList(s)
}

// userList takes no user groups, which a workspace may let its members edit.
func userList(s string) error {
	for _, id := range split(s) {
		if strings.HasPrefix(id, "S") {
			return fmt.Errorf("must hold IDs of users, not of user groups, which members may be able to edit")
		}
	}
	return peopleList(s)
}

func channelList(s string) error {
	for _, id := range split(s) {
		if err := oneChannel(id); err != nil {
			return err
		}
	}
	return nil
}

func oneChannel(s string) error {
	if err := oneID(s); err != nil || strings.ContainsAny(s[:1], "USTW") {
		return fmt.Errorf("must hold IDs of channels, such as C012ABCDEF")
	}
	return nil
}

// botToken refuses the app's other tokens, which are easily taken for it.
func botToken(s string) error {
	for _, other := range []string{"xapp-", "xoxp-", "xoxe-"} {
		if strings.HasPrefix(s, other) {
			return fmt.Errorf("holds another token of the app; it must be the \"Bot User OAuth Token\" (xoxb-…)")
		}
	}
	return oneWord(s)
}

func oneWord(s string) error {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return fmt.Errorf("has spaces or line breaks in it; please copy it again")
	}
	return nil
}

func address(s string) error {
	if _, err := mail.ParseAddress(s); err != nil {
		return fmt.Errorf("must be an e-mail address, such as support@acme.example")
	}
	return nil
}

func groupID(s string) error {
	if err := oneID(s); err != nil || s[0] != 'S' {
		return fmt.Errorf("must be the ID of a user group, such as S012ABCDEF")
	}
	return nil
}

// split reads a list by comma.
func split(s string) []string {
	var parts []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

func zone(s string) error {
	if _, err := time.LoadLocation(s); err != nil || s == "Local" {
		return fmt.Errorf("must be a time zone, such as Australia/Melbourne")
	}
	return nil
}

func clockTime(s string) error {
	if _, err := time.Parse("15:04", s); err != nil {
		return fmt.Errorf("must be a time of day, such as 08:00")
	}
	return nil
}

func articles(s string) error {
	for _, part := range split(s) {
		cause, link, found := strings.Cut(part, "=")
		if !found || webURL(link) != nil {
			return fmt.Errorf("must be CAUSE=URL, several by comma")
		}
		if !slices.Contains(actions.Causes(), actions.Cause(cause)) {
			return fmt.Errorf("names a cause that there isn't: %q", cause)
		}
	}
	return nil
}
