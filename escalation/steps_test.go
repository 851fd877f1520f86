package escalation

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

// killed is what a process dies of in these tests.
const killed = "killed"

// dies runs something of which the process dies at a step; it reports whether it
// came that far.
func (s *scene) dies(at string, do func()) (died bool) {
	s.Reached = func(step string) {
		if step == at {
			panic(killed)
		}
	}
	defer func() {
		s.Reached = nil
		switch r := recover(); r {
		case nil:
		case killed:
			died = true
		default:
			panic(r)
		}
	}()
	do()
	return false
}

// TestKilledAtEachStep kills the process before and after each transaction, and sees
// that all of an act is there, or nothing, and that another process can go on.
func TestKilledAtEachStep(t *testing.T) {
	place := actions.Posted{Channel: l2, TS: "1.000200"}
	acting := func(act actions.Act) func(*scene, *testing.T, actions.Call) error {
		return func(s *scene, t *testing.T, call actions.Call) error { _, err := s.acts(t, call, act); return err }
	}
	for name, tt := range map[string]struct {
		state State
		do    func(*scene, *testing.T, actions.Call) error
	}{
		"claim":     {Open, acting(actions.ActClaim)},
		"hand_back": {Claimed, acting(actions.ActHandBack)},
		"ask":       {Claimed, acting(actions.ActAsk)},
		"reply":     {WaitingAgent, acting(actions.ActReply)},
		"resolve":   {Claimed, acting(actions.ActResolve)},
		"reopen":    {Resolved, acting(actions.ActReopen)},
		"hand_over": {Open, acting(actions.ActCaseHandOver)},
		"refused_card": {Open, func(s *scene, t *testing.T, _ actions.Call) error {
			return s.CardRefused(t.Context(), id, l2, archived)
		}},
		"refused_agent": {Open, func(s *scene, t *testing.T, _ actions.Call) error {
			return s.AgentUnreached(t.Context(), id, ana, gone)
		}},
		"taken_card": {Open, func(s *scene, t *testing.T, _ actions.Call) error { return s.CardTaken(t.Context(), id, l2) }},
		"heard":      {Claimed, func(s *scene, t *testing.T, call actions.Call) error { return s.Heard(t.Context(), call, place) }},
	} {
		for _, when := range []string{"begun", "stored"} {
			t.Run(name+"/"+when, func(t *testing.T) {
				s := stage(t)
				before := s.has(t, tt.state, func(c *Case) {
					if tt.state != Open {
						c.ClaimedBy = ada
					}
					if name == "taken_card" {
						c.Unreached = archived
					}
				})
				s.store.places[place] = id
				call := s.by(ada)
				if !s.dies(name+":"+when, func() { _ = tt.do(s, t, call) }) {
					t.Fatalf("the step %s:%s was never reached", name, when)
				}
				happened := len(s.happened()) == 1
				if happened != (when == "stored") || s.the().Events != before.Events+len(s.happened()) || !happened && len(s.store.state.outbox) > 0 {
					t.Fatalf("after the process died the case is %+v, after %v", s.the(), s.happened())
				}
				err := tt.do(s, t, call) // another process gets the same request
				if code := actions.CodeOf(err); err != nil && (code != actions.Conflict || when == "begun") {
					t.Error(err)
				}
				if len(s.happened()) != 1 {
					t.Errorf("in the end %v happened", s.happened())
				}
			})
		}
	}
}

// TestKilledWhileDelisting kills the process at each step of it.
func TestKilledWhileDelisting(t *testing.T) {
	for _, at := range []string{"delist:begun", stepOrdered, "delist:stored"} {
		for _, second := range []bool{false, true} {
			t.Run(fmt.Sprint(at, " second person ", second), func(t *testing.T) {
				s, _ := listed(t, func(snapshot *actions.Snapshot) { snapshot.Users[0].Protected = second })
				if !s.dies(at, func() { _, _ = s.Delist(t.Context(), s.by(lou), id) }) {
					t.Fatal("the step was never reached")
				}
				s.later(doubleClick)
				if len(s.happened()) == 0 || second { // whoever sees no change clicks again
					_, err := s.Delist(t.Context(), s.by(lou), id)
					must(t, err)
				}
				want := EventDelisted
				if second {
					want = EventDelisting
				}
				if got := s.happened(); !slices.Equal(got, []EventKind{want}) || s.the().Delisting == "" || len(s.store.state.operations) != 1 {
					t.Errorf("it happened %v, and there are %d operations", got, len(s.store.state.operations))
				}
			})
		}
	}
}

// doubleClick is longer than a double click takes.
const doubleClick = 20e9

// TestStepsAreNamed has all steps in the list, each once.
func TestStepsAreNamed(t *testing.T) {
	seen := map[string]bool{}
	for _, step := range Steps() {
		name, when, found := strings.Cut(step, ":")
		if !found || seen[step] || !slices.Contains(useCases(), name) || !slices.Contains([]string{"begun", "ordered", "stored"}, when) {
			t.Errorf("a step is named %q", step)
		}
		seen[step] = true
	}
	for act := range maps.Keys(possible) {
		if act != actions.ActCaseLook && !slices.Contains(useCases(), step(act)) {
			t.Errorf("%s has no steps", act)
		}
	}
	s, _ := listed(t)
	for _, act := range []actions.Act{actions.ActClaim, actions.ActAsk, actions.ActDelist, actions.ActResolve, actions.ActReopen, actions.ActCaseHandOver} {
		_, err := s.acts(t, s.by(ada), act)
		s.later(doubleClick)
		if act == actions.ActClaim {
			continue // lou has it
		}
		must(t, err)
	}
	for _, step := range s.steps {
		if !seen[step] {
			t.Errorf("%q was reached, and isn't named", step)
		}
	}
	if len(s.steps) < 10 {
		t.Errorf("only %q were reached", s.steps)
	}
}
