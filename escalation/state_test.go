package escalation

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// situations are the states that matter to what can be done, in the order in which
// the table of TestWhoMayWhenever has its letters.
var situations = []struct {
	name  string
	state State
	after func(*Case)
}{
	{"Open", Open, func(*Case) {}},
	{"Claimed", Claimed, func(*Case) {}},
	{"Offered", Claimed, func(c *Case) { c.Offered = true }},
	{"WaitingAgent", WaitingAgent, func(*Case) {}},
	{"WaitingCustomer", WaitingCustomer, func(*Case) {}},
	{"Resolved", Resolved, func(c *Case) { c.ResolvedAt = noon.Add(time.Microsecond - ReopenTime) }},
	{"ResolvedLongAgo", Resolved, func(c *Case) { c.ResolvedAt = noon.Add(-ReopenTime) }},
}

// nobodys, l2s are rows that are often the same: F for forbidden, C for conflict.
const nobodys = "FFFFFFF"

// TestWhoMayWhenever has everybody do everything in every state: D is done, C a
// conflict, F forbidden. lou claimed the case, and ana is its agent.
func TestWhoMayWhenever(t *testing.T) {
	const taking, own = "CDDDDCC", "DDDDDCC"
	table := map[actions.Act]map[string]string{
		actions.ActClaim:        {ana: nobodys, abe: nobodys, lou: "DDDDDCC", lee: "DCDCCCC", lea: nobodys, ada: "DCDCCCC", guest: nobodys},
		actions.ActHandBack:     {ana: nobodys, abe: nobodys, lou: taking, lee: taking, lea: nobodys, ada: taking, guest: nobodys},
		actions.ActAsk:          {ana: nobodys, abe: nobodys, lou: taking, lee: taking, lea: nobodys, ada: taking, guest: nobodys},
		actions.ActResolve:      {ana: nobodys, abe: nobodys, lou: taking, lee: taking, lea: nobodys, ada: taking, guest: nobodys},
		actions.ActReopen:       {ana: nobodys, abe: nobodys, lou: "CCCCCDC", lee: "CCCCCDC", lea: nobodys, ada: "CCCCCDC", guest: nobodys},
		actions.ActReply:        {ana: own, abe: "CCCCCCC", lou: "CCCCCCC", lee: "CCCCCCC", lea: own, ada: own, guest: nobodys},
		actions.ActCaseHandOver: {ana: own, abe: "CCCCCCC", lou: "CCCCCCC", lee: "CCCCCCC", lea: own, ada: own, guest: nobodys},
	}
	for act, rows := range table {
		for who, row := range rows {
			for i, in := range situations {
				t.Run(fmt.Sprint(act, "/", who, "/", in.name), func(t *testing.T) {
					for _, look := range []bool{true, false} {
						s := stage(t)
						s.has(t, in.state, in.after)
						if got := s.tries(t, who, act, look); got != row[i:i+1] {
							t.Errorf("it was %s, and %s is right (only a look: %v)", got, row[i:i+1], look)
						}
					}
				})
			}
		}
	}
}

// tries has somebody do an act, or look at its form, and returns the letter of what
// became of it. What wasn't done must have left nothing.
func (s *scene) tries(t *testing.T, who string, act actions.Act, look bool) string {
	t.Helper()
	before, call := s.the(), s.by(who)
	_, err := s.Look(t.Context(), call, act, id)
	if !look {
		_, err = s.acts(t, call, act)
	}
	code := actions.CodeOf(err)
	if (err != nil || look) && (s.the().ChangedAt != before.ChangedAt || s.the().Events != before.Events || len(s.happened()) > 0 || len(s.store.state.outbox) > 0) {
		t.Errorf("it was not done, and changed something: %+v", s.the())
	}
	if code != actions.Forbidden && (err != nil || look) && len(s.store.state.audit) > 0 {
		t.Errorf("it was not done, and stands in the audit: %+v", s.store.state.audit)
	}
	switch code {
	case "":
		return "D"
	case actions.Conflict:
		return "C"
	case actions.Forbidden:
		return "F"
	default:
		t.Fatal(err)
		return ""
	}
}

// acts has somebody do an act with the case, with what it needs.
func (s *scene) acts(t *testing.T, call actions.Call, act actions.Act) (Report, error) {
	t.Helper()
	ctx := t.Context()
	switch act {
	case actions.ActClaim:
		return s.Claim(ctx, call, id)
	case actions.ActHandBack:
		return s.HandBack(ctx, call, id)
	case actions.ActAsk:
		return s.Ask(ctx, call, id, "Which browser?", false)
	case actions.ActReply:
		return s.Reply(ctx, call, id, "Firefox.", false)
	case actions.ActResolve:
		return s.Resolve(ctx, call, id, ListedRemoved, "Taken off.")
	case actions.ActReopen:
		return s.Reopen(ctx, call, id)
	case actions.ActCaseHandOver:
		return s.HandOver(ctx, call, id, abe)
	case actions.ActDelist:
		return s.Delist(ctx, call, id)
	default:
		t.Fatalf("nobody knows how to %s", act)
		return Report{}, nil
	}
}

func TestActsByState(t *testing.T) {
	want := []string{
		"[claim]", "[resolve ask hand_back]", "[claim resolve hand_back]", "[resolve ask hand_back]", "[resolve ask hand_back]", "[reopen]", "[]",
	}
	for i, in := range situations {
		t.Run(in.name, func(t *testing.T) {
			c := stage(t).has(t, in.state, in.after)
			if got := fmt.Sprint(c.Acts(noon)); got != want[i] {
				t.Errorf("got %s, want %s", got, want[i])
			}
			for _, act := range c.Acts(noon) { // a button that is there does what it says, for some of L2
				if !c.allows(act, lou, noon) && !c.allows(act, lee, noon) {
					t.Errorf("there is a button %s, and nobody can use it", act)
				}
			}
		})
	}
}

