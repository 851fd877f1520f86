package blocks_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

// lateBy is a case at a moment at which one of its clocks has ended at least.
func lateBy(state escalation.State, firstBy, resolveBy time.Time) escalation.Report {
	r := escalated(state)
	r.FirstBy, r.ResolveBy, r.Overdue = firstBy, resolveBy, true
	return r
}

// What is late is the clock that has run out, and not the one that is named beside it.
func TestLateIsTheClockThatRanOut(t *testing.T) {
	past, long, soon := ago(time.Hour), ago(3*time.Hour), now.Add(2*time.Hour)
	back := lateBy(escalation.Open, soon, past)
	reminded := lateBy(escalation.Open, past, long)
	reminded.Case.First.Sent = escalation.AtTheEnd
	before := lateBy(escalation.Open, past, soon)
	before.Case.Resolution.Sent = escalation.HalfTime
	const claimLate, claimBy, resolutionLate = "*overdue:* claim by", "· claim by", "*resolution overdue* since"
	for name, row := range map[string]struct {
		report      escalation.Report
		want, never []string // on L2's card
		agent       string
	}{
		"HandedBack": {back, []string{claimBy, resolutionLate}, []string{claimLate}, fmt.Sprintf("claimed it yet.* They have until <!date^%d^{date_short_pretty} {time}|2026-03-14 11:52 UTC>. The resolution is *overdue* since", soon.Unix())},
		"First":      {before, []string{claimLate}, []string{resolutionLate}, "claimed it yet.* It is *overdue*"},
		"Both":       {reminded, []string{claimLate, resolutionLate}, nil, "claimed it yet.* It is *overdue*"},
		"Claimed":    {lateBy(escalation.Claimed, time.Time{}, past), []string{"*overdue:* resolve by"}, []string{claimLate}, " It is *overdue*"},
		"Waiting":    {lateBy(escalation.WaitingAgent, time.Time{}, past), []string{"*overdue:* resolve by"}, []string{claimLate}, "*L2 asks you:*"},
	} {
		t.Run(name, func(t *testing.T) {
			text := read(t, blocks.Case(row.report, l2Channel))
			if missing := inOrder(text, row.want...); missing != "" || len(row.never) > 0 && mentionsAny(text, row.never) {
				t.Errorf("%q isn't there, or one of %q is, in:\n%s", missing, row.never, text)
			}
			if text := read(t, blocks.CaseForAgent(row.report, dm(ava))); !strings.Contains(text, row.agent) {
				t.Errorf("%q isn't in:\n%s", row.agent, text)
			}
		})
	}
}

// Each line of the part that is late says which clock is, and since when.
func TestListSaysWhichClockIsLate(t *testing.T) {
	past, long, soon := ago(time.Hour), ago(3*time.Hour), now.Add(2*time.Hour)
	since := fmt.Sprintf("<!date^%d^", past.Unix())
	for name, row := range map[string]struct {
		state         escalation.State
		first, second time.Time
		want          string
		never         string
	}{
		"Claim":      {escalation.Open, past, soon, "*claim overdue* since " + since, "resolution overdue"},
		"HandedBack": {escalation.Open, soon, past, "*resolution overdue* since " + since, "claim overdue"},
		"Both":       {escalation.Open, past, long, "*claim overdue* since " + since + "{date_short_pretty} {time}|2026-03-14 08:52 UTC> · *resolution overdue* since", "none"},
		"Claimed":    {escalation.Claimed, time.Time{}, past, "*resolution overdue* since " + since, "claim overdue"},
		"InTime":     {escalation.Claimed, time.Time{}, soon, "with <@U0LIV> · case", "overdue* since"},
	} {
		t.Run(name, func(t *testing.T) {
			c := escalated(row.state).Case
			c.First.EndsAt, c.Resolution.EndsAt = row.first, row.second
			lists := listed(escalation.Overdue, map[escalation.Which]escalation.Part{escalation.Overdue: {Cases: []escalation.Case{c}}})
			if text := read(t, blocks.Cases(lists, linkedCase, now)); !strings.Contains(text, row.want) || strings.Contains(text, row.never) {
				t.Errorf("%q isn't there, or %q is, in:\n%s", row.want, row.never, text)
			}
		})
	}
}

