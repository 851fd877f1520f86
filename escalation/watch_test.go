package escalation

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// watches runs Watch and returns what it sent but for the cards, as "kind to ref".
func (s *scene) watches(t testing.TB) []string {
	t.Helper()
	must(t, s.Watch(t.Context()))
	return s.news()
}

// news are the messages that wait, but for the cards, and takes them all.
func (s *scene) news() []string {
	return slices.DeleteFunc(s.sent(), func(m string) bool {
		return strings.HasPrefix(m, "case ") || strings.HasPrefix(m, "case_agent ") || strings.HasPrefix(m, "case_thread ")
	})
}

// nothing fails the test unless nothing was sent.
func nothing(t testing.TB, sent []string) {
	t.Helper()
	only(t, sent)
}

// only fails the test unless exactly that was sent.
func only(t testing.TB, sent []string, want ...string) {
	t.Helper()
	if !slices.Equal(sent, want) {
		t.Fatalf("sent %q, not %q", sent, want)
	}
}

// In the tests' channels, what says in the thread of L2's card, or to the leads, what
// the event of a number is.
func inThread(seq int) string { return fmt.Sprintf("case_event %s %s/%d", l2, id, seq) }
func toLeads(seq int) string  { return fmt.Sprintf("case_leads %s %s/%d", leads, id, seq) }

// TestWatchReminds plays an open case that nobody claims, to the end.
func TestWatchReminds(t *testing.T) {
	s := stage(t)
	s.timed(t, Open)
	nothing(t, s.watches(t))
	for i, c := range []struct {
		after time.Duration
		level Reminder
		want  string
	}{
		{time.Hour, HalfTime, inThread(2)}, {time.Hour, AtTheEnd, inThread(3)},
		{30 * time.Minute, ToTheGroup, inThread(4)}, {30 * time.Minute, ToTheLeads, toLeads(5)},
	} {
		s.later(c.after - tick)
		nothing(t, s.watches(t))
		s.later(tick)
		must(t, s.Watch(t.Context()))
		cards := []string{"case CL2 " + id, "case_agent UANA " + id, "case_thread CSUPPORT " + id + "/1.000100"}
		only(t, s.sent(), append(cards, c.want)...)
		want := Event{Case: id, Seq: i + 2, Kind: EventReminded, At: s.now, Clock: FirstClock, Level: c.level}
		if s.newest() != want || s.the().First.Sent != c.level || s.the().Events != i+2 {
			t.Errorf("%+v happened, not %+v", s.newest(), want)
		}
		nothing(t, s.watches(t))
	}
	if len(s.store.state.audit) > 0 {
		t.Errorf("in the audit is %v", s.store.state.audit)
	}
}

// TestWatchTellsLeadsAgain plays an open case that nobody claims for days: the leads
// are told again every 8 hours, whatever agents add to it meanwhile, and after a
// restart, until somebody claims it.
func TestWatchTellsLeadsAgain(t *testing.T) {
	s := stage(t)
	s.timed(t, Open)
	s.later(3 * time.Hour)
	only(t, s.watches(t), toLeads(2))
	for i := range 3 {
		s.later(5 * time.Hour)
		nothing(t, s.watches(t))
		must1(t)(s.Reply(t.Context(), s.by(ana), id, "She called again.", false))
		s.news()
		s.later(3*time.Hour - tick)
		nothing(t, s.watches(t))
		s.later(tick)
		s.Desk = &Desk{Actions: s.Actions, Store: s.store, Levels: s.Levels, Channel: l2, Leads: leads}
		only(t, s.watches(t), toLeads(4+2*i))
		if e := s.newest(); e.Level != ToTheLeads || e.Clock != FirstClock || s.the().First.Sent != ToTheLeads {
			t.Fatalf("%+v happened", e)
		}
		nothing(t, s.watches(t))
		s.later(-time.Hour) // somebody mends the clock
		nothing(t, s.watches(t))
		s.later(time.Hour)
		nothing(t, s.watches(t))
	}
	s.later(100 * time.Hour) // the server was off
	only(t, s.watches(t), toLeads(9))
	must1(t)(s.Claim(t.Context(), s.by(lou), id))
	s.news()
	s.later(tick)
	if only(t, s.watches(t), toLeads(11)); s.newest().Clock != ResolutionClock {
		t.Errorf("%+v happened", s.newest())
	}
}

