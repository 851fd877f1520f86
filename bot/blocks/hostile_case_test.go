package blocks_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

// caseEvents are the kinds of event, and one that nobody knows.
var caseEvents = []escalation.EventKind{
	escalation.EventOpened, escalation.EventJoined, escalation.EventClaimed, escalation.EventHandedBack, escalation.EventAsked, escalation.EventReplied,
	escalation.EventWaiting, escalation.EventResolved, escalation.EventReopened, escalation.EventHandedOver, escalation.EventReminded,
	escalation.EventOffered, escalation.EventHeard, escalation.EventDelisting, escalation.EventDelisted, escalation.EventNotDelisted,
	escalation.EventUnreached, escalation.EventReached, escalation.EventUrgent, escalation.EventNudged, escalation.EventAgentUnreached, "strange",
}

// lookalikes are what people may write on a case that reads like a part of ours.
var lookalikes = []string{
	`[{"type":"section","text":{"type":"mrkdwn","text":"<!channel>"}},{"type":"actions","elements":[{"type":"button","action_id":"claim","value":"x"}]}]`,
	"> quoted\n>>> all of it\n<!channel>", "*Resolved* by <@U0LIV>: *not listed*", "```\n<!here>\n```\n> x", "first\n\n\n<https://evil.example|Open the thread>",
	"\u202eevil\u202c\n\u2067<@U0BOSS>\u2069", strings.Repeat("<!channel>\n", 900), strings.Repeat("&", 10_000), strings.Repeat("\n", 5_000) + "x",
	"<@U0BOSS", "&lt;@U0BOSS&gt;", "<!subteam^S0L2>",
}

// hostileOnCases are values that a customer's record or a colleague may put on a case.
func hostileOnCases() []string { return append(hostileWords(), lookalikes...) }

// hostileCase is a case in a state with hostile values wherever one can stand.
func hostileCase(state escalation.State, kind escalation.Kind, pick func() string) escalation.Report {
	r := escalation.Report{
		Case: escalation.Case{
			ID: pick(), Kind: kind, Priority: escalation.Urgent, State: state, Agent: pick(), UserID: pick(), Address: pick(), Gateway: pick(), Reason: pick(),
			Ticket: pick(), Channel: pick(), ClaimedBy: pick(), ClaimedAt: now, Offered: true, HeardAt: now, Outcome: escalation.Outcome(pick()), Note: pick(),
			ResolvedBy: pick(), ResolvedAt: now, Unreached: pick(), At: now, Facts: hostileFacts(pick),
		},
		Acts:    []actions.Act{actions.ActClaim, actions.ActResolve, actions.ActHandBack},
		FirstBy: now, ResolveBy: now, Overdue: true, Removable: true, Resettable: true,
		Tell: []escalation.Saying{{Language: "en", Text: pick()}, {Language: pick(), Text: pick()}},
	}
	for range 12 {
		r.Followers = append(r.Followers, escalation.Follower{Case: pick(), Agent: pick(), Channel: pick(), Thread: pick(), Ticket: pick(), At: now})
	}
	for _, kind := range caseEvents {
		r.Events = append(r.Events, hostileEvent(kind, pick))
	}
	before := r.Case
	before.Note, before.Outcome = pick(), escalation.Outcome(pick())
	r.Before = &before
	op := hostileOperation(actions.OperationFailed, "", pick)
	r.Delisting = &op
	return r
}

func hostileEvent(kind escalation.EventKind, pick func() string) escalation.Event {
	return escalation.Event{Case: pick(), Seq: 1, Kind: kind, Actor: pick(), At: now, Text: pick(), To: pick(), Clock: pick(), Level: escalation.ToTheGroup}
}

// hostileFacts are more of everything that was known than is shown.
func hostileFacts(pick func() string) escalation.Facts {
	f := escalation.Facts{Person: &people(1, pick)[0], LastMail: &escalation.Mail{
		Kind: actions.DeliveryKind(pick()), Status: actions.DeliveryStatus(pick()), At: now, Detail: pick(),
	}, Before: pick()}
	for range 9 {
		finding := actions.Finding{Cause: actions.Cause(pick()), Grade: actions.Grade(pick()), Summary: pick()}
		listing := actions.Listing{Source: pick(), Silent: len(f.Lists)%3 == 2}
		for range 9 {
			finding.Evidence = append(finding.Evidence, actions.Evidence{At: now, Source: pick(), Text: pick()})
			listing.Entries = append(listing.Entries, actions.Suppression{Address: pick(), List: actions.SuppressionList(pick()), Since: now, Reason: pick()})
		}
		f.Findings, f.Lists = append(f.Findings, finding), append(f.Lists, listing)
	}
	return f
}

func hostileEscalating(pick func() string) escalation.Preparation {
	joins := hostileCase(escalation.Claimed, escalation.Blocklist, pick).Case
	p := escalation.Preparation{
		Kind: escalation.Kind(pick()), Priority: escalation.Priority(pick()), Whom: escalation.Whom{UserID: pick(), Address: pick()},
		Person: &people(1, pick)[0], Address: pick(), Unknowable: pick(), Joins: &joins, Ticket: pick(),
	}
	for i := range 60 {
		p.Known = append(p.Known, pick())
		id := pick()
		if i%2 == 0 && i > 0 {
			id = "GW-" + strings.Repeat("1", i%30) + string(rune('A'+i%26))
		}
		p.Gateways = append(p.Gateways, escalation.Gateway{ID: id, Account: pick(), Status: actions.AccountStatus(pick())})
	}
	return p
}

