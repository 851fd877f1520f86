package blocks_test

import (
	"testing"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

func TestGoldenOfCases(t *testing.T) {
	uncalled := l2Channel
	uncalled.L2, uncalled.Uncalled = "@support-melbourne", true
	for name, message := range map[string]blocks.Message{
		"case_open":             blocks.Case(escalated(escalation.Open), l2Channel),
		"case_uncalled":         blocks.Case(escalated(escalation.Open), uncalled),
		"case_reopened":         blocks.Case(reopenedCase(), l2Channel),
		"case_overdue":          blocks.Case(late(escalation.Open), l2Channel),
		"case_claimed":          blocks.Case(escalated(escalation.Claimed), l2Channel),
		"case_offered":          blocks.Case(offeredCase(), l2Channel),
		"case_waiting_agent":    blocks.Case(escalated(escalation.WaitingAgent), l2Channel),
		"case_waiting_customer": blocks.Case(escalated(escalation.WaitingCustomer), l2Channel),
		"case_resolved":         blocks.Case(escalated(escalation.Resolved), l2Channel),
		"case_delist_asked":     blocks.Case(delisted(actions.OperationAsked), l2Channel),
		"case_delist_running":   blocks.Case(delisted(actions.OperationRunning), l2Channel),
		"case_delist_done":      blocks.Case(delisted(actions.OperationDone), l2Channel),
		"case_delist_failed":    blocks.Case(delisted(actions.OperationFailed), l2Channel),
		"case_account":          blocks.Case(anotherKind(escalation.Account), l2Channel),
		"case_security":         blocks.Case(anotherKind(escalation.Security), l2Channel),
		"case_delivery":         blocks.Case(anotherKind(escalation.Delivery), l2Channel),
		"case_other":            blocks.Case(anotherKind(escalation.Other), l2Channel),
		"case_stranger":         blocks.Case(strangers(), l2Channel),
		"case_list":             blocks.Cases(caseLists(escalation.AllLists), linkedCase, now),
		"case_list_worked": blocks.Cases(listed(escalation.Worked, map[escalation.Which]escalation.Part{
			escalation.OpenedIn: {Cases: someCases(1, escalation.Claimed), More: 2}, escalation.ResolvedIn: {Cases: someCases(2, escalation.Resolved)},
		}), linkedCase, now),
		"case_list_late_claim": blocks.Cases(listed(escalation.LateClaim, map[escalation.Which]escalation.Part{
			escalation.LateClaim: {Cases: someCases(1, escalation.Resolved), More: 2},
		}), linkedCase, now),
		"case_list_mine": blocks.Cases(caseLists(escalation.Mine), linkedCase, now),
		"case_list_none": blocks.Cases(listed(escalation.AllLists, nil), linkedCase, now),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, message) })
	}
}

func TestGoldenOfAgentsCases(t *testing.T) {
	german := escalated(escalation.Resolved)
	german.Tell = escalation.TellCustomer(escalation.Blocklist, escalation.ListedRemoved, "de-DE")
	open := escalated(escalation.Open)
	for name, message := range map[string]blocks.Message{
		"case_agent_open":             blocks.CaseForAgent(escalated(escalation.Open), dm(ava)),
		"case_agent_claimed":          blocks.CaseForAgent(escalated(escalation.Claimed), dm(ava)),
		"case_agent_offered":          blocks.CaseForAgent(offeredCase(), dm(ava)),
		"case_agent_asked":            blocks.CaseForAgent(escalated(escalation.WaitingAgent), dm(ava)),
		"case_agent_customer":         blocks.CaseForAgent(escalated(escalation.WaitingCustomer), dm(ava)),
		"case_agent_resolved":         blocks.CaseForAgent(escalated(escalation.Resolved), dm(ava)),
		"case_agent_resolved_german":  blocks.CaseForAgent(german, dm(ava)),
		"case_agent_former":           blocks.CaseForAgent(handedTo(ben), dm(ava)),
		"case_agent_follower":         blocks.CaseForAgent(escalated(escalation.WaitingAgent), dm(ben)),
		"case_agent_unreached":        blocks.CaseForAgent(unreachedCase(), dm(ava)),
		"case_thread_open":            blocks.CaseInThread(escalated(escalation.Open), l2Channel),
		"case_thread_resolved":        blocks.CaseInThread(escalated(escalation.Resolved), l2Channel),
		"case_thread_unreached":       blocks.CaseInThread(unreachedCase(), l2Channel),
		"case_escalated":              blocks.Escalated(escalation.Escalated{Report: open}, dm(ava)),
		"case_escalated_joined":       blocks.Escalated(escalation.Escalated{Report: escalated(escalation.Claimed), Joined: true}, dm(ben)),
		"case_escalated_already":      blocks.Escalated(escalation.Escalated{Report: open, Joined: true, Already: true}, blocks.CaseReader{Uncalled: true}),
		"case_premature":              blocks.Premature(actions.Words{Sentence: premature().Premature}, "u-1", actions.ActUnlock),
		"case_premature_without_help": blocks.Premature(actions.Words{Sentence: "L2 can't help yet."}, "u-1", ""),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, message) })
	}
}

