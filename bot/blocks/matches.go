package blocks

import (
	"fmt"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// matches offers several people who fit, who tried last first. Nothing is
// guessed: the agent chooses.
func matches(d actions.Diagnosis) Message {
	title := fmt.Sprintf("%d people fit. Who is it?", len(d.Matches))
	all := []slack.Block{
		header(title),
		note(joined(asked(d.Identifier), "who tried last comes first", line(d.Facts.Freshness.Text), line(d.Facts.Cut))),
	}
	all = append(all, choices(d.Matches)...)
	return fit(title+" Choose one to see why they can't log in.", all...)
}

// Choose offers the people whom a message names. unknown is how many of its
// addresses are nobody's.
func Choose(title string, people []actions.Person, unknown int) Message {
	nobody := ""
	if unknown > 0 {
		nobody = count(unknown, "address in it isn't", "addresses in it aren't") + " on record."
	}
	if len(people) == 0 {
		return Sentence("Nobody whom the message names is on record.")
	}
	all := append([]slack.Block{header(title)}, choices(people)...)
	if nobody != "" {
		all = append(all, note(nobody))
	}
	return fit(joined(line(title), count(len(people), "person", "people"), nobody), all...)
}

// nearNames suggests people with a name near the one that nobody has.
func nearNames(people []actions.Person) []slack.Block {
	if len(people) == 0 {
		return nil
	}
	all := []slack.Block{slack.NewDividerBlock(), section("*Names near this one*\nMake sure that it's them before you choose.")}
	return append(all, choices(people)...)
}

// choices shows people, each with a button that diagnoses them.
func choices(people []actions.Person) []slack.Block {
	var all []slack.Block
	for _, p := range people {
		text := joined("*"+bare(nameOf(p))+"*", identified(p), words(p.Status))
		all = append(all, withDiagnose(section(text), p))
	}
	return all
}

// nameOf is what to call a person, before it is escaped.
func nameOf(p actions.Person) string {
	if p.Name != "" {
		return p.Name
	}
	return "No name on file"
}
