package blocks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

func TestReadCaseRef(t *testing.T) {
	day := actions.Days{First: "2026-03-10", N: 7}
	for _, asked := range []escalation.Asked{
		{}, {Which: escalation.Mine}, {Which: escalation.Unsolved, Offset: 10}, {Which: escalation.Worked, Days: day}, {Which: escalation.LateClaim, Days: day, Offset: 30},
	} {
		if got, ok := blocks.ReadCaseRef(blocks.CaseRef(asked)); got != asked || !ok {
			t.Errorf("%+v comes back as %+v, %v", asked, got, ok)
		}
	}
	for value, want := range map[string]escalation.Asked{ // from before lists went on
		"-": {}, "mine": {Which: escalation.Mine}, "unclaimed": {Which: escalation.Unclaimed}, "overdue": {Which: escalation.Overdue}, "all": {Which: escalation.Unsolved},
		"opened+2026-03-10+7|0": {Which: escalation.OpenedIn, Days: day},
	} {
		if got, ok := blocks.ReadCaseRef(value); got != want || !ok {
			t.Errorf("%q is read as %+v, %v", value, got, ok)
		}
	}
	for _, value := range []string{
		"", "|0", "-|0", "mine|", "mine|-1", "mine|x", "mine|1|2", "mine|99999999", "mine|999999999999", "MINE", "mine\n", " mine", "<@U0AVA>", "mine+2026-03-10",
		"opened+2026-02-30+1|0", "opened+2026-03-10+0|0", "opened+2026-03-10+401|0", "opened+2026-03-10+-1|0", "opened+10.3.2026+1|0", "opened++1|0", strings.Repeat("a", 31),
	} {
		if got, ok := blocks.ReadCaseRef(value); ok || got != (escalation.Asked{}) {
			t.Errorf("%q is read as %+v", value, got)
		}
	}
}

// someCases are as many cases of a state.
func someCases(n int, state escalation.State) []escalation.Case {
	c := escalated(state).Case
	c.ResolvedAt = ago(0)
	return slices.Repeat([]escalation.Case{c}, n)
}

// A list alone says which part of it is shown, and goes on from there.
func TestCasesInPages(t *testing.T) {
	page := func(shown, offset, more int) blocks.Message {
		part := escalation.ListPart{Asked: escalation.Asked{Which: escalation.Unsolved, Offset: offset}, Part: escalation.Part{Cases: someCases(shown, escalation.Claimed), More: more}}
		return blocks.Cases(escalation.Lists{Asked: part.Asked, Parts: []escalation.ListPart{part}}, linkedCase, now)
	}
	for _, row := range []struct {
		shown, offset, more int
		want                []string
		onward              []string
	}{
		{10, 0, 7, []string{"*All open cases* · 1 to 10 of 17", "and 7 more"}, []string{"case_list all|10"}},
		{7, 10, 0, []string{"*All open cases* · 11 to 17 of 17"}, nil},
		{3, 0, 0, []string{"*All open cases* · 3 in all"}, nil},
		{0, 20, 0, []string{"*All open cases*: there is nothing more on it."}, nil},
		{10, 10, 4980, []string{"11 to 20 of 5000", "and 4980 more"}, []string{"case_list all|20"}},
	} {
		message := page(row.shown, row.offset, row.more)
		withinLimits(t, message)
		text := read(t, message)
		if missing := inOrder(text, row.want...); missing != "" {
			t.Errorf("%q isn't there in:\n%s", missing, text)
		}
		if got := buttons(t, message); !slices.Equal(got, row.onward) {
			t.Errorf("from %d the buttons are %q", row.offset, got)
		}
	}
}

// Lists that are shown together say of each how many more there are, which add up with those
// that are shown, and lead there.
func TestCasesTogether(t *testing.T) {
	part := escalation.Part{Cases: someCases(escalation.ListShown, escalation.Resolved), More: 90}
	for which, lists := range map[escalation.Which][]string{
		escalation.AllLists: {"mine", "unclaimed", "overdue"}, escalation.Worked: {"opened+2026-03-10+1", "resolved+2026-03-10+1", "all"},
		escalation.AllLate: {"late_claim+2026-03-10+1", "late_resolution+2026-03-10+1", "overdue"},
	} {
		parts := map[escalation.Which]escalation.Part{}
		for _, one := range listed(which, nil).Parts {
			parts[one.Which] = part
		}
		message := blocks.Cases(listed(which, parts), linkedCase, now)
		withinLimits(t, message)
		text := read(t, message)
		for i, button := range buttons(t, message) {
			onward, offset := strings.CutPrefix(button, "case_list "+lists[i]+"|")
			var shown int
			if _, err := fmt.Sscan(onward, &shown); err != nil || !offset || !strings.Contains(text, fmt.Sprintf("and %d more", 100-shown)) {
				t.Errorf("%q: the button is %q in:\n%s", which, button, text)
			}
		}
		if n := len(buttons(t, message)); n != 3 {
			t.Errorf("%q: there are %d buttons", which, n)
		}
		if some := blocks.Cases(listed(which, map[escalation.Which]escalation.Part{escalation.Overdue: part, escalation.Unsolved: part}), linkedCase, now); len(buttons(t, some)) != 1 {
			t.Errorf("%q: lists without a case have buttons: %q", which, buttons(t, some))
		}
	}
}
