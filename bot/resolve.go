package bot

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/latchkey-bot/latchkey/actions"
)

// errOutdated is for what an older or newer version of the bot put into a
// message.
func errOutdated() error {
	return actions.Errorf(actions.Invalid, "That is from another version of Latchkey. Please send the command again.")
}

// resolve finds what was typed, clicked or filled in, and reads its text. It
// only reads: what it returns is not yet allowed. problem is a sentence for
// somebody who may know it.
func (b *Bot) resolve(in Inbound) (found *route, read typed, problem error) {
	switch in.Kind {
	case Typed:
		return b.resolveTyped(in)
	case Clicked:
		found = named(clickTable(), in.Action)
	case Submitted:
		found = named(modalTable(), in.Callback)
	case Opened:
		found = &homeRoute
	case Shortcut:
		for _, s := range shortcutTable() {
			if s.name == in.Callback {
				found = &s.route
			}
		}
	}
	if found == nil {
		return nil, typed{}, errOutdated()
	}
	return found, typed{}, nil
}

func named(routes []route, name string) *route {
	if i := slices.IndexFunc(routes, func(r route) bool { return r.name == name }); i >= 0 {
		return &routes[i]
	}
	return nil
}

func (b *Bot) resolveTyped(in Inbound) (found *route, read typed, problem error) {
	read, problem = readText(in.Text)
	name := b.unprefixed(in.Command)
	c := b.find(name)
	switch {
	case c != nil && c.sub: // there is no such slash command
		c = nil
	case c != nil && c.name == root && problem == nil:
		name, read.text = subcommand(strings.TrimPrefix(read.text, "/"+b.prefix))
		c = b.find(name)
	}
	if c == nil && problem == nil {
		problem = b.unknown(name)
	}
	if c == nil {
		return nil, read, problem
	}
	if c.check != nil && problem == nil {
		problem = c.check(read.text)
	}
	return &c.route, read, problem
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
	nearest, least := command{}, 3
	for _, c := range b.commands {
		if edits := levenshtein.ComputeDistance(name[:min(len(name), 40)], c.name); edits < least {
			nearest, least = c, edits
		}
	}
	sentence := "There is no such command."
	if nearest.name != "" {
		sentence += " Did you mean `" + b.typed(nearest) + "`?"
	}
	return actions.Errorf(actions.Invalid, "%s `%s help` explains every command.", sentence, b.name(root))
}

// typed is how people type a command: by itself, or after the root.
func (b *Bot) typed(c command) string {
	if c.sub {
		return b.name(root) + " " + c.name
	}
	return b.name(c.name)
}

// label names what was asked for the log: a command of ours, never what was
// typed.
func (b *Bot) label(in Inbound) string {
	found, _, _ := b.resolve(in)
	if found == nil {
		return "unknown"
	}
	return labelOf(in.Kind, found.name)
}
