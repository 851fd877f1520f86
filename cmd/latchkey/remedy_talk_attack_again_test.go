package main

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// secondAttempts are how the attacks go on with whoever was turned away at the
// first control.
var secondAttempts = map[string]func(*helpdesk){
	"AddressInTheReason": addressInTheReason, "FactorOfTheUnproven": factorOfTheUnproven, "AskedBeforeTheStop": askedBeforeTheStop,
	"LeadReleasesHerself": leadReleasesHerself, "LeadAndTheProtected": leadAndTheProtected, "AnswerToAnOldQuestion": answerToAnOldQuestion,
	"LinkOfSomebodyElse": linkOfSomebodyElse, "ScannerAsksForTheOwner": scannerAsksForTheOwner,
	"ImportedContacts": importedContacts,
}

// TestSecondAttempts lets them all be tried.
func TestSecondAttempts(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(secondAttempts)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			secondAttempts[name](openHelpdesk(t, storetest.SQLiteURL(t), nil))
		})
	}
}

// addressInTheReason: what the caller names stands in the reason, and nothing goes
// there. The screen names the address on file.
func addressInTheReason(d *helpdesk) {
	ava := d.ava()
	for command, shows := range map[string]string{
		"/latchkey loginlink": "Login link by e-mail", "/latchkey username": "User name by e-mail", "/resetemail": "Password reset by e-mail",
	} {
		ava.Command(command + " robert@acme.example send it to " + attackersMail + " #4711").Reads("You named several e-mail addresses")
		form := ava.Command(command + " robert@acme.example").Opens("Robert Stone").DoesntRead(attackersMail)
		form.Fill("Reason", "he wants it at "+attackersMail).Submit()
		ava.ExpectDM(" – done").Becomes(shows + " · to r•••@a•••.example · sent").DoesntRead("m•••@e•••.example ·")
	}
	answer := ava.Command("/diagnose jane@acme.example").Reads("locked")
	form := answer.Click("Unlock and send reset").Opens("Unlock and send reset")
	form.Fill("Reason", "her mailbox is "+attackersMail+" now").Submit()
	ava.ExpectDM("Unlock and send reset – done").Becomes("Password reset by e-mail · to j•••@a•••.example · sent")
	for _, m := range d.post.All().Mails {
		if m.To != "robert@acme.example" && m.To != "jane@acme.example" || strings.Contains(m.Text+m.HTML, attackersMail) {
			d.t.Errorf("%s gets\n%s", m.To, m.Text)
		}
	}
}

// factorOfTheUnproven: L2 can't either, and a lead has to say who proved the
// caller before anybody else is asked.
func factorOfTheUnproven(d *helpdesk) {
	d.eltwo().Command("/latchkey factor mia@acme.example he lost it #4711").Reads("That takes a lead").DoesntRead("Mia", "E-")
	d.eltwo().ClickGone("reset_factor", "u-mia").Reads("That takes a lead").DoesntRead("Mia", "E-")
	form := d.lead().Command("/latchkey factor mia@acme.example he lost it #4711").Opens("New second factor", "Not verified", "A second person will be asked")
	form.Submit()
	form.Refuses("Verified", "Please complete this required field.")
	form.Close()
	d.wantChanges()
	d.wantAudit(actions.ActResetFactor, actions.ActRefused)
}

// stops pulls somebody's brake.
func (d *helpdesk) stops(who string) {
	d.t.Helper()
	d.beside(func(h *house) {
		err := h.store.Tx(d.t.Context(), func(tx actions.Tx) error {
			return tx.PullBrake(d.t.Context(), actions.Brake{Actor: who, Why: "They asked for more than 20 changes within an hour.", At: actions.Instant(time.Now())})
		})
		if err != nil {
			d.t.Fatal(err)
		}
	})
}

// askedBeforeTheStop: what a hijacked account asked for before it was stopped isn't
// done, although a lead says yes; and the account can't ask for anything else.
func askedBeforeTheStop(d *helpdesk) {
	card, lead, boss := d.asksToReenableSam()
	d.stops("U0AGENT")
	for _, command := range []string{
		"/unlock jane@acme.example she mistyped it", "/resetemail robert@acme.example", "/profile robert@acme.example", "/diagnose robert@acme.example",
		"/latchkey verify robert@acme.example", "/latchkey history robert@acme.example",
	} {
		d.ava().Command(command).Reads("You did unusually much within an hour").DoesntRead("Jane", "Robert").OnlyFor("U0AGENT")
	}
	lead.Click("Approve")
	lead.Becomes("Approved by <@U0LEAD>", "not done").HasButtons()
	boss.Becomes("Approved by <@U0LEAD>", "not done").HasButtons()
	card.Becomes("Re-enable – not done", "was stopped after they had asked for it", "Nothing was changed")
	d.wantChanges()
	d.wantAudit(actions.ActReenable, actions.ActRefused)
}

