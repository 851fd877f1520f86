package escalation

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// reads checks that an error is a conflict with exactly that sentence.
func reads(t *testing.T, err error, want string) {
	t.Helper()
	if words := actions.Explain(err); words.Code != actions.Conflict || words.Sentence != want {
		t.Errorf("got  %s: %s\nwant conflict: %s", words.Code, words.Sentence, want)
	}
}

func TestClaim(t *testing.T) {
	s := stage(t)
	s.has(t, Open, func(c *Case) { s.begin(c, noon) })
	s.later(10 * time.Minute)
	report, err := s.Claim(t.Context(), s.by(lou), id)
	must(t, err)
	c := s.the()
	if c.State != Claimed || c.ClaimedBy != lou || !c.ClaimedAt.Equal(s.now) || !c.HeardAt.Equal(s.now) || c.Offered {
		t.Errorf("the case is %+v", c)
	}
	if c.First.Used != 10*time.Minute || !c.First.Since.IsZero() || c.Resolution.Since.IsZero() {
		t.Errorf("the clocks are %+v and %+v", c.First, c.Resolution)
	}
	if e := s.newest(); e != (Event{Case: id, Seq: 2, Kind: EventClaimed, Actor: lou, At: s.now}) {
		t.Errorf("the event is %+v", e)
	}
	if report.Case.ClaimedBy != lou || len(report.Events) != 2 {
		t.Errorf("the report is %+v", report)
	}
	want := []string{"case CL2 " + id, "case_agent UANA " + id, "case_thread CSUPPORT " + id + "/1.000100"}
	if got := s.sent(); !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
}

// TestTwoClaim has two of L2 click at once: one wins, the other reads who.
func TestTwoClaim(t *testing.T) {
	s := stage(t)
	s.has(t, Open)
	for _, who := range []string{lou, lee} {
		_, err := s.Look(t.Context(), s.by(who), actions.ActClaim, id)
		must(t, err)
	}
	_, err := s.Claim(t.Context(), s.by(lee), id)
	must(t, err)
	_, err = s.Claim(t.Context(), s.by(lou), id)
	reads(t, err, "<@ULEE> was faster: they claimed this case at 12:00 UTC.")
	if s.the().ClaimedBy != lee || len(s.happened()) != 1 || len(s.store.state.audit) != 1 {
		t.Errorf("the loser changed something: %+v", s.the())
	}
}

// TestClaimAgain has who claimed a case click once more: it says that they are still
// at it, and nobody sees it.
func TestClaimAgain(t *testing.T) {
	s := stage(t)
	s.has(t, Claimed)
	s.later(time.Hour)
	_, err := s.Claim(t.Context(), s.by(lou), id)
	must(t, err)
	if c := s.the(); !c.HeardAt.Equal(s.now) || !c.ClaimedAt.Equal(noon) || c.Events != 1 || len(s.sent()) > 0 {
		t.Errorf("the case is %+v", c)
	}
}

func TestClaimOffered(t *testing.T) {
	for who, from := range map[string]string{lou: "", lee: lou} {
		s := stage(t)
		s.has(t, Claimed, func(c *Case) { c.Offered = true })
		s.later(time.Hour)
		_, err := s.Claim(t.Context(), s.by(who), id)
		must(t, err)
		if c := s.the(); c.ClaimedBy != who || c.Offered || !c.HeardAt.Equal(s.now) {
			t.Errorf("%s: the case is %+v", who, c)
		}
		if e := s.newest(); e.Kind != EventClaimed || e.Actor != who || e.To != from {
			t.Errorf("%s: the event is %+v", who, e)
		}
	}
}

func TestHandBack(t *testing.T) {
	for _, state := range taken {
		s := stage(t)
		s.has(t, state, func(c *Case) {
			s.begin(c, noon)
			s.enter(c, state, noon)
			c.First.Sent = ToTheLeads
		})
		s.later(time.Hour)
		_, err := s.HandBack(t.Context(), s.by(lee), id)
		must(t, err)
		c := s.the()
		if c.State != Open || c.ClaimedBy != "" || !c.ClaimedAt.IsZero() || !c.HeardAt.IsZero() || c.Offered {
			t.Errorf("%s: the case is %+v", state, c)
		}
		if !c.First.Since.Equal(s.now) || c.First.Used != 0 || c.First.Sent != NoReminder || c.Resolution.Since.IsZero() {
			t.Errorf("%s: the clocks are %+v and %+v", state, c.First, c.Resolution)
		}
		if e := s.newest(); e.Kind != EventHandedBack || e.Actor != lee || e.To != lou {
			t.Errorf("%s: the event is %+v", state, e)
		}
	}
}

func TestReopen(t *testing.T) {
	s := stage(t)
	s.has(t, Resolved, func(c *Case) { c.Delisting = "OP" })
	s.later(2 * time.Hour)
	_, err := s.Reopen(t.Context(), s.by(lee), id)
	must(t, err)
	c := s.the()
	if c.State != Open || c.ClaimedBy != "" || c.Outcome != "" || c.Note != "" || c.ResolvedBy != "" || !c.ResolvedAt.IsZero() || c.Delisting != "OP" {
		t.Errorf("the case is %+v", c)
	}
	if !c.First.Since.Equal(s.now) || !c.Resolution.Since.Equal(s.now) || c.Due.IsZero() {
		t.Errorf("the clocks are %+v and %+v, due %s", c.First, c.Resolution, c.Due)
	}
	want := []string{
		"case CL2 " + id, "case_agent UANA " + id, "case_thread CSUPPORT " + id + "/1.000100",
		"case_event CL2 " + id + "/2", "case_news UANA " + id + "/2",
	}
	if got := s.sent(); !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
}