// TestWatchNudges plays a case that waits for the customer, whom everybody has
// forgotten: their agent is told every five working days, and nobody when somebody
// was heard of.
func TestWatchNudges(t *testing.T) {
	s := stage(t)
	s.Hours = worked(t, "UTC", "mon-fri 09:00-17:00", "")
	s.timed(t, Claimed)
	must1(t)(s.Ask(t.Context(), s.by(lou), id, "Which provider do they have?", true))
	s.news()
	s.later(72 * time.Hour) // of which 24 are worked
	place := actions.Posted{Channel: l2, TS: "1.000200"}
	s.store.places[place] = id
	must(t, s.Heard(t.Context(), s.by(lou), place))
	for i := range 2 {
		due := s.now.AddDate(0, 0, 7)
		if c := s.the(); !c.Due.Equal(due) {
			t.Fatalf("due %s, not %s", c.Due, due)
		}
		s.now = due.Add(-tick)
		nothing(t, s.watches(t))
		s.now = due
		only(t, s.watches(t), inThread(4+i), fmt.Sprintf("case_news %s %s/%d", ana, id, 4+i))
		if e := s.newest(); e.Kind != EventNudged || e.To != ana || e.Actor != "" {
			t.Fatalf("%+v happened", e)
		}
		nothing(t, s.watches(t))
		s.later(-time.Hour) // somebody mends the clock
		nothing(t, s.watches(t))
		s.later(time.Hour)
	}
	must1(t)(s.Resolve(t.Context(), s.by(lou), id, NotListed, "Not on it."))
	s.news()
	s.now = s.now.AddDate(0, 0, 13)
	nothing(t, s.watches(t))
}

// TestWatchAfterThreeDays holds that whoever was away hears once how late it is: of
// every case the furthest reminder alone, and from a new server, too.
func TestWatchAfterThreeDays(t *testing.T) {
	s := stage(t)
	s.timed(t, Claimed)
	s.later(72 * time.Hour)
	restarted := &scene{Desk: &Desk{Actions: s.Actions, Store: s.store, Levels: s.Levels, Channel: l2, Leads: leads}, store: s.store}
	// The end of its time, and nobody knows where its engineer is.
	only(t, restarted.watches(t), inThread(3), toLeads(2))
	if c := s.the(); !c.Offered || c.Resolution.Sent != ToTheLeads || !c.Due.IsZero() {
		t.Errorf("the case is %+v", c)
	}
	nothing(t, restarted.watches(t))
	nothing(t, s.watches(t))
}

// TestWatchOffers plays a claimed case whose engineer isn't heard of, until they are.
func TestWatchOffers(t *testing.T) {
	s := stage(t)
	s.timed(t, Claimed, func(c *Case) { c.Priority = Urgent }) // 4 hours
	s.later(2 * time.Hour)
	only(t, s.watches(t), inThread(2), inThread(3))
	if events := s.store.state.events[id]; events[1].Level != HalfTime || events[2].Kind != EventOffered || events[2].To != lou {
		t.Fatalf("%+v happened", events)
	}
	must1(t)(s.Claim(t.Context(), s.by(lee), id))
	s.news()
	if c := s.the(); c.Offered || c.ClaimedBy != lee {
		t.Fatalf("the case is %+v", c)
	}
	s.later(2*time.Hour - tick)
	nothing(t, s.watches(t))
	s.later(tick)
	only(t, s.watches(t), inThread(5), inThread(6)) // the end, and another offer
}

// must1 ends the test on an error.
func must1(t testing.TB) func(Report, error) {
	return func(_ Report, err error) { t.Helper(); must(t, err) }
}

// TestWatchEndsReopening holds that a resolved case is redrawn when it can't be
// opened again any more, and nobody is called.
func TestWatchEndsReopening(t *testing.T) {
	s := stage(t)
	s.timed(t, Resolved)
	s.later(ReopenTime - tick)
	must(t, s.Watch(t.Context()))
	nothing(t, s.sent())
	s.later(tick)
	must(t, s.Watch(t.Context()))
	only(t, s.sent(), "case CL2 "+id, "case_agent UANA "+id, "case_thread CSUPPORT "+id+"/1.000100")
	if c := s.the(); !c.Due.IsZero() || len(c.Acts(s.now)) > 0 || c.Events != 1 {
		t.Errorf("the case is %+v", c)
	}
	must(t, s.pass(t.Context(), id, nil)) // as another replica does, which looked before
	nothing(t, s.sent())
}

