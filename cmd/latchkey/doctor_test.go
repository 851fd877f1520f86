package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// found is what was found of one thing.
func found(all []bot.Checked, check string) bot.Checked {
	i := slices.IndexFunc(all, func(c bot.Checked) bool { return c.Check == check })
	if i < 0 {
		return bot.Checked{}
	}
	return all[i]
}

// TestDoctorFindsNothing: where everything is as it should be, each check is told once,
// in order, and nothing is sent or changed.
func TestDoctorFindsNothing(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	all := c.examine()
	var names []string
	for _, one := range all {
		names = append(names, one.Check)
		if one.Status != bot.CheckOK || one.Sentence == "" || one.Mend != "" {
			t.Errorf("it finds %+v", one)
		}
	}
	if !slices.Equal(names, checkNames) {
		t.Errorf("it tells %v", names)
	}
	if c.post.letters != 0 {
		t.Error("a mail was sent")
	}
}

// misconfiguration is something that isn't as it should be, and what is said of it.
type misconfiguration struct {
	spoil  func(*clinic)
	check  string
	status bot.CheckStatus
	says   string // in the sentence
	mend   string // in the mend
}

// TestDoctorFinds spoils one thing at a time: it is found under its name, with its mend,
// and no secret is shown.
func TestDoctorFinds(t *testing.T) {
	t.Parallel()
	for _, group := range []map[string]misconfiguration{wrongConfigurations, wrongDatabases, wrongSlacks, wrongPeople, wrongWays} {
		for name, m := range group {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c := newClinic(t)
				m.spoil(c)
				all := c.examine()
				got := found(all, m.check)
				if got.Status != m.status || !strings.Contains(got.Sentence, m.says) || !strings.Contains(got.Mend, m.mend) || m.mend == "" {
					t.Errorf("it finds %+v, want %s: %q, %q", got, m.status, m.says, m.mend)
				}
				said, err := json.Marshal(all)
				if err != nil || bytes.Contains(bytes.ToLower(said), []byte("canary")) {
					t.Errorf("a secret is in %s, %v", said, err)
				}
				if len(all) != len(checkNames) || slices.ContainsFunc(all, func(one bot.Checked) bool { return one.Status == "" || one.Sentence == "" }) {
					t.Errorf("it tells %s", said)
				}
			})
		}
	}
}

var errFull = errors.New("write /var/lib/latchkey/x: no space left on device")

var wrongConfigurations = map[string]misconfiguration{
	"SameAddress": {func(c *clinic) { c.config.InternalListen = c.config.Listen }, "config", bot.CheckFail, "are the same address", "latchkey serve --help"},
	"NoSigningSecret": {func(c *clinic) { c.config.SlackSigningSecret = "" }, "config", bot.CheckFail,
		"LATCHKEY_SLACK_SIGNING_SECRET is not set", "latchkey serve --help"},
	"NoTemplates":  {func(c *clinic) { c.config.Templates = filepath.Join(c.t.TempDir(), "nosuch") }, "config", bot.CheckFail, "LATCHKEY_TEMPLATES", "Correct it"},
	"UnknownProxy": {func(c *clinic) { c.config.TrustedProxies = "" }, "config", bot.CheckWarn, "all customers look like one", "LATCHKEY_TRUSTED_PROXIES"},
	"APIInTheClear": {func(c *clinic) { c.config.SlackAPIURL = "http://slack.example/api/" }, "config", bot.CheckFail,
		"LATCHKEY_SLACK_API_URL must begin with https://", "Correct it"},
	"NoKeyYet": {func(c *clinic) {
		c.config.SecretKey, c.config.DatabaseURL = "", c.config.DatabaseURL+".nosuch"
	}, "key", bot.CheckFail, "LATCHKEY_SECRET_KEY isn't set", "openssl rand -base64 32"},
	"NoKey":        {func(c *clinic) { c.config.SecretKey = "" }, "key", bot.CheckFail, `was used with the key "k1"`, "Set LATCHKEY_SECRET_KEY to the keys"},
	"NoKeyToStart": {func(c *clinic) { c.config.SecretKey = "" }, "config", bot.CheckFail, "key says which one is needed", "Correct it"},
	"ShortKey":     {func(c *clinic) { c.config.SecretKey = "k1:canary" }, "key", bot.CheckFail, "exactly 32 bytes", "base64(32 bytes). Set LATCHKEY_SECRET_KEY to the keys"},
	"ShortKeyYet": {func(c *clinic) {
		c.config.SecretKey, c.config.DatabaseURL = "k1:canary", c.config.DatabaseURL+".nosuch"
	}, "key", bot.CheckFail, "exactly 32 bytes", "openssl rand -base64 32"},
	"AnotherKey": {func(c *clinic) { c.config.SecretKey = "k1:YWJjZGVmZ2hpamtsbW5vcGFiY2RlZmdoaWprbG1ub3A=" }, "key", bot.CheckFail,
		`The key "k1" in LATCHKEY_SECRET_KEY differs`, "Set LATCHKEY_SECRET_KEY to the keys"},
	"OldKeyMissing": {func(c *clinic) { c.config.SecretKey = "k2:YWJjZGVmZ2hpamtsbW5vcGFiY2RlZmdoaWprbG1ub3A=" }, "key", bot.CheckFail,
		`"k1", which isn't in LATCHKEY_SECRET_KEY`, "the old ones after it"},
	"NoSuchZone": {func(c *clinic) { c.config.Timezone = "Melbourne" }, "time_zone", bot.CheckFail, "LATCHKEY_TIMEZONE must be a time zone", "Set it to a name"},
	"NobodysZone": {func(c *clinic) { c.config.Timezone = "UTC" }, "time_zone", bot.CheckWarn, "nobody who holds a role has set that",
		"LATCHKEY_TIMEZONE=Australia/Melbourne"},
}

