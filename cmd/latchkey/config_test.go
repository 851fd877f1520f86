package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// whole is a configuration that reaches customers.
func whole() Config {
	return Config{
		Data: Data{SecretKey: testKey}, Judging: Judging{LockAfter: "3", IdleAfter: "3"},
		Listening: Listening{Listen: "127.0.0.1:8080", InternalListen: "127.0.0.1:8081", PublicURL: "https://latchkey.acme.example", TrustedProxies: "127.0.0.1"},
		Slack:     Slack{SlackBotToken: "xoxb-canary", SlackSigningSecret: "shh-canary", SlackAPIURL: "https://slack.com/api/"},
		People:    People{Agents: "U0AVA", Leads: "U0MARCUS", L2Channel: "C0L2", L2Group: "S0L2"}, Hours: Hours{Timezone: "UTC", WorkingHours: usualHours}, Team: Team{DigestAt: "08:00"},
		Mail:  Mail{SMTPURL: "smtp://robot:canary@smtp.acme.example:587", MailFrom: "Acme <support@acme.example>", SMSURL: "https://texts.acme.example/", SMSToken: "canary"},
		Words: Words{Brand: "Acme", LoginURL: "https://acme.example/login", Closing: "Kind regards,\nyour team", TicketSearchURL: "https://t.acme.example/?q={query}"},
	}
}

// inSydney are the credentials of a mail provider.
func inSydney() SES {
	return SES{SESRegion: "ap-southeast-2", SESAccessKeyID: "AKIACANARY", SESSecretAccessKey: "canary/canary+canary"}
}

