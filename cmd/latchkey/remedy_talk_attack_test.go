package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/sandbox"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// firstAttempts are how somebody gets into a customer's account by way of support.
// Each ends at a control.
var firstAttempts = map[string]func(*helpdesk){
	"PretextForACopy": pretextForACopy, "PretextForAMobile": pretextForAMobile, "PretextForAFactor": pretextForAFactor, "GuessedCode": guessedCode,
	"HijackedAccount": hijackedAccount, "TwoColleagues": twoColleagues, "RewrittenContacts": rewrittenContacts,
}

// TestFirstAttempts lets them all be tried.
func TestFirstAttempts(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(firstAttempts)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			firstAttempts[name](openHelpdesk(t, storetest.SQLiteURL(t), nil))
		})
	}
}

// attackersMail and attackersPhone are where the attacker reads.
const (
	attackersMail  = "mallory@evil.example"
	attackersPhone = "+1 202 555 0199"
)

// pretextForACopy: "my mailbox is broken, send it to my private one." Nobody has
// that address, there is no field for it, and copies go to colleagues.
func pretextForACopy(d *helpdesk) {
	ava := d.ava()
	ava.Command("/resetemail " + attackersMail + " #4711").Reads("Nobody has this identifier")
	form := ava.Command("/resetemail robert@acme.example").Opens("Send reset e-mail", "Robert Stone", "To r•••@a•••.example")
	form.Fill("Copy to", attackersMail).Fill("Reason", "his mailbox is broken").Submit()
	form.Refuses("Copy to", "A copy goes only to colleagues, at an address that ends in @skylark.example.")
	form.Fill("Copy to", "").Submit()
	ava.ExpectDM("Send reset e-mail – done").Becomes("Password reset by e-mail · to r•••@a•••.example · sent").DoesntRead("m•••@e•••.example")
	if mails := d.post.All().Mails; len(mails) != 1 {
		d.t.Errorf("there came %+v", mails)
	}
	d.goesIn(d.mailTo("robert@acme.example", "/l/"), "u-robert", actions.LinkReset)
}

// pretextForAMobile: an admin who isn't one "asks" for Robert. An agent who was
// talked into it and a lead aren't enough: the owner is asked on the old contact,
// says no, and the leads hear of it.
func pretextForAMobile(d *helpdesk) {
	ava := d.ava()
	form := ava.Command("/profile robert@acme.example #4711").Opens("Change e-mail or mobile", "Not verified")
	form.Fill("New mobile", attackersPhone).Choose("Who asked for it?", "An admin of their account").Fill("Reason", "his telephone was stolen").Submit()
	form.Refuses("Verified", "Please complete this required field.")
	form.Tick("Verified", knowsTheCaller).Submit()
	card := ava.ExpectDM("Change e-mail or mobile – waiting for a second person", "An admin asked, not the owner")
	lead, boss := d.asked("<@U0AGENT> asks for *Change e-mail or mobile*", "*Not verified:*")
	boss.Click("Approve")
	boss.Becomes("Approved by <@U0BOSS>", "waiting for the owner")
	lead.Becomes("Approved by <@U0BOSS>")
	card = card.Becomes("Change e-mail or mobile – waiting for the owner", "to r•••@a•••.example", "· sent ·")
	asks := d.mailTo("robert@acme.example", "/l/")
	d.wantChanges()
	if status, _, page := d.clickLink(asks, actions.LinkDeny); status != http.StatusOK || !strings.Contains(page, "Thank you for telling us") {
		d.t.Errorf("the page answers %d: %s", status, page)
	}
	card.Becomes("Change e-mail or mobile – not done", "this wasn't them", "nothing was changed")
	for _, lead := range []*conversation.Person{d.lead(), d.boss()} {
		lead.ExpectDM("Change e-mail or mobile – not done", "this wasn't them", "<@U0AGENT>")
	}
	if status, _, _ := d.clickLink(asks, actions.LinkGoOn); status != http.StatusGone {
		d.t.Errorf("the link answers %d afterwards", status)
	}
	d.wantChanges()
	if all := d.post.All(); len(all.Texts) != 0 || len(all.Mails) != 1 {
		d.t.Errorf("there came %+v", all)
	}
	d.wantAudit(actions.ActChangeMobile, actions.ActRefused)
	d.wantAudit(actions.ActConfirmContact, actions.ActRefused)
}