var wrongDatabases = map[string]misconfiguration{
	"OtherScheme": {func(c *clinic) { c.config.DatabaseURL = "mysql://robot:canary@db/latchkey" }, "database", bot.CheckFail,
		"must be sqlite:path", "Correct LATCHKEY_DATABASE_URL"},
	"NoFile": {func(c *clinic) { c.config.DatabaseURL += ".nosuch" }, "database", bot.CheckWarn, "There is no file", "latchkey migrate"},
	"NoFolder": {func(c *clinic) { c.config.DatabaseURL = "sqlite:" + c.t.TempDir() + "/nosuch/latchkey.db" }, "database", bot.CheckFail,
		"There is no folder", "Make the folder"},
	"NotADatabase": {func(c *clinic) {
		c.config.DatabaseURL = "sqlite:" + written(c.t, "notes.txt", strings.Repeat("these are notes of mine\n", 100))
	}, "database", bot.CheckFail, "not a database", "restore a backup"},
	"Unreachable": {func(c *clinic) { c.config.DatabaseURL = "postgres://robot:canary@" + freeAddress(c.t) + "/latchkey" }, "database", bot.CheckFail,
		"doesn't answer", "check host, port, user, password"},
	"OtherSetting": {func(c *clinic) { c.config.DatabaseURL = "postgres://robot:canary@db/latchkey?sslmode=canary" }, "database", bot.CheckFail,
		"LATCHKEY_DATABASE_URL must be", "sslmode is disable, require, verify-ca or verify-full"},
	"NoAuthority": {func(c *clinic) {
		c.config.DatabaseURL = "postgres://robot:canary@" + inTheClear(c.t) + "/latchkey?sslmode=verify-full&sslrootcert=/nosuch.pem"
	}, "database", bot.CheckFail, "/nosuch.pem", "Correct sslrootcert"},
	"Folder":    {func(c *clinic) { c.config.DatabaseURL = "sqlite:" + c.t.TempDir() }, "database", bot.CheckFail, "is a folder", "Name a file in LATCHKEY_DATABASE_URL"},
	"KeysGone":  {func(c *clinic) { c.sql(`DROP TABLE keys`) }, "key", bot.CheckFail, "can't be read", "restore a backup"},
	"AuditGone": {func(c *clinic) { c.sql(`DROP TABLE audit_head`) }, "audit", bot.CheckFail, "can't be read", "restore a backup"},
	"NoTables":  {func(c *clinic) { c.config.DatabaseURL = "sqlite:" + written(c.t, "empty.db", "") }, "migrations", bot.CheckWarn, "no tables", "latchkey migrate"},
	"Pending": {func(c *clinic) {
		c.sql(`DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)
	},
		"migrations", bot.CheckWarn, "1 migration pending", "Back the database up"},
	"Newer": {func(c *clinic) { c.sql(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`) },
		"migrations", bot.CheckFail, "A later version", "Install that version"},
	"AuditCut":     {func(c *clinic) { c.sql(`UPDATE audit_head SET count = count + 1`) }, "audit", bot.CheckFail, "was cut", "latchkey audit verify"},
	"AuditChanged": {func(c *clinic) { c.sql(`UPDATE audit_head SET mac = x'00'`) }, "audit", bot.CheckFail, "changed at its end", "restore a backup"},
	"AuditCutByAnother": {func(c *clinic) { c.sql(`INSERT INTO audit_checkpoints VALUES (1, 1, x'00', 'k1', x'00')`) }, "audit", bot.CheckFail,
		"isn't signed with its key", "who had access to the database"},
	"NoTLS": {func(c *clinic) {
		c.config.DatabaseURL = "postgres://robot:canary@" + inTheClear(c.t) + "/latchkey?sslmode=require"
	}, "database",
		bot.CheckFail, "SSL is not enabled on the server", "add ?sslmode=disable"},
	"DiskNowhere": {func(c *clinic) {
		c.config.DatabaseURL, c.disk.wrong = "sqlite:"+c.t.TempDir()+"/nosuch/latchkey.db", fs.ErrNotExist
	}, "disk", bot.CheckFail, "there is no folder", "Mend database first"},
	"DiskFull":       {func(c *clinic) { c.disk.wrong = errFull }, "disk", bot.CheckFail, "no space left on device", "Make room"},
	"DiskReadOnly":   {func(c *clinic) { c.disk.wrong = errors.New("open x: read-only file system") }, "disk", bot.CheckFail, "read-only file system", "mount it for writing"},
	"DiskNearlyFull": {func(c *clinic) { c.disk.left = 100 << 20 }, "disk", bot.CheckWarn, "only 100 MB", "Make room"},
}

