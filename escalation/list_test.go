package escalation

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// lists is what somebody reads of the cases.
func (s *scene) lists(t testing.TB, who string, which Which) string {
	t.Helper()
	l, err := s.List(t.Context(), s.by(who), Asked{Which: which})
	must(t, err)
	said := ""
	for _, part := range l.Parts {
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
		{ana, Mine, "A B | "},
		{lou, AllLists, "B | A C | B C | "},
		{abe, Unclaimed, "A C | "},
		{abe, Overdue, "B C | "},
		{lea, Mine, "| "},
		{lou, OwnOverdue, "B | "},
		{lea, OwnOverdue, "| "},
	} {
		if got := s.lists(t, test.who, test.which); got != test.want {
			t.Errorf("%s reads of %q: %s, want %s", test.who, test.which, got, test.want)
		}
	}
}

// TestListOfAll shows every open case, whoever has it, and none besides.
func TestListOfAll(t *testing.T) {
	s := stage(t)
	s.has(t, Claimed)
	s.another(t, "SOLVED", Resolved)
	s.another(t, "SECOND", Open)
	l, err := s.List(t.Context(), s.by(lea), Asked{Which: Unsolved})
	must(t, err)
	if len(l.Parts) != 1 || len(l.Parts[0].Cases) != 2 || l.Parts[0].More != 0 {
		t.Errorf("got %+v", l)
	}
}

// open opens cases that nobody claims: "C0000", "C0001" and so on.
func (s *scene) open(n int) {
	for i := range n {
		name := fmt.Sprintf("C%04d", i)
		s.store.state.cases[name] = Case{ID: name, Kind: Other, UserID: name, State: Open, At: noon, Agent: ana}
	}
}

// Ten are shown from an offset on, and all others are counted.
func TestListInPages(t *testing.T) {
	for _, test := range []struct {
		cases, offset, shown, more int
		first                      string
	}{
		{9, 0, 9, 0, "C0000"}, {10, 0, 10, 0, "C0000"}, {11, 0, 10, 1, "C0000"}, {1234, 0, 10, 1224, "C0000"},
		{17, 10, 7, 0, "C0010"}, {1234, 40, 10, 1184, "C0040"}, {11, 11, 0, 0, ""}, {11, 5000, 0, 0, ""},
	} {
		s := stage(t)
		s.open(test.cases)
		for _, which := range []Which{Unclaimed, Unsolved} {
			l, err := s.List(t.Context(), s.by(ana), Asked{Which: which, Offset: test.offset})
			must(t, err)
			if got := l.Parts[0]; len(got.Cases) != test.shown || got.More != test.more || test.shown > 0 && got.Cases[0].ID != test.first {
				t.Errorf("%s, of %d from %d: %d, and %d more", which, test.cases, test.offset, len(got.Cases), got.More)
			}
		}
	}
}

// A late case is among the first of one's own, however new it is, and those that aren't
// shown are counted.
func TestOwnLateFirst(t *testing.T) {
	for _, test := range []struct{ late, more, moreLate int }{{0, 7, 0}, {1, 7, 0}, {10, 7, 0}, {13, 7, 3}, {17, 7, 7}} {
		s := stage(t)
		s.open(17)
		for i := range test.late {
			c := s.store.state.cases[fmt.Sprintf("C%04d", 16-i)]
			c.At, c.First.EndsAt = noon.Add(time.Hour), noon.Add(-time.Minute)
			s.store.state.cases[c.ID] = c
		}
		own, err := s.Own(t.Context(), s.by(ana))
		must(t, err)
		shown := 0
		for i, c := range own.Cases {
			if c.lateAt(s.now) {
				shown++
			}
			if c.lateAt(s.now) != (i < test.late) {
				t.Errorf("of %d that are late, the one at %d is %s", test.late, i, c.ID)
			}
		}
		if len(own.Cases) != ListShown || own.More != test.more || own.MoreLate != test.moreLate || shown != min(test.late, ListShown) {
			t.Errorf("of %d that are late: %d shown, %+v", test.late, shown, own)
		}
	}
}

