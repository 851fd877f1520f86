package main

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// visitors are the temporary admins of the last days: one on the site that the company
// manages, with a little less than a day left, and one that a customer was asked to
// make on their own.
var visitors = []happened{
	{2*24*60 + 10, makesAdmin("U0AVA", "U0MARCUS", "#4672", actions.NewAdmin{
		Target: acmeShop, Reason: "The checkout page stays white since the update; the theme's settings must be seen.", Days: 3,
	})},
	{10, func(ctx context.Context, m *morning) error {
		if err := m.house.actions.SweepAdmins(ctx); err != nil {
			return err
		}
		return m.deliver(ctx)
	}},
	{26, asksAdmin("U0NOOR", "#4701", actions.NewAdminAsk{
		For: "rob@pennine.example", Where: "https://pennine.example", Days: 3, From: "Noor Haddad",
		Why: "Your booking form sends no e-mails. We would like to look at its settings.",
	})},
}

// makesAdmin is what an agent and a lead did: one asked for a temporary admin, the
// other approved it.
func makesAdmin(agent, lead, ticket string, n actions.NewAdmin) func(context.Context, *morning) error {
	return func(ctx context.Context, m *morning) error {
		call := m.by(agent)
		call.Ticket = ticket
		report, err := m.house.actions.CreateAdmin(ctx, call, n)
		if err != nil {
			return err
		}
		if _, err := m.house.actions.Approve(ctx, m.by(lead), report.Approval.ID); err != nil {
			return err
		}
		return m.deliver(ctx)
	}
}

// asksAdmin is what an agent did: they asked a customer for one.
func asksAdmin(agent, ticket string, n actions.NewAdminAsk) func(context.Context, *morning) error {
	return func(ctx context.Context, m *morning) error {
		call := m.by(agent)
		call.Ticket = ticket
		if _, err := m.house.actions.AskAdmin(ctx, call, n); err != nil {
			return err
		}
		return m.works.settle(ctx)
	}
}
