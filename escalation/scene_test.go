package escalation

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// noon is when the tests' desks begin: a Tuesday.
var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// The people of the tests, and the channels.
const (
	ana   = "UANA"   // the agent whose case it is
	abe   = "UABE"   // another agent
	lou   = "ULOU"   // of L2
	lee   = "ULEE"   // of L2
	lea   = "ULEA"   // a lead
	ada   = "UADA"   // an admin
	guest = "UGUEST" // nobody
	l2    = "CL2"    // L2's channel
	leads = "CLEADS" // the leads'
)

// roles are what the people of the tests are.
var roles = map[string]actions.Roles{
	ana: actions.RolesOf(actions.RoleAgent), abe: actions.RolesOf(actions.RoleAgent),
	lou: actions.RolesOf(actions.RoleL2), lee: actions.RolesOf(actions.RoleL2),
	lea: actions.RolesOf(actions.RoleLead), ada: actions.RolesOf(actions.RoleAdmin),
}

// scene is a desk over a fake store, at a moment.
type scene struct {
	*Desk
	store *fakeStore
	staff *fakeStaff
	now   time.Time
	calls int
	steps []string // those that were reached
}

// stage builds a desk at noon, with the leads' channel.
func stage(t testing.TB) *scene {
	t.Helper()
	s := &scene{store: newFakeStore(), staff: &fakeStaff{onDuty: []string{lea}, others: []string{ada}}, now: noon}
	s.Desk = &Desk{
		Actions: &actions.Actions{Store: s.store, Staff: s.staff, Now: func() time.Time { return s.now }, Log: slog.New(slog.DiscardHandler)},
		Store:   s.store, Levels: DefaultLevels(), Channel: l2, Leads: leads,
		Reached: func(step string) { s.steps = append(s.steps, step) },
	}
	return s
}

// fakeStaff is what the bot knows of the company's people.
type fakeStaff struct {
	onDuty, others []string
	down           error
}

func (f *fakeStaff) RolesOf(_ context.Context, id string) (actions.Roles, error) {
	return roles[id], f.down
}

func (f *fakeStaff) Leads(context.Context) (onDuty, others []string, err error) {
	return f.onDuty, f.others, f.down
}

// by is a new request of somebody's.
func (s *scene) by(id string) actions.Call {
	s.calls++
	return actions.Call{Actor: actions.Actor{ID: id, Roles: roles[id]}, Key: fmt.Sprint("key ", s.calls)}
}

// later lets time pass.
func (s *scene) later(d time.Duration) { s.now = s.now.Add(d) }

// id is of the case that the tests' scenes have.
const id = "ABCDEFGHIJ"

// has puts a case in a state into the store, as Escalate and the others would have
// left it: ana's, with her thread, claimed by lou.
func (s *scene) has(t testing.TB, state State, changes ...func(*Case)) Case {
	t.Helper()
	c := Case{
		ID: id, Kind: Blocklist, Priority: Normal, State: state, Agent: ana, UserID: "u-1", Address: "jane@acme.example", Gateway: "GW-1001",
		Reason: "The password-reset e-mail doesn't arrive.", Ticket: "#4711", Channel: l2, At: s.now, ChangedAt: s.now, Events: 1,
		Facts: Facts{Lists: []actions.Listing{{Source: "the directory", Entries: []actions.Suppression{{List: actions.ListBounce}}}}},
	}
	s.store.state.events[id] = []Event{{Case: id, Seq: 1, Kind: EventOpened, Actor: ana, At: s.now, Text: c.Reason}}
	s.store.state.followers[id] = []Follower{{Case: id, Agent: ana, Channel: "CSUPPORT", Thread: "1.000100", Ticket: "#4711", At: s.now}}
	if state != Open {
		c.ClaimedBy, c.ClaimedAt, c.HeardAt = lou, s.now, s.now
	}
	if state == Resolved {
		c.Outcome, c.Note, c.ResolvedBy, c.ResolvedAt = NotListed, "Not on it.", lou, s.now
	}
	for _, change := range changes {
		change(&c)
	}
	s.store.state.cases[c.ID] = c
	return c
}

// the is the case as it is stored now.
func (s *scene) the() Case { return s.store.state.cases[id] }

// happened are the kinds of its events, the first one left out.
func (s *scene) happened() []EventKind {
	var kinds []EventKind
	for _, e := range s.store.state.events[id][1:] {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// newest is its newest event.
func (s *scene) newest() Event {
	events := s.store.state.events[id]
	return events[len(events)-1]
}

// sent are the outgoing messages that wait, as "kind to ref", and takes them.
func (s *scene) sent() []string {
	var all []string
	for _, m := range s.store.state.outbox {
		all = append(all, fmt.Sprintf("%s %s %s", m.Kind, m.To, m.Ref))
	}
	s.store.state.outbox = nil
	return all
}
