package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/bot/web"
)

// serveCmd runs the bot.
type serveCmd struct {
	Config
}

// graceTime is how long requests under way may take once the end was asked for.
const graceTime = 10 * time.Second

// Run serves until ctx ends, then lets what is under way finish. A bad
// configuration never listens.
func (c *serveCmd) Run(ctx context.Context, t terminal) (err error) {
	log := newLog(t.err)
	for _, check := range []func() error{c.Verify, c.required} {
		if err := check(); err != nil {
			return err
		}
	}
	h, err := c.house(ctx, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	h.meter = metered(h, log)
	b, err := c.bot(h, log)
	if err != nil {
		return err
	}
	c.tell(log)
	if err := c.consult(ctx, h, log); err != nil {
		return err
	}
	at, err := c.bind(ctx)
	if err != nil {
		return err
	}
	return c.listen(ctx, at, h, b, log)
}

// tell says once what is configured and has no effect, and what can't be done
// for want of configuration.
func (c *serveCmd) tell(log *slog.Logger) {
	if c.Agents+c.L2+c.Leads+c.Admins == "" {
		log.Warn("nobody may use Latchkey: LATCHKEY_AGENTS, _L2, _LEADS and _ADMINS are all unset")
	} else if c.Leads+c.Admins == "" {
		log.Warn("nobody can approve: LATCHKEY_LEADS and _ADMINS are unset, and what needs a second person is refused")
	}
	switch {
	case c.SMTPURL == "" && (c.PublicURL == "" || c.LoginURL == ""):
		log.Info("mail can only be copied by hand, and no links can be sent: LATCHKEY_SMTP_URL, _PUBLIC_URL and _LOGIN_URL aren't all set")
	case c.SMTPURL == "":
		log.Info("mail can only be copied by hand: LATCHKEY_SMTP_URL isn't set")
	}
	if c.behindStranger() {
		log.Warn("all customers look like one, so that one who tries too much turns the others away: " +
			"LATCHKEY_LISTEN is reached by a proxy, and LATCHKEY_TRUSTED_PROXIES doesn't name it")
	}
	switch {
	case c.L2Channel == "":
		log.Info("nothing can be escalated: LATCHKEY_L2_CHANNEL isn't set")
	case c.L2Group == "":
		log.Info("an escalation calls no group: LATCHKEY_L2_GROUP isn't set")
	}
	if c.SMSURL == "" {
		log.Info("no texts are sent: LATCHKEY_SMS_URL isn't set")
	}
}

// behindStranger reports whether customers come by a proxy that isn't named.
func (c *Config) behindStranger() bool {
	public, err := url.Parse(c.PublicURL)
	return err == nil && public.Host != "" && !loopback(public.Hostname()) && c.TrustedProxies == "" && inside(c.Listen)
}

// house opens the house of a server.
func (c *Config) house(ctx context.Context, log *slog.Logger) (*house, error) {
	rules, err := c.rules()
	if err != nil {
		return nil, err
	}
	zone, err := c.zone()
	if err != nil {
		return nil, err
	}
	gear, err := c.gear()
	if err != nil {
		return nil, err
	}
	h, err := c.open(ctx, rules, log)
	if err != nil {
		return nil, err
	}
	h.actions.Zone = zone
	c.equip(h, gear)
	return h, nil
}

// bot makes the bot of this configuration, and tells the use cases of the staff
// that it knows.
func (c *Config) bot(h *house, log *slog.Logger) (*bot.Bot, error) {
	api := c.slackAPI()
	b, err := bot.New(bot.Config{
		SigningSecret: c.SlackSigningSecret, SocketMode: c.SlackAppToken != "", Actions: h.actions, Workspace: bot.NewWorkspace(c.SlackBotToken, api, h.meter.slack), Outbox: h.outbox,
		Agents: split(c.Agents), L2: split(c.L2), Leads: split(c.Leads), Admins: split(c.Admins),
		SupportChannels: split(c.SupportChannels), L2Channel: c.L2Channel, LeadsChannel: c.LeadsChannel, L2Group: c.L2Group,
		Escalations: h.desk, CommandPrefix: c.CommandPrefix,
		APIURL: api, Transport: h.meter.answers, Observe: h.meter.request, Now: h.actions.Now, Log: log,
	})
	if err != nil {
		return nil, err
	}
	h.actions.Staff = b.Staff()
	return b, nil
}

// The limits of a connection.
const (
	headerLimit = 16 << 10 // bytes
	readLimit   = 10 * time.Second
	writeLimit  = 30 * time.Second
	idleLimit   = 2 * time.Minute
)

// sockets are the addresses that a server listens on.
type sockets struct{ outer, inner net.Listener }

// bind opens both addresses, or none.
func (c *Config) bind(ctx context.Context) (sockets, error) {
	listeners, err := listenAll(ctx, c.Listen, c.InternalListen)
	if err != nil {
		return sockets{}, err
	}
	return sockets{listeners[0], listeners[1]}, nil
}

// close closes both.
func (s sockets) close() error { return errors.Join(s.outer.Close(), s.inner.Close()) }

// listen serves both addresses until ctx ends, or until Slack refuses the token,
// and closes them.
func (c *Config) listen(ctx context.Context, at sockets, h *house, b *bot.Bot, log *slog.Logger) error {
	arrived, ear := make(bell, 1), c.ear(b)
	leaving := new(web.Leaving)
	outer, inner := c.routes(h, ear, arrived, leaving, log)
	ctx, leave := c.stay(ctx, leaving, log)
	defer leave()
	servers, listeners := []*http.Server{newServer(leaving.Last(outer), log), newServer(leaving.Last(inner), log)}, []net.Listener{at.outer, at.inner}
	stopJobs, err := h.startJobs(ctx, log)
	if err != nil {
		return errors.Join(err, at.close())
	}
	log.Info("listening", "outer", at.outer.Addr().String(), "inner", at.inner.Addr().String())

	group, ctx := errgroup.WithContext(ctx)
	for i, server := range servers {
		group.Go(func() error {
			if err := server.Serve(listeners[i]); !errors.Is(err, http.ErrServerClosed) {
				return fmt.Errorf("serving %s: %w", listeners[i].Addr(), err)
			}
			return nil
		})
	}
	group.Go(func() error { return greetSlack(ctx, b, log) })
	group.Go(func() error { return ear.hear(ctx) })
	group.Go(func() error { b.Run(ctx); return nil })
	group.Go(func() error { h.courier(log).Run(ctx); return nil })
	group.Go(func() error { h.watchArrivals(ctx, arrived, log); return nil })
	group.Go(func() error {
		<-ctx.Done()
		shutDown(servers, ear, log)
		stopJobs()
		return nil
	})
	return group.Wait()
}

// routes are what is served: on the outer address what Slack and customers reach,
// on the inner one what the company's own systems do.
func (c *Config) routes(h *house, ear *ear, arrived bell, leaving *web.Leaving, log *slog.Logger) (facing, inside http.Handler) {
	ready := leaving.Before(web.Readyz(h.store.Ping, ear.bot.CheckSlack, log, ear.parts()...))
	outer, inner := http.NewServeMux(), http.NewServeMux()
	trusted, _ := proxies(c.TrustedProxies) // they were checked
	guard := web.NewGuard(c.PublicURL, trusted)
	ear.routes(outer)
	for _, mux := range []*http.ServeMux{outer, inner} {
		mux.Handle("/healthz", web.Healthz())
		mux.Handle("/readyz", ready)
	}
	if c.PublicURL != "" {
		c.pages(outer, guard, h, log)
	}
	inner.Handle("/v1/records", web.Records(h.actions, arrived.ring, log))
	inner.Handle("/v1/links/redeem", web.Redeem(h.actions, log))
	inner.Handle("/v1/tickets/solved", web.TicketsSolved(h.actions, log))
	inner.Handle("/v1/changes", web.Changes(h.actions, log))
	inner.Handle("/v1/secrets", web.MakeSecrets(h.actions, log))
	c.watched(inner, h)
	return guard.Before(web.Numbered(outer)), web.Identified(inner)
}

// pages are what customers open: links, secrets, and requests for them. One guard
// stands before all.
func (c *Config) pages(outer *http.ServeMux, guard *web.Guard, h *house, log *slog.Logger) {
	outer.Handle("/l/", web.Links(web.LinkPages{
		Links: h.actions, Guard: guard, LoginURL: c.LoginURL, Brand: c.Brand, Support: c.Support, Log: log,
	}))
	outer.Handle("/s/", web.Secrets(web.SecretPages{Secrets: h.actions, Guard: guard, Brand: c.Brand, Support: c.Support, Log: log}))
	outer.Handle("/r/", web.Requests(web.RequestPages{Requests: h.actions, Guard: guard, Brand: c.Brand, Support: c.Support, Log: log}))
}

func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn), MaxHeaderBytes: headerLimit,
		ReadHeaderTimeout: readLimit, ReadTimeout: readLimit, WriteTimeout: writeLimit, IdleTimeout: idleLimit,
	}
}

