package blocks

import (
	"github.com/latchkey-bot/latchkey/actions"
)

// Shared shows a diagnosis to a whole channel: what was found, why and what to
// do, but nothing that a name, an address or a number could be read from, and
// nothing to press. by is the Slack user ID of who shared it.
func Shared(d actions.Diagnosis, by string) Message {
	if len(d.Findings) == 0 || d.User == nil {
		return Sentence("There is nothing to share: nobody was diagnosed.")
	}
	decisive := d.Findings[0]
	all := verdict(decisive)
	all = append(all, note(joined(standing(d, decisive), ticket(d.Ticket), "shared by "+mention(by))))
	all = append(all, warnings(d)...)
	all = append(all, why(decisive)...)
	all = append(all, whatToDo(decisive)...)
	all = append(all, alsoFound(d.Findings[1:])...)
	if fresh := fresh(d.Facts.Freshness); fresh != "" {
		all = append(all, note(fresh))
	}
	return fit(mention(by)+" shared a diagnosis. "+spoken(d, decisive), all...)
}