// TestVerify: what can't be used is named, and no secret's value.
func TestVerify(t *testing.T) {
	t.Parallel()
	if c := whole(); c.Verify() != nil {
		t.Fatalf("a whole configuration: %v", c.Verify())
	}
	for name, test := range map[string]struct {
		spoil func(*Config)
		says  string // what the error begins with
	}{
		"TokenMarked":   {func(c *Config) { c.SlackBotToken = "\ufeffxoxb-canary" }, "LATCHKEY_SLACK_BOT_TOKEN must begin with xoxb-"},
		"TokenOther":    {func(c *Config) { c.SlackBotToken = "canary" }, "LATCHKEY_SLACK_BOT_TOKEN must begin with xoxb-"},
		"TokenOfPerson": {func(c *Config) { c.SlackBotToken = "xoxp-canary" }, "LATCHKEY_SLACK_BOT_TOKEN holds another token"},
		"TokenOfApp":    {func(c *Config) { c.SlackBotToken = "xapp-canary" }, "LATCHKEY_SLACK_BOT_TOKEN holds another token of the app; it must be the \"Bot User OAuth Token\" (xoxb-…) of its page \"OAuth & Permissions\", and this one (xapp-…) belongs in LATCHKEY_SLACK_APP_TOKEN"},
		"AppTokenOfBot": {func(c *Config) { c.SlackAppToken = "xoxb-canary" }, "LATCHKEY_SLACK_APP_TOKEN must be an app-level token (xapp-…), from the Slack app's page \"Basic Information\"; it holds the bot's (xoxb-…)"},
		"AppTokenOther": {func(c *Config) { c.SlackAppToken = "canary" }, "LATCHKEY_SLACK_APP_TOKEN must be an app-level token"},
		"SigningBot":    {func(c *Config) { c.SlackSigningSecret = "xoxb-canary" }, "LATCHKEY_SLACK_SIGNING_SECRET holds a token of the app"},
		"SigningApp":    {func(c *Config) { c.SlackSigningSecret = "xapp-canary" }, "LATCHKEY_SLACK_SIGNING_SECRET holds a token of the app"},
		"SMTPScheme":    {func(c *Config) { c.SMTPURL = "https://robot:canary@smtp.acme.example" }, "LATCHKEY_SMTP_URL must be smtp://"},
		"SMTPNoHost":    {func(c *Config) { c.SMTPURL = "smtp://robot:canary@:25" }, "LATCHKEY_SMTP_URL must be smtp://"},
		"SMTPPath":      {func(c *Config) { c.SMTPURL = "smtp://robot:canary/x@smtp.acme.example" }, "LATCHKEY_SMTP_URL must be smtp://"},
		"SMTPUserOnly":  {func(c *Config) { c.SMTPURL = "smtp://canary@smtp.acme.example" }, "LATCHKEY_SMTP_URL must name both"},
		"SMTPNoUser":    {func(c *Config) { c.SMTPURL = "smtp://:canary@smtp.acme.example" }, "LATCHKEY_SMTP_URL must name both"},
		"NoFrom":        {func(c *Config) { c.MailFrom = "" }, "LATCHKEY_SMTP_URL is set without LATCHKEY_MAIL_FROM"},
		"NoPublicURL":   {func(c *Config) { c.PublicURL = "" }, "LATCHKEY_SMTP_URL is set without LATCHKEY_PUBLIC_URL"},
		"NoLoginURL":    {func(c *Config) { c.LoginURL = "" }, "LATCHKEY_SMTP_URL is set without LATCHKEY_LOGIN_URL"},
		"LoginFragment": {func(c *Config) { c.LoginURL = "https://acme.example/#login" }, "LATCHKEY_LOGIN_URL must have no #"},
		"LoginHTTP":     {func(c *Config) { c.LoginURL = "http://acme.example/login" }, "LATCHKEY_LOGIN_URL must begin with https://"},
		"TokenAlone":    {func(c *Config) { c.SMSURL = "" }, "LATCHKEY_SMS_TOKEN is set without LATCHKEY_SMS_URL"},
		"TokenSpaces":   {func(c *Config) { c.SMSToken = "can ary canary" }, "LATCHKEY_SMS_TOKEN has spaces"},
		"SMSHTTP":       {func(c *Config) { c.SMSURL = "http://texts.acme.example/" }, "LATCHKEY_SMS_URL must begin with https://"},
		"BrandLines":    {func(c *Config) { c.Brand = "Acme\nBcc: all@acme.example" }, "LATCHKEY_BRAND must be a name of one line"},
		"BrandLong":     {func(c *Config) { c.Brand = strings.Repeat("é", 81) }, "LATCHKEY_BRAND must be a name"},
		"Closing":       {func(c *Config) { c.Closing = "bye\x00" }, "LATCHKEY_CLOSING must be text"},
		"ClosingLong":   {func(c *Config) { c.Closing = strings.Repeat("x", 2001) }, "LATCHKEY_CLOSING must be text"},
		"ProxyName":     {func(c *Config) { c.TrustedProxies = "10.0.0.0/24, proxy.canary" }, "LATCHKEY_TRUSTED_PROXIES must hold addresses and networks"},
		"ProxyZone":     {func(c *Config) { c.TrustedProxies = "fe80::1%canary" }, "LATCHKEY_TRUSTED_PROXIES must hold addresses and networks"},
		"ProxyAll":      {func(c *Config) { c.TrustedProxies = "10.0.0.7,0.0.0.0/0" }, "LATCHKEY_TRUSTED_PROXIES must not hold a network of everybody"},
		"ProxyAllSix":   {func(c *Config) { c.TrustedProxies = "::/0" }, "LATCHKEY_TRUSTED_PROXIES must not hold a network of everybody"},
		"SupportLines":  {func(c *Config) { c.Support = "help@acme.example\ncanary" }, "LATCHKEY_SUPPORT must be an e-mail address, a number or a URL"},
		"SupportLong":   {func(c *Config) { c.Support = strings.Repeat("é", 201) }, "LATCHKEY_SUPPORT must be an e-mail address"},
		"SupportHTTP":   {func(c *Config) { c.Support = "http://acme.example/help" }, "LATCHKEY_SUPPORT must begin with https://"},
		"SupportScript": {func(c *Config) { c.Support = "javascript://acme.example/%0aalert(1)" }, "LATCHKEY_SUPPORT must be a URL"},
		"SearchHTTP":    {func(c *Config) { c.TicketSearchURL = "http://t.acme.example/?q={query}" }, "LATCHKEY_TICKET_SEARCH_URL must be a URL that begins with https://"},
		"SearchLocal":   {func(c *Config) { c.CRMSearchURL = "http://127.0.0.1/?q={query}" }, "LATCHKEY_CRM_SEARCH_URL must be a URL that begins with https://"},
		"SearchUser":    {func(c *Config) { c.CRMSearchURL = "https://canary@crm.acme.example/?q={query}" }, "LATCHKEY_CRM_SEARCH_URL must be a URL"},
		"SearchHost":    {func(c *Config) { c.CRMSearchURL = "https://{query}.acme.example/" }, "LATCHKEY_CRM_SEARCH_URL must be a URL"},
		"HoursDays":     {func(c *Config) { c.WorkingHours = "mon-someday 08:00-18:00" }, "LATCHKEY_WORKING_HOURS names a day that there isn't"},
		"HoursEnd":      {func(c *Config) { c.WorkingHours = "mon-fri 18:00-08:00" }, "LATCHKEY_WORKING_HOURS must "},
		"Holidays":      {func(c *Config) { c.Holidays = "2026-12-25,2026-02-30" }, "LATCHKEY_HOLIDAYS must hold days"},
		"Levels":        {func(c *Config) { c.ServiceLevels = "security=1h" }, "LATCHKEY_SERVICE_LEVELS must hold KIND="},
		"LevelsKind":    {func(c *Config) { c.ServiceLevels = "nonsense=1h/2h" }, "LATCHKEY_SERVICE_LEVELS names a kind of case that there isn't"},
		"SESRegion":     {func(c *Config) { c.SES = inSydney(); c.SESRegion = "evil.example/" }, "LATCHKEY_SES_REGION must be the name of a region"},
		"SESRegionOnly": {func(c *Config) { c.SESRegion = "eu-west-1" }, "LATCHKEY_SES_REGION is set without LATCHKEY_SES_ACCESS_KEY_ID"},
		"SESNoRegion":   {func(c *Config) { c.SES = inSydney(); c.SESRegion = "" }, "LATCHKEY_SES_ACCESS_KEY_ID is set without LATCHKEY_SES_REGION"},
		"SESNoSecret":   {func(c *Config) { c.SES = inSydney(); c.SESSecretAccessKey = "" }, "LATCHKEY_SES_REGION is set without LATCHKEY_SES_SECRET_ACCESS_KEY"},
		"SESTokenAlone": {func(c *Config) { c.SESSessionToken = "canary" }, "LATCHKEY_SES_SESSION_TOKEN is set without LATCHKEY_SES_REGION"},
		"SESURLAlone":   {func(c *Config) { c.SESURL = "https://ses.example" }, "LATCHKEY_SES_URL is set without LATCHKEY_SES_REGION"},
		"SESSecretTwo":  {func(c *Config) { c.SES = inSydney(); c.SESSecretAccessKey = "can ary canary" }, "LATCHKEY_SES_SECRET_ACCESS_KEY has spaces"},
		"SESKeyTwo":     {func(c *Config) { c.SES = inSydney(); c.SESAccessKeyID = "AKIA canary" }, "LATCHKEY_SES_ACCESS_KEY_ID has spaces"},
		"SESHTTP":       {func(c *Config) { c.SES = inSydney(); c.SESURL = "http://ses.example" }, "LATCHKEY_SES_URL must begin with https://"},
		"SESUser":       {func(c *Config) { c.SES = inSydney(); c.SESURL = "https://canary:canary@ses.example" }, "LATCHKEY_SES_URL must be a URL without a user name"},
		"SearchNoQuery": {func(c *Config) { c.CRMSearchURL = "https://crm.acme.example/" }, "LATCHKEY_CRM_SEARCH_URL must contain {query}"},
	} {
		c := whole()
		test.spoil(&c)
		err := c.Verify()
		if err == nil || !strings.HasPrefix(err.Error(), test.says) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v, want %s", name, err, test.says)
		}
	}
}

