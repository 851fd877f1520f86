package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/bot"
)

// chat looks at Slack.
func (d *doctor) chat(ctx context.Context) []bot.Checked {
	if webURL(d.SlackAPIURL) != nil { // a token isn't sent there
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, slackLimit)
	defer cancel()
	return d.checkup(false).Examine(ctx)
}

// checkup is what is looked at in Slack.
func (d *doctor) checkup(brief bool) bot.Checkup {
	zone, _ := d.zone() // nil when there is none, which another check says
	return bot.Checkup{
		BotToken: d.SlackBotToken, AppToken: d.SlackAppToken, Zone: zone, Brief: brief,
		Config: bot.Config{
			Agents: split(d.Agents), L2: split(d.L2), Leads: split(d.Leads), Admins: split(d.Admins),
			SupportChannels: split(d.SupportChannels), L2Channel: d.L2Channel, LeadsChannel: d.LeadsChannel, L2Group: d.L2Group,
			CommandPrefix: d.CommandPrefix, APIURL: d.slackAPI(), Now: d.now,
		},
	}
}

// slackAPI is where Slack's API is, as methods are added to it.
func (s *Slack) slackAPI() string { return strings.TrimRight(s.SlackAPIURL, "/") + "/" }

// briefLimit is how long a server looks at all before it listens.
const briefLimit = 5 * time.Second

// consult looks at what a server can before it listens, and warns of what isn't as it
// should be. Only a token that Slack refuses is an error: nothing else mends that.
func (c *Config) consult(ctx context.Context, h *house, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, briefLimit)
	defer cancel()
	d := newDoctor(c)
	database, _ := d.database(ctx, h.store)
	all := append(database, d.audit(ctx, h.store), d.space())
	if ctx.Err() != nil {
		all = nil // what is slow isn't wrong
	}
	for _, found := range append(all, d.checkup(true).Examine(ctx)...) {
		if found.Refused {
			return fmt.Errorf("LATCHKEY_SLACK_BOT_TOKEN: %w", bot.ErrTokenRefused)
		}
		if found.Status != bot.CheckOK {
			log.Warn("the doctor found something", "check", found.Check, "status", found.Status, "sentence", found.Sentence, "mend", found.Mend)
		}
	}
	return nil
}
