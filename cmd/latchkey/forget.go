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
	var erasure *bot.Erasure
	var inSlack bot.Erased
	if !c.KeepMessages {
		if erasure, err = c.erasure(ctx, t, h, known); err != nil {
			return err
		}
		if inSlack, err = erasure.Run(ctx); err != nil {
			return &halfWayError{fmt.Sprintf("%s erased in Slack, and nothing was deleted from the database: %v. Please run it again: it goes on where it stopped. "+
				"With --keep-messages, what is left in Slack stays as it is.",
				plural(inSlack.Edited, "message"), err)}
		}
	}
	done, err := h.actions.Forget(ctx, atTerminal(), known, inSlack.Emptied)
	if err != nil {
		return err
	}
	var meanwhile bot.Erased
	if !c.KeepMessages {
		meanwhile, err = eraseMeanwhile(ctx, h, known, erasure)
	}
	done.Edited = inSlack.Edited + meanwhile.Edited
	return errors.Join(c.tell(t, done, inSlack.Left+meanwhile.Left), err, cutJournal(ctx, h))
}

// cutJournal empties the journal of an SQLite file.
func cutJournal(ctx context.Context, h *house) error {
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

// erasure is what writes the bot's messages about the person anew.
func (c *forgetCmd) erasure(ctx context.Context, t terminal, h *house, known actions.Known) (*bot.Erasure, error) {
	actors, channels, err := h.store.Audience(ctx)
	if err != nil {
		return nil, err
	}
	about, err := h.store.MessagesAbout(ctx, known)
	if err != nil {
		return nil, err
	}
	return &bot.Erasure{
		Archive:  bot.NewArchive(c.SlackBotToken, strings.TrimRight(c.SlackAPIURL, "/")+"/", nil),
		Channels: slices.Concat(split(c.SupportChannels), split(c.L2Channel), split(c.LeadsChannel)), Others: channels,
		People: slices.Concat(actors, split(c.Agents), split(c.L2), split(c.Leads), split(c.Admins)), Names: known.InMessage, About: about,
		Tell: func(sentence string) { _, _ = fmt.Fprintln(t.err, sentence) },
	}, nil
}

// eraseMeanwhile writes anew what the bot posted about the person while they were still on
// record, and has those cards of it that are about others drawn again.
func eraseMeanwhile(ctx context.Context, h *house, known actions.Known, erasure *bot.Erasure) (bot.Erased, error) {
	late, err := erasure.RunAgain(ctx)
	if len(late.Emptied) > 0 {
		err = errors.Join(err, h.actions.RedrawEmptied(ctx, atTerminal(), known, late.Emptied))
	}
	if err != nil {
		err = &halfWayError{fmt.Sprintf("The person is forgotten, but it isn't known whether Latchkey named them in Slack meanwhile: %v. "+
			"Please look at what it posted since %s, and remove what names them by hand.", err, known.At.Format("2006-01-02 15:04 MST"))}
	}
	return late, err
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
