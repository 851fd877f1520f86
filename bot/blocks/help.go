package blocks

import (
	"github.com/slack-go/slack"
)

// Command is a command as help explains it.
type Command struct {
	Name    string // as it is typed, with its slash: "/diagnose"
	Usage   string // what follows the name, such as "IDENTIFIER"; "" for nothing
	Summary string // what it does, in a sentence or two
	Example string // a whole command
}

// Help explains the commands that the asker may use. root is the name of the
// command that every other one is a subcommand of.
func Help(root string, commands []Command) Message {
	all := []slack.Block{header("What Latchkey can do for you")}
	text := "Latchkey:"
	for _, command := range commands {
		line := explain(command)
		all = append(all, section(line))
		text += " " + command.Name + ": " + command.Summary
	}
	all = append(all, note("Every command also works as a subcommand, such as `"+root+" diagnose`. "+
		"A ticket such as #4711 anywhere in a command is remembered for an hour and stands in every record of what you do. "+
		"Only you see the answers."))
	return fit(text, all...)
}

func explain(command Command) string {
	typed := command.Name
	if command.Usage != "" {
		typed += " " + command.Usage
	}
	text := "*`" + escape(typed) + "`*\n" + command.Summary
	if command.Example != "" {
		text += "\nExample: `" + escape(command.Example) + "`"
	}
	return text
}
