package escalation

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

const archived = "L2's channel is archived. Please have it opened again."

func TestCardRefused(t *testing.T) {
	for _, tt := range []struct {
		name, channel  string
		onDuty, others []string
		leads          []string
	}{
		{"LeadsChannel", leads, []string{lea}, []string{ada}, []string{leads}},
		{"LeadOnDuty", "", []string{lea}, []string{ada}, []string{lea}},
		{"NobodyOnDuty", "", nil, []string{lea, ada}, []string{lea, ada}},
		{"NoLeads", "", nil, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := stage(t)
			s.Leads, s.staff.onDuty, s.staff.others = tt.channel, tt.onDuty, tt.others
			s.has(t, Open)
			must(t, s.CardRefused(t.Context(), id, l2, archived))
			if c, e := s.the(), s.newest(); c.Unreached != archived || e.Kind != EventUnreached || e.Text != archived || e.Actor != "" {
				t.Errorf("the case is %+v, by %+v", c, e)
			}
			want := []string{"case_agent UANA " + id, "case_thread CSUPPORT " + id + "/1.000100", "case_news UANA " + id + "/2"}
			for _, lead := range tt.leads {
				want = append(want, "case_leads "+lead+" "+id+"/2")
			}
			if got := s.sent(); !slices.Equal(got, want) {
				t.Errorf("sent %q, want %q", got, want)
			}
			must(t, s.CardRefused(t.Context(), id, l2, archived)) // the same again
			if len(s.sent()) > 0 || len(s.happened()) != 1 {
				t.Errorf("the same again is news: %v", s.happened())
			}
			must(t, s.CardRefused(t.Context(), id, l2, "Latchkey isn't in the channel any more."))
			if got := s.happened(); len(got) != 2 {
				t.Errorf("another reason isn't news: %v", got)
			}
		})
	}
}

// TestCardRefusedWithoutEffect has cards refused that nobody has to see.
func TestCardRefusedWithoutEffect(t *testing.T) {
	s := stage(t)
	must(t, s.CardRefused(t.Context(), "NOCASE", l2, archived))
	must(t, s.CardTaken(t.Context(), "NOCASE", l2))
	s.has(t, Resolved)
	must(t, s.CardRefused(t.Context(), id, l2, archived))
	if c := s.the(); c.Unreached != "" || c.Events != 1 || len(s.sent()) > 0 {
		t.Errorf("the case is %+v", c)
	}
}

func TestLeadsUnknown(t *testing.T) {
	s := stage(t)
	s.Leads, s.staff.down = "", errors.New("no answer")
	s.has(t, Open)
	if err := s.CardRefused(t.Context(), id, l2, archived); actions.CodeOf(err) != actions.Unavailable || s.the().Unreached != "" {
		t.Errorf("got %v", err)
	}
}

func TestCardTaken(t *testing.T) {
	s := stage(t)
	s.has(t, Open)
	must(t, s.CardTaken(t.Context(), id, l2))
	if c := s.the(); c.Events != 1 || len(s.sent()) > 0 {
		t.Errorf("the case is %+v", c)
	}
	must(t, s.CardRefused(t.Context(), id, l2, archived))
	s.sent()
	for range 2 {
		must(t, s.CardTaken(t.Context(), id, l2))
	}
	if c := s.the(); c.Unreached != "" || !slices.Equal(s.happened(), []EventKind{EventUnreached, EventReached}) {
		t.Errorf("the case is %+v, after %v", c, s.happened())
	}
	want := []string{"case CL2 " + id, "case_agent UANA " + id, "case_thread CSUPPORT " + id + "/1.000100", "case_event CL2 " + id + "/3", "case_news UANA " + id + "/3"}
	if got := s.sent(); !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
}

const gone = "Slack knows nobody of that name any more. Please have the case handed over."

