package escalation

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func TestAskAndReply(t *testing.T) {
	for _, customer := range []bool{false, true} {
		s := stage(t)
		s.has(t, Claimed, func(c *Case) { s.begin(c, noon); s.stopFirst(c, noon); c.Offered = true })
		_, err := s.Ask(t.Context(), s.by(lee), id, " Which browser?\r\nWhich\tnetwork? ", customer)
		must(t, err)
		state, kind := WaitingAgent, EventAsked
		if customer {
			state, kind = WaitingCustomer, EventWaiting
		}
		c, e := s.the(), s.newest()
		if c.State != state || c.ClaimedBy != lou || c.Offered || c.Resolution.Since.IsZero() != customer {
			t.Errorf("the case is %+v", c)
		}
		if e.Kind != kind || e.Actor != lee || e.Text != "Which browser?\nWhich network?" {
			t.Errorf("the event is %+v", e)
		}
		want := []string{"case_event CL2 " + id + "/2", "case_news UANA " + id + "/2"}
		if got := s.sent(); !slices.Equal(got[3:], want) {
			t.Errorf("sent %q, want the cards and %q", got, want)
		}
		s.later(20 * time.Hour)
		_, err = s.Reply(t.Context(), s.by(ana), id, "Firefox.", false)
		must(t, err)
		c = s.the()
		if c.State != Claimed || c.ClaimedBy != lou || !c.HeardAt.Equal(s.now) || c.Resolution.Since.IsZero() || c.Resolution.Used != 0 {
			t.Errorf("the case is %+v", c)
		}
		if got, want := s.sent()[3:], []string{"case_event CL2 " + id + "/3"}; !slices.Equal(got, want) {
			t.Errorf("sent %q, want the cards and %q", got, want)
		}
	}
}

// TestReplyForTheCustomer has an agent say that the customer has to answer.
func TestReplyForTheCustomer(t *testing.T) {
	for state, want := range map[State]State{Open: Open, Claimed: WaitingCustomer, WaitingAgent: WaitingCustomer, WaitingCustomer: WaitingCustomer} {
		s := stage(t)
		s.has(t, state)
		_, err := s.Reply(t.Context(), s.by(ana), id, "She is away until noon.", true)
		must(t, err)
		kind := EventWaiting
		if state == Open {
			kind = EventReplied
		}
		if got := s.the().State; got != want || s.newest().Kind != kind {
			t.Errorf("of %s became %s, by %+v", state, got, s.newest())
		}
		if got := s.sent()[3:]; !slices.Equal(got, []string{"case_event CL2 " + id + "/2"}) {
			t.Errorf("sent %q", got)
		}
	}
}

// TestReplyAddsToTheCase has an agent say more unasked.
func TestReplyAddsToTheCase(t *testing.T) {
	for _, state := range []State{Open, Claimed} {
		s := stage(t)
		before := s.has(t, state)
		s.later(time.Hour)
		_, err := s.Reply(t.Context(), s.by(ana), id, "She called again.", false)
		must(t, err)
		if c := s.the(); c.State != state || !c.HeardAt.Equal(before.HeardAt) || s.newest().Kind != EventReplied {
			t.Errorf("the case is %+v", c)
		}
	}
}

func TestWhoReplies(t *testing.T) {
	s := stage(t)
	s.has(t, WaitingAgent)
	_, err := s.Reply(t.Context(), s.by(abe), id, "Firefox.", false)
	reads(t, err, "Only the agents who follow this case answer L2, and leads. Please escalate the same, and you follow it, too.")
	s.store.state.followers[id] = append(s.store.state.followers[id], Follower{Case: id, Agent: abe})
	_, err = s.Reply(t.Context(), s.by(abe), id, "Firefox.", false)
	must(t, err)
}