// TestListOfDays: each number of some days is how many its list has, page by page.
func TestListOfDays(t *testing.T) {
	s := stage(t)
	s.open(23)
	day := actions.Days{First: s.now.UTC().Format(time.DateOnly), N: 1}
	i := 0
	for _, id := range slices.Sorted(maps.Keys(s.store.state.cases)) {
		c := s.store.state.cases[id]
		c.At = s.now.Add(-time.Minute)
		switch i++; i % 4 {
		case 0: // claimed late, and over since
			c.State, c.ClaimedAt, c.ResolvedAt, c.First = Resolved, s.now, s.now, Clock{Limit: time.Minute, Used: time.Minute}
		case 1: // resolved late
			c.State, c.ResolvedAt, c.Resolution = Resolved, s.now, Clock{Limit: time.Minute, Used: time.Minute}
		case 2: // an old one
			c.At = s.now.Add(-240 * time.Hour)
		}
		s.store.state.cases[id] = c
	}
	in, err := s.Actions.SpanOfDays(day)
	must(t, err)
	n, err := s.Numbers(t.Context(), in.From, in.Until)
	must(t, err)
	for which, want := range map[Which]int{OpenedIn: n.Opened, ResolvedIn: n.Resolved, LateClaim: n.MissedFirst, LateResolution: n.MissedResolution} {
		seen := map[string]bool{}
		for offset := 0; ; offset += ListShown {
			l, err := s.List(t.Context(), s.by(lea), Asked{which, day, offset})
			must(t, err)
			shown := l.Parts[0]
			for _, c := range shown.Cases {
				seen[c.ID] = true
			}
			if rest := want - offset - len(shown.Cases); shown.More != rest {
				t.Errorf("%s from %d: %d more, want %d", which, offset, shown.More, rest)
			}
			if shown.More == 0 {
				break
			}
		}
		if len(seen) != want || want == 0 {
			t.Errorf("%s: %d on the list, the number is %d", which, len(seen), want)
		}
	}
	for which, want := range map[Which][]int{Worked: {n.Opened, n.Resolved, n.Open}, AllLate: {n.MissedFirst, n.MissedResolution, n.Overdue}} {
		l, err := s.List(t.Context(), s.by(lea), Asked{Which: which, Days: day})
		must(t, err)
		var got []int
		for _, part := range l.Parts {
			got = append(got, len(part.Cases)+part.More)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the lists have %v, the numbers are %v", which, got, want)
		}
	}
}

func TestListRefused(t *testing.T) {
	s := stage(t)
	_, err := s.List(t.Context(), s.by(guest), Asked{})
	wantCode(t, err, actions.Forbidden)
	day := actions.Days{First: "2026-03-10", N: 1}
	for _, asked := range []Asked{
		{Which: "theirs"}, {Which: Mine, Offset: -1}, {Offset: 10}, {Which: Mine, Days: day}, {Days: day}, {Which: OpenedIn}, {Which: "theirs", Days: day}, {Which: Worked}, {Which: AllLate, Days: day, Offset: 10}, {Which: Overdue, Days: day},
		{Which: LateClaim, Days: actions.Days{First: "2026-03-10", N: 400}}, {Which: ResolvedIn, Days: actions.Days{First: "2026-02-30", N: 1}},
	} {
		_, err = s.List(t.Context(), s.by(ana), asked)
		wantCode(t, err, actions.Invalid)
	}
	s.store.down = actions.Errorf(actions.Unavailable, "It doesn't answer.")
	for _, asked := range []Asked{{}, {Which: Mine}, {Which: OpenedIn, Days: day}, {Which: LateClaim, Days: day}} {
		_, err = s.List(t.Context(), s.by(ana), asked)
		wantCode(t, err, actions.Unavailable)
	}
}
