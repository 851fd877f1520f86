package escalation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// aboutJane is what is escalated in the tests: jane's address, from a thread.
func aboutJane(changes ...func(*NewCase)) NewCase {
	n := NewCase{Kind: Blocklist, Whom: jane, Reason: "Still nothing, not in spam either.", Channel: "CSUPPORT", Thread: "1.000100"}
	for _, change := range changes {
		change(&n)
	}
	return n
}

// escalates has somebody escalate it.
func (s *scene) escalates(t testing.TB, who string, changes ...func(*NewCase)) Escalated {
	t.Helper()
	made, err := s.Escalate(t.Context(), s.by(who), aboutJane(changes...))
	must(t, err)
	return made
}

func TestEscalateOpensACase(t *testing.T) {
	s := stage(t)
	s.store.again = true
	_, lists := s.knows(t, bounced)
	lists.listed[address] = []actions.Suppression{{Address: address, List: actions.ListBounce, Since: noon}}
	call := s.by(ana)
	call.Ticket = "#4711"
	made, err := s.Escalate(t.Context(), call, aboutJane())
	must(t, err)
	c := made.Report.Case
	if made.Joined || made.Already || len(s.store.state.cases) != 1 {
		t.Errorf("%+v", made)
	}
	want := Case{
		ID: c.ID, Kind: Blocklist, Priority: Normal, State: Open, Agent: ana, UserID: "u-1", Address: address, Gateway: "GW-1001",
		Reason: "Still nothing, not in spam either.", Ticket: "#4711", Channel: l2, Events: 1, At: noon, ChangedAt: noon,
	}
	got := c
	got.Facts, got.First, got.Resolution, got.Due = Facts{}, Clock{}, Clock{}, time.Time{}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the case is\n%+v, want\n%+v", got, want)
	}
	if strings.Trim(c.ID, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" || len(c.ID) < 20 {
		t.Errorf("its ID is %q", c.ID)
	}
	if c.First.Limit != 2*time.Hour || !c.First.EndsAt.Equal(noon.Add(2*time.Hour)) || !c.Due.Equal(noon.Add(time.Hour)) || made.Report.FirstBy != c.First.EndsAt {
		t.Errorf("its clocks are %+v, %+v, due %s", c.First, c.Resolution, c.Due)
	}
	f := c.Facts
	if f.Person == nil || f.Person.Email != "j•••@a•••.example" || len(f.Findings) == 0 || len(f.Lists) != 1 || f.LastMail == nil || !made.Report.Removable {
		t.Errorf("its facts are %+v", f)
	}
	s.opened1(t, c)
}

// opened1 checks what stands beside the one case that was opened from ana's thread.
func (s *scene) opened1(t testing.TB, c Case) {
	t.Helper()
	if events := s.store.state.events[c.ID]; len(events) != 1 || events[0] != (Event{Case: c.ID, Seq: 1, Kind: EventOpened, Actor: ana, At: noon, Text: c.Reason}) {
		t.Errorf("the events are %+v", events)
	}
	if f := s.store.state.followers[c.ID]; len(f) != 1 || f[0] != (Follower{c.ID, ana, "CSUPPORT", "1.000100", "#4711", noon}) {
		t.Errorf("the followers are %+v", f)
	}
	entry := actions.AuditEntry{
		At: noon, Act: actions.ActEscalate, Actor: ana, Subject: "u-1", Outcome: actions.ActDone, Reason: c.Reason, Ticket: "#4711",
		Detail: "case " + c.ID[:6] + ": blocklist",
	}
	if audit := s.store.state.audit; len(audit) != 1 || audit[0] != entry {
		t.Errorf("the audit is %+v", audit)
	}
	want := []string{"case CL2 " + c.ID, "case_agent UANA " + c.ID, "case_thread CSUPPORT " + c.ID + "/1.000100", "case_event CL2 " + c.ID + "/1"}
	if got := s.sent(); !slices.Equal(got, want) {
		t.Errorf("sent: %q", got)
	}
	if !slices.Equal(s.steps, []string{"open:begun", "open:stored"}) {
		t.Errorf("steps: %q", s.steps)
	}
}

