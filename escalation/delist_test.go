package escalation

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// listed is a desk with a claimed case of jane's, whose address is on a list.
func listed(t *testing.T, changes ...func(*actions.Snapshot)) (*scene, *fakeLists) {
	t.Helper()
	s := stage(t)
	_, lists := s.knows(t, changes...)
	lists.listed[address] = []actions.Suppression{{Address: address, List: actions.ListBounce, Since: noon}}
	s.Actions.Ended = s.Ended
	s.has(t, Claimed)
	return s, lists
}

func TestDelist(t *testing.T) {
	s, lists := listed(t)
	s.has(t, Claimed, func(c *Case) { c.Offered = true })
	s.later(time.Hour)
	report, err := s.Delist(t.Context(), s.by(lou), id)
	must(t, err)
	if len(lists.listed) > 0 {
		t.Errorf("still listed: %v", lists.listed)
	}
	c, e := s.the(), s.newest()
	if c.State != Claimed || c.Offered || c.Delisting == "" || !c.HeardAt.Equal(s.now) || !slices.Equal(s.happened(), []EventKind{EventDelisted}) || e.Actor != lou {
		t.Errorf("the case is %+v, by %+v", c, e)
	}
	if report.Delisting == nil || report.Delisting.Operation.State != actions.OperationDone {
		t.Errorf("the report says %+v", report.Delisting)
	}
	want := []string{"case CL2 " + id, "case_agent UANA " + id, "case_thread CSUPPORT " + id + "/1.000100", "case_event CL2 " + id + "/2"}
	if got := s.sent(); !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
	entry := s.store.state.audit[0]
	if len(s.store.state.audit) != 1 || entry.Act != actions.ActDelist || entry.Reason != "case ABCDEF" || entry.Ticket != "#4711" || entry.Outcome != actions.ActDone {
		t.Errorf("the audit has %+v", s.store.state.audit)
	}
}

// TestDelistThatFails has a list that doesn't answer, and one that says yes and does
// nothing.
func TestDelistThatFails(t *testing.T) {
	for name, breaks := range map[string]func(*fakeLists){
		"Down": func(l *fakeLists) { l.down = errors.New("no answer") }, "Deaf": func(l *fakeLists) { l.deaf = true },
	} {
		t.Run(name, func(t *testing.T) {
			s, lists := listed(t)
			breaks(lists)
			_, err := s.Delist(t.Context(), s.by(lou), id)
			must(t, err)
			if e := s.newest(); e.Kind != EventNotDelisted || !strings.Contains(e.Text, "Amazon SES") || len(s.happened()) != 1 {
				t.Errorf("it happened: %+v", e)
			}
			lists.down, lists.deaf = nil, false
			s.later(time.Hour)
			_, err = s.Delist(t.Context(), s.by(lee), id)
			must(t, err)
			if got := s.happened(); !slices.Equal(got, []EventKind{EventNotDelisted, EventDelisted}) || s.newest().Actor != lee {
				t.Errorf("it happened: %v", got)
			}
		})
	}
}

// protected customers need a second person.
func protected(snapshot *actions.Snapshot) { snapshot.Users[0].Protected = true }

func TestDelistForAProtectedCustomer(t *testing.T) {
	for _, yes := range []bool{true, false} {
		s, lists := listed(t, protected)
		s.store.state.followers[id] = nil
		_, err := s.Delist(t.Context(), s.by(lou), id)
		must(t, err)
		waiting := s.the()
		if waiting.Delisting == "" || !slices.Equal(s.happened(), []EventKind{EventDelisting}) || s.newest().Actor != lou || len(lists.listed) == 0 {
			t.Fatalf("the case is %+v, after %v", waiting, s.happened())
		}
		s.later(time.Minute)
		_, err = s.Delist(t.Context(), s.by(lou), id) // a second click
		must(t, err)
		if got := s.the(); got.Events != waiting.Events || got.Delisting != waiting.Delisting {
			t.Errorf("the second click changed the case: %+v", got)
		}
		s.later(time.Minute)
		op := s.store.state.operations[waiting.Delisting]
		if yes {
			_, err = s.Actions.Approve(t.Context(), s.by(ada), s.store.state.approvals[op.ID].ID)
		} else {
			_, err = s.Actions.Decline(t.Context(), s.by(ada), s.store.state.approvals[op.ID].ID)
		}
		must(t, err)
		want := EventNotDelisted
		if yes {
			want = EventDelisted
		}
		c, e := s.the(), s.newest()
		if e.Kind != want || e.Seq != 3 || c.Delisting != op.ID || !c.HeardAt.Equal(noon.Add(time.Minute)) || len(lists.listed) == 0 != yes {
			t.Errorf("approved %v: the case is %+v, by %+v", yes, c, e)
		}
		if !yes && !strings.Contains(e.Text, "<@UADA> declined") {
			t.Errorf("the reason isn't said: %q", e.Text)
		}
	}
}

