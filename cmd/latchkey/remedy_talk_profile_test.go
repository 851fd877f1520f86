package main

import (
	"net/http"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/sandbox"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

const newAddress = "robert.stone@elsewhere.example"

// changesRobertsMail verifies Robert and asks for a new address, up to the mail to
// the old one that asks him.
func (d *helpdesk) changesRobertsMail() (card *conversation.Message, mail sandbox.Mail) {
	d.t.Helper()
	ava := d.ava()
	d.verifies(ava, "robert@acme.example", ava.Command("/diagnose robert@acme.example #4711").Reads("Robert Stone"))
	form := ava.Command("/profile robert@acme.example").Opens("Change e-mail or mobile", "Verified", "this directory can't hold back its own reset mails", "the new contact takes the place").DoesntRead("I know the caller")
	form.Fill("New e-mail", newAddress).Choose("Confirmed by a link sent by", "E-mail to r•••@a•••.example").
		Fill("Reason", "he changed his job").Submit()
	form.IsClosed()
	card = ava.ExpectDM("Change e-mail or mobile – waiting for the owner").
		Becomes("Waiting for the owner to confirm by the link sent to r•••@a•••.example", "· sent ·", "Nothing changes before").DoesntRead(newAddress)
	return card, d.mailTo("robert@acme.example", "/l/")
}

// profileConfirmed: the owner says yes on the contact on file, and both are told.
func profileConfirmed(d *helpdesk) {
	card, mail := d.changesRobertsMail()
	if strings.Contains(mail.Text, newAddress) {
		d.t.Errorf("the question names the whole new address:\n%s", mail.Text)
	}
	d.wantChanges()
	if status, _, page := d.clickLink(mail, actions.LinkGoOn); status != http.StatusOK || !strings.Contains(page, "Thank you") {
		d.t.Errorf("the page answers %d: %s", status, page)
	}
	card.Becomes("Change e-mail or mobile – done", "Done and read back", "· sent ·", "Say to the customer").DoesntRead(newAddress)
	d.wantChanges(actions.ChangeContact)
	d.mailTo(newAddress)
	d.waitPost("the notice to the old address", func(all sandbox.Arrived) bool {
		var old int
		for _, m := range all.Mails {
			if m.To == "robert@acme.example" {
				old++
			}
		}
		return old == 2
	})
	d.ava().Command("/diagnose "+newAddress).Reads("Robert Stone", "Contact changed lately")
	d.holdsTheReset()
	if status, _, _ := d.clickLink(mail, actions.LinkDeny); status != http.StatusGone {
		d.t.Errorf("the link answers %d afterwards", status)
	}
	d.wantAudit(actions.ActChangeEmail, actions.ActDone)
	d.wantAudit(actions.ActConfirmContact, actions.ActDone)
}

// holdsTheReset: for 24 hours nothing that lets somebody in goes to a new address
// before a lead said yes.
func (d *helpdesk) holdsTheReset() {
	d.t.Helper()
	form := d.ava().Command("/resetemail "+newAddress).Opens("Send reset e-mail", "Their contact changed in the last 24 hours", "A second person will be asked")
	form.Fill("Reason", "he forgot it, too").Submit()
	card := d.ava().ExpectDM("Send reset e-mail – waiting for a second person")
	lead, boss := d.asked("<@U0AGENT> asks for *Send reset e-mail*", "he forgot it, too")
	lead.Click("Approve")
	lead.Becomes("Approved by <@U0LEAD>")
	boss.Becomes("Approved by <@U0LEAD>")
	card.Becomes("Send reset e-mail – done", "Approved by <@U0LEAD>", "· sent ·")
	d.goesIn(d.mailTo(newAddress, "/l/"), "u-robert", actions.LinkReset)
}

// profileDenied: "this wasn't me" ends it, and the leads hear of it.
func profileDenied(d *helpdesk) {
	card, mail := d.changesRobertsMail()
	if status, _, page := d.clickLink(mail, actions.LinkDeny); status != http.StatusOK {
		d.t.Errorf("the page answers %d: %s", status, page)
	}
	card.Becomes("Change e-mail or mobile – not done", "this wasn't them", "nothing was changed")
	for _, lead := range []*conversation.Person{d.lead(), d.boss()} {
		lead.ExpectDM("Change e-mail or mobile – not done", "this wasn't them", "<@U0AGENT>").DoesntRead(newAddress)
	}
	d.wantChanges()
	d.wantAudit(actions.ActChangeEmail, actions.ActRefused)
	d.wantAudit(actions.ActConfirmContact, actions.ActRefused)
}

// profileFilledInWrong says so beside the field, and nothing typed is lost.
func profileFilledInWrong(d *helpdesk) {
	ava := d.ava()
	more := ava.Command("/diagnose robert@acme.example #4711").Click("More remedies").Reads("Robert Stone")
	form := more.Click("Change e-mail or mobile").Opens("Change e-mail or mobile", "Not verified", "I know the caller")
	form.Fill("Reason", "he has a new one").Submit()
	form.Refuses("Verified", "Please complete this required field.")
	form.Tick("Verified", knowsTheCaller).Submit()
	form.Refuses("New e-mail", "Please fill in the new e-mail address or the new mobile number.")
	for _, row := range []struct{ email, mobile, field, says string }{
		{newAddress, "+61 491 570 156", "New mobile", "Please change one at a time: the other one confirms it."},
		{"robert at home", "", "New e-mail", "That isn't an e-mail address. Please type it once more, such as jane@acme.example."},
		{"ROBERT@acme.example", "", "New e-mail", "That is their contact on file already, so there is nothing to change."},
		{"jane@acme.example", "", "New e-mail", "That contact belongs to somebody else on record, so it can't be put on this profile. Please check it with the caller."},
		{"", "0491 570", "New mobile", "That isn't a mobile number. Please type it with its country, such as +49 170 1234567."},
	} {
		form.Fill("New e-mail", row.email).Fill("New mobile", row.mobile).Submit()
		form.Refuses(row.field, row.says)
	}
	form.Fill("New mobile", "+61 491 570 156").Choose("Who asked for it?", "An admin of their account").Submit()
	form.IsClosed()
	card := ava.ExpectDM("Change e-mail or mobile – waiting for a second person", "An admin asked, not the owner")
	lead, boss := d.asked("<@U0AGENT> asks for *Change e-mail or mobile*", "the mobile number changes from")
	boss.Click("Approve")
	lead.Becomes("Approved by <@U0BOSS>")
	boss.Becomes("Approved by <@U0BOSS>", "waiting for the owner")
	card.Becomes("Change e-mail or mobile – waiting for the owner", "· sent ·")
	if status, _, page := d.clickLink(d.mailTo("robert@acme.example", "/l/"), actions.LinkGoOn); status != http.StatusOK {
		d.t.Errorf("the page answers %d: %s", status, page)
	}
	card.Becomes("Change e-mail or mobile – done")
	d.wantChanges(actions.ChangeContact)
}
