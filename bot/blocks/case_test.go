package blocks_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

// everyState is each state of a case, and one that nobody knows.
func everyState() []escalation.State {
	return []escalation.State{
		escalation.Open, escalation.Claimed, escalation.WaitingAgent, escalation.WaitingCustomer, escalation.Resolved, "strange",
	}
}

// The question of RULES S4.9 is the whole of what is heard and the first thing that is
// read, in every state, with the address in full.
func TestCaseBeginsWithTheQuestion(t *testing.T) {
	long := strings.Repeat("a", 64) + "@" + strings.Repeat("subdomain.", 18) + "example"
	for address, escaped := range map[string]string{
		"jane@acme.example": "jane@acme.example", long: long, "a&b*c`d_e@acme.example": "a&amp;b*c`d_e@acme.example",
		"<!channel>@acme.example": "&lt;!channel&gt;@acme.example", "two\nlines@acme.example": "two lines@acme.example",
	} {
		for _, state := range everyState() {
			for _, l2 := range []string{"<!subteam^S0L2>", "@support-melbourne"} {
				r := escalated(state)
				r.Case.Address, r.Case.Gateway = address, "GW <1001>"
				message := blocks.Case(r, blocks.CaseReader{L2: l2, Uncalled: true})
				want := l2 + " GW &lt;1001&gt; - Can you please investigate if " + escaped + " is on the email Global Black List?"
				all, _ := sent(t, message)
				if first := all[0].object("text").string("text"); message.Text != want || first != want {
					t.Errorf("%s: it is said as\n%q and shown as\n%q, want\n%q", state, message.Text, first, want)
				}
			}
		}
	}
}

// The buttons of L2 follow the acts that the state allows, three at most.
func TestCaseButtons(t *testing.T) {
	many := escalated(escalation.Claimed)
	many.Acts, many.Removable = append(many.Acts, actions.ActReopen), false
	final := resolved(escalated(escalation.Claimed))
	final.Acts = nil
	const id = " K7QXNMPLBLOCKLIST"
	for name, row := range map[string]struct {
		report escalation.Report
		want   []string
	}{
		"Open":      {escalated(escalation.Open), []string{"claim" + id}},
		"Claimed":   {escalated(escalation.Claimed), []string{"delist" + id, "resolve" + id, "ask" + id, "hand_back" + id}},
		"Offered":   {offeredCase(), []string{"delist" + id, "claim" + id, "resolve" + id, "hand_back" + id}},
		"Waiting":   {escalated(escalation.WaitingCustomer), []string{"delist" + id, "resolve" + id, "ask" + id, "hand_back" + id}},
		"Resolved":  {escalated(escalation.Resolved), []string{"reopen" + id}},
		"Final":     {final, nil},
		"NeverFour": {many, []string{"resolve" + id, "ask" + id, "hand_back" + id}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := buttons(t, blocks.Case(row.report, l2Channel)); !slices.Equal(got, row.want) {
				t.Errorf("the buttons are %q, want %q", got, row.want)
			}
		})
	}
}

// An address is taken off lists only while somebody has the case, it stands on one
// and nothing of that is under way; and it asks first.
func TestDelistStandsBesideTheLists(t *testing.T) {
	const button = "delist K7QXNMPLBLOCKLIST"
	for name, row := range map[string]struct {
		report escalation.Report
		want   bool
	}{
		"Open":     {escalated(escalation.Open), false},
		"Claimed":  {escalated(escalation.Claimed), true},
		"Waiting":  {escalated(escalation.WaitingAgent), true},
		"Resolved": {escalated(escalation.Resolved), false},
		"Asked":    {delisted(actions.OperationAsked), false},
		"Running":  {delisted(actions.OperationRunning), false},
		"Done":     {delisted(actions.OperationDone), false},
		"Failed":   {delisted(actions.OperationFailed), true},
		"Refused":  {delisted(actions.OperationRefused), true},
		"NoUser":   {strangers(), false},
	} {
		t.Run(name, func(t *testing.T) {
			message := blocks.Case(row.report, l2Channel)
			if got := slices.Contains(buttons(t, message), button); got != row.want {
				t.Errorf("the button is there: %t, want %t", got, row.want)
			}
			all, _ := sent(t, message)
			for _, block := range all {
				if accessory := block.object("accessory"); accessory != nil && !strings.Contains(accessory.object("confirm").object("text").string("text"), "bounces") {
					t.Errorf("it asks %v", accessory.object("confirm"))
				}
			}
		})
	}
}

