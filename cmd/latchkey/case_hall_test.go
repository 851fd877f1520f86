package main

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/escalation"
)

// hall is where L1 and L2 meet: a Slack, and the server behind it, whose cases are
// looked at as people see them.
type hall struct {
	t     testing.TB
	slack *slackfake.Slack
	*house
	bot    *bot.Bot
	behind *sql.DB
}

// Where L2 and the leads of a hall are.
const (
	hallL2    = "C0L2HALL"
	hallLeads = "C0LEADSHALL"
)

// hallSlack is a Slack with people of a hall: agents, L2 engineers, and a lead.
func hallSlack(now func() time.Time, people ...string) *slackfake.Slack {
	slack := slackfake.New(slackfake.Config{Now: now})
	for _, id := range people {
		slack.AddMember(slackfake.Member{ID: id})
	}
	slack.AddChannel(slackfake.Channel{ID: hallL2, Name: "l2"})
	slack.AddChannel(slackfake.Channel{ID: hallLeads, Name: "leads"})
	return slack
}

// openHall has a house's cases seen in a Slack.
func openHall(t testing.TB, h *house, databaseURL string, slack *slackfake.Slack, roles map[string]actions.Roles) *hall {
	t.Helper()
	h.desk.Channel, h.desk.Leads = hallL2, hallLeads
	config := bot.Config{
		SigningSecret: slack.SigningSecret(), Actions: h.actions, Escalations: h.desk, Outbox: h.store, Now: h.actions.Now, Log: h.actions.Log,
		Workspace: bot.NewWorkspace(slack.Token(), slack.APIURL(), slack.Transport()), APIURL: slack.APIURL(), Transport: slack.Transport(),
		L2Channel: hallL2, LeadsChannel: hallLeads,
	}
	for id, held := range roles {
		switch {
		case held.Has(actions.RoleLead):
			config.Leads = append(config.Leads, id)
		case held.Has(actions.RoleL2):
			config.L2 = append(config.L2, id)
		default:
			config.Agents = append(config.Agents, id)
		}
	}
	b, err := bot.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return &hall{t: t, slack: slack, house: h, bot: b, behind: behind(t, databaseURL)}
}

// deliver delivers until nothing waits any more, letting pass the time that lies
// between two messages.
func (h *hall) deliver(ctx context.Context, pass func(time.Duration)) {
	h.t.Helper()
	for rounds := 0; h.waiting(ctx) > 0; rounds++ {
		if err := h.bot.Deliver(ctx); err != nil || rounds > 5000 {
			h.t.Fatalf("%d messages wait still: %v", h.waiting(ctx), err)
		}
		pass(deliverySpace)
	}
}