// TestClash: two can't listen on one port of one host, by whatever name every host is told.
func TestClash(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		listen, internal string
		clash            bool
	}{
		"Same":          {"127.0.0.1:8080", "127.0.0.1:8080", true},
		"Everywhere":    {":18080", "0.0.0.0:18080", true},
		"OneEverywhere": {"127.0.0.1:8080", ":8080", true},
		"OtherWayRound": {"[::]:8080", "10.0.0.7:8080", true},
		"ZeroBefore":    {":08080", "127.0.0.1:8080", true},
		"ByName":        {"localhost:8080", "127.0.0.1:8080", true},
		"OtherSpelling": {"[::1]:8080", "[0:0:0:0:0:0:0:1]:8080", true},
		"OtherName":     {"one.internal:8080", "two.internal:8080", false},
		"OtherPort":     {":8080", "0.0.0.0:8081", false},
		"OtherHost":     {"10.0.0.7:8080", "127.0.0.1:8080", false},
		"AnyPort":       {":0", ":0", false},
		"AnyPortAtHost": {"127.0.0.1:0", "127.0.0.1:00", false},
	} {
		c := whole()
		c.Listen, c.InternalListen = test.listen, test.internal
		if err := c.Verify(); (err != nil) != test.clash || err != nil && !strings.Contains(err.Error(), "are the same address") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTell: what can't be done for want of configuration is said once, and
// nothing when all is there; no secret is in it.
func TestTell(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*Config)
		says   []string
	}{
		"All":      {func(*Config) {}, nil},
		"NoSMTP":   {func(c *Config) { c.SMTPURL = "" }, []string{"mail can only be copied by hand: LATCHKEY_SMTP_URL isn't set"}},
		"NoLinks":  {func(c *Config) { c.SMTPURL, c.PublicURL = "", "" }, []string{"no links can be sent"}},
		"NoTexts":  {func(c *Config) { c.SMSURL, c.SMSToken = "", "" }, []string{"no texts are sent"}},
		"Nobody":   {func(c *Config) { c.Agents, c.Leads = "", "" }, []string{"nobody may use Latchkey"}},
		"NoLeads":  {func(c *Config) { c.Leads = "" }, []string{"nobody can approve"}},
		"NoL2":     {func(c *Config) { c.L2Channel, c.L2Group = "", "" }, []string{"nothing can be escalated: LATCHKEY_L2_CHANNEL isn't set"}},
		"NoGroup":  {func(c *Config) { c.L2Group = "" }, []string{"calls no group: LATCHKEY_L2_GROUP isn't set"}},
		"Behind":   {func(c *Config) { c.TrustedProxies = "" }, []string{"LATCHKEY_TRUSTED_PROXIES doesn't name it"}},
		"Private":  {func(c *Config) { c.TrustedProxies, c.Listen = "", "10.1.2.3:8080" }, []string{"one who tries too much turns the others away"}},
		"Outside":  {func(c *Config) { c.TrustedProxies, c.Listen = "", "0.0.0.0:8080" }, nil},
		"AtHome":   {func(c *Config) { c.TrustedProxies, c.PublicURL = "", "http://127.0.0.1:8080" }, nil},
		"TwoMores": {func(c *Config) { c.SMTPURL, c.SMSURL = "", "" }, []string{"copied by hand", "no texts are sent"}},
	} {
		c, log := serveCmd{whole()}, &bytes.Buffer{}
		test.change(&c.Config)
		c.tell(slog.New(slog.NewTextHandler(log, nil)))
		if lines := strings.Count(log.String(), "\n"); lines != len(test.says) {
			t.Errorf("%s: it says %d lines: %s", name, lines, log)
		}
		for _, want := range test.says {
			if !strings.Contains(log.String(), want) {
				t.Errorf("%s: it doesn't say %q: %s", name, want, log)
			}
		}
		if strings.Contains(log.String(), "canary") {
			t.Errorf("%s: a secret is in %s", name, log)
		}
	}
}

// TestSearches are those that are set.
func TestSearches(t *testing.T) {
	t.Parallel()
	w := whole().Words
	if got := w.searches(); len(got) != 1 || got[0].Name != "Tickets" || got[0].URL != w.TicketSearchURL {
		t.Errorf("the searches are %v", got)
	}
}

// TestProxies are networks, an address being one of its own.
func TestProxies(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]string{
		"": "[]", "10.0.0.7": "[10.0.0.7/32]", " 10.0.0.7/24 ,2001:db8::1": "[10.0.0.0/24 2001:db8::1/128]", "::ffff:10.0.0.7": "[10.0.0.7/32]",
	} {
		if got, err := proxies(list); err != nil || fmt.Sprint(got) != want {
			t.Errorf("%q names %v, %v; want %s", list, got, err, want)
		}
	}
}
