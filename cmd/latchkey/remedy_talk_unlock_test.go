package main

import (
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// unlockFromTheDiagnosis: one click, one reason, and the card says what to tell
// her; the diagnosis knows of it.
func unlockFromTheDiagnosis(d *helpdesk) {
	ava := d.ava()
	answer := ava.Command("/diagnose jane@acme.example #4711").Reads("locked after too many wrong passwords").
		HasButtons("Unlock", "Unlock and send reset", "Verify the caller", "More remedies", "Escalate",
			"Tell me when they're in", "Show history", "Copy ticket note", "Share in channel")
	form := answer.Click("Unlock").Opens("Unlock", "Jane Doe", "Releases the lock for").DoesntRead("Verified", "second person")
	form.Submit()
	form.Refuses("Reason", "Please complete this required field.")
	form.Fill("Reason", " ").Submit()
	form.Refuses("Reason", "Please say why; it stands in the audit.")
	form.Fill("Reason", "she mistyped it").Fill("Ticket", "soon").Submit()
	form.Refuses("Ticket", "A ticket is a number such as #4711, with letters and dashes if it has them. Please name one, or none.")
	form.Fill("Ticket", "#4711").Submit()
	form.IsClosed()
	card := ava.ExpectDM("Unlock – done", "Done and read back", "Say to the customer", "Your login is open again", "she mistyped it", "#4711").
		DoesntRead("jane@acme.example").OnlyFor("U0AGENT")
	card.Click("Diagnose again").Reads("just_unlocked", "Jane Doe")
	d.wantChanges(actions.ChangeUnlocked)
	row := d.wantAudit(actions.ActUnlock, actions.ActDone)[0]
	if row.Actor != "U0AGENT" || row.Subject != "u-jane" || row.Reason != "she mistyped it" || row.Ticket != "#4711" {
		d.t.Errorf("it is recorded as %+v", row)
	}
}

// unlockInOneLine: identifier, reason and ticket typed at once; and once nothing
// is locked the answer says who unlocked her, and is on record as refused.
func unlockInOneLine(d *helpdesk) {
	ava := d.ava()
	ava.Command("/unlock").Reads("Please say who it is about").OnlyFor("U0AGENT")
	ava.Command("/unlock jane@acme.example back from leave #4711").Reads("Unlock", "Jane Doe", "done", "Done and read back").OnlyFor("U0AGENT")
	ava.ExpectDM("Unlock – done", "back from leave", "#4711")
	ava.Command("/unlock jane@acme.example back from leave #4711").Reads("Nothing is locked", "<@U0AGENT> unlocked them at")
	ava.Command("/unlock jane@acme.example to be sure").Reads("Nothing is locked", "<@U0AGENT> unlocked them at").DoesntRead("E-")
	d.bo().Command("/unlock jane@acme.example").Reads("Nothing is locked", "<@U0AGENT> unlocked them at")
	form := ava.Command("/unlock nora@harborline.example").Opens("Unlock", "Nora", "inactivity")
	form.Fill("Reason", "back from abroad").Submit()
	ava.ExpectDM("Unlock – done", "Nora", "#4711")
	ava.Command("/unlock nosuch@acme.example she asked").Reads("Nobody has this identifier")
	d.wantChanges(actions.ChangeUnlocked, actions.ChangeUnlocked)
	d.wantAudit(actions.ActUnlock, actions.ActDone, actions.ActRefused, actions.ActRefused, actions.ActRefused, actions.ActDone)
}

// unlockAndSendReset: the mail follows the unlock, and its link works once.
func unlockAndSendReset(d *helpdesk) {
	ava := d.ava()
	answer := ava.Command("/diagnose jane@acme.example #4711").Reads("locked")
	form := answer.Click("Unlock and send reset").Opens("Unlock and send reset", "Releases the lock for", "Mails a link to choose a new password")
	form.Fill("Reason", "locked, and forgot it").Submit()
	card := ava.ExpectDM("Unlock and send reset – done").Becomes("Then send reset e-mail", "Password reset by e-mail", "· sent ·", "Say to the customer")
	mail := d.mailTo("jane@acme.example", "/l/")
	if strings.Contains(card.Words(), "/l/") || strings.Contains(mail.Text, "[insert link here]") {
		d.t.Errorf("the card reads\n%s\nand the mail\n%s", card.Words(), mail.Text)
	}
	d.goesIn(mail, "u-jane", actions.LinkReset)
	ava.Command("/diagnose jane@acme.example").Reads("Password reset by e-mail", "· sent")
	d.wantChanges(actions.ChangeUnlocked)
	d.wantAudit(actions.ActUnlock, actions.ActDone)
	d.wantAudit(actions.ActSendReset, actions.ActDone)
}

// unlockThatCantHelp is refused, on record, and says who can; what helps instead
// is one click away.
func unlockThatCantHelp(d *helpdesk) {
	ava := d.ava()
	closed := ava.Command("/unlock carla@cedar.example she asked #4711").Reads("Their whole account is cancelled").HasButtons("Hand over")
	closed.Click("Hand over").Opens("Hand over", "GW3001").Close()
	ava.Command("/unlock ina@sundara.example she asked").Reads("They never finished their invitation").HasButtons("Send invitation again")
	ava.Command("/unlock sam@kowhai.example he asked").Reads("The login was shared").HasButtons("Re-enable")
	ava.Command("/unlock mel@okafor.example back from leave").Reads("Their own admin switched their access off", "support never does").DoesntRead("E-")
	ava.Command("/unlock dan@redwood.example he asked").Reads("A lead can re-enable them").DoesntRead("E-")
	ava.Command("/unlock ada@pennine.example she asked").Reads("That takes L2").DoesntRead("E-")
	form := d.eltwo().Command("/unlock ada@pennine.example she asked #4712").Opens("Unlock", "Not verified", "so a lead must approve first")
	form.Submit()
	form.Refuses("Verified", "Please complete this required field.")
	form.Close()
	d.wantChanges()
	rows := d.audited(actions.ActUnlock)
	for _, row := range rows {
		if row.Outcome != actions.ActRefused {
			d.t.Errorf("the audit has %+v", row)
		}
	}
	if len(rows) == 0 || rows[0].Subject != "u-carla" {
		d.t.Errorf("the audit has %+v", rows)
	}
}

// unlockUnderAttack is for L2, once the caller is proven.
func unlockUnderAttack(d *helpdesk) {
	answer := d.eltwo().Command("/diagnose ada@pennine.example #4711").Reads("under_attack")
	d.verifies(d.eltwo(), "ada@pennine.example", answer)
	form := answer.Click("More remedies").Click("Unlock").Opens("Unlock", "Verified", "by SMS").DoesntRead("second person", "I know the caller")
	form.Fill("Reason", "her network is blocked for others now").Submit()
	d.eltwo().ExpectDM("Unlock – done", "Ada")
	d.wantChanges(actions.ChangeUnlocked)
	d.wantAudit(actions.ActUnlock, actions.ActDone)
}

// unlockManual is for a lead.
func unlockManual(d *helpdesk) {
	d.ava().Command("/unlock max@alpenglueck.example he asked #4711").Reads("That takes a lead")
	answer := d.lead().Command("/diagnose max@alpenglueck.example").Reads("locked_manually")
	answer.Click("Unlock").Opens("Unlock", "Max Adler").Fill("Reason", "the owner takes it back").Submit()
	d.lead().ExpectDM("Unlock – done", "Max Adler")
	d.wantChanges(actions.ChangeUnlocked)
	d.wantAudit(actions.ActUnlock, actions.ActRefused, actions.ActDone)
}