// Who escalates the same joins; who follows it already changes nothing.
func TestEscalateJoins(t *testing.T) {
	s := stage(t)
	s.knows(t)
	first := s.escalates(t, ana).Report.Case
	s.sent()
	s.later(time.Minute)
	byAddress := func(n *NewCase) {
		n.Whom, n.Reason, n.Thread = Whom{Address: "JANE@acme.example"}, "She called again.", ""
	}
	made := s.escalates(t, abe, byAddress)
	if !made.Joined || made.Already || made.Report.Case.ID != first.ID || made.Report.Case.Agent != ana || len(made.Report.Followers) != 2 {
		t.Errorf("%+v", made)
	}
	joined := Event{Case: first.ID, Seq: 2, Kind: EventJoined, Actor: abe, At: s.now, Text: "She called again."}
	if events := made.Report.Events; len(events) != 2 || events[1] != joined || made.Report.Case.Events != 2 {
		t.Errorf("the events are %+v", events)
	}
	want := []string{
		"case CL2 " + first.ID, "case_agent UANA " + first.ID, "case_agent UABE " + first.ID, "case_thread CSUPPORT " + first.ID + "/1.000100",
		"case_event CL2 " + first.ID + "/2", "case_news UANA " + first.ID + "/2",
	}
	if got := s.sent(); !slices.Equal(got, want) {
		t.Errorf("sent: %q", got)
	}
	elsewhere := func(n *NewCase) { n.Channel, n.Thread = "CSUPPORT", "2.000100" }
	for _, want := range [][]string{{"case_thread CSUPPORT " + first.ID + "/2.000100"}, nil} { // her first thread, and nothing new
		if made = s.escalates(t, abe, elsewhere); !made.Joined || !made.Already || len(made.Report.Events) != 2 {
			t.Errorf("once more: %+v", made)
		}
		if got := s.sent(); !slices.Equal(got, want) {
			t.Errorf("once more: sent %q, want %q", got, want)
		}
	}
	if audit := s.store.state.audit; len(audit) != 4 || audit[2].Detail != "case "+first.ID[:6]+": blocklist, joined" {
		t.Errorf("the audit is %+v", audit)
	}
}

// What isn't about the same is another case: another kind, or another user although
// they have the same address.
func TestEscalateAnother(t *testing.T) {
	s := stage(t)
	directory, _ := s.knows(t)
	joan := directory.customers["u-1"]
	joan.Users = []actions.User{{ID: "u-2", Username: "joan", Status: actions.UserActive, Email: address}}
	directory.customers["u-2"] = joan
	account := func(user string) func(*NewCase) {
		return func(n *NewCase) { n.Kind, n.Whom = Account, Whom{UserID: user} }
	}
	s.escalates(t, ana)
	for _, user := range []string{"u-1", "u-2"} {
		if made := s.escalates(t, ana, account(user)); made.Joined || made.Report.Case.Address != "" || made.Report.Case.UserID != user {
			t.Errorf("%s: %+v", user, made)
		}
	}
	if made := s.escalates(t, abe, account("u-2")); !made.Joined {
		t.Error("the same account was opened twice")
	}
}

// An address that nobody has on record can be on a list all the same.
func TestEscalateAnAddressOfNobody(t *testing.T) {
	s := stage(t)
	_, lists := s.knows(t)
	lists.listed["new@acme.example"] = []actions.Suppression{{List: actions.ListBounce}}
	nobody := func(n *NewCase) { n.Whom = Whom{Address: "new@acme.example"} }
	_, err := s.Escalate(t.Context(), s.by(ana), aboutJane(nobody))
	if wantCode(t, err, actions.Invalid); !IsAboutGateway(err) {
		t.Errorf("%v is beside another field", err)
	}
	made := s.escalates(t, ana, nobody, func(n *NewCase) { n.Gateway, n.Reason = " GW-7 ", " " })
	c := made.Report.Case
	if c.UserID != "" || c.Address != "new@acme.example" || c.Gateway != "GW-7" || c.Reason != "The password-reset e-mail doesn't arrive." || made.Report.Removable {
		t.Errorf("%+v", c)
	}
}

// What L2 can't help yet is refused, on record, and nobody is told.
func TestEscalatePrematurely(t *testing.T) {
	s := stage(t)
	_, lists := s.knows(t, locked)
	_, err := s.Escalate(t.Context(), s.by(ana), aboutJane())
	if wantCode(t, err, actions.Conflict); lists.asked != 0 {
		t.Error("the lists were asked first, and they take a while")
	}
	if instead, premature := IsPremature(fmt.Errorf("escalating: %w", err)); !premature || instead != actions.ActUnlock {
		t.Errorf("%v: instead %q", err, instead)
	}
	audit := s.store.state.audit
	if len(audit) != 1 || audit[0].Outcome != actions.ActRefused || audit[0].Subject != "u-1" || audit[0].Act != actions.ActEscalate {
		t.Errorf("the audit is %+v", audit)
	}
	if len(s.store.state.cases) != 0 || s.sent() != nil {
		t.Error("a case was opened")
	}
	if instead, premature := IsPremature(errNoCase()); premature || instead != "" {
		t.Error("every error is premature")
	}
	s.escalates(t, ana, func(n *NewCase) { n.Kind = Security })
}

