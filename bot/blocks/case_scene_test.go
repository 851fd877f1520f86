package blocks_test

import (
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

// The people of a case: Ava is its agent, Ben follows it, Liv and Mia are L2.
const (
	ava = "U0AVA"
	ben = "U0BEN"
	liv = "U0LIV"
	mia = "U0MIA"
)

// Where the cards of L2 stand.
const (
	threadLink = "https://acme.slack.example/archives/C0L2/p1773481920000100"
	beforeLink = "https://acme.slack.example/archives/C0L2/p1772481920000100"
)

// l2Channel is who reads L2's card; dm is whose direct message a card stands in.
var l2Channel = blocks.CaseReader{L2: "<!subteam^S0L2>", Link: threadLink, BeforeLink: beforeLink}

func dm(viewer string) blocks.CaseReader {
	to := l2Channel
	to.Viewer = viewer
	return to
}

// escalated is the case about Jane's address in a state, with its history until then.
func escalated(state escalation.State) escalation.Report {
	masked := person()
	r := escalation.Report{
		Case: escalation.Case{
			ID: "K7QXNMPLBLOCKLIST", Kind: escalation.Blocklist, Priority: escalation.Normal, State: state, Agent: ava, UserID: "u-1",
			Address: "jane@acme.example", Gateway: "GW-1001", Reason: "The password-reset e-mail doesn't arrive.", Ticket: "#4711", Channel: "C0L2",
			At: ago(time.Hour), Facts: escalation.Facts{Person: &masked, Findings: again(locked()).Findings, Lists: listings(), LastMail: &escalation.Mail{
				Kind: actions.DeliveryPasswordReset, Status: actions.Bounced, At: ago(2 * time.Hour), Detail: "550 5.1.1 <j•••@a•••.example> unknown",
			}},
		},
		Followers: []escalation.Follower{{Agent: ava, At: ago(time.Hour)}, {Agent: ben, At: ago(50 * time.Minute)}},
		Acts:      []actions.Act{actions.ActResolve, actions.ActAsk, actions.ActHandBack},
		Events:    []escalation.Event{happened(escalation.EventOpened, ava, "The password-reset e-mail doesn't arrive.")},
		FirstBy:   now.Add(time.Hour), ResolveBy: now.Add(7 * time.Hour), Removable: true,
	}
	if state == escalation.Open {
		r.Acts = []actions.Act{actions.ActClaim}
		return r
	}
	r.FirstBy, r.Case.ClaimedBy, r.Case.ClaimedAt, r.Case.HeardAt = time.Time{}, liv, ago(30*time.Minute), ago(30*time.Minute)
	r.Events = append(r.Events, happened(escalation.EventClaimed, liv, ""))
	switch state {
	case escalation.WaitingAgent:
		r.Events = append(r.Events, happened(escalation.EventAsked, liv, "Which mail server does she use?\nAnd did *any* mail arrive since Monday?"))
	case escalation.WaitingCustomer:
		r.Events, r.ResolveBy = append(r.Events, happened(escalation.EventWaiting, liv, "Please ask her to look for \"550\" in her own logs.")), time.Time{}
	case escalation.Resolved:
		return resolved(r)
	case escalation.Open, escalation.Claimed:
	}
	return r
}

// resolved ends a case.
func resolved(r escalation.Report) escalation.Report {
	c := &r.Case
	c.Outcome, c.Note, c.ResolvedBy, c.ResolvedAt = escalation.ListedRemoved, "It was on our own list after a bounce.\nRemoved, and a test mail arrived.", mia, ago(5*time.Minute)
	r.Events = append(r.Events, happened(escalation.EventResolved, mia, c.Note))
	r.ResolveBy, r.Removable, r.Resettable = time.Time{}, false, true
	r.Acts, r.Tell = []actions.Act{actions.ActReopen}, escalation.TellCustomer(c.Kind, c.Outcome, "")
	return r
}

func listings() []actions.Listing {
	return []actions.Listing{
		{Source: "Latchkey", Entries: []actions.Suppression{{List: actions.ListGlobal, Since: ago(30 * time.Hour), Reason: "complaint of b•••@a•••.example"}}},
		{Source: "Amazon SES"}, {Source: "The old relay", Silent: true},
	}
}

// happened is an event of the case.
func happened(kind escalation.EventKind, actor, text string) escalation.Event {
	return escalation.Event{Case: "K7QXNMPLBLOCKLIST", Seq: 2, Kind: kind, Actor: actor, At: ago(5 * time.Minute), Text: text}
}

// told is an event of a case in a state.
func told(state escalation.State, e escalation.Event) escalation.EventReport {
	return escalation.EventReport{Event: e, Report: escalated(state)}
}

// reminded is a reminder of a clock.
func reminded(state escalation.State, clock string, level escalation.Reminder) escalation.EventReport {
	e := happened(escalation.EventReminded, "", "")
	e.Clock, e.Level = clock, level
	return told(state, e)
}

// toward is an event that names somebody else.
func toward(e escalation.Event, to string) escalation.Event {
	e.To = to
	return e
}

// delisted is a claimed case whose address is being taken off lists.
func delisted(state actions.OperationState) escalation.Report {
	r, op := escalated(escalation.Claimed), operation(actions.ActDelist, state)
	op.Operation.Actor = liv
	if state == actions.OperationAsked {
		op.Approval = asking(actions.ApprovalAsked).Approval
	}
	if state == actions.OperationFailed {
		op.Operation.Why = "Amazon SES didn't answer."
	}
	r.Delisting, r.Removable = &op, state != actions.OperationDone
	return r
}

// anotherKind is a case that isn't about an address.
func anotherKind(kind escalation.Kind) escalation.Report {
	r := escalated(escalation.Open)
	r.Case.Kind, r.Case.Address, r.Case.Priority, r.Removable = kind, "", escalation.Urgent, false
	r.Case.Facts.Lists, r.Case.Facts.LastMail, r.Case.Reason = nil, nil, "Somebody tries names from one network, see <https://evil.example>."
	if kind == escalation.Delivery {
		r.Case.Address = "jane@acme.example"
	}
	return r
}

// strangers is a case about an address that nobody on record has.
func strangers() escalation.Report {
	r := escalated(escalation.Claimed)
	r.Case.UserID, r.Case.Facts, r.Removable = "", escalation.Facts{Lists: listings()[1:]}, false
	return r
}

// handedTo is a claimed case of Ava's that somebody else has on the agents' side now.
func handedTo(agent string) escalation.Report {
	r := escalated(escalation.Claimed)
	r.Case.Agent = agent
	return r
}

// offeredCase is a claimed case that others may take on.
func offeredCase() escalation.Report {
	r := escalated(escalation.Claimed)
	r.Case.Offered, r.Acts = true, []actions.Act{actions.ActClaim, actions.ActResolve, actions.ActHandBack}
	return r
}

// late is a case whose clock ran out.
func late(state escalation.State) escalation.Report {
	r := escalated(state)
	r.Overdue, r.Case.Priority = true, escalation.Urgent
	return r
}

// reopenedCase is an open case with a history.
func reopenedCase() escalation.Report {
	r := escalated(escalation.Open)
	before := resolved(escalated(escalation.Claimed)).Case
	before.ID = "BEFORE22222222222"
	r.Before, r.Case.Facts.Before = &before, before.ID
	r.Events = append(r.Events, happened(escalation.EventReopened, mia, ""))
	return r
}

// unreachedCase is one whose card L2's channel doesn't take.
func unreachedCase() escalation.Report {
	r := escalated(escalation.Open)
	r.Case.Unreached = "The channel <#C0L2> is archived. Ask a Latchkey admin to name another one, or <@U0LEA>."
	return r
}

// caseLists are the cases that aren't resolved, as Ava sees them: the three lists, or one.
func caseLists(which escalation.Which) escalation.Lists {
	open, claimed, waiting, stranger := escalated(escalation.Open).Case, escalated(escalation.Claimed).Case, escalated(escalation.WaitingCustomer).Case, strangers().Case
	open.First.EndsAt, open.Priority, waiting.At = ago(10*time.Minute), escalation.Urgent, ago(72*time.Hour)
	claimed.At, stranger.At = ago(20*time.Minute), ago(5*time.Hour)
	return listed(which, map[escalation.Which]escalation.Part{
		escalation.Mine:      {Cases: []escalation.Case{waiting, stranger, claimed}, More: 4},
		escalation.Unclaimed: {Cases: []escalation.Case{open}}, escalation.Overdue: {Cases: []escalation.Case{open}, More: 1},
	})
}

// listed are the lists with these parts.
func listed(which escalation.Which, parts map[escalation.Which]escalation.Part) escalation.Lists {
	shown := []escalation.Which{which}
	l := escalation.Lists{Asked: escalation.Asked{Which: which}}
	switch which {
	case escalation.AllLists:
		shown = []escalation.Which{escalation.Mine, escalation.Unclaimed, escalation.Overdue}
	case escalation.Worked:
		shown = []escalation.Which{escalation.OpenedIn, escalation.ResolvedIn, escalation.Unsolved}
	case escalation.AllLate:
		shown = []escalation.Which{escalation.LateClaim, escalation.LateResolution, escalation.Overdue}
	default:
	}
	for _, one := range shown {
		of := escalation.Asked{Which: one}
		if !slices.Contains([]escalation.Which{escalation.Mine, escalation.Unclaimed, escalation.Overdue, escalation.Unsolved}, one) {
			of.Days = actions.Days{First: "2026-03-10", N: 1}
		}
		l.Parts = append(l.Parts, escalation.ListPart{Asked: of, Part: parts[one]})
	}
	return l
}

// linkedCase is where the cards of cases stand.
func linkedCase(c escalation.Case) string {
	if c.UserID == "" {
		return ""
	}
	return threadLink
}

// escalating is what is known before L2 is asked about Jane.
func escalating() escalation.Preparation {
	masked := person()
	return escalation.Preparation{
		Kind: escalation.Blocklist, Priority: escalation.Normal, Whom: escalation.Whom{UserID: "u-1"}, Person: &masked, Address: "jane@acme.example",
		Gateways:   []escalation.Gateway{{ID: "GW-1001", Account: "Acme Pty Ltd", Status: actions.AccountActive}, {ID: "GW-1002", Account: "Acme Old", Status: actions.AccountCancelled}},
		Known:      []string{"Latchkey has the address on its global list since 13 March 2026.", "The last mail, password reset of 14 March 2026 07:52 UTC, bounced: the mailbox refused it."},
		Unknowable: escalation.Unknowable, Ticket: "#4711",
	}
}

// typedAddress is the same about an address that nobody has.
func typedAddress() escalation.Preparation {
	p := escalating()
	p.Person, p.Whom, p.Gateways, p.Address = nil, escalation.Whom{Address: "new@acme.example"}, nil, "new@acme.example"
	return p
}

// premature is when L2 can't help yet.
func premature() escalation.Preparation {
	p := escalating()
	p.Premature, p.Instead = "They are locked, and no mail reaches a locked user, so L2 would find nothing yet. Unlock them first.", actions.ActUnlock
	return p
}

// joining is when there is an open case already.
func joining() escalation.Preparation {
	p := escalating()
	claimed := escalated(escalation.Claimed).Case
	p.Joins, p.Gateways = &claimed, p.Gateways[:1]
	return p
}
