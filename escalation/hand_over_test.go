package escalation

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

func TestHandOver(t *testing.T) {
	s := stage(t)
	s.has(t, Open)
	_, err := s.HandOver(t.Context(), s.by(ana), id, abe)
	must(t, err)
	if c, e := s.the(), s.newest(); c.Agent != abe || e.Kind != EventHandedOver || e.Actor != ana || e.To != abe {
		t.Errorf("the case is %+v, by %+v", c, e)
	}
	want := []string{
		"case CL2 " + id, "case_agent UANA " + id, "case_agent UABE " + id, "case_thread CSUPPORT " + id + "/1.000100", "case_news UABE " + id + "/2",
	}
	if got := s.sent(); !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
	_, err = s.HandOver(t.Context(), s.by(ana), id, ana) // who follows it still
	must(t, err)
	if c := s.the(); c.Agent != ana || len(s.store.state.followers[id]) != 2 {
		t.Errorf("the case is %+v, followed by %v", c, s.store.state.followers[id])
	}
}

// TestHandOverByAFollower has an agent who only follows a case take it on, as when its
// own is away, and nobody else.
func TestHandOverByAFollower(t *testing.T) {
	s := stage(t)
	s.has(t, Open)
	_, err := s.HandOver(t.Context(), s.by(abe), id, abe)
	reads(t, err, "Only the agents who follow this case hand it over, and leads. Please ask <@UANA>, whose case it is.")
	s.store.state.followers[id] = append(s.store.state.followers[id], Follower{Case: id, Agent: abe})
	_, err = s.HandOver(t.Context(), s.by(abe), id, abe)
	if must(t, err); s.the().Agent != abe {
		t.Errorf("the case is %+v", s.the())
	}
}

// TestHandOverToNobody has a case handed over to who can't take it.
func TestHandOverToNobody(t *testing.T) {
	for _, tt := range []struct {
		name, to, want string
		code           actions.Code
		down           bool
	}{
		{"Oneself", ana, "already", actions.Conflict, false},
		{"NoRole", guest, "isn't set up as an agent", actions.Conflict, false},
		{"NoID", "ana", "choose a colleague", actions.Invalid, false},
		{"Nobody", "", "choose a colleague", actions.Invalid, false},
		{"Channel", "CL2", "choose a colleague", actions.Invalid, false},
		{"Markup", "UABE> <!channel", "choose a colleague", actions.Invalid, false},
		{"SlackDown", abe, "Slack doesn't say", actions.Unavailable, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := stage(t)
			before := s.has(t, Open)
			if tt.down {
				s.staff.down = errors.New("no answer")
			}
			_, err := s.HandOver(t.Context(), s.by(ana), id, tt.to)
			if words := actions.Explain(err); words.Code != tt.code || !strings.Contains(words.Sentence, tt.want) {
				t.Errorf("got %+v", words)
			}
			if c := s.the(); c.Agent != before.Agent || c.Events != before.Events || len(s.sent()) > 0 {
				t.Errorf("the case is %+v", c)
			}
		})
	}
}
