package main

import (
	"slices"
	"strconv"

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
	Hours
	Team
	Mail
	SES
	Words
}

// Data says where the records lie, and with which key what is secret is sealed.
type Data struct {
	DatabaseURL string `help:"The database: sqlite:PATH or postgres://… (default ${default})." env:"LATCHKEY_DATABASE_URL" default:"sqlite:latchkey.db" placeholder:"URL" group:"Data"`
	SecretKey   string `help:"The server's keys, kid:base64(32 bytes), several by comma; the first seals." env:"LATCHKEY_SECRET_KEY" placeholder:"KEYS" group:"Data"`
}

// Judging sets what a diagnosis goes by.
type Judging struct {
	LockAfter string `help:"More than this many wrong passwords indicate a lock; 0 switches that off (default ${default})." env:"LATCHKEY_LOCK_AFTER" default:"3" placeholder:"N" group:"Diagnosis"`
	IdleAfter string `help:"More than this many months without a login indicate a lock; 0 switches that off (default ${default})." env:"LATCHKEY_IDLE_AFTER" default:"3" placeholder:"MONTHS" group:"Diagnosis"`
	Articles  string `help:"Your help articles for customers by cause, CAUSE=URL or, for a brand, CAUSE@BRAND=URL, by comma." env:"LATCHKEY_ARTICLES" placeholder:"LIST" group:"Diagnosis"`
}

// Listening says where Latchkey is reached.
type Listening struct {
	Listen         string `help:"The address that faces Slack and customers (default ${default})." env:"LATCHKEY_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" group:"Network"`
	InternalListen string `help:"The address for your own systems: health, API, metrics (default ${default})." env:"LATCHKEY_INTERNAL_LISTEN" default:"127.0.0.1:8081" placeholder:"HOST:PORT" group:"Network"`
	PublicURL      string `help:"Where customers and Slack reach the outer address." env:"LATCHKEY_PUBLIC_URL" placeholder:"URL" group:"Network"`
	ShutdownDelay  string `help:"How long a server that was told to end still answers, while /readyz says that it isn't ready; longer than the balancer's checks are apart, at most 60s (default ${default})." env:"LATCHKEY_SHUTDOWN_DELAY" default:"0s" placeholder:"TIME" group:"Network"`
	Pprof          bool   `help:"Serve Go's profiles under /debug/pprof/ of the internal address." env:"LATCHKEY_PPROF" group:"Network"`
	TrustedProxies string `help:"The proxies before the outer address, whose X-Forwarded-For counts: addresses and networks, by comma." env:"LATCHKEY_TRUSTED_PROXIES" placeholder:"LIST" group:"Network"`
}

// Slack is what the app in Slack is known by.
type Slack struct {
	SlackBotToken      string `help:"The bot's token (xoxb-…)." env:"LATCHKEY_SLACK_BOT_TOKEN" placeholder:"TOKEN" group:"Slack"`
	SlackSigningSecret string `help:"The secret that Slack signs its requests with." env:"LATCHKEY_SLACK_SIGNING_SECRET" placeholder:"SECRET" group:"Slack"`
	SlackAppToken      string `help:"The app's token for Socket Mode (xapp-…): Latchkey then connects to Slack, and Slack needs no way in." env:"LATCHKEY_SLACK_APP_TOKEN" placeholder:"TOKEN" group:"Slack"`
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
	L2Channel       string `name:"l2-channel" help:"The channel that cases are escalated to; without it none can be." env:"LATCHKEY_L2_CHANNEL" placeholder:"ID" group:"People"`
	LeadsChannel    string `help:"The channel for what leads must know, such as cases that are late; without it leads on duty are told one by one." env:"LATCHKEY_LEADS_CHANNEL" placeholder:"ID" group:"People"`
	L2Group         string `name:"l2-group" help:"The user group that escalations mention." env:"LATCHKEY_L2_GROUP" placeholder:"ID" group:"People"`
}