func TestCheckText(t *testing.T) {
	for text, fine := range map[string]bool{
		"Which browser?": true, "two\nlines": true, "a\ttable\r\nfrom Windows": true, strings.Repeat("ü", TextLimit): true,
		"  " + strings.Repeat("ü", TextLimit) + "\n": true,
		"": false, " \n\t ": false, strings.Repeat("ü", TextLimit+1): false, "a\x00b": false, "a\x1b[31mb": false, "a\xffb": false, "\u0085x": true,
		"a\u0085b": false, "the password is hunter2!x": false, "<!channel> <https://evil.example|click>": true,
	} {
		if err := CheckText(text); (err == nil) != fine || err != nil && actions.CodeOf(err) != actions.Invalid {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestTextThatCantBe has every act with a text refuse it, and nothing changes.
func TestTextThatCantBe(t *testing.T) {
	s := stage(t)
	before := s.has(t, Claimed)
	for _, text := range []string{"", "\x00", "The password is hunter2!x"} {
		_, asked := s.Ask(t.Context(), s.by(lou), id, text, false)
		_, replied := s.Reply(t.Context(), s.by(ana), id, text, false)
		_, resolved := s.Resolve(t.Context(), s.by(lou), id, NotListed, text)
		for _, err := range []error{asked, replied, resolved} {
			if actions.CodeOf(err) != actions.Invalid {
				t.Errorf("%q: %v", text, err)
			}
		}
		if _, err := s.Ask(t.Context(), s.by(guest), id, text, false); actions.CodeOf(err) != actions.Forbidden {
			t.Errorf("a guest reads %v", err)
		}
	}
	if c := s.the(); c.Events != before.Events || c.State != Claimed || len(s.sent()) > 0 {
		t.Errorf("the case is %+v", c)
	}
}

// hostile is what somebody could write to call a channel, or to look like Slack.
const hostile = "<!channel> <@ULEA> <https://evil.example|Latchkey> &amp; *bold* {\"type\":\"button\"} `; DROP TABLE cases; --"

// TestHostileTextsStayAsTheyAre has them kept as they were written: whoever shows
// them escapes them.
func TestHostileTextsStayAsTheyAre(t *testing.T) {
	s := stage(t)
	s.has(t, Claimed)
	_, err := s.Ask(t.Context(), s.by(lou), id, hostile, false)
	must(t, err)
	_, err = s.Reply(t.Context(), s.by(ana), id, hostile, false)
	must(t, err)
	_, err = s.Resolve(t.Context(), s.by(lou), id, NotListed, hostile)
	must(t, err)
	for _, e := range s.store.state.events[id][1:] {
		if e.Text != hostile {
			t.Errorf("%s keeps %q", e.Kind, e.Text)
		}
	}
	if got := s.the().Note; got != hostile {
		t.Errorf("the note is %q", got)
	}
	for _, m := range s.store.state.outbox {
		if strings.ContainsAny(m.Ref+m.To, "<>! @") {
			t.Errorf("a message names more than a record: %+v", m)
		}
	}
}

func TestResolve(t *testing.T) {
	outcomes := []Outcome{ListedRemoved, ListedKept, NotListed, OutcomeOther}
	for _, kind := range Kinds() {
		for _, given := range append(outcomes, "", "solved") {
			s := stage(t)
			s.has(t, Claimed, func(c *Case) {
				c.Kind, c.Offered, c.Unreached = kind, true, "The channel is archived."
				s.begin(c, noon)
			})
			s.later(time.Hour)
			_, err := s.Resolve(t.Context(), s.by(lee), id, given, " It was on it. ")
			want := given
			if !kind.Listed() {
				want = OutcomeOther
			}
			c := s.the()
			if !slices.Contains(outcomes, want) {
				if actions.CodeOf(err) != actions.Invalid || !IsAboutOutcome(err) || c.State != Claimed {
					t.Errorf("%s %q: %v", kind, given, err)
				}
				continue
			}
			must(t, err)
			resolved := c.State == Resolved && c.Outcome == want && c.Note == "It was on it." && c.ResolvedBy == lee && c.ResolvedAt.Equal(s.now) && c.ClaimedBy == lou
			if !resolved || c.Offered || c.Unreached != "" || !c.Resolution.Since.IsZero() || c.Resolution.Used != time.Hour || !c.First.Since.IsZero() {
				t.Errorf("%s %q: the case is %+v", kind, given, c)
			}
			if !c.Due.Equal(s.now.Add(ReopenTime)) {
				t.Errorf("%s %q: due %s", kind, given, c.Due)
			}
		}
	}
}
