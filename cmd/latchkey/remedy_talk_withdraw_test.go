package main

import (
	"net/http"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// withdrawnBeforeItsApproval: who asked takes it back on the card, and there is
// nothing to approve any more.
func withdrawnBeforeItsApproval(d *helpdesk) {
	card, lead, boss := d.asksToReenableSam()
	operation, approval := d.valueOf(card, "Withdraw"), d.valueOf(lead, "Approve")
	d.bo().ClickGone("withdraw", operation).Reads("Only <@U0AGENT>, who asked for it, or a lead can take it back").OnlyFor("U0BO")
	card.HasButtons("Withdraw").Click("Withdraw")
	card.Becomes("Re-enable – not done", "<@U0AGENT> took it back, so nothing was done").HasButtons("Diagnose again")
	lead.Becomes("<@U0AGENT> took it back").HasButtons()
	boss.Becomes("<@U0AGENT> took it back").HasButtons()
	d.lead().ClickGone("approve", approval).Reads("took it back")
	d.wantChanges()
	d.wantAudit(actions.ActReenable, actions.ActRefused)
	d.wantAudit(actions.ActWithdraw, actions.ActRefused)
}

// withdrawnBeforeItsOwnerAnswers: the link says that nobody waits for it.
func withdrawnBeforeItsOwnerAnswers(d *helpdesk) {
	card, mail := d.changesRobertsMail()
	card.Click("Withdraw")
	card.Becomes("Change e-mail or mobile – not done", "<@U0AGENT> took it back")
	for _, answer := range []actions.LinkAnswer{actions.LinkGoOn, actions.LinkDeny} {
		if status, _, page := d.clickLink(mail, answer); status == http.StatusOK || !strings.Contains(page, "Nobody waits for your answer any more") {
			d.t.Errorf("the page answers %d: %s", status, page)
		}
	}
	d.wantChanges()
	d.wantAudit(actions.ActChangeEmail, actions.ActRefused)
	d.wantAudit(actions.ActConfirmContact)
}