// TestReopenBesideANewer has a newer case about the same, which is open.
func TestReopenBesideANewer(t *testing.T) {
	s := stage(t)
	old := s.has(t, Resolved)
	newer := old
	newer.ID, newer.State = "NEWERCASES", Open
	s.store.state.cases[newer.ID] = newer
	_, err := s.Reopen(t.Context(), s.by(lee), id)
	reads(t, err, "There is a newer case about the same (NEWERC), and it isn't resolved. Please go on with that one.")
	if c := s.the(); c.State != Resolved || len(s.happened()) > 0 || len(s.sent()) > 0 {
		t.Errorf("the case is %+v", c)
	}
}

// TestWhoWasFaster reads the sentence of each act that comes too late.
func TestWhoWasFaster(t *testing.T) {
	does := func(who string, act actions.Act) func(*scene, *testing.T) {
		return func(s *scene, t *testing.T) {
			_, err := s.acts(t, s.by(who), act)
			must(t, err)
		}
	}
	waits := func(d time.Duration) func(*scene, *testing.T) { return func(s *scene, _ *testing.T) { s.later(d) } }
	const day = 24 * time.Hour
	for _, tt := range []struct {
		name  string
		state State
		first []func(*scene, *testing.T)
		act   actions.Act
		who   string
		want  string
	}{
		{"Yesterday", Claimed, []func(*scene, *testing.T){waits(day)}, actions.ActClaim, lee, "<@ULOU> was faster: they claimed this case on 10 March at 12:00 UTC."},
		{"Resolved", Claimed, []func(*scene, *testing.T){does(lee, actions.ActResolve)}, actions.ActResolve, lou, "<@ULEE> was faster: they resolved this case at 12:00 UTC."},
		{"ResolvedOneself", Claimed, []func(*scene, *testing.T){does(lou, actions.ActResolve)}, actions.ActResolve, lou, "You resolved this case already, at 12:00 UTC."},
		{
			"ClaimResolved", Resolved, nil, actions.ActClaim, lee,
			"<@ULOU> was faster: they resolved this case at 12:00 UTC. If it needs more, please reopen it.",
		},
		{
			"AnswerResolved", Resolved, nil, actions.ActReply, ana,
			"<@ULOU> was faster: they resolved this case at 12:00 UTC. If it needs more, please ask L2 to reopen it, or escalate it anew.",
		},
		{
			"HandedBack", Claimed, []func(*scene, *testing.T){does(lee, actions.ActHandBack)}, actions.ActResolve, lou,
			"<@ULEE> was faster: they handed back this case at 12:00 UTC. Please claim it first.",
		},
		{"HandedBackOneself", Claimed, []func(*scene, *testing.T){does(lou, actions.ActHandBack)}, actions.ActHandBack, lou, "You handed back this case already, at 12:00 UTC."},
		{"NeverClaimed", Open, nil, actions.ActAsk, lou, "Nobody has claimed this case, so there is nothing to do yet. Please claim it first."},
		{
			"Reopened", Resolved, []func(*scene, *testing.T){does(lee, actions.ActReopen), does(lee, actions.ActClaim)}, actions.ActReopen, lou,
			"<@ULEE> was faster: they reopened this case at 12:00 UTC.",
		},
		{
			"ReopenedAndNotClaimed", Resolved, []func(*scene, *testing.T){does(lee, actions.ActReopen)}, actions.ActResolve, lou,
			"Nobody has claimed this case, so there is nothing to do yet. Please claim it first.",
		},
		{"NotResolved", Open, nil, actions.ActReopen, lou, "This case isn't resolved, so there is nothing to reopen."},
		{
			"TooLate", Resolved, []func(*scene, *testing.T){waits(ReopenTime)}, actions.ActReopen, lou,
			"This case was resolved more than 14 days ago, so it stays as it is. Please have it escalated anew, and name this one.",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := stage(t)
			s.has(t, tt.state)
			for _, first := range tt.first {
				first(s, t)
			}
			_, err := s.acts(t, s.by(tt.who), tt.act)
			reads(t, err, tt.want)
			_, err = s.Look(t.Context(), s.by(tt.who), tt.act, id)
			reads(t, err, tt.want)
		})
	}
}

// TestSignOfLife has anything that who claimed a case does say that they are at it,
// and nothing that somebody else does.
func TestSignOfLife(t *testing.T) {
	for _, act := range []actions.Act{actions.ActClaim, actions.ActAsk, actions.ActReply, actions.ActCaseHandOver} {
		for _, who := range []string{lou, lea, ada} {
			s := stage(t)
			s.has(t, Claimed, func(c *Case) { c.ClaimedBy, c.Agent = lou, who })
			s.store.state.followers[id] = append(s.store.state.followers[id], Follower{Case: id, Agent: who})
			s.later(time.Hour)
			_, err := s.acts(t, s.by(who), act)
			if err != nil && who == lou {
				t.Errorf("%s: %v", act, err)
			}
			if heard := s.the().HeardAt.Equal(s.now); heard != (who == lou) {
				t.Errorf("%s by %s: heard of %v", act, who, heard)
			}
		}
	}
}

func TestShortID(t *testing.T) {
	if got := (Case{ID: "ABCDEFGH"}).Short() + strings.Repeat("-", 3) + (Case{ID: "AB"}).Short(); got != "ABCDEF---AB" {
		t.Error(got)
	}
}
