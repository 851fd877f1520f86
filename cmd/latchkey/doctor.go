package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot"
)

// doctorCmd looks whether everything is as a server needs it.
type doctorCmd struct {
	Config
	JSON  bool `help:"As JSON, one object a line."`
	Alive bool `help:"Only ask the server on this machine whether it is alive: for a container's health check."`
}

// Run looks at everything and changes nothing. It fails when a check does.
func (c *doctorCmd) Run(ctx context.Context, t terminal) error {
	if c.Alive {
		return c.alive(ctx, t)
	}
	failed, all := 0, newDoctor(&c.Config).examine(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, found := range all {
		if found.Status == bot.CheckFail {
			failed++
		}
		if err := c.print(t, found); err != nil {
			return err
		}
	}
	if failed > 0 {
		return actions.Errorf(actions.Unavailable, "%d of %s failed.", failed, plural(len(all), "check"))
	}
	return nil
}

// print prints what was found, on one line.
func (c *doctorCmd) print(t terminal, found bot.Checked) error {
	if c.JSON {
		enc := json.NewEncoder(t.out)
		enc.SetEscapeHTML(false)
		return enc.Encode(found)
	}
	line := fmt.Sprintf("%-4s  %-15s  %s  %s", found.Status, found.Check, found.Sentence, found.Mend)
	_, err := fmt.Fprintln(t.out, strings.TrimRight(strings.Join(strings.FieldsFunc(line, isLineEnd), " "), " "))
	return err
}

// isLineEnd reports whether a letter ends a line, which errors of others may hold.
func isLineEnd(r rune) bool { return r == '\n' || r == '\r' }

// aliveLimit is how long a server may take to say that it is alive.
const aliveLimit = 3 * time.Second

// alive asks the server on this machine whether it is alive.
func (c *doctorCmd) alive(ctx context.Context, t terminal) error {
	if err := verify(check{"LATCHKEY_INTERNAL_LISTEN", c.InternalListen, hostPort}); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, aliveLimit)
	defer cancel()
	direct := &http.Transport{} // no proxy stands between a machine and itself
	defer direct.CloseIdleConnections()
	if _, err := healthy(ctx, direct, "http://"+reachable(c.InternalListen)); err != nil {
		return actions.Errorf(actions.Unavailable, "The server on %s isn't alive: %v.", c.InternalListen, err)
	}
	_, err := fmt.Fprintln(t.out, "The server is alive.")
	return err
}

// reachable is the address at which who listens is reached from the same machine.
func reachable(listen string) string {
	host, port, _ := net.SplitHostPort(listen) // it was checked
	if everywhere(host) {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// errOther is for an address at which something else answers.
var errOther = errors.New("something else answers there")

// healthLimit is how much of an answer is read, in bytes.
const healthLimit = 1 << 10

// health is how a server answered.
type health struct {
	status int                  // 0: it didn't
	tls    *tls.ConnectionState // nil without TLS
}

// healthy asks a server for its health. Its errors don't show the address.
func healthy(ctx context.Context, transport http.RoundTripper, base string) (health, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(base, "/")+"/healthz", nil)
	if err != nil {
		return health{}, errors.New("the address can't be read")
	}
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		return health{}, withoutURL(err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read
	body, err := io.ReadAll(io.LimitReader(answer.Body, healthLimit))
	if err == nil && (answer.StatusCode != http.StatusOK || strings.TrimSpace(string(body)) != "ok") {
		err = fmt.Errorf("%w (%s)", errOther, answer.Status)
	}
	return health{answer.StatusCode, answer.TLS}, err
}

// doctor looks at everything that a server needs.
type doctor struct {
	*Config
	now       func() time.Time
	transport http.RoundTripper // to the public address; nil: the network
	disk      disk
}

func newDoctor(c *Config) *doctor { return &doctor{Config: c, now: time.Now, disk: realDisk{}} }

// checkNames are what is looked at, in the order in which it is told.
var checkNames = []string{
	"config", "key", "database", "migrations", "slack_token", "slack_scopes", "slack_app_token", "channels", "groups", "roles",
	"public_url", "smtp", "sms", "ses", "clock", "time_zone", "audit", "disk",
}

// How long parts may take.
const (
	slackLimit = 90 * time.Second // a long list of people, within Slack's rates
	wayLimit   = 10 * time.Second // to customers, each
	dataLimit  = 20 * time.Second
)

// examine looks at everything, and returns what it found of each of checkNames.
func (d *doctor) examine(ctx context.Context) []bot.Checked {
	parts := []func(context.Context) []bot.Checked{
		func(context.Context) []bot.Checked { return []bot.Checked{d.config(), d.timeZone()} }, d.data, d.chat, d.ways,
	}
	found := make([][]bot.Checked, len(parts))
	var all sync.WaitGroup
	for i, part := range parts {
		all.Go(func() { found[i] = part(ctx) })
	}
	all.Wait()
	var told []bot.Checked
	for _, name := range checkNames {
		told = append(told, merged(name, found))
	}
	return told
}

// merged is what was found of one thing, by whoever looked at it.
func merged(name string, found [][]bot.Checked) bot.Checked {
	var one bot.Checked
	for _, list := range found {
		for _, c := range list {
			switch {
			case c.Check != name:
			case one.Check == "":
				one = c
			case c.Status == bot.CheckWarn:
				one.Warn(c.Sentence, c.Mend)
			case c.Status == bot.CheckFail:
				one.Fail(c.Sentence, c.Mend)
			}
		}
	}
	if one.Check == "" {
		return bot.NotLooked(name, "the configuration can't be used for it.", "Mend config first.")
	}
	return one
}

// config is config: whether a server would start with it.
func (d *doctor) config() bot.Checked {
	c := bot.Found("config", "A server starts with this configuration.")
	for _, rule := range []func() error{d.Verify, d.keyGiven, d.required, func() error { _, err := d.gear(); return err }} {
		if err := rule(); err != nil {
			c.Fail(err.Error(), "Correct it; 'latchkey serve --help' says what each variable is for.")
			return c
		}
	}
	if d.behindStranger() {
		c.Warn("A proxy reaches LATCHKEY_LISTEN, and isn't named, so all customers look like one, and one who tries too much turns the others away.",
			"Set LATCHKEY_TRUSTED_PROXIES to the proxy's address.")
	}
	return c
}

// keyGiven leaves to key which one is needed: it knows whether the database has seen one.
func (d *doctor) keyGiven() error {
	if d.SecretKey == "" {
		return usagef("LATCHKEY_SECRET_KEY is not set; key says which one is needed.")
	}
	return nil
}

// timeZone is time_zone: whether there is one of that name.
func (d *doctor) timeZone() bot.Checked {
	c := bot.Found("time_zone", fmt.Sprintf("The team's time zone is %s.", d.Timezone))
	if err := zone(d.Timezone); err != nil {
		c.Fail(fmt.Sprintf("LATCHKEY_TIMEZONE %v.", err), "Set it to a name as https://en.wikipedia.org/wiki/List_of_tz_database_time_zones has them.")
	}
	return c
}