// Each card says in words where the case stands.
func TestCaseSaysWhereItStands(t *testing.T) {
	cards := func(r escalation.Report) []blocks.Message {
		return []blocks.Message{blocks.Case(r, l2Channel), blocks.CaseForAgent(r, dm(ava)), blocks.CaseInThread(r, l2Channel)}
	}
	for name, row := range map[string]struct {
		report escalation.Report
		want   [3]string // L2, agent, thread
	}{
		"Open":     {escalated(escalation.Open), [3]string{"*Open* · claim by <!date", "*With L2, nobody has claimed it yet.* They have until", "nobody has claimed it yet."}},
		"Late":     {late(escalation.Open), [3]string{"*urgent* · *overdue:* claim by", "It is *overdue*, and L2 is reminded.", "It is *overdue*"}},
		"Claimed":  {escalated(escalation.Claimed), [3]string{"*Claimed* by <@U0LIV> since", "*<@U0LIV> is on it*", "<@U0LIV> is on it."}},
		"Offered":  {offeredCase(), [3]string{"<@U0LIV> hasn't been heard of since", "so anybody in L2 may take it on.", "<@U0LIV> is on it."}},
		"Agent":    {escalated(escalation.WaitingAgent), [3]string{"*Waiting for the agent* <@U0AVA> · claimed by <@U0LIV>", "*L2 asks you:* <@U0LIV>", "L2 waits for an answer from <@U0AVA>."}},
		"Customer": {escalated(escalation.WaitingCustomer), [3]string{"*Waiting for the customer* · claimed by <@U0LIV> · paused", "*Waiting for the customer.*", "waiting for the customer."}},
		"Resolved": {escalated(escalation.Resolved), [3]string{"*Resolved* by <@U0MIA>", "*Resolved: listed and removed* by <@U0MIA>", "*Resolved: listed and removed* by <@U0MIA>"}},
		"Again":    {reopenedCase(), [3]string{"*Open* · reopened by <@U0MIA>", "It was reopened by <@U0MIA>.", "nobody has claimed it yet."}},
	} {
		t.Run(name, func(t *testing.T) {
			for i, message := range cards(row.report) {
				if text := read(t, message); !strings.Contains(text, row.want[i]) {
					t.Errorf("card %d: %q isn't in:\n%s", i, row.want[i], text)
				}
			}
		})
	}
}

// Only L2's channel has the address in full, and the thread that a case was escalated
// from has nothing of the customer's.
func TestAddressIsForL2Alone(t *testing.T) {
	words := []string{"jane@acme.example", "secret question", "secret note", "secret reason"}
	for _, state := range everyState() {
		r := escalated(state)
		r.Case.Note, r.Case.Reason = "secret note", "secret reason"
		for i := range r.Events {
			r.Events[i].Text = "secret question"
		}
		e := escalation.EventReport{Event: happened(escalation.EventReminded, "", ""), Report: r}
		thread := blocks.CaseInThread(r, l2Channel)
		if text := read(t, thread) + thread.Text; mentionsAny(text, append(words, "a•••", "Jane")) || buttons(t, thread) != nil {
			t.Errorf("%s: the thread reads\n%s", state, text)
		}
		lists := listed(escalation.AllLists, map[escalation.Which]escalation.Part{escalation.Mine: {Cases: []escalation.Case{r.Case}}})
		for _, message := range []blocks.Message{
			blocks.CaseForAgent(r, dm(ava)), blocks.CaseNews(e, dm(ava)), blocks.CaseForLeads(e, l2Channel),
			blocks.Escalated(escalation.Escalated{Report: r}, dm(ava)), blocks.Cases(lists, linkedCase, now),
		} {
			if text := read(t, message) + message.Text; strings.Contains(text, words[0]) {
				t.Errorf("%s: the address is in\n%s", state, text)
			}
		}
		for _, view := range caseModals(r) {
			raw, err := json.Marshal(view)
			if err != nil || strings.Contains(string(raw), words[0]) || view.PrivateMetadata != r.Case.ID {
				t.Errorf("%s: the modal %s is %s, %v", state, view.CallbackID, raw, err)
			}
		}
	}
}

func mentionsAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}

func caseModals(r escalation.Report) []slack.ModalViewRequest {
	return []slack.ModalViewRequest{blocks.AskModal(r), blocks.ReplyModal(r), blocks.ResolveModal(r), blocks.CaseHandOverModal(r)}
}

// What an agent can do with a case depends on whose it is, and on its state.
func TestAgentsButtons(t *testing.T) {
	kept := escalated(escalation.Resolved)
	kept.Resettable = false
	const reply, over = "reply K7QXNMPLBLOCKLIST", "case_hand_over K7QXNMPLBLOCKLIST"
	for name, row := range map[string]struct {
		report escalation.Report
		viewer string
		want   []string
	}{
		"Own":       {escalated(escalation.Open), ava, []string{reply, over}},
		"Follower":  {escalated(escalation.WaitingAgent), ben, []string{reply, over}},
		"Former":    {handedTo(ben), ava, []string{reply, over}},
		"Resolved":  {escalated(escalation.Resolved), ava, []string{"send_reset u-1"}},
		"NoReset":   {kept, ava, nil},
		"Stranger":  {strangers(), ava, []string{reply, over}},
		"NotByNone": {escalated(escalation.Claimed), "", []string{reply}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := buttons(t, blocks.CaseForAgent(row.report, dm(row.viewer))); !slices.Equal(got, row.want) {
				t.Errorf("the buttons are %q, want %q", got, row.want)
			}
		})
	}
}

// Who handed a case over reads who has it now.
func TestFormerAgentReadsWhoHasIt(t *testing.T) {
	r := handedTo(ben)
	const want = "*On our side <@U0BEN> has it now* and answers L2"
	for viewer, said := range map[string]bool{ava: true, ben: false} {
		if text := read(t, blocks.CaseForAgent(r, dm(viewer))); strings.Contains(text, want) != said {
			t.Errorf("to %s it is said: %t, want %t:\n%s", viewer, !said, said, text)
		}
	}
	if text := read(t, blocks.Case(r, l2Channel)); !strings.Contains(text, "now with <@U0BEN>") {
		t.Errorf("L2 reads\n%s", text)
	}
}

// A case that L2's channel doesn't take says so to its agents, and nothing of it on
// L2's own card.
func TestUnreachedIsSaidToTheAgent(t *testing.T) {
	text := read(t, blocks.CaseForAgent(unreachedCase(), dm(ava)))
	if missing := inOrder(text, "*L2 hasn't got this case yet:* The channel", "<@U0LEA>"); missing != "" || strings.Contains(text, "nobody has claimed") {
		t.Errorf("%q isn't in:\n%s", missing, text)
	}
	if text := read(t, blocks.Case(unreachedCase(), l2Channel)); strings.Contains(text, "archived") {
		t.Errorf("L2 reads\n%s", text)
	}
}

// That nobody was called is said until somebody has the case.
func TestUncalledIsSaidWhileOpen(t *testing.T) {
	to := blocks.CaseReader{L2: "@support-melbourne", Uncalled: true}
	for _, state := range everyState() {
		if got := strings.Contains(read(t, blocks.Case(escalated(state), to)), "so nobody was called"); got != (state == escalation.Open) {
			t.Errorf("%s: it is said: %t", state, got)
		}
	}
}

