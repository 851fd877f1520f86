package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot"
)

// forgetCmd erases a person.
type forgetCmd struct {
	Identifier   string `arg:"" help:"Whom: the user's ID, or their exact user name, e-mail address or mobile number."`
	KeepMessages bool   `help:"Leave the messages in Slack as they are."`
	JSON         bool   `help:"As JSON."`
	Data
	Slack
	People
}

// Run erases the person: first in Slack, where it says on standard error how far it is,
// then in the database. Stopped, or when Slack fails, it is run again.
func (c *forgetCmd) Run(ctx context.Context, t terminal) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	h, err := c.open(ctx, actions.Rules{}, quiet(t))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	known, err := h.actions.KnownBy(ctx, atTerminal(), c.Identifier)
	if err != nil {
		return err
	}
	var inSlack bot.Erased
	if !c.KeepMessages {
		if inSlack, err = c.eraseMessages(ctx, t, h, known); err != nil {
			return &halfWayError{fmt.Sprintf("%s erased in Slack, and nothing was deleted from the database: %v. Please run it again: it goes on where it stopped. "+
				"With --keep-messages, what is left in Slack stays as it is.",
				plural(inSlack.Edited, "message"), err)}
		}
	}
	done, err := h.actions.Forget(ctx, atTerminal(), known, inSlack.Emptied)
	if err != nil {
		return err
	}
	done.Edited = inSlack.Edited
	if err := c.tell(t, done, inSlack.Left); err != nil {
		return err
	}
	if err := h.store.CutJournal(ctx); err != nil {
		return &halfWayError{fmt.Sprintf("The person is forgotten, but the journal of the SQLite file still holds what was deleted: %v. "+
			"'latchkey serve' empties it within a minute; without it, please check the disk and start it once.", err)}
	}
	return nil
}

// check refuses what can't work, before anything is opened.
func (c *forgetCmd) check() error {
	if err := c.keyed("people are forgotten"); err != nil {
		return err
	}
	if c.SlackBotToken == "" && !c.KeepMessages {
		return usagef("LATCHKEY_SLACK_BOT_TOKEN is not set: the bot's messages about the person are erased with it. With --keep-messages they stay.")
	}
	return verify(
		check{"LATCHKEY_SLACK_BOT_TOKEN", c.SlackBotToken, botToken}, check{"LATCHKEY_SLACK_API_URL", c.SlackAPIURL, webURL},
		check{"LATCHKEY_AGENTS", c.Agents, peopleList}, check{"LATCHKEY_L2", c.L2, peopleList},
		check{"LATCHKEY_LEADS", c.Leads, userList}, check{"LATCHKEY_ADMINS", c.Admins, userList},
		check{"LATCHKEY_SUPPORT_CHANNELS", c.SupportChannels, channelList},
		check{"LATCHKEY_L2_CHANNEL", c.L2Channel, oneChannel}, check{"LATCHKEY_LEADS_CHANNEL", c.LeadsChannel, oneChannel},
	)
}

// eraseMessages writes the bot's messages about the person anew.
func (c *forgetCmd) eraseMessages(ctx context.Context, t terminal, h *house, known actions.Known) (bot.Erased, error) {
	actors, channels, err := h.store.Audience(ctx)
	if err != nil {
		return bot.Erased{}, err
	}
	about, err := h.store.MessagesAbout(ctx, known)
	if err != nil {
		return bot.Erased{}, err
	}
	erasure := bot.Erasure{
		Archive:  bot.NewArchive(c.SlackBotToken, strings.TrimRight(c.SlackAPIURL, "/")+"/", nil),
		Channels: slices.Concat(split(c.SupportChannels), split(c.L2Channel), split(c.LeadsChannel)), Others: channels,
		People: slices.Concat(actors, split(c.Agents), split(c.L2), split(c.Leads), split(c.Admins)), Names: known.InMessage, About: about,
		Tell: func(sentence string) { _, _ = fmt.Fprintln(t.err, sentence) },
	}
	return erasure.Run(ctx)
}

// forgotLine is what was done as JSON.
type forgotLine struct {
	actions.Forgotten
	Left int `json:"messages_left"` // Slack lets nobody change them
}

// tell says what was done, without naming anybody.
func (c *forgetCmd) tell(t terminal, done actions.Forgotten, left int) error {
	if c.JSON {
		return json.NewEncoder(t.out).Encode(forgotLine{done, left})
	}
	rows := 0
	for _, table := range slices.Sorted(maps.Keys(done.Rows)) {
		rows += done.Rows[table]
		_, _ = fmt.Fprintf(t.err, "%s: %d\n", table, done.Rows[table])
	}
	lines := fmt.Sprintf("Forgotten: %s in the database, %s in Slack.", plural(rows, "row"), plural(done.Edited, "message"))
	if left > 0 {
		lines += fmt.Sprintf(" %s in Slack couldn't be changed; standard error names them.", plural(left, "message"))
	}
	_, err := fmt.Fprintln(t.out, lines+"\nImports don't bring them back. Please have them erased from your own exports and backups, too.")
	return err
}
