package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// event is one that happened to a case at the moment.
func event(id string, seq int, kind escalation.EventKind) escalation.Event {
	return escalation.Event{Case: id, Seq: seq, Kind: kind, Actor: "U1", At: moment}
}

func (s *site) happen(t testing.TB, events ...escalation.Event) {
	t.Helper()
	for _, e := range events {
		s.onCases(t, func(tx escalation.Tx) error { return tx.AddEvent(t.Context(), e) })
	}
}

func (s *site) events(t testing.TB, id string) []escalation.Event {
	t.Helper()
	events, err := s.EventsOf(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	s.onCases(t, func(tx escalation.Tx) error {
		inside, err := tx.EventsOf(t.Context(), id)
		same(t, "the events in a transaction", inside, events)
		return err
	})
	return events
}

// follow has somebody follow a case; fresh is false when they did before.
func (s *site) follow(t testing.TB, f escalation.Follower) (fresh bool) {
	t.Helper()
	s.onCases(t, func(tx escalation.Tx) (err error) { fresh, err = tx.Follow(t.Context(), f); return err })
	return fresh
}

// followers reads who follows a case, in both ways.
func (s *site) followers(t testing.TB, id string) []escalation.Follower {
	t.Helper()
	found, err := s.FollowersOf(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	s.onCases(t, func(tx escalation.Tx) error {
		inside, err := tx.FollowersOf(t.Context(), id)
		same(t, "the followers in a transaction", inside, found)
		return err
	})
	return found
}

// caseEvents: they come back whole, in the order of their numbers, whatever their
// times say, and no number is given twice.
func caseEvents(t *testing.T, s *site) {
	full := escalation.Event{
		Case: "c1", Seq: 2, Kind: escalation.EventReminded, Actor: "U1", At: ago(time.Hour), Text: "<!channel>\nIt's so.", To: "U2",
		Clock: "resolution", Level: escalation.ToTheGroup,
	}
	bare := escalation.Event{Case: "c1", Seq: 1, Kind: escalation.EventReached, At: moment}
	tenth, ill := event("c1", 10, escalation.EventClaimed), event("c1", 11, escalation.EventReplied)
	ill.Text = "a\x00b\xff"
	s.happen(t, ill, tenth, full, event("c2", 1, escalation.EventOpened), bare)
	s.restart(t)
	ill.Text = "a\uFFFDb\uFFFD"
	same(t, "the events", s.events(t, "c1"), []escalation.Event{bare, full, tenth, ill})
	same(t, "events of no case", len(s.events(t, "c3")), 0)
	if err := s.Cases(t.Context(), func(tx escalation.Tx) error { return tx.AddEvent(t.Context(), bare) }); err == nil {
		t.Error("a second event of the same number was kept")
	}
}

// caseFollowers: they come in the order in which they began, and one without a
// thread gets the first that they escalate from.
func caseFollowers(t *testing.T, s *site) {
	late := escalation.Follower{Case: "c1", Agent: "U1", Channel: "C1", Thread: "17.1", Ticket: "#1", At: moment.Add(time.Minute)}
	early := escalation.Follower{Case: "c1", Agent: "U2\x00", At: moment}
	other := escalation.Follower{Case: "c2", Agent: "U1", At: moment}
	for _, f := range []escalation.Follower{late, early, other} {
		same(t, "whether "+f.Agent+" follows it anew", s.follow(t, f), true)
	}
	s.restart(t)
	early.Agent = "U2\uFFFD"
	same(t, "the followers", s.followers(t, "c1"), []escalation.Follower{early, late})
	again, elsewhere, third := early, late, early
	again.Channel, again.Thread, again.Ticket, again.At = "C2", "17.2", "#2", moment.Add(time.Hour)
	elsewhere.Channel, elsewhere.Thread = "C3", "17.3"
	third.Channel, third.Thread = "C4", "17.4"
	for _, f := range []escalation.Follower{again, elsewhere, third, late, early} {
		same(t, "whether "+f.Agent+" follows it anew", s.follow(t, f), false)
	}
	early.Channel, early.Thread = "C2", "17.2"
	same(t, "the followers", s.followers(t, "c1"), []escalation.Follower{early, late})
	same(t, "those of another case", s.followers(t, "c2"), []escalation.Follower{other})
	same(t, "those of none", len(s.followers(t, "c3")), 0)
}

func caseFollowedAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	fresh := timesAtOnce(crowd, func(i int) bool {
		return servers[i%len(servers)].follow(t, escalation.Follower{Case: "c1", Agent: "U1", Thread: fmt.Sprint(i), At: moment})
	})
	same(t, "who followed it anew", fresh, 1)
	same(t, "how many follow it", len(s.followers(t, "c1")), 1)
}

// postedAs has a card stand somewhere.
func (s *site) postedAs(t testing.TB, kind actions.OutgoingKind, to, ref string, place actions.Posted, when time.Time) {
	t.Helper()
	m := actions.Outgoing{ID: string(kind) + to + ref, Kind: kind, To: to, Ref: ref, At: when, Due: when}
	if err := s.Settle(t.Context(), when, actions.Ending{Message: m, Posted: place}); err != nil {
		t.Fatal(err)
	}
}

// caseAt: only L2's card says whose thread it is, and the newest place counts.
func caseAt(t *testing.T, s *site) {
	at := func(channel, ts string) string {
		t.Helper()
		id, found, err := s.CaseAt(t.Context(), actions.Posted{Channel: channel, TS: ts})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "whether it was found", found, id != "")
		return id
	}
	s.postedAs(t, actions.OutgoingCase, "C-L2", "c1", actions.Posted{Channel: "C-L2", TS: "17.1"}, moment)
	s.postedAs(t, actions.OutgoingCase, "C-L2", "c2", actions.Posted{Channel: "C-L2", TS: "17.2"}, moment)
	s.postedAs(t, actions.OutgoingCaseAgent, "U1", "c3", actions.Posted{Channel: "D1", TS: "17.3"}, moment)
	s.postedAs(t, actions.OutgoingCaseThread, "C1", "c4/17.0", actions.Posted{Channel: "C-L2", TS: "17.4"}, moment)
	s.restart(t)
	for _, step := range []struct{ channel, ts, want string }{
		{"C-L2", "17.1", "c1"}, {"C-L2", "17.2", "c2"}, {"C1", "17.1", ""}, {"D1", "17.3", ""}, {"C-L2", "17.4", ""}, {"", "", ""},
		{"C-L2\x00", "17.1", ""},
	} {
		same(t, "the case at "+step.channel+" "+step.ts, at(step.channel, step.ts), step.want)
	}
	// Somebody deleted the message, and it was posted again.
	s.postedAs(t, actions.OutgoingCase, "C-L2", "c1", actions.Posted{Channel: "C-L2", TS: "17.9"}, moment)
	same(t, "the case of the new message", at("C-L2", "17.9"), "c1")
	same(t, "the case of the old one", at("C-L2", "17.1"), "")
}