// leadReleasesHerself: who may release others was stopped, too. Another lead may.
func leadReleasesHerself(d *helpdesk) {
	d.stops("U0LEAD")
	form := d.lead().ClickGone("release_brake", "U0LEAD").Opens("Release a colleague")
	form.Fill("Reason", "it was me").Submit()
	form.Refuses("Reason", "You did unusually much within an hour, so Latchkey stopped you, and nothing was done. "+
		"The leads were told; please ask one of them to release you.")
	form.Close()
	d.lead().Command("/unlock jane@acme.example she mistyped it").Reads("You did unusually much").DoesntRead("Jane")
	d.boss().ClickGone("release_brake", "U0LEAD").Opens("Release a colleague", "<@U0LEAD>").Fill("Reason", "I called her").Submit()
	for _, who := range []*conversation.Person{d.lead(), d.boss()} {
		who.ExpectDM("Released by <@U0BOSS>").HasButtons()
	}
	d.lead().Command("/unlock jane@acme.example she mistyped it").Reads("Unlock", "done")
	d.lead().ExpectDM("Unlock – done")
	d.wantAudit(actions.ActReleaseBrake, actions.ActRefused, actions.ActDone)
}

// leadAndTheProtected: what she may do alone for everybody else takes another lead.
// Each of her tries to be that one is on record.
func leadAndTheProtected(d *helpdesk) {
	form := d.lead().Command("/resetemail grace@acme.example #4711").Opens("Send reset e-mail", "This customer is protected")
	form.Fill("Reason", "she asked for it").Submit()
	card := d.lead().ExpectDM("Send reset e-mail – waiting for a second person", "asked <@U0BOSS>,")
	ask := d.boss().ExpectDM("<@U0LEAD> asks for *Send reset e-mail*", "This customer is protected", "Whoever asked can't approve it themselves").Becomes("Grace")
	approval := d.valueOf(ask, "Approve")
	for range 2 {
		d.lead().ClickGone("approve", approval).Reads("You asked for this yourself, so another lead or admin has to approve it. Nothing was done.").OnlyFor("U0LEAD")
	}
	ask.HasButtons("Approve", "Decline").Click("Decline")
	ask.Becomes("Declined by <@U0BOSS>").HasButtons()
	card.Becomes("Send reset e-mail – not done", "<@U0BOSS> declined it")
	d.lead().ClickGone("approve", approval).Reads("You asked for this yourself")
	if mails := d.post.All().Mails; len(mails) != 0 {
		d.t.Errorf("there came %+v", mails)
	}
	for _, row := range d.wantAudit(actions.ActApprove, actions.ActRefused, actions.ActRefused, actions.ActRefused) {
		if row.Actor != "U0LEAD" || row.Subject != "u-grace" || row.Detail != "tried to approve their own send_reset" {
			d.t.Errorf("it is recorded as %+v", row)
		}
	}
	d.wantAudit(actions.ActSendReset, actions.ActRefused)
}

// answerToAnOldQuestion: a yes to what was declined already does nothing, and the
// no stands. The question that is asked anew has a button of its own; of two who
// press it at once one decides.
func answerToAnOldQuestion(d *helpdesk) {
	first, lead, boss := d.asksToReenableSam()
	old := d.valueOf(lead, "Approve")
	boss.Click("Decline")
	boss, lead = boss.Becomes("Declined by <@U0BOSS>"), lead.Becomes("Declined by <@U0BOSS>").HasButtons()
	first = first.Becomes("Re-enable – not done", "<@U0BOSS> declined it")
	card, leadAgain, bossAgain := d.asksToReenableSam()
	if leadAgain.HasButtons("Approve", "Decline"); d.valueOf(leadAgain, "Approve") == old {
		d.t.Error("the second question is the first one")
	}
	d.lead().ClickGone("approve", old).Reads("Declined by <@U0BOSS>", "nothing is done").HasButtons()
	d.wantChanges()
	next := bossAgain.HoldClick("Approve")
	leadAgain.Click("Approve") // the answer comes later than the next click
	next()
	leadAgain.Becomes("Approved by")
	bossAgain.Becomes("Approved by")
	card.Becomes("Re-enable – done", "· sent ·")
	d.wantChanges(actions.ChangePasswordSet, actions.ChangeSessions, actions.ChangeEnabled)
	rows := d.wantAudit(actions.ActReenable, actions.ActRefused, actions.ActDone)
	if rows[0].Approver != "U0BOSS" || rows[1].Approver == "" {
		d.t.Errorf("it is recorded as %+v", rows)
	}
	for _, decided := range []*conversation.Message{lead, boss} {
		decided.Becomes("Declined by <@U0BOSS>").HasButtons()
	}
	first.Becomes("Re-enable – not done", "<@U0BOSS> declined it")
}

