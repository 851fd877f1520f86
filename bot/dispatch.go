package bot

import (
	"context"
	"slices"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// dispatch finds the command, makes sure that the actor may do it, here, and
// runs it. Nobody without a role gets further than the first question, and
// everybody without one gets the same answer, whatever they asked.
func (b *Bot) dispatch(ctx context.Context, in Inbound) (*reply, error) {
	c, read, problem := b.resolve(in)
	act := actions.ActHelp // what somebody may do who only asks what there is
	if c != nil {
		act = c.act
	}
	rule, known := b.rule(act)
	roles, err := b.roster.rolesOf(ctx, in.Team, in.User, rule.Writes)
	call := actions.Call{Actor: actions.Actor{ID: in.User, Roles: roles}, Key: in.Key, Ticket: read.ticket}
	switch {
	case (!known || !roles.Has(rule.Role)) && err != nil:
		return nil, err
	case !known || !roles.Has(rule.Role):
		return nil, b.actions.Refuse(ctx, call, act)
	case problem != nil:
		return nil, problem
	case rule.Writes && !b.mayChange(in):
		return b.continueInDM(ctx)
	}
	run := c.run
	if in.Kind == Clicked {
		run = c.click
	}
	return run(b, ctx, request{call: call, text: read.text, value: in.Value})
}

// mayChange reports whether something may be changed in the channel: the
// configured ones, and direct messages.
func (b *Bot) mayChange(in Inbound) bool {
	return strings.HasPrefix(in.Channel, "D") || in.ChannelName == "directmessage" || slices.Contains(b.channels, in.Channel)
}

func (b *Bot) continueInDM(ctx context.Context) (*reply, error) {
	self, err := b.roster.whoami(ctx)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.ContinueInDM(b.channels, self.User))
}
