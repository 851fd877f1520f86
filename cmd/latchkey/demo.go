package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/records"
	"github.com/latchkey-bot/latchkey/bot/sandbox"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// demoCmd lets anybody try the bot in a browser: the real one, over signed
// HTTP, with a Slack and a company of its own, which are gone afterwards.
//
// demo.go starts and ends it; demo_workspace.go is its Slack, demo_morning.go what
// happened there before, demo_cases.go what was escalated; demo_page.go is the page
// that shows it, demo_post.go where mails and texts arrive, demo_site.go the site
// that the company manages, demo_clock.go how time passes; demo_product.go is the product that its customers log in to, demo_customers.go what they do there.
type demoCmd struct {
	Listen string `help:"Where the page is served, on this machine only (default 127.0.0.1:7070, or a free port when that is taken)." placeholder:"HOST:PORT"`
}

// friendly is where the demo is when nobody says otherwise.
const friendly = "127.0.0.1:7070"

// demo is a demo that runs.
type demo struct {
	config Config
	clock  *sandbox.Clock
	house  *house
	slack  *slackfake.Slack
	page   net.Listener
	post   *sandbox.Post
	shop   *shopSite
	wire   *countedOutbox
	works  *clockwork
	at     sockets // where the bot is reached
	crowd  *crowd
	people int  // who has a login
	moved  bool // the friendly address was taken
}

// Run opens the demo, says where it is, and ends it with ctx. It leaves nothing
// behind, and to be ended is no error.
func (c *demoCmd) Run(ctx context.Context, t terminal) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	ctx, stop := untilHangUp(ctx)
	defer stop()
	page, moved, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = page.Close() }() // the server that serves it closes it first
	folder, err := os.MkdirTemp("", "latchkey-demo-")
	if err != nil {
		return fmt.Errorf("making a folder for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := runDemo(ctx, t, folder, page, moved); err != nil && ctx.Err() == nil {
		return err
	}
	return nil
}

// check refuses an address that others could reach: whoever opens the page may
// be anybody of the workspace.
func (c *demoCmd) check() error {
	if c.Listen == "" {
		return nil
	}
	if err := hostPort(c.Listen); err != nil {
		return usagef("--listen %v.", err)
	}
	if host, _, _ := net.SplitHostPort(c.Listen); !loopback(host) {
		return usagef("--listen must be an address of this machine only, such as %s: whoever opens the demo may be anybody in it.", friendly)
	}
	return nil
}

// open opens the address of the page: the one that was asked for, or the
// friendly one, or a free one when that is taken.
func (c *demoCmd) open(ctx context.Context) (page net.Listener, moved bool, err error) {
	var listen net.ListenConfig
	address := c.Listen
	if address == "" {
		if page, err = listen.Listen(ctx, "tcp", friendly); err == nil {
			return page, false, nil
		}
		address, moved = "127.0.0.1:0", true
	}
	if page, err = listen.Listen(ctx, "tcp", address); err != nil {
		return nil, false, fmt.Errorf("%s can't be listened on: %w", address, err)
	}
	return page, moved, nil
}

// untilHangUp ends ctx also when the terminal is closed, so that the demo
// leaves nothing behind then either.
func untilHangUp(ctx context.Context) (context.Context, context.CancelFunc) {
	if signal.Ignored(syscall.SIGHUP) {
		return context.WithCancel(ctx)
	}
	return signal.NotifyContext(ctx, syscall.SIGHUP)
}

// runDemo makes the company and its Slack, and serves until ctx ends.
func runDemo(ctx context.Context, t terminal, folder string, page net.Listener, moved bool) (err error) {
	clock := new(sandbox.Clock)
	slack, err := newWorkspace(clock)
	if err != nil {
		return err
	}
	defer slack.Close()
	d := &demo{config: demoConfig(folder, slack), clock: clock, slack: slack, page: page, post: sandbox.NewPost(nonsense).By(clock.Now), moved: moved}
	closePost, err := d.openPost(ctx, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closePost()) }()
	closeSite, err := d.openSite(ctx, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeSite()) }()
	if d.at, err = d.config.bind(ctx); err != nil {
		return err
	}
	defer func() { _ = d.at.close() }() // the servers close them first
	d.config.PublicURL = "http://" + d.at.outer.Addr().String()
	if d.house, err = d.config.house(ctx, quiet(t)); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.house.close()) }()
	d.wire = &countedOutbox{outbox: d.house.outbox}
	d.house.actions.Now, d.house.outbox = clock.Now, d.wire
	if err := d.moveIn(ctx); err != nil {
		return err
	}
	if err := d.manage(ctx); err != nil {
		return err
	}
	return d.serve(ctx, t)
}

