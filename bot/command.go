package bot

import (
	"context"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/latchkey-bot/latchkey/actions"
)

// command is a row of the table that dispatch, help and the manifest share.
type command struct {
	name    string // without slash and prefix
	usage   string // what follows the name
	summary string // one or two sentences for help
	example string // what may follow the name; "" for nothing
	act     actions.Act
	run     func(*Bot, context.Context, request) (*reply, error)
	// click handles a button whose action_id is the command's name; nil: there
	// is no such button.
	click func(*Bot, context.Context, request) (*reply, error)
}

// request is what a handler gets: the caller is known and may do it.
type request struct {
	call  actions.Call
	text  string // what was typed, read; the ticket is in call
	value string // of a button
}

// root is the command that every other one is a subcommand of.
const root = "latchkey"

// commandTable is every command there is. It is a function because help, which
// stands in it, reads it.
func commandTable() []command {
	return []command{
		{
			name: "diagnose", usage: "IDENTIFIER", example: "jane@acme.example", act: actions.ActDiagnose,
			summary: "Says why a customer can't log in, from their own attempts, and what to do. " +
				"Ask by e-mail address, user name, mobile number, user ID, Gateway ID or @domain.",
			run: (*Bot).diagnose, click: (*Bot).diagnoseUser,
		},
		{
			name: root, usage: "[COMMAND]", example: "help", act: actions.ActHelp,
			summary: "Explains every command that you may use, and runs any of them as a subcommand.",
			run:     (*Bot).help,
		},
	}
}

// find returns the command of that name, nil for none.
func (b *Bot) find(name string) *command {
	for i := range b.commands {
		if b.commands[i].name == name {
			return &b.commands[i]
		}
	}
	return nil
}

// resolve finds the command that was typed or clicked and reads its text. It
// only reads: what it returns is not yet allowed. problem is a sentence for
// somebody who may know it.
func (b *Bot) resolve(in Inbound) (c *command, read typed, problem error) {
	if in.Kind == Clicked {
		if c = b.find(in.Action); c == nil || c.click == nil {
			return nil, typed{}, actions.Errorf(actions.Invalid, "That button is from another version of Latchkey. Please send the command again.")
		}
		return c, typed{}, nil
	}
	read, problem = readText(in.Text)
	name := b.unprefixed(in.Command)
	c = b.find(name)
	if c != nil && c.name == root && problem == nil {
		name, read.text = subcommand(strings.TrimPrefix(read.text, "/"+b.prefix))
		c = b.find(name)
	}
	if c == nil && problem == nil {
		problem = b.unknown(name)
	}
	return c, read, problem
}

// subcommand splits the text of the root command; without one it is help.
func subcommand(text string) (name, rest string) {
	name, rest, _ = strings.Cut(text, " ")
	if name = strings.ToLower(name); name == "" || name == "help" {
		return root, rest
	}
	return name, rest
}

// unknown says that there is no such command and which one is nearest. What
// was typed isn't repeated: it may be a customer's name.
func (b *Bot) unknown(name string) error {
	nearest, least := "", 3
	for _, c := range b.commands {
		if edits := levenshtein.ComputeDistance(name[:min(len(name), 40)], c.name); edits < least {
			nearest, least = c.name, edits
		}
	}
	sentence := "There is no such command."
	if nearest != "" {
		sentence += " Did you mean `" + b.name(nearest) + "`?"
	}
	return actions.Errorf(actions.Invalid, "%s `%s help` explains every command.", sentence, b.name(root))
}

// label names what was asked for the log: a command of ours, never what was
// typed.
func (b *Bot) label(in Inbound) string {
	c, _, _ := b.resolve(in)
	switch {
	case c == nil:
		return "unknown"
	case in.Kind == Clicked:
		return c.name + " (button)"
	}
	return c.name
}
