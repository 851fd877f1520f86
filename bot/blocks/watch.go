package blocks

import (
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// Watching says that the agent will be told when somebody gets in.
func Watching(r actions.WatchReport) Message {
	return fit(watchingText(r), section(watchingText(r)))
}

func watchingText(r actions.WatchReport) string {
	text := "I'll tell you in our direct message as soon as " + watched(r.Person) + " tries again, until " + clock(r.Watch.Until) + "."
	if r.Already {
		return "You asked for this before. " + text
	}
	return text
}

// watched is whom a watch is about.
func watched(p actions.Person) string {
	if gone(p) {
		return "the customer"
	}
	return "*" + bare(calling(p)) + "*"
}

// gone reports whether nothing but an ID is left of a person.
func gone(p actions.Person) bool {
	return p.Name == "" && p.Username == "" && p.Email == "" && p.Mobile == ""
}

// WatchEnded tells the agent what became of a watch, and asks whether the
// diagnosis was right, or says what was answered. What ended without an attempt
// says nothing about the diagnosis.
func WatchEnded(r actions.WatchReport) Message {
	text := ending(r)
	all := []slack.Block{section(text), note(beginning(r.Watch))}
	if r.Watch.State == actions.WatchIn || r.Watch.State == actions.WatchFailed {
		all = append(all, verdictOf(r.Watch)...)
	}
	if r.Watch.State != actions.WatchIn && !gone(r.Person) {
		all = append(all, rows(
			offer{may: true, label: "Diagnose again", action: DiagnoseAction, value: r.Person.ID},
			offer{may: r.Watch.State != actions.Watching, label: "Tell me when they're in", action: WatchAction, value: r.Person.ID},
		)...)
	}
	return fit(text, all...)
}

// ending says in one sentence what became of a watch.
func ending(r actions.WatchReport) string {
	w := r.Watch
	switch w.State {
	case actions.WatchIn:
		return capital(watched(r.Person)) + " is in at " + clock(w.AttemptAt) + "."
	case actions.WatchFailed:
		return capital(watched(r.Person)) + " failed now: " + line(w.Outcome.Words()) + ", at " + clock(w.AttemptAt) + "."
	case actions.WatchExpired:
		return capital(watched(r.Person)) + " made no attempt by " + clock(w.Until) + "."
	case actions.Watching:
	}
	return watchingText(r)
}

// beginning says what the agent knew when they asked to be told.
func beginning(w actions.Watch) string {
	found := ""
	if w.Cause != "" {
		found = "the diagnosis was " + code(w.Cause) + ", " + graded(w.Grade)
	}
	return joined("You asked at "+clock(w.StartedAt), found, ticket(w.Ticket))
}

// verdictOf asks whether a diagnosis was right, or says what was answered: then
// there is nothing more to press.
func verdictOf(w actions.Watch) []slack.Block {
	switch {
	case w.Judgement != "":
		return []slack.Block{note("You said that the diagnosis was " + words(w.Judgement) + ". Thank you.")}
	case w.Cause == "":
		return nil // there was none
	}
	return append([]slack.Block{section("Was the diagnosis right?")}, rows(
		offer{may: true, label: "Mark as right", action: JudgeRightAction, value: w.ID},
		offer{may: true, label: "Mark as wrong", action: JudgeWrongAction, value: w.ID},
	)...)
}
