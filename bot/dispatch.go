package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// dispatch finds who answers, makes sure that the actor may do it, here, and
// lets them answer. Nobody without a role gets further than the first question,
// and everybody without one gets the same answer, whatever they asked.
func (b *Bot) dispatch(ctx context.Context, in Inbound) (*reply, error) {
	came := b.now()
	found, read, problem := b.resolve(in)
	act := actions.ActHelp // what somebody may do who only asks what there is
	if found != nil {
		act = found.act
	}
	rule := b.ruleOf(act)
	roles, err := b.roster.rolesOf(ctx, in.Team, in.User, rule.Writes)
	call := actions.Call{Actor: actions.Actor{ID: in.User, Roles: roles}, Key: in.Key, Ticket: read.ticket}
	if in.Kind == Typed {
		call.TypedAt = came
	}
	switch {
	case !rule.Allows(roles) && err != nil:
		return nil, err
	case !rule.Allows(roles):
		return nil, b.actions.Refuse(ctx, call, act)
	case problem != nil:
		return nil, problem
	case rule.Writes && !b.mayChange(ctx, in):
		return b.offerDM(ctx, call, in)
	}
	return found.run(b, ctx, request{in: in, call: call, text: read.text, value: in.Value})
}

// ruleOf is the rule of an act; of one that is in no table, the rule that allows
// nobody.
func (b *Bot) ruleOf(act actions.Act) actions.Rule {
	if rule, known := b.rule(act); known {
		return rule
	}
	return actions.Rule{}
}

// mayChange reports whether something may be changed where it was asked for:
// in the configured channels and the bot's direct message. A modal and Home are
// like that: nobody else sees them.
func (b *Bot) mayChange(ctx context.Context, in Inbound) bool {
	return in.Channel == "" || b.mayWrite(in.Channel) || b.inDM(ctx, in)
}

// inDM reports whether something was done in the bot's own direct message with
// the actor, and not in one between colleagues. Who can't be sure says no.
func (b *Bot) inDM(ctx context.Context, in Inbound) bool {
	if !strings.HasPrefix(in.Channel, "D") {
		return false
	}
	channel, err := b.dms.get(ctx, in.User, false)
	return err == nil && channel == in.Channel
}

// supports reports whether something was done in a support channel.
func (b *Bot) supports(in Inbound) bool { return slices.Contains(b.channels, in.Channel) }

// reader is whom a diagnosis is shown to, and where.
func (b *Bot) reader(ctx context.Context, r request) blocks.Reader {
	return blocks.Reader{
		ID: r.call.Actor.ID, L2: b.l2, Share: b.supports(r.in), WrongChannel: !b.mayChange(ctx, r.in),
		May: func(act actions.Act) bool { return b.ruleOf(act).Allows(r.call.Actor.Roles) },
	}
}
