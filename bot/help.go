package bot

import (
	"context"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// help explains the commands that the asker may use.
func (b *Bot) help(_ context.Context, r request) (*reply, error) {
	if ready, ok := b.helps[r.call.Actor.Roles]; ok {
		return ready, nil
	}
	return newReply(b.helpFor(r.call.Actor.Roles))
}

// renderHelp makes the answer for each set of roles once: help is asked for
// often and never changes while the bot runs.
func (b *Bot) renderHelp() (map[actions.Roles]*reply, error) {
	helps := map[actions.Roles]*reply{}
	for _, roles := range []actions.Roles{
		actions.RolesOf(actions.RoleAgent), actions.RolesOf(actions.RoleL2), actions.RolesOf(actions.RoleLead),
		actions.RolesOf(actions.RoleL2, actions.RoleLead), actions.RolesOf(actions.RoleAdmin),
	} {
		ready, err := newReply(b.helpFor(roles))
		if err != nil {
			return nil, err
		}
		helps[roles] = ready
	}
	return helps, nil
}

func (b *Bot) helpFor(roles actions.Roles) blocks.Message {
	var explained []blocks.Command
	for _, c := range b.commands {
		if b.ruleOf(c.act).Allows(roles) {
			explained = append(explained, blocks.Command{
				Name: b.typed(c), Usage: c.usage, Summary: c.summary, Example: strings.TrimSpace(b.typed(c) + " " + c.example),
			})
		}
	}
	return blocks.Help(b.name(root), explained)
}