// Hours say when the team works.
type Hours struct {
	Timezone     string `help:"The team's time zone (default ${default})." env:"LATCHKEY_TIMEZONE" default:"UTC" placeholder:"ZONE" group:"Team"`
	WorkingHours string `help:"When the team works on cases, in that zone (default ${default})." env:"LATCHKEY_WORKING_HOURS" default:"mon-fri 08:00-18:00" placeholder:"DAYS HH:MM-HH:MM" group:"Team"`
	Holidays     string `help:"Days without work, such as 2026-12-25, by comma." env:"LATCHKEY_HOLIDAYS" placeholder:"DATES" group:"Team"`
}

// Team says what the team holds itself to.
type Team struct {
	ServiceLevels string `help:"Working time until a case is claimed and resolved, KIND[/PRIORITY]=CLAIM/RESOLUTION, by comma, such as security/urgent=15m/2h; what isn't named keeps its default." env:"LATCHKEY_SERVICE_LEVELS" placeholder:"LIST" group:"Team"`
	Retention     string `help:"How long things are kept at least, such as attempts=13mo,audit=7y,secrets=90d,operations=90d,cases=400d,admins=400d (the default), in d, mo and y; what isn't named keeps its default." env:"LATCHKEY_RETENTION" placeholder:"LIST" group:"Team"`
	DigestAt      string `help:"When the daily digest is posted, in that zone (default ${default})." env:"LATCHKEY_DIGEST_AT" default:"08:00" placeholder:"HH:MM" group:"Team"`
}

// Mail says how customers are reached.
type Mail struct {
	SMTPURL  string `name:"smtp-url" help:"The mail server, smtp://…; with USER:PASSWORD@ where it wants them; without it mail can only be copied by hand." env:"LATCHKEY_SMTP_URL" placeholder:"URL" group:"Mail"`
	MailFrom string `help:"The address that mail comes from." env:"LATCHKEY_MAIL_FROM" placeholder:"ADDRESS" group:"Mail"`
	SMSURL   string `name:"sms-url" help:"Where texts are posted to; without it none are sent." env:"LATCHKEY_SMS_URL" placeholder:"URL" group:"Mail"`
	SMSToken string `name:"sms-token" help:"The bearer token for that." env:"LATCHKEY_SMS_TOKEN" placeholder:"TOKEN" group:"Mail"`
}

// SES is the mail provider that is asked which addresses it holds mail back from:
// Amazon SES, version 2 of its API.
type SES struct {
	SESRegion          string `name:"ses-region" help:"The region of Amazon SES whose list of suppressed addresses is looked at, such as ap-southeast-2." env:"LATCHKEY_SES_REGION" placeholder:"REGION" group:"Amazon SES"`
	SESAccessKeyID     string `name:"ses-access-key-id" help:"The access key that may list and delete suppressed destinations." env:"LATCHKEY_SES_ACCESS_KEY_ID" placeholder:"ID" group:"Amazon SES"`
	SESSecretAccessKey string `name:"ses-secret-access-key" help:"Its secret." env:"LATCHKEY_SES_SECRET_ACCESS_KEY" placeholder:"SECRET" group:"Amazon SES"`
	SESSessionToken    string `name:"ses-session-token" help:"Its session token, if it is a temporary one." env:"LATCHKEY_SES_SESSION_TOKEN" placeholder:"TOKEN" group:"Amazon SES"`
	SESURL             string `name:"ses-url" help:"Where its API is; by default that of the region." env:"LATCHKEY_SES_URL" placeholder:"URL" group:"Amazon SES"`
}

