package main

import (
	"fmt"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

// handOver gives a closed account to who decides about it.
func handOver(d *helpdesk) {
	ava := d.ava()
	answer := ava.Command("/diagnose carla@cedar.example #4711").Reads("account_cancelled")
	form := answer.Click("Hand over").Opens("Hand over", "GW3001", "Billing decides whether it opens again",
		"<https://tickets.example/?q=GW3001|Tickets>", "<https://crm.example/GW3001|CRM>", "the owner of the account by mail, and the leads")
	form.Fill("Reason", "the whole team is out").Submit()
	ava.ExpectDM("Hand over – done", "Say to the customer").Becomes("Notice by e-mail", "· sent ·")
	for _, lead := range []*conversation.Person{d.lead(), d.boss()} {
		lead.ExpectDM("<@U0AGENT> hands a customer over to you", "GW3001", "the whole team is out", "#4711")
	}
	d.mailTo("lena.brandt@skylark.example", "GW3001", "https://tickets.example/?q=GW3001")
	ava.Command("/latchkey handover robert@acme.example he asked").Reads("No account of theirs is closed")
	d.wantChanges()
	d.wantAudit(actions.ActHandOver, actions.ActDone, actions.ActRefused)
}

// brake: who does more than 20 things in an hour is stopped until a lead releases
// them.
func brake(d *helpdesk) {
	ava := d.ava()
	for i := range 20 {
		ava.Command(fmt.Sprintf("/latchkey username %s call %d #4711", residents[1].email(), i))
		ava.ExpectEphemeral("Send user name", "done")
	}
	ava.MayRead("Send user name for Robert Stone – done") // their cards
	ava.Command("/latchkey username " + residents[1].email() + " once more")
	ava.ExpectEphemeral("You did unusually much within an hour")
	ava.Command("/diagnose jane@acme.example")
	ava.ExpectEphemeral("You did unusually much within an hour").DoesntRead("Jane")
	told, other := d.lead().ExpectDM("<@U0AGENT> was stopped", "more than 20 changes"), d.boss().ExpectDM("<@U0AGENT> was stopped")
	form := told.HasButtons("Release").Click("Release").Opens("Release a colleague", "<@U0AGENT>")
	form.Submit()
	form.Refuses("Reason", "Please complete this required field.")
	form.Fill("Reason", "I called her, it was her").Submit()
	told.Becomes("Released by <@U0LEAD>").HasButtons()
	other.Becomes("Released by <@U0LEAD>").HasButtons()
	d.boss().ClickGone("release_brake", "U0AGENT").Reads("isn't stopped any more")
	ava.Command("/diagnose jane@acme.example")
	ava.ExpectEphemeral("Jane Doe", "locked")
	d.wantAudit(actions.ActBraked, actions.ActRefused)
	d.wantAudit(actions.ActReleaseBrake, actions.ActDone)
}

// deadLetter: what Slack didn't take is seen by leads, who retry it.
func deadLetter(d *helpdesk) {
	ava := d.ava()
	d.slack.Fail("chat.postMessage", slackfake.Failure{Error: "restricted_action", Times: 1})
	ava.Command("/unlock jane@acme.example she mistyped it #4711").Reads("Unlock", "done")
	list := d.lead().Command("/latchkey outbox")
	for strings.Contains(list.Words(), "Everything was delivered") {
		list = d.lead().Command("/latchkey outbox")
	}
	list.Reads("1 message wasn't delivered", "Card of an act", "<@U0AGENT>").DoesntRead("Jane").OnlyFor("U0LEAD")
	form := list.Click("Retry").Opens("Deliver once more")
	form.Fill("Reason", "the channel is open again").Submit()
	d.lead().ExpectDM("It is being delivered once more")
	ava.ExpectDM("Unlock – done", "Jane Doe")
	d.lead().Command("/latchkey outbox").Reads("Everything was delivered")
	ava.Command("/latchkey outbox").Reads("That takes a lead")
	d.wantAudit(actions.ActRetryLetter, actions.ActDone)
}

// foreignChannel: nothing is changed where it wasn't meant to be; it goes on in
// the direct message, with nothing to retype.
func foreignChannel(d *helpdesk) {
	ava := d.ava().In("C0RANDOM")
	answer := ava.Command("/diagnose jane@acme.example #4711").Reads("locked")
	form := answer.Click("Unlock").Reads("Continue in DM").OnlyFor("U0AGENT").Click("Continue in DM").Opens("Unlock", "Jane Doe")
	form.Fill("Reason", "she mistyped it").Submit()
	ava.ExpectDM("Unlock – done", "Jane Doe", "#4711")
	ava.Command("/unlock nora@harborline.example back from abroad #4712").Click("Continue in DM")
	ava.ExpectDM("Unlock – done", "Nora", "back from abroad", "#4712")
	offered := d.ava().In("C0RANDOM").Command("/profile robert@acme.example")
	offered.Click("Continue in DM").Opens("Change e-mail or mobile", "Robert Stone").Close()
	d.wantChanges(actions.ChangeUnlocked, actions.ChangeUnlocked)
}

// whoMay: who has a role, but not the one, reads who may do it; who has none
// reads nothing.
func whoMay(d *helpdesk) {
	answer := d.ava().Command("/diagnose robert@acme.example #4711").Reads("Robert Stone")
	for _, command := range []string{"/latchkey factor robert@acme.example", "/latchkey reinvite robert@acme.example", "/latchkey outbox"} {
		d.ava().Command(command).Reads("That takes a lead").DoesntRead("Robert", "E-").OnlyFor("U0AGENT")
	}
	d.ava().Command("/latchkey sessions robert@acme.example").Reads("That takes L2 or a lead")
	for _, button := range []string{"reset_factor", "reinvite", "undo_reinvite", "approve", "decline", "release_brake", "retry_letter"} {
		d.ava().ClickGone(button, "u-robert").Reads("That takes a lead").DoesntRead("Robert", "E-")
	}
	more := answer.Click("More remedies").Reads("Robert Stone").DoesntRead("Delete and re-invite", "New second factor", "End all sessions")
	if len(more.Buttons()) == 0 {
		d.t.Error("nothing is offered")
	}
	d.ava().Command("/profile ada@pennine.example").Reads("Strangers try this login, so no contact is changed now. Hand it to L2.").DoesntRead("E-")
	nobody := d.talk.As("U0NOBODY")
	for _, command := range []string{"/unlock robert@acme.example", "/profile robert@acme.example", "/latchkey outbox", "/latchkey verify robert@acme.example"} {
		nobody.Command(command).Reads("aren't set up").DoesntRead("Robert", "lead or").OnlyFor("U0NOBODY")
	}
	for _, button := range []string{"unlock", "verify_caller", "more_remedies", "approve"} {
		nobody.ClickGone(button, "u-robert").Reads("aren't set up").DoesntRead("Robert")
	}
	d.wantChanges()
}

// buttonsThatOnlyRead stand under every diagnosis.
func buttonsThatOnlyRead(d *helpdesk) {
	ava := d.ava()
	answer := ava.Command("/diagnose jane@acme.example #4711").Reads("Jane Doe")
	answer.Click("Show history").Reads("Attempts to log in", "Jane Doe")
	answer.Click("Copy ticket note").Reads("Ticket: #4711")
	answer.Click("Share in channel").Reads("shared by <@U0AGENT>")
	for label, says := range map[string]string{"Mark as right": "You said that the diagnosis was right", "Mark as wrong": "the diagnosis was wrong"} {
		answer.Click("Tell me when they're in").Reads("Jane")
		d.logsIn(d.events, actions.Success)
		ava.ExpectDM("Jane", "in at", "Was the diagnosis right?").Click(label).Reads(says)
	}
	ava.OpensHome().Reads("Diagnose somebody").Click("Diagnose somebody").Opens("Diagnose somebody").Fill("Who can't log in?", "robert@acme.example").Submit()
	ava.ExpectDM("Robert Stone", "wrong_password")
	elsewhere := ava.In("C0RANDOM").Command("/diagnose robert@acme.example")
	elsewhere.Click("Continue in DM")
	ava.ExpectDM("Robert Stone")
	ava.ExpectEphemeral("The answer is in our direct message")
}