// TestAgentUnreached has the agent of a case leave, twice, with a hand-over between.
func TestAgentUnreached(t *testing.T) {
	s := stage(t)
	s.has(t, WaitingAgent)
	s.store.state.followers[id] = append(s.store.state.followers[id], Follower{Case: id, Agent: abe})
	must(t, s.AgentUnreached(t.Context(), id, abe, gone)) // who only follows it
	nothing(t, s.sent())
	for range 2 {
		must(t, s.AgentUnreached(t.Context(), id, ana, gone))
	}
	if e := s.newest(); e.Kind != EventAgentUnreached || e.To != ana || e.Text != gone || e.Actor != "" || len(s.happened()) != 1 {
		t.Errorf("%+v happened", s.store.state.events[id])
	}
	// No card for who was just found to be gone.
	only(t, s.sent(), "case CL2 "+id, "case_agent UABE "+id, "case_thread CSUPPORT "+id+"/1.000100", inThread(2), toLeads(2))
	must1(t)(s.Reply(t.Context(), s.by(abe), id, "I go on with it.", false))
	must(t, s.AgentUnreached(t.Context(), id, ana, gone))
	for _, to := range []string{abe, ana} {
		must1(t)(s.HandOver(t.Context(), s.by(abe), id, to))
	}
	s.sent()
	for range 2 {
		must(t, s.AgentUnreached(t.Context(), id, ana, gone))
	}
	only(t, s.news(), inThread(6), toLeads(6))
}

// TestAgentUnreachedWithoutEffect has nobody told.
func TestAgentUnreachedWithoutEffect(t *testing.T) {
	s := stage(t)
	must(t, s.AgentUnreached(t.Context(), "NOCASE", ana, gone))
	s.has(t, Resolved)
	must(t, s.AgentUnreached(t.Context(), id, ana, gone))
	nothing(t, s.sent())
	s.has(t, Open)
	s.Leads, s.staff.down = "", errors.New("no answer")
	if err := s.AgentUnreached(t.Context(), id, ana, gone); actions.CodeOf(err) != actions.Unavailable || s.the().Events != 1 {
		t.Errorf("got %v", err)
	}
}

func TestHeard(t *testing.T) {
	place := actions.Posted{Channel: l2, TS: "1.000200"}
	for _, tt := range []struct {
		name    string
		who     string
		state   State
		place   actions.Posted
		offered bool
		heard   bool
	}{
		{"TheClaimer", lou, Claimed, place, false, true},
		{"TheClaimerOfWhatWaits", lou, WaitingCustomer, place, false, true},
		{"TheClaimerOfWhatIsOffered", lou, Claimed, place, true, true},
		{"AnotherOfL2", lee, Claimed, place, true, false},
		{"AnAgent", ana, Claimed, place, true, false},
		{"ALead", lea, Claimed, place, true, false},
		{"AGuest", guest, Claimed, place, true, false},
		{"NobodyClaimed", lou, Open, place, false, false},
		{"Resolved", lou, Resolved, place, false, false},
		{"AnotherThread", lou, Claimed, actions.Posted{Channel: l2, TS: "1.000300"}, true, false},
		{"AnotherChannel", lou, Claimed, actions.Posted{Channel: "CX", TS: "1.000200"}, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := stage(t)
			s.has(t, tt.state, func(c *Case) { c.Offered = tt.offered })
			s.store.places[place] = id
			s.later(time.Hour)
			call := s.by(tt.who)
			for range 2 { // Slack sends it again
				must(t, s.Heard(t.Context(), call, tt.place))
			}
			c := s.the()
			if !tt.heard {
				if c.Events != 1 || c.Offered != tt.offered || c.HeardAt.Equal(s.now) || len(s.sent()) > 0 {
					t.Errorf("the case is %+v", c)
				}
				return
			}
			if !c.HeardAt.Equal(s.now) || c.Offered || c.State != tt.state || !slices.Equal(s.happened(), []EventKind{EventHeard}) || s.newest().Text != "" {
				t.Errorf("the case is %+v, after %+v", c, s.happened())
			}
			if got := s.sent(); (len(got) == 3) != tt.offered {
				t.Errorf("sent %q", got)
			}
			if len(s.store.state.audit) > 0 {
				t.Errorf("the audit has %+v", s.store.state.audit)
			}
		})
	}
}

// TestHeardDefersTheOffer has a message count as of when it is heard of.
func TestHeardDefersTheOffer(t *testing.T) {
	place := actions.Posted{Channel: l2, TS: "1.000200"}
	s := stage(t)
	s.has(t, Claimed, func(c *Case) { s.begin(c, noon); s.stopFirst(c, noon); s.reckon(c, noon) })
	s.store.places[place] = id
	quiet := func() time.Time { c := s.the(); return c.quietUntil(s.Hours) }
	before := quiet()
	s.later(time.Hour)
	must(t, s.Heard(t.Context(), s.by(lou), place))
	if got := quiet(); !got.Equal(before.Add(time.Hour)) {
		t.Errorf("it is offered at %s instead of %s", got, before.Add(time.Hour))
	}
}