func TestGoldenOfCaseEvents(t *testing.T) {
	const answer = "She uses her own server.\n\nNothing has arrived since Monday."
	opened, claimed, asked := escalation.Open, escalation.Claimed, escalation.WaitingAgent
	offered := toward(happened(escalation.EventOffered, "", ""), liv)
	before := escalation.EventReport{Event: happened(escalation.EventOpened, ava, "The password-reset e-mail doesn't arrive."), Report: reopenedCase()}
	for name, message := range map[string]blocks.Message{
		"case_event_opened":          blocks.CaseEvent(before, l2Channel),
		"case_event_opened_other":    blocks.CaseEvent(escalation.EventReport{Event: happened(escalation.EventOpened, ava, ""), Report: anotherKind(escalation.Security)}, l2Channel),
		"case_event_joined":          blocks.CaseEvent(told(opened, happened(escalation.EventJoined, ben, "Mine can't log in either.")), l2Channel),
		"case_event_handed_back":     blocks.CaseEvent(told(opened, toward(happened(escalation.EventHandedBack, mia, ""), liv)), l2Channel),
		"case_event_asked":           blocks.CaseEvent(told(asked, happened(escalation.EventAsked, liv, "Which mail server does she use?")), l2Channel),
		"case_event_replied":         blocks.CaseEvent(told(claimed, happened(escalation.EventReplied, ava, answer)), l2Channel),
		"case_event_waiting":         blocks.CaseEvent(told(escalation.WaitingCustomer, happened(escalation.EventWaiting, ava, answer)), l2Channel),
		"case_event_resolved":        blocks.CaseEvent(told(escalation.Resolved, happened(escalation.EventResolved, mia, "Removed.")), l2Channel),
		"case_event_reopened":        blocks.CaseEvent(told(opened, happened(escalation.EventReopened, mia, "")), l2Channel),
		"case_event_half":            blocks.CaseEvent(reminded(opened, "first", escalation.HalfTime), l2Channel),
		"case_event_end":             blocks.CaseEvent(reminded(claimed, "resolution", escalation.AtTheEnd), l2Channel),
		"case_event_group":           blocks.CaseEvent(reminded(opened, "first", escalation.ToTheGroup), l2Channel),
		"case_event_offered":         blocks.CaseEvent(told(claimed, offered), l2Channel),
		"case_event_delisting":       blocks.CaseEvent(told(claimed, happened(escalation.EventDelisting, liv, "")), l2Channel),
		"case_event_delisted":        blocks.CaseEvent(told(claimed, happened(escalation.EventDelisted, liv, "")), l2Channel),
		"case_event_not_delisted":    blocks.CaseEvent(told(claimed, happened(escalation.EventNotDelisted, liv, "Amazon SES didn't answer.")), l2Channel),
		"case_event_reached":         blocks.CaseEvent(told(opened, happened(escalation.EventReached, "", "")), l2Channel),
		"case_event_urgent":          blocks.CaseEvent(told(claimed, happened(escalation.EventUrgent, ben, "")), l2Channel),
		"case_event_nudged":          blocks.CaseEvent(told(escalation.WaitingCustomer, toward(happened(escalation.EventNudged, "", ""), ava)), l2Channel),
		"case_event_agent_unreached": blocks.CaseEvent(told(claimed, gone()), l2Channel),
		"case_event_moved":           blocks.CaseEvent(told(claimed, toward(happened(escalation.EventReached, "", ""), "C0NEW")), l2Channel),
		"case_event_strange":         blocks.CaseEvent(told(claimed, happened("strange_thing", liv, "secret")), l2Channel),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, message) })
	}
}

