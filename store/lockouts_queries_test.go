package store_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// TestLockoutQueries holds how many queries the numbers of a day take, and by which index
// each finds what it reads: a portion of customers takes as many as one.
func TestLockoutQueries(t *testing.T) {
	wanted := map[string]struct {
		queries int
		index   string // in the plan of the last
	}{
		"AttemptsReach":  {2, "attempts.*_pkey|sqlite_autoindex_attempts_1|PRIMARY KEY"},
		"WhoFailed":      {2, "hourly_outcomes_pkey|hourly_outcomes USING (PRIMARY KEY|COVERING INDEX|INDEX)"},
		"EachTries":      {8, "attempts.*(customer|coalesce)"}, // the staff, who failed, and two portions, the first of names alone
		"LockoutRecords": {4, "memberships_(pkey|account)|sqlite_autoindex_memberships_1|memberships USING PRIMARY KEY"},
		"SuccessesOf":    {3, "attempts.*(customer|coalesce)"},
		"MembersOf":      {1, "memberships_account"},
		"Judged":         {1, "watches_judged_at"},
		"Unopened":       {1, "secrets_expires"},
		"DeskNumbers":    {1, "temp_admins_open"},
		"CasesIn":        {1, "cases_resolved_at"},
		"CasesOpened":    {1, "cases_at\\b"},
		"CasesResolved":  {1, "cases_resolved_at"},
		"CasesTimed":     {2, "case_events"},
		"CaseQueue":      {1, "cases_(open|key)\\b"},
		"CaseQueueCount": {1, "cases_(open|key)\\b"},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		fill(t, s, 1)
		asked, err := s.AskLockouts(t.Context(), "jane", asking)
		if err != nil {
			t.Fatal(err)
		}
		for way, want := range wanted {
			queries := asked[way]
			if len(queries) != want.queries {
				t.Errorf("%s took %d queries, want %d", way, len(queries), want.queries)
			}
			for _, one := range queries {
				checkPlan(t, one)
			}
			if len(queries) == 0 {
				continue
			}
			plan := strings.Join(queries[len(queries)-1].Plan, "\n")
			if !regexp.MustCompile(want.index).MatchString(plan) {
				t.Errorf("%s doesn't use %s:\n%s", way, want.index, plan)
			}
		}
	})
}