// listenAll opens every address, or none.
func listenAll(ctx context.Context, addresses ...string) ([]net.Listener, error) {
	var open []net.Listener
	for _, address := range addresses {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
		if err != nil {
			for _, l := range open {
				err = errors.Join(err, l.Close())
			}
			return nil, fmt.Errorf("%s can't be listened on: %w", address, err)
		}
		open = append(open, l)
	}
	return open, nil
}

// greetSlack asks Slack once who the bot is. A refused token ends the process,
// since nothing will mend it; anything else may pass, and /readyz shows it.
func greetSlack(ctx context.Context, b *bot.Bot, log *slog.Logger) error {
	err := b.CheckSlack(ctx)
	if errors.Is(err, bot.ErrTokenRefused) {
		return fmt.Errorf("LATCHKEY_SLACK_BOT_TOKEN: %w", bot.ErrTokenRefused)
	}
	if err != nil && ctx.Err() == nil {
		log.Warn("Slack doesn't answer yet", "error", err)
	}
	return nil
}

// shutDown takes no more requests and lets those under way finish, answers
// that Slack gets later included. What isn't done by then is given up.
func shutDown(servers []*http.Server, ear *ear, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), graceTime)
	defer cancel()
	log.Info("stopping: requests under way may finish", "seconds", graceTime.Seconds())
	var err error
	for _, server := range servers {
		err = errors.Join(err, server.Shutdown(ctx))
	}
	if err = errors.Join(err, ear.drain(ctx)); err != nil {
		log.Warn("stopped before everything was answered", "error", err)
	}
}
