package main

import (
	"net/http"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// resetEmail: the mail is looked at, changed, copied and sent. Links stay tags
// everywhere but in the customer's own mail.
func resetEmail(d *helpdesk) {
	ava := d.ava()
	answer := ava.Command("/diagnose robert@acme.example #4711").Reads("wrong_password")
	form := answer.Click("Send reset e-mail").Opens("Send reset e-mail", "Robert Stone", "To r•••@a•••.example")
	shown := form.Click("Copy").Reads("The mail, ready to copy", "[insert link here]", "Robert")
	if strings.Contains(shown.Words(), "/l/") {
		d.t.Errorf("a link is shown:\n%s", shown.Words())
	}
	form.Fill("Reason", "he forgot it").Fill("Text", "Dear [Customer Name], go to [frobnicate]: [insert link here]").Submit()
	form.Refuses("Text", "Latchkey doesn't know the placeholder [frobnicate]. Please take it out, or write it without square brackets.")
	form.Fill("Text", "Dear [Customer Name], no link at all").Submit()
	form.Refuses("Text", "The text needs [insert link here] or [loginLink] where the customer's link goes. Please put one back.")
	form.Fill("Text", "Dear [Customer Name], here you go: [insert link here]").Fill("Copy to", "nobody").Submit()
	form.Refuses("Copy to", "The address for the copy isn't an e-mail address. Please type it once more.")
	for _, foreign := range []string{"mo@elsewhere.example", "mo@skylark.example.evil.example", "mo@sub.skylark.example"} {
		form.Fill("Copy to", foreign).Submit()
		form.Refuses("Copy to", "A copy goes only to colleagues, at an address that ends in @skylark.example.")
	}
	form.Fill("Subject", "As we said on the phone").Fill("Copy to", "mo@Skylark.example").Submit()
	form.IsClosed()
	card := ava.ExpectDM("Send reset e-mail – done").Becomes("Password reset by e-mail · to r•••@a•••.example · sent", "to m•••@S•••.example · sent")
	mail, copied := d.mailTo("robert@acme.example"), d.mailTo("mo@Skylark.example")
	for what, wrong := range map[string]bool{
		"the card": strings.Contains(card.Words(), "/l/"),
		"the mail": mail.Subject != "As we said on the phone" || !strings.Contains(mail.Text, "here you go: "+publicURL+"/l/"),
		"the copy": !strings.Contains(copied.Text, "here you go: [insert link here]") || strings.Contains(copied.Text+copied.HTML, "/l/"),
	} {
		if wrong {
			d.t.Errorf("%s is wrong:\n%s\n%s\n%s", what, card.Words(), mail.Text, copied.Text)
		}
	}
	d.goesIn(mail, "u-robert", actions.LinkReset)
	d.wantAudit(actions.ActSendReset, actions.ActDone)
}

// resetEmailOfALockedUser says that no mail would reach her, and offers both.
func resetEmailOfALockedUser(d *helpdesk) {
	ava := d.ava()
	form := ava.Command("/resetemail jane@acme.example #4711").
		Opens("Unlock and send reset", "no mail would reach a locked user", "Releases the lock for", "Mails a link")
	form.Fill("Reason", "locked, and forgot it").Submit()
	ava.ExpectDM("Unlock and send reset – done").Becomes("Password reset by e-mail", "· sent ·")
	d.goesIn(d.mailTo("jane@acme.example"), "u-jane", actions.LinkReset)
	d.ava().Command("/resetemail moana.teague").Opens("Change e-mail or mobile", "There is no e-mail address on their profile", "New e-mail").Close()
	d.wantChanges(actions.ChangeUnlocked)
}

// userNameAndLoginLink go to the address on file, and nowhere else.
func userNameAndLoginLink(d *helpdesk) {
	ava := d.ava()
	more := ava.Command("/diagnose robert@acme.example #4711").Reads("wrong_password").Click("More remedies").
		Reads("What else can be done for *Robert Stone*").OnlyFor("U0AGENT")
	more.Click("Send user name").Opens("Send user name", "Mails their user name to the address on file").Fill("Reason", "he forgot it").Submit()
	ava.ExpectDM("Send user name – done").Becomes("User name by e-mail", "· sent ·")
	if mail := d.mailTo("robert@acme.example", "robert.stone"); strings.Contains(mail.Text, "/l/") {
		d.t.Errorf("there is a link in it:\n%s", mail.Text)
	}
	more.Click("Send login link").Opens("Send login link", "logs in once").Fill("Reason", "he is in a hurry").Submit()
	ava.ExpectDM("Send login link – done").Becomes("Login link by e-mail", "· sent ·")
	d.goesIn(d.mailTo("robert@acme.example", "/l/"), "u-robert", actions.LinkLogin)
	ava.Command("/latchkey loginlink robert@acme.example he lost it").Reads("Send login link", "done")
	ava.ExpectDM("Send login link – done", "he lost it").Becomes("· sent ·")
	d.wantChanges()
	d.wantAudit(actions.ActSendLoginLink, actions.ActDone, actions.ActDone)
}

// invitation goes out once more.
func invitation(d *helpdesk) {
	ava := d.ava()
	answer := ava.Command("/diagnose ina@sundara.example #4711").Reads("invite_pending")
	answer.Click("Send invitation again").Opens("Send invitation again").Fill("Reason", "she lost it").Submit()
	ava.ExpectDM("Send invitation again – done").Becomes("Notice by e-mail", "· sent ·")
	d.mailTo("ina@sundara.example")
	d.wantChanges(actions.ChangeInvited)
	d.bo().Command("/latchkey invite robert@acme.example he asked #4712").Reads("They finished their invitation already")
}

// mailServerIsDown: the card says why the mail isn't out yet, and follows it.
func mailServerIsDown(d *helpdesk) {
	d.door.shut.Store(true)
	ava := d.ava()
	ava.Command("/latchkey username robert@acme.example he forgot it #4711").Reads("done")
	card := ava.ExpectDM("Send user name – done").
		Becomes("on its way", "The mail server doesn't answer, so the mail wasn't sent. Latchkey tries again by itself.")
	d.door.shut.Store(false)
	card.Becomes("· sent ·").DoesntRead("doesn't answer")
	d.mailTo("robert@acme.example", "robert.stone")
	if mails := d.post.All().Mails; len(mails) != 1 {
		d.t.Errorf("%d mails came", len(mails))
	}
	d.wantAudit(actions.ActSendUsername, actions.ActDone)
}

// linkThatIsOlder stays good beside a newer one until one is used, and then none
// is: nobody can cancel a customer's link by asking for another.
func linkThatIsOlder(d *helpdesk) {
	ava := d.ava()
	ava.Command("/latchkey loginlink robert@acme.example once #4711").Reads("done")
	ava.ExpectDM("Send login link – done", "once").Becomes("· sent ·")
	older := d.mailTo("robert@acme.example", "/l/")
	ava.Command("/latchkey loginlink robert@acme.example twice").Reads("done")
	ava.ExpectDM("Send login link – done", "twice").Becomes("· sent ·")
	d.goesIn(older, "u-robert", actions.LinkLogin)
	newer := d.post.All().Mails[0]
	if status, _, page := d.clickLink(newer, actions.LinkGoOn); status != http.StatusGone {
		d.t.Errorf("the newer link answers %d: %s", status, page)
	}
}