var wrongSlacks = map[string]misconfiguration{
	"NoToken":    {func(c *clinic) { c.config.SlackBotToken = "" }, "slack_token", bot.CheckFail, "isn't set", "OAuth & Permissions"},
	"WrongToken": {func(c *clinic) { c.config.SlackBotToken = "xoxb-canary-2" }, "slack_token", bot.CheckFail, "invalid_auth", "OAuth & Permissions"},
	"TokenRevoked": {func(c *clinic) { c.slack.Fail("auth.test", slackfake.Failure{Error: "token_revoked"}) }, "slack_token", bot.CheckFail,
		"token_revoked", "install the app"},
	"SlackAway": {func(c *clinic) { c.config.SlackAPIURL = "http://" + freeAddress(c.t) + "/api/" }, "slack_token", bot.CheckFail,
		"Slack can't be reached", "LATCHKEY_SLACK_API_URL"},
	"SlackDown": {func(c *clinic) { c.slack.Fail("auth.test", slackfake.Failure{Down: true}) }, "slack_token", bot.CheckFail, "503", "slack-status.com"},
	"ScopeMissing": {func(c *clinic) { c.install("chat:write", "usergroups:read", "users:read", "im:write") }, "slack_scopes", bot.CheckFail,
		"lacks commands, im:history, channels:history", "latchkey manifest"},
	"ScopeTooMany": {func(c *clinic) { c.install(append(slices.Clone(slackfake.Scopes), "admin")...) }, "slack_scopes", bot.CheckWarn, "admin", "latchkey manifest"},
	"AppToken": {func(c *clinic) { c.config.SlackAppToken = "xapp-canary" }, "slack_app_token", bot.CheckFail,
		"Slack refuses LATCHKEY_SLACK_APP_TOKEN", "connections:write"},
	"NotInChannel":   {func(c *clinic) { c.slack.AddChannel(slackfake.Channel{ID: "C0L2", Name: "l2", AppAbsent: true}) }, "channels", bot.CheckFail, "Latchkey isn't in #l2", "/invite @Latchkey"},
	"PrivateChannel": {func(c *clinic) { c.channel(slackfake.Channel{ID: "C0L2", AppAbsent: true}) }, "channels", bot.CheckFail, "knows no channel C0L2", "LATCHKEY_L2_CHANNEL"},
	"UnknownChannel": {func(c *clinic) { c.config.LeadsChannel = "C0NOSUCH" }, "channels", bot.CheckFail, "knows no channel C0NOSUCH", "LATCHKEY_LEADS_CHANNEL"},
	"SharedChannel":  {func(c *clinic) { c.channel(slackfake.Channel{ID: "C0SUPPORT", Shared: true}) }, "channels", bot.CheckFail, "shared with another company", "LATCHKEY_SUPPORT_CHANNELS"},
	"PublicChannel":  {func(c *clinic) { c.slack.AddChannel(slackfake.Channel{ID: "C0LEADS", Name: "leads"}) }, "channels", bot.CheckWarn, "#leads (C0LEADS, LATCHKEY_LEADS_CHANNEL) is public", "Make it private"},
	"OldChannel":     {func(c *clinic) { c.channel(slackfake.Channel{ID: "C0LEADS", Archived: true}) }, "channels", bot.CheckFail, "is archived", "Unarchive it"},
	"NoL2Channel":    {func(c *clinic) { c.config.L2Channel = "" }, "channels", bot.CheckWarn, "nothing can be escalated", "LATCHKEY_L2_CHANNEL"},
	"ClockAhead":     {func(c *clinic) { c.now = func() time.Time { return time.Now().Add(10 * time.Minute) } }, "clock", bot.CheckFail, "ahead of Slack's", "NTP"},
	"ClockBehind":    {func(c *clinic) { c.now = func() time.Time { return time.Now().Add(-time.Minute) } }, "clock", bot.CheckWarn, "behind Slack's", "NTP"},
}