// Words are the company's own in messages to customers.
type Words struct {
	Brand    string `help:"The name that customers know you by." env:"LATCHKEY_BRAND" placeholder:"NAME" group:"Words"`
	LoginURL string `help:"Your login page." env:"LATCHKEY_LOGIN_URL" placeholder:"URL" group:"Words"`
	Closing  string `help:"The closing of mails to customers." env:"LATCHKEY_CLOSING" placeholder:"TEXT" group:"Words"`
	Support  string `help:"How customers reach you: an e-mail address, a number or a URL. The pages of secrets show it." env:"LATCHKEY_SUPPORT" placeholder:"TEXT" group:"Words"`

	Templates       string `help:"A folder with your own templates of mails, by brand and language." env:"LATCHKEY_TEMPLATES" placeholder:"FOLDER" group:"Words"`
	TicketSearchURL string `name:"ticket-search-url" help:"Where your ticket system searches, with {query} in it." env:"LATCHKEY_TICKET_SEARCH_URL" placeholder:"URL" group:"Words"`
	CRMSearchURL    string `name:"crm-search-url" help:"Where your CRM searches, with {query} in it." env:"LATCHKEY_CRM_SEARCH_URL" placeholder:"URL" group:"Words"`
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
	checks := append(c.ruleChecks(), []check{
		{"LATCHKEY_LISTEN", c.Listen, hostPort}, {"LATCHKEY_INTERNAL_LISTEN", c.InternalListen, hostPort},
		{"LATCHKEY_PUBLIC_URL", c.PublicURL, plainURL}, {"LATCHKEY_SLACK_API_URL", c.SlackAPIURL, webURL},
		{"LATCHKEY_SHUTDOWN_DELAY", c.ShutdownDelay, shutdownDelay},
		{"LATCHKEY_TRUSTED_PROXIES", c.TrustedProxies, proxyList}, {"LATCHKEY_SUPPORT", c.Support, support},
		{"LATCHKEY_SLACK_BOT_TOKEN", c.SlackBotToken, botToken}, {"LATCHKEY_SLACK_SIGNING_SECRET", c.SlackSigningSecret, signingSecret},
		{"LATCHKEY_SLACK_APP_TOKEN", c.SlackAppToken, appToken},
		{"LATCHKEY_COMMAND_PREFIX", c.CommandPrefix, commandPrefix},
		{"LATCHKEY_AGENTS", c.Agents, peopleList}, {"LATCHKEY_L2", c.L2, peopleList},
		{"LATCHKEY_LEADS", c.Leads, userList}, {"LATCHKEY_ADMINS", c.Admins, userList},
		{"LATCHKEY_SUPPORT_CHANNELS", c.SupportChannels, channelList},
		{"LATCHKEY_L2_CHANNEL", c.L2Channel, oneChannel}, {"LATCHKEY_LEADS_CHANNEL", c.LeadsChannel, oneChannel},
		{"LATCHKEY_L2_GROUP", c.L2Group, groupID},
		{"LATCHKEY_TIMEZONE", c.Timezone, zone}, {"LATCHKEY_DIGEST_AT", c.DigestAt, clockTime},
		{"LATCHKEY_WORKING_HOURS", c.WorkingHours, workingHours}, {"LATCHKEY_HOLIDAYS", c.Holidays, holidays},
		{"LATCHKEY_SERVICE_LEVELS", c.ServiceLevels, serviceLevels}, {"LATCHKEY_RETENTION", c.Retention, retention},
		{"LATCHKEY_SES_REGION", c.SESRegion, awsRegion}, {"LATCHKEY_SES_ACCESS_KEY_ID", c.SESAccessKeyID, oneWord},
		{"LATCHKEY_SES_SECRET_ACCESS_KEY", c.SESSecretAccessKey, oneWord}, {"LATCHKEY_SES_SESSION_TOKEN", c.SESSessionToken, oneWord},
		{"LATCHKEY_SES_URL", c.SESURL, plainURL},
		{"LATCHKEY_SMTP_URL", c.SMTPURL, smtpURL}, {"LATCHKEY_MAIL_FROM", c.MailFrom, address},
		{"LATCHKEY_SMS_URL", c.SMSURL, webURL}, {"LATCHKEY_SMS_TOKEN", c.SMSToken, oneWord},
		{"LATCHKEY_LOGIN_URL", c.LoginURL, loginURL}, {"LATCHKEY_BRAND", c.Brand, brand}, {"LATCHKEY_CLOSING", c.Closing, closing},
		{"LATCHKEY_TICKET_SEARCH_URL", c.TicketSearchURL, searchURL}, {"LATCHKEY_CRM_SEARCH_URL", c.CRMSearchURL, searchURL},
	}...)
	if err := verify(checks...); err != nil {
		return err
	}
	return c.agree()
}

