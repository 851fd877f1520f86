package main

import (
	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

const noCode = "That isn't the code. 2 tries are left. Please ask for the newest code."

// verifies has somebody prove a caller by SMS, from the diagnosis and for its ticket,
// and returns the card of it.
func (d *helpdesk) verifies(who *conversation.Person, email string, answer *conversation.Message) *conversation.Message {
	d.t.Helper()
	answer.Click("Verify the caller").Opens("Verify the caller").Choose("Send a code by", d.bySMS(email)).Submit()
	card := who.ExpectDM("Verify the caller").Becomes("A code went out by SMS")
	card.Click("Enter code").Opens("Enter code").Fill("Code", codeIn(d.t, d.newestText())).Submit()
	return card.Becomes("Verified", "by SMS")
}

// verifyByMail: the code is read from the mail; a wrong one is said at its field.
func verifyByMail(d *helpdesk) {
	ava := d.ava()
	answer := ava.Command("/diagnose mia@acme.example #4711").Reads("mfa_failed")
	form := answer.Click("Verify the caller").Opens("Verify the caller", "Mia Ferrante").DoesntRead("mia@acme.example")
	form.Choose("Send a code by", "E-mail to m•••@a•••.example").Choose("What for?", "New second factor").Submit()
	form.IsClosed()
	card := ava.ExpectDM("Verify the caller", "New second factor", "#4711").OnlyFor("U0AGENT").Becomes("A code went out by e-mail to m•••@a•••.example")
	code := codeIn(d.t, d.mailTo("mia@acme.example").Text)
	typed := card.Click("Enter code").Opens("Enter code", "Mia Ferrante")
	typed.Fill("Code", wrong(code)).Submit()
	typed.Refuses("Code", noCode)
	card = card.Becomes("2 tries are left")
	typed.Fill("Code", code[:3]+" "+code[3:]).Submit()
	typed.IsClosed()
	card.Becomes("Verified", "by e-mail", "for #4711").DoesntRead(code).HasButtons()
	ava.Command("/diagnose mia@acme.example").Reads("Verified", "by e-mail", "for #4711").DoesntRead(code)
	ava.Command("/latchkey verify mia@acme.example").Opens("Verified", "There is nothing to do").Close()
	// The proof is for the ticket: a lead who works on it isn't asked again.
	d.lead().Command("/latchkey factor mia@acme.example #4711").Opens("New second factor", "Verified").DoesntRead("I know the caller").Close()
	d.lead().Command("/latchkey factor mia@acme.example #4712").Opens("New second factor", "Not verified", "I know the caller").Close()
	d.wantAudit(actions.ActVerify, actions.ActDone, actions.ActDone)
}

// verifyBySMS: the code is read from the text, and modals don't ask again.
func verifyBySMS(d *helpdesk) {
	ava := d.ava()
	answer := ava.Command("/diagnose sam@kowhai.example #4711").Reads("credential_shared")
	answer.Click("Re-enable").Opens("Re-enable", "Not verified", "I know the caller").Close()
	d.verifies(ava, "sam@kowhai.example", answer).Reads("for #4711").OnlyFor("U0AGENT")
	answer.Click("Re-enable").Opens("Re-enable", "Verified", "by SMS").DoesntRead("I know the caller").Close()
}

// codeAgain: three wrong ones end the proof, and another code can be sent.
func codeAgain(d *helpdesk) {
	ava := d.ava()
	form := ava.Command("/latchkey verify robert@acme.example #4711").Opens("Verify the caller")
	form.Choose("Send a code by", "E-mail to r•••@a•••.example").Submit()
	card := ava.ExpectDM("Verify the caller").Becomes("A code went out")
	code := codeIn(d.t, d.mailTo("robert@acme.example").Text)
	typed := card.Click("Enter code").Opens("Enter code")
	typed.Fill("Code", "soon").Submit()
	typed.Refuses("Code", "A code has 6 digits. Please type what the caller reads to you.")
	for _, said := range []string{
		noCode, "That isn't the code. 1 try is left. Please ask for the newest code.",
		"3 wrong codes: this one is void now. Be wary: whoever calls doesn't read the owner's messages. You can send another code, or have a lead vouch for the caller.",
	} {
		typed.Fill("Code", wrong(code)).Submit()
		typed.Refuses("Code", said)
	}
	typed.Close()
	card = card.Becomes("The caller isn't verified").HasButtons("Send another code")
	card.Click("Send another code").Opens("Verify the caller", "Robert Stone").Submit()
	another := ava.ExpectDM("Verify the caller").Becomes("A code went out")
	others := d.bo().ClickGone("enter_code", d.valueOf(another, "Enter code")).Opens("Enter code")
	others.Fill("Code", code).Submit()
	others.Refuses("Code", "<@U0AGENT> asked for this code, so only they can enter it. Please send one of your own.")
	others.Close()
	d.wantAudit(actions.ActVerify, actions.ActDone, actions.ActFailed, actions.ActDone)
}
