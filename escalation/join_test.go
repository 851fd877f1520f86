package escalation

import (
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// TestEscalateSaysMore holds that who follows a case already, and escalates the same
// for another reason, adds that to it, and the case stays as it is.
func TestEscalateSaysMore(t *testing.T) {
	thread := func(n *NewCase) { n.Thread = "2.000100" }
	because := func(reason string) func(*NewCase) { return func(n *NewCase) { n.Reason = reason } }
	for name, c := range map[string]struct {
		who     string
		changes []func(*NewCase)
		said    string
		sent    []string // but for the cards that are there
	}{
		"AnotherReason":    {ana, []func(*NewCase){because(" She can't pay her staff. ")}, "She can't pay her staff.", []string{inThread(2)}},
		"InAnotherThread":  {ana, []func(*NewCase){because("She can't pay her staff."), thread}, "She can't pay her staff.", []string{inThread(2)}},
		"FromAFirstThread": {abe, []func(*NewCase){because("She can't pay her staff."), thread}, "She can't pay her staff.", []string{"case_thread CSUPPORT " + id + "/2.000100", inThread(2)}},
		"ItsOwnReason":     {ana, []func(*NewCase){because("It bounces.")}, "", nil},
		"UsualReason":      {ana, []func(*NewCase){because(blocklistReason)}, "", nil},
		"NoReason":         {ana, []func(*NewCase){because("")}, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := stage(t)
			s.knows(t)
			s.has(t, WaitingAgent, func(k *Case) { k.Reason = "It bounces." })
			s.store.state.followers[id] = append(s.store.state.followers[id], Follower{Case: id, Agent: abe})
			made := s.escalates(t, c.who, c.changes...)
			if !made.Joined || !made.Already || made.Report.Case.State != WaitingAgent || made.Report.Case.Agent != ana {
				t.Errorf("%+v", made)
			}
			want := slices.DeleteFunc([]string{"case CL2 " + id, "case_agent UANA " + id, "case_agent UABE " + id, "case_thread CSUPPORT " + id + "/1.000100"},
				func(string) bool { return c.said == "" })
			only(t, s.sent(), append(want, c.sent...)...)
			if e := s.newest(); c.said != "" && e != (Event{Case: id, Seq: 2, Kind: EventReplied, Actor: c.who, At: noon, Text: c.said}) || c.said == "" && e.Seq != 1 {
				t.Errorf("%+v happened", e)
			}
		})
	}
}

// TestEscalateUrgently holds that who is in a hurry makes the case that is open
// urgent, with less time, of which what was used stays used; once.
func TestEscalateUrgently(t *testing.T) {
	urgently := func(n *NewCase) { n.Priority = Urgent }
	for name, c := range map[string]struct {
		who  string
		want []EventKind
		sent []string
		row  string
	}{
		"WhoJoins":   {abe, []EventKind{EventJoined, EventUrgent}, []string{inThread(2), "case_news UANA " + id + "/2", inThread(3)}, "case ABCDEF: blocklist, joined and made urgent"},
		"WhoFollows": {ana, []EventKind{EventUrgent}, []string{inThread(2)}, "case ABCDEF: blocklist, joined and made urgent"},
	} {
		t.Run(name, func(t *testing.T) {
			s := stage(t)
			s.knows(t)
			s.timed(t, Open, func(k *Case) { k.Reason = "It bounces." })
			s.later(10 * time.Minute)
			because := func(n *NewCase) { n.Reason = "It bounces." }
			if made := s.escalates(t, c.who, because); made.Report.Case.Priority != Normal {
				t.Errorf("who is in no hurry makes it urgent: %+v", made)
			}
			s.has(t, Open) // as before
			s.timed(t, Open, func(k *Case) { k.Reason = "It bounces." })
			s.sent()
			s.later(20 * time.Minute)
			made := s.escalates(t, c.who, because, urgently)
			k := made.Report.Case
			if k.Priority != Urgent || made.Already != (c.who == ana) || !made.Joined || !slices.Equal(s.happened(), c.want) || s.newest().Actor != c.who {
				t.Errorf("%+v, after %q", k, s.happened())
			}
			begun := s.now.Add(-20 * time.Minute)
			if k.First.Limit != 30*time.Minute || k.Resolution.Limit != 4*time.Hour || !k.First.EndsAt.Equal(begun.Add(30*time.Minute)) || !k.Due.Equal(begun.Add(15*time.Minute)) {
				t.Errorf("its clocks are %+v, %+v, due %s", k.First, k.Resolution, k.Due)
			}
			only(t, s.news(), c.sent...)
			if row := s.store.state.audit[1]; row.Act != actions.ActEscalate || row.Detail != c.row {
				t.Errorf("the audit is %+v", row)
			}
			if again := s.escalates(t, c.who, because, urgently); !again.Already || len(s.happened()) != len(c.want) {
				t.Errorf("again it happened %q", s.happened())
			}
		})
	}
}