// moveIn takes the company in, as of now.
func (d *demo) moveIn(ctx context.Context) error {
	d.crowd = newCrowd(d.clock.Now())
	lines := records.Read("demo", bytes.NewReader(companyOf(d.crowd)))
	tally, err := d.house.actions.Import(ctx, atTerminal(), actions.Import{Lines: ahead(ctx, lines)})
	d.people = tally["user"].New
	return err
}

// demoConfig is the configuration of a server whose Slack is the demo's.
func demoConfig(folder string, slack *slackfake.Slack) Config {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails: crypto/rand ends the program instead
	c := Config{
		Data:      Data{DatabaseURL: "sqlite:" + filepath.Join(folder, "demo.db"), SecretKey: "demo:" + base64.StdEncoding.EncodeToString(key[:])},
		Judging:   Judging{LockAfter: "3", IdleAfter: "3", Articles: demoArticles},
		Listening: Listening{Listen: "127.0.0.1:0", InternalListen: "127.0.0.1:0"},
		Slack:     Slack{SlackBotToken: slack.Token(), SlackSigningSecret: slack.SigningSecret(), SlackAPIURL: slack.APIURL()},
		Hours:     Hours{Timezone: "UTC", WorkingHours: "always"}, Team: Team{DigestAt: "08:00"},
		Words: Words{
			Brand: skylark, Support: "support@skylark.example", Closing: "Kind regards,\nyour support team",
			TicketSearchURL: "https://tickets.skylark.example/search?q={query}", CRMSearchURL: "https://crm.skylark.example/accounts?find={query}",
		},
	}
	c.People = People{
		Agents: withRole(roleAgent), L2: withRole(roleL2), Leads: withRole(roleLead), SupportChannels: supportChannel, L2Channel: l2Channel,
		LeadsChannel: leadsChannel, L2Group: callGroup,
	}
	return c
}

// demoArticles are the help articles of the demo's company.
const demoArticles = "locked_attempts=https://help.skylark.example/locked,wrong_password=https://help.skylark.example/password," +
	"reset_link_expired=https://help.skylark.example/links"

// nonsense is a secret that nobody can guess.
func nonsense() string {
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails
	return hex.EncodeToString(raw[:])
}

// serve runs the bot as `serve` does, and the page beside it.
func (d *demo) serve(ctx context.Context, t terminal) error {
	log := quiet(t)
	b, err := d.config.bot(d.house, log)
	if err != nil {
		return err
	}
	d.works = d.clockwork(b, log)
	if err := d.morning(ctx, b); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return d.config.listen(ctx, d.at, d.house, b, log) })
	group.Go(func() error { d.works.run(ctx); return nil })
	group.Go(func() error { return d.show(ctx, t, log) })
	return group.Wait()
}

// show serves the page until ctx ends, and says that it does.
func (d *demo) show(ctx context.Context, t terminal, log *slog.Logger) error {
	town, err := d.customers(ctx, log)
	if err != nil {
		return err
	}
	handler, err := d.sandbox(town)
	if err != nil {
		return err
	}
	if err := d.welcome(t); err != nil {
		return err
	}
	server := newServer(handler, log)
	server.WriteTimeout = 0 // streams stay open; each ends with its context
	server.BaseContext = func(net.Listener) context.Context { return ctx }
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(d.page); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serving the demo's page: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		return server.Close() // a browser holds connections open; nobody waits for them
	})
	group.Go(func() error {
		tick := time.NewTicker(lifeEvery)
		defer tick.Stop()
		town.live(ctx, tick.C)
		return nil
	})
	group.Go(func() error {
		tick := time.NewTicker(listenEvery)
		defer tick.Stop()
		town.listen(ctx, tick.C)
		return nil
	})
	return group.Wait()
}

// welcome says where the demo is, and what to do there.
func (d *demo) welcome(t terminal) error {
	p := newPaper(t.out)
	address := d.page.Addr().String()
	p.line("%s", p.in(bold, "Latchkey's demo is open: http://"+address+"/"))
	p.line("")
	p.line("A Slack in your browser, and the real bot behind it. You are in support; your customers have %d logins.", d.people)
	p.line("Type  /diagnose %s  there, and read why Jane can't log in.", residents[0].email())
	p.line("")
	if d.moved {
		p.line("It has a free port, since something else is at %s.", friendly)
	}
	p.line("%s", p.in(dim, "Ctrl-C ends it and leaves nothing behind."))
	return p.err
}