// TestWatchPauses plays a case of a team in London over a weekend on which the clocks
// go forward, while the customer has to answer.
func TestWatchPauses(t *testing.T) {
	s := stage(t)
	s.Hours = worked(t, "Europe/London", "mon-fri 08:00-18:00", "2026-03-31")
	s.now = instant(t, "2026-03-27 14:00 +0000")
	s.timed(t, Claimed)
	s.now = instant(t, "2026-03-27 17:00 +0000") // 3 of 8 hours
	must1(t)(s.Ask(t.Context(), s.by(lou), id, "Which provider do they have?", true))
	s.news()
	nudge := instant(t, "2026-04-03 17:00 +0100") // in 40 hours of work, over a holiday
	if c := s.the(); c.Resolution.Used != 3*time.Hour || !c.Due.Equal(nudge) || !c.Resolution.EndsAt.IsZero() {
		t.Fatalf("while the customer has to answer, the case is %+v", c)
	}
	s.now = instant(t, "2026-03-30 16:30 +0100")
	nothing(t, s.watches(t))
	must1(t)(s.Reply(t.Context(), s.by(ana), id, "They are with Acme Mail.", false))
	s.news()
	half, end := instant(t, "2026-03-30 17:30 +0100"), instant(t, "2026-04-01 11:30 +0100") // over a holiday
	if c := s.the(); !c.Due.Equal(half) || !c.Resolution.EndsAt.Equal(end) {
		t.Fatalf("due %s, and it ends at %s", c.Due, c.Resolution.EndsAt)
	}
	s.now = half.Add(-tick)
	nothing(t, s.watches(t))
	s.now = half
	only(t, s.watches(t), inThread(4))
	s.now = instant(t, "2026-04-01 10:30 +0100") // the engineer wasn't heard of for 4 hours
	only(t, s.watches(t), inThread(5))
	s.now = end
	only(t, s.watches(t), inThread(6))
	if e := s.newest(); e.Level != AtTheEnd || e.Clock != ResolutionClock {
		t.Errorf("%+v happened", e)
	}
}

// TestWatchAfterHandBack holds that who hands a case back starts the time until a
// claim anew, and not that until the resolution, which speaks up again after it.
func TestWatchAfterHandBack(t *testing.T) {
	s := stage(t)
	s.timed(t, Open)
	s.later(time.Hour)
	only(t, s.watches(t), inThread(2)) // half of two hours
	must1(t)(s.Claim(t.Context(), s.by(lou), id))
	s.later(3 * time.Hour)
	only(t, s.watches(t), inThread(4)) // half of eight
	must1(t)(s.HandBack(t.Context(), s.by(lou), id))
	s.news()
	if c := s.the(); c.First.Used != 0 || c.First.Sent != NoReminder || !c.Due.Equal(s.now.Add(time.Hour)) || !c.Resolution.EndsAt.Equal(noon.Add(8*time.Hour)) {
		t.Fatalf("after it the case is %+v", c)
	}
	s.later(2 * time.Hour)
	only(t, s.watches(t), inThread(6)) // the end; half is left out
	if e := s.newest(); e.Clock != FirstClock || e.Level != AtTheEnd {
		t.Fatalf("%+v happened", e)
	}
	s.later(4 * time.Hour) // ten of the eight hours, which don't press while it is open
	only(t, s.watches(t), toLeads(7))
	must1(t)(s.Claim(t.Context(), s.by(lee), id))
	s.news()
	only(t, s.watches(t), inThread(9))
	if e := s.newest(); e.Clock != ResolutionClock || e.Level != ToTheGroup {
		t.Errorf("%+v happened", e)
	}
}

// TestWatchAfterReopening holds that both clocks begin anew.
func TestWatchAfterReopening(t *testing.T) {
	s := stage(t)
	s.timed(t, Claimed)
	s.later(13 * time.Hour)
	s.watches(t)
	must1(t)(s.Resolve(t.Context(), s.by(lou), id, NotListed, "Not on it."))
	s.later(48 * time.Hour)
	s.news()
	nothing(t, s.watches(t))
	must1(t)(s.Reopen(t.Context(), s.by(lou), id))
	s.news()
	c := s.the()
	if c.First.Sent != NoReminder || c.Resolution.Sent != NoReminder || c.Resolution.Used != 0 || !c.Due.Equal(s.now.Add(time.Hour)) {
		t.Fatalf("after it the case is %+v", c)
	}
	s.later(time.Hour)
	only(t, s.watches(t), inThread(c.Events+1))
}

// TestWatchWhenTheClockIsSetBack holds that nothing comes twice then, and nothing
// gets lost.
func TestWatchWhenTheClockIsSetBack(t *testing.T) {
	s := stage(t)
	s.timed(t, Open)
	s.later(time.Hour)
	only(t, s.watches(t), inThread(2))
	s.later(-time.Hour)
	nothing(t, s.watches(t))
	s.later(time.Hour)
	nothing(t, s.watches(t))
	s.later(30 * time.Minute)
	must1(t)(s.Claim(t.Context(), s.by(lou), id))
	s.later(time.Hour)
	must1(t)(s.Ask(t.Context(), s.by(lou), id, "Is it still so?", true))
	used := s.the().Resolution.Used
	s.later(-time.Hour)
	must1(t)(s.Reply(t.Context(), s.by(ana), id, "It is.", false))
	s.later(-time.Hour)
	must1(t)(s.Ask(t.Context(), s.by(lou), id, "And now?", true))
	if got := s.the().Resolution.Used; got != used || used != 150*time.Minute {
		t.Errorf("%s are used up, and were %s", got, used)
	}
	must1(t)(s.Reply(t.Context(), s.by(ana), id, "It is.", false))
	s.news()
	s.later(90 * time.Minute) // 4 of 8 hours
	only(t, s.watches(t), inThread(8))
}
