package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/escalation"
)

// happened is what did so many minutes ago.
type happened struct {
	minutes int
	do      func(context.Context, *morning) error
}

// morning is what happened before a visitor came: people wrote, and cases were
// escalated, by the same use cases and with the same bot as from then on.
type morning struct {
	*demo
	bot   *bot.Bot
	first map[string]string // the newest message of a channel that isn't in a thread
	cases map[string]string // IDs, by what they are called below
	calls int
}

// morning lets it happen, in order, and leaves the clock right.
func (d *demo) morning(ctx context.Context, b *bot.Bot) error {
	m := &morning{demo: d, bot: b, first: map[string]string{}, cases: map[string]string{}}
	all := slices.Concat(caseload, visitors)
	for _, line := range chatter {
		all = append(all, happened{line.minutes, line.say})
	}
	slices.SortStableFunc(all, func(a, b happened) int { return cmp.Compare(b.minutes, a.minutes) })
	defer d.clock.Set(0)
	for _, h := range all {
		d.clock.Set(-time.Duration(h.minutes) * time.Minute)
		if err := h.do(ctx, m); err != nil {
			return fmt.Errorf("the demo's morning, %d minutes ago: %w", h.minutes, err)
		}
	}
	return nil
}

// say writes the line.
func (s said) say(_ context.Context, m *morning) error {
	thread := ""
	if s.thread {
		thread = m.first[s.channel]
	}
	ts, err := m.slack.Say(s.who, s.channel, thread, s.text)
	if err == nil && !s.thread {
		m.first[s.channel] = ts
	}
	return err
}

// by is a call of a colleague.
func (m *morning) by(id string) actions.Call {
	m.calls++
	at := slices.IndexFunc(colleagues, func(c colleague) bool { return c.id == id })
	role := map[string]actions.Role{roleAgent: actions.RoleAgent, roleL2: actions.RoleL2, roleLead: actions.RoleLead}[colleagues[at].role]
	return actions.Call{Actor: actions.Actor{ID: id, Roles: actions.RolesOf(role)}, Key: fmt.Sprint("morning-", m.calls)}
}

// deliver has everything told that waits.
func (m *morning) deliver(ctx context.Context) error {
	return m.works.deliver(ctx)
}

// escalates is what an agent did: they asked L2 about somebody.
func escalates(minutes int, name, agent string, n escalation.NewCase, ticket string) happened {
	return happened{minutes, func(ctx context.Context, m *morning) error {
		call := m.by(agent)
		call.Ticket = ticket
		made, err := m.house.desk.Escalate(ctx, call, n)
		if err != nil {
			return err
		}
		id := made.Report.Case.ID
		m.cases[name] = id
		if err := m.deliver(ctx); err != nil {
			return err
		}
		err = m.house.store.Tx(ctx, func(tx actions.Tx) error { // once more, with a link to L2's, which stands by now
			return m.house.actions.Enqueue(ctx, tx, actions.OutgoingCaseAgent, agent, id)
		})
		if err != nil {
			return err
		}
		return m.deliver(ctx)
	}}
}

// then is what somebody did with a case.
func then(minutes int, name, who string, do doing) happened {
	return happened{minutes, func(ctx context.Context, m *morning) error {
		if _, err := do(m.house.desk, ctx, m.by(who), m.cases[name]); err != nil {
			return err
		}
		return m.deliver(ctx)
	}}
}
