package blocks

import (
	"net/netip"
	"regexp"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

// Shared shows a diagnosis to a whole channel: whom it is about by first and
// last name, what was found, why and what to do, but no user name, e-mail
// address, number or network in full (RULES S1.2), and nothing to press. by is
// the Slack user ID of who shared it.
func Shared(d actions.Diagnosis, by string) Message {
	if len(d.Findings) == 0 || d.User == nil {
		return Sentence("There is nothing to share: nobody was diagnosed.")
	}
	decisive := d.Findings[0]
	decisive.Evidence = withoutNetworks(decisive.Evidence)
	all := append(banners(d), verdict(decisive)...)
	all = append(all, note(joined(standing(d, decisive), ticket(d.Ticket), "shared by "+mention(by))))
	all = append(all, warnings(d)...)
	all = append(all, why(decisive, d.At)...)
	all = append(all, whatToDo(decisive)...)
	all = append(all, alsoFound(d.Findings[1:])...)
	if fresh := fresh(d.Facts.Freshness); fresh != "" {
		all = append(all, note(fresh))
	}
	return fit(mention(by)+" shared a diagnosis. "+spoken(d, decisive), all...)
}

// words of a text that may be the address of a network
var maybeNetwork = regexp.MustCompile(`[0-9A-Fa-f:.]*[:.][0-9A-Fa-f:.]*[0-9A-Fa-f:]`)

// withoutNetworks is evidence for many eyes: where somebody was stays between
// them and the agent.
func withoutNetworks(evidence []actions.Evidence) []actions.Evidence {
	hidden := slices.Clone(evidence)
	for i := range hidden {
		hidden[i].Text = maybeNetwork.ReplaceAllStringFunc(hidden[i].Text, func(word string) string {
			if _, err := netip.ParseAddr(word); err != nil {
				return word
			}
			return "•••"
		})
	}
	return hidden
}