// A list shows each part, says how many there are beyond, and never cuts in silence.
func TestListOfCases(t *testing.T) {
	for which, want := range map[escalation.Which][]string{
		escalation.AllLists:  {"*Mine*", "and 4 more", "*Unclaimed*", "*claim overdue* since", "*Overdue*", "and 1 more"},
		escalation.Mine:      {"*Mine*", "*Waiting for the customer* · blocklist · GW-1001 · Jane Doe · j•••@a•••.example · 3 days old · with <@U0LIV>", "|Open the thread>"},
		escalation.Unclaimed: {"*Unclaimed*", "1 hour old · from <@U0AVA> · *urgent* · *claim overdue* since"},
		escalation.Overdue:   {"*Overdue*", "and 1 more"},
	} {
		text := read(t, blocks.Cases(caseLists(which), linkedCase, now))
		if missing := inOrder(text, want...); missing != "" || (which != "" && strings.Count(text, "\n*") > 3) {
			t.Errorf("%s: %q isn't there, or not in its place, in:\n%s", which, missing, text)
		}
		if text := blocks.Cases(listed(which, nil), linkedCase, now).Text; !strings.HasSuffix(text, ".") || strings.Contains(text, "\n") {
			t.Errorf("an empty list reads %q", text)
		}
	}
	some := caseLists(escalation.AllLists)
	some.Parts[0].Part = escalation.Part{}
	if text := read(t, blocks.Cases(some, linkedCase, now)); !strings.Contains(text, "You follow none") {
		t.Errorf("an empty part isn't said:\n%s", text)
	}
	full := slices.Repeat([]escalation.Case{escalated(escalation.Claimed).Case}, escalation.ListShown)
	part := escalation.Part{Cases: full, More: 990}
	message := blocks.Cases(listed(escalation.AllLists, map[escalation.Which]escalation.Part{escalation.Mine: part, escalation.Unclaimed: part, escalation.Overdue: part}), linkedCase, now)
	withinLimits(t, message)
	if text := read(t, message); strings.Count(text, "Open the thread") != 30 || strings.Contains(text, "too long") {
		t.Errorf("not all are there:\n%s", text)
	}
}

// Only who may escalate has the button, high up when that is what helps.
func TestEscalateUnderTheDiagnosis(t *testing.T) {
	attacked := judged(situations[actions.CauseUnderAttack])
	nobody := blocks.Reader{May: func(act actions.Act) bool { return act != actions.ActEscalate }}
	if got := buttons(t, blocks.Diagnosis(attacked, reader)); got[0] != "escalate u-1" {
		t.Errorf("under attack the buttons are %q", got)
	}
	if got := buttons(t, blocks.Diagnosis(judged(situations[actions.CauseLooksFine]), reader)); got[0] == "escalate u-1" || !slices.Contains(got, "escalate u-1") {
		t.Errorf("when all is well the buttons are %q", got)
	}
	if got := buttons(t, blocks.Diagnosis(attacked, nobody)); slices.Contains(got, "escalate u-1") {
		t.Errorf("who may not has the buttons %q", got)
	}
	if got := buttons(t, blocks.Diagnosis(none(), reader)); slices.ContainsFunc(got, func(b string) bool { return strings.HasPrefix(b, "escalate") }) {
		t.Errorf("about nobody there are the buttons %q", got)
	}
}

// The card of the act itself says what was read back.
func TestDelistOperation(t *testing.T) {
	for state, want := range map[actions.OperationState]string{
		actions.OperationDone:  "no list that could be asked holds mail to the address back.",
		actions.OperationAsked: "*Remove from list – waiting for a second person*",
	} {
		r := delisted(state).Delisting
		if text := read(t, blocks.Operation(*r)); !strings.Contains(text, want) {
			t.Errorf("%s: %q isn't in:\n%s", state, want, text)
		}
	}
	asked := delisted(actions.OperationAsked).Delisting
	if got := questions(t, blocks.Approval(*asked))["approve"]; !strings.HasPrefix(got, "danger: Remove from list for Jane Doe") {
		t.Errorf("asked is %q", got)
	}
}
