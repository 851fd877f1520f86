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
		note(joined("Asked for "+value(d.Identifier), "who tried last comes first", line(d.Facts.Freshness.Text), line(d.Facts.Cut))),
	}
	all = append(all, choices(d.Matches)...)
	return fit(title+" Choose one to see why they can't log in.", all...)
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
		line := joined("*"+bare(nameOf(p))+"*", identified(p), words(p.Status))
		all = append(all, withDiagnose(section(line), p))
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

// withDiagnose puts the button beside the text.
func withDiagnose(text *slack.SectionBlock, p actions.Person) slack.Block {
	if element, ok := button("Diagnose", DiagnoseAction, p.ID); ok {
		text.Accessory = slack.NewAccessory(element)
	}
	return text
}