// TestDelistWhoMayWhenever has everybody try in every state, as TestWhoMayWhenever
// does.
func TestDelistWhoMayWhenever(t *testing.T) {
	const taking = "CDDDDCC"
	for who, row := range map[string]string{ana: nobodys, abe: nobodys, lou: taking, lee: taking, lea: nobodys, ada: taking, guest: nobodys} {
		for i, in := range situations {
			t.Run(who+"/"+in.name, func(t *testing.T) {
				for _, look := range []bool{true, false} {
					s, lists := listed(t)
					s.has(t, in.state, in.after)
					if got := s.tries(t, who, actions.ActDelist, look); got != row[i:i+1] {
						t.Errorf("it was %s, and %s is right (only a look: %v)", got, row[i:i+1], look)
					}
					if gone := len(lists.listed) == 0; gone != (row[i] == 'D' && !look) {
						t.Errorf("the address is off the list: %v", gone)
					}
				}
			})
		}
	}
}

// TestDelistHindered has cases whose address nobody can take off a list from here.
func TestDelistHindered(t *testing.T) {
	for name, change := range map[string]func(*Case){
		"NobodyOnRecord": func(c *Case) { c.UserID = "" }, "NoAddress": func(c *Case) { c.Address = "" },
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := listed(t)
			s.has(t, Claimed, change)
			_, err := s.Delist(t.Context(), s.by(lou), id)
			if actions.CodeOf(err) != actions.Conflict || s.the().Events != 1 {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestDelistForAnotherCase has the same address under way for another case.
func TestDelistForAnotherCase(t *testing.T) {
	s, _ := listed(t, protected)
	other := s.the()
	other.ID, other.Kind = "OTHERCASES", Delivery
	s.store.state.cases[other.ID], s.store.state.events[other.ID] = other, []Event{{Case: other.ID, Seq: 1, Kind: EventOpened, Actor: ana}}
	_, err := s.Delist(t.Context(), s.by(lee), other.ID)
	must(t, err)
	s.later(time.Minute)
	_, err = s.Delist(t.Context(), s.by(lou), id)
	reads(t, err, "Their address is being taken off lists already, for the case OTHERC. Please look there what becomes of it.")
	if c := s.the(); c.Delisting != "" || c.Events != 1 {
		t.Errorf("the case is %+v", c)
	}
}

// ended tells the desk that an operation ended.
func (s *scene) ended(t *testing.T, op actions.Operation) error {
	t.Helper()
	return s.store.Tx(t.Context(), func(tx actions.Tx) error { return s.Ended(t.Context(), tx, op) })
}

func TestEnded(t *testing.T) {
	op := actions.Operation{ID: "OP", Act: actions.ActDelist, Actor: lou, State: actions.OperationDone, Params: actions.Params{Case: id}}
	t.Run("Gone", func(t *testing.T) { must(t, stage(t).ended(t, op)) })
	t.Run("ResolvedMeanwhile", func(t *testing.T) {
		s := stage(t)
		before := s.has(t, Resolved)
		must(t, s.ended(t, op))
		if c := s.the(); c.State != Resolved || c.Delisting != "OP" || c.Outcome != before.Outcome || s.newest().Kind != EventDelisted {
			t.Errorf("the case is %+v", c)
		}
	})
	t.Run("Another", func(t *testing.T) {
		s := stage(t)
		s.has(t, Claimed)
		for _, change := range []func(*actions.Operation){
			func(o *actions.Operation) { o.Act = actions.ActUnlock }, func(o *actions.Operation) { o.Params.Case = "" },
			func(o *actions.Operation) { o.State = actions.OperationRunning },
		} {
			other := op
			change(&other)
			must(t, s.ended(t, other))
		}
		if c := s.the(); c.Delisting != "" || c.Events != 1 {
			t.Errorf("the case is %+v", c)
		}
	})
	t.Run("StoreWithoutCases", func(t *testing.T) {
		if err := stage(t).Ended(t.Context(), struct{ actions.Tx }{}, op); !errors.Is(err, errNoCaseTx) {
			t.Errorf("got %v", err)
		}
	})
}

// TestDelistTwice: who clicks what another one did already reads who was faster, and
// nothing is done twice.
func TestDelistTwice(t *testing.T) {
	s, _ := listed(t)
	_, err := s.Delist(t.Context(), s.by(lou), id)
	must(t, err)
	before := len(s.store.state.audit)
	_, err = s.Delist(t.Context(), s.by(lee), id)
	if actions.CodeOf(err) != actions.Conflict || !strings.Contains(actions.Explain(err).Sentence, "<@"+lou+"> took the address off its lists already") {
		t.Errorf("the second reads %v", err)
	}
	if len(s.store.state.audit) != before {
		t.Errorf("the audit has %+v", s.store.state.audit)
	}
}

// TestCardReplaced: the details stand under the new card, too, and the others' cards
// lead there.
func TestCardReplaced(t *testing.T) {
	s := stage(t)
	s.has(t, Claimed)
	must(t, s.CardReplaced(t.Context(), id))
	want := []string{"case CL2 " + id, "case_agent UANA " + id, "case_thread CSUPPORT " + id + "/1.000100", "case_event CL2 " + id + "/1"}
	if got := s.sent(); !slices.Equal(got, want) {
		t.Errorf("sent %q, want %q", got, want)
	}
	must(t, s.CardReplaced(t.Context(), "GONE"))
}
