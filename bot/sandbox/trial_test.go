package sandbox

import (
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

func TestEveryCauseHasOneGroup(t *testing.T) {
	groupsOf := map[actions.Cause]int{}
	for _, g := range groups() {
		for _, cause := range g.causes {
			groupsOf[cause]++
		}
	}
	for _, cause := range actions.Causes() {
		if groupsOf[cause] != 1 {
			t.Errorf("%s is in %d groups", cause, groupsOf[cause])
		}
		delete(groupsOf, cause)
	}
	for cause := range groupsOf {
		t.Errorf("%s is no cause", cause)
	}
}

func TestGroupedKeepsEverybodyOnce(t *testing.T) {
	all := []Trial{
		{Name: "New", Cause: "brand_new"}, {Name: "Locked", Cause: "locked_attempts"}, {Name: "Fine", Cause: "looks_fine"},
		{Name: "Locked too", Cause: "locked_attempts"}, {Name: "Idle", Cause: "locked_inactivity"}, {Name: "None"},
	}
	want := map[string][]string{
		"Locked": {"Locked", "Locked too", "Idle"}, "Little to go on": {"Fine"}, "More to ask about": {"New", "None"},
	}
	filled := grouped(all)
	if len(filled) != len(want) || filled[len(filled)-1].Title != "More to ask about" {
		t.Errorf("the groups are %+v", filled)
	}
	for _, g := range filled {
		if len(g.Trials) != len(want[g.Title]) {
			t.Errorf("%s has %+v", g.Title, g.Trials)
			continue
		}
		for i, trial := range g.Trials {
			if trial.Name != want[g.Title][i] {
				t.Errorf("%s has %s at %d, not %s", g.Title, trial.Name, i, want[g.Title][i])
			}
		}
	}
	if all[0].Name != "New" || all[5].Name != "None" {
		t.Errorf("the trials themselves were changed: %+v", all)
	}
}