func TestEscalateRefused(t *testing.T) {
	with := func(change func(*NewCase)) NewCase { return aboutJane(change) }
	for name, test := range map[string]struct {
		who  string
		n    NewCase
		code actions.Code
	}{
		"Guest":       {guest, aboutJane(), actions.Forbidden},
		"NoKind":      {ana, with(func(n *NewCase) { n.Kind = "" }), actions.Invalid},
		"NoPriority":  {ana, with(func(n *NewCase) { n.Priority = "now" }), actions.Invalid},
		"NoReason":    {ana, with(func(n *NewCase) { n.Kind, n.Reason = Account, " " }), actions.Invalid},
		"Password":    {ana, with(func(n *NewCase) { n.Reason = "Her password is Tr0ub4dor&3" }), actions.Invalid},
		"LongReason":  {ana, with(func(n *NewCase) { n.Reason = strings.Repeat("a", 501) }), actions.Invalid},
		"OddGateway":  {ana, with(func(n *NewCase) { n.Gateway = "<!channel>" }), actions.Invalid},
		"NoGateway":   {ana, with(func(n *NewCase) { n.Whom = Whom{Address: "new@acme.example"} }), actions.Invalid},
		"NoUser":      {ana, with(func(n *NewCase) { n.Whom = Whom{UserID: "u-9"} }), actions.NotFound},
		"NobodyAtAll": {ana, with(func(n *NewCase) { n.Whom = Whom{} }), actions.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			s := stage(t)
			_, lists := s.knows(t)
			_, err := s.Escalate(t.Context(), s.by(test.who), test.n)
			wantCode(t, err, test.code)
			if len(s.store.state.cases) != 0 || len(s.sent()) != 0 {
				t.Error("a case was opened")
			}
			if lists.asked != 0 {
				t.Error("the lists were asked first, and they take a while")
			}
		})
	}
}

// Who was stopped can't escalate, also when that happened meanwhile.
func TestEscalateStopped(t *testing.T) {
	s := stage(t)
	s.knows(t)
	s.Reached = func(string) { s.stops(ana) }
	for range 2 {
		_, err := s.Escalate(t.Context(), s.by(ana), aboutJane())
		wantCode(t, err, actions.Forbidden)
	}
	if len(s.store.state.cases) != 0 {
		t.Error("a case was opened")
	}
}

// The same request again has no second effect.
func TestEscalateReplayed(t *testing.T) {
	s := stage(t)
	s.knows(t)
	call := s.by(ana)
	_, err := s.Escalate(t.Context(), call, aboutJane())
	must(t, err)
	s.sent()
	_, err = s.Escalate(t.Context(), call, aboutJane(func(n *NewCase) { n.Kind = Delivery }))
	wantCode(t, err, actions.Conflict)
	if _, premature := IsPremature(err); premature || len(s.store.state.cases) != 1 || len(s.store.state.audit) != 1 || s.sent() != nil {
		t.Errorf("%v, and there are %d cases", err, len(s.store.state.cases))
	}
}

// 20 cases are opened in an hour, and no more; who joins isn't counted.
func TestEscalateTooMany(t *testing.T) {
	s := stage(t)
	s.knows(t)
	nth := func(i int) func(*NewCase) {
		return func(n *NewCase) { n.Whom, n.Gateway = Whom{Address: fmt.Sprintf("a%d@acme.example", i)}, "GW-1" }
	}
	for i := range openQuota {
		s.escalates(t, ana, nth(i))
	}
	_, err := s.Escalate(t.Context(), s.by(ana), aboutJane())
	wantCode(t, err, actions.Conflict)
	s.escalates(t, abe)
	if made := s.escalates(t, ana); !made.Joined {
		t.Errorf("%+v", made)
	}
	s.later(time.Hour)
	s.escalates(t, ana, nth(openQuota))
}

// A case that is opened by somebody else between the question and the answer is
// joined.
func TestEscalateAtTheSameMoment(t *testing.T) {
	s := stage(t)
	s.knows(t)
	raced := false
	s.Reached = func(step string) {
		if step == "open:begun" && !raced {
			raced = true
			s.escalates(t, abe)
		}
	}
	if made := s.escalates(t, ana); !made.Joined || made.Already || made.Report.Case.Agent != abe || len(s.store.state.cases) != 1 {
		t.Errorf("%+v", made)
	}
}

// A case that was resolved doesn't take joiners: a new one names it.
func TestEscalateAgain(t *testing.T) {
	s := stage(t)
	s.knows(t)
	s.has(t, Resolved)
	made := s.escalates(t, ana)
	if made.Joined || made.Report.Case.Facts.Before != id || made.Report.Before == nil || made.Report.Before.ID != id {
		t.Errorf("%+v", made)
	}
}

// blindTx doesn't see an open case for some looks, as when another process stores it
// meanwhile.
type blindTx struct {
	Tx
	looks *int
}

func (b blindTx) OpenCase(ctx context.Context, key string) (Case, bool, error) {
	if *b.looks--; *b.looks >= 0 {
		return Case{}, false, nil
	}
	return b.Tx.OpenCase(ctx, key)
}

// Of two who store a case about the same at once, one opens it and the other joins.
func TestEscalateLosesTheRace(t *testing.T) {
	for looks, want := range map[int]actions.Code{1: "", 2: actions.Conflict} {
		s := stage(t)
		s.knows(t)
		s.has(t, Open)
		err := s.store.Cases(t.Context(), func(tx Tx) error {
			open, err := s.startOrFind(t.Context(), blindTx{tx, &looks}, Case{ID: "NEW", Kind: Blocklist, State: Open, Address: address, At: noon})
			if want == "" && open.ID != id {
				t.Errorf("it joins %+v", open)
			}
			return err
		})
		if wantCode(t, err, want); len(s.store.state.cases) != 1 {
			t.Error("there are two")
		}
	}
}