// linkOfSomebodyElse: whoever was forwarded a mail learns from its page neither
// whose it is, nor what it was for, nor whether it was used.
func linkOfSomebodyElse(d *helpdesk) {
	ava := d.ava()
	ava.Command("/latchkey loginlink robert@acme.example he is in a hurry #4711").Reads("done")
	ava.ExpectDM("Send login link – done").Becomes("· sent ·")
	mail := d.mailTo("robert@acme.example", "/l/")
	id, token := linkIn(d.t, mail.Text)
	before := d.visits(http.MethodGet, id, "", nil)
	d.goesIn(mail, "u-robert", actions.LinkLogin)
	after, again := d.visits(http.MethodGet, id, "", nil), d.visits(http.MethodPost, id, "token="+token+"&answer=go_on", nil)
	if after.status != before.status || after.body != before.body {
		d.t.Errorf("the page tells that the link was used:\n%s", after.body)
	}
	if again.status != http.StatusGone || again.header.Get("Location") != "" {
		d.t.Errorf("the second one is answered %d, %v", again.status, again.header)
	}
	for _, body := range []string{before.body, again.body} {
		for _, learns := range []string{"Robert", "Stone", "robert", "acme", "r•••", token, "code="} {
			if strings.Contains(strings.ReplaceAll(body, loginPage, ""), learns) {
				d.t.Errorf("the page says %q:\n%s", learns, body)
			}
		}
	}
}

// scannerAsksForTheOwner: a gateway that opens the mail which asks the owner
// answers nothing for them, neither yes nor no.
func scannerAsksForTheOwner(d *helpdesk) {
	card, asks := d.changesRobertsMail()
	id, token := linkIn(d.t, asks.Text)
	form := func(more ...string) map[string]string {
		header := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
		for i := 0; i < len(more); i += 2 {
			header[more[i]] = more[i+1]
		}
		return header
	}
	for _, answer := range []string{"go_on", "deny"} {
		whole := "token=" + token + "&answer=" + answer
		for _, try := range []struct {
			method, path, body string
			header             map[string]string
			status             int
		}{
			{http.MethodGet, id, "", nil, http.StatusOK},
			{http.MethodHead, id, "", nil, http.StatusOK},
			{http.MethodGet, id + "?" + whole, "", nil, http.StatusOK},
			{http.MethodGet, id + "%23" + token, "", nil, http.StatusOK},
			{http.MethodPost, id + "?" + whole, "", form(), http.StatusBadRequest},
			{http.MethodPost, id, "answer=" + answer, form(), http.StatusBadRequest},
			{http.MethodPost, id, "token=&answer=" + answer, form(), http.StatusNotFound},
			{http.MethodPost, id, whole + "&" + whole, form(), http.StatusBadRequest},
			{http.MethodPost, id, `{"token":"` + token + `","answer":"` + answer + `"}`, map[string]string{"Content-Type": "application/json"}, http.StatusUnsupportedMediaType},
			{http.MethodPost, id, whole, form("Origin", "https://evil.example"), http.StatusForbidden},
			{http.MethodPost, id, whole, form("Sec-Fetch-Site", "cross-site"), http.StatusForbidden},
			{http.MethodPut, id, whole, form(), http.StatusMethodNotAllowed},
			{http.MethodDelete, id, "", nil, http.StatusMethodNotAllowed},
		} {
			got := d.visits(try.method, try.path, try.body, try.header)
			if got.status != try.status || got.header.Get("Location") != "" || strings.Contains(got.body, token) {
				d.t.Errorf("%s %s with %q is answered %d, %v: %s", try.method, try.path, try.body, got.status, got.header, got.body)
			}
		}
	}
	d.wantChanges()
	card = card.Becomes("Waiting for the owner to confirm")
	if status, _, page := d.clickLink(asks, actions.LinkGoOn); status != http.StatusOK {
		d.t.Errorf("the page answers %d: %s", status, page)
	}
	card.Becomes("Change e-mail or mobile – done")
	d.wantChanges(actions.ChangeContact)
}

// visits opens the page of a link, somehow.
func (d *helpdesk) visits(method, path, body string, header map[string]string) reply {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.outer+"/l/"+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	read, err := io.ReadAll(got.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return reply{got.StatusCode, got.Header, string(read)}
}

// importedContacts: the same by the nightly file. Who runs the import is trusted to
// tell its customers; the contacts have to rest all the same.
func importedContacts(d *helpdesk) {
	lines := strings.NewReader(d.rewritten("u-robert"))
	c := importCmd{Files: []string{"-"}, JSON: true, Data: Data{DatabaseURL: d.databaseURL, SecretKey: testKey}}
	if err := c.Run(d.t.Context(), terminal{in: lines, out: io.Discard, err: io.Discard}); err != nil {
		d.t.Fatal(err)
	}
	d.holdsTheRewritten()
	if all := d.post.All(); len(all.Mails)+len(all.Texts) != 0 {
		d.t.Errorf("there came %+v", all)
	}
}

// rewritten is a customer's record with an attacker's contacts.
func (d *helpdesk) rewritten(id string) string {
	d.t.Helper()
	for line := range bytes.Lines(companyOf(&crowd{now: time.Now().UTC()})) {
		var record map[string]any
		if err := json.Unmarshal(line, &record); err != nil {
			d.t.Fatal(err)
		}
		if record["type"] != "user" || record["id"] != id {
			continue
		}
		record["email"], record["mobile"] = attackersMail, attackersPhone
		changed, err := json.Marshal(record)
		if err != nil {
			d.t.Fatal(err)
		}
		return string(changed) + "\n"
	}
	d.t.Fatalf("nobody is %s", id)
	return ""
}