// install installs the app with other scopes.
func (c *clinic) install(scopes ...string) {
	other := slackfake.Start(slackfake.Config{Token: c.slack.Token(), Scopes: scopes})
	c.t.Cleanup(other.Close)
	c.config.SlackAPIURL = other.APIURL()
}

var wrongPeople = map[string]misconfiguration{
	"UnknownGroup": {func(c *clinic) { c.slack.RemoveGroup("S0L2") }, "groups", bot.CheckFail, "no user group S0L2 (LATCHKEY_L2)", "Correct LATCHKEY_L2"},
	"FreePlan": {func(c *clinic) {
		c.slack.Fail("usergroups.users.list", slackfake.Failure{Error: "plan_upgrade_required"})
	}, "groups", bot.CheckFail,
		"only on a paid plan", "List user IDs"},
	"EmptyGroup":    {func(c *clinic) { c.slack.SetGroup("S0L2") }, "groups", bot.CheckWarn, "Nobody is in", "Add people"},
	"GuestLeads":    {func(c *clinic) { c.slack.AddMember(slackfake.Member{ID: "U0MARCUS", Guest: true}) }, "roles", bot.CheckFail, "U0MARCUS (LATCHKEY_LEADS) is a guest", "LATCHKEY_LEADS"},
	"BotAgent":      {func(c *clinic) { c.slack.AddMember(slackfake.Member{ID: "U0AVA", Bot: true}) }, "roles", bot.CheckFail, "U0AVA (LATCHKEY_AGENTS) is a bot", "LATCHKEY_AGENTS"},
	"GoneAdmin":     {func(c *clinic) { c.slack.AddMember(slackfake.Member{ID: "U0PRIYA", Deleted: true}) }, "roles", bot.CheckWarn, "U0PRIYA (LATCHKEY_ADMINS) is deactivated", "LATCHKEY_ADMINS"},
	"ForeignLead":   {func(c *clinic) { c.slack.AddMember(slackfake.Member{ID: "U0MARCUS", Team: "T0OTHER"}) }, "roles", bot.CheckFail, "another workspace", "LATCHKEY_LEADS"},
	"MistypedAgent": {func(c *clinic) { c.config.Agents = "U0AVVA" }, "roles", bot.CheckFail, "Slack knows nobody U0AVVA", "LATCHKEY_AGENTS"},
	"OneApprover":   {func(c *clinic) { c.config.Admins = "" }, "roles", bot.CheckWarn, "Only one person may approve", "at least two"},
	"NoApprover":    {func(c *clinic) { c.config.Admins, c.config.Leads = "", "" }, "roles", bot.CheckWarn, "Nobody may approve", "LATCHKEY_LEADS"},
	"Busy":          {func(c *clinic) { c.slack.Fail("users.info", slackfake.Failure{Error: "ratelimited"}) }, "roles", bot.CheckWarn, "isn't known (U0PRIYA (LATCHKEY_ADMINS), U0MARCUS (LATCHKEY_LEADS), U0AVA (LATCHKEY_AGENTS))", "Run this again in a minute"},
	"Broken":        {func(c *clinic) { c.slack.Fail("users.info", slackfake.Failure{Error: "fatal_error"}) }, "roles", bot.CheckWarn, `"fatal_error", which passes`, "Run this again in a minute"},
	"NobodyAtAll":   {func(c *clinic) { c.config.People = People{} }, "roles", bot.CheckFail, "Nobody may use Latchkey", "IDs of Slack users"},
}

