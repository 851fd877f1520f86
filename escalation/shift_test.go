package escalation

import (
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

// another puts a second case beside the first, with changes of its own.
func (s *scene) another(t testing.TB, other string, state State, changes ...func(*Case)) {
	t.Helper()
	first := s.the()
	s.has(t, state, append([]func(*Case){func(c *Case) { c.ID, c.UserID, c.Address = other, "u-"+other, other+"@acme.example" }}, changes...)...)
	s.store.state.cases[id] = first
	for _, f := range s.store.state.followers[id] {
		f.Case = other
		s.store.state.followers[other] = append(s.store.state.followers[other], f)
	}
	s.store.state.events[other] = []Event{{Case: other, Seq: 1, Kind: EventOpened, Actor: ana, At: s.now}}
}

// TestHandShift has an agent's open cases go over, each with its row of the audit,
// and nothing else.
func TestHandShift(t *testing.T) {
	s := stage(t)
	s.has(t, Open)
	s.another(t, "SECOND", Claimed)
	s.another(t, "THIRD", Open, func(c *Case) { c.Agent = lea }) // hers, which ana follows
	shift, err := s.HandShift(t.Context(), s.by(ana), abe)
	must(t, err)
	if shift.Moved != 2 || len(shift.Left) != 0 || shift.More || shift.To != abe {
		t.Errorf("the shift is %+v", shift)
	}
	for of, want := range map[string]string{id: abe, "SECOND": abe, "THIRD": lea} {
		if got := s.store.state.cases[of].Agent; got != want {
			t.Errorf("the case %s is %s's", of, got)
		}
	}
	if claimed := s.store.state.cases["SECOND"].ClaimedBy; claimed != lou {
		t.Errorf("what L2 claimed is %s's", claimed)
	}
	handed := slices.DeleteFunc(slices.Clone(s.store.state.audit), func(e actions.AuditEntry) bool { return e.Act != actions.ActCaseHandOver })
	if len(handed) != 2 || handed[0].Actor != ana {
		t.Errorf("recorded is %+v", s.store.state.audit)
	}
	if _, err := s.HandShift(t.Context(), s.by(abe), ana); err != nil { // and back again
		t.Error(err)
	}
}

// TestHandShiftOfL2 passes on what an engineer claimed, to one of L2 only.
func TestHandShiftOfL2(t *testing.T) {
	s := stage(t)
	s.has(t, WaitingCustomer)
	shift, err := s.HandShift(t.Context(), s.by(lou), abe)
	must(t, err)
	if shift.Moved != 0 || len(shift.Left) != 1 || s.the().ClaimedBy != lou {
		t.Errorf("the shift is %+v, the case %+v", shift, s.the())
	}
	shift, err = s.HandShift(t.Context(), s.by(lou), lee)
	must(t, err)
	if c, e := s.the(), s.newest(); shift.Moved != 1 || c.ClaimedBy != lee || c.State != WaitingCustomer || e.Kind != EventClaimed || e.Actor != lee || e.To != lou {
		t.Errorf("the shift is %+v, the case %+v by %+v", shift, c, e)
	}
}

// TestHandShiftOfClaimsThatStay: what the actor may not pass on, or somebody else has by
// then, stays where it is and counts once, and the rest goes over.
func TestHandShiftOfClaimsThatStay(t *testing.T) {
	for _, tt := range []struct {
		name, by  string // by: whose shift ends
		meanwhile func(*Case)
		agent     string // whose it is afterwards
		has       string // who has claimed it then
	}{
		{"HandedOver", lou, func(c *Case) { c.Agent, c.ClaimedBy = lea, abe }, lea, abe},
		{"NotOfL2AnyMore", ana, func(*Case) {}, lee, ana},
		{"SomebodyElses", lou, func(c *Case) { c.ClaimedBy = abe }, lee, abe},
		{"Resolved", lou, func(c *Case) { c.State = Resolved }, lou, lou},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := stage(t)
			s.has(t, Claimed, func(c *Case) { c.ClaimedBy, c.Agent = tt.by, tt.by })
			s.another(t, "SECOND", Open, func(c *Case) { c.Agent = tt.by })
			s.store.state.followers["SECOND"] = []Follower{{Case: "SECOND", Agent: tt.by}}
			s.store.state.followers[id] = []Follower{{Case: id, Agent: tt.by}}
			s.Reached = func(at string) {
				if c := s.the(); at == "hand_over:begun" && c.ClaimedBy == tt.by {
					tt.meanwhile(&c)
					s.store.state.cases[id] = c
				}
			}
			shift, err := s.HandShift(t.Context(), s.by(tt.by), lee)
			must(t, err)
			if c := s.the(); shift.Moved != 1 || len(shift.Left) != 1 || shift.Left[0].ID != id || c.Agent != tt.agent || c.ClaimedBy != tt.has {
				t.Errorf("the shift is %+v, the case %+v", shift, c)
			}
		})
	}
}

// TestHandShiftRefused has a shift handed over that can't be.
func TestHandShiftRefused(t *testing.T) {
	for _, tt := range []struct {
		name, by, to, want string
		code               actions.Code
		cases              bool
	}{
		{"Oneself", ana, ana, "your cases already", actions.Conflict, true},
		{"Nothing", ana, abe, "nothing to hand over", actions.Conflict, false},
		{"NoRole", ana, guest, "isn't set up as an agent", actions.Conflict, true},
		{"NoID", ana, "abe", "choose a colleague", actions.Invalid, true},
		{"Guest", guest, abe, "aren't set up", actions.Forbidden, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := stage(t)
			if tt.cases {
				s.has(t, Open)
			}
			_, err := s.HandShift(t.Context(), s.by(tt.by), tt.to)
			words := actions.Explain(err)
			if words.Code != tt.code || !strings.Contains(words.Sentence, tt.want) {
				t.Errorf("got %+v", words)
			}
			if tt.cases && s.the().Agent != ana {
				t.Errorf("the case is %+v", s.the())
			}
		})
	}
}