// pretextForAFactor: "my authenticator is gone." It isn't an agent's to give, and
// a lead who vouches for the caller needs another one, who says no.
func pretextForAFactor(d *helpdesk) {
	d.ava().Command("/latchkey factor mia@acme.example he lost it #4711").Reads("That takes a lead").DoesntRead("Mia", "E-")
	d.ava().ClickGone("reset_factor", "u-mia").Reads("That takes a lead").DoesntRead("Mia", "E-")
	form := d.lead().Command("/latchkey factor mia@acme.example #4711").Opens("New second factor", "Not verified", "A second person will be asked")
	form.Tick("Verified", knowsTheCaller).Fill("Reason", "her telephone is lost").Submit()
	card := d.lead().ExpectDM("New second factor – waiting for a second person")
	ask := d.boss().ExpectDM("<@U0LEAD> asks for *New second factor*", "*Not verified:*", "you answer for it, too").Becomes("Mia Ferrante")
	ask.Click("Decline")
	ask.Becomes("Declined by <@U0BOSS>").HasButtons()
	card.Becomes("New second factor – not done", "<@U0BOSS> declined it", "Nothing was changed")
	d.wantChanges()
	if all := d.post.All(); len(all.Texts)+len(all.Mails) != 0 {
		d.t.Errorf("there came %+v", all)
	}
	d.wantAudit(actions.ActResetFactor, actions.ActRefused, actions.ActRefused) // the agent's tries are one row
}

// guessedCode: who doesn't read the owner's messages guesses. Three guesses end a
// code, and five codes an hour end the asking.
func guessedCode(d *helpdesk) {
	ava := d.ava()
	asks := func() *conversation.Modal {
		form := ava.Command("/latchkey verify robert@acme.example #4711").Opens("Verify the caller")
		form.Choose("Send a code by", "E-mail to r•••@a•••.example").Submit()
		return form
	}
	for range 5 {
		asks()
		card := ava.ExpectDM("Verify the caller").Becomes("A code went out")
		code := codeIn(d.t, d.post.All().Mails[0].Text)
		typed := card.Click("Enter code").Opens("Enter code")
		for _, said := range []string{
			noCode, "That isn't the code. 1 try is left. Please ask for the newest code.",
			"3 wrong codes: this one is void now. Be wary: whoever calls doesn't read the owner's messages. You can send another code, or have a lead vouch for the caller.",
		} {
			typed.Fill("Code", wrong(code)).Submit()
			typed.Refuses("Code", said)
		}
		typed.Close()
		card.Becomes("The caller isn't verified")
	}
	form := asks()
	form.Refuses("Send a code by", "5 codes were sent to this customer in the last hour, and more would only help somebody who guesses. "+
		"Please wait, or have a lead vouch for the caller.")
	form.Close()
	ava.Command("/profile robert@acme.example").Opens("Change e-mail or mobile", "Not verified").Close()
	if mails := len(d.post.All().Mails); mails != 5 {
		d.t.Errorf("%d codes went out", mails)
	}
}

// hijackedAccount: somebody in an agent's account looks up one customer after the
// other. At the 61st they are stopped, the leads hear of it, and they can't release
// themselves.
func hijackedAccount(d *helpdesk) {
	ava := d.ava()
	d.sendsCrowd(61)
	for i := range 60 {
		ava.Command(fmt.Sprint("/diagnose person-", i)).Reads("No. ").OnlyFor("U0AGENT")
	}
	ava.Command("/diagnose person-3").Reads("No. 3") // who was counted
	ava.Command("/diagnose person-60").Reads("You did unusually much within an hour").DoesntRead("No. ")
	told, other := d.lead().ExpectDM("<@U0AGENT> was stopped", "more than 60 different customers"), d.boss().ExpectDM("<@U0AGENT> was stopped")
	ava.Command("/diagnose person-3").Reads("You did unusually much").DoesntRead("No. ")
	ava.ClickGone("release_brake", "U0AGENT").Reads("That takes a lead")
	told.HasButtons("Release").Click("Release").Opens("Release a colleague", "<@U0AGENT>").Fill("Reason", "she has her account back").Submit()
	told.Becomes("Released by <@U0LEAD>").HasButtons()
	other.Becomes("Released by <@U0LEAD>").HasButtons()
	ava.Command("/diagnose person-60").Reads("No. 60")
	d.wantAudit(actions.ActBraked, actions.ActRefused)
	d.wantAudit(actions.ActReleaseBrake, actions.ActDone)
}

// twoColleagues: one lead said no, so the agent, and then a colleague for them, ask
// again. Whoever is asked reads of the first no, and so does who said it.
func twoColleagues(d *helpdesk) {
	card, lead, boss := d.asksToReenableSam()
	lead.DoesntRead("declined the same")
	boss.Click("Decline")
	boss.Becomes("Declined by <@U0BOSS>")
	lead.Becomes("Declined by <@U0BOSS>").HasButtons()
	card.Becomes("not done")
	form := d.bo().Command("/reenable sam@kowhai.example #4711").Opens("Re-enable", "Not verified")
	form.Tick("Verified", knowsTheCaller).Fill("Reason", "Ava knows him well").Submit()
	card = d.bo().ExpectDM("Re-enable – waiting for a second person")
	lead, boss = d.asked("<@U0BO> asks for *Re-enable*", "<@U0BOSS> declined the same at", "when <@U0AGENT> asked for it", "Please talk to them")
	lead.Click("Decline")
	lead.Becomes("Declined by <@U0LEAD>")
	boss.Becomes("Declined by <@U0LEAD>")
	card.Becomes("not done")
	d.wantChanges()
	d.wantAudit(actions.ActReenable, actions.ActRefused, actions.ActRefused)
}

