package main

import (
	"net/http"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

const knowsTheCaller = "I know the caller, and a lead answers for it"

// asksToReenableSam has Ava ask, vouching for him, and returns her card and what
// the two leads are asked.
func (d *helpdesk) asksToReenableSam() (card, lead, boss *conversation.Message) {
	d.t.Helper()
	ava := d.ava()
	form := ava.Command("/reenable sam@kowhai.example #4711").Opens("Re-enable", "Not verified", "A second person will be asked")
	form.Tick("Verified", knowsTheCaller).Fill("Reason", "the ward shared it").Submit()
	form.IsClosed()
	card = ava.ExpectDM("Re-enable – waiting for a second person", "Waiting for a lead: asked <@U0BOSS>, <@U0LEAD>", "vouches for them")
	lead, boss = d.asked("<@U0AGENT> asks for *Re-enable*", "says that they know the caller", "you answer for it, too")
	return card, lead, boss
}

// asked are the questions to the two leads, which read so.
func (d *helpdesk) asked(parts ...string) (lead, boss *conversation.Message) {
	d.t.Helper()
	lead, boss = d.lead().ExpectDM(parts...).OnlyFor("U0LEAD"), d.boss().ExpectDM(parts...).OnlyFor("U0BOSS")
	return lead.Becomes(parts...), boss.Becomes(parts...)
}

// reenableAfterSharing: the caller is proven, a lead approves, and password,
// sessions and login follow in this order.
func reenableAfterSharing(d *helpdesk) {
	ava := d.ava()
	answer := ava.Command("/diagnose sam@kowhai.example #4711").Reads("credential_shared")
	d.verifies(ava, "sam@kowhai.example", answer)
	form := answer.Click("Re-enable").Opens("Re-enable", "Verified", "Replaces the password", "A second person will be asked").DoesntRead("I know the caller")
	form.Fill("Reason", "the ward shared it").Submit()
	card := ava.ExpectDM("Re-enable – waiting for a second person", "Waiting for a lead: asked <@U0BOSS>, <@U0LEAD>").DoesntRead("vouches")
	lead, boss := d.asked("<@U0AGENT> asks for *Re-enable*", "Sam Whetu", "Replaces the password", "Ends every session", "Verified", "by SMS", "the ward shared it", "#4711")
	lead.HasButtons("Approve", "Decline")
	d.wantChanges()
	lead.Click("Approve")
	lead.Becomes("Approved by <@U0LEAD>").HasButtons()
	boss.Becomes("Approved by <@U0LEAD>").HasButtons()
	card.Becomes("Re-enable – done", "Approved by <@U0LEAD>", "Notice by e-mail", "· sent ·", "Say to the customer")
	d.wantChanges(actions.ChangePasswordSet, actions.ChangeSessions, actions.ChangeEnabled)
	d.goesIn(d.mailTo("sam@kowhai.example", "/l/"), "u-sam", actions.LinkReset)
	row := d.wantAudit(actions.ActReenable, actions.ActDone)[0]
	if row.Actor != "U0AGENT" || row.Approver != "U0LEAD" || row.Subject != "u-sam" {
		d.t.Errorf("it is recorded as %+v", row)
	}
}

// attestedAndDeclined: nobody proved the caller, and the lead doesn't answer for
// it.
func attestedAndDeclined(d *helpdesk) {
	card, lead, boss := d.asksToReenableSam()
	boss.Click("Decline")
	boss.Becomes("Declined by <@U0BOSS>").HasButtons()
	lead.Becomes("Declined by <@U0BOSS>").HasButtons()
	card.Becomes("Re-enable – not done", "<@U0BOSS> declined it", "Nothing was changed")
	d.wantChanges()
	d.wantAudit(actions.ActReenable, actions.ActRefused)
}

// nobodyApprovesThemselves: a lead's own act goes to the other one.
func nobodyApprovesThemselves(d *helpdesk) {
	answer := d.lead().Command("/diagnose mia@acme.example #4711").Reads("mfa_failed")
	form := answer.Click("New second factor").Opens("New second factor", "Takes the second factor away", "A second person will be asked")
	form.Tick("Verified", knowsTheCaller).Fill("Reason", "a new telephone").Submit()
	card := d.lead().ExpectDM("New second factor – waiting for a second person", "asked <@U0BOSS>,").DoesntRead("<@U0BOSS>, <@U0LEAD>")
	ask := d.boss().ExpectDM("<@U0LEAD> asks for *New second factor*", "Mia Ferrante").Becomes("Mia Ferrante")
	approval := d.valueOf(ask, "Approve")
	d.lead().ClickGone("approve", approval).Reads("You asked for this yourself, so another lead or admin has to approve it").OnlyFor("U0LEAD")
	d.ava().ClickGone("approve", approval).Reads("That takes a lead")
	d.wantChanges()
	ask.Click("Approve")
	ask.Becomes("Approved by <@U0BOSS>")
	card.Becomes("New second factor – done", "Approved by <@U0BOSS>", "· sent ·")
	d.mailTo("mia@acme.example")
	d.wantChanges(actions.ChangeSessions, actions.ChangeFactor)
	d.wantAudit(actions.ActResetFactor, actions.ActDone)
	d.wantAudit(actions.ActApprove, actions.ActRefused, actions.ActRefused)
}

// twoLeadsAtOnce: one act, and both read who was first.
func twoLeadsAtOnce(d *helpdesk) {
	card, lead, boss := d.asksToReenableSam()
	next := boss.HoldClick("Approve")
	lead.Click("Approve") // the answer comes later than the next click
	next()
	card = card.Becomes("Re-enable – done", "· sent ·")
	lead, boss = lead.Becomes("Approved by"), boss.Becomes("Approved by")
	row := d.wantAudit(actions.ActReenable, actions.ActDone)[0]
	card.Reads("Approved by <@" + row.Approver + ">")
	lead.Reads("Approved by <@" + row.Approver + ">").HasButtons()
	boss.Reads("Approved by <@" + row.Approver + ">").HasButtons()
}

// reenableTheDisabled is for a lead, who may vouch for the caller.
func reenableTheDisabled(d *helpdesk) {
	d.ava().Command("/reenable dan@redwood.example he asked #4711").Reads("That takes a lead")
	answer := d.lead().Command("/diagnose dan@redwood.example #4711").Reads("user_disabled")
	form := answer.Click("Re-enable").Opens("Re-enable", "Makes the disabled user active again").DoesntRead("second person")
	form.Fill("Reason", "the offboarding was a mistake").Submit()
	form.Refuses("Verified", "Please complete this required field.")
	form.Tick("Verified", knowsTheCaller).Submit()
	d.lead().ExpectDM("Re-enable – done", "vouches for them").Becomes("· sent ·")
	d.lead().Command("/reenable dan@redwood.example once more").Reads("The user isn't disabled")
	d.wantChanges(actions.ChangeEnabled)
}

// sessions are for L2 and leads; a protected customer needs a second person for
// whatever is written.
func sessions(d *helpdesk) {
	d.ava().Command("/latchkey sessions gus@okafor.example #4711").Reads("That takes L2 or a lead")
	answer := d.eltwo().Command("/diagnose gus@okafor.example #4711").Reads("account_taken_over")
	answer.Click("End all sessions").Opens("End all sessions", "Ends every session").Fill("Reason", "somebody else is in").Submit()
	d.eltwo().ExpectDM("End all sessions – done", "everybody was signed out")
	d.wantChanges(actions.ChangeSessions)
	d.eltwo().Command("/latchkey sessions grace@acme.example").Opens("End all sessions", "This customer is protected").Fill("Reason", "she asked").Submit()
	card := d.eltwo().ExpectDM("End all sessions – waiting for a second person", "Grace")
	lead, boss := d.asked("<@U0ELTWO> asks for *End all sessions*", "Grace Abernathy")
	lead.Click("Approve")
	lead.Becomes("Approved by <@U0LEAD>")
	boss.Becomes("Approved by <@U0LEAD>")
	card.Becomes("End all sessions – done")
	d.wantChanges(actions.ChangeSessions, actions.ChangeSessions)
}

// reinviteAndUndo: the profile is made anew, and put back.
func reinviteAndUndo(d *helpdesk) {
	more := d.lead().Command("/diagnose robert@acme.example #4711").Click("More remedies").Reads("Robert Stone")
	form := more.Click("Delete and re-invite").Opens("Delete and re-invite", "Notes ", "Deletes the profile", "Can be undone for 24 hours")
	form.Tick("Verified", knowsTheCaller).Fill("Reason", "nothing else helped").Submit()
	card := d.lead().ExpectDM("Delete and re-invite – waiting for a second person")
	ask := d.boss().ExpectDM("<@U0LEAD> asks for *Delete and re-invite*", "Deletes the profile").Becomes("Deletes the profile")
	ask.Click("Approve")
	ask.Becomes("Approved by <@U0BOSS>")
	card = card.Becomes("Delete and re-invite – done", "· sent ·")
	d.wantChanges(actions.ChangeDeleted, actions.ChangeCreated)
	mail := d.mailTo("robert@acme.example", "/l/")
	d.lead().Command("/diagnose robert@acme.example").Reads("Robert Stone")
	undo := d.valueOf(card, "Undo")
	card.Click("Undo").Opens("Undo", "Puts the profile back as it was", "Deletes the new profile").Fill("Reason", "he found his password").Submit()
	d.lead().ExpectDM("Undo – done", "Robert Stone")
	d.wantChanges(actions.ChangeDeleted, actions.ChangeCreated, actions.ChangeDeleted, actions.ChangeCreated)
	if status, _, page := d.clickLink(mail, actions.LinkGoOn); status == http.StatusSeeOther {
		d.t.Errorf("the link of the deleted profile answers %d: %s", status, page)
	}
	card.Loses("Undo").Reads("Delete and re-invite – done")
	d.lead().ClickGone("undo_reinvite", undo).Reads("There is nothing to undo")
	d.wantAudit(actions.ActReinvite, actions.ActDone)
	d.wantAudit(actions.ActUndoReinvite, actions.ActDone, actions.ActRefused)
}
