package bot

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Answered is the outcome of a request that was answered as it asked; the others are
// the codes of [actions.Error].
const Answered = "ok"

// Outcomes are all outcomes of a request.
func Outcomes() []string {
	return []string{
		Answered, string(actions.Invalid), string(actions.NotFound), string(actions.Conflict), string(actions.Forbidden),
		string(actions.Unavailable), string(actions.Internal),
	}
}

// heardLabel names what is done about a message that L2 wrote.
const heardLabel = "message (event)"

// Labels are what the log and the metrics call each request that there is: the name of
// a command, and of buttons, shortcuts and modals with what they are.
func Labels() []string {
	labels := []string{homeRoute.name, heardLabel}
	for _, c := range commandTable() {
		labels = append(labels, c.name)
	}
	for _, r := range clickTable() {
		labels = append(labels, labelOf(Clicked, r.name))
	}
	for _, s := range shortcutTable() {
		labels = append(labels, labelOf(Shortcut, s.name))
	}
	for _, r := range modalTable() {
		labels = append(labels, labelOf(Submitted, r.name))
	}
	return labels
}

// labelOf is what a route is called that was asked for in some way.
func labelOf(kind Kind, name string) string {
	switch kind {
	case Clicked:
		return name + " (button)"
	case Shortcut:
		return name + " (shortcut)"
	case Submitted:
		return name + " (modal)"
	default:
		return name
	}
}

// unobserved tells nobody how requests were answered.
func unobserved(string, string, time.Duration) {}

// observed notes how a request was answered: for the metrics, and in the log, where what
// it leads to later has its ID. What was typed is in neither.
func (b *Bot) observed(ctx context.Context, label, actor string, err error, took time.Duration) {
	outcome := outcomeOf(ctx, err)
	b.observe(label, outcome, took)
	b.log.InfoContext(ctx, "a request was handled", "command", label, "actor", actor, "outcome", outcome, "milliseconds", took.Milliseconds())
}

// outcomeOf is the outcome of a request whose handler came to err.
func outcomeOf(ctx context.Context, err error) string {
	switch {
	case err == nil:
		return Answered
	case ctx.Err() != nil && errors.Is(err, ctx.Err()): // it was given up: the database is frozen, or it took too long
		return string(actions.Unavailable)
	}
	return string(actions.CodeOf(err))
}

// context is the context of a request that is answered.
func (in Inbound) context() context.Context {
	return actions.WithRequestID(context.Background(), in.Request)
}
