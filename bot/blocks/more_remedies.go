package blocks

import (
	"github.com/latchkey-bot/latchkey/actions"
)

// MoreRemedies shows every act that would help and has no button under the
// diagnosis, for what this reader may do.
func MoreRemedies(d actions.Diagnosis, reader Reader) Message {
	offers := moreOffers(d, reader)
	if d.User == nil || len(offers) == 0 {
		return Sentence("There is nothing else that you can do for this customer.")
	}
	text := "What else can be done for *" + bare(calling(*d.User)) + "*. Each says first what exactly it does."
	all := append(blocksOf(section(text)), rows(offers...)...)
	return fit(text, all...)
}