// waiting is how many messages are to be delivered.
func (h *hall) waiting(ctx context.Context) (n int) {
	h.t.Helper()
	if err := h.behind.QueryRowContext(ctx, `SELECT count(*) FROM outbox WHERE delivered_at IS NULL AND buried_at IS NULL`).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// said are the bot's messages in a conversation, as somebody there sees them.
func (h *hall) said(who, conversation string) []slackfake.Shown {
	var all []slackfake.Shown
	for _, c := range h.slack.View(who).Conversations {
		for _, m := range c.Messages {
			if c.ID == conversation && m.User == h.slack.Bot() {
				all = append(all, m)
			}
		}
	}
	return all
}

// below are the messages in the thread of one of them.
func below(all []slackfake.Shown, first string) []slackfake.Shown {
	return slices.DeleteFunc(slices.Clone(all), func(m slackfake.Shown) bool { return m.Thread != first || m.TS == first })
}

// inThread are the kinds of events that L2 reads below its card.
var inThread = []escalation.EventKind{
	escalation.EventOpened, escalation.EventJoined, escalation.EventHandedBack, escalation.EventAsked, escalation.EventReplied, escalation.EventWaiting,
	escalation.EventResolved, escalation.EventReopened, escalation.EventReminded, escalation.EventOffered, escalation.EventDelisted,
	escalation.EventNotDelisted, escalation.EventReached, escalation.EventUrgent, escalation.EventNudged, escalation.EventAgentUnreached,
}

// wantSeen expects that both sides see each of these cases as it is now, once: one
// card each, with the newest state on it, and each event once in L2's thread.
func (h *hall) wantSeen(ctx context.Context, pass func(time.Duration), ids ...string) {
	h.t.Helper()
	h.deliver(ctx, pass)
	seen, news := map[string]string{}, map[string]*agentsNews{}
	for _, id := range ids {
		report := h.reportOf(ctx, id)
		h.wantThread(ctx, report)
		h.cards(ctx, report, func(name, card string) { seen[name] = card })
		h.gather(ctx, report, news)
	}
	for agent, n := range news {
		h.wantTold("to "+agent, n.events, n.told)
	}
	h.redraw(ctx, ids)
	h.deliver(ctx, pass)
	for _, id := range ids {
		report := h.reportOf(ctx, id)
		h.cards(ctx, report, func(name, card string) {
			if card != seen[name] {
				h.t.Errorf("%s shows\n%s\nand should\n%s", name, seen[name], card)
			}
		})
	}
}

// reportOf is a case as it is now.
func (h *hall) reportOf(ctx context.Context, id string) escalation.Report {
	h.t.Helper()
	report, err := h.desk.Report(ctx, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return report
}

// redraw has the cards of cases drawn anew, so that it is seen which of them were
// not in their newest state.
func (h *hall) redraw(ctx context.Context, ids []string) {
	h.t.Helper()
	err := h.store.Cases(ctx, func(tx escalation.Tx) error {
		for _, id := range ids {
			if err := h.actions.Enqueue(ctx, tx, actions.OutgoingCase, hallL2, id); err != nil {
				return err
			}
			all, err := tx.FollowersOf(ctx, id)
			if err != nil {
				return err
			}
			for _, f := range all {
				if err := h.actions.Enqueue(ctx, tx, actions.OutgoingCaseAgent, f.Agent, id); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// cards yields the cards of a case, and expects that each receiver has one.
func (h *hall) cards(ctx context.Context, r escalation.Report, yield func(name, card string)) {
	h.t.Helper()
	h.card(ctx, r, actions.OutgoingCase, hallL2, slackfake.Slackbot, yield)
	for _, f := range r.Followers {
		h.card(ctx, r, actions.OutgoingCaseAgent, f.Agent, f.Agent, yield)
	}
}

func (h *hall) card(ctx context.Context, r escalation.Report, kind actions.OutgoingKind, to, reader string, yield func(name, card string)) {
	h.t.Helper()
	name := fmt.Sprintf("the card of the case %s (%s) for %s", r.Case.Short(), r.Case.State, to)
	place, found, err := h.store.Place(ctx, kind, to, r.Case.ID)
	if err != nil || !found {
		h.t.Errorf("%s isn't there: %v", name, err)
		return
	}
	var cards []slackfake.Shown
	for _, m := range h.said(reader, place.Channel) {
		if (m.Thread == "" || m.Thread == m.TS) && strings.Contains(string(m.Blocks), "case "+r.Case.Short()) {
			cards = append(cards, m)
		}
	}
	if len(cards) != 1 || cards[0].TS != place.TS {
		h.t.Errorf("%s is there %d times, and should be at %s: %+v", name, len(cards), place.TS, cards)
		return
	}
	yield(name, givenNames.ReplaceAllString(cards[0].Text+string(cards[0].Blocks), ""))
}

// givenNames are what Slack names nameless blocks, each time anew, and links, which
// are there once the message is that they lead to.
var givenNames = regexp.MustCompile(`"block_id":"slack-[0-9]+",?| · (\\u003c|<)https://[^|]+\|[^\\>]+(\\u003e|>)`)

// wantThread expects each event of a case once in the thread of L2's card.
func (h *hall) wantThread(ctx context.Context, r escalation.Report) {
	h.t.Helper()
	place, _, err := h.store.Place(ctx, actions.OutgoingCase, hallL2, r.Case.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	var events []escalation.Event
	for _, e := range r.Events {
		if slices.Contains(inThread, e.Kind) && e.Level != escalation.ToTheLeads {
			events = append(events, e)
		}
	}
	h.wantTold("of the case "+r.Case.Short(), events, below(h.said(slackfake.Slackbot, hallL2), place.TS))
}

// wantTold expects that each of some events is told once, and nothing else is.
func (h *hall) wantTold(where string, events []escalation.Event, told []slackfake.Shown) {
	h.t.Helper()
	told = slices.Clone(told)
	slices.SortStableFunc(events, func(a, b escalation.Event) int { return cmp.Compare(len(b.Text), len(a.Text)) }) // what fits anything comes last
	for _, e := range events {
		i := slices.IndexFunc(told, func(m slackfake.Shown) bool { return strings.Contains(m.Text, e.Text) })
		if i < 0 {
			h.t.Errorf("%s it isn't told, or not as often as it happened: %s %s", where, e.Kind, e.Text)
			continue
		}
		told = slices.Delete(told, i, i+1)
	}
	for _, m := range told {
		h.t.Errorf("%s it is told too often: %s", where, m.Text)
	}
}

// agentsNews are what an agent is to be told of their cases, and what they are: all
// that stands in their direct message but the cards.
type agentsNews struct {
	events []escalation.Event
	told   []slackfake.Shown
}

// gather adds what the agents are told of a case.
func (h *hall) gather(ctx context.Context, r escalation.Report, news map[string]*agentsNews) {
	h.t.Helper()
	for _, f := range r.Followers {
		place, _, err := h.store.Place(ctx, actions.OutgoingCaseAgent, f.Agent, r.Case.ID)
		if err != nil {
			h.t.Fatal(err)
		}
		n := news[f.Agent]
		if n == nil {
			n = &agentsNews{told: h.said(f.Agent, place.Channel)}
			news[f.Agent] = n
		}
		n.told = slices.DeleteFunc(n.told, func(m slackfake.Shown) bool { return m.TS == place.TS })
		for _, e := range r.Events {
			if e.Actor != f.Agent && concerns(e, r.Case, f.Agent) {
				n.events = append(n.events, e)
			}
		}
	}
}

// concerns reports whether an agent who follows a case is told of an event.
func concerns(e escalation.Event, c escalation.Case, agent string) bool {
	switch e.Kind {
	case escalation.EventResolved, escalation.EventReopened, escalation.EventUnreached, escalation.EventReached:
		return true
	case escalation.EventAsked, escalation.EventJoined, escalation.EventNudged:
		return c.Agent == agent
	case escalation.EventWaiting, escalation.EventHandedOver:
		return e.To == agent
	default:
		return false
	}
}