// everyCase makes each message of cases in each state, with hostile values wherever
// somebody could put one.
func everyCase(t *testing.T, name string, pick func() string) {
	t.Helper()
	to := blocks.CaseReader{L2: "<!subteam^S0L2>", Uncalled: true, Viewer: pick(), Link: pick(), BeforeLink: pick()}
	kinds := append(escalation.Kinds(), escalation.Kind(pick()))
	for i, state := range everyState() {
		r := hostileCase(state, kinds[i], pick)
		fine(t, name, blocks.Case(r, to), blocks.CaseForAgent(r, to), blocks.CaseInThread(r, to),
			blocks.Escalated(escalation.Escalated{Report: r}, to), blocks.Escalated(escalation.Escalated{Report: r, Joined: true}, to))
		r.Delisting, r.Case.Kind, r.Case.Facts.Person, r.Followers = nil, escalation.Blocklist, nil, nil
		fine(t, name, blocks.Case(r, to), blocks.CaseForAgent(r, to), blocks.CaseInThread(r, to))
		for _, kind := range caseEvents {
			e := escalation.EventReport{Event: hostileEvent(kind, pick), Report: r}
			fine(t, name, blocks.CaseEvent(e, to), blocks.CaseNews(e, to), blocks.CaseForLeads(e, to))
		}
	}
	part := escalation.Part{More: 1_000}
	for i := range escalation.ListShown {
		state := everyState()[i%len(everyState())]
		part.Cases = append(part.Cases, hostileCase(state, kinds[i%len(kinds)], pick).Case)
	}
	fine(t, name, blocks.Cases(listed(escalation.AllLists, map[escalation.Which]escalation.Part{escalation.Mine: part, escalation.Unclaimed: part, escalation.Overdue: part}), func(escalation.Case) string { return pick() }, now.Add(time.Hour)))
	fine(t, name, blocks.Premature(actions.Words{Sentence: "x" + pick()}, pick(), actions.Act(pick())))
}

// everyCaseModal makes each modal of cases so.
func everyCaseModal(t *testing.T, name string, pick func() string) {
	t.Helper()
	form := blocks.EscalateForm{
		Kind: escalation.Kind(pick()), Priority: escalation.Priority(pick()), UserID: pick(), Address: pick(), Gateway: pick(), Reason: pick(), Ticket: pick(),
		Channel: pick(), Thread: pick(),
	}
	p := hostileEscalating(pick)
	views := []slack.ModalViewRequest{blocks.EscalateModal(p, form), blocks.EscalateWhomModal(form)}
	p.Person, p.Gateways, p.Joins, form.UserID, p.Whom.UserID = nil, nil, nil, "", ""
	views = append(views, blocks.EscalateModal(p, form))
	p.Premature, p.Instead = "x"+pick(), actions.Act(pick())
	views = append(views, blocks.EscalateModal(p, form))
	for _, state := range []escalation.State{escalation.WaitingAgent, escalation.WaitingCustomer} {
		r := hostileCase(state, escalation.Blocklist, pick)
		views = append(views, caseModals(r)...)
	}
	for _, view := range views {
		if fineModal(t, view); t.Failed() {
			t.Fatalf("it was the modal %s with %q", view.CallbackID, name)
		}
	}
}

func TestHostileCases(t *testing.T) {
	t.Parallel()
	words := hostileOnCases()
	random := rand.New(rand.NewPCG(5, 6))
	for range 3 {
		mixed := func() string { return words[random.IntN(len(words))] }
		everyCase(t, "a mixture", mixed)
		everyCaseModal(t, "a mixture", mixed)
	}
	for _, value := range words {
		everyCase(t, value, func() string { return value })
		everyCaseModal(t, value, func() string { return value })
	}
}

// However much is on record, a case has its question and its buttons.
func TestCaseKeepsItsButtons(t *testing.T) {
	for _, value := range hostileOnCases() {
		r := hostileCase(escalation.Claimed, escalation.Blocklist, func() string { return value })
		r.Case.ID, r.Case.UserID = "K7QXNM", "u-1"
		if got, want := len(buttons(t, blocks.Case(r, l2Channel))), 4; got != want {
			t.Errorf("with %.40q there are %d buttons, want %d", value, got, want)
		}
		r.Case.State, r.Case.Agent = escalation.WaitingAgent, ava
		if got := buttons(t, blocks.CaseForAgent(r, dm(ava))); len(got) != 2 {
			t.Errorf("with %.40q the agent's buttons are %q", value, got)
		}
	}
}

// Every line of what somebody wrote stands behind the sign of a quote, so that nothing
// of it reads like ours.
func TestWrittenLinesAreQuoted(t *testing.T) {
	for _, value := range hostileOnCases() {
		message := blocks.CaseEvent(told(escalation.Claimed, happened(escalation.EventReplied, ava, value)), l2Channel)
		all, _ := sent(t, message)
		for _, block := range all[1:] {
			for _, written := range strings.Split(block.object("text").string("text"), "\n") {
				if !strings.HasPrefix(written, ">") {
					t.Errorf("the line %.60q isn't quoted", written)
				}
			}
		}
	}
}

// FuzzCase: whatever a record or somebody says, the cards and the details of a case
// show it as text. Where they lead is ours, and stands in [TestHostileCases].
func FuzzCase(f *testing.F) {
	for _, value := range hostileOnCases() {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		value = value[:min(len(value), 200)] // long ones stand there, too, and take long
		pick := func() string { return value }
		to := blocks.CaseReader{L2: "<!subteam^S0L2>", Viewer: value}
		r := hostileCase(escalation.WaitingAgent, escalation.Blocklist, pick)
		e := escalation.EventReport{Event: hostileEvent(escalation.EventOpened, pick), Report: r}
		fine(t, value, blocks.Case(r, to), blocks.CaseForAgent(r, to), blocks.CaseEvent(e, to))
	})
}