// TestNothingIsThere has acts on what isn't a case.
func TestNothingIsThere(t *testing.T) {
	for act := range possible {
		if act == actions.ActCaseLook {
			continue
		}
		t.Run(string(act), func(t *testing.T) {
			s := stage(t)
			if _, err := s.acts(t, s.by(ada), act); actions.CodeOf(err) != actions.NotFound {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestWhoWasStopped has somebody act whom a brake holds.
func TestWhoWasStopped(t *testing.T) {
	for act := range possible {
		if act == actions.ActCaseLook {
			continue
		}
		t.Run(string(act), func(t *testing.T) {
			s := stage(t)
			before := s.has(t, Claimed)
			s.store.state.brakes[ada] = actions.Brake{Actor: ada, At: noon}
			_, err := s.acts(t, s.by(ada), act)
			if actions.CodeOf(err) != actions.Forbidden || !strings.Contains(err.Error(), "stopped you") {
				t.Errorf("got %v", err)
			}
			if now := s.the(); now.Events != before.Events || now.State != before.State {
				t.Errorf("it changed: %+v", now)
			}
		})
	}
}

// TestDatabaseIsDown has everything fail while the database doesn't answer.
func TestDatabaseIsDown(t *testing.T) {
	for _, act := range []actions.Act{actions.ActClaim, actions.ActReply, actions.ActCaseHandOver, actions.ActDelist} {
		s := stage(t)
		s.has(t, Claimed)
		s.store.down = actions.Errorf(actions.Unavailable, "The database doesn't answer.")
		if _, err := s.acts(t, s.by(ada), act); actions.CodeOf(err) != actions.Unavailable {
			t.Errorf("%s: got %v", act, err)
		}
	}
}

// TestReplay sends the same request again, as Slack does: nothing happens twice,
// whatever became of the case meanwhile.
func TestReplay(t *testing.T) {
	for act := range possible {
		if act == actions.ActCaseLook || act == actions.ActDelist {
			continue
		}
		t.Run(string(act), func(t *testing.T) {
			s := stage(t)
			s.has(t, map[actions.Act]State{actions.ActClaim: Open, actions.ActReopen: Resolved}[act].or(Claimed))
			call := s.by(ada)
			_, err := s.acts(t, call, act)
			must(t, err)
			done := s.store.state.clone()
			_, err = s.acts(t, call, act)
			if actions.CodeOf(err) != actions.Conflict {
				t.Errorf("got %v", err)
			}
			if got := s.store.state; len(got.audit) != len(done.audit) || len(got.outbox) != len(done.outbox) || got.cases[id].Events != done.cases[id].Events {
				t.Errorf("the replay changed something: %+v", got.cases[id])
			}
		})
	}
}

// or is the state, or another one when there is none.
func (s State) or(other State) State {
	if s == "" {
		return other
	}
	return s
}

// TestTransactionsRunAgain has the database ask for each transaction twice.
func TestTransactionsRunAgain(t *testing.T) {
	for act := range possible {
		if act == actions.ActCaseLook || act == actions.ActDelist {
			continue
		}
		t.Run(string(act), func(t *testing.T) {
			s := stage(t)
			s.has(t, map[actions.Act]State{actions.ActClaim: Open, actions.ActReopen: Resolved}[act].or(Claimed))
			s.store.again = true
			_, err := s.acts(t, s.by(ada), act)
			must(t, err)
			if got := s.happened(); len(got) != 1 || len(s.store.state.audit) != 1 {
				t.Errorf("it happened %v, and the audit has %v", got, s.store.state.audit)
			}
		})
	}
}

// TestAudit looks at the row of each act: whose it is, about whom, under which
// ticket, and without the address.
func TestAudit(t *testing.T) {
	want := map[actions.Act]actions.AuditEntry{
		actions.ActClaim:        {Detail: "case ABCDEF: blocklist"},
		actions.ActHandBack:     {Detail: "case ABCDEF: blocklist"},
		actions.ActAsk:          {Detail: "case ABCDEF: blocklist"},
		actions.ActReply:        {Detail: "case ABCDEF: blocklist", Reason: "Firefox."},
		actions.ActResolve:      {Detail: "case ABCDEF: blocklist", Reason: "Taken off."},
		actions.ActReopen:       {Detail: "case ABCDEF: blocklist"},
		actions.ActCaseHandOver: {Detail: "case ABCDEF: blocklist, to <@UABE>"},
	}
	for act, entry := range want {
		t.Run(string(act), func(t *testing.T) {
			s := stage(t)
			s.has(t, map[actions.Act]State{actions.ActClaim: Open, actions.ActReopen: Resolved}[act].or(Claimed))
			s.store.state.tickets[ada] = "#1" // another one that she works on
			_, err := s.acts(t, s.by(ada), act)
			must(t, err)
			entry.At, entry.Act, entry.Actor, entry.Subject, entry.Outcome, entry.Ticket = noon, act, ada, "u-1", actions.ActDone, "#4711"
			if got := s.store.state.audit; !slices.Equal(got, []actions.AuditEntry{entry}) {
				t.Errorf("got %+v, want %+v", got, entry)
			}
			if got := s.store.state.tickets[ada]; got != "#1" {
				t.Errorf("the ticket of the case is remembered as hers: %s", got)
			}
		})
	}
}