var wrongWays = map[string]misconfiguration{
	"NoPublicURL": {func(c *clinic) { c.config.PublicURL = "" }, "public_url", bot.CheckWarn, "isn't set", "Set it"},
	"ThisMachine": {func(c *clinic) { c.config.PublicURL = "https://127.0.0.1" }, "public_url", bot.CheckWarn, "this machine's own address", "that they reach"},
	"NobodyThere": {func(c *clinic) { c.page.Close() }, "public_url", bot.CheckFail, "can't be reached", "latchkey serve"},
	"SomebodyElse": {func(c *clinic) {
		c.serve(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<h1>It works!</h1>") })
	}, "public_url", bot.CheckFail, "something else answers there (200 OK)", "LATCHKEY_LISTEN"},
	"LeadsOn": {func(c *clinic) {
		c.serve(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://www.acme.example/", http.StatusFound)
		})
	}, "public_url", bot.CheckFail, "leads on to another address", "Set LATCHKEY_PUBLIC_URL"},
	"WrongName": {func(c *clinic) { c.config.PublicURL = "https://latchkey.acme.example" }, "public_url", bot.CheckFail, "certificate", "Renew it"},
	"CertificateEnds": {func(c *clinic) {
		c.now = func() time.Time { return c.page.Certificate().NotAfter.AddDate(0, 0, -5) }
	}, "public_url", bot.CheckWarn, "ends in 5 days", "Renew it"},
	"MailPassword": {func(c *clinic) { c.post.password = "another" }, "smtp", bot.CheckFail, "doesn't take the user name and password (535)", "LATCHKEY_SMTP_URL"},
	"MailSender":   {func(c *clinic) { c.config.MailFrom = "info@acme.example" }, "smtp", bot.CheckFail, "sender address rejected", "LATCHKEY_MAIL_FROM"},
	"MailAway":     {func(c *clinic) { c.config.SMTPURL = "smtp://" + freeAddress(c.t) }, "smtp", bot.CheckFail, "doesn't answer", "the host and the port"},
	"MailTLS": {func(c *clinic) { c.config.SMTPURL = strings.Replace(c.config.SMTPURL, "smtp:", "smtps:", 1) }, "smtp", bot.CheckFail,
		"no encryption", "STARTTLS"},
	"TextsAway": {func(c *clinic) { c.texts.Close() }, "sms", bot.CheckFail, "can't be reached", "the service runs"},
	"TextsRefused": {func(c *clinic) {
		c.texts.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	}, "sms", bot.CheckWarn, "turns Latchkey away (401)", "LATCHKEY_SMS_TOKEN"},
	"AmazonKey": {func(c *clinic) { c.config.SESSecretAccessKey = "canary-2" }, "ses", bot.CheckFail, "turns Latchkey away", "ses:ListSuppressedDestinations"},
}

// TestApproversUnknown: of people whom Slack doesn't tell about, it isn't said that they
// may not approve.
func TestApproversUnknown(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"ratelimited", "missing_scope", "internal_error", "something_new"} {
		c := newClinic(t)
		c.slack.Fail("users.info", slackfake.Failure{Error: code})
		got := found(c.examine(), "roles")
		if got.Status != bot.CheckWarn || strings.Contains(got.Sentence, "approve") || strings.Contains(got.Mend, "at least two") {
			t.Errorf("after %s it finds %+v", code, got)
		}
	}
}

