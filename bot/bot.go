// Package bot is Slack, in and out: it receives what Slack sends, finds out who
// asks and what they may, calls one use case of actions, and answers in time.
//
// A map of the package, in the order in which a request goes through it:
//
//   - receive.go: the HTTP transport: nothing is parsed before the signature
//     held; socket.go and its neighbours: Socket Mode; inbound.go: [Inbound],
//     where both transports meet;
//   - answer.go: the budget: inline when quick, response_url when not, and a
//     sentence within three seconds when the database is frozen; response.go:
//     posting to a response_url; inflight.go: what is still to be answered;
//   - dispatch.go: who may do it, and where; command.go: the tables of commands,
//     buttons, shortcuts and modals; resolve.go: which of them was meant;
//     continue.go: going on in the direct message; roles.go: roles, as Slack
//     knows the people; lookup.go: what Slack said, remembered for five minutes;
//     workspace.go: what Slack is asked; messenger.go: what it is told;
//   - text.go: what people typed; modal.go: what they filled in; diagnose.go,
//     history.go, share.go, watch.go, last.go, shortcut.go, help.go: what each
//     of them does; remedy.go and its neighbours: what helps a customer; secret.go,
//     secret_request.go: one-time secrets, whose links are whispered (response.go);
//     escalate.go, case.go: what L2 is asked, and what becomes of it;
//   - outbox.go: what must reach somebody later, retried until it does; sending.go:
//     one try of it, and what it looks like; refused.go: what Slack's refusals
//     mean, and what to do; staff.go: who of the leads is on duty;
//   - erase.go: the bot's messages about somebody who is forgotten, written anew;
//   - home.go: the app's Home, and handing over at the end of a shift; lockouts.go: the digest,
//     the lists behind its numbers, and incidents; doctor.go: what may be wrong with the
//     set-up in Slack;
//   - manifest.go: the app's manifest, from the same tables.
//
// Sub-packages: blocks makes messages of plain values, web has the pages that
// aren't for Slack, slackfake is a Slack to test against, sandbox shows that one
// in a browser, and browsertest drives the browser in tests.
//
// Refused by default: an act that is in no table is nobody's, and somebody
// without a role reads one constant sentence, whatever they asked.
package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// Config is what a Bot is made of. SigningSecret, Actions, Workspace and Outbox
// are required.
type Config struct {
	// SigningSecret is what Slack signs its requests with.
	SigningSecret string
	// SocketMode says that nothing is received over HTTP, so that no SigningSecret is
	// needed; see [Bot.Socket].
	SocketMode bool
	// Actions are the use cases.
	Actions *actions.Actions
	// Workspace is asked who people are, and shows them messages.
	Workspace Workspace
	// Outbox holds what is to be delivered later; see [Bot.Run].
	Outbox Outbox
	// Escalations are the use cases of cases for L2.
	Escalations *escalation.Desk

	// Slack user IDs that hold a role; Agents and L2 also user group IDs
	// (beginning with S). Leads and admins are users only, since a workspace may
	// let its members edit groups.
	Agents, L2, Leads, Admins []string
	// SupportChannels are the IDs of the channels in which something may be
	// changed, besides the bot's direct messages.
	SupportChannels []string
	// L2Channel and LeadsChannel are the IDs of the channels of L2, where cases are
	// escalated to, and of the leads; "" for none. Something may be changed there, too.
	L2Channel, LeadsChannel string
	// CommandPrefix stands before the name of each command, to avoid clashes:
	// "lk-" makes /lk-diagnose. At most 12 of a to z, 0 to 9, "_" and "-".
	CommandPrefix string
	// L2Group is the ID of the user group that escalations mention; empty: a
	// plain "@support-melbourne".
	L2Group string
	// APIURL is where Slack's Web API is; empty: https://slack.com/api/. Its host
	// is accepted for response URLs, besides https://hooks.slack.com.
	APIURL string
	// Transport carries what is posted to response URLs; nil: the default one.
	Transport http.RoundTripper
	// Now is the clock; nil: time.Now. Signatures are always checked against the
	// system's.
	Now func() time.Time
	// Observe is told how each request was answered: one of [Labels], or another for what
	// there isn't, one of [Outcomes], and how long that took; nil: nobody is.
	Observe func(label, outcome string, took time.Duration)
	// Log is where unexpected failures go; nil: nowhere.
	Log *slog.Logger
}

// Bot answers what Slack sends. Make one with New.
type Bot struct {
	secret    string
	actions   *actions.Actions
	roster    *roster
	commands  []command
	rule      func(actions.Act) (actions.Rule, bool)
	prefix    string
	channels  []string // of support
	places    []string // where something may be changed
	desk      *escalation.Desk
	l2        string // how L2 is addressed, as Slack's markup
	l2Group   string
	l2Channel string
	helps     map[actions.Roles]*reply
	workspace Workspace
	dms       *lookup[string] // the bot's direct message with each user
	outbox    Outbox
	shared    sharedLately
	today     today // of leads' Homes
	responses *responses
	inflight  inflight
	runs      atomic.Bool // messages are delivered all the time; see Run
	now       func() time.Time
	observe   func(label, outcome string, took time.Duration)
	log       *slog.Logger
}

