package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/escalation"
)

func caseIDs(cases []escalation.Case) []string {
	return idsOf(cases, func(c escalation.Case) string { return c.ID })
}

// casesDue: those whose time has come, the longest due first, whatever their state.
func casesDue(t *testing.T, s *site) {
	for id, due := range map[string]time.Time{
		"late": ago(time.Hour), "now": moment, "next": moment.Add(time.Microsecond), "never": {}, "later": ago(time.Minute), "done": ago(2 * time.Minute),
	} {
		c := escalated(id, "U1", 0)
		c.Due = due
		if id == "done" {
			c = closed(c, 0)
		}
		s.cases(t, c)
	}
	for _, step := range []struct {
		at    time.Time
		limit int
		want  []string
	}{
		{moment, 10, []string{"late", "done", "later", "now"}}, {moment, 2, []string{"late", "done"}},
		{moment.Add(time.Microsecond), 10, []string{"late", "done", "later", "now", "next"}}, {ago(2 * time.Hour), 10, nil}, {moment, 0, nil},
	} {
		due, err := s.CasesDue(t.Context(), step.at, step.limit)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "what is due", due, step.want)
	}
}

// caseList: each filter alone, and all together; resolved ones never fit.
func caseList(t *testing.T, s *site) {
	opened, claimed, waiting := escalated("open", "U1", 3*time.Minute), escalated("claimed", "U2", 2*time.Minute), escalated("waiting", "U2", time.Minute)
	done, both := closed(escalated("done", "U1", 0), time.Hour), escalated("both", "U3", 3*time.Minute)
	claimed.State, claimed.ClaimedBy = escalation.Claimed, "L1"
	claimed.First, claimed.Resolution.EndsAt = escalation.Clock{}, moment.Add(8*time.Hour)
	waiting.State, waiting.ClaimedBy, waiting.First = escalation.WaitingCustomer, "L2", escalation.Clock{}
	done.ClaimedBy = "L1"
	both.First.EndsAt, both.Resolution.EndsAt = moment.Add(10*time.Hour), moment.Add(time.Hour)
	s.cases(t, opened, claimed, waiting, done, both)
	for _, f := range []escalation.Follower{
		{Case: "open", Agent: "U1", At: moment}, {Case: "done", Agent: "U1", At: moment}, {Case: "waiting", Agent: "U1", At: moment},
		{Case: "waiting", Agent: "U4", At: moment}, {Case: "claimed", Agent: "L1", At: moment}, {Case: "both", Agent: "L1", At: moment},
	} {
		s.follow(t, f)
	}
	openEnds := opened.First.EndsAt
	for _, step := range []struct {
		name   string
		filter escalation.Filter
		limit  int
		want   []string
	}{
		{"all", escalation.Filter{}, 10, []string{"waiting", "claimed", "both", "open"}},
		{"the oldest", escalation.Filter{}, 1, []string{"waiting"}},
		{"an agent's", escalation.Filter{Mine: "U1"}, 10, []string{"waiting", "open"}},
		{"the oldest of an agent", escalation.Filter{Mine: "U1"}, 1, []string{"waiting"}},
		{"an engineer's, once each", escalation.Filter{Mine: "L1"}, 10, []string{"claimed", "both"}},
		{"an engineer's that they don't follow", escalation.Filter{Mine: "L2"}, 10, []string{"waiting"}},
		{"who only opened one", escalation.Filter{Mine: "U3"}, 10, []string{}},
		{"nobody's", escalation.Filter{Mine: "U\x00"}, 10, []string{}},
		{"unclaimed", escalation.Filter{Unclaimed: true}, 10, []string{"both", "open"}},
		{"overdue", escalation.Filter{Overdue: moment.Add(8 * time.Hour)}, 10, []string{"claimed", "both", "open"}},
		{"overdue at the moment", escalation.Filter{Overdue: openEnds}, 10, []string{"both", "open"}},
		{"overdue before it", escalation.Filter{Overdue: openEnds.Add(-time.Microsecond)}, 10, []string{"both"}},
		{"overdue and unclaimed of one's own", escalation.Filter{Mine: "L1", Unclaimed: true, Overdue: moment.Add(9 * time.Hour)}, 10, []string{"both"}},
	} {
		found, err := s.CaseList(t.Context(), step.filter, step.limit, 0)
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		same(t, step.name, caseIDs(found), step.want)
		n, err := s.CaseCount(t.Context(), step.filter, step.limit)
		same(t, step.name+", counted", n, len(step.want))
		same(t, step.name+", the error", err, nil)
		for _, c := range found {
			whole, _ := s.escalation(t, c.ID)
			same(t, "the case of the list", c, whole)
		}
	}
}

