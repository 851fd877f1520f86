package blocks

import (
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// AdminForLeads is the card for the leads of a temporary admin that can't be deleted, or
// that nobody answers for. It follows what becomes of it, and has no buttons any more
// once that is over.
func AdminForLeads(r actions.AdminReport) Message {
	name, standing := adminName(r), adminStanding(r, "")
	where := ""
	if address := adminAddress(r); address != "" {
		where = "*Where:* " + address
	}
	all := append(blocksOf(section(name+"\n"+standing)), sections(where)...)
	all = append(all, byHand(r)...)
	all = append(all, note(adminAsked(r)))
	all = append(all, leadsButtons(r)...)
	heard := name + ". " + standing
	if byHand(r) != nil {
		heard = inLines(heard, byHandSaid(r))
	}
	return fit(heard, all...)
}

// leadsButtons are there while somebody has to do something.
func leadsButtons(r actions.AdminReport) []slack.Block {
	if r.Admin.State != actions.AdminStray && !troubled(r.Admin) {
		return nil
	}
	return adminButtons(r, "")
}
