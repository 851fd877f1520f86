package escalation

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// lists is what somebody reads of the cases.
func (s *scene) lists(t testing.TB, who string, which Which) string {
	t.Helper()
	l, err := s.List(t.Context(), s.by(who), which)
	must(t, err)
	said := ""
	for _, part := range []Part{l.Mine, l.Unclaimed, l.Overdue} {
		for _, c := range part.Cases {
			said += c.ID + " "
		}
		said += "| "
	}
	if l.Which != which || len(s.store.state.audit) != 0 {
		t.Errorf("%+v", l)
	}
	return said
}

func TestList(t *testing.T) {
	s := stage(t)
	put := func(name string, state State, claimed string, ends time.Duration, followers ...string) {
		s.now = s.now.Add(time.Second)
		c := Case{ID: name, Kind: Other, UserID: name, State: state, ClaimedBy: claimed, At: s.now}
		c.First.EndsAt, c.Resolution.EndsAt = noon.Add(ends), noon.Add(ends)
		s.store.state.cases[name] = c
		for _, f := range followers {
			s.store.state.followers[name] = append(s.store.state.followers[name], Follower{Case: name, Agent: f})
		}
	}
	put("A", Open, "", time.Hour, ana)
	put("B", Claimed, lou, -time.Hour, ana, abe)
	put("C", Open, "", -time.Hour, abe)
	put("D", Resolved, lou, -time.Hour, ana)
	for _, test := range []struct {
		who   string
		which Which
		want  string
	}{
		{ana, AllLists, "A B | A C | B C | "},
		{ana, Mine, "A B | | | "},
		{lou, AllLists, "B | A C | B C | "},
		{abe, Unclaimed, "| A C | | "},
		{abe, Overdue, "| | B C | "},
		{lea, Mine, "| | | "},
	} {
		if got := s.lists(t, test.who, test.which); got != test.want {
			t.Errorf("%s reads of %q: %s, want %s", test.who, test.which, got, test.want)
		}
	}
}

// Ten of each part are shown, and the others counted.
func TestListIsCut(t *testing.T) {
	for n, want := range map[int]Part{ListShown: {More: 0}, ListShown + 1: {More: 1}, ListShown + moreLimit + 5: {More: moreLimit}} {
		s := stage(t)
		for i := range n {
			name := fmt.Sprintf("C%04d", i)
			s.store.state.cases[name] = Case{ID: name, Kind: Other, UserID: name, State: Open, At: noon}
		}
		l, err := s.List(t.Context(), s.by(ana), Unclaimed)
		must(t, err)
		if got := l.Unclaimed; len(got.Cases) != ListShown || got.More != want.More || got.Cases[0].ID != "C0000" {
			t.Errorf("of %d: %d, and %d more", n, len(got.Cases), got.More)
		}
	}
}

func TestListRefused(t *testing.T) {
	s := stage(t)
	_, err := s.List(t.Context(), s.by(guest), AllLists)
	wantCode(t, err, actions.Forbidden)
	_, err = s.List(t.Context(), s.by(ana), "theirs")
	wantCode(t, err, actions.Invalid)
	s.store.down = actions.Errorf(actions.Unavailable, "It doesn't answer.")
	_, err = s.List(t.Context(), s.by(ana), AllLists)
	wantCode(t, err, actions.Unavailable)
}