// ownCases: one's own, the one whose time runs out first first, in pages, and nobody else's.
func ownCases(t *testing.T, s *site) {
	calm, later, late, claimed := escalated("calm", "U1", -9*day), escalated("later", "U1", -8*day), escalated("late", "U1", -time.Hour), escalated("claimed", "U2", -day)
	calm.First, calm.Resolution = escalation.Clock{}, escalation.Clock{}
	later.First.EndsAt, late.First.EndsAt = moment.Add(2*time.Hour), ago(time.Minute)
	claimed.State, claimed.ClaimedBy, claimed.First, claimed.Resolution.EndsAt = escalation.Claimed, "U1", escalation.Clock{}, moment.Add(time.Hour)
	s.cases(t, calm, later, late, claimed, escalated("another's", "U3", 0), closed(escalated("done", "U1", 0), time.Hour))
	own := escalation.Filter{Own: "U1"}
	for _, step := range []struct {
		limit, offset int
		want          []string
	}{
		{10, 0, []string{"late", "claimed", "later", "calm"}}, {1, 0, []string{"late"}}, {2, 1, []string{"claimed", "later"}}, {10, 3, []string{"calm"}}, {10, 4, []string{}},
	} {
		found, err := s.CaseList(t.Context(), own, step.limit, step.offset)
		same(t, "the error", err, nil)
		same(t, fmt.Sprint("one's own, ", step.limit, " from ", step.offset), caseIDs(found), step.want)
	}
	n, err := s.CaseCount(t.Context(), escalation.Filter{Own: "U1", Overdue: moment}, 10)
	same(t, "how many of them are late", fmt.Sprint(n, err), "1 <nil>")
}

// caseResolvedLately: the newest of that key, later than the moment.
func caseResolvedLately(t *testing.T, s *site) {
	first := escalated("c1", "U1", -9*day)
	key := first.Key()
	for id, later := range map[string]time.Duration{"c1": -3 * day, "c2": -day, "c3": -2 * day} {
		c := escalated(id, "U1", -9*day)
		c.Address = first.Address
		s.cases(t, closed(c, later))
	}
	s.cases(t, closed(escalated("c4", "U1", 0), time.Hour))
	open := escalated("c5", "U1", 0)
	open.Address, open.ResolvedAt = first.Address, moment // it was opened again
	s.cases(t, open)
	for _, step := range []struct {
		key   string
		since time.Time
		want  string
	}{
		{key, ago(14 * day), "c2"}, {key, ago(day).Add(-time.Microsecond), "c2"}, {key, ago(day), ""},
		{"blocklist nobody@acme.example", ago(14 * day), ""}, {"\x00", ago(14 * day), ""},
	} {
		got, found, err := s.ResolvedLately(t.Context(), step.key, step.since)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the case resolved lately", got.ID, step.want)
		same(t, "whether it was found", found, step.want != "")
	}
}

// casesOpenedSince: those that somebody opened, whoever has them now and whatever
// became of them.
func casesOpenedSince(t *testing.T, s *site) {
	handed, done := escalated("c1", "U1", 0), escalated("c2", "U1", time.Minute)
	s.cases(t, handed, done, escalated("c3", "U1", -time.Hour), escalated("c4", "U2", 0))
	handed.Agent = "U2"
	s.save(t, handed)
	s.save(t, closed(done, time.Hour))
	for _, step := range []struct {
		agent string
		since time.Time
		want  int
	}{
		{"U1", ago(time.Hour), 2}, {"U1", ago(time.Hour + time.Microsecond), 3}, {"U1", moment, 1}, {"U2", ago(time.Hour), 1}, {"U3", ago(time.Hour), 0},
	} {
		s.onCases(t, func(tx escalation.Tx) error {
			n, err := tx.OpenedSince(t.Context(), step.agent, step.since)
			same(t, "how many "+step.agent+" opened", n, step.want)
			return err
		})
	}
}

// eachCase: every case in its order, more than are read at once, within bounds.
func eachCase(t *testing.T, s *site) {
	const many = 450
	var all []string
	s.onCases(t, func(tx escalation.Tx) error {
		all = nil
		for i := range many {
			// Many are opened at the same moment.
			c := escalated(fmt.Sprintf("c%03d", i), "U1", time.Duration(i/300)*time.Hour)
			if _, err := tx.StartCase(t.Context(), c); err != nil {
				return err
			}
			all = append(all, c.ID)
		}
		return nil
	})
	s.save(t, closed(escalated("c007", "U1", 0), time.Hour))
	read := func(since, until time.Time, most int) (ids []string, err error) {
		err = s.EachCase(t.Context(), since, until, func(c escalation.Case) error {
			if ids = append(ids, c.ID); len(ids) == most {
				return errOnPurpose
			}
			return nil
		})
		return ids, err
	}
	second := moment.Add(time.Hour)
	for _, step := range []struct {
		since, until time.Time
		want         []string
	}{
		{time.Time{}, time.Time{}, all}, {moment, second, all[:300]}, {second, time.Time{}, all[300:]}, {moment.Add(1), time.Time{}, all},
		{moment.Add(time.Microsecond), second.Add(time.Microsecond), all[300:]}, {time.Time{}, moment, nil}, {second.Add(time.Hour), time.Time{}, nil},
	} {
		ids, err := read(step.since, step.until, many+1)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the cases", ids, step.want)
	}
	for _, most := range []int{1, 250} {
		ids, err := read(time.Time{}, time.Time{}, most)
		same(t, "whether the error came back", err == errOnPurpose, true) //nolint:errorlint // it comes back as it is
		same(t, "the cases up to it", slices.Equal(ids, all[:most]), true)
	}
}