// New makes a Bot. Its error is a sentence that names what is wrong with the
// configuration, and never shows a secret.
func New(config Config) (*Bot, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Observe == nil {
		config.Observe = unobserved
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	b := &Bot{
		secret: config.SigningSecret, actions: config.Actions, roster: newRoster(config), rule: actions.RuleFor,
		prefix: config.CommandPrefix, channels: config.SupportChannels, l2: l2Handle(config.L2Group),
		places: slices.DeleteFunc(append(slices.Clone(config.SupportChannels), config.L2Channel, config.LeadsChannel), func(id string) bool { return id == "" }),
		desk:   config.Escalations, l2Group: config.L2Group, l2Channel: config.L2Channel,
		workspace: config.Workspace, dms: newLookup(config.Now, config.Workspace.DM), outbox: config.Outbox,
		responses: newResponses(config.APIURL, config.Transport), now: config.Now, observe: config.Observe, log: config.Log,
	}
	b.commands = commandTable()
	var err error
	b.helps, err = b.renderHelp()
	return b, err
}

var (
	userID        = regexp.MustCompile(`^[ABEFH-RT-Z][A-Z0-9]+$`) // no group, and no channel
	groupID       = regexp.MustCompile(`^S[A-Z0-9]+$`)
	prefixPattern = regexp.MustCompile(`^[a-z0-9_-]{0,12}$`)
)

// check refuses what can't work, so that a bad configuration never listens.
func (c Config) check() error {
	switch {
	case c.SigningSecret == "" && !c.SocketMode:
		return errors.New("the signing secret is missing; it is on the page “Basic Information” of the Slack app")
	case c.Actions == nil:
		return errors.New("the use cases are missing")
	case c.Workspace == nil:
		return errors.New("the Slack workspace is missing")
	case c.Outbox == nil:
		return errors.New("the outbox is missing")
	case c.Escalations == nil:
		return errors.New("the use cases of escalations are missing")
	case !prefixPattern.MatchString(c.CommandPrefix):
		return errors.New("the command prefix may have at most 12 of a to z, 0 to 9, “_” and “-”")
	case c.L2Group != "" && !groupID.MatchString(c.L2Group):
		return fmt.Errorf("the L2 group must be the ID of a user group such as S0123ABCD, not %q", c.L2Group)
	}
	if _, err := url.Parse(c.APIURL); err != nil {
		return errors.New("the address of Slack's API can't be read")
	}
	return c.checkIDs()
}

func (c Config) checkIDs() error {
	for _, list := range []struct {
		name   string
		ids    []string
		groups bool
	}{{"agents", c.Agents, true}, {"L2", c.L2, true}, {"leads", c.Leads, false}, {"admins", c.Admins, false}} {
		for _, id := range list.ids {
			if !userID.MatchString(id) && (!list.groups || !groupID.MatchString(id)) {
				return fmt.Errorf("the list of %s has %q in it, which is %s", list.name, id, notAnID(list.groups))
			}
		}
	}
	for _, id := range []string{c.L2Channel, c.LeadsChannel} {
		if id != "" && !isID(id) {
			return fmt.Errorf("a channel is %q, which isn't a channel ID such as C0123ABCD", id)
		}
	}
	for _, id := range c.SupportChannels {
		if !isID(id) {
			return fmt.Errorf("the support channels have %q in them, which isn't a channel ID such as C0123ABCD", id)
		}
	}
	return nil
}

func notAnID(groups bool) string {
	if groups {
		return "neither a Slack user ID such as U0123ABCD nor a user group ID such as S0123ABCD"
	}
	return "not a Slack user ID such as U0123ABCD; groups can't be leads or admins, since members may edit them"
}

// l2Handle is how escalations address L2, as Slack's markup.
func l2Handle(group string) string {
	if group == "" {
		return "@support-melbourne"
	}
	return "<!subteam^" + group + ">"
}

// CheckSlack asks Slack who the bot is, for the start and for /readyz. Its
// error is [ErrTokenRefused] when Slack doesn't take the token, which no
// waiting mends; anything else may pass.
func (b *Bot) CheckSlack(ctx context.Context) error { return b.roster.check(ctx) }

// Drain waits until everything that was acknowledged is answered, or until ctx
// ends; then it returns an error that says how many answers are missing. Call
// it after the listener has stopped.
func (b *Bot) Drain(ctx context.Context) error {
	if left := b.inflight.wait(ctx); left > 0 {
		return fmt.Errorf("%d answers to Slack were still under way", left)
	}
	return nil
}

// name is what people type for a command of ours.
func (b *Bot) name(command string) string { return "/" + b.prefix + command }

// unprefixed is the name in the table of what people typed, "" when it is none
// of ours.
func (b *Bot) unprefixed(typed string) string {
	name, ours := strings.CutPrefix(strings.ToLower(typed), "/"+b.prefix)
	if !ours {
		return ""
	}
	return name
}
