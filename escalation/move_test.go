package escalation

import (
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// elsewhere is another channel of L2's, that the company chose meanwhile.
const elsewhere = "CL2NEW"

// moves has what changes a case be done after L2's channel became another one, and
// fails the test unless the case moved there, before anything else happened.
func (s *scene) moves(t *testing.T, do func() error, then ...EventKind) {
	t.Helper()
	s.sent()
	s.Channel = elsewhere
	before, happened := s.the(), s.happened()
	must(t, do())
	c := s.the()
	if c.Channel != elsewhere || c.Unreached != "" || c.State == Resolved {
		t.Errorf("the case is %+v", c)
	}
	if got := s.happened()[len(happened):]; !slices.Equal(got, append([]EventKind{EventReached}, then...)) {
		t.Errorf("%q happened", got)
	}
	if e := s.store.state.events[id][before.Events]; e.To != elsewhere || e.Actor != "" || !e.At.Equal(s.now) {
		t.Errorf("%+v happened", e)
	}
}

// inNewThread are the card and the details in the new channel, and what happened.
func inNewThread(seqs ...int) []string {
	posts := []string{"case " + elsewhere + " " + id}
	for _, seq := range seqs {
		posts = append(posts, "case_event "+elsewhere+" "+eventRef(Event{Case: id, Seq: seq}))
	}
	return posts
}

// ofL2 leaves out what agents get.
func ofL2(sent []string) []string {
	return slices.DeleteFunc(sent, func(m string) bool { return m[:6] == "case_a" || m[:6] == "case_t" || m[:6] == "case_n" })
}

// TestCaseMoves has the case of a company that chose another channel for L2 move
// there, with the details, by whatever changes it first, and only once.
func TestCaseMoves(t *testing.T) {
	for name, c := range map[string]struct {
		state State
		do    func(*scene, *testing.T) error
		then  []EventKind
		want  []string
	}{
		"Claim": {Open, func(s *scene, t *testing.T) error { _, err := s.Claim(t.Context(), s.by(lou), id); return err },
			[]EventKind{EventClaimed}, inNewThread(1, 2)},
		"Reply": {WaitingAgent, func(s *scene, t *testing.T) error {
			_, err := s.Reply(t.Context(), s.by(ana), id, "Still nothing.", false)
			return err
		}, []EventKind{EventReplied}, inNewThread(1, 2, 3)},
		"Reopen": {Resolved, func(s *scene, t *testing.T) error { _, err := s.Reopen(t.Context(), s.by(lou), id); return err },
			[]EventKind{EventReopened}, inNewThread(1, 2, 3)},
		"Join": {Open, func(s *scene, t *testing.T) error {
			_, err := s.Escalate(t.Context(), s.by(abe), aboutJane())
			return err
		},
			[]EventKind{EventJoined}, inNewThread(1, 2, 3)},
		"Watch": {Open, func(s *scene, t *testing.T) error { s.later(time.Hour); return s.Watch(t.Context()) },
			[]EventKind{EventReminded}, inNewThread(1, 2, 3)},
		"WatchWithNothingToSay": {Open, func(s *scene, t *testing.T) error { return s.pass(t.Context(), id, nil) }, nil, inNewThread(1, 2)},
		"Refused":               {Open, func(s *scene, t *testing.T) error { return s.CardRefused(t.Context(), id, l2, archived) }, nil, inNewThread(1, 2)},
		"Taken":                 {Claimed, func(s *scene, t *testing.T) error { return s.CardTaken(t.Context(), id, l2) }, nil, inNewThread(1, 2)},
	} {
		t.Run(name, func(t *testing.T) {
			s := stage(t)
			s.knows(t)
			s.timed(t, c.state, func(k *Case) {
				if name == "Taken" || name == "Claim" {
					k.Unreached = archived
				}
			})
			s.moves(t, func() error { return c.do(s, t) }, c.then...)
			only(t, ofL2(s.sent()), c.want...)
			must1(t)(s.Reply(t.Context(), s.by(ana), id, "It is urgent.", false))
			if got := s.news(); len(got) != 1 || s.newest().Kind != EventReplied {
				t.Errorf("it moved again: %q", got)
			}
		})
	}
}

// TestCaseMovesTellsAgents holds that whoever follows a case hears that L2 has it now.
func TestCaseMovesTellsAgents(t *testing.T) {
	s := stage(t)
	s.has(t, Open, func(c *Case) { c.Unreached = archived })
	s.store.state.followers[id] = append(s.store.state.followers[id], Follower{Case: id, Agent: abe})
	s.moves(t, func() error { return s.pass(t.Context(), id, nil) })
	want := []string{
		"case " + elsewhere + " " + id, "case_agent UANA " + id, "case_agent UABE " + id, "case_thread CSUPPORT " + id + "/1.000100",
		"case_event " + elsewhere + " " + id + "/1", "case_event " + elsewhere + " " + id + "/2", "case_news UANA " + id + "/2", "case_news UABE " + id + "/2",
	}
	only(t, s.sent(), want...)
}

// TestCaseStays has nothing moved: what is resolved, without a channel, and by what
// isn't a change.
func TestCaseStays(t *testing.T) {
	place := actions.Posted{Channel: l2, TS: "1.000200"}
	for name, c := range map[string]struct {
		state   State
		channel string
		do      func(*scene, *testing.T) error
	}{
		"Resolved": {Resolved, elsewhere, func(s *scene, t *testing.T) error { s.later(ReopenTime); return s.Watch(t.Context()) }},
		"Resolving": {Claimed, elsewhere, func(s *scene, t *testing.T) error {
			_, err := s.Resolve(t.Context(), s.by(lou), id, NotListed, "Not on it.")
			return err
		}},
		"NoChannel":  {Open, "", func(s *scene, t *testing.T) error { _, err := s.Claim(t.Context(), s.by(lou), id); return err }},
		"OnlyHeard":  {Claimed, elsewhere, func(s *scene, t *testing.T) error { return s.Heard(t.Context(), s.by(lou), place) }},
		"NotDueYet":  {Open, elsewhere, func(s *scene, t *testing.T) error { return s.Watch(t.Context()) }},
		"SameAsEver": {Open, l2, func(s *scene, t *testing.T) error { s.later(time.Hour); return s.Watch(t.Context()) }},
	} {
		t.Run(name, func(t *testing.T) {
			s := stage(t)
			s.store.places[place] = id
			s.timed(t, c.state)
			s.Channel = c.channel
			must(t, c.do(s, t))
			if got := s.the(); got.Channel != l2 || slices.Contains(s.happened(), EventReached) {
				t.Errorf("the case is %+v, after %q", got, s.happened())
			}
		})
	}
}

// TestOldChannelAnswersLate holds that what the channel refuses, or takes, that a case
// has left says nothing about the one where it is.
func TestOldChannelAnswersLate(t *testing.T) {
	s := stage(t)
	s.has(t, Open)
	s.moves(t, func() error { return s.pass(t.Context(), id, nil) })
	s.sent()
	must(t, s.CardRefused(t.Context(), id, l2, archived))
	if nothing(t, s.sent()); s.the().Unreached != "" {
		t.Errorf("the case is %+v", s.the())
	}
	must(t, s.CardRefused(t.Context(), id, elsewhere, archived))
	s.sent()
	must(t, s.CardTaken(t.Context(), id, l2))
	if nothing(t, s.sent()); s.the().Unreached != archived {
		t.Errorf("the case is %+v", s.the())
	}
}