// A reminder is true when it is read: it says what was, and calls whom it concerns.
func TestReminders(t *testing.T) {
	for name, row := range map[string]struct {
		event escalation.EventReport
		want  string
	}{
		"Half":     {reminded(escalation.Open, "first", escalation.HalfTime), "*Half of the time for the first claim is over.* Nobody had claimed this case at"},
		"Claimed":  {reminded(escalation.Claimed, "resolution", escalation.HalfTime), "and <@U0LIV> has it. There is time until"},
		"End":      {reminded(escalation.Claimed, "resolution", escalation.AtTheEnd), "*The time for the resolution is over.*"},
		"Group":    {reminded(escalation.Open, "first", escalation.ToTheGroup), "<!subteam^S0L2> *this case is overdue"},
		"Leads":    {reminded(escalation.Open, "first", escalation.ToTheLeads), "The leads are told."},
		"Resolved": {reminded(escalation.Resolved, "resolution", escalation.AtTheEnd), "This case wasn't resolved at"},
		"Strange":  {reminded(escalation.Open, "first", 9), "*Mind the time for the first claim.*"},
	} {
		t.Run(name, func(t *testing.T) {
			if text := read(t, blocks.CaseEvent(row.event, l2Channel)); !strings.Contains(text, row.want) {
				t.Errorf("%q isn't in %q", row.want, text)
			}
		})
	}
	long := escalated(escalation.Claimed)
	long.Case.HeardAt = now.Add(time.Hour) // since the offer
	e := escalation.EventReport{Event: toward(happened(escalation.EventOffered, "", ""), liv), Report: long}
	if text := read(t, blocks.CaseEvent(e, l2Channel)); !strings.Contains(text, "<@U0LIV> hasn't been heard of: anybody") {
		t.Errorf("the offer reads %q", text)
	}
}

// What time or Slack did calls whom it concerns, and says what to do.
func TestEventsCallWhomTheyConcern(t *testing.T) {
	raised, nudged := happened(escalation.EventUrgent, ben, ""), toward(happened(escalation.EventNudged, "", ""), ava)
	const over = "Somebody else has to take the agents' side:"
	for name, row := range map[string]struct {
		message blocks.Message
		want    string
	}{
		"UrgentOpen":    {blocks.CaseEvent(told(escalation.Open, raised), l2Channel), "<!subteam^S0L2> *this case is urgent now:* <@U0BEN> escalated the same as urgent."},
		"UrgentClaimed": {blocks.CaseEvent(told(escalation.Claimed, raised), l2Channel), "<@U0LIV> *this case is urgent now:*"},
		"Nudged":        {blocks.CaseEvent(told(escalation.WaitingCustomer, nudged), l2Channel), "*This case still waits for the customer* since <!date^"},
		"NudgedAgent":   {blocks.CaseNews(told(escalation.WaitingCustomer, nudged), dm(ava)), "Please ask them again, and press Reply above"},
		"Gone":          {blocks.CaseEvent(told(escalation.Claimed, gone()), l2Channel), "<@U0AVA>, who has this case on the agents' side, can't be reached.* Slack knows nobody of that ID any more. " + over},
		"GoneLeads":     {blocks.CaseForLeads(told(escalation.Claimed, gone()), l2Channel), "can't be reached.* Slack knows nobody of that ID any more. " + over + " please press Hand over"},
		"GoneResolved":  {blocks.CaseForLeads(told(escalation.Resolved, gone()), l2Channel), "The case is resolved now, and somebody has to tell the customer."},
		"Moved":         {blocks.CaseEvent(told(escalation.Claimed, toward(happened(escalation.EventReached, "", ""), "C0NEW")), l2Channel), "*This case goes on in this channel*"},
		"MovedAgent":    {blocks.CaseNews(told(escalation.Claimed, toward(happened(escalation.EventReached, "", ""), "C0NEW")), dm(ava)), "*L2 has your case in another channel now.*"},
		"Reached":       {blocks.CaseNews(told(escalation.Claimed, happened(escalation.EventReached, "", "")), dm(ben)), "*L2 has your case now.*"},
		"Strange":       {blocks.CaseEvent(told(escalation.Claimed, happened("strange_thing", liv, "x")), l2Channel), "*strange thing*, by <@U0LIV>. The card shows"},
		"StrangeNews":   {blocks.CaseNews(told(escalation.Claimed, happened("strange_thing", "", "x")), dm(ava)), "*strange thing*. The card shows"},
		"StrangeLeads":  {blocks.CaseForLeads(told(escalation.Claimed, happened("strange_thing", "", "x")), l2Channel), "*strange thing*. The card shows"},
	} {
		t.Run(name, func(t *testing.T) {
			if text := read(t, row.message); !strings.Contains(text, row.want) {
				t.Errorf("%q isn't in:\n%s", row.want, text)
			}
		})
	}
}
