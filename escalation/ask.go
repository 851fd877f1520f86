package escalation

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

// Ask brings L2's question to the agent: the case waits for them, or, with customer,
// for the customer, and then the time for the resolution stands still. The text has
// at most [TextLimit] characters.
func (d *Desk) Ask(ctx context.Context, call actions.Call, id, text string, customer bool) (Report, error) {
	text = written(text)
	ch := change{act: actions.ActAsk, do: func(_ context.Context, _ Tx, c *Case, now time.Time) ([]Event, error) {
		kind, state := EventAsked, WaitingAgent
		if customer {
			kind, state = EventWaiting, WaitingCustomer
		}
		d.enter(c, state, now)
		return []Event{{Kind: kind, Actor: call.Actor.ID, Text: text, To: c.Agent}}, nil
	}}
	return d.changeSaying(ctx, call, id, text, ch)
}

// Reply brings an agent's answer to L2: who claimed the case goes on with it, or,
// with customer, it waits for the customer. Whoever follows the case may, and a lead.
func (d *Desk) Reply(ctx context.Context, call actions.Call, id, text string, customer bool) (Report, error) {
	text = written(text)
	ch := change{act: actions.ActReply, reason: text, do: func(_ context.Context, _ Tx, c *Case, now time.Time) ([]Event, error) {
		e := Event{Kind: EventReplied, Actor: call.Actor.ID, Text: text}
		switch {
		case c.State == Open || c.State == Claimed && !customer: // it adds to the case
		case customer:
			d.enter(c, WaitingCustomer, now)
			e.Kind = EventWaiting
		default:
			d.enter(c, Claimed, now)
			c.HeardAt = now // who waited for an answer wasn't quiet
		}
		return []Event{e}, nil
	}}
	return d.changeSaying(ctx, call, id, text, ch)
}

// changeSaying is change with a text that somebody wrote. Whoever may not is refused
// before it is looked at.
func (d *Desk) changeSaying(ctx context.Context, call actions.Call, id, text string, ch change) (Report, error) {
	if err := CheckText(text); err != nil && actions.May(call.Actor.Roles, ch.act) {
		return Report{}, err
	}
	return d.change(ctx, call, id, ch)
}

// TextLimit is how long a question, an answer or a note may be, in characters.
const TextLimit = 2000

// written is what somebody wrote as it is kept: without space around it, and with
// what Windows and tables put into a text as everybody has it.
func written(text string) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(text))
}

// CheckText looks at what somebody writes on a case: it stays on record, so it may
// be neither empty nor too long, nor hold a password (RULES S0.4). Errors: Invalid.
func CheckText(text string) error {
	text = written(text)
	odd := func(r rune) bool { return unicode.IsControl(r) && r != '\n' }
	switch {
	case text == "":
		return actions.Errorf(actions.Invalid, "There is nothing written. Please say it in a sentence; the others read it.")
	case !utf8.ValidString(text) || strings.ContainsFunc(text, odd):
		return actions.Errorf(actions.Invalid, "The text has a character in it that no text has. Please type it again.")
	case utf8.RuneCountInString(text) > TextLimit:
		return actions.Errorf(actions.Invalid, "The text is too long: %d characters are the most.", TextLimit)
	}
	return actions.CheckWritten(text)
}