// TestRolesUnasked: of many whom Slack doesn't tell about, the reason is said once, and a
// few are named.
func TestRolesUnasked(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	c.config.Agents = "U0AVA,U0BEN,U0CLEO,U0DAN"
	c.slack.Fail("users.info", slackfake.Failure{Error: "internal_error"})
	got := found(c.examine(), "roles")
	if !strings.Contains(got.Sentence, "Whether 6 of 6 people") || !strings.Contains(got.Sentence, "and 3 more") || strings.Count(got.Sentence, "internal_error") != 1 {
		t.Errorf("it finds %+v", got)
	}
}

// TestDoctorHeld: that another program keeps the whole file to itself is told from a file
// that can't be opened.
func TestDoctorHeld(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	db, err := sqlx.Open("sqlite", "file:"+strings.TrimPrefix(c.config.DatabaseURL, "sqlite:")+"?_pragma=locking_mode(exclusive)&_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	holding, err := db.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holding.Rollback() }()
	got := found(c.examine(), "database")
	if got.Status != bot.CheckFail || !strings.Contains(got.Sentence, "keeps the whole database file to itself") || !strings.Contains(got.Mend, "End what else has opened it") {
		t.Errorf("it finds %+v", got)
	}
}

// TestDoctorSays: at a terminal and as JSON, with the exit status.
func TestDoctorSays(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	c.config.PublicURL, c.config.SMTPURL = "", ""
	var out bytes.Buffer
	ill := &doctorCmd{Config: *c.config, JSON: true}
	if err := ill.Run(t.Context(), terminal{out: &out, err: io.Discard}); err != nil {
		t.Errorf("with warnings alone it ends with %v", err)
	}
	if n := strings.Count(out.String(), "\n"); n != len(checkNames) || !strings.HasPrefix(out.String(), `{"check":"config","status":"ok","sentence":"`) {
		t.Errorf("as JSON it says, in %d lines, %s", n, &out)
	}
	out.Reset()
	ill.JSON, ill.Timezone = false, "Nowhere/Land"
	err := ill.Run(t.Context(), terminal{out: &out, err: io.Discard})
	if actions.CodeOf(err) != actions.Unavailable || !strings.Contains(err.Error(), "2 of 18 checks failed") {
		t.Errorf("with a failure it ends with %v", err)
	}
	if !strings.Contains(out.String(), "\nfail  time_zone        LATCHKEY_TIMEZONE must be a time zone") || !strings.Contains(out.String(), "\nwarn  public_url ") {
		t.Errorf("it says %s", &out)
	}
}

// TestAlive asks a server that runs, one that doesn't, and something else.
func TestAlive(t *testing.T) {
	t.Parallel()
	else200 := httptest.NewServer(http.NotFoundHandler())
	defer else200.Close()
	s := serveOn(t, "sqlite:"+filepath.Join(t.TempDir(), "latchkey.db"))
	_, port, err := net.SplitHostPort(strings.TrimPrefix(s.inner, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	for listen, alive := range map[string]bool{
		"127.0.0.1:" + port: true, ":" + port: true, "0.0.0.0:" + port: true,
		freeAddress(t): false, strings.TrimPrefix(else200.URL, "http://"): false, "nonsense": false,
	} {
		c := &doctorCmd{Alive: true}
		c.InternalListen = listen
		if err := c.Run(t.Context(), terminal{out: io.Discard}); (err == nil) != alive {
			t.Errorf("at %s: %v", listen, err)
		}
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
}

// TestServeConsults: what isn't as it should be is in the log before a server listens,
// and keeps it from nothing.
func TestServeConsults(t *testing.T) {
	t.Parallel()
	s := serveOn(t, "sqlite:"+filepath.Join(t.TempDir(), "latchkey.db"), func(c *Config) { c.L2Channel = "C0NOSUCH" })
	log := s.log.String()
	if at := strings.Index(log, "Slack knows no channel C0NOSUCH"); at < 0 || at > strings.Index(log, `"msg":"listening"`) {
		t.Errorf("it says %s", log)
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
}