func TestGoldenOfCaseNews(t *testing.T) {
	opened, claimed, asked := escalation.Open, escalation.Claimed, escalation.WaitingAgent
	unreached := happened(escalation.EventUnreached, "", "The channel is archived. Ask an admin to name another one.")
	for name, message := range map[string]blocks.Message{
		"case_news_asked":            blocks.CaseNews(told(asked, happened(escalation.EventAsked, liv, "Which mail server does she use?")), dm(ava)),
		"case_news_waiting":          blocks.CaseNews(told(escalation.WaitingCustomer, happened(escalation.EventWaiting, liv, "Please ask her.")), dm(ava)),
		"case_news_resolved":         blocks.CaseNews(told(escalation.Resolved, happened(escalation.EventResolved, mia, "Removed.")), dm(ava)),
		"case_news_reopened":         blocks.CaseNews(told(opened, happened(escalation.EventReopened, mia, "")), dm(ava)),
		"case_news_joined":           blocks.CaseNews(told(opened, happened(escalation.EventJoined, ben, "Mine can't log in either.")), dm(ava)),
		"case_news_handed_over":      blocks.CaseNews(told(claimed, toward(happened(escalation.EventHandedOver, ava, ""), ben)), dm(ben)),
		"case_news_unreached":        blocks.CaseNews(told(opened, unreached), dm(ava)),
		"case_leads":                 blocks.CaseForLeads(reminded(opened, "first", escalation.ToTheLeads), l2Channel),
		"case_leads_claimed":         blocks.CaseForLeads(reminded(claimed, "resolution", escalation.ToTheLeads), l2Channel),
		"case_leads_unreached":       blocks.CaseForLeads(told(opened, unreached), l2Channel),
		"case_news_nudged":           blocks.CaseNews(told(escalation.WaitingCustomer, toward(happened(escalation.EventNudged, "", ""), ava)), dm(ava)),
		"case_news_reached":          blocks.CaseNews(told(opened, happened(escalation.EventReached, "", "")), dm(ava)),
		"case_news_moved":            blocks.CaseNews(told(claimed, toward(happened(escalation.EventReached, "", ""), "C0NEW")), dm(ava)),
		"case_leads_agent_unreached": blocks.CaseForLeads(told(claimed, gone()), l2Channel),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, message) })
	}
}

// gone is that Ava can't be reached any more.
func gone() escalation.Event {
	return toward(happened(escalation.EventAgentUnreached, "", "Slack knows nobody of that ID any more."), ava)
}

func TestGoldenOfCaseModals(t *testing.T) {
	filled := blocks.EscalateForm{
		Kind: escalation.Security, Priority: escalation.Urgent, UserID: "u-1", Gateway: "GW-1002", Reason: "Somebody tries names.", Ticket: "#4712",
		Channel: "C0SUPPORT", Thread: "1773481920.000100",
	}
	unknown := escalating()
	unknown.Kind, unknown.Priority = "", ""
	for name, view := range map[string]slack.ModalViewRequest{
		"modal_escalate":           blocks.EscalateModal(escalating(), blocks.EscalateForm{}),
		"modal_escalate_filled":    blocks.EscalateModal(escalating(), filled),
		"modal_escalate_kind":      blocks.EscalateModal(unknown, blocks.EscalateForm{UserID: "u-1"}),
		"modal_escalate_address":   blocks.EscalateModal(typedAddress(), blocks.EscalateForm{Address: "new@acme.example"}),
		"modal_escalate_joins":     blocks.EscalateModal(joining(), blocks.EscalateForm{}),
		"modal_escalate_premature": blocks.EscalateModal(premature(), blocks.EscalateForm{}),
		"modal_escalate_whom":      blocks.EscalateWhomModal(blocks.EscalateForm{Kind: escalation.Account, Ticket: "#4711"}),
		"modal_case_ask":           blocks.AskModal(escalated(escalation.Claimed)),
		"modal_case_reply_open":    blocks.ReplyModal(escalated(escalation.Open)),
		"modal_case_reply":         blocks.ReplyModal(escalated(escalation.WaitingAgent)),
		"modal_case_resolve":       blocks.ResolveModal(escalated(escalation.Claimed)),
		"modal_case_resolve_other": blocks.ResolveModal(anotherKind(escalation.Other)),
		"modal_case_hand_over":     blocks.CaseHandOverModal(escalated(escalation.Claimed)),
	} {
		t.Run(name, func(t *testing.T) {
			goldenJSON(t, name, view)
			fineModal(t, view)
		})
	}
}
