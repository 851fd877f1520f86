package blocks_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

// L2's question stands on the agent's card in full, however long it is.
func TestQuestionIsThereInFull(t *testing.T) {
	question := strings.TrimSpace(strings.Repeat("why & where? ", escalation.TextLimit/13))
	r := escalated(escalation.WaitingAgent)
	r.Events[len(r.Events)-1].Text = question
	for _, text := range []string{read(t, blocks.CaseForAgent(r, dm(ava))), blocks.CaseForAgent(r, dm(ava)).Text} {
		if !strings.Contains(text, "> "+strings.ReplaceAll(question, "&", "&amp;")) {
			t.Errorf("it isn't there in full:\n%s", text)
		}
	}
}

// longTexts are as long as what people write may be, or have as many lines.
func longTexts() map[string]string {
	return map[string]string{
		"ShortLines":  strings.Repeat("x\n", 903) + "x", // 1,807 characters
		"EmptyLines":  "first" + strings.Repeat("\n", escalation.TextLimit-9) + "last",
		"Escaped":     strings.Repeat("<&>\n", escalation.TextLimit/4-1) + "last",
		"OneLine":     strings.Repeat("&", escalation.TextLimit-4) + "last",
		"TwoLines":    strings.Repeat("<", 990) + "\n" + strings.Repeat("a & ", 252) + "x",
		"Quotes":      strings.Repeat(`"`, escalation.TextLimit),
		"RightToLeft": strings.Repeat("אב\n", escalation.TextLimit/3),
		"Wide":        strings.Repeat("ü", escalation.TextLimit),
		"Words":       strings.TrimSpace(strings.Repeat("why & where? ", escalation.TextLimit/13)),
	}
}

// unquoted is what stands in quotes in a message, as it was written.
func unquoted(t *testing.T, blocks []object) string {
	t.Helper()
	var lines []string
	for _, block := range blocks {
		text := block.object("text").string("text")
		if !block.is("section") || !strings.HasPrefix(text, ">") {
			continue
		}
		for line := range strings.SplitSeq(text, "\n") {
			written, is := strings.CutPrefix(line, ">")
			if !is {
				t.Errorf("the line %.40q isn't quoted", line)
			}
			lines = append(lines, strings.TrimPrefix(written, " "))
		}
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "\u2068", "", "\u2069", "").Replace(strings.Join(lines, "\n"))
}

// quotingMessages is each message that has a text of somebody's in full.
func quotingMessages(text string) map[string]blocks.Message {
	all := map[string]blocks.Message{}
	for _, kind := range []escalation.EventKind{
		escalation.EventAsked, escalation.EventReplied, escalation.EventWaiting, escalation.EventResolved, escalation.EventJoined,
	} {
		e := told(escalation.Claimed, happened(kind, ava, text))
		all["event "+string(kind)], all["news "+string(kind)] = blocks.CaseEvent(e, l2Channel), blocks.CaseNews(e, dm(ava))
	}
	for _, state := range []escalation.State{escalation.WaitingAgent, escalation.WaitingCustomer, escalation.Resolved} {
		r := escalated(state)
		r.Case.Note, r.Events[len(r.Events)-1].Text = text, text
		if state == escalation.Resolved {
			all["case"] = blocks.Case(r, l2Channel)
			r.Tell = escalation.TellCustomer(r.Case.Kind, r.Case.Outcome, "de-DE")
		}
		all["agent "+string(state)] = blocks.CaseForAgent(r, dm(ava))
	}
	return all
}

// What somebody wrote stands there in full, with what there is to do about it, in
// however many lines and signs it is written.
func TestLongTextsAreThereInFull(t *testing.T) {
	for name, text := range longTexts() {
		if n := utf8.RuneCountInString(text); n > escalation.TextLimit {
			t.Fatalf("%s has %d characters", name, n)
		}
		text = strings.TrimSpace(text)
		check := func(where string, all []object) {
			got, want, cut := unquoted(t, all), text, strings.Contains(fmt.Sprint(all), "too long for Slack")
			if name == "OneLine" || name == "TwoLines" { // are broken where a paragraph ends
				got, want = strings.ReplaceAll(got, "\n", ""), strings.ReplaceAll(want, "\n", "")
			}
			if got != want || cut {
				t.Errorf("%s: the %s has %d of %d characters, and something is left out: %t", name, where, utf8.RuneCountInString(got), utf8.RuneCountInString(want), cut)
			}
		}
		for where, message := range quotingMessages(text) {
			withinLimits(t, message)
			nothingLinked(t, message)
			all, _ := sent(t, message)
			check(where, all)
		}
		r := escalated(escalation.WaitingAgent)
		r.Events[len(r.Events)-1].Text = text
		view := blocks.ReplyModal(r)
		fineModal(t, view)
		all, _ := sent(t, blocks.Message{Blocks: view.Blocks.BlockSet})
		check("modal", all)
	}
}

// What is told again when Slack takes a case again is all that was known of it.
func TestDetailsAreToldAgain(t *testing.T) {
	r := reopenedCase()
	r.Before.Note = longTexts()["ShortLines"]
	opened := blocks.CaseEvent(escalation.EventReport{Event: r.Events[0], Report: r}, l2Channel)
	reached := blocks.CaseEvent(escalation.EventReport{Event: happened(escalation.EventReached, "", ""), Report: r}, l2Channel)
	first, _ := sent(t, opened)
	again, _ := sent(t, reached)
	if fmt.Sprint(again[1:]) != fmt.Sprint(first) || !strings.HasPrefix(reached.Text, "Slack takes this case again.") {
		t.Errorf("told again is\n%s\nand not\n%s", read(t, reached), read(t, opened))
	}
	if text := read(t, reached); inOrder(text, "<@U0AVA> escalated this", "> The password-reset", "Gateway ID: GW-1001", "What the diagnosis found", "not listed", "was escalated lately", "> x\n") != "" {
		t.Errorf("what was known isn't told:\n%s", text)
	}
	r.Events = nil
	if text := read(t, blocks.CaseEvent(escalation.EventReport{Event: happened(escalation.EventReached, "", ""), Report: r}, l2Channel)); inOrder(text, "*<@U0AVA> escalated this:*", r.Case.Reason) != "" {
		t.Errorf("without a history it reads\n%s", text)
	}
}

// Leads can have somebody go on with a case until it is resolved.
func TestLeadsHandOver(t *testing.T) {
	for _, state := range everyState() {
		for _, kind := range []escalation.EventKind{escalation.EventReminded, escalation.EventUnreached} {
			got := strings.Join(buttons(t, blocks.CaseForLeads(told(state, happened(kind, "", "why")), l2Channel)), ",")
			want := string(actions.ActCaseHandOver) + " K7QXNMPLBLOCKLIST"
			if state == escalation.Resolved {
				want = ""
			}
			if got != want {
				t.Errorf("%s, %s: the buttons are %q, want %q", state, kind, got, want)
			}
		}
	}
}
