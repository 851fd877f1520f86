// Package escalation is what goes from an agent to L2: a case with a life,
// opened by an agent, claimed, answered and resolved by L2, seen by both sides,
// timed, and never forgotten. It holds no SQL, no Slack and no HTTP; it imports
// actions only, and bot and store import it.
//
// A map of the package:
//
//   - case.go: a case, its states, and the events that are its history; store.go:
//     what is asked of storage;
//   - blocklist.go: the question whether an address is on the e-mail blocklist, in
//     the one form that L2 expects (RULES S4.9);
//   - prepare.go: what can be known before L2 is asked; open.go: opening a case, or
//     joining the one that is open; facts.go: what L2 gets to know; gateway.go: which
//     account it is about;
//   - claim.go, ask.go, resolve.go, hand_over.go, delist.go: what happens to a case;
//     state.go: what can be done in which state, and by whom; change.go: how a case
//     changes; too_late.go: what who isn't fast enough reads; routing.go: who is
//     told; steps.go: where a process may end meanwhile;
//   - hours.go: working time; level.go, clock.go: service levels; due.go, watch.go:
//     what time alone does to a case; unreached.go: when L2's channel, or an
//     agent, can't be reached;
//   - report.go, list.go, export.go, numbers.go: what people see; shift.go: all one's cases
//     go to a colleague; tell.go: what to say to the customer.
//
// Whatever changes a case holds its row from the first look to the last write, so
// that of two who click at once one reads who was faster. What time does to a case
// is a pure function of the case and the moment (see [Levels] and [Hours]), and is
// written down with the reminder that it causes: it is sent once, whoever sends it.
package escalation

import (
	"github.com/latchkey-bot/latchkey/actions"
)

// Desk carries the use cases of escalations. Actions and Store are required.
type Desk struct {
	// Actions has the directory, the clock, the lists, and who may do what.
	Actions *actions.Actions
	Store   Store
	// Levels are the service levels, and Hours when the team works.
	Levels Levels
	Hours  Hours
	// Channel is the Slack ID of L2's channel; "": nothing can be escalated. Cases that
	// stand in another one move there (see [Case]).
	Channel string
	// Leads is the Slack ID of the leads' channel; "": leads on duty are told one by
	// one.
	Leads string
	// Reached, when set, is called at each named step (see [Steps]).
	Reached func(step string)
}
