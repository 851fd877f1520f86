package blocks

import (
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// Last shows an agent's last diagnoses, newest first: an answer that only they
// saw is gone when Slack is loaded anew.
func Last(looks []actions.Look) Message {
	if len(looks) == 0 {
		return Sentence("You haven't diagnosed anybody yet.")
	}
	title := "Your last " + count(len(looks), "diagnosis", "diagnoses")
	return fit(title+". "+spokenLooks(looks), append([]slack.Block{header(title)}, lookLines(looks)...)...)
}

func lookLines(looks []actions.Look) []slack.Block {
	var all []slack.Block
	for _, look := range looks {
		text := section(lookLine(look))
		if look.Person == nil {
			all = append(all, text)
			continue
		}
		all = append(all, withDiagnose(text, *look.Person))
	}
	return all
}

// lookLine is one look-up: whom, when, and for which ticket.
func lookLine(look actions.Look) string {
	return joined(lookedAt(look), when(look.At), ticket(look.Ticket))
}

func lookedAt(look actions.Look) string {
	switch {
	case look.Person != nil:
		return joined("*"+bare(calling(*look.Person))+"*", known(*look.Person), words(look.Person.Status))
	case look.Asked != "":
		return asked(look.Asked) + ", which isn't one person's"
	}
	return "Somebody who isn't on record any more"
}

func spokenLooks(looks []actions.Look) string {
	text := ""
	for _, look := range looks {
		text += lookLine(look) + ". "
	}
	return text
}