// rewrittenContacts: a system that somebody got into sends their contacts for a
// customer. The old ones hear of it, the new ones prove nobody, what lets somebody
// in takes a second person, and a link from before opens nothing.
func rewrittenContacts(d *helpdesk) {
	ava := d.ava()
	ava.Command("/latchkey loginlink robert@acme.example he is in a hurry #4711").Reads("done")
	ava.ExpectDM("Send login link – done").Becomes("· sent ·")
	earlier := d.mailTo("robert@acme.example", "/l/")
	d.sendsRecords(d.rewritten("u-robert"))
	for _, to := range []string{"robert@acme.example", attackersMail} {
		if mail := d.mailTo(to, "m•••@e•••.example"); strings.Contains(mail.Text, "/l/") || strings.Contains(mail.Text, attackersMail) {
			d.t.Errorf("%s is told\n%s", to, mail.Text)
		}
	}
	d.waitPost("the texts to the old and the new number", func(all sandbox.Arrived) bool {
		return len(all.Texts) == 2 && all.Texts[0].To != all.Texts[1].To
	})
	if status, to, page := d.clickLink(earlier, actions.LinkGoOn); status != http.StatusForbidden || to.Query().Get("code") != "" {
		d.t.Errorf("the earlier link answers %d: %s", status, page)
	}
	d.holdsTheRewritten()
	if all := d.post.All(); len(all.Mails) != 3 || len(all.Texts) != 2 {
		d.t.Errorf("there came %+v", all)
	}
}

// holdsTheRewritten expects that new contacts don't count for anything yet.
func (d *helpdesk) holdsTheRewritten() {
	d.t.Helper()
	ava := d.ava()
	ava.Command("/diagnose "+attackersMail+" #4711").Reads("Robert Stone", "Contact changed lately")
	ava.Command("/latchkey verify "+attackersMail).Opens("Verify the caller", "changed in the last 72 hours").DoesntRead("Send a code by").Close()
	form := ava.Command("/resetemail "+attackersMail).Opens("Send reset e-mail", "Their contact changed in the last 24 hours", "A second person will be asked")
	form.Fill("Reason", "he forgot it").Submit()
	card := ava.ExpectDM("Send reset e-mail – waiting for a second person")
	lead, boss := d.asked("<@U0AGENT> asks for *Send reset e-mail*", "may reach somebody else")
	boss.Click("Decline")
	boss.Becomes("Declined by <@U0BOSS>")
	lead.Becomes("Declined by <@U0BOSS>")
	card.Becomes("Send reset e-mail – not done", "<@U0BOSS> declined it")
	d.wantChanges()
	d.wantAudit(actions.ActSendReset, actions.ActRefused)
}

// sendsCrowd sends customers called person-0 and so on.
func (d *helpdesk) sendsCrowd(n int) {
	d.t.Helper()
	var lines strings.Builder
	for i := range n {
		fmt.Fprintf(&lines, `{"type":"user","id":"p%d","username":"person-%d","status":"active","first_name":"No.","last_name":"%d"}`+"\n", i, i, i)
	}
	d.sendsRecords(lines.String())
}

// sendsRecords sends records as a system of the company does.
func (d *helpdesk) sendsRecords(lines string) {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.inner+"/v1/records", strings.NewReader(lines))
	if err != nil {
		d.t.Fatal(err)
	}
	var made actions.NewToken
	d.beside(func(h *house) {
		if made, err = h.actions.CreateToken(d.t.Context(), atTerminal(), "crm", actions.ScopeDirectory); err != nil {
			d.t.Fatal(err)
		}
	})
	r.Header.Set("Authorization", "Bearer "+made.Text)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	if body, err := io.ReadAll(got.Body); err != nil || got.StatusCode != http.StatusOK {
		d.t.Fatalf("the records are answered %d %s, %v", got.StatusCode, body, err)
	}
}

// beside uses the database beside the server.
func (d *helpdesk) beside(use func(*house)) {
	d.t.Helper()
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		d.t.Fatal(err)
	}
	h, err := openHouse(d.t.Context(), d.databaseURL, keys, actions.Rules{}, quiet(terminal{err: io.Discard}))
	if err != nil {
		d.t.Fatal(err)
	}
	use(h)
	if err := h.close(); err != nil {
		d.t.Error(err)
	}
}