// casesForgotten: what was resolved before the moment goes, with all that hangs on
// it; what was at it or isn't resolved stays, however old.
func casesForgotten(t *testing.T, s *site) {
	limit := ago(400 * day)
	old, edge, open := escalated("old", "U1", -900*day), escalated("edge", "U1", -900*day), escalated("open", "U1", -900*day)
	resolved := map[string]time.Duration{"old": -400*day - time.Microsecond, "edge": -400 * day}
	for _, c := range []escalation.Case{old, edge, open} {
		s.cases(t, c)
		s.happen(t, event(c.ID, 1, escalation.EventOpened), event(c.ID, 2, escalation.EventResolved))
		s.follow(t, escalation.Follower{Case: c.ID, Agent: "U1", At: c.At})
		when := limit
		if later, done := resolved[c.ID]; done {
			s.save(t, closed(c, later))
			when = moment.Add(later)
		}
		for _, kind := range []actions.OutgoingKind{actions.OutgoingCase, actions.OutgoingCaseAgent, actions.OutgoingCaseThread, actions.OutgoingSecret} {
			s.postedAs(t, kind, "U1", c.ID, actions.Posted{Channel: "C", TS: c.ID + string(kind)}, when)
		}
	}
	forget := func(keep actions.Keep) map[string]string {
		s.in(t, func(tx actions.Tx) error { return tx.Forget(t.Context(), keep) })
		counts := map[string]string{}
		for _, table := range []string{"cases", "case_events", "case_followers", "places"} {
			counts[table] = s.value(t, `SELECT count(*) FROM `+table)
		}
		return counts
	}
	all := map[string]string{"cases": "3", "case_events": "6", "case_followers": "3", "places": "12"}
	same(t, "with the zero time", forget(actions.Keep{}), all)
	all["places"] = "9" // a case's card stays one for as long as the case is there
	same(t, "places of other cards", forget(actions.Keep{Runs: moment}), all)
	want := map[string]string{"cases": "2", "case_events": "4", "case_followers": "2", "places": "6"}
	same(t, "cases", forget(actions.Keep{Cases: limit}), want)
	for id, kept := range map[string]bool{"old": false, "edge": true, "open": true} {
		_, found := s.escalation(t, id)
		same(t, "whether "+id+" is there", found, kept)
	}
}
