package main

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// caseload is what was escalated this morning: a case in each state, one of them
// late.
var caseload = []happened{
	escalates(160, "bea", "U0NOOR", escalation.NewCase{
		Kind: escalation.Blocklist, Whom: escalation.Whom{UserID: "u-bea"}, Reason: "No reset mail for a week, spam folder and firewall are checked.",
	}, "#4688"),
	then(151, "bea", "U0LIV", (*escalation.Desk).Claim),
	then(148, "bea", "U0LIV", (*escalation.Desk).Delist),
	then(146, "bea", "U0LIV", resolves(escalation.ListedRemoved, "Her mailbox was full last week, so our list held everything back. I took her address off it.")),

	escalates(140, "benoit", "U0AVA", escalation.NewCase{
		Kind: escalation.Delivery, Whom: escalation.Whom{UserID: "u-benoit"}, Reason: "His mail comes back, and he says the address is right.",
	}, "#4691"),
	then(131, "benoit", "U0MATEO", (*escalation.Desk).Claim),
	then(128, "benoit", "U0MATEO", asks("Their server says that there is no such mailbox. Please ask Benoît whether his address has changed.", true)),

	escalates(95, "eva", "U0AVA", escalation.NewCase{
		Kind: escalation.Account, Whom: escalation.Whom{UserID: "u-eva"}, Gateway: "GW1041", Reason: "Her contract was extended, her login wasn't.",
	}, "#4703"),
	then(84, "eva", "U0LIV", (*escalation.Desk).Claim),
	then(80, "eva", "U0LIV", asks("Until when does her new contract run?", false)),

	escalates(62, "lea", "U0NOOR", escalation.NewCase{
		Kind: escalation.Blocklist, Whom: escalation.Whom{UserID: "u-lea"}, Reason: "None of our mails have arrived for weeks.",
	}, "#4706"),
	then(50, "lea", "U0MATEO", (*escalation.Desk).Claim),

	escalates(33, "gus", "U0NOOR", escalation.NewCase{
		Kind: escalation.Security, Priority: escalation.Urgent, Whom: escalation.Whom{UserID: "u-gus"},
		Reason: "He gets mails about orders that he never made.",
	}, "#4709"),
	{9, func(ctx context.Context, m *morning) error {
		if err := m.house.desk.Watch(ctx); err != nil {
			return err
		}
		return m.deliver(ctx)
	}},

	escalates(18, "noel", "U0AVA", escalation.NewCase{
		Kind: escalation.Blocklist, Whom: escalation.Whom{UserID: "u-noel"}, Gateway: "GW1002", Reason: "He reported our mail as spam once, by mistake.",
	}, "#4710"),
}

// doing is what can be done with a case: a method of the desk.
type doing func(*escalation.Desk, context.Context, actions.Call, string) (escalation.Report, error)

// asks is a question to the agent, or, with customer, to the customer.
func asks(text string, customer bool) doing {
	return func(d *escalation.Desk, ctx context.Context, call actions.Call, id string) (escalation.Report, error) {
		return d.Ask(ctx, call, id, text, customer)
	}
}

// resolves says what came of it.
func resolves(outcome escalation.Outcome, note string) doing {
	return func(d *escalation.Desk, ctx context.Context, call actions.Call, id string) (escalation.Report, error) {
		return d.Resolve(ctx, call, id, outcome, note)
	}
}