// agree checks what values ask of each other.
func (c *Config) agree() error {
	switch {
	case clash(c.Listen, c.InternalListen):
		return usagef("LATCHKEY_LISTEN and LATCHKEY_INTERNAL_LISTEN are the same address; what faces Slack must not serve your own systems.")
	case c.SMSToken != "" && c.SMSURL == "":
		return usagef("LATCHKEY_SMS_TOKEN is set without LATCHKEY_SMS_URL.")
	case c.SMTPURL != "" && c.MailFrom == "":
		return usagef("LATCHKEY_SMTP_URL is set without LATCHKEY_MAIL_FROM.")
	case c.SMTPURL != "" && c.PublicURL == "":
		return usagef("LATCHKEY_SMTP_URL is set without LATCHKEY_PUBLIC_URL: the links in mails lead there.")
	case c.SMTPURL != "" && c.LoginURL == "":
		return usagef("LATCHKEY_SMTP_URL is set without LATCHKEY_LOGIN_URL: the links in mails send customers on to it.")
	}
	return c.SES.agree()
}

// agree: the region and the key go together, and nothing else is of use without
// them.
func (s *SES) agree() error {
	together := []check{
		{name: "LATCHKEY_SES_REGION", value: s.SESRegion}, {name: "LATCHKEY_SES_ACCESS_KEY_ID", value: s.SESAccessKeyID},
		{name: "LATCHKEY_SES_SECRET_ACCESS_KEY", value: s.SESSecretAccessKey},
	}
	all := slices.Concat(together, []check{{name: "LATCHKEY_SES_SESSION_TOKEN", value: s.SESSessionToken}, {name: "LATCHKEY_SES_URL", value: s.SESURL}})
	set := slices.IndexFunc(all, func(c check) bool { return c.value != "" })
	missing := slices.IndexFunc(together, func(c check) bool { return c.value == "" })
	if set < 0 || missing < 0 {
		return nil
	}
	return usagef("%s is set without %s: the region, the access key and its secret go together.", all[set].name, together[missing].name)
}

// required names the first variable that a server can't do without.
func (c *Config) required() error {
	for _, r := range []struct{ name, value, why string }{
		{"LATCHKEY_SECRET_KEY", c.SecretKey, "the audit and everything secret are sealed with it; for a new database, make one with: echo k1:$(openssl rand -base64 32)"},
		{"LATCHKEY_SLACK_BOT_TOKEN", c.SlackBotToken, "it is on the page \"OAuth & Permissions\" of the Slack app"},
		{"LATCHKEY_SLACK_SIGNING_SECRET", c.SlackSigningSecret, "it is on the page \"Basic Information\" of the Slack app"},
	} {
		if r.value == "" && (r.name != "LATCHKEY_SLACK_SIGNING_SECRET" || c.SlackAppToken == "") { // in Socket Mode nothing is signed
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

// ruleChecks are what its values have to fit.
func (j *Judging) ruleChecks() []check {
	return []check{{"LATCHKEY_LOCK_AFTER", j.LockAfter, number}, {"LATCHKEY_IDLE_AFTER", j.IdleAfter, number}, {"LATCHKEY_ARTICLES", j.Articles, articles}}
}

// rules reads what a diagnosis goes by.
func (j *Judging) rules() (r actions.Rules, err error) {
	if err := verify(j.ruleChecks()...); err != nil {
		return r, err
	}
	r.LockAfter, _ = strconv.Atoi(j.LockAfter) // they were checked
	r.IdleMonths, _ = strconv.Atoi(j.IdleAfter)
	r.Articles, _ = actions.ParseArticles(j.Articles)
	return r, nil
}
